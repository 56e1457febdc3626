// Replies as servers write them, and whose fault each of them tells of.
#include "mailbox/smtp_replies.hpp"

#include <gtest/gtest.h>

namespace overture::mailbox {
namespace {

using enum SendOutcome;

struct Row {
  const char* phase;
  const char* reply;  ///< as one line; the enhanced code is taken off
  SendOutcome outcome;
};

// Sources: the providers' and servers' documented texts. [G]mail, [O]utlook.com and Exchange Online, [Y]ahoo,
// [P]ostfix, [E]xim, others by name.
const Row kReplies[] = {
    // taken
    {"dot", "250 2.0.0 OK  1700000000 a1-20020a05600c1.1 - gsmtp", accepted},
    {"dot", "250 2.0.0 Ok: queued as 4F3D21A0", accepted},
    {"dot", "250 2.6.0 <x@y> [InternalId=1] Queued mail for delivery", accepted},
    {"dot", "250 OK id=1qXyZa-0001Ab-2C", accepted},
    {"dot", "250 Ok 0100018c-000000", accepted},
    {"dot", "251 2.1.5 User not local; will forward", accepted},
    // greeting and EHLO: always about us
    {"greeting", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
     sender_refused},
    {"greeting", "554 smtp.example.com", sender_refused},
    {"greeting", "421 4.3.2 Service not available, closing transmission channel", sender_refused},
    {"greeting", "421 4.7.0 Too many connections from your IP", sender_refused},
    {"greeting", "550 5.7.1 Helo command rejected: Access denied", sender_refused},
    {"greeting", "421-4.7.0 Try again later, closing connection. (EHLO) gsmtp", sender_refused},
    {"greeting", "554-gmx.net (mxgmx101) Nemesis ESMTP Service not available. No SMTP service",
     sender_refused},
    // log-in
    {"login", "535-5.7.8 Username and Password not accepted. For more information, go to", login_failed},
    {"login", "534-5.7.9 Application-specific password required. For more information, go to", login_failed},
    {"login", "534-5.7.14 Please log in via your web browser and then try again.", login_failed},
    {"login", "535 5.7.3 Authentication unsuccessful [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]",
     login_failed},
    {"login", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
     login_failed},
    {"login", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", login_failed},
    {"login", "535 5.7.0 (#AUTH005) Too many bad auth attempts.", login_failed},
    {"login", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", login_failed},
    {"login", "535 Incorrect authentication data", login_failed},
    {"login", "535 Authentication credentials invalid", login_failed},
    {"login", "535 Authentication Credentials Invalid", login_failed},
    {"login", "538 5.7.11 Encryption required for requested authentication mechanism", login_failed},
    {"login", "550 5.7.1 account locked", login_failed},
    {"login", "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
     sender_refused},
    {"login", "454 4.7.0 Too many login attempts, please try again later. gsmtp", sender_refused},
    {"login", "421 4.7.0 Temporary System Problem.  Try again later. gsmtp", sender_refused},
    {"login", "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending",
     sender_refused},
    {"login", "451 4.7.0 Temporary server error. Please try again later. PRX4", sender_refused},
    // MAIL FROM
    {"mail", "530-5.7.0 Authentication Required. For more information, go to", login_failed},
    {"mail", "530 5.7.57 Client not authenticated to send mail.", login_failed},
    {"mail", "530 5.7.0 Must issue a STARTTLS command first", sender_refused},
    {"mail", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", sender_refused},
    {"mail", "501 5.1.7 Invalid address", sender_refused},
    {"mail", "550 5.1.8 Access denied, bad outbound sender", sender_refused},
    {"mail", "553 5.7.1 <a@b>: Sender address rejected: not owned by user c", sender_refused},
    {"mail", "550 5.7.1 <a@b>: Sender address rejected: Domain not found", sender_refused},
    {"mail", "554 Message rejected: Email address is not verified.", sender_refused},
    {"mail", "550 Requested action not taken: mailbox unavailable Sender address is not allowed.",
     sender_refused},
    {"mail", "552 5.3.4 Message size exceeds fixed limit", refused},
    {"mail", "552-5.3.4 Your message exceeded Google's message size limits.", refused},
    {"mail", "452 4.3.1 Insufficient system storage", deferred},
    {"mail", "451 4.3.0 Mail server temporarily rejected message. gsmtp", deferred},
    {"mail", "450 4.7.1 Error: too much mail from 192.0.2.1", sender_refused},
    {"mail", "454 Throttling failure: Maximum sending rate exceeded.", sender_refused},
    {"mail", "454 Throttling failure: Daily message quota exceeded.", sender_refused},
    {"mail", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume",
     sender_refused},
    {"mail", "452 4.3.2 Connection rate limit exceeded. ACON", sender_refused},
    {"mail", "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail", sender_refused},
    {"mail", "550 5.1.8 <a@b>: Sender address rejected: Domain not found", sender_refused},
    // RCPT TO: the contact
    {"rcpt", "550-5.1.1 The email account that you tried to reach does not exist. Please try", refused},
    {"rcpt", "550 5.1.1 <b@c>: Recipient address rejected: User unknown in local recipient table", refused},
    {"rcpt", "550 5.1.1 <b@c>: Recipient address rejected: User unknown in virtual mailbox table", refused},
    {"rcpt", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
     refused},
    {"rcpt", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", refused},
    {"rcpt", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)", refused},
    {"rcpt", "550 5.2.1 The email account that you tried to reach is disabled. gsmtp", refused},
    {"rcpt", "550-5.2.1 The email account that you tried to reach is inactive.", refused},
    {"rcpt", "552-5.2.2 The email account that you tried to reach is over quota.", refused},
    {"rcpt", "552 5.2.2 Mailbox full", refused},
    {"rcpt", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", refused},
    {"rcpt", "552 1 Requested mail action aborted, mailbox not found", refused},
    {"rcpt", "554 delivery error: dd This user doesn't have a yahoo.com account (b@yahoo.com)", refused},
    {"rcpt",
     "554 30 Sorry, your message to b@yahoo.com cannot be delivered. This mailbox is disabled (554.30).",
     refused},
    {"rcpt", "550 Requested action not taken: mailbox unavailable", refused},
    {"rcpt", "550 No such user here", refused},
    {"rcpt", "550 Unrouteable address", refused},
    {"rcpt", "550 5.1.1 unknown or illegal alias: b@c", refused},
    {"rcpt", "550 5.1.1 <b@icloud.com>: user does not exist", refused},
    {"rcpt", "550 5.7.1 No such user!", refused},
    {"rcpt", "550 #5.1.0 Address rejected.", refused},
    {"rcpt", "550 5.1.0 Address rejected", refused},
    {"rcpt", "511 5.1.1 unknown address or alias: b@c", refused},
    {"rcpt", "550 Invalid recipient", refused},
    {"rcpt", "550 <b@c> User unknown", refused},
    {"rcpt", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", refused},
    {"rcpt", "501 5.1.3 Bad recipient address syntax", refused},
    {"rcpt", "501 Syntax error in parameters", refused},
    {"rcpt", "550 5.1.2 Host unknown", refused},
    {"rcpt", "556 5.1.10 Recipient address has null MX", refused},
    {"rcpt", "521 5.3.2 host does not accept mail", sender_refused},
    {"rcpt", "550 5.4.4 Invalid domain", refused},
    {"rcpt", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", refused},
    {"rcpt", "550 5.7.124 RESOLVER.RST.SenderNotInAllowedSendersList", refused},
    {"rcpt", "551 User not local; please try <forward-path>", refused},
    {"rcpt", "550 Account not found", refused},
    {"rcpt", "550 5.1.6 recipient no longer on server: b@c", refused},
    {"rcpt", "550 b@mail.ru: non-local recipient verification failed: user not found", refused},
    {"rcpt", "550 5.7.1 Policy rejection while checking user; no such user here", sender_refused},
    // RCPT TO: us
    {"rcpt", "554 5.7.1 <b@c>: Relay access denied", sender_refused},
    {"rcpt", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", sender_refused},
    {"rcpt", "550 relay not permitted", sender_refused},
    {"rcpt", "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus.",
     sender_refused},
    {"rcpt", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", sender_refused},
    {"rcpt", "550 5.7.511 Access denied, banned sender[192.0.2.1].", sender_refused},
    {"rcpt", "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
     sender_refused},
    {"rcpt", "550 5.7.705 Access denied, tenant has exceeded threshold", sender_refused},
    {"rcpt", "550 5.1.8 Access denied, bad outbound sender AS(42003)", sender_refused},
    {"rcpt", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net",
     sender_refused},
    {"rcpt", "550-Verification failed for <a@b> 550 Sender verify failed: sender address rejected",
     sender_refused},
    {"rcpt", "550 5.7.1 <a@b>: Sender address rejected: SPF check failed", sender_refused},
    {"rcpt", "553 5.3.0 <b@c>... Mail from 192.0.2.1 rejected by blacklist", sender_refused},
    {"rcpt", "550 Your IP address has a poor reputation", sender_refused},
    {"rcpt", "530 Authentication required", login_failed},
    {"rcpt", "503 5.5.1 Error: need MAIL command", sender_refused},
    {"rcpt", "554 Transaction failed", sender_refused},
    {"rcpt", "550 Too many invalid recipients", sender_refused},
    // RCPT TO: later
    {"rcpt", "451 4.7.1 Greylisting in action, please come back later", deferred},
    {"rcpt", "450 4.2.0 <b@c>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch",
     deferred},
    {"rcpt",
     "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
     sender_refused},
    {"rcpt", "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents",
     deferred},
    {"rcpt", "450 4.1.1 <b@c>: Recipient address rejected: unverified address", deferred},
    {"rcpt", "450 4.1.2 <b@c>: Recipient address rejected: Domain not found", deferred},
    {"rcpt", "452 4.2.2 The email account that you tried to reach is over quota.", deferred},
    {"rcpt", "452 4.5.3 Your message has too many recipients", sender_refused},
    {"rcpt", "452 4.1.1 requested action aborted: try again later", deferred},
    {"rcpt", "451 Temporary local problem - please try later", deferred},
    {"rcpt", "451 4.3.0 <b@c>: Temporary lookup failure", deferred},
    {"rcpt", "451 4.4.4 Mail received as unauthenticated, incoming to a recipient domain", sender_refused},
    {"rcpt", "450 4.7.1 Client host rejected: cannot find your reverse hostname", sender_refused},
    {"rcpt", "421 4.7.0 Our system has detected an unusual rate of unsolicited mail", sender_refused},
    {"rcpt",
     "421 RP-001 (SNT004) Unfortunately, some messages from 192.0.2.1 weren't sent. The mail server IP has "
     "exceeded the rate limit",
     sender_refused},
    {"rcpt", "450 Requested mail action not taken: mailbox unavailable", deferred},
    {"rcpt", "451 4.7.500 Server busy. Please try again later from [192.0.2.1].", deferred},
    {"rcpt", "450 ovh_ts: sending limit exceeded for a@b", sender_refused},
    // DATA
    {"data", "451 4.3.0 Temporary failure", deferred},
    {"data", "554 5.5.1 Error: no valid recipients", refused},
    {"data", "503 5.5.1 Error: need RCPT command", sender_refused},
    {"data", "550 5.7.1 Message rejected by policy", sender_refused},
    {"data", "421 4.4.2 Timeout", sender_refused},
    // the final dot
    {"dot", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", sender_refused},
    {"dot", "550 5.7.515 Access denied, sending domain b doesn't meet the required authentication level.",
     sender_refused},
    {"dot", "550-5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail.",
     sender_refused},
    {"dot", "550-5.7.25 The IP address sending this message does not have a PTR record setup",
     sender_refused},
    {"dot",
     "550 5.7.1 The user or domain that you are sending to (or from) has a policy that prohibited the mail",
     sender_refused},
    {"dot", "552-5.7.0 This message was blocked because its content presents a potential security issue.",
     sender_refused},
    {"dot", "550 5.4.5 Daily SMTP relay sending limit exceeded for customer.", sender_refused},
    {"dot", "550 5.4.6 Hop count exceeded - possible mail loop", refused},
    {"dot", "554 5.4.14 Hop count exceeded - possible mail loop ATTR1", refused},
    {"dot", "552 5.3.4 Message size exceeds fixed maximum message size (10485760)", refused},
    {"dot", "552 Message size exceeds maximum permitted", refused},
    {"dot", "554 5.6.0 Corrupt message content", refused},
    {"dot", "550-5.6.0 CAT.InvalidContent.Exception: DataSourceOperationException", refused},
    {"dot", "554 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds", refused},
    {"dot", "554 5.7.1 Message refused", sender_refused},
    {"dot", "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message",
     sender_refused},
    {"dot", "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
     sender_refused},
    {"dot", "550 5.1.1 user unknown", refused},
    {"dot",
     "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
     sender_refused},
    {"dot", "554 Message not allowed - [PH01] Email not accepted for policy reasons.", sender_refused},
    {"dot", "554 Message rejected: Email address is not verified. The following identities failed the check",
     sender_refused},
    {"dot", "550 This message was classified as spam", sender_refused},
    {"dot", "550 High probability of spam", sender_refused},
    {"dot", "554-Transaction failed 554 Reject due to policy restrictions.", sender_refused},
    {"dot", "554 Transaction failed", refused},
    {"dot",
     "550 5.7.509 Access denied, sending domain a does not pass DMARC verification and has a DMARC policy of "
     "reject.",
     sender_refused},
    {"dot", "550 5.7.501 Access denied, spam abuse detected from IP", sender_refused},
    {"dot", "550 5.7.520 Access denied, your organization does not allow external forwarding",
     sender_refused},
    {"dot", "451 4.7.1 Greylisted, please try again in 300 seconds", deferred},
    {"dot", "452 4.3.1 Insufficient system storage", deferred},
    {"dot", "451 4.3.0 Error: queue file write error", deferred},
    {"dot", "451 4.7.24 The SPF record of the sending domain has one or more suspicious entries.",
     sender_refused},
    {"dot", "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP",
     sender_refused},
    {"dot", "421 4.7.26 This mail has been rate limited because it is unauthenticated.", sender_refused},
    {"dot", "450 4.7.0 Requested action not taken: sending rate limit exceeded (IONOS)", sender_refused},
    {"dot", "451 Throttled, too many messages", sender_refused},
    {"dot", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", sender_refused},
};

TEST(SmtpReplies, SayWhoseFaultItIs) {
  EXPECT_GE(std::size(kReplies), 120U);
  for (const Row& row : kReplies) {
    auto line = parse_reply_line(row.reply);
    ASSERT_TRUE(line.has_value()) << row.reply;
    std::string_view text = line->text;
    const std::string enhanced = take_enhanced(text);
    EXPECT_EQ(name_of(outcome_of_reply(row.phase, line->code, enhanced, text)), name_of(row.outcome))
        << row.phase << ": " << row.reply;
  }
}

TEST(SmtpReplies, NeverCallAFailureSuccess) {
  for (const char* phase : {"greeting", "login", "mail", "rcpt", "data", "dot", ""}) {
    for (int code = 300; code < 600; ++code) {
      for (const char* words : {"", "ok", "user unknown", "spam"}) {
        const SendOutcome outcome = outcome_of_reply(phase, code, "", words);
        EXPECT_TRUE(outcome != accepted && outcome != unknown && outcome != withheld) << phase << code;
        // What may pass by itself is neither the contact's fault nor a wrong password.
        EXPECT_TRUE(code >= 500 || outcome == deferred || outcome == sender_refused) << phase << code;
      }
    }
  }
}

}  // namespace
}  // namespace overture::mailbox
