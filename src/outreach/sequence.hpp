// The sequence of a campaign: its first mail and the follow-ups.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "db/connection.hpp"

namespace overture::outreach {

struct Attempt {
  std::int64_t number = 1;
  std::string subject;  ///< of a follow-up: empty to answer in the thread of the mail before
  std::string body_text;
  std::string body_html;        ///< empty: text only; with an empty text, the text is made of it
  std::int64_t delay_days = 0;  ///< after the mail before
  bool review = false;          ///< a person looks at it first
  bool opt_out = true;          ///< the footer that says how to opt out
  std::int64_t version = 1;     ///< of the whole sequence
};

/// In order, numbered from 1 without gaps; empty when the campaign has none.
std::vector<Attempt> load_sequence(db::Connection& connection, std::int64_t account, std::int64_t campaign);

}  // namespace overture::outreach
