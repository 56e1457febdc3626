// Lengths before bytes: nothing has to be escaped, and reading makes no copies.
#include "intake/import_row.hpp"

#include <charconv>

#include "base/error.hpp"

namespace overture::intake {
namespace {

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
  out += ' ';
}

void append_bytes(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size());
  out += bytes;
}

}  // namespace

void ChunkWriter::begin_row(std::int64_t number) {
  number_ = number;
  row_.clear();
  problem_.clear();
  cells_ = 0;
  likely_ = 0;
  new_columns_from_ = columns_.size();
}

void ChunkWriter::cell(std::string_view column, std::string_view value) {
  if (!problem_.empty()) return;
  if (column.find('\0') != std::string_view::npos || value.find('\0') != std::string_view::npos) {
    problem("a NUL character in column " + std::string(column.substr(0, column.find('\0'))));
    return;
  }
  const std::size_t known = columns_.size();
  const std::size_t index = column_index(column);
  if (index == known) {
    row_ += '+';
    append_bytes(row_, column);
  } else {
    append_number(row_, index);
  }
  append_bytes(row_, value);
  ++cells_;
}

void ChunkWriter::problem(std::string_view text) {
  if (!problem_.empty()) return;
  problem_ = text;
  // Columns that only this row introduced go with its cells.
  columns_.resize(new_columns_from_);
}

void ChunkWriter::end_row() {
  append_number(text_, static_cast<std::size_t>(number_));
  if (problem_.empty()) {
    append_number(text_, cells_);
    text_ += row_;
  } else {
    text_ += '!';
    append_bytes(text_, problem_);
  }
  ++rows_;
}

std::string ChunkWriter::take() {
  std::string text = std::move(text_);
  text.shrink_to_fit();
  text_.clear();
  columns_.clear();
  rows_ = 0;
  return text;
}

std::size_t ChunkWriter::column_index(std::string_view name) {
  // Rows of one source mostly have the same columns in the same order.
  for (std::size_t tried = 0; tried < columns_.size(); ++tried) {
    const std::size_t index = (likely_ + tried) % columns_.size();
    if (columns_[index] == name) {
      likely_ = index + 1;
      return index;
    }
  }
  columns_.emplace_back(name);
  likely_ = columns_.size();
  return columns_.size() - 1;
}

bool ChunkReader::next(ImportRow& row) {
  if (rest_.empty()) return false;
  row.cells.clear();
  row.problem = {};
  row.number = static_cast<std::int64_t>(number());
  if (rest_.starts_with('!')) {
    rest_.remove_prefix(1);
    row.problem = bytes(number());
    return true;
  }
  for (std::size_t cells = number(); cells > 0; --cells) {
    std::size_t column = columns_.size();
    if (rest_.starts_with('+')) {
      rest_.remove_prefix(1);
      columns_.push_back(bytes(number()));
    } else {
      column = number();
    }
    if (column >= columns_.size()) throw base::Error(base::ErrorCode::internal, {}, "a broken import chunk");
    row.cells.push_back({column, bytes(number())});
  }
  return true;
}

std::size_t ChunkReader::number() {
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
  const auto digits = static_cast<std::size_t>(end - rest_.data());
  if (failed != std::errc() || digits == rest_.size() || *end != ' ') {
    throw base::Error(base::ErrorCode::internal, {}, "a broken import chunk");
  }
  rest_.remove_prefix(digits + 1);
  return number;
}

std::string_view ChunkReader::bytes(std::size_t count) {
  if (count > rest_.size()) throw base::Error(base::ErrorCode::internal, {}, "a broken import chunk");
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

}  // namespace overture::intake
