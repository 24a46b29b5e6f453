// Hosts as people write them: files, flags and Python take a name or an address, and clients are
// configured with more than that.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deskcheck::conformance {

struct HostMistake {
  std::string what;  // "'rd.example.com:21116' has a port in it"
  std::string mend;  // "give rd.example.com alone, and 21116 as --port-base"
};

// What is wrong with `text` as the name or address of a host; whether it exists is another
// question. `port`: what a port is called there, "--port-base".
std::optional<HostMistake> host_mistake(std::string_view text, std::string_view port);

}  // namespace deskcheck::conformance
