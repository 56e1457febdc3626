// The lines with which signatures begin, and those that phones and mail programs add by themselves.
#include <re2/re2.h>

#include "base/text.hpp"
#include "mail/quotation.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kLongest = 120;

// clang-format off
/// What mails are sent from, without "my" before it.
constexpr std::string_view kSenders =
    R"((?:mail(?:box|spring)?\b|outlook|yahoo|aol|gmail|proton|samsung|galaxy|android|iphon|ipad|ipod|ios\b|windows|blackberry|airmail|spark\b|superhuman|missive|edison|bluemail|k-9|tutanota|tuta\b|fastmail|zoho|hey\b|nokia|huawei|xiaomi|honor|oppo\b|oneplus|canary|newton|polymail|boxer|acompli|sparrow|postbox|thunderbird|em client|gmx|web\.de|icloud|mobile\b|an? (?:smart|mobile |tablet|cell ?)?(?:phone|device|tablet)|the all-new|the new (?:mail|outlook|yahoo)))";

/// `%` stands for kSenders.
constexpr std::string_view kSent =
    R"((?i)^(?:sent (?:from|via|with|using|by) (?:my \S|%)|gesendet (?:von|mit|über) (?:meine[mr]? \S|(?:der |dem )?%)|von meine[mr] \S.* gesendet|diese nachricht wurde von .* gesendet|envoyé (?:de(?:puis)?|à partir d[eu']+|avec) ?(?:mon \S|ma \S|l'application |la messagerie |%)|(?:enviado|enviada) (?:desde|do|de|a partir do|con|com|mediante) (?:mi \S|el \S|meu \S|o meu \S|%)|inviato (?:da|dal|con) (?:mio \S|%)|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) (?:mijn \S|%)|skickat (?:från|via) (?:min \S|%)|(?:hämtat|från) min (?:iphone|ipad|mobil)|sendt (?:fra|via|med) (?:min \S|%)|lähetetty (?:minun )?\S*(?:puhelimesta|puhelimella)|lähetetty (?:iphonesta|ipadista|\S*laitteesta|outlook)|wysłan[eoay] z (?:mojego \S|%)|odesláno (?:z|ze) (?:m(?:ého|é) \S|%)|odoslané (?:z|zo) (?:môjho \S|%)|отправлено (?:с|из|через) |надіслано з |iphoneから|ipadから|나의 (?:iphone|ipad)|.{1,40}에서 보냄$|.{0,20}(?:iphone|ipad|telefon)\S{0,3}dan gönderildi|发自我的|發自我的|(?:从|從)我的 ?(?:iphone|ipad|手機|手机)|trimis de pe |(?:iphone|ipad)\S{0,5} küldve|στάλθηκε από |נשלח מה|أُرسلت من |được gửi từ |dikirim dari ))";

/// Outlook on phones names itself, its link behind it.
constexpr std::string_view kOutlook =
    R"((?i)^(?:(?:get|download|télécharge[rz]|obtene[rz]|obtenir|obter|transferir|baixar|scarica|ottieni|hol|holen sie (?:sich )?|laden sie|hent|få|hämta|hanki|lataa|pobierz|získat|stáhnout|скачать|получить|завантажити|descargar?|descărcați|获取|取得) ?(?:the |das )?.{0,14}(?:outlook|bluemail)\b.{0,12}(?:ios|iphone|android|mobile|mobil).{0,60}|outlook (?:für|voor|pour|para|per) (?:ios|android).{0,40}|(?:ios|android) 版 ?(?:的 )?outlook.{0,40}|outlook for (?:ios|android) ?(?:を入手|다운로드).{0,40})$)";
// clang-format on

std::string with_senders(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) c == '%' ? out.append(kSenders) : out.append(1, c);
  return out;
}

}  // namespace

bool begins_signature(std::string_view line) {
  if (line == "-- " || line == "--" || line == "—" || line == "-- \r") return true;
  line = base::trim(line);
  if (line.size() > kLongest) return false;
  while (!line.empty() && (line.front() == '<' || line.front() == '(' || line.front() == '[')) {
    line.remove_prefix(1);
  }
  static const RE2 sent(with_senders(kSent));
  static const RE2 outlook(re2::StringPiece(kOutlook.data(), kOutlook.size()));
  const auto matches = [line](const RE2& pattern) {
    return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), pattern);
  };
  return matches(sent) || matches(outlook);
}

}  // namespace overture::mail
