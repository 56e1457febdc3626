#include "api/template_check.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace overture::api {
namespace {

using base::Error;

/// What outreach/render fills in by itself, beside the fields of the database.
constexpr std::string_view kOwnTokens[] = {"website",
                                           "domain",
                                           "url",
                                           "opportunity_name",
                                           "contact_form_url",
                                           "site_name",
                                           "page_title",
                                           "email",
                                           "email_address",
                                           "first_name",
                                           "last_name",
                                           "company",
                                           "job_title",
                                           "location",
                                           "work_phone",
                                           "mobile_phone",
                                           "sender_name",
                                           "sender_first_name",
                                           "sender_email",
                                           "signature",
                                           "unsubscribe_link"};

std::string place(std::string_view text, std::size_t at) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size()));
  return "line " + std::to_string(1 + std::count(text.begin(), end, '\n'));
}

}  // namespace

std::unordered_set<std::string> load_known_tokens(db::Connection& connection, std::int64_t account,
                                                  std::int64_t project, std::int64_t campaign) {
  std::unordered_set<std::string> known;
  for (const std::string_view token : kOwnTokens) known.emplace(token);
  {
    db::RowsPtr rows = connection.query(
        db::Sql("SELECT token FROM personalization_fields WHERE account_id = ? AND (project_id = 0 OR "
                "(project_id = ? AND campaign_id IN (0, ?)))",
                account, project, campaign));
    while (rows->next()) known.emplace(rows->text(0));
  }
  db::RowsPtr rows =
      connection.query(db::Sql("SELECT token FROM custom_fields WHERE account_id = ?", account));
  while (rows->next()) {
    std::string token(rows->text(0));
    known.insert("cf." + token);
    known.insert(std::move(token));
  }
  return known;
}

void check_text(const std::string& key, std::string_view text, rules::TextKind kind,
                const std::unordered_set<std::string>& known) {
  const std::vector<rules::TextProblem> problems = rules::check_template(text, kind);
  if (!problems.empty()) {
    const rules::TextProblem& first = problems.front();
    throw Error::invalid(key,
                         "line " + std::to_string(first.line) + ": " + first.excerpt + ": " + first.problem);
  }
  for (const rules::TemplateToken& token : rules::find_tokens(text, kind)) {
    if (known.contains(token.name)) continue;
    throw Error::invalid(key, place(text, token.at) + ": {" + token.name + "} is no field here");
  }
}

}  // namespace overture::api
