// Runs a control hook of the target (conformance/target/control.hpp): its calls one after the
// other, with what they take from each other's answers. Decides what is a refusal (the server says
// no) and what is the environment's fault (everything else that goes wrong): the case is blocked
// then.
#pragma once

#include "conformance/lab/hook_logins.hpp"
#include "conformance/lab/http.hpp"
#include "conformance/target/control.hpp"
#include "proto/net/command.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace deskcheck::conformance {

struct HookAnswer {
  // A status beyond 2xx, something else at a place of `expect`, or exit code 1; of a call that
  // others take nothing from. `why` tells it in one line.
  bool refused = false;
  std::string why;
  int status = 0;                  // of HTTP
  std::string body;                // or what the command wrote
  const HookCall* call = nullptr;  // the last one that was made; null: all were left out
  boost::json::object values;      // arguments, and what was taken
  bool secret = false;             // the conversation does not show the body
  bool restarts = false;           // a command leaves the server that it starts

  HookAnswer() = default;
};

// How a command is run; the fuzzer scripts what comes of it instead.
using RunCommand = std::function<Task<net::Result<net::CommandEnd>>(
    net::World world, net::Command command, net::Deadline deadline)>;

class HookCalls {
 public:
  explicit HookCalls(Lab& lab, RunCommand run_command = net::run_command)
      : lab_(&lab), run_command_(std::move(run_command)) {}

  Task<HookAnswer> run(std::string hook, boost::json::object arguments);
  // What the hook answers at the place that the target names, under the suite's names; null if it
  // names none.
  boost::json::value result(const std::string& hook, const HookAnswer& answer) const;
  // Empty, or why it has not ended.
  Task<std::string> sign_out(SharedHookSession session);

 private:
  using Fields = std::map<std::string, std::string>;

  Task<void> make(const HookCall& call, std::string what, HookAnswer& answer);
  // All names that it says have values.
  void check_said(const HookCall& call, const std::string& what,
                  const boost::json::object& values) const;
  Task<void> ask(const HookCall& call, std::string what, Fields headers, HookAnswer& answer);
  Task<void> execute(const HookCall& call, std::string what, HookAnswer& answer);
  // Judges an answer, and takes from it.
  void read(const HookCall& call, const std::string& what, HookAnswer& answer) const;
  // That questions of this role are sent with; signs in if nobody has, or if that is `over`.
  Task<SharedHookSession> session_of(std::string role, SharedHookSession over);
  Task<SharedHookSession> sign_in(std::string role);
  HookLogin client_login() const;
  Fields filled_in_headers(const HookLogin& login, const std::string& what,
                           const HookAnswer& answer) const;
  boost::json::value parsed(const std::string& what, const std::string& body) const;

  // --- what is told: one line, short, and without what is secret
  void keep_secret(const boost::json::object& values);
  std::string told(std::string text) const;
  std::string begin_of(const std::string& text) const;
  void note(std::string text) const;
  // The environment's fault.
  [[noreturn]] void fail(std::string why) const { lab_->environment(told(std::move(why))); }

  Lab* lab_;
  RunCommand run_command_;
  std::shared_ptr<sim::Secrets> secrets_ = std::make_shared<sim::Secrets>();
  // The roles that have signed in here.
  std::shared_ptr<std::set<std::string>> signed_in_ = std::make_shared<std::set<std::string>>();
};

}  // namespace deskcheck::conformance
