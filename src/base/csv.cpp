// A byte at a time over a buffer of the stream, so that a file of any size needs the memory of one row.
#include "base/csv.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::base {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The delimiter that stands most often in the first row, outside quotes.
char detect_delimiter(std::string_view text) {
  constexpr std::string_view kDelimiters = ",;\t";
  std::array<std::size_t, kDelimiters.size()> counts{};
  bool quoted = false;
  bool seen = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') {
      if (seen) break;
      continue;
    }
    seen = true;
    const auto which = kDelimiters.find(c);
    if (which != std::string_view::npos) ++counts[which];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return kDelimiters[static_cast<std::size_t>(most - counts.begin())];
}

}  // namespace

CsvReader::CsvReader(std::istream& input) : input_(input) {}

bool CsvReader::next(std::vector<std::string>& row) {
  if (!begun_) begin();
  while (peek() != kEnd && at_row_end(peek())) take_row_end();
  if (peek() == kEnd) return false;
  row_line_ = line_;
  row_bytes_ = 0;
  std::size_t columns = 0;
  for (;;) {
    if (columns == kCsvMaxColumns) refuse(row_line_, "has too many columns");
    if (columns == row.size()) row.emplace_back();
    std::string& cell = row[columns++];
    cell.clear();
    read_cell(cell);
    if (has_nul(cell) || !is_valid_utf8(cell)) refuse(row_line_, "is not UTF-8 text");
    if (at_row_end(peek())) break;
    take();
  }
  row.resize(columns);
  take_row_end();
  return true;
}

void CsvReader::begin() {
  begun_ = true;
  if (!fill()) return;
  if (buffer_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  delimiter_ = detect_delimiter(std::string_view(buffer_).substr(at_));
}

bool CsvReader::fill() {
  at_ = 0;
  buffer_.resize(kChunk);
  input_.read(buffer_.data(), static_cast<std::streamsize>(kChunk));
  buffer_.resize(static_cast<std::size_t>(input_.gcount()));
  return !buffer_.empty();
}

int CsvReader::peek() {
  if (at_ == buffer_.size() && !fill()) return kEnd;
  return static_cast<unsigned char>(buffer_[at_]);
}

int CsvReader::take() {
  const int c = peek();
  if (c != kEnd) ++at_;
  return c;
}

void CsvReader::take_row_end() {
  const int c = take();
  if (c == '\r' && peek() == '\n') take();
  if (c != kEnd) ++line_;
}

void CsvReader::read_cell(std::string& cell) {
  if (peek() == '"') {
    read_quoted(cell);
  } else {
    read_unquoted(cell);
  }
}

void CsvReader::read_unquoted(std::string& cell) {
  for (int c = peek(); c != static_cast<unsigned char>(delimiter_) && !at_row_end(c); c = peek()) {
    append(cell, static_cast<char>(take()));
  }
}

void CsvReader::read_quoted(std::string& cell) {
  const std::size_t opened = line_;
  take();
  for (;;) {
    const int c = take();
    if (c == kEnd) refuse(opened, "has a quote that does not end");
    if (c == '"') {
      if (peek() != '"') break;
      take();
    }
    if (c == '\n' || (c == '\r' && peek() != '\n')) ++line_;
    append(cell, static_cast<char>(c));
  }
  while (peek() == ' ') take();
  if (peek() != static_cast<unsigned char>(delimiter_) && !at_row_end(peek())) {
    refuse(line_, "has text after a closing quote");
  }
}

void CsvReader::append(std::string& cell, char c) {
  if (cell.size() == kCsvMaxField) refuse(row_line_, "has a cell that is too large");
  if (++row_bytes_ > kCsvMaxRow) refuse(row_line_, "is too large");
  cell += c;
}

void CsvReader::refuse(std::size_t line, std::string_view problem) const {
  throw Error(ErrorCode::invalid_value, "Line " + std::to_string(line) + " " + std::string(problem));
}

void append_csv_cell(std::string& out, std::string_view cell) {
  const bool formula =
      !cell.empty() && std::string_view("=+-@\t\r\n").find(cell.front()) != std::string_view::npos;
  // All delimiters that a reader may guess are quoted, not only the comma; edge spaces, because some readers
  // trim.
  const bool quoted = cell.find_first_of(",;\t\"\r\n") != std::string_view::npos || cell.starts_with(' ') ||
                      cell.ends_with(' ') || cell.starts_with(kByteOrderMark);
  if (quoted) out += '"';
  if (formula) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quoted) out += '"';
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells) {
  // A lone empty cell would be an empty line, which readers skip.
  if (cells.size() == 1 && cells.front().empty()) out += "\"\"";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    if (cells.size() > 1 || !cells[i].empty()) append_csv_cell(out, cells[i]);
  }
  out += "\r\n";
}

}  // namespace overture::base
