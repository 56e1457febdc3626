#include "webhook_house.hpp"

#include "base/log.hpp"
#include "events/signature.hpp"

namespace overture::db {

void WebhookHouse::SetUp() {
  House::SetUp();
  if (HasFatalFailure()) return;
  // Failures are what is tested.
  base::configure_log(base::LogLevel::off, base::LogFormat::text);
  account = add_account();
  project = add_project(account);
  admin = add_user("admin");
}

std::int64_t WebhookHouse::add_user(std::string_view role) {
  return database().write([&](Connection& connection) {
    const std::int64_t id = connection.reserve_ids("users", 1);
    connection.execute(Sql(
        "INSERT INTO users (id, account_id, email, first_name, last_name, password_hash, role, created_at) "
        "VALUES (?, ?, ?, 'A', 'B', '', ?, 0)",
        id, account, "u" + std::to_string(id) + "@acme.example", role));
    return id;
  });
}

std::int64_t WebhookHouse::add_webhook(const Webhook& webhook) {
  return database().write([&](Connection& connection) {
    const std::int64_t id = connection.integer(
        Sql("INSERT INTO webhooks (account_id, project_id, url, event_types, created_by, created_at, "
            "updated_at) VALUES (?, ?, ?, ?, ?, 0, 0) RETURNING id",
            account, webhook.project, webhook.url, webhook.event_types,
            webhook.maker == 0 ? admin : webhook.maker));
    connection.execute(Sql("UPDATE webhooks SET sealed_secret = ? WHERE id = ?",
                           sealer.seal(kSecret, events::secret_place(account, id)), id));
    return id;
  });
}

void WebhookHouse::note(const events::Event& event) {
  database().write([&](Connection& connection) { events::note(connection, account, event, clock.now()); });
}

void WebhookHouse::note_some(int count) {
  for (int i = 0; i < count; ++i) {
    note({.kind = events::Kind::job_finished, .data = {{"job", i}, {"campaign", nullptr}}});
  }
}

work::Courier::Parts WebhookHouse::parts() {
  return {.database = database(), .clock = clock, .sealer = sealer, .client = receiver, .chance = [this] {
            return chance;
          }};
}

void WebhookHouse::tell() {
  const outreach::Install install{.key = base::HmacKey(std::string(32, 'k')), .public_url = {}};
  work::Herald herald(database(), clock, install);
  while (herald.tell_next()) {
  }
}

void WebhookHouse::deliver() {
  work::Courier courier(parts());
  deliver(courier);
}

void WebhookHouse::deliver(work::Courier& courier) {
  while (courier.deliver_next()) {
  }
}

std::string WebhookHouse::state_of_all() {
  std::string states;
  database().read([&](Connection& connection) {
    const auto rows = connection.query(Sql("SELECT state, attempts FROM webhook_deliveries ORDER BY id"));
    while (rows->next()) {
      states += std::string(rows->text(0)) + " " + std::to_string(rows->integer(1)) + "; ";
    }
  });
  return states;
}

std::int64_t WebhookHouse::seconds_to_next_look(std::int64_t webhook) {
  const std::int64_t at = integer(Sql("SELECT next_look_at FROM webhooks WHERE id = ?", webhook));
  return at == 0 ? -1 : (at - clock.now()) / base::kSecond;
}

}  // namespace overture::db
