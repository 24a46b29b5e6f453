// How the owner of a server makes it do something, and shows what it knows: control hooks. Decides
// what a hook is made of; conformance/lab/admin.* runs it, docs/write-a-target-file.md explains it.
//
// In every text ${NAME} stands for what the suite says (hooks.hpp has the names), or for what an
// earlier call of the same hook took from its answer. A place is a JSON pointer in which
// [MEMBER=VALUE] means the first element of a list whose member is that.
#pragma once

#include "conformance/target/target.hpp"
#include "proto/net/time.hpp"

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

// A question to the HTTP API, or a command.
struct HookCall {
  std::string only_if, unless;  // a name: whether this is left out; empty: it is not
  std::string method = "POST";
  std::string path;          // below the API; empty: this is a command
  boost::json::value body;   // null: none
  std::string as = "admin";  // the role of the account that asks
  // Of a command: the program and its arguments, and how long it may take.
  std::vector<std::string> exec;
  net::Duration limit = std::chrono::seconds(10);
  // Places in the answer and what has to be there; else the call has failed.
  std::map<std::string, boost::json::value> expect;
  std::map<std::string, std::string> take;  // names, and the places of their values
  // Where in the answer the asked-for thing is, and where in each element of a list, or in an
  // object, its members are, if they have other names than the suite's.
  std::string answer;
  std::map<std::string, std::string> members;

  HookCall() = default;
};

// What the last of its calls answers is the hook's answer.
struct Hook {
  std::vector<HookCall> calls;

  Hook() = default;
  explicit Hook(HookCall call) { calls.push_back(std::move(call)); }
};

// How the account of a hook gets what its questions are sent with.
struct HookLogin {
  std::optional<HookCall> call;                // nothing: nobody has to sign in
  std::optional<HookCall> logout;              // nothing: the login stays until its time is over
  std::map<std::string, std::string> headers;  // of every question: names and templates

  HookLogin() = default;
};

struct Control {
  std::map<std::string, Hook> hooks;  // by name
  std::optional<HookLogin> login;     // nothing: as clients sign in, and with their header
  std::filesystem::path folder;       // where commands run

  Control() = default;
};

// Nothing if the target has none of this name.
inline const Hook* find_hook(const Target& target, const std::string& name) {
  if (!target.control) return nullptr;
  const auto found = target.control->hooks.find(name);
  return found == target.control->hooks.end() ? nullptr : &found->second;
}

}  // namespace deskcheck::conformance
