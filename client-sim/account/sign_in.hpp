// Who is signed in at a client, as it remembers it between starts, and the messages by which people
// sign in. Decides what counts as signed in; asks nobody.
#pragma once

#include "client-sim/account/answer_classes.hpp"

#include <string>

namespace deskcheck::sim {

// What the client keeps of a user. client:flutter/lib/common/hbbs/hbbs.dart:29-61
struct UserFacts {
  std::string name, display_name, email;
  int status = 1;  // 1 normal, 0 disabled, -1 unverified; nothing is made of it
  bool is_admin = false;

  UserFacts() = default;
};
// Throws TypeMistake.
UserFacts read_user(const boost::json::object& object);

// Shared by all that asks on behalf of the account.
struct SignIn {
  std::string token;  // empty: none
  UserFacts user;     // an empty name: the user interface shows nobody
  // Why the last question for the current user failed; while there is one, neither address books
  // nor the group tab are read.
  std::string network_error;

  SignIn() = default;
  // For the user interface; a token alone does not count.
  bool is_shown() const { return !user.name.empty(); }
  void forget() {
    token.clear();
    user = UserFacts();
  }
};

// What an attempt to sign in came to.
struct LoginResult {
  enum class Kind {
    signed_in,
    email_code,  // a code that has been mailed is asked for
    totp_code,   // a code of an authenticator app is asked for
    refused,     // the user reads `message`
    nothing,     // the dialog stays as it is, without a word
  };
  Kind kind = Kind::nothing;
  std::string message;
  std::string hint;  // of a challenge by e-mail: where it was sent, as the server shows it

  LoginResult() = default;
};

// What the second step sends back.
struct Challenge {
  bool totp = false;
  std::optional<std::string> user_name, secret;

  Challenge() = default;
};

// An answer to /api/login as the dialog takes it. `challenge`: null in the second step, where no
// other answer than a token counts. What it stores goes to `sign_in`.
// client: user_model.dart:193-237, login.dart:773-852, 1013-1042
LoginResult take_login_answer(const net::Result<DartAnswer>& answer, const ClientRelease& release,
                              SignIn& sign_in, Challenge* challenge);

}  // namespace deskcheck::sim
