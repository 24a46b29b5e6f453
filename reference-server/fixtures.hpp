// The file with which a server begins: who has an account, which identity providers vouch for
// people, which address books several accounts share, which devices they see, which options devices
// have. Passwords and secrets are not in it; it names the environment variables that hold them.
// Reads no files and no environment itself.
#pragma once

#include "proto/document/document.hpp"
#include "reference-server/options.hpp"

namespace deskcheck::server {

// Options that are set on devices from the start.
struct StrategyFixture {
  std::string name;
  std::map<std::string, std::string> options;
  std::vector<std::string> devices;        // ids
  std::vector<std::string> device_groups;  // names of groups
  std::vector<std::string> users;          // accounts

  StrategyFixture() = default;
};

struct Fixtures {
  std::vector<AccountFixture> accounts;
  std::vector<BookFixture> books;
  std::vector<DeviceGroupFixture> device_groups;
  std::vector<StrategyFixture> strategies;
  std::vector<IdentityProviderFixture> identity_providers;
};

// The value of an environment variable; nothing if it is not set.
using EnvironmentVariable = std::function<std::optional<std::string>(const std::string& name)>;

// `name` is what mistakes call the file.
boost::system::result<Fixtures, document::Mistakes> parse_fixtures(
    std::string_view text, const std::string& name, const EnvironmentVariable& environment);

}  // namespace deskcheck::server
