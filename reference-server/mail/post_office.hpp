// Sends mail by SMTP on a thread of its own, so that nobody waits for it. A mail that cannot be
// sent is told in one line and is gone: whoever needs it asks for another one.
#pragma once

#include "reference-server/mail/letter.hpp"
#include "reference-server/mail/smtp_place.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace deskcheck::server::mail {

struct SmtpAccess {
  SmtpPlace place;
  std::string user, password;  // empty: nobody signs in
  std::string ca_file;         // PEM; empty: certificates of the system are trusted
  // Without it STARTTLS is demanded of smtp:// unless the place is on this machine
  // and no certificates are named.
  bool may_be_plain = false;

  SmtpAccess() = default;
};

class PostOffice {
 public:
  // `complain` gets one line for each mail that was not sent, on whatever thread.
  PostOffice(SmtpAccess access, std::function<void(const std::string&)> complain);
  PostOffice(const PostOffice&) = delete;
  PostOffice& operator=(const PostOffice&) = delete;
  // Gives up what has not been sent yet.
  ~PostOffice();

  // Returns at once. At most 100 letters wait; a letter beyond is not sent.
  void post(Letter letter);

 private:
  void work();
  void deliver(const Letter& letter);
  bool stopping();

  const SmtpAccess access_;
  const std::function<void(const std::string&)> complain_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Letter> waiting_;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace deskcheck::server::mail
