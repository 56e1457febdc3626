// Rows to prospects, and the values of Add Opportunity, which follow the same rules.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "intake/import_mapping.hpp"
#include "rules/email_address.hpp"
#include "rules/metrics_filter.hpp"

namespace overture::intake {
namespace {

constexpr std::size_t kMaxName = 500;
constexpr std::size_t kMaxValue = 64 * 1024;
constexpr std::size_t kMaxContacts = 50;

/// Lower case, with `_` for spaces and `-`.
std::string plain_name(std::string_view column) {
  std::string name = base::lower_ascii(base::trim(column));
  for (char& c : name) {
    if (c == ' ' || c == '-') c = '_';
  }
  return name;
}

/// As much of a value as a message can show.
std::string shown(std::string_view value) {
  constexpr std::size_t kShown = 60;
  std::string text;
  while (!value.empty() && text.size() < kShown) {
    const auto code_point = base::take_code_point(value);
    if (!code_point) break;
    base::append_utf8(text, *code_point < 0x20 ? U' ' : *code_point);
  }
  return "\"" + text + (value.empty() ? "\"" : "…\"");
}

/// What a row says, before it is checked.
struct Texts {
  std::string_view site;
  std::string_view email;
  std::string_view first_name;
  std::string_view last_name;
  std::string_view name;
  std::string_view contact_form_url;
};

/// The problem, or empty.
std::string add_contacts(Prospect& prospect, std::string_view cell) {
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find_first_of(",;"), cell.size());
    const std::string_view text = base::trim(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
    if (text.empty()) continue;
    auto email = rules::parse_email_address(text);
    if (!email) return shown(text) + " is not an email address";
    const bool again = std::any_of(prospect.contacts.begin(), prospect.contacts.end(),
                                   [&](const ProspectContact& contact) { return contact.email == *email; });
    if (again) continue;
    if (prospect.contacts.size() == kMaxContacts) return "more than 50 email addresses";
    prospect.contacts.push_back({std::move(*email), {}, {}});
  }
  return {};
}

/// Fills the parts of the prospect that stand outside of its fields. The problem, or empty.
std::string fill_parts(Prospect& prospect, const Texts& texts) {
  if (!texts.site.empty()) {
    prospect.site = rules::parse_site(texts.site);
    if (!prospect.site) return shown(texts.site) + " is not a web address";
  }
  std::string problem = add_contacts(prospect, texts.email);
  if (!problem.empty()) return problem;
  if (!prospect.site && prospect.contacts.empty())
    return "there is neither a web address nor an email address";
  if (!prospect.contacts.empty()) {
    ProspectContact& first = prospect.contacts.front();
    if (first.first_name.empty()) first.first_name = texts.first_name;
    if (first.last_name.empty()) first.last_name = texts.last_name;
  }
  if (texts.name.size() > kMaxName) return "the name is longer than 500 bytes";
  prospect.name = texts.name;
  if (!texts.contact_form_url.empty()) {
    const auto form = rules::parse_site(texts.contact_form_url);
    if (!form) return shown(texts.contact_form_url) + " is not a web address";
    prospect.contact_form_url = form->url;
  }
  return {};
}

void set_value(std::vector<FieldValue>& values, std::int64_t field, std::string_view value) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const FieldValue& each) { return each.field == field; });
  if (found == values.end()) values.push_back({field, std::string(value)});
}

const KnownField* find_token(const std::vector<KnownField>& fields, std::string_view token) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const KnownField& field) { return field.token == token; });
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace

RowMapper::Part RowMapper::part_of(std::string_view token) {
  if (token == "website") return Part::site;
  if (token == "email_address") return Part::email;
  if (token == "first_name") return Part::first_name;
  if (token == "last_name") return Part::last_name;
  if (token == "opportunity_name") return Part::name;
  if (token == "contact_form_url") return Part::contact_form_url;
  return Part::none;
}

/// Ranks: 0 a mapped column, 1 the short name (`url`, `email`, `name`), 2 the token.
void RowMapper::learn(std::string_view column) {
  Column learned{std::string(column), {}};
  const std::string_view exact = base::trim(column);
  const std::string plain = plain_name(column);
  for (const ImportMapping::Pair& pair : mapping_.pairs_) {
    if (pair.column != exact) continue;
    Use use;
    if (pair.is_custom) {
      use.custom = pair.field;
    } else {
      use.personalization = pair.field;
      use.part = part_of(pair.token);
    }
    learned.uses.push_back(use);
  }
  if (learned.uses.empty()) {
    Use use{part_of(plain), 2};
    if (plain == "url") use = {Part::site, 1};
    if (plain == "email") use = {Part::email, 1};
    if (plain == "name") use = {Part::name, 1};
    if (use.part == Part::none) {
      const std::string_view token = plain;
      const KnownField* field = find_token(mapping_.fields_.personalization, token);
      if (field == nullptr) field = find_token(mapping_.fields_.personalization, exact);
      if (field != nullptr) use.personalization = field->id;
      const std::string_view bare = token.starts_with("cf.") ? token.substr(3) : token;
      if (field == nullptr) field = find_token(mapping_.fields_.custom, bare);
      if (field == nullptr) field = find_token(mapping_.fields_.custom, exact);
      if (field != nullptr && use.personalization == 0) use.custom = field->id;
      const std::size_t dot = field == nullptr ? token.find('.') : std::string_view::npos;
      if (dot != std::string_view::npos && rules::is_metrics_provider(token.substr(0, dot))) {
        use.metrics_provider = token.substr(0, dot);
        use.metric = token.substr(dot + 1);
      }
    }
    const bool used =
        use.part != Part::none || use.personalization != 0 || use.custom != 0 || !use.metric.empty();
    if (used) learned.uses.push_back(std::move(use));
  }
  columns_.push_back(std::move(learned));
}

/// Columns only ever grow within a source, so mostly there is nothing new.
void RowMapper::learn(std::span<const std::string_view> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i < columns_.size() && columns_[i].name == columns[i]) continue;
    columns_.resize(std::min(i, columns_.size()));
    for (std::size_t next = i; next < columns.size(); ++next) learn(columns[next]);
    return;
  }
}

bool RowMapper::has_address(std::span<const std::string_view> columns) {
  learn(columns);
  return std::any_of(columns_.begin(), columns_.end(), [](const Column& column) {
    return std::any_of(column.uses.begin(), column.uses.end(),
                       [](const Use& use) { return use.part == Part::site || use.part == Part::email; });
  });
}

std::variant<Prospect, std::string> RowMapper::make(std::span<const std::string_view> columns,
                                                    const ImportRow& row) {
  if (!row.problem.empty()) return std::string(row.problem);
  learn(columns);
  Prospect prospect;
  prospect.row = row.number;
  constexpr std::size_t kParts = static_cast<std::size_t>(Part::contact_form_url) + 1;
  std::array<std::string_view, kParts> parts;
  std::array<int, kParts> ranks;
  ranks.fill(3);
  for (const Cell& cell : row.cells) {
    const Column& column = columns_.at(cell.column);
    if (column.uses.empty()) continue;
    const std::string_view value = base::trim(cell.value);
    if (value.empty()) continue;
    if (value.size() > kMaxValue) return "column " + shown(column.name) + " holds more than 64 KiB";
    for (const Use& use : column.uses) {
      const auto part = static_cast<std::size_t>(use.part);
      if (use.part != Part::none && use.rank < ranks[part]) {
        parts[part] = value;
        ranks[part] = use.rank;
      }
      if (use.personalization != 0) set_value(prospect.personalization, use.personalization, value);
      if (use.custom != 0) set_value(prospect.custom_values, use.custom, value);
      if (use.metric.empty()) continue;
      if (const auto number = rules::parse_metric(value)) {
        prospect.metrics.push_back({use.metrics_provider, use.metric, *number});
      }
    }
  }
  auto part = [&parts](Part which) { return parts[static_cast<std::size_t>(which)]; };
  std::string problem =
      fill_parts(prospect, {part(Part::site), part(Part::email), part(Part::first_name),
                            part(Part::last_name), part(Part::name), part(Part::contact_form_url)});
  if (!problem.empty()) return problem;
  return prospect;
}

Prospect make_prospect(const KnownFields& fields, std::string_view url,
                       std::span<const ProspectContact> contacts,
                       std::span<const std::pair<std::string, std::string>> personalization) {
  using base::Error;
  Prospect prospect;
  Texts texts;
  texts.site = base::trim(url);
  for (const ProspectContact& contact : contacts) {
    const std::size_t before = prospect.contacts.size();
    const auto email = rules::parse_email_address(contact.email);
    if (!email) throw Error::invalid("contacts", shown(contact.email) + " is not an email address");
    if (before == kMaxContacts) throw Error::invalid("contacts", "more than 50 contacts");
    add_contacts(prospect, *email);
    if (prospect.contacts.size() == before) continue;
    prospect.contacts.back().first_name = base::trim(contact.first_name);
    prospect.contacts.back().last_name = base::trim(contact.last_name);
  }
  const bool has_contacts = !prospect.contacts.empty();
  for (const auto& [token, given] : personalization) {
    const std::string_view value = base::trim(given);
    const KnownField* field = find_token(fields.personalization, token);
    if (field == nullptr) throw Error::invalid("personalization", "there is no field " + shown(token));
    if (value.size() > kMaxValue) throw Error::invalid("personalization", token + " holds more than 64 KiB");
    if (value.empty()) continue;
    set_value(prospect.personalization, field->id, value);
    if (token == "email_address" && !has_contacts) texts.email = value;
    if (token == "website" && texts.site.empty() && !has_contacts) texts.site = value;
    if (token == "first_name") texts.first_name = value;
    if (token == "last_name") texts.last_name = value;
    if (token == "opportunity_name") texts.name = value;
    if (token == "contact_form_url") texts.contact_form_url = value;
  }
  if (texts.site.empty() && texts.email.empty() && !has_contacts) {
    throw Error(base::ErrorCode::missing_parameters);
  }
  const std::string problem = fill_parts(prospect, texts);
  if (!problem.empty()) throw Error::invalid(base::trim(url).empty() ? "personalization" : "url", problem);
  return prospect;
}

}  // namespace overture::intake
