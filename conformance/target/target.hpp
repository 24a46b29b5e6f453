// The server under test as the suite knows it: where it is, which key it has, what it promises.
// Nothing here about a named product.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"
#include "proto/wire/keys.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace deskcheck::conformance {

// Limits that a server documents; the defaults are those of the open source server.
struct TargetLimits {
  // RegisterPk per source address: accepted in a row, and the pause that ends a block.
  int registrations_per_address = 32;
  net::Duration address_pause = std::chrono::seconds(61);
  // RegisterPk per id: accepted in a row, and the pause that ends a block.
  int registrations_per_id = 3;
  net::Duration id_pause = std::chrono::seconds(7);
  // Distinct ids per source address and day.
  int ids_per_address = 302;
};

// An account for people.
struct Account {
  std::string user, password;
  std::string totp_secret;  // in base32; empty: signing in takes no such code
  std::string email;        // where codes for it are sent; empty: not known

  Account() = default;
  Account(std::string name, std::string word) : user(std::move(name)), password(std::move(word)) {}
};

struct Control;  // control.hpp

struct Target {
  std::string name = "reference server";
  net::Endpoint rendezvous;       // UDP and TCP P
  net::Endpoint nat;              // TCP P-1
  net::Endpoint relay;            // TCP Q
  net::Endpoint websocket;        // P+2, or where a proxy has it
  net::Endpoint relay_websocket;  // Q+2
  // The URL of its HTTP API without a slash at its end; empty: not known, or there is none.
  std::string api;
  // Certificates (PEM) that are trusted for it besides the system's own; empty: only those.
  std::string api_certificates;
  // What its owner lends to the suite, by role: "user", "other" (a second user), "admin", "totp" (a
  // user with a second factor), "email" (a user who gets a code by e-mail).
  std::map<std::string, Account> accounts;
  // Of roles for which a run was to make an account with the hooks of the target and could not:
  // why.
  std::map<std::string, std::string> no_accounts;
  // Where it sends its mails while the suite listens there; nothing: nowhere.
  std::optional<net::Endpoint> mailbox;
  // With which scripts assign and deploy devices; empty: none is lent.
  std::string script_token;
  // The path of a file below `api` that everybody may download; empty: not known.
  std::string download;
  // The key under which signatures must verify; nothing: the server does not sign.
  std::optional<wire::PublicKey> key;
  // What clients of this server have configured as key; empty: the server asks for none.
  std::string licence_key;
  // What the relay asks for; empty: nothing. Nothing: not known to the suite, so not judged.
  std::optional<std::string> relay_licence_key;
  // What clients send to the relay: they have one key only, unless the relay is known to differ.
  const std::string& key_for_relay() const {
    return relay_licence_key ? *relay_licence_key : licence_key;
  }
  // The relays that it proposes, as configured. Nothing: not known to the suite.
  std::optional<std::vector<std::string>> relay_servers;
  // What its owner lends to the suite to make it do things (control.hpp); null: nothing.
  std::shared_ptr<const Control> control;
  // Capabilities that it does not claim: their requirements are not applicable.
  std::set<std::string> without;
  // Capabilities that it claims in so many words. Requirements of the full level, which the open
  // source server does not know, apply only then. Nothing: it claims everything.
  std::optional<std::set<std::string>> claimed;
  TargetLimits limits;
  // Whether it takes the suite's parties for its reverse proxies and believes their address
  // headers. Nothing: not known.
  std::optional<bool> trusts_address_headers;

  // Whether its owners say that it can do what only servers of the full level can.
  bool claims(const std::string& capability) const {
    return !without.contains(capability) && (!claimed || claimed->contains(capability));
  }
};

}  // namespace deskcheck::conformance
