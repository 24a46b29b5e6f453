// An SMTP server that keeps what it gets, in memory: where a server under test sends its codes.
#pragma once

#include "client-sim/lab/smtp_session.hpp"
#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace deskcheck::sim {

class Mailbox {
 public:
  static constexpr std::size_t kKept = 1000;  // mails; older ones are forgotten

  // Listens; throws boost::system::system_error if `at` cannot be bound. Port 0 takes a free one.
  Mailbox(net::World world, net::Endpoint at);
  ~Mailbox();

  net::Endpoint local() const { return listener_->local(); }
  void start();
  net::awaitable<void> stop();

  // How many mails have come since it was made.
  std::size_t count() const { return count_; }
  // The newest mail to this address, which is compared without regard to case, of those after the
  // first `seen`; waits for it. Nothing at the deadline.
  net::awaitable<std::optional<Mail>> next(std::string address, std::size_t seen,
                                           net::Deadline deadline) const;

 private:
  net::awaitable<void> accept();
  net::awaitable<void> serve(net::ByteStream stream);

  net::World world_;
  std::unique_ptr<net::Listener> listener_;
  net::TaskGroup tasks_;
  std::deque<Mail> mails_;
  std::size_t count_ = 0;
};

}  // namespace deskcheck::sim
