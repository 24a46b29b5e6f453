#include "conformance/probe/desk.hpp"

#include "client-sim/account/answer_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace deskcheck::probe {

namespace {

// A server that has stopped answering is not waited for at every route.
constexpr int kMostSilences = 4;
constexpr std::size_t kKept = 64 * 1024;  // bytes of an answer

constexpr char kNobodys[] = "deskcheck-asks-for-nothing";

std::string without_query(const std::string& path) { return path.substr(0, path.find('?')); }

Kind kind_of(const sim::HttpAnswer& answer) {
  if (answer.status == 404 || answer.status == 405) return Kind::no_route;
  if (answer.status >= 300 && answer.status < 400) return Kind::elsewhere;
  if (answer.status >= 500 || answer.status == 429) return Kind::failure;
  if (doctor::is_page(answer)) return Kind::page;
  if (answer.status == 401 || answer.status == 403) return Kind::login;
  return Kind::api;
}

// Some say in their answer what they were asked.
std::string without(std::string text, const std::string& path) {
  for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at))
    text.erase(at, path.size());
  return text;
}

// A file is no evidence that anybody wants to read.
bool is_text(const std::string& body) {
  return std::ranges::none_of(body, [](unsigned char c) { return c < ' ' && !std::isspace(c); });
}

// What the account may read is its own business: only the shape of it is told.
std::string shape(const sim::HttpAnswer& answer) {
  const auto value = sim::parse_json(answer.body);
  if (!value) return "a text";
  return value->is_object() ? "an object" : value->is_array() ? "a list" : "a value";
}

}  // namespace

sim::HttpQuestion Desk::question(const char* method, std::string path, const char* body,
                                 bool with_token) const {
  sim::HttpQuestion question(method, std::move(path));
  if (with_token && !token.empty())
    question.headers.emplace_back("Authorization", "Bearer " + token);
  if (!body) return question;
  question.headers.emplace_back("Content-Type", "application/json");
  question.body = body;
  if (question.body.empty()) question.headers.emplace_back("Content-Length", "0");
  return question;
}

std::string Desk::shown(const std::string& path) const {
  const auto text = without_query(path);
  if (!text.ends_with('/' + guid)) return text;
  return text.substr(0, text.size() - guid.size()) + "{guid}";
}

std::string Desk::told(const sim::HttpQuestion& question, const sim::HttpAnswer& answer) const {
  std::string what;
  const bool signed_in = !question.headers.empty() && question.headers[0].first == "Authorization";
  if (doctor::is_page(answer))
    what = "a web page with ";
  else if (question.method != "HEAD" && !answer.body.empty())
    what = (signed_in              ? shape(answer)
            : is_text(answer.body) ? in_words(answer.body)
                                   : fmt::format("{} bytes", answer.body.size())) +
           " with ";
  return fmt::format("{} {} answered {}{}", question.method, shown(question.path), what,
                     answer.status);
}

Task<Said> Desk::ask_plainly(sim::HttpQuestion question) {
  Said said;
  if (silences_ >= kMostSilences) {
    said.kind = Kind::gone;
    said.why = "the API has stopped answering";
    co_return said;
  }
  boost::system::error_code why;
  for (int i = 0; i < kTries; ++i) {
    auto access = access_;
    auto again = question;
    const sim::Recorder nobody;
    auto answer = co_await sim::exchange(tour_.world, std::move(access), std::move(again), nobody,
                                         tour_.patience());
    if (answer) {
      silences_ = 0;
      said.answer = std::move(*answer);
      said.why = told(question, said.answer);
      if (said.answer.body.size() > kKept) said.answer.body.resize(kKept);
      said.kind = kind_of(said.answer);
      co_return said;
    }
    why = answer.error();
    if (why == boost::asio::error::connection_refused) break;
  }
  ++silences_;
  said.kind = why == boost::asio::error::connection_refused ? Kind::closed : Kind::silence;
  said.why = fmt::format("{} {}: {}", question.method, shown(question.path), why.message());
  co_return said;
}

// What a route is answered that nobody has, in the same folder and with the same method: some
// servers ask everybody to log in first, or say the same to everything.
Task<const sim::HttpAnswer*> Desk::control(sim::HttpQuestion question) {
  const auto name = question.method + ' ' + question.path;
  auto found = controls_.find(name);
  if (found == controls_.end()) {
    auto said = co_await ask_plainly(std::move(question));
    const bool answered =
        said.kind != Kind::silence && said.kind != Kind::closed && said.kind != Kind::gone;
    std::optional<sim::HttpAnswer> answer;
    if (answered) answer = std::move(said.answer);
    found = controls_.emplace(name, std::move(answer)).first;
  }
  co_return found->second ? &*found->second : nullptr;
}

Task<Said> Desk::ask(sim::HttpQuestion question, std::string beside) {
  auto other = question;
  other.path = std::move(beside);
  const auto path = without_query(question.path), nobodys = other.path;
  auto said = co_await ask_plainly(std::move(question));
  if (!said.is_there()) co_return said;
  const auto* nothing = co_await control(std::move(other));
  if (!nothing || nothing->status != said.answer.status) co_return said;
  if (said.kind == Kind::login ||
      without(said.answer.body, path) == without(nothing->body, nobodys))
    said.kind = Kind::same;
  co_return said;
}

std::string beside(const std::string& path) {
  const auto plain = without_query(path);
  const auto slash = plain.rfind('/');
  if (plain.substr(slash + 1) != "{}") return plain.substr(0, slash + 1) + kNobodys;
  const auto folder = plain.rfind('/', slash - 1);
  return plain.substr(0, folder + 1) + kNobodys + plain.substr(slash);
}

void judge(Tour& tour, const std::string& capability, const Said& said, bool wanted) {
  switch (said.kind) {
    case Kind::api:
      return tour.present(capability, said.why, wanted);
    case Kind::login:
      // A route that asks for a login may say something else to those who are signed in.
      return tour.present(capability, said.why, false);
    case Kind::closed:
    case Kind::no_route:
    case Kind::page:
    case Kind::elsewhere:
      return tour.absent(capability, said.why);
    case Kind::silence:
      return tour.silent(capability, said.why + ", asked twice");
    case Kind::gone:
      return tour.unknown(capability, said.why);
    case Kind::failure:
      return tour.unknown(capability, said.why + ", which says nothing about the route");
    case Kind::same:
      return tour.unknown(capability, said.why + ", like a route that nobody has");
  }
}

}  // namespace deskcheck::probe
