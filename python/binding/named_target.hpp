// A target as Python holds it: what the suite knows of a server, and what its file says beside.
#pragma once

#include "conformance/target/target_file.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <optional>
#include <string>

namespace deskcheck::python {

struct NamedTarget {
  conformance::Target target;
  conformance::TargetProfile profile;  // the same with its names
  std::string version;                 // as its file declares it
  // Where parties of a run take their addresses from, if not as usual.
  std::optional<boost::asio::ip::network_v4> sources;
  std::string baseline;  // path of its file of known failures; empty: none
  // The same with the hooks of a server of this process, for scenarios: no target file could tell
  // of them, so runs of the suite go without.
  std::optional<conformance::Target> with_hooks;
  // The flags of the command that name it: " --host 127.0.0.1 --key ...".
  std::string flags;

  // What clients of this server have configured as key.
  std::string client_key() const {
    return target.key ? wire::to_text(*target.key) : target.licence_key;
  }
};

// Choices as Python gives them; each throws UsageError.
wire::PublicKey parse_key(const std::string& text);
std::uint16_t port_base_of(int port);
// Throws UsageError for what is no name and no address.
void check_host(const std::string& host);
// A URL without a slash at its end; may be empty.
std::string checked_api(std::string url);
// Those that globs name; `what`: how users call these globs.
std::set<std::string> capabilities_named(const char* what, const std::set<std::string>& globs);

// What a server of this process is called in reproduce lines.
std::string flags_for(const conformance::Target& target);

}  // namespace deskcheck::python
