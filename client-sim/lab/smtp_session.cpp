#include "client-sim/lab/smtp_session.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace deskcheck::sim {

namespace {

constexpr char kOk[] = "250 OK\r\n";
constexpr char kSyntax[] = "501 Syntax error\r\n";

std::string upper(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return copy;
}

// "FROM:<a@b> SIZE=3" is "a@b"; nothing if it is no path.
std::optional<std::string> path_in(std::string_view text) {
  const auto open = text.find('<'), close = text.find('>');
  if (open == text.npos || close == text.npos || close < open) return std::nullopt;
  return std::string(text.substr(open + 1, close - open - 1));
}

}  // namespace

std::vector<Mail> SmtpSession::take() { return std::exchange(taken_, {}); }

std::string SmtpSession::on(std::string_view line) {
  switch (waiting_) {
    case Waiting::data:
      return on_data(line);
    case Waiting::user:
      waiting_ = Waiting::word;
      return "334 UGFzc3dvcmQ6\r\n";
    case Waiting::word:
    case Waiting::plain:
      waiting_ = Waiting::command;
      return "235 2.7.0 Welcome\r\n";
    case Waiting::command:
      break;
  }
  return on_command(line);
}

std::string SmtpSession::on_command(std::string_view line) {
  const auto space = std::min(line.find(' '), line.size());
  const std::string verb = upper(line.substr(0, space));
  const auto rest = line.substr(std::min(space + 1, line.size()));
  if (verb == "EHLO")
    return "250-deskcheck\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE " +
           std::to_string(kLongestMail) + "\r\n";
  if (verb == "HELO") return "250 deskcheck\r\n";
  if (verb == "AUTH") return on_auth(rest);
  if (verb == "MAIL") return on_mail(rest);
  if (verb == "RCPT") return on_recipient(rest);
  if (verb == "DATA") {
    if (mail_.to.empty()) return "503 Bad sequence of commands\r\n";
    waiting_ = Waiting::data;
    return "354 End with a dot alone\r\n";
  }
  if (verb == "RSET") {
    mail_ = Mail();
    has_sender_ = false;
    return kOk;
  }
  if (verb == "NOOP") return kOk;
  if (verb == "VRFY") return "252 Try it\r\n";
  if (verb == "QUIT") {
    over_ = true;
    return "221 Bye\r\n";
  }
  return "502 Command not implemented\r\n";
}

// RFC 4954: whoever wants to prove who he is may.
std::string SmtpSession::on_auth(std::string_view how) {
  const auto space = std::min(how.find(' '), how.size());
  const std::string mechanism = upper(how.substr(0, space));
  const bool complete = space + 1 < how.size();
  if (mechanism == "PLAIN") {
    if (complete) return "235 2.7.0 Welcome\r\n";
    waiting_ = Waiting::plain;
    return "334 \r\n";
  }
  if (mechanism != "LOGIN") return "504 Unknown mechanism\r\n";
  waiting_ = complete ? Waiting::word : Waiting::user;
  return complete ? "334 UGFzc3dvcmQ6\r\n" : "334 VXNlcm5hbWU6\r\n";
}

std::string SmtpSession::on_mail(std::string_view path) {
  const auto from = upper(path).starts_with("FROM:") ? path_in(path) : std::nullopt;
  if (!from) return kSyntax;
  mail_ = Mail();
  mail_.from = *from;
  has_sender_ = true;
  return kOk;
}

std::string SmtpSession::on_recipient(std::string_view path) {
  const auto to = upper(path).starts_with("TO:") ? path_in(path) : std::nullopt;
  if (!to || to->empty()) return kSyntax;
  if (!has_sender_) return "503 Bad sequence of commands\r\n";
  if (mail_.to.size() >= kMostRecipients) return "452 Too many recipients\r\n";
  mail_.to.push_back(*to);
  return kOk;
}

std::string SmtpSession::on_data(std::string_view line) {
  if (line != ".") {
    if (line.starts_with('.')) line.remove_prefix(1);  // RFC 5321, 4.5.2
    too_long_ = too_long_ || mail_.text.size() + line.size() > kLongestMail;
    if (!too_long_) mail_.text += std::string(line) + '\n';
    return {};
  }
  waiting_ = Waiting::command;
  has_sender_ = false;
  const bool refused = std::exchange(too_long_, false);
  if (!refused) taken_.push_back(std::move(mail_));
  mail_ = Mail();
  return refused ? "552 Too much mail data\r\n" : kOk;
}

}  // namespace deskcheck::sim
