// Adapter `file`: prospects and metrics from tables that lie beside the database, for work without a paid
// source.
#pragma once
#include <filesystem>
#include <memory>

#include "providers/provider.hpp"

namespace overture::providers {

/// Columns url, title, snippet, keywords, country and date; all but url may be missing. A query is asked of
/// each row as of a page (see PageQuery); rows of another country are left out.
std::unique_ptr<SearchProvider> make_file_search(std::filesystem::path file);

/// Columns url_from, url_to, anchor, title, rel and http_code_target. A row without a known http_code_target
/// is not taken for a broken link; 404, 410 and every 5xx are.
std::unique_ptr<BacklinkProvider> make_file_backlinks(std::filesystem::path file);

/// A row for each domain: column domain (or url), and numbers in columns named `provider.metric`; or columns
/// domain, provider, metric and value.
std::unique_ptr<MetricsProvider> make_file_metrics(std::filesystem::path file);

}  // namespace overture::providers
