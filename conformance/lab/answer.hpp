// What a party got back, or why it got nothing. An answer that nobody looks at is an error of the
// suite: a case would otherwise pass by forgetting a check.
#pragma once

#include "conformance/lab/verdict.hpp"
#include "proto/net/deadline.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace deskcheck::conformance {

// Collects the answers of a case that were never looked at.
struct Unread {
  std::vector<std::string> answers;
};

template <class T>
class [[nodiscard]] Answer {
 public:
  Answer(net::Result<T> result, std::shared_ptr<Unread> unread, std::string what)
      : result_(std::move(result)), unread_(std::move(unread)), what_(std::move(what)) {}
  Answer(Answer&& other) noexcept = default;  // the moved-from one has no `unread_`
  Answer& operator=(Answer&&) = delete;
  ~Answer() {
    if (unread_ && !looked_at_) unread_->answers.push_back(what_);
  }

  bool arrived() const { return look().has_value(); }
  explicit operator bool() const { return arrived(); }
  boost::system::error_code error() const { return look().error(); }
  bool timed_out() const { return error() == boost::asio::error::timed_out; }
  // Throws std::logic_error if nothing arrived: check first, or use Lab::require.
  const T& value() const {
    if (!look().has_value()) throw std::logic_error("used an answer that did not arrive: " + what_);
    return *result_;
  }
  T& value() { return const_cast<T&>(std::as_const(*this).value()); }
  const T& operator*() const { return value(); }
  const T* operator->() const { return &value(); }
  T& operator*() { return value(); }
  T* operator->() { return &value(); }
  // "answer to register_pk"
  const std::string& what() const { return what_; }
  // The case has no interest in this one, and says so.
  void ignore() const { looked_at_ = true; }

 private:
  const net::Result<T>& look() const {
    looked_at_ = true;
    return result_;
  }

  net::Result<T> result_;
  std::shared_ptr<Unread> unread_;
  std::string what_;
  mutable bool looked_at_ = false;
};

// Whether this machine had no port, address or descriptor to give, which is no answer of anybody.
bool is_of_this_machine(const boost::system::error_code& error);
// The reason of a case that ends because of it.
std::string lacking_here(const std::string& what);

// Why there is nothing to judge; no error where there is something.
template <class T>
boost::system::error_code error_of(const T&) {
  return {};
}
inline boost::system::error_code error_of(const boost::system::error_code& error) { return error; }
template <class T>
boost::system::error_code error_of(const Answer<T>& answer) {
  return answer.arrived() ? boost::system::error_code() : answer.error();
}

// How a judged value fails, if it does.
FailureKind kind_of_failure(const boost::system::error_code& error);
template <class T>
FailureKind kind_of_failure(const T&) {
  return FailureKind::wrong_value;
}
template <class T>
FailureKind kind_of_failure(const Answer<T>& answer) {
  return answer.arrived() ? FailureKind::wrong_value : kind_of_failure(answer.error());
}

}  // namespace deskcheck::conformance
