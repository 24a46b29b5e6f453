#include "reference-server/mail/letter.hpp"

#include "proto/wire/keys.hpp"
#include "reference-server/mail/smtp_place.hpp"

#include <gtest/gtest.h>

namespace deskcheck::server::mail {
namespace {

Letter letter() {
  Letter one;
  one.from = "server@example.org";
  one.to = "alice@example.net";
  one.subject = "Your code";
  one.text = "123456";
  one.date = std::chrono::sys_days(std::chrono::year(2026) / 3 / 5) + std::chrono::seconds(3723);
  one.id = "0a1b";
  return one;
}

TEST(Letter, IsWrittenWithAllItsHeaders) {
  EXPECT_EQ(written(letter()),
            "Date: Thu, 5 Mar 2026 01:02:03 +0000\r\n"
            "From: <server@example.org>\r\n"
            "To: <alice@example.net>\r\n"
            "Message-ID: <0a1b@example.org>\r\n"
            "Subject: Your code\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "\r\n"
            "MTIzNDU2\r\n");
}

TEST(Letter, AnyTextGoesIntoItsBodyAndNothingIntoItsHeaders) {
  auto one = letter();
  one.text = std::string(200, 'x') + "\r\n.\r\n\xc3\xa4";
  one.subject = "a\r\nBcc: mallory@example.org";
  const auto mail = written(one);
  EXPECT_NE(mail.find("Subject: aBcc: mallory@example.org\r\n"), std::string::npos);
  const auto body = mail.substr(mail.find("\r\n\r\n") + 4);
  std::string base64;
  for (std::size_t begin = 0; begin < body.size();) {
    const auto end = body.find("\r\n", begin);
    EXPECT_LE(end - begin, 76u);
    base64 += body.substr(begin, end - begin);
    begin = end + 2;
  }
  EXPECT_EQ(wire::from_base64(base64).value(), one.text);
}

TEST(Letter, AddressesThatCouldBeMoreAreNone) {
  for (const char* good : {"a@b", "alice.b+c@mail.example.org", "a_b@127.0.0.1"})
    EXPECT_TRUE(is_address(good)) << good;
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b\r\nBcc: c@d", "a@b>", "<a@b",
                          "a@b,c@d", "\"a\"@b", "a@b c", "\xc3\xa4@b", "a@b@c", "-f@b", "a@b;c"})
    EXPECT_FALSE(is_address(bad)) << bad;
  EXPECT_FALSE(is_address(std::string(255, 'a') + "@b"));
}

TEST(SmtpPlace, UrlsAreTakenApart) {
  const auto parts = [](std::string_view url) -> std::string {
    const auto place = parse_smtp_url(url);
    if (!place) return "none";
    return (place->tls ? "tls " : "") + place->host + " " + std::to_string(place->port) +
           (is_loopback(*place) ? " here" : "");
  };
  EXPECT_EQ(parts("smtp://mail.example.org:587"), "mail.example.org 587");
  EXPECT_EQ(parts("smtp://localhost"), "localhost 25 here");
  EXPECT_EQ(parts("smtps://[::1]"), "tls ::1 465 here");
  EXPECT_EQ(parts("smtp://127.1.2.3/"), "127.1.2.3 25 here");
  EXPECT_EQ(parts("smtps://10.0.0.1:1"), "tls 10.0.0.1 1");
  for (const char* bad : {"", "mail.example.org", "http://h", "smtp://", "smtp://h:0", "smtp://h:x",
                          "smtp://a@b", "smtp://h/path", "smtp://h\r\nX"})
    EXPECT_EQ(parts(bad), "none") << bad;
}

}  // namespace
}  // namespace deskcheck::server::mail
