// A client program at the HTTP API: it asks what the real one asks, with the same headers and
// bodies, and does only what the case says, when it says it. Decides nothing about what is right.
#pragma once

#include "conformance/lab/device.hpp"
#include "conformance/lab/http.hpp"

#include <boost/json/object.hpp>

#include <memory>

namespace deskcheck::conformance {

// How its questions get to the API: clients use the tunnel where HTTP is blocked.
enum class Way { directly, through_tunnel };
std::string_view to_string(Way way);
// Those that the target has: directly, and the tunnel if it claims one. Not applicable if its API
// is not known.
std::vector<Way> ways(const Lab& lab);

// The account that the target lends for this role; not applicable if there is none, and blocked if
// its hooks were to make one and could not.
const Account& account_of(const Lab& lab, const std::string& role);

// How long clients wait. client:src/common.rs:1491,1228
inline constexpr net::Duration kHttpPatience = std::chrono::seconds(12);
inline constexpr net::Duration kTunnelPatience = std::chrono::seconds(36);
// How long a story waits for all its answers together: whoever needs more is not asked again, and
// the case is blocked. So it ends at most kTunnelPatience later, for which takes(kApiStory) is
// enough, and takes(kAgentStory) where sysinfo_until_known() waits for the server in between.
inline constexpr net::Duration kStoryPatience = std::chrono::seconds(36);
inline constexpr net::Duration kApiStory = std::chrono::seconds(48);
inline constexpr net::Duration kAgentStory = std::chrono::seconds(60);

// Ends the case: what a server that was asked too often does not say is nobody's fault.
[[noreturn]] void heartbeats_are_limited(const Lab& lab);

class ApiClient {
 public:
  // A program that nobody knows yet, at an address of its own.
  explicit ApiClient(Lab& lab, Way way = Way::directly);
  // The program of this device: its id, its uuid, its address.
  ApiClient(Lab& lab, const LabDevice& device, Way way = Way::directly);
  // Another program at the same address. Both have one story's patience.
  ApiClient neighbour() const;

  const std::string& id() const { return id_; }
  const std::string& uuid() const { return uuid_; }  // as the API writes it, in base64
  net::Endpoint home() const { return home_; }
  // From here on its questions go this way.
  void use(Way way) { way_ = way; }
  // Its patience begins anew, and no longer with that of its neighbours: for what comes after a
  // story, like clearing up.
  void forget_waiting() { waited_ = std::make_shared<net::Duration>(); }
  // Somebody else's identity from here on.
  void pretend(std::string id, std::string uuid);

  // --- bodies of requests, to be sent as they are or changed
  boost::json::object identity() const;                          // {"id", "uuid"}
  boost::json::object login_body(const Account& account) const;  // type "account"
  boost::json::object code_body() const;  // type "email_code" with a code that nobody has sent
  boost::json::object heartbeat_body() const;
  boost::json::object sysinfo_body() const;

  // --- questions; each is answered within what a client waits, or not at all. Blocked if the ones
  // before have used up the story's patience. Stories send heartbeats faster than agents do: where
  // the server limits them (429), they wait as long as it says and ask again, or are blocked if
  // they have no time for that.
  Task<Answer<HttpAnswer>> ask(HttpQuestion question);
  // POST of JSON; without a token there is no Authorization.
  Task<Answer<HttpAnswer>> post(std::string path, boost::json::object body, std::string token = "");
  // POST of any bytes as application/json.
  Task<Answer<HttpAnswer>> post_text(std::string path, std::string body, std::string token = "");
  // The same with another method. Without a body there is a Content-Length of 0, as clients say it
  // where they read lists by POST. client:flutter/lib/models/ab_model.dart:2029
  Task<Answer<HttpAnswer>> call(std::string method, std::string path, std::string body,
                                std::string token);
  Task<Answer<HttpAnswer>> login_options();
  Task<Answer<HttpAnswer>> login(Account account);
  Task<Answer<HttpAnswer>> current_user(std::string token);
  Task<Answer<HttpAnswer>> logout(std::string token);
  Task<Answer<HttpAnswer>> heartbeat();
  Task<Answer<HttpAnswer>> sysinfo();
  Task<Answer<HttpAnswer>> sysinfo_version();

  // Signs in to the account of this role and returns the token. Not applicable if the target lends
  // no such account, blocked if no token comes.
  Task<std::string> sign_in(std::string role);
  // What is asked until the server knows the id, from its rendezvous port or from the heartbeat
  // that follows the first upload: every 3 s, as agents do, and the fifth answer counts whatever it
  // is. client:src/hbbs_http/sync.rs:210-236
  Task<Answer<HttpAnswer>> sysinfo_until_known();

 private:
  Task<Answer<HttpAnswer>> ask_on_the_way(HttpQuestion question);
  Task<Answer<HttpAnswer>> ask_through_tunnel(HttpQuestion question);

  Lab* lab_;
  Way way_;
  std::string id_, uuid_;
  net::Endpoint home_;
  std::shared_ptr<net::Duration> waited_ = std::make_shared<net::Duration>();  // for answers
};

}  // namespace deskcheck::conformance
