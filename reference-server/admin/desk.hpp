// What administrators act on. Everything outlives the routes.
#pragma once

#include "reference-server/api/groups.hpp"

namespace deskcheck::server::admin {

struct Desk {
  const Options& options;
  ApiStore& store;
  identity::Accounts& accounts;
  api::Devices& devices;
  api::Books& books;
  api::Accessible& accessible;
  api::Strategies& strategies;
  api::Audits& audits;
  api::Recordings& recordings;
  oidc::SignIns& sign_ins;

  FleetStore& fleet() const { return store.fleet(); }
  const WrongApi& wrong() const { return options.faults.policies; }
};

}  // namespace deskcheck::server::admin
