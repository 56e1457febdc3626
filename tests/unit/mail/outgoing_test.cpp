// Messages that leave: what is written is read back the same, and no value can become a header.
#include "mail/outgoing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mail/inbound.hpp"

namespace overture::mail {
namespace {

OutgoingMessage sample() {
  OutgoingMessage message;
  message.from = {"Ada Lovelace", "ada@outreach.example"};
  message.to = {{"Bob", "bob@site.example"}};
  message.subject = "Hello";
  message.text = "Hi Bob,\nhow are you?\n";
  message.message_id = "1.2@outreach.example";
  message.date = 1772442912000;
  return message;
}

void expect_well_formed(const std::string& bytes) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') {
      ASSERT_TRUE(i > 0 && bytes[i - 1] == '\r') << "a bare LF at " << i;
      line = i + 1;
    }
    if (bytes[i] == '\r') {
      ASSERT_EQ(bytes[i + 1], '\n') << "a bare CR at " << i;
      ASSERT_LE(i - line, 998U);
    }
  }
  ASSERT_TRUE(bytes.ends_with("\r\n"));
}

std::string head_of(const std::string& bytes) { return bytes.substr(0, bytes.find("\r\n\r\n") + 2); }

TEST(Outgoing, writes_text) {
  EXPECT_EQ(write_message(sample()),
            "Date: Mon, 02 Mar 2026 09:15:12 +0000\r\n"
            "From: Ada Lovelace <ada@outreach.example>\r\n"
            "To: Bob <bob@site.example>\r\n"
            "Message-ID: <1.2@outreach.example>\r\n"
            "Subject: Hello\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Hi Bob,\r\nhow are you?\r\n");
}

TEST(Outgoing, reads_back) {
  OutgoingMessage message = sample();
  message.from.name = "Zoë \"Z\" O'Hara, PhD";
  message.to = {{"Jürgen Müller-Lüdenscheidt von und zu Irgendwo am Rhein", "j@bücher.example"},
                {"", "x@y.example"}};
  message.cc = {{"A (comment), B", "c@d.example"}};
  message.bcc = {{"Hidden", "hidden@secret.example"}};
  message.reply_to = Mailbox{"Team", "reply+123@outreach.example"};
  message.subject = "Über die schönsten Gärten der Welt und was man dort im Frühling an Blüten sehen kann 🌷";
  message.text = "Zeile mit = und trailing space \n.\nFrom here\n" + std::string(2000, 'x') + "\nEnde ü\n";
  message.html = "<p>Zeile ü</p>";
  message.references = {"a@outreach.example", "b@outreach.example"};
  message.unsubscribe_url = "https://outreach.example/u/abc";
  message.unsubscribe_mailto = "unsub@outreach.example";
  message.one_click = true;
  const std::string bytes = write_message(message);
  expect_well_formed(bytes);
  EXPECT_EQ(bytes, write_message(message));
  EXPECT_EQ(bytes.find("hidden"), std::string::npos);
  const std::string head = head_of(bytes);
  for (const std::string_view line : base::split(head, '\n')) {
    if (line.starts_with("List-")) continue;
    EXPECT_LE(line.size(), 79U) << line;
  }
  const InboundMessage read = parse_message(bytes);
  EXPECT_EQ(read.problem, "");
  EXPECT_EQ(read.from, std::vector<Mailbox>{message.from});
  ASSERT_EQ(read.to.size(), 2U);
  EXPECT_EQ(read.to[0], (Mailbox{message.to[0].name, "j@xn--bcher-kva.example"}));
  EXPECT_EQ(read.cc, message.cc);
  EXPECT_EQ(read.reply_to, std::vector<Mailbox>{*message.reply_to});
  EXPECT_EQ(read.subject, message.subject);
  EXPECT_EQ(read.text, message.text);
  EXPECT_EQ(read.html, "<p>Zeile ü</p>\n");
  EXPECT_EQ(read.message_id, message.message_id);
  EXPECT_EQ(read.in_reply_to, "b@outreach.example");
  EXPECT_EQ(read.references, message.references);
  EXPECT_EQ(read.date, message.date);
  EXPECT_EQ(*read.find_header("List-Unsubscribe"),
            "<https://outreach.example/u/abc>, <mailto:unsub@outreach.example>");
  EXPECT_EQ(*read.find_header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
}

TEST(Outgoing, quotes_what_does_not_survive_every_relay) {
  const std::string full(75, 'x');
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"\n\n", "\r\n\r\n"},
      {"a\rb\r\nc\r", "a\r\nb\r\nc\r\n"},
      {"end  \n\t\n \ta", "end =20\r\n=09\r\n \ta\r\n"},
      {".\n..\na.\n", "=2E\r\n=2E.\r\na.\r\n"},
      {"From me\nFrom\nFrom \n", "=46rom me\r\nFrom\r\n=46rom=20\r\n"},
      {"1=1 \x7F", "1=3D1 =7F\r\n"},
      {full, full + "\r\n"},
      {full + ".From", full + "=\r\n.From\r\n"},
      {full.substr(3) + "=" + "y", full.substr(3) + "=3D=\r\ny\r\n"},
      {full.substr(2) + "=", full.substr(2) + "=\r\n=3D\r\n"},
      {full.substr(1) + " ", full.substr(1) + "=\r\n=20\r\n"},
  };
  for (const auto& [text, quoted] : cases) {
    OutgoingMessage message = sample();
    message.text = text;
    const std::string bytes = write_message(message);
    EXPECT_EQ(bytes.substr(bytes.find("\r\n\r\n") + 4), quoted) << text;
  }
}

TEST(Outgoing, keeps_the_first_and_the_newest_references) {
  OutgoingMessage message = sample();
  for (int i = 0; i < 300; ++i) message.references.push_back(std::to_string(i) + "@outreach.example");
  const InboundMessage read = parse_message(write_message(message));
  ASSERT_EQ(read.references.size(), 100U);
  EXPECT_EQ(read.references.front(), "0@outreach.example");
  EXPECT_EQ(read.references.back(), "299@outreach.example");
}

TEST(Outgoing, knows_when_it_needs_smtputf8) {
  OutgoingMessage message = sample();
  message.to = {{"", "jörg@bücher.example"}};
  EXPECT_TRUE(needs_smtputf8(message));
  EXPECT_NE(write_message(message).find("To: jörg@xn--bcher-kva.example"), std::string::npos);
  message.to = {{"", "joerg@bücher.example"}};
  EXPECT_FALSE(needs_smtputf8(message));
}

TEST(Outgoing, names_what_is_wrong) {
  const auto problem = [](auto change) {
    OutgoingMessage message = sample();
    change(message);
    try {
      write_message(message);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ErrorCode::invalid_value);
      return error.fields().empty() ? std::string("?") : error.fields().front().field;
    }
    return std::string("none");
  };
  EXPECT_EQ(problem([](auto& m) { m.subject = "a\r\nBcc: x@y.example"; }), "subject");
  EXPECT_EQ(problem([](auto& m) { m.subject = std::string("a\0b", 3); }), "subject");
  EXPECT_EQ(problem([](auto& m) { m.from.name = "a\nb"; }), "from");
  EXPECT_EQ(problem([](auto& m) { m.from.address = "a@b.example>\r\nX: y"; }), "from");
  EXPECT_EQ(problem([](auto& m) { m.to[0].address = "a@b.example, c@d.example"; }), "to");
  EXPECT_EQ(problem([](auto& m) { m.to.clear(); }), "to");
  EXPECT_EQ(problem([](auto& m) { m.cc = {{"\r", "a@b.example"}}; }), "cc");
  EXPECT_EQ(problem([](auto& m) { m.bcc = {{"", "no address"}}; }), "bcc");
  EXPECT_EQ(problem([](auto& m) { m.reply_to = Mailbox{"", "x\n@y.example"}; }), "reply_to");
  EXPECT_EQ(problem([](auto& m) { m.message_id = "a b@c"; }), "message_id");
  EXPECT_EQ(problem([](auto& m) { m.message_id = "a@b>\r\nX: y"; }), "message_id");
  EXPECT_EQ(problem([](auto& m) { m.references = {"ok@x", "a\nb@c"}; }), "references");
  EXPECT_EQ(problem([](auto& m) { m.unsubscribe_url = "http://x.example"; }), "unsubscribe_url");
  EXPECT_EQ(problem([](auto& m) { m.unsubscribe_url = "https://x.example/>\r\nX: y"; }), "unsubscribe_url");
  EXPECT_EQ(problem([](auto& m) { m.unsubscribe_mailto = "mailto:a@b.example\r\nX: y"; }),
            "unsubscribe_mailto");
  EXPECT_EQ(problem([](auto& m) { m.one_click = true; }), "one_click");
  EXPECT_EQ(problem([](auto& m) { m.text = "\xFF"; }), "text");
  EXPECT_EQ(problem([](auto& m) { m.subject = "\xFF"; }), "subject");
}

TEST(Outgoing, spaces_around_a_subject_mean_nothing) {
  for (const auto& [subject, read] :
       {std::pair("  Hello  you ", "Hello  you"), std::pair(" ", ""), std::pair("", "")}) {
    OutgoingMessage message = sample();
    message.subject = subject;
    EXPECT_EQ(parse_message(write_message(message)).subject, read);
  }
}

/// Text out of what headers are made of, and some of everything else.
rc::Gen<std::string> nasty() {
  return rc::gen::container<std::string>(rc::gen::element<char>('a', 'B', ' ', ' ', '"', '\\', '<', '>', '@',
                                                                ',', ';', ':', '(', ')', '=', '?', '_', '.',
                                                                '\r', '\n', '\0', '\t'));
}

RC_GTEST_PROP(OutgoingProperty, no_value_becomes_a_header, ()) {
  OutgoingMessage message = sample();
  message.subject = *nasty();
  message.from.name = *nasty();
  message.to[0].name = *nasty();
  message.cc = {{*nasty(), "c@d.example"}};
  if (*rc::gen::inRange(0, 4) == 0) message.to[0].address = *nasty() + "@x.example";
  if (*rc::gen::inRange(0, 4) == 0) message.message_id = *nasty() + "@x.example";
  if (*rc::gen::inRange(0, 4) == 0) message.references = {*nasty()};
  if (*rc::gen::inRange(0, 4) == 0) message.unsubscribe_url = "https://" + *nasty();
  message.text = "x" + *nasty();
  std::erase(message.text, '\0');
  std::string bytes;
  try {
    bytes = write_message(message);
  } catch (const base::Error&) {
    return;
  }
  const InboundMessage read = parse_message(bytes);
  std::vector<std::string> names;
  for (const HeaderLine& line : read.headers) names.push_back(line.name);
  std::vector<std::string> expected{"Date", "From", "To", "Cc", "Message-ID"};
  if (!message.references.empty()) expected.insert(expected.end(), {"In-Reply-To", "References"});
  expected.push_back("Subject");
  if (!message.unsubscribe_url.empty()) expected.push_back("List-Unsubscribe");
  expected.insert(expected.end(), {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"});
  RC_ASSERT(names == expected);
  RC_ASSERT(read.subject == base::trim(message.subject));
  RC_ASSERT(read.to.size() == 1U);
  RC_ASSERT(read.cc.size() == 1U);
}

}  // namespace
}  // namespace overture::mail
