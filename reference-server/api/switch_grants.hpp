// Grants to switch sides: a device that controls another one lets that one back in, once and soon.
// It shows by its signature that the grant is its own; what it granted is known by the code that
// the other one presents at the rendezvous port. Sans-IO; grants live as long as the server.
// Source of the rules: http-api.md section 13.3; client src/hbbs_http/sync.rs:317-407.
#pragma once

#include "reference-server/options.hpp"

#include <boost/system/result.hpp>

#include <map>

namespace deskcheck::server::api {

// The 32 bytes of the public key with which the id is registered; nothing if it is not.
using RegisteredKey =
    std::function<boost::system::result<std::optional<std::string>>(const std::string& id)>;

struct SwitchGrant {
  std::string id;
  std::string verifier;   // base64, of the code
  std::string timestamp;  // Unix time, decimal
  std::string signature;  // base64

  SwitchGrant() = default;
};

class SwitchGrants {
 public:
  enum class Answer { accepted, refused, too_early_or_late };
  // What a code lets pass: each of them once.
  enum class Request { path, relay };

  // `options` outlives the grants. An empty `registered` knows nobody.
  SwitchGrants(const Options& options, RegisteredKey registered)
      : options_(options), registered_(std::move(registered)) {}

  Answer on(const SwitchGrant& grant, net::Time now);
  // Whether the code lets this request to the device `id` pass. The same request may come again on
  // its connection.
  bool passes(const std::string& id, std::string_view code, Request request,
              std::uint64_t connection, net::Time now);

 private:
  struct Granted {
    net::Time at{};
    std::map<Request, std::uint64_t> used;  // the connections
  };
  using Key = std::pair<std::string, std::string>;  // id, verifier

  bool is_signed(const SwitchGrant& grant) const;
  void forget_old(net::Time now);

  const Options& options_;
  RegisteredKey registered_;
  std::map<Key, Granted> grants_;
};

// What is known of a code: base64 of a hash of it.
std::string switch_code_verifier(std::string_view code);

}  // namespace deskcheck::server::api
