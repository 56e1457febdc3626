#include "outreach/mailbox_settings.hpp"

namespace overture::outreach {

std::optional<MailboxSettings> find_mailbox_settings(db::Connection& connection, std::int64_t account,
                                                     std::int64_t email_account) {
  db::RowsPtr rows = connection.query(db::Sql(
      "SELECT address, smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security, login, "
      "authentication, sealed_secret, oauth_url, oauth_client, signature_text, signature_html, "
      "spacing_seconds, ramp_start, ramp_step, ramp_every_days, unsubscribe_rule, add_new_contacts "
      "FROM mailboxes WHERE account_id = ? AND email_account_id = ?",
      account, email_account));
  if (!rows->next()) return std::nullopt;
  const auto text = [&rows](int column) { return std::string(rows->text(column)); };
  return MailboxSettings{.address = text(0),
                         .smtp = {text(1), rows->integer(2), text(3)},
                         .imap = {text(4), rows->integer(5), text(6)},
                         .login = text(7),
                         .authentication = text(8),
                         .sealed_secret = text(9),
                         .oauth_url = text(10),
                         .oauth_client = text(11),
                         .signature_text = text(12),
                         .signature_html = text(13),
                         .spacing_seconds = rows->integer(14),
                         .ramp_start = rows->integer(15),
                         .ramp_step = rows->integer(16),
                         .ramp_every_days = rows->integer(17),
                         .unsubscribe_rule = text(18),
                         .add_new_contacts = rows->integer(19) != 0};
}

void store_mailbox_settings(db::Connection& connection, std::int64_t account, std::int64_t email_account,
                            const MailboxSettings& settings) {
  const MailboxSettings& m = settings;
  connection.execute(
      db::Sql("DELETE FROM mailboxes WHERE account_id = ? AND email_account_id = ?", account, email_account));
  connection.execute(db::Sql(
      "INSERT INTO mailboxes (account_id, email_account_id, address, smtp_host, smtp_port, smtp_security, "
      "imap_host, imap_port, imap_security, login, authentication, sealed_secret, oauth_url, oauth_client, "
      "signature_text, signature_html, spacing_seconds, ramp_start, ramp_step, ramp_every_days, "
      "unsubscribe_rule, add_new_contacts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, "
      "?, ?)",
      account, email_account, m.address, m.smtp.host, m.smtp.port, m.smtp.security, m.imap.host, m.imap.port,
      m.imap.security, m.login, m.authentication, m.sealed_secret, m.oauth_url, m.oauth_client,
      m.signature_text, m.signature_html, m.spacing_seconds, m.ramp_start, m.ramp_step, m.ramp_every_days,
      m.unsubscribe_rule, m.add_new_contacts ? 1 : 0));
}

}  // namespace overture::outreach
