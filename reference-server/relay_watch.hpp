// Tries the relays that are to be proposed, so that a dead one is not. With fewer than two there is
// nothing to choose, and nothing is tried. rendezvous.md section 3.13.
#pragma once

#include "proto/net/network.hpp"
#include "proto/net/task_group.hpp"
#include "reference-server/options.hpp"
#include "reference-server/rendezvous/relays.hpp"

namespace deskcheck::server {

class RelayWatch {
 public:
  // All of them outlive the watch.
  RelayWatch(net::World& world, const Options& options, Relays& relays, net::TaskGroup& tasks)
      : world_(world), options_(options), relays_(relays), tasks_(tasks) {}
  // Tries the list, unless that is under way, and again every 3 s.
  void look() { look(true); }
  // The list may be another one: its names are resolved now, its relays are tried in 3 s. Until
  // then the operator sees what he gave.
  void changed() { look(false); }
  void stop() { next_.disarm(); }

 private:
  void look(bool at_once);
  net::awaitable<void> check(bool at_once);
  // Adds `relay` to `reached` if it accepts a connection in time.
  net::awaitable<void> attempt(std::string relay, std::vector<std::string>& reached);
  net::awaitable<net::Result<boost::asio::ip::address>> resolve(std::string host,
                                                                net::Deadline deadline);
  net::awaitable<void> drop_unknown_names();

  net::World& world_;
  const Options& options_;
  Relays& relays_;
  net::TaskGroup& tasks_;
  bool checking_ = false;
  std::optional<std::size_t> resolved_;  // the generation of the list whose names are known
  net::Alarm next_{[this] { look(); }};
};

}  // namespace deskcheck::server
