#include "python/binding/stage.hpp"

#include <csignal>

namespace deskcheck::python {

Task<void> Party::finish() {
  if (finished_) co_return;
  finished_ = true;
  // Whoever asked for it may be cancelled; half an end would leave tasks without an owner.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  calls.cancel();
  co_await calls.join();
  co_await end();
}

Call::Call(Work work, std::shared_ptr<Party> party)
    : work_(std::move(work)), party_(std::move(party)) {}

bool Call::ended_within(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return ended_; });
}

void Call::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

void Call::conclude(std::exception_ptr failure) {
  work_ = nullptr;  // what it refers to may be gone as soon as the caller goes on
  const std::lock_guard lock(mutex_);
  failure_ = std::move(failure);
  ended_ = true;
  changed_.notify_all();
}

void Call::refuse(std::string why) { conclude(std::make_exception_ptr(Gone(std::move(why)))); }

Task<void> Call::complete(Scene& scene) {
  co_await work_(scene);
  completed_ = true;
}

Task<void> Call::run(std::shared_ptr<Call> self, Scene& scene) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  net::TaskGroup group(scene.world.executor);
  if (!self->cancelled_) {
    group.spawn("call", self->complete(scene));
    self->running_ = &group;
    co_await group.join();
    self->running_ = nullptr;
  }
  if (group.failure() || self->completed_)
    self->conclude(group.failure());
  else
    self->refuse("stopped while somebody waited for it");
}

void Call::cancel() {
  cancelled_ = true;
  if (running_) running_->cancel();
}

std::shared_ptr<Call> Stage::begin(Work work, std::shared_ptr<Party> party) {
  auto call = std::make_shared<Call>(std::move(work), std::move(party));
  const std::lock_guard lock(mutex_);
  if (closed_)
    call->refuse("the world is closed");
  else
    deliver(call);
  return call;
}

void Stage::close() {
  const std::lock_guard closing(closing_);
  {
    const std::lock_guard lock(mutex_);
    if (!closed_.exchange(true)) end();
  }
  if (thread_.joinable()) thread_.join();
}

Task<void> Stage::end_parties() {
  // The youngest first: it may use the others.
  while (!parties_.empty()) {
    const auto party = parties_.back();
    parties_.pop_back();
    try {
      co_await party->finish();
    } catch (const std::exception&) {
      // Nobody waits for what it has to say, and the others must end, too.
    }
  }
}

void Stage::start(std::function<void()> body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread(std::move(body));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace deskcheck::python
