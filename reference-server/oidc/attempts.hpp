// Attempts to sign in through an identity provider: who began one, with what, and what came of it.
// They live for minutes, so they are in memory only: whoever signs in while the server is started
// again begins again.
// Source of the rules: http-api.md chapter 8, HTTP-OAUTH-03, HTTP-OAUTH-05, HTTP-OQRY-06.
#pragma once

#include "proto/net/random.hpp"
#include "proto/net/time.hpp"
#include "reference-server/faults/wrong_oidc.hpp"
#include "reference-server/oidc/authorization.hpp"

#include <boost/asio/ip/address.hpp>

#include <map>
#include <memory>

namespace deskcheck::server::oidc {

struct Attempt {
  enum class Stage { waiting, failed, done };

  std::string id, uuid;     // of the client
  std::string device_name;  // for people
  IdentityProviderRecord provider;
  Secrets secrets;
  std::string redirect_uri;
  Stage stage = Stage::waiting;
  std::string failure;  // one line, for the user
  std::string account;  // of an attempt that is done
  std::string token;    // once it was fetched
  std::string party;    // whose it is: an address
  net::Time until{};
  net::Time polled{};  // for a wrong server

  Attempt() = default;
};

class Attempts {
 public:
  using Held = std::shared_ptr<Attempt>;

  Attempts(net::Random random, const WrongOidc& wrong) : random_(random), wrong_(wrong) {}

  // Fills in the secrets and gives the code with which the client asks for the result; nothing if
  // there are too many attempts, from this address or altogether.
  std::optional<std::string> begin(const Held& attempt, const boost::asio::ip::address& from,
                                   net::Time now);
  // One that could not begin after all.
  void forget(const std::string& code) { by_code_.erase(key_of(code)); }
  // The attempt of a state, which is good once.
  Held take(const std::string& state, net::Time now);
  Held find(const std::string& code, const std::string& id, const std::string& uuid, net::Time now);
  void done(Attempt& attempt, const std::string& account, net::Time now);

 private:
  static std::string key_of(const std::string& secret);
  void forget_old(net::Time now);

  net::Random random_;
  const WrongOidc& wrong_;
  std::map<std::string, Held> by_code_;   // by the hash of the code
  std::map<std::string, Held> by_state_;  // by the hash of the state; not those that were taken
};

}  // namespace deskcheck::server::oidc
