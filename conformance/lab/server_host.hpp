// Starts, restarts and stops servers for cases that need their own: with another key, without one,
// with storage that fails. The suite knows what such a server is asked to be, not what it is.
#pragma once

#include "conformance/target/target.hpp"
#include "proto/net/network.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::conformance {

// An account of a server that is set up for a case; under its role it is in Target::accounts.
struct SetupAccount {
  std::string role, user, password;
  bool administrator = false;
  bool disabled = false;
  std::string email;
  // Ids of devices that belong to it. So does a device from whose client the account signs in.
  std::vector<std::string> devices;
  // In base32: signing in takes a code of it, too (RFC 6238: SHA-1, 6 digits, 30 s).
  std::string totp_secret;
  // Signing in takes a code that is sent to `email`, too.
  bool email_code = false;

  SetupAccount() = default;
};

// An address book of several accounts.
struct SetupBook {
  std::string name;
  std::string owner;  // the role of an account
  std::string note;
  std::string password;              // proposed for the peers in it; empty: none is
  std::map<std::string, int> rules;  // of other roles: 1 reads, 2 writes, 3 controls

  SetupBook() = default;
};

// Devices that several accounts may see.
struct SetupDeviceGroup {
  std::string name;
  std::vector<std::string> devices;  // ids
  std::vector<std::string> members;  // roles

  SetupDeviceGroup() = default;
};

struct ServerSetup {
  // Where it listens; nothing: where the host's servers do. "::" takes IPv4 as well, and is then
  // reached at the host's address.
  std::optional<boost::asio::ip::address> address;
  // On the ports that clients assume (21116 ...) instead of free ones.
  bool default_ports = false;
  // Has a key pair and signs with it.
  bool signs = true;
  // What it asks clients for: its public key, a given text, or nothing.
  enum class Licence { public_key, text, none } licence = Licence::public_key;
  std::string licence_text;
  std::vector<std::string> relay_servers;
  bool always_use_relay = false;
  // The operator's own network: who is in it reaches the relay at this address.
  std::optional<boost::asio::ip::network_v4> lan;
  std::string lan_relay;
  // The list of rendezvous servers that it pushes to clients whose serial is lower; 0: it has none.
  std::int32_t serial = 0;
  std::vector<std::string> rendezvous_servers;
  // Where old clients are told to find the current one; its file name ends with its version.
  std::string software_url;
  // What the relay lets through, in Mb/s (1 Mb is 1048576 bits): a session, and all together.
  double relay_session_speed = 128;
  double relay_total_speed = 1024;
  TargetLimits limits;
  // Can do what the open source server can, and nothing else.
  bool open_source_level = false;
  // Networks whose hosts are reverse proxies: the address headers of their requests are believed.
  std::vector<std::string> trusted_proxies;
  // Has an HTTP API; with HTTPS, which is then where Target::api points.
  bool api = true;
  bool https = false;
  // Its accounts; none: one of each role that a target can have.
  std::vector<SetupAccount> accounts;
  // Its address books: one per user and these, or (legacy) one text per user.
  bool legacy_books = false;
  std::vector<SetupBook> books;
  int peers_per_book = 0;  // 0: any number
  std::vector<SetupDeviceGroup> device_groups;
  // Devices have to be deployed before they may register.
  bool deploy_mode = false;
  // Takes recordings of sessions: all together may have this many bytes. 0: takes none.
  std::uint64_t recordings = 64 << 20;
  // Files that everybody may download, by name.
  std::map<std::string, std::string> downloads;
  // Signs what plug-ins ask it to.
  bool signs_plugins = true;
  // Tokens of accounts that are signed in.
  std::vector<std::string> tokens;
  // Only clients with such a token may ask for devices.
  bool require_login = false;
  // Wants a health check from signed-in controllers while a session lasts.
  bool wants_feedback = false;
  // What devices may let a controller do (ControlPermissions.permissions), and the reference for
  // their audit; 0 and empty: not said.
  std::uint64_t control_permissions = 0;
  std::string conn_audit_ref;
  // Every write to the storage fails.
  bool storage_fails = false;
  // Keeps its key files here and reads them at every start; empty: keys in memory.
  std::filesystem::path key_folder;
};

class OwnServer {
 public:
  virtual ~OwnServer() = default;
  virtual Target target() const = 0;
  // What it has sent to this address, the oldest first.
  virtual std::vector<std::string> mails_to(const std::string& address) const = 0;
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
