#include "reference-server/setup.hpp"

#include "reference-server/store/memory_api_store.hpp"
#include "reference-server/store/memory_peer_store.hpp"
#include "reference-server/store/sqlite_api_store.hpp"
#include "reference-server/store/sqlite_peer_store.hpp"

namespace deskcheck::server {

namespace {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw SetupError("data folder " + folder.string() + ": " + error.message() +
                     "; name a folder that can be made and is yours");
}

wire::KeyPair load_keys(const Setup& setup, net::Random& random) {
  if (setup.data.empty()) return wire::make_server_key_pair(random);
  make_folder(setup.data);
  const auto keys = wire::load_or_create_key_files(setup.data, random);
  if (!keys) throw SetupError((setup.data / "id_ed25519").string() + ": " + keys.error().message());
  return *keys;
}

template <class Store, class Memory, class Sqlite>
std::unique_ptr<Store> open(const Setup& setup) {
  if (setup.data.empty()) return std::make_unique<Memory>();
  make_folder(setup.data);
  try {
    return std::make_unique<Sqlite>(setup.data / "deskcheck.db");
  } catch (const std::runtime_error& error) {
    throw SetupError(error.what());
  }
}

}  // namespace

void as_open_source(Options& options) {
  options.profile = Profile::oss;
  options.consoles = Consoles::all_of_loopback;
  options.secure_channel = false;
  options.api = false;
  // The address headers of anybody are believed there.
  for (const char* everybody : {"0.0.0.0/0", "::/0"})
    options.trusted_proxies.push_back(AddressRange::parse(everybody).value());
}

void choose_keys(const Setup& setup, net::Random& random, Options& options) {
  const std::string& key = setup.key;
  if (key == "-" || key == "_" || key.empty()) {
    options.identity = load_keys(setup, random);
    if (!key.empty()) options.licence_key = wire::to_text(options.identity->public_key);
  } else if (const auto pair = wire::parse_secret_key(key)) {
    options.identity = *pair;
    options.licence_key = wire::to_text(pair->public_key);
  } else {
    options.licence_key = key;
  }
  options.relay_licence_key = setup.relay_key.value_or(options.licence_key);
}

std::unique_ptr<PeerStore> open_store(const Setup& setup) {
  return open<PeerStore, MemoryPeerStore, SqlitePeerStore>(setup);
}

std::unique_ptr<ApiStore> open_api_store(const Setup& setup) {
  return open<ApiStore, MemoryApiStore, SqliteApiStore>(setup);
}

void remember(ApiStore& store, std::span<const StrategyFixture> strategies) {
  for (const auto& fixture : strategies) {
    const auto need = [&](const boost::system::result<void>& done, const std::string& what) {
      if (!done)
        throw SetupError("strategy '" + fixture.name + "' cannot be stored" + what + ": " +
                         done.error().message());
    };
    StrategyRecord strategy;
    strategy.name = fixture.name;
    strategy.config_options = fixture.options;
    need(store.fleet().put_strategy(strategy), "");
    const auto assign = [&](AssignedTo to, const std::vector<std::string>& targets) {
      for (const auto& target : targets) {
        Assignment one;
        one.to = to;
        one.target = target;
        one.strategy = fixture.name;
        need(store.fleet().assign(one), " for " + target);
      }
    };
    for (const auto& group : fixture.device_groups)
      if (const auto known = store.fleet().find_group(group); known && !*known)
        throw SetupError("strategy '" + fixture.name + "' names an unknown device group, " + group);
    for (const auto& user : fixture.users)
      if (const auto known = store.find_account(user); known && !*known)
        throw SetupError("strategy '" + fixture.name + "' names an unknown account, " + user);
    assign(AssignedTo::device, fixture.devices);
    assign(AssignedTo::device_group, fixture.device_groups);
    assign(AssignedTo::user, fixture.users);
  }
}

void remember(PeerStore& store, std::span<const PeerRecord> devices) {
  for (const auto& device : devices)
    if (const auto done = store.put(device); !done)
      throw SetupError("device " + device.id + " cannot be stored: " + done.error().message());
}

}  // namespace deskcheck::server
