// What servers say when they refuse a mail for what it is, where it comes from or where it should be put.
#include "mail/bounce_phrases.hpp"

namespace overture::mail {
namespace {

using enum BounceReason;
constexpr bool kClear = false;
constexpr bool kAlsoElsewhere = true;

// clang-format off
constexpr ReasonWords kWords[] = {
    // Our address was looked up, and what its own server said is quoted.
    {rejected, kClear,
     "sender domain not found|sender verify failed|could not verify sender|verification failed for|sender address has null mx"},
    // The person is elsewhere.
    {has_moved, kClear,
     "no longer on server|user has moved|recipient has moved|address has changed to|has been replaced by|"
     "user not local; please try"},
    // The mailbox is full.
    {mailbox_full, kClear,
     "mailbox is full|mailbox full|mailbox_full|mbox full|mail box full|mailfolder is full|"
     "mailbox has exceeded|mailbox exceeded|mailbox size limit exceeded|mailbox quota exceeded|"
     "mailbox disk quota|exceeded storage allocation|exceeds allowed storage|exceeded its storage|"
     "exceeded the storage|storage quota|account is over quota|account is over its quota|account is full|"
     "inbox is full|inbox full|over quota|overquota|over disk quota|over the allowed quota|"
     "over the maximum allowed|out of storage space|out of mailbox space|insufficient disk quota|"
     "quota exceeded|quota is exceeded|quota exceded|quota full|exceeded quota|exceeded his quota|"
     "exceed the quota|exceeds quota|exceeded email quota|exceeded his/her|exceeded their|"
     "exceeded the user's quota|quota violation|quota exhausted|user is over|user's mailbox exceeds|"
     "mailbox exceeds|too many messages in|exceeded the local limit|maildir over|"
     "maildir delivery failed: usermaildir|maildir delivery failed: domaindisk quota|disk quota|"
     "no space left for this user|not enough space in the mailbox|not enough storage space in|"
     "quotaexceeded|stockage insuffisant|boîte aux lettres pleine|boite du destinataire pleine|"
     "boîte de réception est pleine|boîte aux lettres est pleine|postfach ist voll|postfach voll|"
     "speicherplatz des empfängers|posteingang ist voll|buzón está lleno|buzón de correo está lleno|"
     "casella piena|casella di posta è piena|postvak is vol|caixa de correio está cheia|"
     "caixa postal cheia|skrzynka odbiorcy jest pełna|почтовый ящик переполнен|ящик переполнен|"
     "メールボックスがいっぱい|容量を超え|邮箱空间已满|its dirsize is|user has exhausted allowed storage|"
     "receiver's mailbox exceeded|quotacheck|mbxfull|the recipient's inbox is out|mailbox limit|"
     "delivery failed: over|space not enough|exceed mailbox quota"},
    // A mailbox that sleeps.
    {mailbox_disabled, kClear,
     "no longer accepts mail|account is disabled|account disabled|account has been disabled|"
     "account that you tried to reach is disabled|account is inactive|account inactive|account not active|"
     "account is not active|account has been suspended|account suspended|account is suspended|"
     "account temporary disabled|account temporarily disabled|account is temporarily suspended|"
     "account is locked|account locked|account is blocked|account blocked|account expired|"
     "account has expired|mailbox is frozen|mailbox frozen|mailbox disabled|mailbox is disabled|"
     "mailbox is inactive|mailbox is suspended|mailbox suspended|mailbox currently suspended|"
     "mailbox locked|mailbox temporarily disabled|mailbox unavailable or access denied|mailbox blocked|"
     "mailbox is blocked|user is inactive|user is suspended|user suspended|user disabled|user is disabled|"
     "user account is disabled|user(s) account is disabled|user(s) account is temporarily|inactive user|"
     "inactive account|inactive mailbox|disabled mailbox|suspended account|recipient suspend|"
     "recipient suspended|suspended due to unpaid|not accepting mail at this time|"
     "vdelivermail: account is locked|domain is suspended"},
    {mailbox_full, kClear,
     "email account that you tried to reach is over quota"},
    {mailbox_disabled, kClear,
     "has been deactivated|is deactivated|deactivated mailbox|deactivated account|boite du destinataire archivee|destinataire est bloque|compte desactive"},
    // Too big.
    {message_too_big, kClear,
     "message too large|message too big|message is too large|message is too big|message was too large|"
     "message was too big|message size exceed|message size limit|message exceeds|message length exceeds|"
     "message file too big|exceeds maximum message size|exceeds the maximum message size|"
     "exceeds the maximum size|exceeds max message size|exceeds size limit|exceeds the size limit|"
     "exceeds the limit|exceeded maximum inbound message size|exceeds fixed maximum message size|"
     "exceeds my databytes limit|larger than the current system limit|larger than the maximum|"
     "maximum message size|max message size|maximum size|size limit exceeded|size exceeds limit|sizelimit|"
     "too big for this mailbox|mail too big|mail size limit|resolver.rst.recipsizelimit|"
     "resolver.rst.sendsizelimit|message is larger than|message data exceeds|line limit exceeded|"
     "taille du message|nachricht ist zu groß|nachricht zu groß|mensaje es demasiado grande|"
     "messaggio è troppo grande"},
    // Viruses.
    {virus, kClear,
     "virus|malware|infected|trojan|dangerous content|potentially executable"},
    // A rule about messages like this one.
    {policy, kClear,
     "illegal attachment|banned attachment|prohibited attachment|attachment type|blocked file type|"
     "blocked because its content presents|content presents a potential security issue"},
    {spam, kClear,
     "mail appears to be unsolicited"},
    // Login, SPF, DKIM, DMARC.
    {authentication, kClear,
     "dmarc|spf sender|spf check|spf validation|spf fail|spf reject|spf: |spf record|spf policy|spf error|"
     "sender policy framework|openspf|dkim|domainkey|unauthenticated email|unauthenticated mail is|"
     "not pass authentication|authentication checks|sender id (pra) not permitted"},
    {security, kClear,
     "authentication required|authentication failed|authentication failure|"
     "authentication turned on in your email client|must issue a starttls|starttls is required|"
     "tls is required|tls required|encryption needed|not authorized to send|not authorised to send|"
     "not permitted to send to|do not have permission to send|don't have permission to send|"
     "doesn't have permission to|resolver.rst.notauthorized|resolver.rst.authrequired|auth failure|"
     "insecure mail relay"},
    // Our address of the network.
    {blocked, kClear,
     "recipient address rejected: block|spamhaus|spamcop|barracudacentral|sorbs|surbl|uceprotect|dnsbl|rbl restriction|rbl:|in rbl|"
     "blacklist|black list|blocklist|block list|blocked using|blocked by|blocked from|ip is blocked|"
     "ip has been blocked|ip address is blocked|ip address has been blocked|host is blocked|"
     "client host rejected|client host blocked|poor reputation|bad reputation|low reputation|reputation|"
     "reverse dns|rdns|ptr record|no ptr|cannot find your hostname|cannot find your reverse hostname|"
     "fix reverse|bad helo|invalid helo|helo command rejected|ehlo argument|my name was rejected"},
    {undefined, kAlsoElsewhere,
     "connected to"},
    {blocked, kClear,
     "connection refused by|connection rejected|connections from your|not accept mail from your|"
     "does not accept mail from dynamic|dynamic ip|dynamic/residential|dialup|dial-up|residential|"
     "weren't sent. please contact your internet service|your ip|ip address is not allowed|"
     "banned sending ip|no access from mail server|mail server has been blocked|messages from your ip|"
     "mail from your ip|access from your|has been temporarily deferred due to user complaints|"
     "not in whitelist|graylisted|greylisted|greylisting|unresolvable|csi.cloudmark.com"},
    // Spam.
    {spam, kClear,
     "spam|unsolicited|junk mail|bulk email|bulk mail|ube,|advertisement|high probability of being|"
     "content filter|rejected by content|message content rejected|content was rejected|denied by policy|"
     "blacklisted url|message refused by|refused by mailfilter|message filtered|suspicious content|"
     "phishing|cloudmark|our filters rate at and above|message looks like|looks like it might contain|"
     "considered unsolicited"},
    // Too much at once.
    {rate_limited, kClear,
     "too many invalid|too many unknown|too many bad|too many connections|too many concurrent|too many simultaneous|too many recipients|too many mails|"
     "too many messages|too many emails|too many sessions|too many errors|too much mail|"
     "too fast, slow down|rate limit|rate-limit|ratelimit|throttl|receiving mail at a rate|"
     "receiving mail too quickly|sending limit|max defers and failures per hour|exceeded the rate|"
     "exceeded the maximum number of|exceeded the max emails per hour|connection limit|maximum number of|"
     "frequency limited|hourly limit|daily limit|trop de connexions"},
};
// clang-format on

}  // namespace

std::span<const ReasonWords> refusal_words() { return kWords; }

}  // namespace overture::mail
