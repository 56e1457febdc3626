// The bodies of Create Import Campaign and Add to Import Campaign: up to 100,000 rows, never held as a tree.
#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "intake/import_mapping.hpp"

namespace overture::intake {

inline constexpr std::size_t kImportMaxRows = 100'000;
inline constexpr std::size_t kImportChunkRows = 500;
inline constexpr std::size_t kImportMaxDepth = 32;

struct ImportBody {
  boost::json::object rest;         ///< everything but import_json
  bool has_rows = false;            ///< import_json was there (and not null)
  std::vector<std::string> chunks;  ///< job_chunks payloads of at most kImportChunkRows rows, in order
  std::size_t rows = 0;
};

/// Reads the whole document. Scalars become text (numbers as JSON writes them, `true`, `false`; null is
/// absent); a row with an object or array in a column, or a NUL, is kept as a row with a problem, to be
/// counted. Throws Error(invalid_json) for anything that is not one JSON document of at most kImportMaxDepth
/// levels in strict UTF-8; Error::invalid for a document that is no object, an import_json that is no array,
/// a row that is no object
/// (`import_json[7]`), or more than kImportMaxRows rows. Needs at most the body's size once more in memory.
ImportBody parse_import_body(std::string_view body);

/// Whether any row becomes a prospect; stops at the first. When none does, `reason` has the first row's
/// problem.
bool has_usable_row(const ImportBody& body, const ImportMapping& mapping, std::string& reason);

}  // namespace overture::intake
