#include "conformance/lab/restart.hpp"

#include "conformance/lab/hook_calls.hpp"
#include "proto/net/task_group.hpp"

#include <fmt/format.h>
#include <boost/asio/cancellation_state.hpp>

#include <array>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

const std::string kHook = "restart";

constexpr net::Duration kOpening = 5s;    // of a connection that is to be ended
constexpr net::Duration kPatience = 60s;  // until the target answers again
constexpr net::Duration kFirstEnd = 10s;  // for a server that ends after it has answered the hook
constexpr net::Duration kNextEnd = 1s;    // for its other part, from then on
constexpr net::Duration kBeat = 50ms;     // between two looks
constexpr net::Duration kPause = 500ms;   // between two questions whether it is there again
constexpr net::Duration kAnswer = 5s;

// Servers in front of one that is not there say so.
bool is_of_a_gateway(int status) { return status == 502 || status == 503 || status == 504; }

// An idle connection, which ends when the server does.
class Witness {
 public:
  Task<void> open(const net::World* world, net::Endpoint from, net::Endpoint to) {
    auto stream = co_await world->network.connect(from, to, net::in(world->clock, kOpening));
    if (stream) stream_ = std::move(*stream);
    is_open_ = stream.has_value();
  }
  Task<void> watch(net::Clock* clock) {
    std::array<char, 256> bytes{};
    while (is_open_ && !ended_) {
      const auto got =
          co_await stream_.async_read_some(boost::asio::buffer(bytes), net::never(*clock));
      ended_ = !got.has_value();
    }
  }
  bool is_open() const { return is_open_; }
  bool ended() const { return ended_; }

 private:
  net::ByteStream stream_;
  bool is_open_ = false, ended_ = false;
};

class Restarting {
 public:
  Restarting(Lab& lab, SpawnedServer* spawned)
      : lab_(lab),
        spawned_(find_hook(lab.target(), kHook) ? nullptr : spawned),
        home_(lab.home()),
        watching_(lab.world().executor) {}

  Task<Restarted> run() {
    const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
    std::exception_ptr failure;
    try {
      co_await tell();
    } catch (...) {
      failure = std::current_exception();
    }
    co_await boost::asio::this_coro::throw_if_cancelled(false);  // watchers refer to this frame
    watching_.cancel();
    co_await watching_.join();
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
    if (failure) std::rethrow_exception(failure);
    co_return done_;
  }

 private:
  std::string cause() const { return spawned_ ? "the restart of --spawn" : "the hook 'restart'"; }

  Task<void> tell() {
    const auto* world = &lab_.world();
    co_await rendezvous_.open(world, home_, lab_.target().rendezvous);
    if (!lab_.target().api.empty()) co_await api_.open(world, home_, api_place(lab_).at);
    watching_.spawn("rendezvous", rendezvous_.watch(&world->clock));
    watching_.spawn("api", api_.watch(&world->clock));
    co_await act_undisturbed();
    if (!done_.failure.empty()) co_return;
    co_await see_it_end();
    if (!done_.failure.empty()) co_return;
    co_await see_it_back();
  }

  // Whoever interrupts the run does not want the server to stay away.
  Task<void> act_undisturbed() {
    net::TaskGroup acting(lab_.world().executor);
    acting.spawn("restart", act());
    co_await acting.join();
    if (acting.failure()) std::rethrow_exception(acting.failure());
  }
  Task<void> act() {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    try {
      if (spawned_) {
        lab_.note("the command of --spawn is ended and started again");
        co_await spawned_->start_again(lab_.world());
      } else {
        HookCalls calls(lab_);
        const boost::json::object nothing;
        const auto answer = co_await calls.run(kHook, nothing);
        if (answer.refused) done_.failure = answer.why;
      }
    } catch (const EarlyEnd& end) {
      done_.failure = end.why;
    } catch (const std::exception& error) {
      done_.failure = cause() + ": " + error.what();
    }
  }

  Task<void> see_it_end() {
    const auto& clock = lab_.world().clock;
    net::Time until = clock.now() + kFirstEnd;
    bool first = false;
    while (clock.now() < until && !(over(rendezvous_) && over(api_))) {
      if (!first && (rendezvous_.ended() || api_.ended())) {
        first = true;
        until = std::min(until, clock.now() + kNextEnd);
      }
      co_await net::sleep_for(lab_.world().clock, kBeat);
    }
    done_.rendezvous = rendezvous_.ended();
    done_.api = api_.ended();
    const bool seen = rendezvous_.is_open() || api_.is_open();
    if (seen && !done_.rendezvous && !done_.api)
      done_.failure = cause() +
                      " has ended nothing: connections from before it are still open. It has to "
                      "restart the server itself, not what stands before it";
  }
  static bool over(const Witness& witness) { return witness.ended() || !witness.is_open(); }

  Task<void> see_it_back() {
    const auto begun = lab_.now();
    const auto patience = spawned_ ? spawned_->patience() : kPatience;
    std::string missing;
    do {
      missing.clear();
      if (spawned_)
        if (const auto text = spawned_->obituary()) {
          done_.failure = cause() + ": " + *text;
          co_return;
        }
      co_await look(missing);
      if (missing.empty()) {
        lab_.note("the target answers again");
        co_return;
      }
      co_await net::sleep_for(lab_.world().clock, kPause);
    } while (lab_.now() - begun < patience);
    done_.failure = fmt::format(
        "the target has not come back: {} s after {} it does not answer at {}",
        std::chrono::duration_cast<std::chrono::seconds>(patience).count(), cause(), missing);
  }

  // Where it does not answer; empty: nowhere.
  Task<void> look(std::string& missing) {
    const auto& target = lab_.target();
    const auto deadline = lab_.within(kAnswer);
    const auto stream = co_await lab_.world().network.connect(home_, target.rendezvous, deadline);
    if (!stream) missing = "TCP " + to_string(target.rendezvous);
    if (!missing.empty() || target.api.empty()) co_return;
    HttpQuestion question("GET", "/api/login-options");
    question.party = "operator";
    question.from = home_;
    missing = target.api;
    try {
      const auto answer = co_await ask_directly(lab_, std::move(question), deadline);
      if (answer && !is_of_a_gateway(answer->status)) missing.clear();
      answer.ignore();
    } catch (const EarlyEnd&) {  // it cannot be reached yet
    }
  }

  Lab& lab_;
  SpawnedServer* spawned_;
  net::Endpoint home_;
  Witness rendezvous_, api_;
  net::TaskGroup watching_;
  Restarted done_;
};

}  // namespace

bool can_be_restarted(const Target& target, const SpawnedServer* spawned) {
  return spawned || find_hook(target, kHook);
}

Task<Restarted> restart_target(Lab& lab, SpawnedServer* spawned) {
  Restarting restarting(lab, spawned);
  co_return co_await restarting.run();
}

}  // namespace deskcheck::conformance
