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

/// What else they are called, in languages whose programs put other words before it.
constexpr std::string_view kDevices =
    R"((?:phone\b|tablet\b|телефон|смартфон|планшет|устройств|мобильн|почт|айфон|пристро|мобільн|пошт|telefon|dispozitiv|mobil|κινητ|συσκευ|טלפון|נייד|מכשיר|هاتف|جهاز|جوال|điện thoại|thiết bị|ponsel|perangkat|hp saya))";

/// `%` stands for kSenders, `&` for one of both lists.
constexpr std::string_view kSent =
    R"((?i)^(?:sent (?:from my \S|(?:from|via|with|using|by) (?:my .{0,20})?&)|gesendet (?:von|mit|über) (?:meine[mr]? \S|(?:der |dem )?%)|von meine[mr] \S+ (?:\S+ ){0,3}(?:aus )?gesendet|diese nachricht wurde von (?:meine[mr] \S|eine[mr] \S|%).* gesendet|envoyé (?:de(?:puis)?|à partir d[eu']+|avec) ?(?:mon \S|ma \S|l'application |la messagerie |%)|(?:enviado|enviada) (?:desde|do|de|a partir do|con|com|mediante) (?:mi \S|el \S|meu \S|o meu \S|%)|inviato (?:da|dal|con) (?:mio \S|%)|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) (?:mijn \S|%)|skickat (?:från|via) (?:min \S|%)|(?:hämtat|från) min (?:iphone|ipad|mobil)|sendt (?:fra|via|med) (?:min \S|%)|lähetetty (?:minun )?\S*(?:puhelimesta|puhelimella)|lähetetty (?:iphonesta|ipadista|\S*laitteesta|outlook)|wysłan[eoay] z (?:mojego \S|%)|odesláno (?:z|ze) (?:m(?:ého|é) \S|%)|odoslané (?:z|zo) (?:môjho \S|%)|отправлено (?:с|из|через) .{0,20}&|надіслано (?:з|із|через) .{0,20}&|iphoneから|ipadから|나의 (?:iphone|ipad)|.{1,40}에서 보냄$|.{0,20}(?:iphone|ipad|telefon)\S{0,3}dan gönderildi|发自我的|發自我的|(?:从|從)我的 ?(?:iphone|ipad|手機|手机)|trimis de pe .{0,20}&|(?:iphone|ipad)\S{0,5} küldve|στάλθηκε από .{0,20}&|נשלח מה.{0,20}&|أُرسلت من .{0,20}&|được gửi từ .{0,20}&|dikirim dari .{0,20}&))";

/// Outlook on phones names itself, its link behind it.
constexpr std::string_view kOutlook =
    R"((?i)^(?:(?:get|download|télécharge[rz]|obtene[rz]|obtenir|obter|transferir|baixar|scarica|ottieni|hol|holen sie (?:sich )?|laden sie|hent|få|hämta|hanki|lataa|pobierz|získat|stáhnout|скачать|получить|завантажити|descargar?|descărcați|获取|取得) ?(?:the |das )?.{0,14}(?:outlook|bluemail)\b.{0,12}(?:ios|iphone|android|mobile|mobil).{0,60}|outlook (?:für|voor|pour|para|per) (?:ios|android).{0,40}|(?:ios|android) 版 ?(?:的 )?outlook.{0,40}|outlook for (?:ios|android) ?(?:を入手|다운로드).{0,40})$)";
// clang-format on

std::string with_senders(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c == '%') {
      out.append(kSenders);
    } else if (c == '&') {
      out.append("(?:").append(kSenders).append("|").append(kDevices).append(")");
    } else {
      out += c;
    }
  }
  return out;
}

/// The line is the name of a thing and no sentence that goes on: few words, and a comma or full stop only at
/// its end, or before "… smartphone" as carriers write it ("my Verizon, Samsung Galaxy smartphone") and
/// before "please excuse typos".
bool is_short(std::string_view line) {
  constexpr int kMostWords = 12;
  static const RE2 aside(R"(<[^<>]*>?|\[[^\[\]]*\]?|\([^()\s]*(?:\)|$)|\([^()]*://[^()]*\)?|https?://\S+)");
  static const RE2 named(R"((?i)(?:smart|tele|cell ?)?(?:phone|device|tablet|handset|gerät|handy)\W*$)");
  static const RE2 excused(
      R"((?i)^[^:?]{1,60}[,.;!-]\s?(?:please |pls )?(?:excuse|forgive|pardon|ignore|sorry for|apologies for)\b[^:?\d]{0,30}\b(?:typos?|brevity|errors?|mistakes?|spelling)\b[^:?\d]{0,20}$)");
  static const RE2 goes_on(R"([,.;!?:：。，]\s|[:：。，(])");
  std::string bare(line);
  RE2::GlobalReplace(&bare, aside, " ");
  const std::string_view rest = base::trim(bare);
  int words = 1;
  for (const char c : rest) words += c == ' ' ? 1 : 0;
  if (words > kMostWords) return false;
  const std::string_view before = rest.substr(0, rest.empty() ? 0 : rest.size() - 1);
  const re2::StringPiece whole(rest.data(), rest.size());
  return !RE2::PartialMatch(re2::StringPiece(before.data(), before.size()), goes_on) ||
         RE2::PartialMatch(whole, named) || RE2::PartialMatch(whole, excused);
}

}  // namespace

bool begins_signature(std::string_view line) {
  return line == "-- " || line == "--" || line == "—" || line == "-- \r";
}

bool is_sent_line(std::string_view line, bool stands_alone) {
  line = base::trim(line);
  if (line.size() > kLongest) return false;
  while (!line.empty() && (line.front() == '<' || line.front() == '(' || line.front() == '[')) {
    line.remove_prefix(1);
  }
  static const RE2 sent(with_senders(kSent));
  static const RE2 device(with_senders("(?i)[^a-z]&"));
  static const RE2 outlook(re2::StringPiece(kOutlook.data(), kOutlook.size()));
  const auto matches = [line](const RE2& pattern) {
    return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), pattern);
  };
  return (matches(sent) && is_short(line) && (stands_alone || matches(device))) || matches(outlook);
}

}  // namespace overture::mail
