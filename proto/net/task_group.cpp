#include "proto/net/task_group.hpp"

#include "proto/net/sim_executor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace deskcheck::net {

namespace {

bool is_cancellation(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

// In a simulated world executors know their task; in the real one nobody asks.
TaskNode* running_task(const asio::any_io_executor& executor) {
  const auto* sim = executor.target<SimExecutor>();
  return sim ? sim->running() : nullptr;
}

asio::any_io_executor for_task(const asio::any_io_executor& executor, TaskNode& task) {
  const auto* sim = executor.target<SimExecutor>();
  return sim ? asio::any_io_executor(sim->for_task(task)) : executor;
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : executor_(std::move(executor)), node_("", running_task(executor_)) {}

TaskGroup::~TaskGroup() {
  if (!tasks_.empty()) std::terminate();
}

void TaskGroup::spawn(std::string name, awaitable<void> task) {
  auto entry = tasks_.emplace(tasks_.end(), std::move(name), node_);
  auto done = [this, entry](std::exception_ptr error) { ended(entry, error); };
  asio::co_spawn(for_task(executor_, entry->node), std::move(task),
                 asio::bind_cancellation_slot(entry->signal.slot(), std::move(done)));
}

void TaskGroup::ended(std::list<Task>::iterator task, std::exception_ptr error) {
  if (error && !failure_ && !is_cancellation(error)) failure_ = error;
  tasks_.erase(task);
  if (tasks_.empty()) joiner_.finish({});
}

void TaskGroup::cancel() {
  for (auto& task : tasks_) task.signal.emit(asio::cancellation_type::terminal);
}

awaitable<void> TaskGroup::join() {
  // A cleanup path: a cancelled parent passes its cancellation on, but still waits for its
  // children. throw_if_cancelled belongs to the whole task, not to this frame: save it and put it
  // back.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto executor = co_await asio::this_coro::executor;
  auto parent = co_await asio::this_coro::cancellation_state;
  auto slot = parent.slot();
  auto initiation = [this](auto handler, asio::any_io_executor fallback) {
    joiner_.start(Completion(std::move(handler), fallback));
  };
  // Again, if a task was spawned between the end of the last one and this frame's next step.
  while (!tasks_.empty()) {
    if (parent.cancelled() != asio::cancellation_type::none) cancel();
    if (slot.is_connected()) slot.assign([this](asio::cancellation_type) { cancel(); });
    auto token = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(error_code, std::size_t)>(initiation, token,
                                                                                  executor);
    slot.clear();
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (throws && parent.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

awaitable<bool> TaskGroup::join_until(Deadline deadline) {
  bool in_time = true;
  Alarm alarm([this, &in_time] {
    in_time = false;
    cancel();
  });
  deadline.clock->arm(alarm, deadline.at);
  co_await join();
  co_return in_time;
}

std::vector<std::string> TaskGroup::names() const {
  std::vector<std::string> list;
  for (const auto& task : tasks_) list.push_back(task.node.name());
  return list;
}

}  // namespace deskcheck::net
