// The words with which mail programs label the lines above what they quote: `From:`, `Gesendet:`, `件名：`.

#include "base/text.hpp"
#include "mail/quotation.hpp"

namespace overture::mail {
namespace {

struct Labels {
  HeadLine kind;
  std::string_view words;  ///< `one|two|three`, lower case
};

// clang-format off
constexpr Labels kLabels[] = {
    {HeadLine::from,
     "from|von|de|da|van|fra|från|lähettäjä|od|feladó|kimden|gönderen|от|від|expéditeur|remitente|"
     "mittente|差出人|发件人|發件人|寄件者|寄件人|送信者|보낸 사람|보낸사람|από|de la|מאת|من|afzender|absender|expeditor|šalje|"
     "saatja|no|nuo|dari|từ|จาก|за от|надавач|відправник|отправитель"},
    {HeadLine::sent,
     "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada|enviada em|enviado em|data|"
     "inviato|inviata|verzonden|verzonden op|sendt|skickat|lähetetty|wysłano|wysłane|odesláno|"
     "odoslané|elküldve|küldve|gönderildi|gönderilme|gönderme tarihi|tarih|отправлено|дата|изпратено|"
     "надіслано|fecha|送信日時|日時|日付|发送时间|發送時間|日期|寄件日期|보낸 날짜|날짜|dato|trimis|trimisă|στάλθηκε|ημερομηνία|"
     "תאריך|נשלח|التاريخ|تم الإرسال|أُرسلت|päiväys|dátum|poslano|poslato|saadetud|nosūtīts|išsiųsta|"
     "dikirim|tanggal|ngày|đã gửi|ส่ง|วันที่"},
    {HeadLine::to,
     "to|an|à|para|a|aan|til|till|vastaanottaja|do|komu|pro|címzett|kime|alıcı|кому|до|宛先|收件人|收件者|"
     "받는 사람|받는사람|către|προς|אל|إلى|dla|empfänger|destinataire|destinatario|pour|cc|prima|za|primatelj|"
     "adressaat|saaja|kam|gavėjas|kepada|đến|tới|ถึง|reply-to|répondre à|antwort an|responder a"},
    {HeadLine::subject,
     "subject|betreff|objet|sujet|asunto|assunto|assumpte|oggetto|onderwerp|emne|ämne|aihe|temat|"
     "předmět|predmet|tárgy|konu|тема|относно|件名|主题|主題|主旨|제목|subiect|θέμα|נושא|الموضوع|zadeva|teema|"
     "temats|tēma|tema|subjek|perihal|chủ đề|tiêu đề|เรื่อง"},
};
// clang-format on

bool is_one_of(std::string_view word, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = words.find('|');
    if (words.substr(0, end) == word) return true;
    if (end == std::string_view::npos) return false;
    words.remove_prefix(end + 1);
  }
  return false;
}

/// A small letter of the Latin, Greek or Cyrillic script.
bool begins_small(std::string_view word) {
  if (word.empty()) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(word[i])); };
  if (byte(0) < 0x80) return byte(0) >= 'a' && byte(0) <= 'z';
  if (byte(0) >= 0xE0 || word.size() < 2) return false;
  const unsigned letter = (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  // Latin letters stand in pairs, the capital before the small one.
  const bool shifted = (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E);
  if (letter >= 0x100 && letter < 0x180) return shifted ? letter % 2 == 0 : letter % 2 == 1;
  return (letter >= 0xDF && letter < 0x100) || (letter >= 0x3AC && letter <= 0x3CE) ||
         (letter >= 0x430 && letter <= 0x45F);
}

}  // namespace

HeadLine head_line(std::string_view line) {
  const std::string plain = without_direction_marks(line);
  line = base::trim(plain);
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
  if (begins_small(line)) return HeadLine::none;
  std::string word = base::lower(base::trim(line.substr(0, colon)));
  while (word.ends_with('*') || word.ends_with(' ')) word.pop_back();
  for (const Labels& row : kLabels) {
    if (is_one_of(word, row.words)) return row.kind;
  }
  return HeadLine::none;
}

}  // namespace overture::mail
