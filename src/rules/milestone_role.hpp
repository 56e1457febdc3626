// What an account's own milestones mean to the server: it moves opportunities between those that have a role,
// whatever they are called. Each role has one milestone of an account at most.
#pragma once
#include <array>
#include <string_view>

namespace overture::rules::milestone_role {

inline constexpr std::string_view kNone = "";  ///< of all others, and of no milestone at all
inline constexpr std::string_view kNew = "new";
inline constexpr std::string_view kContacted = "contacted";        ///< the first mail or form was sent
inline constexpr std::string_view kResponded = "responded";        ///< a person has replied
inline constexpr std::string_view kNoResponse = "no_response";     ///< nobody has answered the sequence
inline constexpr std::string_view kBadContact = "bad_contact";     ///< every address has bounced
inline constexpr std::string_view kUnsubscribed = "unsubscribed";  ///< they have opted out

inline constexpr std::array kAll = {kNew, kContacted, kResponded, kNoResponse, kBadContact, kUnsubscribed};

}  // namespace overture::rules::milestone_role
