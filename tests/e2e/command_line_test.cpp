// Runs command_line_test.py, a class of it a test: the cases are about processes, which Python starts in
// fewer words.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace overture {
namespace {

class CommandLine : public ::testing::TestWithParam<const char*> {};

TEST_P(CommandLine, behaves_as_promised) {
#ifdef OVERTURE_BUILT_PROGRAM
  setenv("OVERTURE_PROGRAM", OVERTURE_BUILT_PROGRAM, 0);
#endif
  const std::string command =
      std::string("python3 -W ignore '") + OVERTURE_TESTS_DIR + "/e2e/command_line_test.py' " + GetParam();
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

INSTANTIATE_TEST_SUITE_P(Python, CommandLine,
                         ::testing::Values("Help", "People", "Settings", "Serving", "Keeping", "Postgres"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace overture
