#include "conformance/lab/meanwhile.hpp"

#include "proto/net/task_group.hpp"

namespace deskcheck::conformance {

namespace {

// What the others do is of no use any more once the story has failed.
Task<void> tell(Task<void> story, net::TaskGroup& work) {
  std::exception_ptr end;
  try {
    co_await std::move(story);
  } catch (...) {
    end = std::current_exception();
  }
  if (!end) co_return;
  work.cancel();
  std::rethrow_exception(end);
}

Task<void> join(net::TaskGroup& group) { co_await group.join(); }

}  // namespace

Task<void> meanwhile(Lab& lab, Task<void> work, Task<void> story) {
  net::TaskGroup others(lab.world().executor), both(lab.world().executor);
  others.spawn("work beside the story", std::move(work));
  both.spawn("others", join(others));
  both.spawn("story", tell(std::move(story), others));
  co_await both.join();
  if (both.failure()) std::rethrow_exception(both.failure());
}

}  // namespace deskcheck::conformance
