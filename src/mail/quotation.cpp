#include "mail/quotation.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kShortest = 8;
constexpr std::size_t kLongest = 400;

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

// clang-format off
/// Behind the words with which programs begin, a date follows soon.
constexpr std::string_view kLeadWords =
    R"(^(?:on|at|in message|am|vom|den|le|el|em|no dia|il|il giorno|in data|op|på|w dniu|dnia|dne|dňa|dana|pe|vào|în data|a|u|v|στις|la|за|на|в|בתאריך|ב|في|pada|tarihinde)\s[^\n]{0,50}?\d)";

/// "wrote", behind which the name may stand: "schrieb Ann <a@b.example>:".
constexpr std::string_view kWrote =
    R"((?:wrote|schrieb\w*|geschrieben|schreibt|a (?:é|e)crit|nous a dit|escribi(?:ó|o)|escribe|escrigué|va escriure|escreveu|ha scritto|schreef|geschreven|skrev|skrifaði|napisał|pisze|napisao|napisala|je pisal|napsal|napísal|írta|kirjoitti|kirjutas|rakstīja|rašė|yazdı|пишет|писал|написа|пише|a scris|έγραψε|のメール|のメッセージ|書きました|写道|寫道|작성|썼습니다|כתב|كتب|كتابة|نوشت|đã viết|menulis|เขียน|लिखा|쓴 글|zitat von|missatge de|quoting|citando|citant|citation de))";
// clang-format on

std::string any_case(std::string_view before, std::string_view pattern, std::string_view behind) {
  return std::string("(?i)").append(before).append(pattern).append(behind);
}

/// Bytes of other alphabets are taken for letters, and the wide colon for one of them.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool has_address(std::string_view line) {
  static const RE2 pattern(R"([^\s<>@(]@[^\s<>@]+\.[^\s<>@])");
  return matches(line, pattern);
}

/// "On 5 May you wrote:" is how people begin.
bool speaks_of_both(std::string_view line) {
  static const RE2 pattern(
      R"((?i)\b(?:you|i|we|he|she|they)\s+wrote|(?:schrieb\w*|schreef|skrev)\s+(?:ich|sie|du|ihr|wir|er|ik|u|je|jij|wij|jag|ni|jeg|vi)\b)");
  return matches(line, pattern);
}

/// The verbs, and two that only count beside an address.
std::string wrote_beside_address() { return std::string("(?:").append(kWrote).append("|writes|sent)"); }

bool begins_as_programs_do(std::string_view text) {
  static const RE2 worded(any_case("", kLeadWords, ""));
  return matches(text, worded);
}

/// Western, Arabic or Persian.
bool has_digit(std::string_view text) {
  static const RE2 digit(R"([\d\x{660}-\x{669}\x{6F0}-\x{6F9}])");
  return matches(text, digit);
}

struct Marks {
  bool verb;
  bool address;
  bool time;
  bool digit;
};

Marks marks_of(std::string_view text) {
  static const RE2 wrote(any_case("(?:^|[^a-z])", wrote_beside_address(), ""));
  static const RE2 proper(any_case("(?:^|[^a-z])", kWrote, ""));
  Marks marks{};
  marks.address = has_address(text);
  marks.verb = matches(text, marks.address ? wrote : proper);
  marks.time = has_time_of_day(text);
  marks.digit = has_digit(text);
  return marks;
}

/// "Tue, 3 Mar", "3 Mar", "søn. 3.", "2026年3月".
bool begins_with_date(std::string_view text) {
  static const RE2 dated(R"(^(?:[^\s\d]{1,24}\s){0,2}\d)");
  return matches(text, dated);
}

/// A day, besides the time and what digits addresses have.
bool has_day(std::string_view text) {
  static const RE2 other(
      R"(\S+@\S+|[\d\x{660}-\x{669}\x{6F0}-\x{6F9}]{1,2}[:h.][\d\x{660}-\x{669}\x{6F0}-\x{6F9}]{2}(?::\d\d)?)");
  std::string rest(text);
  RE2::GlobalReplace(&rest, other, " ");
  return has_digit(rest);
}

/// Where there is no verb, as in some languages: a day and a mailbox, or the mailbox, a day and a time.
bool closes_with_mailbox(std::string_view text, const Marks& marks) {
  static const RE2 mailbox(R"([<(]?[^<>()\s]+@[^<>()\s]+[>)]?\s?[:：]$)");
  static const RE2 time(R"(\d[:.]\d{2}\s?:$)");
  static const RE2 year(R"((?:19|20)\d\d)");
  if (matches(text, mailbox)) {
    return (begins_with_date(text) && matches(text, year)) || (marks.time && has_day(text));
  }
  return marks.address && matches(text, time) && has_day(text);
}

/// "<a@b.example> wrote:", or "schrieb Ann <a@b.example>:".
bool joins_address(std::string_view text) {
  static const RE2 before(any_case(R"(@[^<>()\s]+[>)]\s{0,2})", wrote_beside_address(), ""));
  static const RE2 behind(
      R"((?i)(?:schrieb\w*|schreef|skrev|zitat von|quoting|citando|citant|citation de)\s[^:]{0,80}@[^<>()\s]+[>)]?\s?:$)");
  return matches(text, before) || matches(text, behind);
}

/// Lines that end in the verb, between rules or with everything else, and a date and mailbox before a
/// quotation.
Lead without_colon(std::string_view text, std::size_t rules, const Marks& marks) {
  static const RE2 closed(any_case("", kWrote, "$"));
  static const RE2 dated_mailbox(R"(^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s.*<[^<>\s]+@[^<>\s]+>$)");
  if (matches(text, dated_mailbox)) return Lead::if_quoted;
  if (!marks.time || !matches(text, closed) || !(rules >= 4 || marks.address)) return Lead::none;
  return begins_as_programs_do(text) ? Lead::worded : Lead::named;
}

std::string_view without_rules(std::string_view line) {
  const auto is_rule = [](char c) { return c == '-' || c == ' ' || c == '\t' || c == '*'; };
  while (!line.empty() && is_rule(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_rule(line.back())) line.remove_suffix(1);
  return line;
}

}  // namespace

bool has_time_of_day(std::string_view line) {
  static const RE2 pattern(
      R"((?i)[\d\x{660}-\x{669}\x{6F0}-\x{6F9}]{1,2}[:h][\d\x{660}-\x{669}\x{6F0}-\x{6F9}]{2}|(?:kl\.?|klo|alle|ore|ob|,) \d{1,2}\.\d{2}(?:\D|$)|\s20\d\d \d{1,2}\.\d{2}$)");
  return matches(line, pattern);
}

bool has_year(std::string_view line) {
  static const RE2 pattern(
      R"((?:^|\D)(?:19|20|25)\d\d(?:\D|$)|\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,4}|[\x{660}-\x{669}\x{6F0}-\x{6F9}]{4})");
  return matches(line, pattern);
}

std::string without_direction_marks(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view three = line.substr(i, 3);
    const bool mark = three.size() == 3 && three[0] == '\xE2' &&
                      ((three[1] == '\x80' && (three[2] == '\x8E' || three[2] == '\x8F' ||
                                               (three[2] >= '\xAA' && three[2] <= '\xAE'))) ||
                       (three[1] == '\x81' && three[2] >= '\xA6' && three[2] <= '\xA9'));
    if (mark) {
      i += 2;
    } else {
      out += line[i];
    }
  }
  return out;
}

Lead attribution(std::string_view line) {
  const std::string plain = without_direction_marks(line);
  const std::string_view whole = base::trim(plain);
  const std::string_view text = without_rules(whole);
  if (text.size() < kShortest || text.size() > kLongest) return Lead::none;
  // Cheap, for every line of every mail comes by here: it ends with a colon, or like "wrote ----".
  const char last = text.back();
  if (last != ':' && last != ']' && !is_letter(last) && last != '>' && last != ')') return Lead::none;
  const Marks marks = marks_of(text);
  static const RE2 ends(R"((?:[:：]\s*(?:\[[^\]]*\])?|さん.*)$)");
  if (!matches(text, ends)) return without_colon(text, whole.size() - text.size(), marks);
  if (!marks.verb && !closes_with_mailbox(text, marks)) {
    return marks.address && marks.time ? Lead::if_quoted : Lead::none;
  }
  // "Please send it until 10 January 18:00 to ann@site.example:"
  const bool begins = begins_as_programs_do(text) || begins_with_date(text);
  if (!marks.verb && !(begins && has_year(text))) return Lead::if_quoted;
  if (marks.verb && !marks.time && !joins_address(text)) {
    return marks.address || marks.digit ? Lead::if_quoted : Lead::none;
  }
  if (!marks.address && speaks_of_both(text) && !text.starts_with("At ")) return Lead::if_quoted;
  // "On 6 January at 10:00 my boss wrote:"
  if (!marks.address && !has_year(text)) return Lead::if_quoted;
  if (begins_as_programs_do(text)) return Lead::worded;
  if (begins_with_date(text)) return Lead::dated;
  // "We met at 10:00, and she wrote:" is nobody's program; "Ann/Site wrote on 03/04/2026 10:00:00 AM:" is
  // Notes.
  static const RE2 numbered(R"(\d[./-]\d{1,2}[./-]\d.*\d:\d\d)");
  return marks.address || matches(text, numbered) ? Lead::named : Lead::if_quoted;
}

std::size_t words_before_attribution(std::string_view line) {
  static const RE2 wrote(any_case("", kWrote, ""));
  if (line.find('@') == std::string_view::npos && !matches(line, wrote)) return 0;
  static const RE2 begin(
      R"([\s.,!?-]((?:On|Am|Le|El|Em|Il|Op|Den|W dniu|Dnia|Dne) (?:[^\s\d]{1,24} ){0,2}\d))");
  re2::StringPiece rest(line.data(), line.size());
  re2::StringPiece found;
  std::size_t at = 0;
  // No more than a few, for each is a search of its own.
  constexpr int kMost = 8;
  for (int i = 0; i < kMost && RE2::FindAndConsume(&rest, begin, &found); ++i) {
    const auto here = static_cast<std::size_t>(found.data() - line.data());
    if (attribution(line.substr(here)) == Lead::worded) at = here;
  }
  return at;
}

bool is_quotation_divider(std::string_view line) {
  const std::string plain = without_direction_marks(line);
  line = base::trim(plain);
  if (line.size() < 6 || line.size() > 200) return false;
  static const RE2 ruled(
      R"((?i)^[-_=*─—]{2,}\s*(?:(?:original|reply|forwarded) (?:message|mail|e-?mail)|forwarded by|mensaje (?:original|reenviado)|message (?:d'origine|d’origine|original|transf(?:é|e)r(?:é|e)|initial|réexpédié)|mail original|(?:urspr(?:ü|u|ue)ngliche|weitergeleitete|original|antwort)[ -]?(?:nachricht|mail|e-?mail)|messaggio (?:originale|inoltrato)|mensagem (?:original|encaminhada|reencaminhada)|missatge (?:original|reenviat)|(?:oorspronkelijke?|origineel|doorgestuurd) bericht|(?:ursprungligt|vidarebefordrat) meddelande|originalmeddelande|(?:oprindelig|videresendt) (?:meddelelse|besked|mail)|(?:opprinnelig|videresendt) (?:melding|e-post)|(?:alkuperäinen|välitetty|edelleenlähetetty) viesti|(?:oryginalna )?wiadomość (?:oryginalna|przekazana)|(?:oryginalna|przekazana|przesłana dalej) wiadomość|(?:původní|přeposlaná) (?:zpráva|e-?mail)|(?:pôvodná|preposlaná) správa|(?:eredeti|továbbított) (?:üzenet|levél)|(?:özgün|iletilen|yönlendirilen) (?:ileti|mesaj)|orijinal (?:mesaj|ileti)|(?:исходное|пересылаемое|пересланное|переадресованное|оригинальное) (?:сообщение|письмо)|(?:початкове|оригінальне|переслане) повідомлення|(?:оригинално|препратено|изходно) (?:съобщение|писмо)|(?:izvorna|proslijeđena|originalna) poruka|(?:izvirno|posredovano) sporočilo|(?:algne|edastatud) (?:kiri|sõnum)|元のメッセージ|オリジナルメッセージ|転送(?:された)?メッセージ|original\s*[-_=*─—]|原始邮件|原始郵件|原始邮件信息|回复的原邮件|回覆的原郵件|转发邮件|轉寄郵件|转发的邮件|원본 (?:메시지|메일|이메일)|전달된 메[시세]지|mesaj (?:original|redirecționat)|(?:αρχικό|προωθημένο) μήνυμα|הודעה (?:מקורית|שהועברה)|(?:الرسالة|رسالة) (?:الأصلية|معاد توجيهها)|pesan (?:asli|terusan)|(?:thư|tin nhắn) (?:gốc|đã chuyển tiếp))\s*[-_=*─—]*)");
  if (matches(line, ruled)) return true;
  // GroupWise encloses its head in three marks; Outlook on the web and on phones draw a line of underscores.
  static const RE2 rule(R"(^_{20,}$|^>>> .*\d.* >>>$)");
  static const RE2 begin(
      R"((?i)^(?:(?:begin )?forwarded message|début du message (?:réexpédié|transféré)|anfang der weitergeleiteten (?:nachricht|e-mail)|inizio messaggio inoltrato|inicio del mensaje reenviado|início da mensagem (?:reencaminhada|encaminhada)|begin doorgestuurd bericht|vidarebefordrat brev|start på videresendt (?:besked|melding)|välitetty viesti alkaa|początek przekazywanej wiadomości|začátek přeposílané zprávy|начало переадресованного сообщения|転送されたメッセージ|開始轉寄郵件|开始转发的邮件)\s*[:：]$)");
  return matches(line, rule) || matches(line, begin);
}

}  // namespace overture::mail
