// Starts, restarts and stops servers for cases that need their own: with another key, without one,
// with storage that fails. The suite knows what such a server is asked to be, not what it is.
#pragma once

#include "conformance/target/target.hpp"
#include "proto/net/network.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

struct ServerSetup {
  // Where it listens; nothing: where the host's servers do. "::" takes IPv4 as well, and is then
  // reached at the host's address.
  std::optional<boost::asio::ip::address> address;
  // Has a key pair and signs with it.
  bool signs = true;
  // What it asks clients for: its public key, a given text, or nothing.
  enum class Licence { public_key, text, none } licence = Licence::public_key;
  std::string licence_text;
  std::vector<std::string> relay_servers;
  bool always_use_relay = false;
  TargetLimits limits;
  // Every write to the storage fails.
  bool storage_fails = false;
  // Keeps its key files here and reads them at every start; empty: keys in memory.
  std::filesystem::path key_folder;
};

class OwnServer {
 public:
  virtual ~OwnServer() = default;
  virtual Target target() const = 0;
  // Ends it and starts it again on the same ports with the same storage and key files.
  virtual boost::asio::awaitable<void> restart() = 0;
  virtual boost::asio::awaitable<void> stop() = 0;
};

class ServerHost {
 public:
  virtual ~ServerHost() = default;
  // Throws std::exception with the reason if it does not start.
  virtual std::unique_ptr<OwnServer> start(const net::World& world, const ServerSetup& setup) = 0;
};

}  // namespace deskcheck::conformance
