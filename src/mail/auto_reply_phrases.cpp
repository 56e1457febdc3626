// `|` between phrases; `^` in front of those that count only where the subject begins.
#include "mail/auto_reply_phrases.hpp"

#include "base/text.hpp"

namespace overture::mail {
namespace {

// clang-format off
constexpr std::string_view kSubjects =
    "automatic reply|auto-reply|autoreply|^auto reply|auto response|auto-response|autoresponse|"
    "auto-responder|autoresponder|^auto:|auto generated|auto-generated|automated reply|automated response|out of office|out-of-office|"
    "out of the office|^ooo:|^ooo |[ooo]|^away from |m away from |is away from |currently away |^on vacation|"
    "m on vacation|is on vacation|on vacation until|on vacation from|currently on vacation|^on holiday|"
    "m on holiday|is on holiday|on holiday until|on holiday from|currently on holiday|on annual leave|"
    "on maternity leave|on parental leave|^on leave|^vacation:|vacation reply|vacation message|i am away|"
    "i'm away|^no longer with|automatic response|automated message|^auto re:|"
    // de
    "automatische antwort|automatische antwoord|abwesenheit|abwesend|nicht im büro|^im urlaub|bin im urlaub|"
    "bis im urlaub|^urlaub:|^urlaub bis|außer haus|elternzeit|"
    // fr
    "réponse automatique|reponse automatique|absence du bureau|absent du bureau|message d'absence|"
    "message automatique|^en congés|suis en congé|^en congé |^absence:|^absence :|^absent du|^absent(e)|"
    "^absent jusqu|"
    // es
    "respuesta automática|respuesta automatica|fuera de la oficina|fuera de oficina|ausencia temporal|"
    "^de vacaciones|estoy de vacaciones|resposta automàtica|"
    // it
    "risposta automatica|fuori ufficio|fuori sede|^in ferie|sono in ferie|assente dall'ufficio|"
    "assenza dall'ufficio|^assenza:|"
    // pt
    "resposta automática|resposta automatica|fora do escritório|ausência temporária|autoresposta|^de férias|estou de férias|"
    // nl
    "automatisch antwoord|afwezig|niet aanwezig|automatische beantwoording|niet op kantoor|"
    "^met vakantie|ben met vakantie|"
    // sv, da, no, fi
    "autosvar|automatiskt svar|automatisk svar|frånvaro|frånvarande|fravær|ikke til stede|ej på kontoret|"
    "inte på kontoret|ikke på kontoret|^på semester|är på semester|^på ferie|er på ferie|"
    "automaattinen vastaus|poissaolo|^lomalla|olen lomalla|"
    // pl, cs, sk, hu, ro
    "automatyczna odpowiedź|odpowiedź automatyczna|poza biurem|nieobecność|^na urlopie|jestem na urlopie|"
    "automatická odpověď|automatická odpoveď|mimo kancelář|mimo kancelárie|nepřítomnost|"
    "automatikus válasz|házon kívül|irodán kívül|^szabadságon|nejsem v kanceláři|răspuns automat|raspuns automat|absent din birou|"
    "în concediu|"
    // ru, uk, bg, tr, el
    "автоматический ответ|автоответ|автоответчик|вне офиса|^в отпуске|я в отпуске|нет на месте|отсутствую|автоматична відповідь|"
    "автоматичен отговор|otomatik yanıt|otomatik cevap|ofis dışında|αυτόματη απάντηση|εκτός γραφείου|"
    // ja, zh, ko, he, ar, id, vi
    "自動応答|自動返信|不在通知|不在のお知らせ|休暇中|自动回复|自动答复|自動回覆|^外出|外出中|การตอบกลับอัตโนมัติ|자동 회신|자동 응답|자동응답|부재중|부재 중|תשובה אוטומטית|מחוץ למשרד|"
    "رد تلقائي|خارج المكتب|balasan otomatis|trả lời tự động|automātiska atbilde|automatinis atsakymas|"
    "automaatvastus|samodejni odgovor|automatski odgovor|sjálfvirkt svar";

/// What machines write above "we got your mail": nobody is away, and nobody has read it yet. People begin so
/// too: "We have received your proposal and like it".
constexpr std::string_view kReceipts =
    "^we have received your|^we received your|^we've received your|^your request has been received|"
    "^we have received your message|^we have received your email|^we have received your e-mail|"
    "^we have received your request|^we have received your inquiry|^we have received your enquiry|"
    "^we received your message|^we received your email|^we received your request|"
    "^we've received your message|^we've received your email|^we've received your request|"
    "^your message has been received|^your email has been received|^your email was received|"
    "^your ticket has been|^ihre anfrage ist bei uns|^ihre anfrage ist bei uns eingegangen|"
    "^wir haben ihre nachricht erhalten|^wir haben ihre anfrage erhalten|"
    "^wir haben ihre e-mail erhalten|^nous avons bien reçu votre|^nous avons bien reçu votre message|"
    "^nous avons bien reçu votre demande|^hemos recibido|^hemos recibido su mensaje|"
    "^hemos recibido su solicitud|^hemos recibido su consulta|^abbiamo ricevuto|"
    "^abbiamo ricevuto il tuo messaggio|^abbiamo ricevuto il suo messaggio|"
    "^abbiamo ricevuto la tua richiesta|^abbiamo ricevuto la sua richiesta|^recebemos a sua|"
    "^recebemos sua|^recebemos o seu|^recebemos seu|^recebemos a sua mensagem|^recebemos sua mensagem|"
    "^recebemos o seu contato|^wij hebben uw|^we hebben uw|^wij hebben uw bericht ontvangen|"
    "^we hebben uw bericht ontvangen|^vi har mottagit ditt|^vi har tagit emot ditt|"
    "^vi har modtaget din|^vi har mottatt din|^olemme vastaanottaneet|^мы получили ваш|"
    "^мы получили ваш запрос|^ваш запрос получен|お問い合わせありがとう";

/// The same as a title, the subject of the mail that arrived behind it.
constexpr std::string_view kReceiptTitles =
    "^request received|^ticket received|^ticket created|^confirmation of receipt|^eingangsbestätigung|"
    "^accusé de réception|^acuse de recibo|^conferma di ricezione|^ontvangstbevestiging|"
    "^potwierdzenie otrzymania|^potwierdzenie otrzymania wiadomości|^potwierdzenie przyjęcia|"
    "^potvrzení přijetí|お問い合わせを受け付け|受付完了|문의가 접수";

constexpr std::string_view kUnsubscribeWords =
    "unsubscribe|un-subscribe|unsubscibe|unsuscribe|opt out|opt-out|optout|remove me|take me off|"
    "stop emailing|stop mailing|abmelden|abmeldung|austragen|abbestellen|désinscrire|desinscrire|"
    "désinscription|désabonner|desabonner|désabonnement|darse de baja|dar de baja|darme de baja|"
    "cancelar suscripción|cancelar la suscripción|anular suscripción|cancella iscrizione|cancellami|"
    "disiscrivi|annulla iscrizione|cancellare iscrizione|cancelar inscrição|cancelar assinatura|"
    "descadastrar|remover da lista|uitschrijven|afmelden|avregistrera|avprenumerera|afmeld|avmeld|"
    "meld meg av|peruuta tilaus|poista listalta|wypisz|rezygnacja z subskrypcji|anuluj subskrypcję|"
    "odhlásit|odhlásiť|leiratkozás|leiratkozom|dezabonare|dezabonați|abonelikten çık|listeden çıkar|"
    "отписаться|отпишите|отписка|відписатися|διαγραφή|購読解除|配信停止|配信解除|退订|取消订阅|取消訂閱|수신거부|수신 거부|구독 취소|להסרה|"
    "إلغاء الاشتراك|berhenti berlangganan|hủy đăng ký";

constexpr std::string_view kRequests =
    "unsubscribe me|please unsubscribe|unsubscribe please|pls unsubscribe|want to unsubscribe|"
    "like to unsubscribe|wish to unsubscribe|to be unsubscribed|i unsubscribe|unsubscribe us|"
    "unsubscribe this|unsubscribe from|remove me from|remove my email|remove my e-mail|remove my address|"
    "remove our email|remove our e-mail|remove our address|"
    "remove us from|remove this email|remove this address|please remove me|take me off|take us off|"
    "delete me from|delete my email|stop emailing me|stop emailing us|stop mailing me|stop sending me|"
    "stop sending these|stop contacting me|stop contacting us|do not contact me|don't contact me|"
    "do not email me|don't email me|do not contact us|don't contact us again|do not write to me|"
    "opt me out|like to opt out|want to opt out|i opt out|no more emails|no more e-mails|bitte abmelden|"
    "bitte austragen|melden sie mich ab|tragen sie mich aus|aus ihrem verteiler|aus dem verteiler|"
    "keine weiteren e-mails|keine weiteren mails|keine e-mails mehr|keine mails mehr|"
    "nicht mehr kontaktieren|löschen sie meine adresse|löschen sie meine e-mail|me désinscrire|"
    "me désabonner|merci de me désinscrire|désinscrivez-moi|désabonnez-moi|retirez-moi|"
    "me retirer de votre liste|ne plus me contacter|ne plus m'envoyer|ne plus recevoir|"
    "supprimer mon adresse|darme de baja|denme de baja|denme de baja|dame de baja|dar de baja mi|"
    "no me envíen más|no me escriban más|no deseo recibir|"
    "no quiero recibir más|eliminen mi correo|cancellatemi|cancellami|rimuovetemi|rimuovimi|"
    "cancellare la mia iscrizione|non voglio più ricevere|non desidero più ricevere|"
    "togliermi dalla lista|non contattatemi|me descadastrem|me descadastre|me remova|remova meu e-mail|"
    "remover meu e-mail|não quero mais receber|não desejo receber|schrijf mij uit|schrijf me uit|"
    "meld mij af|graag uitschrijven|verwijder mij|geen e-mails meer|geen mails meer|ta bort mig|"
    "avregistrera mig|sluta skicka|inte få fler|fjern mig|afmeld mig|fjern meg|meld meg av|"
    "poistakaa minut|poista minut|proszę o wypisanie|proszę mnie wypisać|usunięcie z listy|proszę usunąć|"
    "nie chcę otrzymywać|nie życzę sobie|odhlaste mě|odhlaste ma|nechci dostávat|töröljenek|leiratkozni|"
    "nem kérek több|dezabonați-mă|dezabonati-ma|beni listeden|listenizden çıkar|отпишите меня|"
    "прошу отписать|удалите меня|удалите мой адрес|больше не пишите|не присылайте|хватит присылать|хватит уже присылать|хватит слать|хватит писать|прекратите присылать|прекратите слать|прекратите писать|хочу отписаться|"
    "take our address off|take my address off|off your mailing list|off your list|stop spamming me|"
    "stop spamming us|schreiben sie mir nicht mehr|schreiben sie uns nicht mehr|entfernen sie mich|"
    "entfernen sie uns|ne plus m'écrire|ne m'écrivez plus|ne nous écrivez plus|bórrame de|borrame de|bórreme de|"
    "borreme de|bórrenme de|bórrenos de|no me escriba más|no me escribas más|geen mail meer|geen e-mail meer|"
    "usunięcie mojego adresu|usunięcie naszego adresu|"
    "відпишіть мене|配信を停止|配信停止を|配信停止して|メールを送らないで|メールは不要|请退订|取消订阅|不要再发|请不要再|수신을 거부|수신 거부|메일을 보내지";

/// In lines that tell a reader how to leave a list of theirs.
constexpr std::string_view kFooters =
    "click here|click the link|click below|click on the|here to unsubscribe|unsubscribe here|hier klicken|"
    "klicken sie|cliquez|haga clic|haz clic|clicca|clique aqui|klik hier|kliknij";

/// What one is taken off when nothing more is to come, and what is on a page: "remove us from your article".
constexpr std::string_view kLists =
    "list|mailing|mail|contacts|distribution|database|data base|newsletter|outreach|campaign|recipients|"
    "records|system|crm|sequence|thread|conversation|correspondence|communication|future|subscri|"
    "verteiler|liste|kontakte|datenbank|lista|elenco|envío|envio|lijst|bestand|bazy|seznam|listá|"
    "рассыл|спис|базы|розсил";
constexpr std::string_view kOtherLists =
    "waiting list|wait list|waitlist|guest list|blacklist|black list|block list|blocklist|price list|"
    "list of sites|warteliste|liste d'attente|lista de espera|lista d'attesa|wachtlijst";
constexpr std::string_view kPages =
    "article|page|post|site|blog|link|footer|sidebar|directory|waiting|artikel|beitrag|seite|impressum|"
    "artículo|página|articolo|pagina|artigo|artykuł|stron|статьи|страниц|сайт|статті|сторінк";

/// Right before a request, they make it none.
constexpr std::string_view kRefusals =
    "not|n't|never|not want to|n't want to|not wish to|not like to|want me to|want us to|i will|we will|i'll|"
    "we'll|shall i|should i|shall we|should we|can i|can we|nicht|pas|niet|nie|inte|ikke|não|não quero|"
    "no quiero|no deseo|не";

// clang-format on

}  // namespace

std::span<const Phrase> auto_reply_subjects() {
  static const std::vector<Phrase> phrases = make_phrases(kSubjects);
  return phrases;
}

std::span<const Phrase> receipt_subjects() {
  static const std::vector<Phrase> phrases = make_phrases(kReceipts);
  return phrases;
}

std::span<const Phrase> receipt_titles() {
  static const std::vector<Phrase> phrases = make_phrases(kReceiptTitles);
  return phrases;
}

std::span<const Phrase> unsubscribe_words() {
  static const std::vector<Phrase> phrases = make_phrases(kUnsubscribeWords);
  return phrases;
}

std::span<const Phrase> unsubscribe_requests() {
  static const std::vector<Phrase> phrases = make_phrases(kRequests);
  return phrases;
}

std::span<const Phrase> footer_phrases() {
  static const std::vector<Phrase> phrases = make_phrases(kFooters);
  return phrases;
}

std::span<const Phrase> list_words() {
  static const std::vector<Phrase> phrases = make_phrases(kLists);
  return phrases;
}

std::span<const Phrase> other_lists() {
  static const std::vector<Phrase> phrases = make_phrases(kOtherLists);
  return phrases;
}

std::span<const Phrase> page_words() {
  static const std::vector<Phrase> phrases = make_phrases(kPages);
  return phrases;
}

std::span<const std::string_view> refusing_endings() {
  static const std::vector<std::string_view> endings = base::split(kRefusals, '|');
  return endings;
}

}  // namespace overture::mail
