#include "mail/automatic_words.hpp"

#include <re2/re2.h>

#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/phrases.hpp"

namespace overture::mail {
namespace {

/// Machines say it before or soon after their message; below come signatures and terms.
constexpr std::size_t kLookedAt = 3000;

/// The sentences in which programs speak of themselves, in any place. Notes writes the first one of every
/// absence.
bool has_fixed_sentence(std::string_view text) {
  static const RE2 pattern(
      R"(i will be out of the office starting .{4,40} and will not return until|)"
      R"(这是来自.{1,12}自动回复|[【\[](?:此为)?自动回复(?:邮件)?[】\]]|此为自动回复|此邮件为自动回复|)"
      R"((?:このメール|本メール|これ)は.{0,12}自動(?:返信|応答|送信|配信))");
  return RE2::PartialMatch(normal_text(text), pattern);
}

/// What people may say too, in the middle of a sentence or as a question ("This is an automatic reply?").
/// `text`: a line and the one below it.
bool begins_sentence(std::string_view text) {
  static const RE2 pattern(
      R"((?:^|[.!?:;。！？】\])*_-] ?|[【\[(*] ?)(?:)"
      R"(this is an (?:automatic|automated|auto-generated|auto)[ -](?:e-?mail |mail )?(?:e-?mail|mail|reply|response|answer|message|notice|notification)|)"
      R"(this (?:e-?mail|message|reply) (?:is|was|has been) (?:generated |sent )?automatic(?:ally)?|)"
      R"((?:hinweis: )?dies ist eine automatisch(?:e| generierte| erstellte| versendete) (?:antwort|nachricht|e-?mail|mail)|)"
      R"(diese (?:nachricht|e-?mail|mail|antwort) (?:wurde|ist) automatisch|)"
      R"(ceci est (?:une réponse|un message|un e-?mail|un courriel) automatique|)"
      R"(est[ae] es una? (?:respuesta|mensaje|correo) (?:electrónico )?automátic[ao]|)"
      R"(quest[ao] è una? (?:risposta|messaggio|e-?mail) automatic[ao]|)"
      R"(est[ae] é uma? (?:resposta|mensagem|e-?mail) automátic[ao]|)"
      R"(dit is een (?:automatisch (?:antwoord|bericht|gegenereerd)|automatische)|)"
      R"(det(?:ta|te) är ett automatiskt|dette er (?:et automatisk|en automatisk)|)"
      R"(to jest (?:automatyczna odpowiedź|wiadomość automatyczna|wiadomość wygenerowana)|)"
      R"(это автоматическ(?:ий ответ|ое (?:письмо|сообщение|уведомление)))[^?.!？。！]*(?:[.!。！]|$))");
  return RE2::PartialMatch(normal_text(text), pattern);
}

}  // namespace

bool says_it_is_automatic(std::string_view new_text) {
  const std::string_view text = new_text.substr(0, kLookedAt);
  if (has_fixed_sentence(text)) return true;
  std::string_view before;
  for (const std::string_view line : base::split(text, '\n')) {
    if (!base::trim(before).empty() && begins_sentence(std::string(before) + " " + std::string(line)))
      return true;
    before = line;
  }
  return begins_sentence(before);
}

bool says_who_is_away(std::string_view new_text) {
  static const RE2 pattern(
      R"(out of (?:the )?office|on (?:annual |parental |maternity |sick )?(?:leave|vacation|holiday)|\baway (?:until|from)|)"
      R"(abwesen|nicht im büro|im urlaub|außer haus|absent|en congé|en vacances|ausente|de vacaciones|fuera de la oficina|)"
      R"(fuori (?:ufficio|sede)|in ferie|assente|de férias|fora do escritório|afwezig|met vakantie|niet aanwezig|)"
      R"(semester|på ferie|bortrest|urlopie|nieobecn|отпуск|отсутств|вне офиса|休假|假期|外出|休暇|不在|부재)");
  return RE2::PartialMatch(normal_text(new_text.substr(0, kLookedAt)), pattern);
}

}  // namespace overture::mail
