// CSV: rows of any text are bounded text; written and read again they are the same but for disarmed formulas.
#include <sstream>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "promise.hpp"

using namespace overture;
using fuzz::promise;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(const std::string& text) {
  std::istringstream input(text);
  base::CsvReader reader(input);
  Rows rows;
  std::vector<std::string> row;
  std::size_t line = 0;
  while (reader.next(row)) {
    promise(reader.line() > line, "lines grow");
    line = reader.line();
    promise(!row.empty() && row.size() <= base::kCsvMaxColumns, "columns are bounded");
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Rows rows;
  try {
    rows = read(std::string(fuzz::text_of(data, size)));
  } catch (const base::Error& error) {
    promise(error.code() == base::ErrorCode::invalid_value && error.message().starts_with("Line "),
            "names the line");
    return 0;
  }
  std::string written;
  for (auto& row : rows) {
    base::append_csv_row(written, row);
    for (auto& cell : row) {
      promise(base::is_valid_utf8(cell) && !base::has_nul(cell), "cells are text");
      if (!cell.empty() && std::string_view("=+-@\t\r\n").find(cell.front()) != std::string_view::npos)
        cell.insert(0, 1, '\'');
    }
  }
  promise(read(written) == rows, "the same rows again");
  return 0;
}
