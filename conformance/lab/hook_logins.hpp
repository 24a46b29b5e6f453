// Who is signed in for the control hooks of a target: one login for all cases of a run that ask as
// the same account, so that a run leaves one behind, or none. Keeps them only; hook_calls.* signs
// in and out.
#pragma once

#include "client-sim/device/changes.hpp"
#include "conformance/target/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace deskcheck::conformance {

struct HookSession {
  std::string what;                            // "the login of 'admin' for the hooks of `control`"
  std::map<std::string, std::string> headers;  // of every question
  std::optional<HookCall> logout;              // nothing: it cannot be ended
  boost::json::object values;                  // that the logout may say
  boost::json::array secrets;                  // for whom nothing of this is to be shown

  HookSession() = default;
};
using SharedHookSession = std::shared_ptr<const HookSession>;

class HookLogins {
 public:
  // Null if there is none, or if it is `over`.
  SharedHookSession find(const std::string& account, const SharedHookSession& over) const {
    const auto found = newest_.find(account);
    return found == newest_.end() || found->second == over ? nullptr : found->second;
  }
  void add(const std::string& account, SharedHookSession session) {
    newest_[account] = session;
    all_.push_back(std::move(session));
  }
  void forget(const SharedHookSession& session) {
    std::erase(all_, session);
    std::erase_if(newest_, [&](const auto& one) { return one.second == session; });
  }
  // All that have begun and have not ended, also those that a newer one has replaced.
  const std::vector<SharedHookSession>& all() const { return all_; }

  // Somebody signs in: others wait for what comes of it.
  class Attempt {
   public:
    Attempt(HookLogins& logins, const std::string& account)
        : logins_(logins), place_(logins.attempts_.insert(account)) {}
    ~Attempt() {
      logins_.attempts_.erase(place_);
      logins_.changes_.announce();
    }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

   private:
    HookLogins& logins_;
    std::multiset<std::string>::iterator place_;
  };
  sim::Task<void> attempts_end(std::string account, net::Deadline deadline) {
    while (attempts_.contains(account)) {
      const auto change = co_await changes_.next(deadline);
      if (!change) co_return;
    }
  }

 private:
  std::map<std::string, SharedHookSession> newest_;
  std::vector<SharedHookSession> all_;
  std::multiset<std::string> attempts_;
  sim::Changes changes_;
};

}  // namespace deskcheck::conformance
