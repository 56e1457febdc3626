// Encryption on the way out: no log-in before the certificate is known to be good.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/crypto.hpp"
#include "unit/mailbox/smtp_sending.hpp"

namespace overture::mailbox {
namespace {

class SmtpTls : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(ca_file_); }
  SmtpOptions trusting(const testing::StubCertificate& certificate) {
    std::ofstream(ca_file_) << certificate.ca_pem;
    SmtpOptions options = quick();
    options.trust.ca_file = ca_file_;
    return options;
  }
  std::string ca_file_ = std::filesystem::temp_directory_path() / ("ca-" + base::random_hex(8) + ".pem");
};

TEST_F(SmtpTls, VerifiesCertificatesBeforeTheLogin) {
  struct Row {
    const char* name;
    testing::StubCertificate certificate;
    bool trusted;
    const char* said;  ///< empty: fine
  };
  const std::vector<Row> rows = {
      {"good", testing::make_certificate("127.0.0.1"), true, ""},
      {"other name", testing::make_certificate("mail.other.test"), true, "another name"},
      {"expired", testing::make_certificate("127.0.0.1", -3), true, "expired"},
      {"self-signed", testing::make_certificate("127.0.0.1", 30, true), false, "self-signed"},
      {"unknown authority", testing::make_certificate("127.0.0.1"), false, "authority"},
  };
  for (const Row& row : rows) {
    for (Security security : {Security::tls, Security::starttls}) {
      SmtpScript script;
      script.certificate = &row.certificate;
      script.tls_first = security == Security::tls;
      SmtpStub stub(script);
      SmtpClient client(row.trusted ? trusting(row.certificate) : quick());
      const auto [result, asked] = send(client, {"127.0.0.1", stub.port(), security});
      if (*row.said == 0) {
        EXPECT_EQ(result.outcome, SendOutcome::accepted) << result.text;
        EXPECT_EQ(send(client, {"127.0.0.1", stub.port(), security}).result.outcome, SendOutcome::accepted);
        EXPECT_EQ(stub.connections(), 1);
        continue;
      }
      EXPECT_EQ(name_of(result.outcome), "sender_refused") << row.name;
      EXPECT_EQ(result.phase, "tls") << row.name;
      EXPECT_NE(result.text.find(row.said), std::string::npos) << row.name << ": " << result.text;
      for (const std::string& command : stub.commands())
        EXPECT_FALSE(command.starts_with("AUTH")) << row.name;
    }
  }
}

TEST_F(SmtpTls, NeverLogsInWhenStarttlsWasStripped) {
  SmtpScript script;
  script.ehlo = "250-stub\r\n250 AUTH PLAIN";
  SmtpStub stub(script);
  SmtpClient client(quick());
  const auto [result, asked] = send(client, {"127.0.0.1", stub.port(), Security::starttls});
  EXPECT_EQ(result.outcome, SendOutcome::sender_refused) << result.text;
  EXPECT_EQ(result.phase, "tls");
  EXPECT_NE(result.text.find("STARTTLS"), std::string::npos);
  for (const std::string& command : stub.commands()) EXPECT_FALSE(command.starts_with("AUTH"));
}

}  // namespace
}  // namespace overture::mailbox
