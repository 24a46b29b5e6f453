// From the name of the host to addresses, and whether both kinds of them are served.
#include "conformance/doctor/visit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskcheck::doctor {

namespace {

namespace ip = boost::asio::ip;

std::string list_of(const std::vector<ip::address>& addresses) {
  constexpr std::size_t kMostShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(addresses.size(), kMostShown); ++i)
    text += (i > 0 ? ", " : "") + addresses[i].to_string();
  if (addresses.size() > kMostShown)
    text += fmt::format(" and {} more", addresses.size() - kMostShown);
  return text;
}

Task<void> try_ipv6(Visit& visit, ip::address address) {
  visit.begin(Step::ipv6);
  const net::Endpoint to{address, visit.rendezvous.port};
  const auto stream = co_await visit.world.network.connect(visit.home(to), to, visit.patience());
  if (stream) co_return visit.ok(Step::ipv6, fmt::format("TCP {} answers, too", to_string(to)));
  const auto why = stream.error();
  if (why != boost::asio::error::connection_refused && why != boost::asio::error::timed_out)
    co_return visit.skip(Step::ipv6, "this machine has no IPv6");
  visit.find(Step::ipv6, Status::warning,
             fmt::format("the name has {} as well, where nobody answers: {}", address.to_string(),
                         why.message()),
             "the AAAA record is there, the server or its firewall has IPv4 only; clients that "
             "choose IPv6 fail",
             "let the server listen on IPv6, or remove the AAAA record");
}

}  // namespace

Task<bool> look_up_names(Visit& visit) {
  visit.begin(Step::name);
  std::string host = visit.patient.profile.host;
  auto found = co_await visit.patient.look_up(host, visit.patience());
  if (!found || found->empty()) {
    visit.find(Step::name, Status::broken,
               fmt::format("{} has no address{}", host,
                           found ? std::string() : ": " + found.error().message()),
               "the name is misspelt, its A record is missing, or this machine's resolver fails",
               "mend the DNS record, or give the address");
    co_return false;
  }
  auto& all = visit.diagnosis.addresses;
  all = std::move(*found);
  const auto v4 = std::ranges::find_if(all, [](const auto& a) { return a.is_v4(); });
  const auto v6 = std::ranges::find_if(all, [](const auto& a) { return a.is_v6(); });
  place_ports(visit, chosen(all));
  boost::system::error_code no_literal;
  (void)ip::make_address(host, no_literal);
  if (v4 == all.end() && no_literal)
    visit.find(Step::name, Status::warning,
               fmt::format("{} has IPv6 addresses only: {}", host, list_of(all)),
               "there is an AAAA record and no A record; clients without IPv6 cannot connect",
               "add an A record, unless every client has IPv6");
  else
    visit.ok(Step::name, no_literal ? fmt::format("{} is {}", host, list_of(all))
                                    : fmt::format("{} is an address", host));
  co_await place_relay(visit);
  if (v4 == all.end() || v6 == all.end() || v6->is_loopback())
    visit.skip(Step::ipv6, "one kind of address only");
  else
    co_await try_ipv6(visit, *v6);
  co_return true;
}

}  // namespace deskcheck::doctor
