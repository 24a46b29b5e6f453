// A reference server as it is ordered from Python, before there is a world for it: checks every
// choice and says in one line what is wrong with it. Binds nothing.
#pragma once

#include "reference-server/setup.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deskcheck::python {

using Numbers = std::map<std::string, double>;  // seconds, counts, bytes, Mb/s by name

struct ServerOrder {
  server::Setup setup;
  server::Options options;
  std::vector<server::PeerRecord> devices;  // without a key: some key

  // `profile`: "full" or "oss". `faults`: ids or globs. Throws UsageError, as everything below.
  ServerOrder(const std::string& profile, const std::vector<std::string>& faults);

  // Nothing: as the profile has it.
  void listen(int port_base, const std::optional<std::string>& console,
              std::optional<bool> secure_channel, std::optional<bool> api,
              const std::vector<std::string>& trusted_proxies, double keep_alive);
  // What it cannot do: capabilities, or globs over them.
  void leave_out(const std::vector<std::string>& without);
  void keys(const std::string& data, const std::string& key,
            const std::optional<std::string>& relay_key);
  // Passwords by the name of the account.
  void accounts(const std::map<std::string, std::string>& passwords,
                const std::vector<std::string>& tokens, bool require_login, int feedback);
  void relay(const std::vector<std::string>& servers, bool always, const Numbers& limits,
             const std::vector<std::string>& blacklist, const std::vector<std::string>& blocklist);
  // The operator's own network, "192.168.1.0/24", and the relay's address in it; both or neither.
  void network(const std::string& mask, const std::string& local_ip);
  void push(int serial, const std::vector<std::string>& rendezvous_servers,
            const std::string& software_url, std::optional<std::uint64_t> control_permissions,
            const std::string& audit_reference);
  void limit(const Numbers& limits);

  // It has everything that the suite calls the full level.
  bool is_full() const;
};

}  // namespace deskcheck::python
