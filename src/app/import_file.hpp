// The file of `overture import`: its fingerprint, its size in rows, and its rows as prospects.
#pragma once
#include <atomic>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"
#include "intake/import_mapping.hpp"
#include "work/import_step.hpp"

namespace overture::app {

/// SHA-256 of the bytes, in hexadecimal digits. Throws base::Error when the file cannot be read.
std::string hash_file(const std::string& path);

/// Reads the rows below the header.
class ImportFile {
 public:
  /// Reads the header. Throws base::Error(invalid_value) naming the line when it is missing, names a column
  /// twice, or has no column for a web or email address.
  ImportFile(const std::string& path, const intake::ImportMapping& mapping);

  /// Up to `most` rows into `step`; false at the end of the file. A row with more cells than the header has
  /// columns becomes a problem. Throws base::Error naming the line where the text is no CSV any more.
  bool next(work::ImportStep& step, std::size_t most);
  /// Passes over rows; false when the file ends before.
  bool skip(std::int64_t rows);

 private:
  void read_header(const std::string& path);

  std::ifstream stream_;
  base::CsvReader reader_;
  intake::RowMapper mapper_;
  std::vector<std::string> header_;
  std::vector<std::string_view> columns_;
  std::vector<std::string> cells_;
  intake::ImportRow row_;
};

}  // namespace overture::app
