// Comma-separated values (RFC 4180) in and out, a row at a time.
#pragma once
#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace overture::base {

inline constexpr std::size_t kCsvMaxField = 1 << 20;  ///< bytes
inline constexpr std::size_t kCsvMaxRow = 4 << 20;    ///< bytes, all cells of a row together
inline constexpr std::size_t kCsvMaxColumns = 1000;

/// Reads rows of cells from a stream in constant memory. Rows end with CRLF, LF or CR; a quoted cell may hold
/// line ends, delimiters and doubled quotes; a quote inside an unquoted cell is an ordinary character. Rows
/// without any character are skipped. A UTF-8 byte order mark is dropped. The delimiter is the one of comma,
/// semicolon and tab that stands most often in the first row (comma when in doubt).
class CsvReader {
 public:
  /// Reads nothing yet. The stream must outlive the reader.
  explicit CsvReader(std::istream& input);

  /// The next row into `row` (its old cells are replaced); false at the end of the text.
  /// Throws Error(invalid_value), its message naming the line, for a quoted cell that never ends, text after
  /// a closing quote, a bound that is passed, a NUL byte, or text that is not UTF-8. Do not call it again
  /// after that.
  bool next(std::vector<std::string>& row);

  /// Where the row last read began, counting from 1 as an editor does.
  std::size_t line() const { return row_line_; }
  /// Known after the first next().
  char delimiter() const { return delimiter_; }

 private:
  static constexpr int kEnd = -1;
  int peek();
  int take();
  bool fill();
  void begin();
  bool at_row_end(int c) const { return c == kEnd || c == '\n' || c == '\r'; }
  void take_row_end();
  void read_cell(std::string& cell);
  void read_quoted(std::string& cell);
  void read_unquoted(std::string& cell);
  void append(std::string& cell, char c);
  [[noreturn]] void refuse(std::size_t line, std::string_view problem) const;

  std::istream& input_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t row_line_ = 0;
  std::size_t row_bytes_ = 0;
  char delimiter_ = ',';
  bool begun_ = false;
};

/// One cell, quoted where it must be. A cell that a spreadsheet could run as a formula (it starts with = + -
/// @, tab, CR or LF) gets a leading apostrophe.
void append_csv_cell(std::string& out, std::string_view cell);
/// Cells with commas between them, and CRLF.
void append_csv_row(std::string& out, const std::vector<std::string>& cells);

}  // namespace overture::base
