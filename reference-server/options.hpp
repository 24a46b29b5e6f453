// What the owner of a reference server chooses: where it listens, what it enforces, what it
// proposes and how it is wrong. Values only.
#pragma once

#include "proto/net/deadline.hpp"
#include "proto/net/endpoint.hpp"
#include "proto/wire/keys.hpp"
#include "reference-server/address_range.hpp"
#include "reference-server/faults/faults.hpp"

#include <boost/asio/ip/network_v4.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

// Parts of what a server does, other than routes of its HTTP API, that Options::without leaves out;
// the table in capabilities.cpp says which capability each belongs to.
struct Abilities {
  bool udp = true;  // UDP P
  bool tcp = true;  // TCP P
  bool websocket = true;
  bool relay = true;
  bool relay_websocket = true;
  bool relay_limits = true;  // idleness, lists of addresses
  bool nat_test = true;      // over TCP
  bool online_query = true;
  bool config_push = true;  // also what there is to download
  bool id_change = true;
  bool tcp_registration = true;
  bool websocket_registration = true;
  bool udp_punch = true;  // with its NAT test
  bool ipv6_punch = true;
  bool session_control = true;
  bool http_tunnel = true;
  bool user_payload = true;   // more of an account than its name
  bool head_probe = true;     // an answer to HEAD /api/login-options
  bool download_head = true;  // HEAD of files
};

struct Limits {
  // RegisterPk: accepted in a row per address, and the pause that resets the count.
  int registrations_per_address = 32;
  net::Duration address_pause = std::chrono::seconds(61);
  // RegisterPk: accepted per id, and the pause that resets the count.
  int registrations_per_id = 3;
  net::Duration id_pause = std::chrono::seconds(7);
  // RegisterPk: distinct ids per address and day.
  int ids_per_address = 302;
  // The longest frame accepted on the rendezvous ports, in bytes; a longer one ends its connection.
  // Clients use headers of all four sizes, so it has to be above 4 MiB (FRM-HDR-02).
  std::size_t frame = 8 << 20;
  // The longest body of a request to the HTTP API, in bytes. Address books have several MiB.
  std::size_t api_body = 16 << 20;
  // Wrong passwords: for one account from one address, from one address, for one account; and the
  // pause without wrong ones that resets the counts.
  int login_attempts = 5;
  int login_attempts_per_address = 50;
  int login_attempts_per_account = 200;
  net::Duration login_pause = std::chrono::minutes(1);
  // Devices that may report to the HTTP API.
  int devices = 100'000;
  // In one address book; 0: any number.
  int peers_per_book = 0;
  // Recordings, in bytes: of one session, and of all together.
  std::uint64_t recording = std::uint64_t(4) << 30;
  std::uint64_t recordings = std::uint64_t(64) << 30;
};

// The operator's consoles on TCP P-1 and TCP Q. They serve loopback sources only, whatever is
// chosen here; so do real servers, and whoever reaches loopback owns the machine anyway.
enum class Consoles {
  none,
  // What begins as text is a command, everything else is protocol: no client begins with text, and
  // so clients on the server's own host are served like all others.
  by_first_bytes,
  // Every connection from loopback is for the console, as with the open-source server.
  all_of_loopback,
};

// What the relay lets through. 1 Mb is 1048576 bits, and both directions of a session count.
struct RelayLimits {
  double session = 128;  // Mb/s; for sessions that begin from now on
  double total = 1024;   // Mb/s, all sessions together
  double slow = 32;      // Mb/s, for sessions that are slowed down
  double downgrade_at =
      0.66;  // of `session` as an average: more than this slows a session down ...
  net::Duration downgrade_after = std::chrono::minutes(30);  // ... once it is older than this
};

// What the open-source server does otherwise than the full level: see docs/serve.md.
enum class Profile { full, oss };

// What it costs to compute the hash of a password: as little as possible, for servers that live as
// long as a test; or enough to make guessing expensive (19 MiB and some hundredths of a second).
enum class PasswordCost { minimal, interactive };

// An account that exists from the start.
struct AccountFixture {
  std::string name, password;
  bool administrator = false;
  bool disabled = false;
  std::string display_name, email;
  // Ids of devices that belong to it. So does a device from whose client the account signs in.
  std::vector<std::string> devices;
  // In base32: signing in takes a code of it, too (RFC 6238: SHA-1, 6 digits, 30 s). Empty: none.
  std::string totp_secret;
  // Signing in takes a code that is sent to `email`, too.
  bool email_code = false;

  AccountFixture() = default;
};

// An address book of several accounts that exists from the start.
struct BookFixture {
  std::string name;
  std::string owner;  // an account
  std::string note;
  std::string password;              // proposed for the peers in it; empty: none is
  std::map<std::string, int> rules;  // of other accounts: 1 reads, 2 writes, 3 controls

  BookFixture() = default;
};

// Devices that several accounts may see.
struct DeviceGroupFixture {
  std::string name;
  std::vector<std::string> devices;  // ids
  std::vector<std::string> members;  // accounts

  DeviceGroupFixture() = default;
};

// Somebody who vouches for people, so that they sign in without a password of this server: OpenID
// Connect, the authorization code with PKCE.
struct IdentityProviderFixture {
  std::string name;    // as clients show it and send it
  std::string issuer;  // a URL; its discovery document is below it
  std::string client_id;
  std::string client_secret;  // empty: a public client
  std::string icon;           // SVG markup; empty: the client's own, or none
  std::string scopes = "openid profile email";
  // Whoever signs in for the first time gets an account; otherwise only people who have one.
  bool makes_accounts = true;

  IdentityProviderFixture() = default;
};

// With what HTTPS is served.
struct TlsIdentity {
  std::string certificates;  // PEM: the server's own, then those that vouch for it
  std::string private_key;   // PEM

  TlsIdentity() = default;
};

// What address books clients are offered: one per user and shared ones, or one text per user.
enum class AddressBooks { shared, legacy };

// What a connection is kept alive with on which a device has registered.
struct KeepAlive {
  // Announced to the device, in RegisterPkResponse: the server is heard at least this often.
  std::chrono::seconds period{30};
};

struct Options {
  Profile profile = Profile::full;
  // Capabilities that it does not have, by the names of `deskcheck list`: it behaves as a server
  // that has never heard of them. What that means for each is in capabilities.cpp.
  std::set<std::string> without;
  Abilities abilities;  // what `without` leaves; the server sees to it
  boost::asio::ip::address bind = boost::asio::ip::address_v4::loopback();
  // P; P-2, P-1, Q = P+1, P+2 and Q+2 follow from it. 0: a free run of ports is looked for.
  std::uint16_t rendezvous_port = 21116;
  // Signs the keys of devices; without it every signed key in answers is empty.
  std::optional<wire::KeyPair> identity;
  // KeyExchange is offered on TCP P; needs an identity. Without it devices cannot register there.
  bool secure_channel = true;
  KeepAlive keep_alive;
  // Whose X-Real-IP and X-Forwarded-For are believed on WebSocket P+2 and HTTP P-2.
  std::vector<AddressRange> trusted_proxies;
  // The HTTP API, on P-2 and through the tunnel on TCP P.
  bool api = true;
  // HTTPS as well, on a port of its own (0: a free one), if there is something to serve it with.
  std::optional<TlsIdentity> tls;
  std::uint16_t https_port = 0;
  // The URL at which browsers of users reach the HTTP API, without a slash at its end; empty: what
  // their clients say.
  std::string public_url;
  std::vector<AccountFixture> accounts;
  std::vector<IdentityProviderFixture> identity_providers;
  AddressBooks address_books = AddressBooks::shared;
  std::vector<BookFixture> books;
  std::vector<DeviceGroupFixture> device_groups;
  PasswordCost password_cost = PasswordCost::interactive;
  // How long a token that login gives is valid.
  std::chrono::seconds token_lifetime = std::chrono::hours(24 * 90);
  // Access tokens that are valid for ever, of nobody in particular.
  std::vector<std::string> tokens;
  // The same, of somebody who administers the server and has no account.
  std::vector<std::string> operator_tokens;
  // Tokens with which scripts assign and deploy devices, valid for ever.
  std::vector<std::string> script_tokens;
  // From where the server is administered; administrators elsewhere are refused.
  std::vector<AddressRange> admin_from = {AddressRange::parse("127.0.0.0/8").value(),
                                          AddressRange::parse("::1/128").value()};
  // POST /api/record takes recordings of sessions and keeps them in this folder, or in memory if
  // its name is empty.
  bool take_recordings = true;
  std::filesystem::path recording_folder;
  // GET /downloads/NAME: files of this folder, and these, by name.
  std::filesystem::path download_folder;
  std::map<std::string, std::string> downloads;
  // POST /lic/web/api/plugin-sign signs with the identity.
  bool sign_plugins = true;
  // Controllers have to send one of them to be served.
  bool require_login = false;
  // Tells signed-in controllers to keep a connection open during their session; 0: does not.
  std::int32_t feedback = 0;
  // Devices that were never registered are told NOT_DEPLOYED unless their id is one of `deployed`
  // or an account has deployed them.
  bool deploy_mode = false;
  std::vector<std::string> deployed;
  // What clients must send to be served; empty: no check. The relay checks its own.
  std::string licence_key;
  std::string relay_licence_key;
  // Proposed to devices in turn, "host[:port]"; empty: devices fall back to P+1 of this host.
  std::vector<std::string> relay_servers;
  bool always_use_relay = false;
  // The operator's own network: who is in it reaches the relay at `lan_relay`, and between inside
  // and outside there is always a relay. Nothing: there is no such network.
  std::optional<boost::asio::ip::network_v4> lan;
  std::string lan_relay;  // an address, without port
  // Pushed with ConfigUpdate to devices that report a lower serial.
  std::int32_t serial = 0;
  std::vector<std::string> rendezvous_servers;
  // Where the current client can be downloaded; its file name ends with its version. Empty: nothing
  // is offered.
  std::string software_url;
  // What controllers may do with a device, two bits each (hbb::ControlPermissions), and the text
  // by which a device's audit records name the session; told to devices. Nothing: nothing is told.
  std::optional<std::uint64_t> control_permissions;
  std::string audit_reference;
  Consoles consoles = Consoles::by_first_bytes;
  Limits limits;
  RelayLimits relay_limits;
  // Addresses that the relay slows down, and that it refuses.
  std::vector<std::string> relay_blacklist;
  std::vector<std::string> relay_blocklist;
  // Names of hosts to addresses. Empty: literals only, and no name is called wrong.
  std::function<net::awaitable<net::Result<boost::asio::ip::address>>(std::string host,
                                                                      net::Deadline)>
      resolve;
  // The calendar time of a time of the world, for lists that people read. Empty: the world began
  // with the year 1970.
  std::function<std::chrono::sys_seconds(net::Time)> calendar;
  FaultPlan faults;
  // Sends a mail and returns at once. Empty: accounts that want a code by e-mail cannot sign in.
  std::function<void(const std::string& to, const std::string& text)> send_mail;
  // Gets one-line notes for the operator, without line end. May be empty.
  std::function<void(std::string_view)> log;
};

}  // namespace deskcheck::server
