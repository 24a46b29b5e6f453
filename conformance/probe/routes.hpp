// The routes of the HTTP API as data: by which question each capability shows itself without harm.
// Internal to the probe.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace deskcheck::probe {

struct Route {
  // How the question stays harmless.
  enum class Care {
    reads,       // as clients ask, with the token of the account if there is one
    no_token,    // changes something for whoever is signed in: asked without a token, it is refused
    broken_body  // stores what anybody sends: the body is cut, so that there is nothing to store
  };
  const char* capability;
  const char* method;
  const char* path;  // {} is the guid of the account's personal book
  Care care;
  const char* body;             // null: none
  bool error_is_right = false;  // the answer to this question is an error
};

// Those that a question and its status tell; login, heartbeat and a few others have more to say.
std::span<const Route> routes();

}  // namespace deskcheck::probe
