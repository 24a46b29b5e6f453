// One type-erased completion handler for every operation of the seam: (error, byte count).
// It carries the executor and the cancellation slot of the handler it hides, so Asio treats it as
// any other handler: real sockets take it directly, and Beast's composed operations survive it.
// Hand-written: asio::any_completion_handler of Boost 1.81 can neither be assigned nor posted to
// through its executor, and its signature is exact.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <utility>

namespace deskcheck::net {

namespace asio = boost::asio;
using boost::system::error_code;

class Completion {
 public:
  using executor_type = asio::any_io_executor;
  using cancellation_slot_type = asio::cancellation_slot;

  Completion() = default;
  template <class H>
    requires(!std::is_same_v<std::decay_t<H>, Completion>)
  Completion(H&& handler, const executor_type& fallback)
      : body_(new Body<std::decay_t<H>>(std::forward<H>(handler), fallback)) {}

  explicit operator bool() const { return body_ != nullptr; }
  executor_type get_executor() const noexcept { return body_->executor; }
  cancellation_slot_type get_cancellation_slot() const noexcept { return body_->slot; }

  // The default count lets async_wait and async_connect, whose signature is (error), take it too.
  void operator()(error_code ec, std::size_t n = 0) { body_.release()->call(ec, n); }

 private:
  struct Erased {
    Erased(executor_type e, cancellation_slot_type s) : executor(std::move(e)), slot(s) {}
    virtual ~Erased() = default;
    virtual void call(error_code ec, std::size_t n) = 0;
    executor_type executor;
    cancellation_slot_type slot;
    static void* operator new(std::size_t n) {
      return asio::recycling_allocator<unsigned char>().allocate(n);
    }
    static void operator delete(void* p, std::size_t n) {
      asio::recycling_allocator<unsigned char>().deallocate(static_cast<unsigned char*>(p), n);
    }
  };
  template <class H>
  struct Body final : Erased {
    template <class T>
    Body(T&& h, const executor_type& fallback)
        : Erased(asio::get_associated_executor(h, fallback),
                 asio::get_associated_cancellation_slot(h)),
          handler(std::forward<T>(h)) {}
    void call(error_code ec, std::size_t n) override {
      H local(std::move(handler));
      delete this;  // free the memory first: the next operation of the handler reuses it
      std::move(local)(ec, n);
    }
    H handler;
  };
  std::unique_ptr<Erased> body_;
};

// At most one waiting completion. Cancellation empties it; so does its owner's destructor.
class Waiter {
 public:
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { finish(asio::error::operation_aborted); }

  bool waiting() const { return static_cast<bool>(completion_); }
  asio::any_io_executor executor() const { return completion_.get_executor(); }  // if waiting
  void start(Completion completion);
  // Never runs the completion inside the call: it is posted to its executor.
  void finish(error_code ec, std::size_t n = 0);

 private:
  Completion completion_;
};

void post_completion(Completion completion, error_code ec, std::size_t n = 0);

}  // namespace deskcheck::net
