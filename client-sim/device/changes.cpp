#include "client-sim/device/changes.hpp"

namespace deskcheck::sim {

namespace {

// A place in the list for as long as one wait lasts, however it ends.
class Place {
 public:
  explicit Place(std::list<net::Waiter>& list) : list_(list), waiter_(list.emplace(list.end())) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { list_.erase(waiter_); }
  net::Waiter* waiter() { return &*waiter_; }

 private:
  std::list<net::Waiter>& list_;
  std::list<net::Waiter>::iterator waiter_;
};

}  // namespace

void Changes::announce() {
  for (auto& waiter : waiting_) waiter.finish({});
}

Task<net::Result<void>> Changes::next(net::Deadline deadline) {
  Place place(waiting_);
  auto executor = co_await boost::asio::this_coro::executor;
  auto initiation = [](auto handler, boost::asio::any_io_executor fallback, net::Waiter* waiter) {
    waiter->start(net::Completion(std::move(handler), std::move(fallback)));
  };
  auto woken = co_await boost::asio::async_initiate<net::Deadline,
                                                    void(boost::system::error_code, std::size_t)>(
      initiation, deadline, executor, place.waiter());
  if (!woken) co_return woken.error();
  co_return net::Result<void>();
}

}  // namespace deskcheck::sim
