// A world with a thread of its own, in which everything lives that Python made: servers, devices,
// sessions. Decides how work gets into that thread and how it is ended. Knows nothing of Python:
// the thread of a world never takes the interpreter lock, so whoever holds that lock may wait for
// it.
#pragma once

#include "conformance/runner/address_pools.hpp"
#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace deskcheck::python {

template <class T>
using Task = boost::asio::awaitable<T>;

// The world was closed or the party stopped before the work could begin or end.
struct Gone : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What parties find in their world. Only for its thread.
struct Scene {
  net::World world;
  net::Random random;  // for ids and keys; every draw is new
  // For parties that are to have an own address: of the loopback network, or of the simulated one.
  std::unique_ptr<conformance::AddressPool> addresses;
  bool simulated = false;
  // The calendar time of a time of the world; empty: it began with the year 1970.
  std::function<std::chrono::sys_seconds(net::Time)> calendar;
};

// Something that lives in a world until it is ended. Everything but its destructor is for the
// world's thread.
class Party {
 public:
  explicit Party(const net::World& world) : calls(world.executor) {}
  virtual ~Party() = default;
  // Cancels the work that others do with it and then ends it, once.
  Task<void> finish();
  bool finished() const { return finished_; }

  net::TaskGroup calls;

 protected:
  // Afterwards only the destructor may be called, by whichever thread.
  virtual Task<void> end() = 0;

 private:
  bool finished_ = false;
};

using Work = std::function<Task<void>(Scene&)>;

// One piece of work on its way through the thread of a world.
class Call {
 public:
  // `party`: what the work is done with, if anything.
  Call(Work work, std::shared_ptr<Party> party);
  // For the caller: true once it has ended.
  bool ended_within(std::chrono::milliseconds time);
  // For the caller, afterwards: throws what the work threw, or Gone.
  void rethrow() const;

  // For the world's thread. Never throws.
  static Task<void> run(std::shared_ptr<Call> self, Scene& scene);
  void cancel();
  bool cancelled() const { return cancelled_; }
  void request_cancel() { cancelled_ = true; }
  Party* party() const { return party_.get(); }
  void refuse(std::string why);

 private:
  Task<void> complete(Scene& scene);
  void conclude(std::exception_ptr failure);

  Work work_;
  std::shared_ptr<Party> party_;
  net::TaskGroup* running_ = nullptr;
  bool completed_ = false;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::exception_ptr failure_;
};

class Stage {
 public:
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;  // the makers' deleters close() it first

  // Any thread may call these.
  std::shared_ptr<Call> begin(Work work, std::shared_ptr<Party> party = nullptr);
  virtual void cancel(const std::shared_ptr<Call>& call) = 0;
  // Cancels what runs, ends every party, returns when nothing is left. May be called again.
  void close();
  bool closed() const { return closed_; }
  virtual bool is_virtual() const = 0;

  // For the world's thread: `party` is ended when the world is closed, unless it was before.
  void add(std::shared_ptr<Party> party) { parties_.push_back(std::move(party)); }
  void remove(const std::shared_ptr<Party>& party) { std::erase(parties_, party); }

 protected:
  virtual void deliver(std::shared_ptr<Call> call) = 0;  // with mutex_ held
  virtual void end() = 0;                                // lets the thread end, with mutex_ held
  Task<void> end_parties();
  // Runs `body` in the thread of this world, which leaves all signals to Python's threads.
  void start(std::function<void()> body);

  std::mutex mutex_;

 private:
  std::vector<std::shared_ptr<Party>> parties_;
  std::thread thread_;
  std::mutex closing_;
  std::atomic<bool> closed_ = false;
};

// On sockets and the steady clock. Its random choices are made from `seed`, or by the system.
std::shared_ptr<Stage> make_real_stage(std::optional<std::uint64_t> seed);
// In virtual time, which goes on only while somebody waits. Calls run one after the other.
std::shared_ptr<Stage> make_virtual_stage(std::uint64_t seed);

}  // namespace deskcheck::python
