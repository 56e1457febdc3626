// What an import job knows besides its rows: jobs.payload of kind `import` and `import_file`.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace overture::intake {

/// Rows wait in job_chunks; any server works them off.
inline constexpr std::string_view kImportKind = "import";
/// Rows are in a file that only the command line reads; servers leave such jobs alone.
inline constexpr std::string_view kImportFileKind = "import_file";

struct ImportSettings {
  boost::json::object personalization_mapping;
  boost::json::object custom_fields_mapping;
  bool merge_duplicate_personalization = false;
  std::int64_t metrics_filter_template = 0;  ///< 0 = none
  std::string file;                          ///< of kImportFileKind: the name it was started with
  std::string file_hash;                     ///< of kImportFileKind: SHA-256 in hexadecimal digits
};

/// JSON for jobs.payload, and back. parse throws Error(internal) for a text that write did not make.
std::string write_import_settings(const ImportSettings& settings);
ImportSettings parse_import_settings(std::string_view payload);

}  // namespace overture::intake
