#include "mail/invitation.hpp"

#include <re2/re2.h>

#include <string>

#include "base/text.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

// clang-format off
constexpr std::string_view kLabels =
    R"(^\W{0,3}(?:when|where|who|time|date|location|organi[sz]er|calendar|meeting id|passcode|wann|wo|wer|zeit|uhrzeit|datum|ort|veranstalter|besprechungs-id|quand|où|lieu|heure|cuándo|dónde|fecha|lugar|hora|quando|dove|luogo|data|ora|onde|local|wanneer|waar|locatie|kiedy|gdzie|kdy|kde|когда|где|время|место|när|var|plats|hvornår|hvor|milloin|missä|時間|場所|日時|时间|地点|일시|장소)\s?(?::|：|$))";

constexpr std::string_view kInvited =
    R"(been invited|invited you|are invited|invites you|eingeladen|lädt sie|vous a invité|été invité|êtes invité|(?:ha|has) sido invitado|te ha invitado|stato invitato|ti ha invitato|foi convidado|convidou|uitgenodigd|zaprosz|zaprasza|pozván|inbjud|inviteret|invitert|приглашены|приглашает|招待されました|邀请了?您|邀請了?您|초대(?:하|되))";
// clang-format on

bool is_of_calendar(const std::string& line, std::string_view subject) {
  static const RE2 labels(re2::StringPiece(kLabels.data(), kLabels.size()));
  static const RE2 invited(re2::StringPiece(kInvited.data(), kInvited.size()));
  return subject.find(line) != std::string_view::npos || line.find("://") != std::string::npos ||
         RE2::PartialMatch(line, labels) || (line.size() < 120 && RE2::PartialMatch(line, invited));
}

}  // namespace

bool has_words_beside_invitation(std::string_view subject, std::string_view new_text) {
  const std::string title = normal_text(subject);
  for (const std::string_view one : base::split(new_text, '\n')) {
    const std::string normal = normal_text(one);
    const std::string line(base::trim(normal));
    if (line.empty()) continue;
    // Teams, Zoom, Outlook and Google draw these.
    if (line.size() >= 8 && line.find_first_not_of("_-=*~.: ") == std::string::npos) return false;
    if (!is_of_calendar(line, title)) return true;
  }
  return false;
}

}  // namespace overture::mail
