// Adapter `searxng`: a SearXNG server of your own, asked for JSON (its settings must allow the format).
#pragma once
#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "providers/provider.hpp"

namespace overture::providers {

struct SearxngSettings {
  std::string url;             ///< of the server: `https://search.example.com`
  bool allow_private = false;  ///< it may stand in the own network
};

/// `client` must outlive it.
std::unique_ptr<SearchProvider> make_searxng(SearxngSettings settings, net::HttpClient& client);

}  // namespace overture::providers
