#include "proto/net/real_world.hpp"

#include "proto/net/real_sockets.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <csignal>

namespace deskcheck::net {
namespace {

constexpr Duration kSameRequest = std::chrono::milliseconds(500);

}  // namespace

RealWorld::RealWorld(std::uint64_t seed) : RealWorld(Random(seed)) {}
RealWorld::RealWorld(Random random) : random_(random), room_(std::make_unique<ReceiveRoom>()) {}
RealWorld::~RealWorld() = default;

Time RealWorld::now() const { return Time(std::chrono::steady_clock::now() - start_); }

void RealWorld::first_changed() {
  const auto at = start_ + next().time_since_epoch();
  // Most alarms are deadlines that never ring: an early wake-up is cheaper than a new wait per
  // alarm.
  if (timer_running_ && timer_.expiry() <= at) return;
  timer_running_ = true;
  timer_.expires_at(at);
  timer_.async_wait([this](error_code ec) {
    if (!ec) ring_due();
  });
}

std::chrono::sys_seconds RealWorld::calendar(Time time) const {
  const auto system = std::chrono::system_clock::now() + (time - now());
  return std::chrono::floor<std::chrono::seconds>(system);
}

void RealWorld::ring_due() {
  timer_running_ = false;
  const Time due = now();
  while (!idle() && next() <= due) ring_first();
  if (!idle()) first_changed();
}

void RealWorld::run(awaitable<void> scenario) {
  io_.restart();
  // A scenario may wait for nothing that the kernel knows, such as an alarm that is never armed.
  const auto work = asio::make_work_guard(io_);
  if (!idle()) first_changed();  // alarms that outlived the run before
  TaskGroup root(io_.get_executor());
  root.spawn("scenario", std::move(scenario));
  while (!root.empty()) io_.run_one();
  timer_.cancel();
  timer_running_ = false;
  io_.poll();  // handlers of what was cancelled; the frames they belong to are still there
  if (root.failure()) std::rethrow_exception(root.failure());
}

void RealWorld::on_signal(std::function<void()> callback) {
  impatience_.disarm();
  signals_.clear();
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this, call = std::move(callback)](error_code ec, int) {
    if (ec) return;
    arm(impatience_, now() + kSameRequest);
    call();
  });
}

std::unique_ptr<DatagramSocket> RealWorld::bind_udp(Endpoint local) {
  return std::make_unique<RealDatagramSocket>(io_, local, *room_);
}
std::unique_ptr<Listener> RealWorld::listen(Endpoint local) {
  return std::make_unique<RealListener>(io_, local);
}
Result<std::unique_ptr<StreamEnd>> RealWorld::open(Endpoint from, Endpoint to) {
  return RealStream::open(io_, from, to);
}

}  // namespace deskcheck::net
