#include "providers/page_query.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "rules/site.hpp"

namespace overture::providers {
namespace {

/// The next word or "phrase" of `rest`.
std::string take_text(std::string_view& rest) {
  const bool quoted = rest.starts_with('"');
  if (quoted) rest.remove_prefix(1);
  const std::size_t end = std::min(quoted ? rest.find('"') : rest.find(' '), rest.size());
  std::string text = base::lower(rest.substr(0, end));
  rest.remove_prefix(std::min(end + (quoted ? 1 : 0), rest.size()));
  return text;
}

bool take_prefix(std::string_view& rest, std::string_view prefix) {
  if (!base::equal_ignoring_case(rest.substr(0, prefix.size()), prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

bool is_of_site(std::string_view url, std::string_view site) {
  const auto parsed = rules::parse_site(url);
  if (!parsed) return false;
  const std::string_view host = parsed->host;
  return host == site || (host.ends_with(site) && host[host.size() - site.size() - 1] == '.');
}

}  // namespace

PageQuery::PageQuery(std::string_view text) {
  for (std::string_view rest = base::trim(text); !rest.empty(); rest = base::trim(rest)) {
    Term term;
    term.excluded = rest.size() > 1 && rest.front() == '-';
    if (term.excluded) rest.remove_prefix(1);
    if (take_prefix(rest, "intitle:")) {
      term.place = Place::title;
    } else if (take_prefix(rest, "inurl:")) {
      term.place = Place::url;
    } else if (take_prefix(rest, "site:")) {
      term.place = Place::site;
    }
    term.text = take_text(rest);
    if (!term.text.empty() && term.text != "or") terms_.push_back(std::move(term));
  }
}

bool PageQuery::matches(std::string_view url, std::string_view title, std::string_view text) const {
  const std::string in_url = base::lower(url);
  const std::string in_title = base::lower(title);
  const std::string everything = in_url + "\n" + in_title + "\n" + base::lower(text);
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    bool found = false;
    switch (term.place) {
      case Place::anywhere:
        found = everything.find(term.text) != std::string::npos;
        break;
      case Place::title:
        found = in_title.find(term.text) != std::string::npos;
        break;
      case Place::url:
        found = in_url.find(term.text) != std::string::npos;
        break;
      case Place::site:
        found = is_of_site(url, term.text);
        break;
    }
    return found != term.excluded;
  });
}

}  // namespace overture::providers
