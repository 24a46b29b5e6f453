// Questions to the HTTP API, and whether an answer is one of an API: compared with what the server
// says to a route that nobody has. Internal to the probe.
#pragma once

#include "client-sim/account/http_exchange.hpp"
#include "client-sim/channel/secrets.hpp"
#include "conformance/probe/tour.hpp"

namespace deskcheck::probe {

enum class Kind {
  silence,    // asked twice
  closed,     // nobody listens
  gone,       // not asked: the last questions were met with silence
  no_route,   // 404 or 405
  page,       // for people
  elsewhere,  // a redirect
  failure,    // of the server or its proxy, 5xx; too many questions, 429
  login,      // 401 or 403
  same,       // what a route that nobody has is answered, too
  api,        // anything else
};

struct Said {
  Kind kind = Kind::silence;
  sim::HttpAnswer answer;
  std::string why;  // "POST /api/heartbeat answered {} with 200"

  Said() = default;
  bool is_there() const { return kind == Kind::api || kind == Kind::login; }
};

class Desk {
 public:
  Desk(Tour& tour, sim::ApiAccess access) : tour_(tour), access_(std::move(access)) {
    secrets_.add(tour.patient.account.password);
  }

  std::string token;  // of whoever is signed in; empty: nobody
  std::string guid =
      "deskcheck-nobodys-book";  // of the account's own book, else of none that exists
  bool has_book = false;

  // `beside`: a path that no server has, see beside().
  Task<Said> ask(sim::HttpQuestion question, std::string beside);
  // Without comparing it with anything.
  Task<Said> ask_plainly(sim::HttpQuestion question);
  // What a server says, in one line; some say in it what they were asked.
  std::string in_words(const std::string& text) const { return in_one_line(secrets_.hide(text)); }
  // A method and path, with a body of JSON (null: none), and the token if it is wanted.
  sim::HttpQuestion question(const char* method, std::string path, const char* body,
                             bool with_token) const;

 private:
  // For the evidence.
  std::string shown(const std::string& path) const;
  std::string told(const sim::HttpQuestion& question, const sim::HttpAnswer& answer) const;
  Task<const sim::HttpAnswer*> control(sim::HttpQuestion question);

  Tour& tour_;
  sim::ApiAccess access_;
  sim::Secrets secrets_;
  std::map<std::string, std::optional<sim::HttpAnswer>> controls_;  // by method and folder
  int silences_ = 0;                                                // in a row
};

// A path beside that one which no server has: "/api/ab/nothing" for "/api/ab/personal",
// "/api/ab/nothing/{}" for "/api/ab/tags/{}", where any last segment would be taken.
std::string beside(const std::string& path);

// What `said` means for a capability whose route it is.
// `wanted`: clients get such an answer when all is well; otherwise it is not sure.
void judge(Tour& tour, const std::string& capability, const Said& said, bool wanted = true);

}  // namespace deskcheck::probe
