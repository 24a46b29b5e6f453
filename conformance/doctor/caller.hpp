// Somebody who calls on a server that belongs to others: where its ports are, where calls come
// from, how long an answer is waited for. What the doctor's visit and the probe's tour share;
// internal to both.
#pragma once

#include "client-sim/account/http_exchange.hpp"
#include "client-sim/channel/message_stream.hpp"
#include "conformance/doctor/doctor.hpp"

namespace deskcheck::doctor {

template <class T>
using Task = net::awaitable<T>;

class Caller {
 public:
  Caller(net::World w, Patient p) : world(std::move(w)), patient(std::move(p)) {}

  net::World world;
  const Patient patient;

  // Made by place_ports().
  net::Endpoint rendezvous, nat, websocket;
  net::Endpoint relay, relay_websocket;

  net::Time now() const { return world.clock.now(); }
  net::Deadline patience() const { return net::in(world.clock, kPatience); }
  // Where calls to that place come from.
  net::Endpoint home(const net::Endpoint& to) const;
};

// As clients choose among the addresses of a name: IPv4 if there is one.
boost::asio::ip::address chosen(const std::vector<boost::asio::ip::address>& addresses);
// All ports of a server at this address, its relay included.
void place_ports(Caller& caller, const boost::asio::ip::address& address);
// A relay on a host of its own goes there, if that has an address.
Task<void> place_relay(Caller& caller);

// The URL of the API that was given, or P-2 of the host.
std::string api_url(const Caller& caller);
// Nothing: its name has no address.
Task<std::optional<sim::ApiAccess>> api_access(Caller& caller);
// Whether somebody shows a page for people.
bool is_page(const sim::HttpAnswer& answer);

}  // namespace deskcheck::doctor
