#include "mail/quotation.hpp"

#include <re2/re2.h>

#include "base/text.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

struct HeadRow {
  std::string_view word;
  HeadLine kind;
};

constexpr HeadRow kHeads[] = {
    // from
    {"from", HeadLine::from},
    {"von", HeadLine::from},
    {"de", HeadLine::from},
    {"da", HeadLine::from},
    {"van", HeadLine::from},
    {"fra", HeadLine::from},
    {"från", HeadLine::from},
    {"lähettäjä", HeadLine::from},
    {"od", HeadLine::from},
    {"feladó", HeadLine::from},
    {"kimden", HeadLine::from},
    {"gönderen", HeadLine::from},
    {"от", HeadLine::from},
    {"від", HeadLine::from},
    {"expéditeur", HeadLine::from},
    {"remitente", HeadLine::from},
    {"mittente", HeadLine::from},
    {"差出人", HeadLine::from},
    {"发件人", HeadLine::from},
    {"寄件者", HeadLine::from},
    {"보낸 사람", HeadLine::from},
    {"보낸사람", HeadLine::from},
    {"από", HeadLine::from},
    {"de la", HeadLine::from},
    {"מאת", HeadLine::from},
    {"من", HeadLine::from},
    {"afzender", HeadLine::from},
    {"absender", HeadLine::from},
    {"expeditor", HeadLine::from},
    {"送信者", HeadLine::from},
    // sent
    {"sent", HeadLine::sent},
    {"date", HeadLine::sent},
    {"gesendet", HeadLine::sent},
    {"datum", HeadLine::sent},
    {"envoyé", HeadLine::sent},
    {"enviado", HeadLine::sent},
    {"enviado el", HeadLine::sent},
    {"enviada em", HeadLine::sent},
    {"enviado em", HeadLine::sent},
    {"data", HeadLine::sent},
    {"inviato", HeadLine::sent},
    {"verzonden", HeadLine::sent},
    {"sendt", HeadLine::sent},
    {"skickat", HeadLine::sent},
    {"lähetetty", HeadLine::sent},
    {"wysłano", HeadLine::sent},
    {"odesláno", HeadLine::sent},
    {"odoslané", HeadLine::sent},
    {"elküldve", HeadLine::sent},
    {"gönderildi", HeadLine::sent},
    {"gönderme tarihi", HeadLine::sent},
    {"отправлено", HeadLine::sent},
    {"дата", HeadLine::sent},
    {"надіслано", HeadLine::sent},
    {"fecha", HeadLine::sent},
    {"送信日時", HeadLine::sent},
    {"日時", HeadLine::sent},
    {"发送时间", HeadLine::sent},
    {"日期", HeadLine::sent},
    {"寄件日期", HeadLine::sent},
    {"보낸 날짜", HeadLine::sent},
    {"날짜", HeadLine::sent},
    {"dato", HeadLine::sent},
    {"trimis", HeadLine::sent},
    {"στάλθηκε", HeadLine::sent},
    {"תאריך", HeadLine::sent},
    {"נשלח", HeadLine::sent},
    {"päiväys", HeadLine::sent},
    {"dátum", HeadLine::sent},
    // to
    {"to", HeadLine::to},
    {"an", HeadLine::to},
    {"à", HeadLine::to},
    {"para", HeadLine::to},
    {"a", HeadLine::to},
    {"aan", HeadLine::to},
    {"til", HeadLine::to},
    {"till", HeadLine::to},
    {"vastaanottaja", HeadLine::to},
    {"do", HeadLine::to},
    {"komu", HeadLine::to},
    {"pro", HeadLine::to},
    {"címzett", HeadLine::to},
    {"kime", HeadLine::to},
    {"alıcı", HeadLine::to},
    {"кому", HeadLine::to},
    {"宛先", HeadLine::to},
    {"收件人", HeadLine::to},
    {"收件者", HeadLine::to},
    {"받는 사람", HeadLine::to},
    {"către", HeadLine::to},
    {"προς", HeadLine::to},
    {"אל", HeadLine::to},
    {"dla", HeadLine::to},
    {"empfänger", HeadLine::to},
    {"destinataire", HeadLine::to},
    {"cc", HeadLine::to},
    // subject
    {"subject", HeadLine::subject},
    {"betreff", HeadLine::subject},
    {"objet", HeadLine::subject},
    {"asunto", HeadLine::subject},
    {"assunto", HeadLine::subject},
    {"oggetto", HeadLine::subject},
    {"onderwerp", HeadLine::subject},
    {"emne", HeadLine::subject},
    {"ämne", HeadLine::subject},
    {"aihe", HeadLine::subject},
    {"temat", HeadLine::subject},
    {"předmět", HeadLine::subject},
    {"predmet", HeadLine::subject},
    {"tárgy", HeadLine::subject},
    {"konu", HeadLine::subject},
    {"тема", HeadLine::subject},
    {"件名", HeadLine::subject},
    {"主题", HeadLine::subject},
    {"主旨", HeadLine::subject},
    {"제목", HeadLine::subject},
    {"subiect", HeadLine::subject},
    {"θέμα", HeadLine::subject},
    {"נושא", HeadLine::subject},
};

}  // namespace

bool is_attribution(std::string_view line) {
  line = base::trim(line);
  if (line.size() < 8 || line.size() > 400) return false;
  // A date or an address has to be there: people write "he wrote:" too.
  static const RE2 dated(R"(\d{1,4}[./\-年년:]\s?\d{1,2}|\d{4}|@|\d{1,2}\.? \pL{3,})");
  if (!matches(line, dated)) return false;
  static const RE2 pattern(
      R"((?i)^(?:on\b.*\b(?:wrote|writes|said)|(?:am|vom|\pL+,? (?:den )?\d{1,2}\.).*\b(?:schrieb|geschrieben|schreibt)|le\b.*a (?:é|e)crit|el\b.*(?:escribi(?:ó|o)|escribe)|em\b.*escreveu|a \d.*escreveu|il\b.*ha scritto|op\b.*(?:schreef|geschreven)|den\b.*(?:skrev|skrifaði)|(?:på|d\.)\b.*skrev|\d.*\bskrev|(?:w dniu|dnia|on)\b.*(?:napisał|pisze|napisała)|dne\b.*(?:napsal|napsala)|(?:dňa|on)\b.*(?:napísal|napísala)|.*(?:ezt írta|írta)|.*(?:kirjoitti)|.*(?:tarihinde|şunu yazdı|yazdı)|.*(?:пишет|писал|писала|написал|написала|написав|написала|пише)|.*(?:a scris)|.*(?:έγραψε)|.*(?:のメール|書きました|wrote|さんは書きました)|.*(?:写道|寫道)|.*(?:작성|님이 작성|썼습니다)|.*(?:כתב|כתבה)|.*(?:كتب)|.*(?:đã viết)|.*(?:menulis)|.*schrieb .*|.*a écrit|.*\bwrote|.*\bha scritto|.*\bescribió|.*\bescreveu|.*\bschreef|.*\bskrev|.*\bnapisał|.*\bnapsal)[^\n]{0,200}[:：]?$)");
  // In some languages there is no verb: a date, then a mailbox and a colon.
  static const RE2 bare(R"(\d.*<[^<>\s]+@[^<>\s]+>\s?[:：]$)");
  if (matches(line, bare)) return true;
  if (!matches(line, pattern)) return false;
  static const RE2 ends(R"([:：]\s*(?:\[[^\]]*\])?$|さん.*$|[>）)]\s*(?:wrote|escreveu|schrieb)?:?$)");
  return matches(line, ends);
}

bool is_quotation_divider(std::string_view line) {
  line = base::trim(line);
  if (line.size() < 6 || line.size() > 200) return false;
  static const RE2 ruled(
      R"((?i)^[-_=*─—]{2,}\s*(?:original message|original mail|original e-?mail|reply message|forwarded message|forwarded by|mensaje original|mensaje reenviado|message d'origine|message original|message transf(?:é|e)r(?:é|e)|message initial|mail original|urspr(?:ü|u|ue)ngliche (?:nachricht|mail|e-?mail)|original-?nachricht|weitergeleitete nachricht|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|oorspronkelijk bericht|oorspronkelijke bericht|origineel bericht|doorgestuurd bericht|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|oprindelig meddelelse|opprinnelig melding|videresendt melding|alkuperäinen viesti|(?:oryginalna )?wiadomość (?:oryginalna|przekazana)|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|özgün ileti|orijinal mesaj|исходное сообщение|пересылаемое сообщение|оригинальное сообщение|початкове повідомлення|元のメッセージ|オリジナルメッセージ|original|原始邮件|原始郵件|转发邮件|원본 메시지|원본 메일|mesaj original|αρχικό μήνυμα)\s*[-_=*─—]*)");
  if (matches(line, ruled)) return true;
  // Outlook on the web and on phones draw a line of underscores and go on with the heads.
  static const RE2 rule(R"(^_{20,}$)");
  static const RE2 begin(
      R"((?i)^(?:begin forwarded message|début du message réexpédié|anfang der weitergeleiteten (?:nachricht|e-mail)|inizio messaggio inoltrato|inicio del mensaje reenviado)\s*:)");
  return matches(line, rule) || matches(line, begin);
}

HeadLine head_line(std::string_view line) {
  line = base::trim(line);
  while (!line.empty() && (line.front() == '*' || line.front() == ' ')) line.remove_prefix(1);
  std::size_t colon = line.find(':');
  const std::size_t wide = line.find("：");
  std::size_t after = 1;
  if (wide < colon) {
    colon = wide;
    after = 3;
  }
  if (colon == std::string_view::npos || colon == 0 || colon > 40 || line.size() == colon + after)
    return HeadLine::none;
  std::string word = base::lower(base::trim(line.substr(0, colon)));
  while (word.ends_with('*') || word.ends_with(' ')) word.pop_back();
  for (const HeadRow& row : kHeads) {
    if (word == row.word) return row.kind;
  }
  return HeadLine::none;
}

bool begins_signature(std::string_view line) {
  if (line == "-- " || line == "--" || line == "—" || line == "-- \r") return true;
  line = base::trim(line);
  if (line.size() > 120) return false;
  static const RE2 phone(
      R"((?i)^(?:sent (?:from|via|with) (?:my|outlook|mail for|yahoo|proton|samsung|a mobile|the)|get outlook for|(?:von meinem|gesendet (?:von|mit|über)) (?:meinem |meiner )?\S+|envoyé (?:de|depuis) (?:mon|ma|outlook|yahoo)|enviado (?:desde|do|de|a partir do) (?:mi|meu|o meu|outlook|yahoo)|inviato (?:da|dal) (?:mio|outlook|\S*phone)|verstuurd vanaf mijn|verzonden vanaf mijn|skickat från min|sendt fra min|lähetetty (?:minun )?\S*puhelimesta|lähetetty iphonesta|wysłane z (?:mojego )?\S*(?:phone|a)|odesláno z|отправлено (?:с|из)|iphoneから送信|iphoneから|발송|나의 iphone에서 보냄|iphone'umdan gönderildi|发自我的)\b?.*)");
  return matches(line, phone);
}

}  // namespace overture::mail
