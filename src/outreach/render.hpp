// One attempt of a sequence as it goes to one contact: tokens filled in, footer and signature in place.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "outreach/sequence.hpp"

namespace overture::outreach {

/// Whose mail it is. Ids of 0 leave their tokens without values.
struct RenderTarget {
  std::int64_t account = 0;
  std::int64_t opportunity = 0;
  std::int64_t contact = 0;
  std::int64_t email_account = 0;
  std::string unsubscribe_url;  ///< empty: no link, and the footer asks for an answer by mail
};

struct RenderedMail {
  std::string subject;
  std::string text;
  std::string html;                  ///< empty: text only
  std::string can_spam_text;         ///< the opt-out footer that stands in both; empty for none
  bool opt_out_by_mail = false;      ///< it asks for an answer, since there is no link
  std::vector<std::string> missing;  ///< tokens without value and fallback: such a mail is never sent
};

/// Whether its value comes from the mailbox that sends.
bool is_sender_token(std::string_view token);

/// `thread_subject`: of the first mail, for a follow-up without a subject of its own.
RenderedMail render_attempt(db::Connection& connection, const RenderTarget& target, const Attempt& attempt,
                            std::string_view thread_subject);

/// All of a sequence, each mail answering the one before it where it has no subject of its own.
std::vector<RenderedMail> render_sequence(db::Connection& connection, const RenderTarget& target,
                                          std::span<const Attempt> sequence);

}  // namespace overture::outreach
