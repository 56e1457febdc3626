"""Mails as they come into a mailbox: answers, bounces, absences, and what has nothing to do with us."""

WORDS = ("and the of a for with order meeting invoice report please week update regards project team thanks new this "
         "that will have been about from there their account delivery question morning").split()


def make_reply(message_id, sender, login, number):
    return (f"From: Pat <{sender}>\r\nTo: {login}\r\nSubject: Re: hello\r\nMessage-ID: <r{number}@there.example>\r\n"
            f"In-Reply-To: <{message_id}>\r\nReferences: <{message_id}>\r\n"
            "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nYes, gladly.\r\n")


def make_absence(message_id, sender, login, number):
    return (f"From: Pat <{sender}>\r\nTo: {login}\r\nSubject: Out of office: hello\r\n"
            f"Message-ID: <o{number}@there.example>\r\nIn-Reply-To: <{message_id}>\r\nAuto-Submitted: auto-replied\r\n"
            "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nI am away and answer when I am back.\r\n")


def make_bounce(message_id, to, login, number=1):
    return (f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\nTo: {login}\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
            f"Message-ID: <b{number}@mx.example>\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"xx\"\r\n\r\n--xx\r\n"
            f"Content-Type: text/plain\r\n\r\n<{to}>: host mx said: 550 5.1.1 unknown\r\n\r\n--xx\r\n"
            "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n--xx\r\n"
            f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: hello\r\n\r\n--xx--\r\n")


def make_unrelated(number, chance, login):
    """One to four kB: every third has HTML beside its text."""
    words = " ".join(chance.choices(WORDS, k=chance.randrange(150, 600)))
    text = "\r\n".join(words[at:at + 72] for at in range(0, len(words), 72))
    head = (f"Return-Path: <n{number}@sender{number % 977}.example>\r\nReceived: from mx.example by in.test; "
            f"Mon, 02 Mar 2026 10:00:00 +0000\r\nFrom: Sender {number} <n{number}@sender{number % 977}.example>\r\n"
            f"To: {login}\r\nSubject: {words[:40]}\r\nMessage-ID: <u{number}@sender.example>\r\n"
            "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n")
    if number % 3:
        return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    half = text[:len(text) // 2]
    return (f"{head}List-Unsubscribe: <https://sender.example/u/{number}>\r\n"
            "Content-Type: multipart/alternative; boundary=\"yy\"\r\n\r\n--yy\r\nContent-Type: text/plain\r\n\r\n"
            f"{half}\r\n--yy\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>{half}</p>"
            f"<a href=\"https://sender.example/{number}\">more</a></body></html>\r\n--yy--\r\n")
