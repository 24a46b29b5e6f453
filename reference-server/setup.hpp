// What a server is before it listens: where it keeps things, which keys it has, which devices it
// knows already. Turns the words of an operator into Options and a PeerStore, the same for the
// command and for Python. Binds nothing.
#pragma once

#include "proto/net/random.hpp"
#include "reference-server/fixtures.hpp"
#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"
#include "reference-server/store/peer_store.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace deskcheck::server {

// One line for the operator: which file or folder, and what is wrong with it.
struct SetupError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Setup {
  // For key files and database, made if it is not there; empty: everything is in memory.
  std::filesystem::path data;
  // "-" (or "_"): clients must send the public key; "": they need none; a secret key text: the
  // same as "-" with this key; any other text: clients must send it, and nothing is signed.
  // Source: docs/protocol/wire.md, "Key text and files".
  std::string key = "-";
  // What the relay asks for, as literal text; nothing: the same as above.
  std::optional<std::string> relay_key;
};

// The preset of a server that does what the open-source server does, where that differs from the
// full level: docs/serve.md lists it. Ports, keys and lists stay what they are.
void as_open_source(Options& options);
// Sets identity, licence_key and relay_licence_key. Reads, and if they are missing makes, the key
// files in the data folder. Throws SetupError.
void choose_keys(const Setup& setup, net::Random& random, Options& options);
// The database of the data folder, or one in memory. Throws SetupError.
std::unique_ptr<PeerStore> open_store(const Setup& setup);
// What the API keeps: in the same database, or in memory. Throws SetupError.
std::unique_ptr<ApiStore> open_api_store(const Setup& setup);
// Strategies of a file, once the server has its accounts and groups: in place of those of the same
// names, and of what is assigned to their targets. Throws SetupError.
void remember(ApiStore& store, std::span<const StrategyFixture> strategies);
// Devices that are known, but not online until they register. Throws SetupError.
void remember(PeerStore& store, std::span<const PeerRecord> devices);

}  // namespace deskcheck::server
