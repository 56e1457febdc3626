// How mail systems title and open their failure notices, in the languages they are set to. `|` between
// phrases.
#include "mail/bounce_phrases.hpp"

namespace overture::mail {
namespace {

// clang-format off
constexpr std::string_view kFailureSubjects =
    "undelivered mail|undeliverable|undelivered message|undelivered|undeliverd|"
    "delivery status notification|delivery failure|delivery failed|delivery error|delivery has failed|"
    "delivery problem|delivery report|delivery notification|delivery incomplete|failed delivery|"
    "failed mail|failure delivery|failure notice|failure notification|failed to deliver|failed to send|"
    "returned mail|returned message|returned to sender|return to sender|returned email|"
    "mail delivery failed|mail delivery system|mail delivery subsystem|mail failure|mail error|"
    "mail system error|mail could not be delivered|mail not delivered|mail was not delivered|"
    "mail returned|mail failed|processing error|mail status report|message status|message not delivered|"
    "message could not be delivered|message you sent blocked|message undeliverable|"
    "message delivery failure|message refused|message rejected|message blocked|mta-blocked|"
    "could not be delivered|could not send|couldn't be delivered|cannot be delivered|not delivered|"
    "non delivery|non-delivery|nondeliverable|nondelivery|non remis|unable to deliver|unable to send|"
    "unknown user|user unknown|unrouteable|problem delivering|problems delivering|[bounce]|"
    "bounce notification|bounced mail|bounced message|permanent error|rejected mail|rejected:|"
    "your message to|ndn:|ndr:|dsn:|warning: message|nicht zugestellt|unzustellbar|"
    "zustellung fehlgeschlagen|nicht zustellbar|zustellfehler|fehler bei der zustellung|fehlgeschlagen|"
    "non remise|échec de la remise|non distribué|échec de remise|échec de livraison|"
    "echec de la distribution|message non distribuable|non délivré|retour de mail|no se puede entregar|"
    "no entregado|no se pudo entregar|error de entrega|fallo en la entrega|error al entregar|"
    "mensaje devuelto|non recapitabile|mancato recapito|impossibile recapitare|consegna fallita|"
    "non consegnato|mancata consegna|onbestelbaar|niet bezorgd|niet afgeleverd|não é possível entregar|"
    "não entregue|falha na entrega|não pôde ser entregue|falha ao entregar|olevererbart|"
    "går inte att leverera|kan inte levereras|kan ikke leveres|uleverbar|ikke levert|ei voitu toimittaa|"
    "toimittaminen epäonnistui|niedostarczalne|niedostarczona|zwrot wiadomości|nedoručitelná|"
    "nedoručitelné|nedoručiteľné|kézbesíthetetlen|nem kézbesíthető|teslim edilemedi|teslim edilemiyor|"
    "iletilemedi|не доставлено|недоставленное сообщение|не удалось доставить|ошибка доставки|"
    "сбой доставки|невозможно доставить|недоставлен|не доставлен|не вдалося|配信できません|配信不能|配信エラー|配送不能|"
    "送信できません|送信失敗|送信エラー|不達|エラー通知|未送信|无法投递|无法送达|未传递|未送达|退信|系统退信|投递失败|發送失敗|无法传递|无法发送|無法傳遞|배달되지 않|전송 실패|"
    "배달할 수 없|αδύνατη η παράδοση|nelivrabil|nu a putut fi livrat|error sending|sending failed|send failed|"
    "e-mail error|nachricht nicht|blocked by our bulk email filter|email delivery|mailer-daemon|"
    "mail delivery";

constexpr std::string_view kDelaySubjects =
    "delayed|delivery status notification (delay)|delivery delay|still being retried|"
    "warning: could not send message for past|warning: message|mail delivery delayed|"
    "will continue trying|zustellung verzögert|verzögert|verzögerung|différée|retardée|en retard|"
    "retrasad|in ritardo|ritardat|vertraagd|atrasad|опоздани|задержк|задержан|配信遅延|遅延|opóźni|försenad|"
    "forsinket";

constexpr std::string_view kFailureOpenings =
    // Postfix, Exim, Sendmail, qmail, Courier
    "in reply to rcpt to|in reply to end of data|in reply to mail from|in reply to data|refused to talk to me|"
    "resolver.adr.|resolver.rst.|storedrv.deliver|remote server returned '5|diagnoseinformationen für administratoren|"
    "het bezorgen van dit bericht|配信に失敗|no longer accepts mail|"
    "this is the mail system at host|could not be delivered to one or more recipients|"
    "this message was created automatically by mail delivery software|"
    "a message that you sent could not be delivered|a message you sent could not be delivered|"
    "a message that you sent has not yet been delivered|"
    "the following addresses had permanent fatal errors|the following addresses had fatal errors|"
    "the following addresses had delivery problems|the following addresses had delivery errors|"
    "the following addresses had transient|transcript of session follows|this is the qmail-send program|"
    "this is the mail delivery agent at|this is a permanent error|i've given up|"
    "i wasn't able to deliver your message|i'm afraid i wasn't able|"
    "this is a delivery status notification from|unable to deliver message to the following|"
    "this is the courier mail server|uncollectable mail|is not a list of errors|"
    "message could not be delivered|mail could not be delivered|email could not be delivered|"
    "could not be delivered to|couldn't be delivered|cannot be delivered to|cannot be delivered|"
    "was not delivered to|was undeliverable to|has not been delivered|had not been delivered|"
    "was not delivered|wasn't delivered|not delivered to anyone|is undeliverable|undeliverable|"
    "delivery has failed|delivery failed|delivery to the following|delivery failure|"
    "delivery of the following message failed|did not reach the following recipient|did not reach|"
    "failed to deliver|failed delivery|unable to deliver|unable to relay|not able to deliver|"
    "could not deliver|couldn't deliver|can not deliver|cannot deliver|can't deliver|could not be sent|"
    "returned to you|has been returned|is being returned|was returned|returned message|returning message|"
    "the following recipient|the following address|your message to|your message has|your message was|"
    "your message wasn't|your message cannot|your message could|your message|your mail message to|"
    "your email message|your mail to|the message you sent|the mail you sent|message you sent|"
    "mail you sent|the original message was received|this is an automatically generated delivery status|"
    "this is an informative message sent by|this message was undeliverable|the user(s) account is|"
    "failed addresses follow|recipient address:|reason:|error message below|failure reasons|"
    "diagnostic information for administrators|undelivered message|permanent failure|"
    "we were unable to deliver|we were not able to deliver|sorry, we were unable|"
    "we're writing to let you know that the group|address not found|message blocked|"
    "message not delivered|mailbox unavailable|rejected by a remote mail server|was rejected by|"
    "were rejected by|rejected the message|rejected your message|error(s):|blocked by our|mailmarshal|"
    "an error was detected while processing|email was not delivered|an attempt to deliver|user unknown|"
    "unknown user|smtp error from remote mail server|remote host said|permanent error|fatal error|"
    "the mta-sts|non-delivery|"
    // Other languages
    "fehler bei der nachrichtenzustellung|konnte nicht zugestellt werden|konnte ihre e-mail nicht|"
    "nicht zugestellt werden|nicht zugestellt|die zustellung ihrer|unzustellbar|n'a pas pu être remis|"
    "n'a pas pu être livré|n'a pas pu etre|échec de la remise|n'a pas pu être délivré|"
    "votre message n'a pas|ne peut pas être remis|no se pudo entregar|no se ha podido entregar|"
    "error al entregar|no pudo ser entregado|su mensaje no|non è stato recapitato|impossibile recapitare|"
    "non può essere consegnato|non è stato possibile recapitare|il messaggio non|kan niet worden bezorgd|"
    "kan niet worden afgeleverd|bezorging is mislukt|não pôde ser entregue|falha na entrega|"
    "não foi possível entregar|kunde inte levereras|det gick inte att leverera|kunne ikke leveres|"
    "viestiä ei voitu|nie została dostarczona|nie można dostarczyć|nie udało się dostarczyć|"
    "nemohla být doručena|zprávu nebylo možné doručit|nem kézbesíthető|nem sikerült kézbesíteni|"
    "teslim edilemedi|iletilemedi|не удалось доставить|не может быть доставлено|не было доставлено|"
    "ваше письмо|ваше сообщение|письмо не доставлено|無法傳遞|配信できません|配信できませんでした|送信できません|送信に失敗|送信されません|"
    "配送できません|届けることができません|お届けできません|无法投递|无法送达|无法传递|退信|无法发送|投递失败|未能送达|전달하지 못했|배달하지 못했|전송하지 못했|"
    "nu a putut fi livrat|не е доставен";

constexpr std::string_view kDelayOpenings =
    "this is a warning message only|you do not need to resend your message|you don't need to resend|"
    "no action is required on your part|delivery attempts will continue|has not yet been delivered|"
    "will continue to be tried|will keep trying|will be retried|message will be retried|"
    "the server will continue trying|warning: delivery|has been delayed|"
    "delivery to the following recipients has been delayed|still undelivered after|will try to deliver|"
    "we will continue to try|gmail will retry|will retry for|"
    "sie müssen ihre nachricht nicht erneut senden|zustellung wurde verzögert|weitere zustellversuche|"
    "il n'est pas nécessaire de renvoyer|no es necesario que vuelva a enviar|再送信の必要はありません|"
    "попытки доставки будут продолжены";

// clang-format on

}  // namespace

std::span<const Phrase> failure_subjects() {
  static const std::vector<Phrase> phrases = make_phrases(kFailureSubjects);
  return phrases;
}

std::span<const Phrase> delay_subjects() {
  static const std::vector<Phrase> phrases = make_phrases(kDelaySubjects);
  return phrases;
}

std::span<const Phrase> failure_openings() {
  static const std::vector<Phrase> phrases = make_phrases(kFailureOpenings);
  return phrases;
}

std::span<const Phrase> delay_openings() {
  static const std::vector<Phrase> phrases = make_phrases(kDelayOpenings);
  return phrases;
}

}  // namespace overture::mail
