// Statements and values as PostgreSQL reads them.
#include "db/postgres_text.hpp"

#include <gtest/gtest.h>

namespace overture::db {
namespace {

TEST(PostgresText, PlacesAreNumberedOutsideOfQuotes) {
  EXPECT_EQ(number_places(""), "");
  EXPECT_EQ(number_places("a = ? AND b = ?"), "a = $1 AND b = $2");
  EXPECT_EQ(number_places("?,?,?,?,?,?,?,?,?,?"), "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10");
  EXPECT_EQ(number_places("'?' || ? || 'it''s ?' || \"?\""), "'?' || $1 || 'it''s ?' || \"?\"");
  EXPECT_EQ(number_places("a ?? ? -- ?\n?"), "a ? $1 -- ?\n$2");
  EXPECT_EQ(number_places("a - ? -1"), "a - $1 -1");
  EXPECT_EQ(number_places("'open ?"), "'open ?");
}

TEST(PostgresText, CopyFieldsAreEscaped) {
  const auto field = [](Value value) {
    std::string out = "<";
    append_copy_field(out, value);
    return out + ">";
  };
  EXPECT_EQ(field(Null{}), "<\\N>");
  EXPECT_EQ(field("\\N"), "<\\\\N>");
  EXPECT_EQ(field(""), "<>");
  EXPECT_EQ(field("a\tb\nc\rd\\e"), "<a\\tb\\nc\\rd\\\\e>");
  EXPECT_EQ(field("\t"), "<\\t>");
  EXPECT_EQ(field(std::int64_t{-5}), "<-5>");
  EXPECT_EQ(field(0.1), "<0.1>");
}

TEST(PostgresText, NumbersFitTheirBuffer) {
  NumberBuffer buffer;
  EXPECT_EQ(write_number(std::numeric_limits<std::int64_t>::min(), buffer), "-9223372036854775808");
  EXPECT_EQ(write_number(-1.7976931348623157e308, buffer), "-1.7976931348623157e+308");
  EXPECT_EQ(write_number(-2.2250738585072014e-308, buffer), "-2.2250738585072014e-308");
}

TEST(PostgresText, LockNumbersNeverChange) {
  // Programs of different versions lock the same things: this is FNV-1a of 64 bits.
  EXPECT_EQ(lock_number(""), static_cast<std::int64_t>(0xcbf29ce484222325));
  EXPECT_EQ(lock_number("a"), static_cast<std::int64_t>(0xaf63dc4c8601ec8c));
}

}  // namespace
}  // namespace overture::db
