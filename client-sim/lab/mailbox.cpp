#include "client-sim/lab/mailbox.hpp"

#include "proto/net/stream.hpp"

namespace deskcheck::sim {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 60s;  // for what a client says next
constexpr net::Duration kLook = 20ms;     // between looks for a mail
constexpr std::size_t kRead = 16 << 10;   // bytes at a time

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

bool is_to(const Mail& mail, const std::string& address) {
  for (const auto& one : mail.to)
    if (lower(one) == address) return true;
  return false;
}

}  // namespace

Mailbox::Mailbox(net::World world, net::Endpoint at)
    : world_(world), listener_(world.network.listen(at)), tasks_(world.executor) {}

Mailbox::~Mailbox() = default;

void Mailbox::start() { tasks_.spawn("mailbox", accept()); }

net::awaitable<void> Mailbox::stop() {
  tasks_.cancel();
  co_await tasks_.join();
}

net::awaitable<void> Mailbox::accept() {
  for (;;) {
    auto stream = co_await listener_->accept(net::never(world_.clock));
    if (!stream) co_return;
    tasks_.spawn("mail connection", serve(std::move(*stream)));
  }
}

net::awaitable<void> Mailbox::serve(net::ByteStream stream) {
  SmtpSession session;
  std::string answer = SmtpSession::greeting();
  std::string pending;
  for (;;) {
    const auto deadline = net::in(world_.clock, kPatience);
    if (!answer.empty()) {
      const auto sent = co_await net::write_all(stream, std::move(answer), deadline);
      if (!sent || session.over()) co_return;
    }
    answer.clear();
    auto end = pending.find('\n');
    if (end == pending.npos) {
      if (pending.size() > SmtpSession::kLongestLine) co_return;
      const auto more = co_await net::read_some(stream, kRead, deadline);
      if (!more) co_return;
      pending += *more;
      continue;
    }
    std::string line = pending.substr(0, end);
    pending.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    answer = session.on(line);
    for (auto& mail : session.take()) {
      mails_.push_back(std::move(mail));
      ++count_;
      if (mails_.size() > kKept) mails_.pop_front();
    }
  }
}

net::awaitable<std::optional<Mail>> Mailbox::next(std::string address, std::size_t seen,
                                                  net::Deadline deadline) const {
  const std::string wanted = lower(address);
  for (;;) {
    const std::size_t forgotten = count_ - mails_.size();
    for (std::size_t i = mails_.size(); i > 0 && forgotten + i > seen; --i)
      if (is_to(mails_[i - 1], wanted)) co_return mails_[i - 1];
    if (deadline.clock->now() >= deadline.at) co_return std::nullopt;
    co_await net::sleep_until(*deadline.clock,
                              std::min(deadline.at, deadline.clock->now() + kLook));
  }
}

}  // namespace deskcheck::sim
