// What a control hook has to do, stated a second time and simply: what it asks, whether it goes
// wrong, and whose fault that is. For the target `hooks`.
#pragma once

#include "conformance/target/control.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace deskcheck::fuzz {

// What was asked of the operator's API or of a command, and what came back.
struct HookExchange {
  bool command = false;
  std::string method, target;
  std::optional<std::string> body;
  std::string authorized_as;       // the value of the first header of the login
  std::vector<std::string> words;  // of a command
  bool broken = false;             // nothing came back that could be read
  bool refused = false;
  std::string answer;

  HookExchange() = default;
};

class HookModel {
 public:
  enum class Ending { done, refused, environment };

  // `user`, `password`: of every account.
  HookModel(const conformance::Control& control, std::string user, std::string password)
      : control_(control), user_(std::move(user)), password_(std::move(password)) {}

  // Holds the exchanges of one run against what the hook says; how it has to end.
  Ending check(const std::string& hook, boost::json::object arguments,
               const std::vector<HookExchange>& exchanges);
  // What the login has taken, which is secret from then on.
  const std::vector<std::string>& taken() const { return taken_; }

 private:
  struct Step {
    bool broken = false, refused = false;
  };
  Step call(const conformance::HookCall& call, boost::json::object& values);
  Step read(const conformance::HookCall& call, boost::json::object& values,
            const std::string& text);
  bool sign_in();
  bool next(const HookExchange*& exchange);

  const conformance::Control& control_;
  std::string user_, password_;
  std::set<std::string> signed_in_;  // roles
  std::vector<std::string> taken_;
  const std::vector<HookExchange>* exchanges_ = nullptr;
  std::size_t at_ = 0;
};

}  // namespace deskcheck::fuzz
