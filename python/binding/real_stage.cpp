#include "proto/net/real_world.hpp"
#include "python/binding/stage.hpp"

#include <boost/asio/post.hpp>

namespace deskcheck::python {

namespace {

namespace ip = boost::asio::ip;

class RealStage final : public Stage {
 public:
  explicit RealStage(std::optional<std::uint64_t> seed)
      : real_(seed ? net::Random(*seed) : net::Random::system()),
        scene_{real_.world(), real_.world().random.fork("parties"), loopback_addresses(), false,
               [this](net::Time time) { return real_.calendar(time); }},
        calls_(scene_.world.executor),
        open_(scene_.world.executor) {
    start([this] { real_.run(life()); });
  }

  void cancel(const std::shared_ptr<Call>& call) override {
    boost::asio::post(scene_.world.executor, [call] { call->cancel(); });
  }
  bool is_virtual() const override { return false; }

 private:
  static std::unique_ptr<conformance::AddressPool> loopback_addresses() {
    const auto start = static_cast<std::uint32_t>(net::Random::system().next());
    return std::make_unique<conformance::NetworkPool>(ip::make_network_v4("127.0.0.0/8"), start,
                                                      ip::address_v4::loopback());
  }

  void deliver(std::shared_ptr<Call> call) override {
    boost::asio::post(scene_.world.executor, [this, call] {
      Party* party = call->party();
      if (party && party->finished()) return call->refuse("it was stopped before");
      auto& group = party ? party->calls : calls_;
      group.spawn("call", Call::run(call, scene_));
    });
  }
  void end() override {
    boost::asio::post(scene_.world.executor, [this] { open_.cancel(); });
  }

  Task<void> life() {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    if (!closed())  // end() comes after that; else its cancellation may have been before this
      open_.spawn("until closed", net::sleep_until(scene_.world.clock, net::Time::max()));
    co_await open_.join();
    calls_.cancel();
    co_await end_parties();
    co_await calls_.join();
  }

  net::RealWorld real_;
  Scene scene_;
  net::TaskGroup calls_;  // that are done with no party
  net::TaskGroup open_;
};

}  // namespace

std::shared_ptr<Stage> make_real_stage(std::optional<std::uint64_t> seed) {
  return {new RealStage(seed), [](Stage* stage) {
            stage->close();
            delete stage;
          }};
}

}  // namespace deskcheck::python
