// TARGET.yaml: what the owners of a server say about it. See docs/write-a-target-file.md. Decides
// what the file means; opens nothing and asks nobody.
#pragma once

#include "conformance/registry/registry.hpp"
#include "conformance/target/target.hpp"
#include "proto/document/document.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/system/result.hpp>

#include <functional>
#include <string_view>

namespace deskcheck::conformance {

inline constexpr std::uint16_t kDefaultPort = 21116;

// A target before its names are resolved.
struct TargetProfile {
  std::string name;     // empty: the host
  std::string version;  // may be empty
  std::string host;
  std::string relay_host;  // empty: the same
  std::uint16_t rendezvous_port = kDefaultPort;
  // Nothing: beside the rendezvous port, and those for WebSockets two above the others.
  std::optional<std::uint16_t> nat_port, relay_port, websocket_port, relay_websocket_port;
  std::string api;               // a URL without a slash at its end; empty: none
  std::string api_ca;            // a path, relative to the folder of the file; empty: none
  std::string api_certificates;  // what is in it, for whoever has read it
  std::map<std::string, Account> accounts;  // by role
  std::shared_ptr<const Control> control;   // null: nothing
  std::optional<net::Endpoint> mailbox;     // where the suite listens for mails; nothing: nowhere
  std::string script_token;                 // empty: none
  std::string download;                     // a path below the API; empty: none
  std::optional<wire::PublicKey> key;
  // What clients send; nothing: the text of the key.
  std::optional<std::string> licence_key;
  // What the relay asks for; nothing: not known.
  std::optional<std::string> relay_licence_key;
  std::optional<std::vector<std::string>> relay_servers;
  // Not claimed. Capabilities of the file that no case looks at are none of these.
  std::set<std::string> without;
  // Claimed in so many words.
  std::set<std::string> claimed;
  TargetLimits limits;
  std::optional<bool> trusts_address_headers;
  // Where parties take their addresses from.
  std::optional<boost::asio::ip::network_v4> sources;
  std::string baseline;  // a path, relative to the folder of the file
};

// The JSON Schema, for editors.
std::string_view target_schema();

// The value of an environment variable; nothing if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

// All mistakes at once. `name` is what they call the file, a path: commands of its hooks run beside
// it.
boost::system::result<TargetProfile, document::Mistakes> parse_target(
    std::string_view text, const std::string& name, const Registry& registry,
    const Environment& environment);

// Ready to be tested. Blocks while the system resolves names; throws UsageError if it cannot.
Target resolve_target(const TargetProfile& profile);

// What a file would say of a target that is known already, as far as it says where it is, which key
// it has and what it claims.
TargetProfile profile_of(const Target& target);

// "10.78.0.0/16"; nothing if it is no IPv4 network with room for a few addresses.
std::optional<boost::asio::ip::network_v4> parse_source_network(const std::string& text);

}  // namespace deskcheck::conformance
