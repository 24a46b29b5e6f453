// The second step of signing in: whoever knows the password of an account that wants a code gets a
// challenge, a secret by which he is known again, and has five minutes and five wrong codes. A code
// is good once, also over a restart. Sans-IO: time is handed in; challenges live as long as the
// server.
// Source of the rules: http-api.md section 1.1, HTTP-LOGIN-04 to -12; RFC 6238, section 5.2.
#pragma once

#include "reference-server/options.hpp"
#include "reference-server/store/api_store.hpp"

#include <deque>
#include <map>

namespace deskcheck::server::identity {

// What the second step says.
struct CodeAnswer {
  std::string secret;    // of the challenge
  std::string username;  // may be empty
  std::string id, uuid;  // of the client, as in the first step
  std::string code;

  CodeAnswer() = default;
};

class SecondFactor {
 public:
  enum class Judged { right, wrong, too_many, storage_fails };

  // Both outlive this.
  SecondFactor(const Options& options, ApiStore& store, net::Random random)
      : options_(options), store_(store), random_(random) {}

  // The password of this account was right; if it has no TOTP secret, a code is sent to its e-mail
  // address. Gives the secret: base64url, 43 characters; nothing if the address has got as many
  // mails as it may in five minutes.
  std::optional<std::string> challenge(const AccountRecord& account, const std::string& id,
                                       const std::string& uuid, net::Time now);
  // Right: `account` is whose challenge it was, and the challenge is over.
  Judged judge(const CodeAnswer& answer, net::Time now, AccountRecord& account);

 private:
  struct Challenge {
    std::string hash;  // of the secret
    std::string account, password_hash;
    std::string id, uuid;
    std::string mailed;  // the hash of the code; empty: an app makes it
    net::Time at{};
    int wrong = 0;
  };
  struct Wrong {
    int count = 0;
    net::Time last{};
  };

  Challenge* find(const CodeAnswer& answer, net::Time now);
  // The hash of the code that was sent.
  std::string mail_code(const AccountRecord& account);
  Judged judge_code(const Challenge& challenge, const AccountRecord& account,
                    const std::string& code, net::Time now);
  void end(const std::string& hash);
  void forget_old(net::Time now);

  const Options& options_;
  ApiStore& store_;
  net::Random random_;
  std::deque<Challenge> challenges_;    // the oldest first
  std::map<std::string, Wrong> wrong_;  // codes, by account
};

}  // namespace deskcheck::server::identity
