#include "outreach/sequence.hpp"

namespace overture::outreach {

std::vector<Attempt> load_sequence(db::Connection& connection, std::int64_t account, std::int64_t campaign) {
  db::RowsPtr rows = connection.query(db::Sql(
      "SELECT number, subject, body_text, body_html, delay_days, review, opt_out, version FROM attempts "
      "WHERE account_id = ? AND campaign_id = ? ORDER BY number",
      account, campaign));
  std::vector<Attempt> sequence;
  while (rows->next()) {
    sequence.push_back({rows->integer(0), std::string(rows->text(1)), std::string(rows->text(2)),
                        std::string(rows->text(3)), rows->integer(4), rows->integer(5) != 0,
                        rows->integer(6) != 0, rows->integer(7)});
  }
  return sequence;
}

}  // namespace overture::outreach
