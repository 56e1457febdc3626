#include "events/payload.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/time.hpp"
#include "events/event.hpp"
#include "events/webhook.hpp"

namespace overture::events {
namespace {

namespace json = boost::json;
using db::Sql;

constexpr std::string_view kMailboxKey = "email_account";
constexpr std::string_view kCampaignKey = "campaign";

std::int64_t integer_at(const json::object& data, std::string_view key) {
  const json::value* value = data.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

/// {"id", "name"}, or null for none.
json::value named(db::Connection& connection, db::Literal select, std::int64_t account, std::int64_t id) {
  if (id == 0) return nullptr;
  const db::RowsPtr rows = connection.query(Sql(select, account, id));
  json::object object{{"id", id}};
  object["name"] = rows->next() ? json::value(rows->text(0)) : json::value(nullptr);
  return object;
}

json::value opportunity_of(db::Connection& connection, const Noted& event, std::int64_t& campaign) {
  if (event.opportunity == 0) return nullptr;
  const db::RowsPtr rows =
      connection.query(Sql("SELECT o.url, o.name, o.campaign_id FROM opportunities o WHERE "
                           "o.account_id = ? AND o.id = ?",
                           event.account, event.opportunity));
  if (!rows->next()) return json::object{{"id", event.opportunity}, {"url", nullptr}, {"name", nullptr}};
  campaign = rows->integer(2);
  return json::object{{"id", event.opportunity}, {"url", rows->text(0)}, {"name", rows->text(1)}};
}

std::string written(std::string_view type, base::Millis at, json::object data) {
  json::object payload{{"type", type}, {"timestamp", base::rfc3339(at)}};
  payload["data"] = std::move(data);
  return json::serialize(payload);
}

}  // namespace

std::int64_t mailbox_of(const Noted& event) {
  if (event.kind != kind_name(Kind::mailbox_changed)) return 0;
  return integer_at(json::parse(event.data).as_object(), kMailboxKey);
}

std::string write_payload(db::Connection& connection, const Noted& event) {
  json::object data = json::parse(event.data).as_object();
  std::int64_t campaign = integer_at(data, kCampaignKey);
  json::value opportunity = opportunity_of(connection, event, campaign);
  if (const std::int64_t mailbox = integer_at(data, kMailboxKey); mailbox != 0) {
    data[kMailboxKey] = named(connection, "SELECT name FROM email_accounts WHERE account_id = ? AND id = ?",
                              event.account, mailbox);
  }
  data["project"] = named(connection, "SELECT name FROM projects WHERE account_id = ? AND id = ?",
                          event.account, event.project);
  data[kCampaignKey] = named(connection, "SELECT name FROM campaigns WHERE account_id = ? AND id = ?",
                             event.account, campaign);
  data["opportunity"] = std::move(opportunity);
  return written(event.kind, event.at, std::move(data));
}

std::string write_test_payload(std::int64_t webhook, base::Millis now) {
  return written(kTestType, now, {{"webhook", webhook}});
}

}  // namespace overture::events
