#include "proto/net/sim_world.hpp"
#include "python/binding/stage.hpp"

#include <deque>

namespace deskcheck::python {

namespace {

using namespace std::chrono_literals;
namespace ip = boost::asio::ip;

// Looks whether the caller still wants the answer, while virtual time passes.
Task<void> cancel_on_request(const net::World& world, std::shared_ptr<Call> call) {
  while (!call->cancelled()) co_await net::sleep_for(world.clock, 1s);
  call->cancel();
}

Task<void> perform(Scene& scene, std::shared_ptr<Call> call) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  net::TaskGroup watch(scene.world.executor);
  watch.spawn("interrupt", cancel_on_request(scene.world, call));
  co_await Call::run(call, scene);
  watch.cancel();
  co_await watch.join();
}

class VirtualStage final : public Stage {
 public:
  explicit VirtualStage(std::uint64_t seed)
      : sim_(seed),
        scene_{sim_.world(), sim_.world().random.fork("parties"), simulated_addresses(), true, {}} {
    start([this] { live(); });
  }

  void cancel(const std::shared_ptr<Call>& call) override { call->request_cancel(); }
  bool is_virtual() const override { return true; }

 private:
  static std::unique_ptr<conformance::AddressPool> simulated_addresses() {
    return std::make_unique<conformance::NetworkPool>(ip::make_network_v4("10.1.0.0/16"), 0,
                                                      ip::address_v4());
  }

  void deliver(std::shared_ptr<Call> call) override {
    waiting_.push_back(std::move(call));
    changed_.notify_one();
  }
  void end() override {
    if (current_) current_->request_cancel();
    for (const auto& call : waiting_) call->request_cancel();
    changed_.notify_one();
  }

  // The next call; null when there is none and will be none.
  std::shared_ptr<Call> next() {
    std::unique_lock lock(mutex_);
    current_.reset();
    changed_.wait(lock, [this] { return closed() || !waiting_.empty(); });
    if (waiting_.empty()) return nullptr;
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    return current_;
  }

  void live() {
    while (const auto call = next()) {
      if (call->party() && call->party()->finished())
        call->refuse("it was stopped before");
      else
        (void)sim_.run(perform(scene_, call));
    }
    (void)sim_.run(end_parties());
  }

  net::SimWorld sim_;
  Scene scene_;
  std::deque<std::shared_ptr<Call>> waiting_;
  std::shared_ptr<Call> current_;
  std::condition_variable changed_;
};

}  // namespace

std::shared_ptr<Stage> make_virtual_stage(std::uint64_t seed) {
  return {new VirtualStage(seed), [](Stage* stage) {
            stage->close();
            delete stage;
          }};
}

}  // namespace deskcheck::python
