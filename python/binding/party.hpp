// What the handles of Python have in common: a world and something that lives in it.
#pragma once

#include "python/binding/blocking.hpp"

namespace deskcheck::python {

// Ends its party when Python forgets it. Derived from by classes that Python sees.
template <class P>
class Handle {
 public:
  // Without a party: begin() makes it.
  explicit Handle(std::shared_ptr<Stage> stage, std::shared_ptr<P> party = nullptr)
      : stage_(std::move(stage)), party_(std::move(party)) {}
  ~Handle() {
    if (party_) dispose(*stage_, party_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // Returns when nothing of it is left; at once if that is so already.
  void stop() {
    auto work = [this](Scene&) -> Task<void> {
      co_await party_->finish();
      stage_->remove(party_);
    };
    if (!stage_->closed()) perform(*stage_, work);
  }

 protected:
  Stage& stage() const { return *stage_; }
  const std::shared_ptr<Stage>& stage_pointer() const { return stage_; }
  P& party() const { return *party_; }

  // `make`: returns the party, called in the world.
  void begin(const std::function<std::shared_ptr<P>(Scene&)>& make) {
    auto work = [&](Scene& scene) -> Task<void> {
      party_ = make(scene);
      stage_->add(party_);
      co_return;
    };
    perform(*stage_, work);
  }
  // For work with the party: raises Closed once it has been stopped.
  void with_party(Work work) const { perform(*stage_, std::move(work), party_); }
  template <class T>
  T look_at_party(std::function<T(P&)> at) const {
    return look<T>(*stage_, [&] { return at(*party_); }, party_);
  }

 private:
  std::shared_ptr<Stage> stage_;
  std::shared_ptr<P> party_;
};

// Where the sockets of a party are bound. On one machine every party has to have an own address:
// servers limit registrations per address. `wanted`: an address, or empty.
net::Endpoint home_for(Scene& scene, const net::Endpoint& server, const std::string& wanted);

// Throws what Python is told: TimedOut with `what`, or ConnectionLost.
[[noreturn]] void throw_failure(const boost::system::error_code& error, const std::string& what);

}  // namespace deskcheck::python
