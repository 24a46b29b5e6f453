// Starts reference servers inside the process of the suite: the default target, and the servers
// that cases ask for. Every one of them has the same faults switched on, and lacks the same.
#pragma once

#include "conformance/lab/server_host.hpp"
#include "conformance/runner/lack.hpp"
#include "conformance/target/control.hpp"
#include "reference-server/faults/faults.hpp"

namespace deskcheck::conformance {

class ReferenceHost final : public ServerHost {
 public:
  // Servers listen on free ports of `address`.
  // `https`: the APIs of all of them are used over HTTPS, whatever the setup says.
  ReferenceHost(boost::asio::ip::address address, server::FaultPlan faults, bool https = false,
                Lack lack = {});
  std::unique_ptr<OwnServer> start(const net::World& world, const ServerSetup& setup) override;

 private:
  boost::asio::ip::address address_;
  server::FaultPlan faults_;
  bool https_;
  Lack lack_;
};

// What its administrator does, as its admin API wants to hear it.
Control hooks_of_the_admin_api();

// The reference server as its owner's file might have it: all other accounts are made by hooks.
Target with_administrator_only(Target target);

}  // namespace deskcheck::conformance
