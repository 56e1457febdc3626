// The address book: one row per address and account.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "intake/prospect.hpp"

namespace overture::intake {

struct PlacedContact {
  std::int64_t id = 0;
  bool created = false;
};

/// The ids of these contacts, in the same order; addresses that are new become contacts (and are counted;
/// unsubscribed where the do-not-email list has them), names of known ones are filled in where they are
/// empty. An address may occur more than once. Inside a write; takes no lock (see lock_contacts) and does not
/// bump account_changes.
std::vector<PlacedContact> place_contacts(db::Connection& connection, std::int64_t account,
                                          std::span<const ProspectContact> contacts, base::Millis now);

/// The contact of one address, for callers that add a single one: lock, then place_contacts().
PlacedContact place_contact(db::Connection& connection, std::int64_t account, const ProspectContact& contact,
                            base::Millis now);

/// Excludes everybody else who might add the same addresses, until the transaction ends: shared on the
/// account's intake (a batch holds it exclusively), then each address in order. Nothing to do on SQLite.
void lock_contacts(db::Connection& connection, std::int64_t account,
                   std::span<const ProspectContact> contacts);

}  // namespace overture::intake
