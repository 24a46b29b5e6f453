// Owns coroutines. Nothing in the product is detached: whoever spawns tasks cancels and joins them,
// so no frame outlives what it refers to.
#pragma once

#include "proto/net/deadline.hpp"
#include "proto/net/task_tree.hpp"

#include <list>
#include <string>

namespace deskcheck::net {

class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // a programmer error (terminates) unless it is empty

  // `name` is for reports. A task spawned after cancel() runs like any other.
  void spawn(std::string name, awaitable<void> task);
  // Cancels the tasks that run now.
  void cancel();
  // Waits for all tasks; cancelling the caller cancels them, and still waits.
  awaitable<void> join();
  // Cancels at the deadline; true if all ended in time.
  awaitable<bool> join_until(Deadline deadline);

  bool empty() const { return tasks_.empty(); }
  std::vector<std::string> names() const;
  // The first exception that was not a cancellation.
  std::exception_ptr failure() const { return failure_; }

 private:
  struct Task {
    Task(std::string name, TaskNode& group) : node(std::move(name), &group) {}
    TaskNode node;
    asio::cancellation_signal signal;
  };
  void ended(std::list<Task>::iterator task, std::exception_ptr error);

  asio::any_io_executor executor_;
  TaskNode node_;
  std::list<Task> tasks_;
  Waiter joiner_;
  std::exception_ptr failure_;
};

}  // namespace deskcheck::net
