#include "reference-server/relay_watch.hpp"

#include <charconv>

namespace deskcheck::server {

namespace {

constexpr auto kEvery = std::chrono::seconds(3);
constexpr auto kWithin = std::chrono::seconds(3);
constexpr std::uint16_t kRelayPort = 21117;

struct Place {
  std::string host;
  std::uint16_t port = kRelayPort;
};

// "host", "host:port", "[v6]:port", a bare IPv6 address.
Place parse(std::string_view relay) {
  Place place;
  const auto colon = relay.rfind(':');
  const bool bracketed = relay.starts_with('[');
  const bool has_port = colon != std::string_view::npos &&
                        (bracketed ? relay[colon - 1] == ']' : relay.find(':') == colon);
  if (has_port) {
    const auto port = relay.substr(colon + 1);
    std::from_chars(port.data(), port.data() + port.size(), place.port);
    relay = relay.substr(0, colon);
  }
  if (bracketed && relay.ends_with(']')) relay = relay.substr(1, relay.size() - 2);
  place.host = relay;
  return place;
}

}  // namespace

void RelayWatch::look(bool at_once) {
  const bool anything =
      relays_.configured().size() > 1 || (options_.resolve && resolved_ != relays_.generation());
  if (checking_ || !anything) return;
  checking_ = true;
  tasks_.spawn("relays", check(at_once));
}

net::awaitable<void> RelayWatch::check(bool at_once) {
  const auto began = world_.clock.now();
  if (options_.resolve && resolved_ != relays_.generation()) co_await drop_unknown_names();
  const auto generation = relays_.generation();
  const auto servers = relays_.configured();
  std::vector<std::string> reached;
  if (at_once && servers.size() > 1) {
    net::TaskGroup attempts(world_.executor);
    for (const auto& server : servers) attempts.spawn("relay", attempt(server, reached));
    co_await attempts.join();
    relays_.reached(generation, std::move(reached));
  }
  checking_ = false;
  world_.clock.arm(next_, std::max(began + kEvery, world_.clock.now()));
}

net::awaitable<void> RelayWatch::attempt(std::string relay, std::vector<std::string>& reached) {
  const auto place = parse(relay);
  const auto deadline = net::in(world_.clock, kWithin);
  auto address = co_await resolve(place.host, deadline);
  if (!address) co_return;
  const net::Endpoint to{*address, place.port};
  const net::Endpoint from;
  auto stream = co_await world_.network.connect(from, to, deadline);
  if (stream) reached.push_back(relay);
}

net::awaitable<net::Result<boost::asio::ip::address>> RelayWatch::resolve(std::string host,
                                                                          net::Deadline deadline) {
  boost::system::error_code no_literal;
  const auto literal = boost::asio::ip::make_address(host, no_literal);
  if (!no_literal) co_return literal;
  if (!options_.resolve) co_return no_literal;
  co_return co_await options_.resolve(std::move(host), deadline);
}

// What an operator mistyped is told to him and not proposed to anybody.
net::awaitable<void> RelayWatch::drop_unknown_names() {
  const auto generation = relays_.generation();
  const auto servers = relays_.configured();
  std::vector<std::string> known;
  for (const auto& server : servers) {
    const auto deadline = net::in(world_.clock, kWithin);
    auto address = co_await resolve(parse(server).host, deadline);
    if (address)
      known.push_back(server);
    else if (options_.log)
      options_.log("relay " + server + " is left out: " + address.error().message());
  }
  if (generation != relays_.generation()) co_return;  // another list meanwhile: next time
  if (known.size() != servers.size()) relays_.configure(std::move(known));
  resolved_ = relays_.generation();
}

}  // namespace deskcheck::server
