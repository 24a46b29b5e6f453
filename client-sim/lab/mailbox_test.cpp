// The mailbox, with the test in the part of a server that sends a code.
#include "client-sim/lab/mailbox.hpp"
#include "client-sim/lab/mail_text.hpp"
#include "client-sim/lab/smtp_session.hpp"
#include "proto/net/stream.hpp"
#include "proto/net/world_test.hpp"

#include <gmock/gmock.h>

namespace deskcheck::sim {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

TEST(LabSmtp, TakesAMail) {
  SmtpSession session;
  EXPECT_THAT(session.on("EHLO me"), StartsWith("250-"));
  EXPECT_THAT(session.on("mail from:<a@example.com> SIZE=10"), StartsWith("250"));
  EXPECT_THAT(session.on("RCPT TO:<b@example.com>"), StartsWith("250"));
  EXPECT_THAT(session.on("RCPT TO:<c@example.com>"), StartsWith("250"));
  EXPECT_THAT(session.on("DATA"), StartsWith("354"));
  EXPECT_EQ(session.on("Subject: x"), "");
  EXPECT_EQ(session.on(""), "");
  EXPECT_EQ(session.on("..dots"), "");
  EXPECT_THAT(session.on("."), StartsWith("250"));
  const auto mails = session.take();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].from, "a@example.com");
  EXPECT_THAT(mails[0].to, testing::ElementsAre("b@example.com", "c@example.com"));
  EXPECT_EQ(mails[0].text, "Subject: x\n\n.dots\n");
  EXPECT_THAT(session.take(), testing::IsEmpty());
  EXPECT_THAT(session.on("QUIT"), StartsWith("221"));
  EXPECT_TRUE(session.over());
}

TEST(LabSmtp, WhoWantsToMayProveWhoHeIs) {
  SmtpSession session;
  EXPECT_THAT(session.on("AUTH PLAIN AGEAYg=="), StartsWith("235"));
  EXPECT_THAT(session.on("AUTH PLAIN"), StartsWith("334"));
  EXPECT_THAT(session.on("AGEAYg=="), StartsWith("235"));
  EXPECT_THAT(session.on("auth login"), StartsWith("334"));
  EXPECT_THAT(session.on("YQ=="), StartsWith("334"));
  EXPECT_THAT(session.on("Yg=="), StartsWith("235"));
  EXPECT_THAT(session.on("AUTH CRAM-MD5"), StartsWith("504"));
}

TEST(LabSmtp, RefusesWhatIsOutOfOrderOrTooMuch) {
  SmtpSession session;
  EXPECT_THAT(session.on("DATA"), StartsWith("503"));
  EXPECT_THAT(session.on("RCPT TO:<b@example.com>"), StartsWith("503"));
  EXPECT_THAT(session.on("MAIL nonsense"), StartsWith("501"));
  EXPECT_THAT(session.on("HELP"), StartsWith("502"));
  (void)session.on("MAIL FROM:<>");
  for (std::size_t i = 0; i < SmtpSession::kMostRecipients; ++i)
    EXPECT_THAT(session.on("RCPT TO:<b@example.com>"), StartsWith("250"));
  EXPECT_THAT(session.on("RCPT TO:<b@example.com>"), StartsWith("452"));
  (void)session.on("DATA");
  const std::string line(1000, 'x');
  for (std::size_t i = 0; i < SmtpSession::kLongestMail / 1000 + 2; ++i) (void)session.on(line);
  EXPECT_THAT(session.on("."), StartsWith("552"));
  EXPECT_THAT(session.take(), testing::IsEmpty());
}

TEST(LabMail, IsReadAsPeopleReadIt) {
  EXPECT_EQ(code_in_text(readable_text("Your code is 123456.\n")), "123456");
  EXPECT_EQ(code_in_text(readable_text("Date: 20261126\nMessage-Id: <654321@x>\n\nIt is 123456\n")),
            "123456");
  EXPECT_EQ(code_in_text(readable_text("Content-Type: text/plain\nContent-Transfer-Encoding: "
                                       "base64\n\nWW91ciBjb2RlOiAxMjM0\nNTY=\n")),
            "123456");
  EXPECT_EQ(code_in_text(readable_text("Content-Type: text/html; charset=utf-8\n"
                                       "Content-Transfer-Encoding: quoted-printable\n\n"
                                       "<style>p {color: #333333; width: 111111px}</style><p "
                                       "style=3D\"color:#222222\">Code: <b>123=\n456</b></p>\n")),
            "123456");
  EXPECT_EQ(code_in_text(
                readable_text("Content-Type: multipart/alternative;\n boundary=\"b 1\"\n\n--b 1\n"
                              "Content-Type: text/html\n\n<b>999999</b>\n--b 1\n"
                              "Content-Type: text/plain\n\n 123456 \n--b 1--\n")),
            "123456");
  EXPECT_EQ(code_in_text("1234567 a123456 #123456 12345"), "");
  EXPECT_EQ(code_in_text("\xe9\xaa\x8c\xe8\xaf\x81\xe7\xa0\x81"
                         "123456\xe3\x80\x82"),
            "123456");
  EXPECT_EQ(readable_text(""), "");
}

template <class AnyWorld>
class MailWorlds : public net::BothWorlds<AnyWorld> {};
TYPED_TEST_SUITE(MailWorlds, net::TheWorlds);

net::awaitable<void> send_mail(net::World world, net::Endpoint to, std::string text) {
  const auto deadline = net::in(world.clock, std::chrono::seconds(5));
  auto stream = co_await world.network.connect(net::there(), to, deadline);
  EXPECT_TRUE(stream.has_value());
  if (!stream) co_return;
  std::string said = "HELO x\r\nMAIL FROM:<s@x>\r\nRCPT TO:<Dave@Example.com>\r\nDATA\r\n" + text +
                     "\r\n.\r\nQUIT\r\n";
  const auto sent = co_await net::write_all(*stream, std::move(said), deadline);
  EXPECT_TRUE(sent.has_value());
  std::string heard;
  for (;;) {
    const auto more = co_await net::read_some(*stream, 1000, deadline);
    if (!more) break;
    heard += *more;
  }
  EXPECT_THAT(heard, testing::EndsWith("221 Bye\r\n"));
}

TYPED_TEST(MailWorlds, AMailIsThereForWhoWaitsForIt) {
  this->ask([](net::World world) -> net::awaitable<void> {
    Mailbox mailbox(world, net::home());
    mailbox.start();
    co_await send_mail(world, mailbox.local(), "first 111111");
    const std::size_t seen = mailbox.count();
    EXPECT_EQ(seen, 1u);
    const auto none = co_await mailbox.next("dave@example.com", seen, net::in(world.clock, 50ms));
    EXPECT_FALSE(none.has_value());
    co_await send_mail(world, mailbox.local(), "second 222222");
    const auto deadline = net::in(world.clock, std::chrono::seconds(5));
    const auto mail = co_await mailbox.next("dave@example.com", seen, deadline);
    EXPECT_TRUE(mail && code_in_text(readable_text(mail->text)) == "222222");
    const auto other = co_await mailbox.next("eve@example.com", 0, net::in(world.clock, 50ms));
    EXPECT_FALSE(other.has_value());
    co_await mailbox.stop();
  });
}

}  // namespace
}  // namespace deskcheck::sim
