// The ready queue of a simulated world, as an Asio executor: first in, first out, nothing runs
// inline. Not an io_context: as soon as one timer exists on it (Beast's WebSocket stream owns one),
// every handler that an io_context runs costs an epoll_wait. The context it names is never run, so
// a stray Asio timer never fires here instead of mixing real time into virtual time.
#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <deque>
#include <memory>

namespace deskcheck::net {

class ReadyQueue {
 public:
  template <class F>
  void push(F&& f) {
    items_.emplace_back(new Item<std::decay_t<F>>(std::forward<F>(f)));
  }
  bool run_one() {
    if (items_.empty()) return false;
    auto item = std::move(items_.front());
    items_.pop_front();
    item.release()->run();
    return true;
  }

 private:
  struct Erased {
    virtual ~Erased() = default;
    virtual void run() = 0;  // destroys itself first
    static void* operator new(std::size_t n) {
      return boost::asio::recycling_allocator<unsigned char>().allocate(n);
    }
    static void operator delete(void* p, std::size_t n) {
      boost::asio::recycling_allocator<unsigned char>().deallocate(static_cast<unsigned char*>(p),
                                                                   n);
    }
  };
  template <class F>
  struct Item final : Erased {
    explicit Item(F&& f) : function(std::move(f)) {}
    explicit Item(const F& f) : function(f) {}
    void run() override {
      F local(std::move(function));
      delete this;
      std::move(local)();
    }
    F function;
  };
  std::deque<std::unique_ptr<Erased>> items_;
};

class SimExecutor {
 public:
  SimExecutor(ReadyQueue& queue, boost::asio::execution_context& context) noexcept
      : queue_(&queue), context_(&context) {}
  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return *context_;
  }
  static constexpr boost::asio::execution::blocking_t query(
      boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }
  template <class F>
  void execute(F&& f) const {
    queue_->push(std::forward<F>(f));
  }
  friend bool operator==(const SimExecutor&, const SimExecutor&) noexcept = default;

 private:
  ReadyQueue* queue_;
  boost::asio::execution_context* context_;
};

}  // namespace deskcheck::net
