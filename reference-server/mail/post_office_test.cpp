// The thread and its queue; how mail is spoken is tested against a mail server in
// cli/tests/mail_test.py.
#include "reference-server/mail/post_office.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <vector>

namespace deskcheck::server::mail {
namespace {

using boost::asio::ip::tcp;

// Lines from any thread.
class Complaints {
 public:
  void add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    changed_.notify_all();
  }
  std::vector<std::string> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

SmtpAccess at(std::uint16_t port) {
  SmtpAccess access;
  access.place.host = "127.0.0.1";
  access.place.port = port;
  return access;
}

Letter to(const std::string& address) {
  Letter letter;
  letter.from = "server@example.org";
  letter.to = address;
  letter.id = "1";
  return letter;
}

TEST(PostOffice, EachMailThatWasNotSentIsOneLine) {
  boost::asio::io_context io;
  tcp::acceptor closed(io, {boost::asio::ip::address_v4::loopback(), 0});
  const auto port = closed.local_endpoint().port();
  closed.close();
  Complaints complaints;
  PostOffice office(at(port), [&](const std::string& line) { complaints.add(line); });
  office.post(to("alice@example.net"));
  office.post(to("mallory@example.net\r\nRCPT TO:<all@example.net>"));
  const auto lines = complaints.wait(2);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].find("smtp://127.0.0.1:" + std::to_string(port)), std::string::npos);
  EXPECT_NE(lines[1].find("its address is none"), std::string::npos);
}

// The kernel takes connections for the listener, which never says a word.
TEST(PostOffice, ASilentServerHoldsNobodyUp) {
  boost::asio::io_context io;
  const tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  Complaints complaints;
  {
    PostOffice office(at(silent.local_endpoint().port()),
                      [&](const std::string& line) { complaints.add(line); });
    // One is being sent or not yet, 100 wait, and others are too many.
    for (int i = 0; i < 102; ++i) office.post(to("alice@example.net"));
    const auto lines = complaints.wait(1);
    ASSERT_FALSE(lines.empty());
    EXPECT_NE(lines[0].find("too many are waiting"), std::string::npos);
  }
  const auto lines = complaints.wait(2);
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find(" mails were not sent") != std::string::npos;
  }));
}

}  // namespace
}  // namespace deskcheck::server::mail
