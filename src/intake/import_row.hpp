// Rows of an import in the form they wait in (job_chunks.payload), and back.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace overture::intake {

/// A cell that holds a value; absent ones are left out.
struct Cell {
  std::size_t column;      ///< index into the names of the columns
  std::string_view value;  ///< UTF-8, may be empty, no NUL
};

/// One row, pointing into the text it was read from.
struct ImportRow {
  std::int64_t number = 0;   ///< from 1
  std::string_view problem;  ///< why the row cannot be taken; empty when it can
  std::vector<Cell> cells;   ///< empty with a problem
};

/// Writes rows into one text: `<number> <cells> ` and for each cell `<column> <bytes> <value>`; `+` in place
/// of a column number introduces a new name, `!` a problem. Rows of the same shape share their columns.
class ChunkWriter {
 public:
  void begin_row(std::int64_t number);
  void cell(std::string_view column, std::string_view value);
  /// The row cannot be taken: its cells are dropped.
  void problem(std::string_view text);
  void end_row();

  std::size_t rows() const { return rows_; }
  /// The text of all rows since the last take(); begins anew.
  std::string take();

 private:
  std::size_t column_index(std::string_view name);

  std::string text_;
  std::string row_;
  std::string problem_;
  std::vector<std::string> columns_;
  std::int64_t number_ = 0;
  std::size_t cells_ = 0;
  std::size_t likely_ = 0;
  std::size_t new_columns_from_ = 0;
  std::size_t rows_ = 0;
};

/// Reads what ChunkWriter wrote. The text must outlive reader and rows. Throws Error(internal) for a broken
/// text.
class ChunkReader {
 public:
  explicit ChunkReader(std::string_view text) : rest_(text) {}
  /// False at the end. `columns()` may have grown.
  bool next(ImportRow& row);
  const std::vector<std::string_view>& columns() const { return columns_; }

 private:
  std::size_t number();
  std::string_view bytes(std::size_t count);

  std::string_view rest_;
  std::vector<std::string_view> columns_;
};

}  // namespace overture::intake
