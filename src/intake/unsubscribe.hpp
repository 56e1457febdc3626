// The do-not-email list: addresses and domains that nobody writes to. Everything runs inside the write of its
// cause.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"

namespace overture::intake {

struct UnsubscribeEntry {
  std::string text;  ///< an address or a domain in the spelling of contacts
  bool is_domain = false;
};
/// `Ann@Example.com` or `example.com`; a domain stands for the addresses at exactly this domain, not for
/// those at domains below it. nullopt for anything else.
std::optional<UnsubscribeEntry> parse_unsubscribe_entry(std::string_view text);

struct UnsubscribeCause {
  std::int64_t user = 0;           ///< who wrote it down; 0: the person asked for it (link, reply)
  std::int64_t communication = 0;  ///< the inbound mail that asked for it; 0 for none
  std::string_view reason = {};
  base::Millis now = 0;
};

/// Puts the entry on the account's list and marks its contacts; one that is there stays as it is, but a
/// person's own wish takes an entry out of the hands of users. Returns when it was put there first. Takes the
/// locks of intake, so it comes before anything else in a write that takes locks.
base::Millis unsubscribe(db::Connection& connection, std::int64_t account, const UnsubscribeEntry& entry,
                         const UnsubscribeCause& cause);

/// Whether nobody of the project may write to the address: it or its domain is on the list, for all projects
/// or this one. With `since` only what was put there after that moment counts.
bool is_suppressed(db::Connection& connection, std::int64_t account, std::int64_t project,
                   const std::string& address, std::optional<base::Millis> since = {});

/// Takes an entry off the list; the marks of its contacts go, unless another entry covers them. Whether it
/// may go is the caller's decision (people's own wishes may not). Nothing happens when there is none.
void remove_unsubscribe(db::Connection& connection, std::int64_t account, std::int64_t entry);

struct RemovedUnsubscribe {
  std::string entry;
  base::Millis since = 0;  ///< when it was put there
};
/// Takes off the list what came there by this inbound mail alone (it was no such wish), also by the hand of a
/// user. Takes the locks of intake.
std::vector<RemovedUnsubscribe> take_back_unsubscribes(db::Connection& connection, std::int64_t account,
                                                       std::int64_t communication);

/// Marks contacts that have just been created, where the list has their address or domain. One look-up,
/// however many they are. place_contacts() calls it; their ids follow each other from `first_id` on.
void unsubscribe_new_contacts(db::Connection& connection, std::int64_t account, std::int64_t first_id,
                              const std::vector<std::string>& addresses);

}  // namespace overture::intake
