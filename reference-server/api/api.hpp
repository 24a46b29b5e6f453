// The HTTP API as a plain object: a request in, a response out. The HTTP port and the tunnel over
// the rendezvous port call the same one. Sans-IO: it knows no sockets and no clock.
// The endpoints are in a file per group, see groups.hpp; every other route is answered 404 with a
// JSON error. Source of the rules: http-api.md.
#pragma once

#include "reference-server/api/answers.hpp"
#include "reference-server/api/elsewhere.hpp"
#include "reference-server/api/groups.hpp"
#include "reference-server/oidc/sign_ins.hpp"

namespace deskcheck::server::api {

class Api {
 public:
  // What the API asks of the rest of the server.
  struct Needs {
    Deploy deploy;
    RegisteredUuid registered;
    RegisteredKey registered_key = {};
  };
  // `options` and `store` outlive the API. Throws identity::AccountError.
  Api(const Options& options, ApiStore& store, net::Random random, Needs needs);
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Whoever carries it asks elsewhere first if it wants that.
  Response on(const Request& request, net::Time now);
  // As those of the router.
  std::set<std::string> routes() const { return router_.routes(); }
  // In bytes, of a request to this target. Parts of recordings come as long as a device has them.
  std::uint64_t longest_body(std::string_view target) const;
  // Whether a token is valid: of somebody who is signed in, or of the options.
  bool signed_in(std::string_view token, net::Time now);
  // The URL of the server for requests that do not tell one.
  void listens_at(std::string url) { sign_ins_.listens_at(std::move(url)); }
  // What the operator says to devices.
  Devices& devices() { return devices_; }
  Strategies& strategies() { return strategies_; }
  Audits& audits() { return audits_; }
  Recordings& recordings() { return recordings_; }
  SwitchGrants& switch_grants() { return switch_grants_; }

 private:
  void add_address_books();

  const Options& options_;
  const WrongApi& wrong_;
  identity::Accounts accounts_;
  identity::SecondFactor second_factor_;
  Devices devices_;
  Books books_;
  Accessible accessible_;
  oidc::SignIns sign_ins_;
  Strategies strategies_;
  Assigner assigner_;
  Audits audits_;
  Recordings recordings_;
  SwitchGrants switch_grants_;
  Router router_;
};

}  // namespace deskcheck::server::api
