#include "cli/serve_operator.hpp"

#include "proto/net/resolve.hpp"
#include "reference-server/relay/settings.hpp"
#include "reference-server/setup.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace deskcheck::cli {

namespace {

boost::asio::ip::network_v4 parse_network(const std::string& text) {
  boost::system::error_code error;
  const auto network = boost::asio::ip::make_network_v4(text, error);
  if (error)
    throw UsageError(
        fmt::format("--mask '{}' is no IPv4 network; write it as 192.168.1.0/24", text));
  return network.canonical();
}

void check_address(const std::string& text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(text, error);
  if (error)
    throw UsageError(fmt::format("--local-ip '{}' is no address; write it as 192.168.1.1", text));
}

// A list that is not there is empty.
std::vector<std::string> read_list(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return {};
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw UsageError(fmt::format("{}: cannot be read; make it readable", path.string()));
  return server::parse_address_list(text.str());
}

}  // namespace

void add_operator_flags(CLI::App& app, OperatorFlags& c) {
  app.add_option("--profile", c.profile,
                 "full: everything that clients can use; oss: what the open-source server does")
      ->check(CLI::IsMember({"full", "oss"}))
      ->capture_default_str();
  app.add_option(
         "--console", c.console,
         "The operator's consoles on P-1 and P+1, for loopback only: text (commands are told "
         "from protocol), loopback (all that comes from there), none")
      ->check(CLI::IsMember({"text", "loopback", "none"}));
  auto* mask = app.add_option(
      "--mask", c.mask, "The own network: between inside and outside there is always a relay");
  app.add_option("--local-ip", c.local_ip, "Where those inside reach the relay")->needs(mask);
  auto* serial =
      app.add_option("--serial", c.serial, "Of the list of rendezvous servers; clients have 3")
          ->check(CLI::NonNegativeNumber);
  app.add_option("--rendezvous-servers", c.rendezvous_servers,
                 "The list that clients with a lower serial get")
      ->delimiter(',')
      ->needs(serial);
  app.add_option(
      "--software-url", c.software_url,
      "Download offered to clients that ask; ends with its version: .../client-1.2.3.exe");
  const auto above_0 = CLI::Range(1e-6, 1e9);
  app.add_option("--single-bandwidth", c.session, "Mb/s through one relayed session")
      ->check(above_0)
      ->capture_default_str();
  app.add_option("--total-bandwidth", c.total, "Mb/s through all of them")
      ->check(above_0)
      ->capture_default_str();
  app.add_option("--limit-speed", c.slow, "Mb/s through a session that is slowed down")
      ->check(above_0)
      ->capture_default_str();
  app.add_option("--downgrade-threshold", c.downgrade_at,
                 "Share of --single-bandwidth; more on average slows a session down")
      ->check(above_0)
      ->capture_default_str();
  app.add_option("--downgrade-start-check", c.downgrade_after,
                 "Age from which that is looked at, in seconds")
      ->check(CLI::Range(1, 1000000000))
      ->capture_default_str();
  app.add_option("--control-permissions", c.control_permissions,
                 "What controllers may do, told to devices: two bits each, as a number");
  app.add_option("--audit-reference", c.audit_reference,
                 "Text by which devices name sessions in their audit records");
}

void apply_operator_flags(const OperatorFlags& c, const std::string& data,
                          server::Options& options) {
  if (c.profile == "oss") server::as_open_source(options);
  if (c.console == "text") options.consoles = server::Consoles::by_first_bytes;
  if (c.console == "loopback") options.consoles = server::Consoles::all_of_loopback;
  if (c.console == "none") options.consoles = server::Consoles::none;
  if (!c.mask.empty()) {
    options.lan = parse_network(c.mask);
    if (c.local_ip.empty())
      throw UsageError("--mask needs --local-ip: the relay's address for those inside");
    check_address(c.local_ip);
    options.lan_relay = c.local_ip;
  }
  options.serial = c.serial;
  options.rendezvous_servers = c.rendezvous_servers;
  options.software_url = c.software_url;
  auto& limits = options.relay_limits;
  limits.session = c.session;
  limits.total = c.total;
  limits.slow = c.slow;
  limits.downgrade_at = c.downgrade_at;
  limits.downgrade_after = std::chrono::seconds(c.downgrade_after);
  options.control_permissions = c.control_permissions;
  options.audit_reference = c.audit_reference;
  options.resolve = [](std::string host, net::Deadline deadline) {
    return net::resolve(std::move(host), deadline);
  };
  if (data.empty()) return;
  options.relay_blacklist = read_list(std::filesystem::path(data) / "blacklist.txt");
  options.relay_blocklist = read_list(std::filesystem::path(data) / "blocklist.txt");
}

}  // namespace deskcheck::cli
