// What servers say when there is nobody to deliver to, when they cannot, and when they give up.
#include "mail/bounce_phrases.hpp"

namespace overture::mail {
namespace {

using enum BounceReason;
constexpr bool kClear = false;
constexpr bool kAlsoElsewhere = true;

// clang-format off
constexpr ReasonWords kWords[] = {
    // Not responsible.
    {relaying_denied, kClear,
     "relaying denied|relaying disallowed|relaying mail to|relay denied|relay access denied|relaying not allowed|relay not permitted|"
     "relaying is prohibited|relaying prohibited|relaying rejected|not permitted to relay|"
     "not allowed to relay|unable to relay|unauthorized relay|we do not relay|relay prohibited|"
     "relay operation rejected|that domain isn't in my list of allowed rcpthosts|not in rcpthosts|"
     "send to a non-local e-mail address|insecure relay|as a relay, but|"
     "is not permitted to relay through this server"},
    // Nobody there by that name. Before relaying: some say both, and this is the cause.
    {user_unknown, kClear,
     "user unknown|unknown user|unknown recipient|recipient unknown|unknown address|address unknown|"
     "unknown email address|unknown local part|unknown local-part|unknown mailbox|unknown account|"
     "mailbox unknown|account unknown|unknown or illegal user|unknown or illegal alias|unknown virtual|"
     "unrouteable address|unroutable address|undeliverable address|address invalid|address is invalid|"
     "invalid address|invalid recipient|invalid mailbox|invalid user|invalid email address|"
     "invalid local part|invalid final delivery userid|recipient is invalid|recipient invalid|"
     "bad destination mailbox|bad address|bad recipient|bad_recipient|no such user|no such account|no such mailbox|"
     "no such recipient|no such person|no such address|no such local user|no such email|no such alias|"
     "no such virtual user|no such a user|no such id|no mailbox here|no mailbox by that name|"
     "no mailbox found|no mailbox currently available|no mail box|no mail-box|no user by that name|"
     "no account by that name|no user with that name|no valid recipient|no valid cpid|no recipient by that"},
    {host_unknown, kClear,
     "no matches to nameserver"},
    {user_unknown, kClear,
     "no matching recipient|no alias|no destination found|no thank you rejected: account unavailable|"
     "not a known user|not a valid user|not a valid recipient|not a valid mailbox|not a valid account|"
     "not a valid address|not a local user|not a user here|not an existing|not found in directory|"
     "not found in the directory|not listed in|not known at this site|not known here|not our customer"},
    {relaying_denied, kAlsoElsewhere,
     "isn't in my control"},
    {user_unknown, kClear,
     "not unique in domino directory|nosuchuser"},
    {user_unknown, kAlsoElsewhere,
     "does not exist|doesn't exist"},
    {user_unknown, kClear,
     "user doesn't have a|user does not exist|mailbox does not exist|account does not exist|"
     "recipient does not exist|address does not exist|"
     "email account that you tried to reach does not exist|alias does not exist|doesn't have a yahoo|"
     "user not found|user not exist|user not known|mailbox not found|mail-box not found|mailbox not exist|"
     "recipient not found|recipient not exist|recipnotfound|address not found|account not found|"
     "addressee unknown|couldn't be found or is invalid"},
    {user_unknown, kAlsoElsewhere,
     "couldn't be found|could not be found|cannot be found"},
    {user_unknown, kClear,
     "wasn't found at"},
    {user_unknown, kAlsoElsewhere,
     "wasn't found|was not found"},
    {user_unknown, kClear,
     "recipient name is not recognized|recipient's e-mail address was not found|"
     "recipient's email address was not found"},
    {user_unknown, kAlsoElsewhere,
     "is not recognized|is unknown"},
    {filtered, kClear,
     "delivery to this address is restricted"},
    {user_unknown, kClear,
     "final email delivery point|final e-mail delivery point|recipient no longer|recipient is not local|recipient is not on|recipient address rejected: user|"
     "recipient address rejected: unknown|recipient address rejected: undeliverable|"
     "recipient address rejected: access denied|recipient address rejected: invalid"},
    {user_unknown, kAlsoElsewhere,
     "recipient address rejected|recipient rejected|rejected recipient|address rejected|"
     "does not like recipient"},
    {user_unknown, kClear,
     "this user doesn't"},
    {mailbox_disabled, kClear,
     "this account is not allowed"},
    {user_unknown, kClear,
     "user unavailable"},
    {user_unknown, kAlsoElsewhere,
     "mailbox unavailable|mailbox not available|mailbox is not available|mailbox is unavailable|"
     "account unavailable|account is unavailable|no longer valid|no longer available|no longer active|"
     "no longer in use"},
    {user_unknown, kClear,
     "no longer exists|no longer works here|no longer employed|has left the"},
    {user_unknown, kAlsoElsewhere,
     "is not a valid"},
    {host_unknown, kClear,
     "domain may not exist"},
    {user_unknown, kClear,
     "not available or not local"},
    {user_unknown, kAlsoElsewhere,
     "nicht bekannt"},
    {user_unknown, kClear,
     "empfänger unbekannt|unbekannter empfänger|empfängeradresse wurde nicht gefunden"},
    {user_unknown, kAlsoElsewhere,
     "existiert nicht|nicht gefunden"},
    {user_unknown, kClear,
     "utilisateur inconnu|destinataire inconnu|adresse inconnue|"
     "adresse d au moins un destinataire invalide|adresse invalide"},
    {user_unknown, kAlsoElsewhere,
     "n'existe pas|introuvable"},
    {user_unknown, kClear,
     "usuario desconocido"},
    {user_unknown, kAlsoElsewhere,
     "no existe|no se encontró|no se ha encontrado"},
    {user_unknown, kClear,
     "utente sconosciuto|destinatario sconosciuto"},
    {user_unknown, kAlsoElsewhere,
     "non esiste|inesistente|non è stato trovato"},
    {user_unknown, kClear,
     "usuário desconhecido"},
    {user_unknown, kAlsoElsewhere,
     "não existe|não foi encontrado"},
    {user_unknown, kClear,
     "onbekende gebruiker"},
    {user_unknown, kAlsoElsewhere,
     "niet gevonden|bestaat niet|hittades inte|blev ikke fundet|ble ikke funnet|nie istnieje|"
     "nie można odnaleźć|nie znaleziono|neexistuje"},
    {user_unknown, kClear,
     "пользователь не найден|такого пользователя нет|нет такого пользователя"},
    {user_unknown, kAlsoElsewhere,
     "не существует|не найден"},
    {user_unknown, kClear,
     "kullanıcı bulunamadı"},
    {user_unknown, kAlsoElsewhere,
     "存在しません|見つかりません|リストにありません"},
    {user_unknown, kClear,
     "宛先不明|宛先が不明"},
    {user_unknown, kAlsoElsewhere,
     "不存在|找不到"},
    {user_unknown, kClear,
     "用户不存在"},
    {user_unknown, kAlsoElsewhere,
     "찾을 수 없"},
    // Nobody there at all.
    {host_unknown, kClear,
     "host unknown|unknown host|host not found|hostname not found|domain not found|domain unknown|"
     "unknown domain|no such domain|no such host|domain does not exist|domain doesn't exist|"
     "domain not exist|domain is not reachable|domain must exist"},
    {rejected, kAlsoElsewhere,
     "domain must resolve"},
    {host_unknown, kClear,
     "invalid domain|host or domain name not found|name server: host not found|couldn't find any host|"
     "couldn't find the domain|could not find the domain|recipient address has no mail server|"
     "no mx record|no mail exchanger|no a record|has no mail exchanger|unrouteable mail domain|"
     "unrouteable domain|dns error: domain name not found|domain name not found|nxdomain|"
     "non-existent domain|illegal host/domain|"
     "all relevant mx records point to non-existent|mail domain mentioned in email address is unknown|"
     "domäne existiert nicht|domaine inconnu"},
    {network_error, kClear,
     "name server reply"},
    // Host takes nothing.
    {not_accepted, kClear,
     "does not accept mail|does not accept email|doesn't accept mail|host does not receive mail|null mx|"
     "nullmx|smtp protocol returned a permanent error|system not accepting network messages"},
    {rejected, kClear,
     "does not accept bounces"},
    // The disk over there.
    {system_full, kClear,
     "insufficient system storage|insufficient disk space|no space left on device|mail system full|"
     "system storage exceeded"},
    {mailbox_full, kClear,
     "requested mail action aborted: exceeded storage"},
    // Our sender.
    {rejected, kClear,
     "envelope blocked|envelope rejected|sender address rejected|not accepting mail from|not accepting mails from|"
     "may not exist, or you may not have permission|sender rejected|sender was rejected|"
     "sender not allowed|sender is invalid|sender denied|sender domain|"
     "sender unknown|invalid sender|unknown sender|bad sender|not accept mail from|"
     "domain of sender address|mail from command rejected|mail from domain|"
     "we don't accept mail from|email address is on senderfilter|"
     "address is blocked|permission denied to send|you are not allowed to post|"
     "may not have permission to post|投稿する権限|you must be subscribed|only members may post"},
    // The message itself.
    {content_error, kClear,
     "8-bit data|8bit|header error"},
    {content_error, kAlsoElsewhere,
     "message header"},
    {content_error, kClear,
     "invalid header|malformed|missing required header|duplicate header|bad header|mime error|"
     "not rfc 5322|not rfc 2822|bare lf|header is not valid|improper use of"},
    {network_error, kAlsoElsewhere,
     "too many received headers"},
    // A filter of the recipient.
    {filtered, kClear,
     "this message was blocked by the recipient|user reject|user refused to receive|recipient has refused|"
     "recipient refused|because the recipient is only accepting mail from specific|"
     "recipient preferences|due to extended inactivity new mail is not|"
     "we failed to deliver mail because the following address recipient id refuse|message refused|"
     "denied by the recipient"},
    // A rule.
    {policy, kClear,
     "policy violation|violates our policy"},
    {policy, kAlsoElsewhere,
     "local policy|policy reasons|for policy reason|administrative prohibition|administratively denied|"
     "prohibited by administrator|security policies|message denied"},
    {spam, kAlsoElsewhere,
     "message rejected|transaction failed"},
    {policy, kAlsoElsewhere,
     "rejected for policy|rejected due to"},
    {spam, kAlsoElsewhere,
     "message was rejected"},
    {blocked, kAlsoElsewhere,
     "you have been blocked"},
    {security, kAlsoElsewhere,
     "not authorized"},
    {blocked, kAlsoElsewhere,
     "access denied|access rejected"},
    {rejected, kAlsoElsewhere,
     "is not allowed to"},
    {policy, kAlsoElsewhere,
     "rule imposed"},
    {system_error, kAlsoElsewhere,
     "permission denied"},
    // Programs behind mailboxes.
    {mailer_error, kClear,
     "command failed: |command died|command output:|mailer \"|procmail|pipe to ||pipe from ||exit status|x-unix; |"
     "local delivery failed"},
    // Loops and roads.
    {network_error, kAlsoElsewhere,
     "too many hops|hop count exceeded|maximum hop count|mail loop|loops back to myself|loop detected|looping|"
     "mail forwarding loop|maximum forwarding|"
     "message is looping|cname lookup failed|unable to resolve|dns lookup|name service error|"
     "temporary lookup failure|temporary dns|host unreachable|network is unreachable|no route to host|"
     "can't create socket|network error"},
    {expired, kAlsoElsewhere,
     "delivery time expired|delivery expired|message expired|could not be delivered for|"
     "could not be delivered within|cannot be delivered within|retry timeout exceeded|"
     "retry time not reached|retry limit|queue too long|maximum retries|too long in queue|"
     "in the queue too long|been in the queue|been retrying|have been failing for a long time|not been collected|was aborted after|delivery failed 20 attempts|could not find a gateway for"},
    {undefined, kAlsoElsewhere,
     "giving up"},
    {expired, kAlsoElsewhere,
     "timed out|timeout|did not accept our requests to connect|socket error|unable to deliver in|delivery attempt|has been delayed|not responding|"
     "no response from|wasn't able to establish an smtp connection|unable to establish an smtp connection|"
     "connection refused|connection was refused|connection was dropped|connection lost|lost connection|"
     "connection reset|connection died|connection dropped|could not connect|unable to connect|"
     "couldn't connect|failed to connect|connection expired|host not reachable|"
     "delivery temporarily suspended|remote host is down|zustellversuche"},
    // Something over there.
    {system_error, kAlsoElsewhere,
     "internal error|internal server error|server error|system error|local error in processing|"
     "error in processing|configuration error|server configuration|i/o error|input/output error|ldap|"
     "can't open mailbox|cannot open mailbox|unable to open|temporary failure|temporary local problem|"
     "temporary problem|resources temporarily unavailable|service unavailable|service not available|"
     "service currently unavailable|out of memory|unable to write|local configuration error|"
     "proxy session setup failed|mail system problem"},
    // Commands.
    {syntax_error, kClear,
     "syntax error|command not implemented|command not recognized|unrecognized command|"
     "bad sequence of commands|improper sequence|protocol error|need mail before rcpt|"
     "smtp protocol violation"},
    {mailbox_full, kAlsoElsewhere,
     "full|quota"},
};
// clang-format on

}  // namespace

std::span<const Phrase> reason_phrases() {
  static const std::vector<Phrase> phrases = [] {
    std::vector<Phrase> all;
    const auto add = [&](std::span<const ReasonWords> rows) {
      for (const ReasonWords& row : rows) {
        add_phrases(all, row.phrases, static_cast<int>(row.reason) + (row.vague ? kVague : 0));
      }
    };
    add(refusal_words());
    add(kWords);
    return all;
  }();
  return phrases;
}

}  // namespace overture::mail
