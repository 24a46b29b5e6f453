// The receiving side of an SMTP conversation (RFC 5321) that takes every mail: line in, answer out.
// Decides what a polite server says; knows no socket.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::sim {

struct Mail {
  std::string from;             // of the envelope, without brackets
  std::vector<std::string> to;  // of the envelope
  std::string text;             // header and body as they came, lines end with \n

  Mail() = default;
};

class SmtpSession {
 public:
  static constexpr std::size_t kLongestLine = 16 << 10;  // bytes; RFC 5321 asks for 1000
  static constexpr std::size_t kLongestMail = 1 << 20;   // bytes
  static constexpr std::size_t kMostRecipients = 100;

  // What the client hears first.
  static std::string greeting() { return "220 deskcheck ESMTP\r\n"; }
  // A line without its end. The answer with its own; empty in the middle of a mail.
  std::string on(std::string_view line);
  // The client has said goodbye: the connection ends after the answer.
  bool over() const { return over_; }
  // The mails that were taken since it was asked last.
  std::vector<Mail> take();

 private:
  enum class Waiting { command, data, user, word, plain };
  std::string on_command(std::string_view line);
  std::string on_data(std::string_view line);
  std::string on_auth(std::string_view how);
  std::string on_mail(std::string_view path);
  std::string on_recipient(std::string_view path);

  Waiting waiting_ = Waiting::command;
  Mail mail_;
  bool has_sender_ = false, too_long_ = false, over_ = false;
  std::vector<Mail> taken_;
};

}  // namespace deskcheck::sim
