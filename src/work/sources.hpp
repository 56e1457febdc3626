// The sources that an account has configured (table providers), ready to be asked.
#pragma once
#include <filesystem>
#include <memory>

#include "db/connection.hpp"
#include "net/http_client.hpp"
#include "providers/provider.hpp"

namespace overture::work {

/// Made once by the composition root.
class Sources {
 public:
  /// `data` is the directory that holds `providers/<account>/…`; `client` must outlive it.
  Sources(std::filesystem::path data, net::HttpClient& client) : data_(std::move(data)), client_(client) {}

  // Null when the account has none of the kind.
  std::unique_ptr<providers::SearchProvider> find_search(db::Connection& connection,
                                                         std::int64_t account) const;
  std::unique_ptr<providers::BacklinkProvider> find_backlinks(db::Connection& connection,
                                                              std::int64_t account) const;
  std::unique_ptr<providers::MetricsProvider> find_metrics(db::Connection& connection,
                                                           std::int64_t account) const;

  net::HttpClient& client() const { return client_; }

 private:
  std::filesystem::path data_;
  net::HttpClient& client_;
};

}  // namespace overture::work
