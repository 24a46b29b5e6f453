// A scenario: who takes part, and what happens step by step. Files are written in YAML
// (docs/write-a-scenario.md); this is what they mean. Loading finds every mistake that can be found
// without a server; playing (play.hpp) finds the server's.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "client-sim/scenario/matcher.hpp"
#include "proto/document/document.hpp"
#include "proto/net/time.hpp"

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::scenario {

// Who takes part.
struct Role {
  enum class Kind {
    udp,         // a socket that says what the steps say, to the rendezvous port
    tcp,         // a connection, TCP or WebSocket, that says what the steps say
    device,      // with the real client's own will: client-sim/device
    controller,  // with the real client's own will: client-sim/controller
    account,     // somebody at the HTTP API, as the client asks for him: client-sim/account
    agent,       // of a device, at the HTTP API, with its own will: client-sim/agent
  };
  enum class Port { rendezvous, nat, relay };

  std::string name;
  Kind kind = Kind::udp;
  Port port = Port::rendezvous;
  // Of connections: TCP or WebSocket. Of devices and controllers: the mode of the client; a device
  // is over UDP unless the file says something else.
  sim::Transport transport = sim::Transport::tcp;
  bool secure = false;  // of connections over TCP: agrees on a key with the server first
  std::string at;       // the role whose address it shares; empty: an own one
  // Of accounts and agents: the role whose identity and address it shares, and whose client it is
  // in; which release of the client.
  std::string of;
  std::string release = "head";
  // Of accounts: whom the target lends for this.
  std::string lent = "user";
  // Of devices: see sim::DeviceOptions.
  std::string password;
  bool relay_only = false, firewalled = false;
};

// A variable that is drawn afresh each time the scenario is played, or a fixed text.
struct Definition {
  enum class Kind { text, id, uuid, key, password };
  std::string name;
  Kind kind = Kind::text;
  std::string text;
};

// A message that is expected or forbidden. Its matcher's field is the member of the envelope that
// holds it: of RendezvousMessage, of Message (sessions), or of Observation.
using Pattern = Matcher;

// A requirement that a step judges, and where the file says so.
struct Judged {
  std::string id;
  document::Place place;
};

struct Step {
  enum class Kind {
    exchange,  // sends, expects, or first sends and then expects
    forbid,    // nothing of `forbidden` comes, until `within` has passed or a barrier is answered
    barrier,   // the target answers a cheap question on the same path: it has handled all before
    wait,      // protocol time passes
    loop,
    parallel,
    start,      // a device begins to register
    stop,       // a device ends
    change_id,  // the user of a device gives it another id
    connect,    // a controller calls, or a connection is made
    close,      // a connection ends, in one of three ways
    move,       // a socket or connection goes on from another address or port
    log_in,     // a person at an account
    enter_code,
    log_out,
    refresh,   // as the client does when it starts
    add_peer,  // to the person's own address book
    session,   // of an agent: one begins, or all end
    operate,   // the operator of the target does something
    note,      // for readers of the conversation
  };
  enum class Close { orderly, half, reset };
  enum class Move { address, port };

  Kind kind = Kind::note;
  document::Place place;
  std::string text;  // the first words of the step, for messages
  const Role* role = nullptr;
  std::optional<Value> sent;
  bool drain = false;  // forgets what came before
  std::vector<Pattern> expected, forbidden;
  bool optional = false;
  bool by_barrier = false;
  net::Duration within{};
  std::vector<Judged> judged;
  // loop and parallel
  int times = 0;
  std::string counter;
  std::vector<std::vector<Step>> branches;
  // connect
  Text callee;
  std::string password;
  Text token;
  bool force_relay = false, logs_in = false;
  // Of accounts: the credentials, unless they are those that the target lends; a code; members of a
  // peer.
  std::optional<Text> user, word;
  Text code;
  std::vector<std::pair<std::string, Text>> peer;
  std::vector<Text> tags;
  bool begins = false;  // of a session
  // Of the operator: the name of a hook of the target, and its arguments.
  std::string hook;
  boost::json::object arguments;  // whose texts are filled in
  bool is_totp = false;           // `code` is the secret of an authenticator app
  // others
  Close close = Close::orderly;
  Move move = Move::address;
  Text new_id;
  Text note;
};

struct Scenario {
  std::string file;  // as it was named when it was loaded
  std::string id;    // "scenario/foreign-uuid"
  std::string title;
  std::vector<std::unique_ptr<const Role>> roles;
  std::vector<Definition> variables;
  std::vector<Step> steps;
  std::vector<Judged> requirements;  // of all steps, each once
  bool needs_signer = false;         // a step verifies what the target has signed
  bool requires_login = false;       // of the server that it is played against
  net::Duration longest{};           // protocol time that it can take

  Scenario() = default;
  Scenario(Scenario&&) = default;
  Scenario& operator=(Scenario&&) = default;
};

// `name` is what mistakes call the file; a scenario without an id gets one from it. Any bytes are
// allowed; nothing is thrown.
boost::system::result<Scenario, document::Mistakes> load(std::string_view text, std::string name);

// The JSON Schema of scenario files, for editors.
std::string schema_text();

}  // namespace deskcheck::scenario
