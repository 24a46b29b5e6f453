// A target as Python holds it: what the suite knows of a server, and what its file says beside.
#pragma once

#include "conformance/target/target.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <optional>
#include <string>

namespace deskcheck::python {

struct NamedTarget {
  conformance::Target target;
  std::string version;  // as its file declares it
  // Where parties of a run take their addresses from, if not as usual.
  std::optional<boost::asio::ip::network_v4> sources;
  std::string baseline;  // path of its file of known failures; empty: none
  // The flags of the command that name it: " --host 127.0.0.1 --key ...".
  std::string flags;

  // What clients of this server have configured as key.
  std::string client_key() const {
    return target.key ? wire::to_text(*target.key) : target.licence_key;
  }
};

// What a server of this process is called in reproduce lines.
std::string flags_for(const conformance::Target& target);

}  // namespace deskcheck::python
