// The keys with which an identity provider signs (RFC 7517), and what is signed with them (RFC
// 7515): only asymmetric algorithms, each with its own kind of key, so that nobody can make a
// signature from what is public. The cryptography is cjose's.
#pragma once

#include "reference-server/faults/wrong_oidc.hpp"
#include "reference-server/oidc/discovery.hpp"

#include <boost/json.hpp>

#include <vector>

namespace deskcheck::server::oidc {

// What a token says of how it is signed. Nothing of it is proven.
struct TokenHead {
  std::string algorithm;
  std::string key;  // its id; may be empty

  TokenHead() = default;
};
// Refuses algorithms that prove nothing: none, and those with a shared secret.
Judged<TokenHead> head_of(std::string_view token, const WrongOidc& wrong);

class KeySet {
 public:
  // Keys of no use are left out. Not more than 100.
  static Judged<KeySet> parse(std::string_view document);

  bool has_key_for(const TokenHead& head) const;
  // What is signed.
  Judged<std::string> open(const std::string& token, const TokenHead& head,
                           const WrongOidc& wrong) const;

 private:
  std::vector<boost::json::object> keys_;
};

}  // namespace deskcheck::server::oidc
