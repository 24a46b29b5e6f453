// The ready queue of a simulated world, as an Asio executor: first in, first out, nothing runs
// inline. Not an io_context: as soon as one timer exists on it (Beast's WebSocket stream owns one),
// every handler that an io_context runs costs an epoll_wait. The context it names is never run, so
// a stray Asio timer never fires here instead of mixing real time into virtual time. An executor
// also knows its task, so a report can tell who waits for what.
#pragma once

#include "proto/net/task_tree.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <deque>
#include <memory>

namespace deskcheck::net {

class ReadyQueue {
 public:
  template <class F>
  void push(TaskNode* task, F&& f) {
    items_.push_back(
        {std::unique_ptr<Erased>(new Body<std::decay_t<F>>(std::forward<F>(f))), task});
  }
  bool run_one() {
    if (items_.empty()) return false;
    Item item = std::move(items_.front());
    items_.pop_front();
    running_ = item.task;
    item.work.release()->run();
    running_ = &root_;
    return true;
  }
  TaskNode& root() { return root_; }
  // Of the handler that runs now; the root outside of all tasks.
  TaskNode* running() const { return running_; }

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
  struct Body final : Erased {
    explicit Body(F&& f) : function(std::move(f)) {}
    explicit Body(const F& f) : function(f) {}
    void run() override {
      F local(std::move(function));
      delete this;
      std::move(local)();
    }
    F function;
  };
  struct Item {
    std::unique_ptr<Erased> work;
    TaskNode* task;
  };
  TaskNode root_{""};
  TaskNode* running_ = &root_;
  std::deque<Item> items_;
};

class SimExecutor {
 public:
  SimExecutor(ReadyQueue& queue, boost::asio::execution_context& context) noexcept
      : queue_(&queue), context_(&context), task_(&queue.root()) {}
  SimExecutor for_task(TaskNode& task) const {
    SimExecutor copy = *this;
    copy.task_ = &task;
    return copy;
  }
  TaskNode* task() const { return task_; }
  TaskNode* running() const { return queue_->running(); }

  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return *context_;
  }
  static constexpr boost::asio::execution::blocking_t query(
      boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }
  template <class F>
  void execute(F&& f) const {
    queue_->push(task_, std::forward<F>(f));
  }
  friend bool operator==(const SimExecutor&, const SimExecutor&) noexcept = default;

 private:
  ReadyQueue* queue_;
  boost::asio::execution_context* context_;
  TaskNode* task_;  // three pointers: any_io_executor holds no more without allocating
};

}  // namespace deskcheck::net
