// Plays a scenario: the roles come to life in a world, say what the steps say, and scan what comes
// for what is expected. Knows servers only by their addresses and key, and verdicts only as an
// interface.
#pragma once

#include "client-sim/account/api_access.hpp"
#include "client-sim/channel/transcript.hpp"
#include "client-sim/scenario/scenario.hpp"
#include "proto/net/network.hpp"

#include <boost/asio/ip/address.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::scenario {

// Who may sign in.
struct LentAccount {
  std::string user, password;

  LentAccount() = default;
};

// The server that a scenario is played against.
struct Site {
  net::Endpoint rendezvous, nat, relay;
  net::Endpoint websocket, relay_websocket;
  // What clients have configured as key, for either port; empty: none.
  std::string key, relay_key;
  // Under which signatures must verify; nothing: the server does not sign.
  std::optional<wire::PublicKey> signer;
  // Its HTTP API; nothing: there is none, or it is not known.
  std::optional<sim::ApiServer> api;
  std::map<std::string, LentAccount> accounts;  // by role: "user", "other", "admin"
  // Controllers have to be signed in.
  bool requires_login = false;

  Site() = default;
};

// What happens to the judged steps; each call is one requirement judged once.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual void judged(const std::string& requirement, bool holds, const std::string& expected,
                      const std::string& actual) = 0;
};

// What came of a hook of the target.
struct HookOutcome {
  std::string why;            // it could not be done; empty: it was
  boost::json::value answer;  // null: nothing

  HookOutcome() = default;
};

struct Stage {
  net::World world;
  Site site;
  // A source address for one more role; nothing: there is none left.
  std::function<std::optional<boost::asio::ip::address>()> take_address;
  sim::Transcript* transcript = nullptr;
  Judge* judge = nullptr;  // null: nobody is interested
  // What the target's owner does by one of its hooks, with these arguments. Nothing: the target has
  // no such hook. Empty: it has none at all.
  std::function<net::awaitable<std::optional<HookOutcome>>(std::string hook,
                                                           boost::json::object arguments)>
      operate = {};
  // Unix seconds by the clock of the target; empty: the world began with the year 1970.
  std::function<std::int64_t()> target_time = {};
  std::string id_prefix = "dc";  // what ids of its devices begin with; they have 12 characters
};

struct Outcome {
  enum class Status {
    passed,
    failed,          // what was expected did not come, or what was forbidden did
    not_applicable,  // this site or this machine cannot show it
    broken,          // the scenario asks for what cannot be done
  };
  Status status = Status::passed;
  // Of all but passed. `why` is a sentence; the others describe the step at fault.
  std::string why;
  document::Place place;
  std::string step, expected, actual;
  std::vector<std::string> requirements;  // that the failed step judges

  Outcome() = default;
};
std::string_view to_string(Outcome::Status status);

// The caller keeps `scenario` and what the stage points to alive. All parties have ended when it
// returns, also if it is cancelled.
net::awaitable<Outcome> play(Stage stage, const Scenario& scenario);

// For people: where, expected, actual; several lines, ends with a line feed. Nothing if it passed.
std::string render(const Scenario& scenario, const Outcome& outcome);

}  // namespace deskcheck::scenario
