#include "conformance/doctor/identify.hpp"

#include "proto/net/stream.hpp"

#include <fmt/format.h>

namespace deskcheck::doctor {

namespace {

using namespace std::chrono_literals;

constexpr net::Duration kGlance = 700ms;
constexpr std::size_t kLongestLine = 60;  // characters

// A record of TLS: an alert or the begin of a handshake, of any version.
bool is_tls(std::string_view bytes) {
  return bytes.size() >= 3 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 0x03;
}

// Web servers that expect TLS say so in plain text to those who come without.
bool asks_for_https(std::string_view answer) {
  return answer.find("HTTPS port") != answer.npos || answer.find("HTTPS server") != answer.npos;
}

Task<bool> shakes_hands(Caller& caller, net::Endpoint to) {
  auto stream = co_await caller.world.network.connect(caller.home(to), to, caller.patience());
  if (!stream) co_return false;
  const auto deadline = net::in(caller.world.clock, kGlance);
  net::TlsTrust trust = caller.patient.trust ? *caller.patient.trust : net::TlsTrust::system();
  std::string host = caller.patient.profile.host;
  auto secured =
      co_await net::tls_connect(std::move(*stream), std::move(trust), std::move(host), deadline);
  co_return secured.has_value() || net::is_untrusted(secured.error());
}

}  // namespace

Task<std::string> heard_after(Caller& caller, net::Endpoint to, std::string said) {
  auto stream = co_await caller.world.network.connect(caller.home(to), to, caller.patience());
  if (!stream) co_return std::string();
  const auto deadline = net::in(caller.world.clock, kGlance);
  if (!said.empty()) {
    auto written = co_await net::write_all(*stream, std::move(said), deadline);
    if (!written) co_return std::string();
  }
  std::string all;
  while (all.size() < 2048) {
    auto bytes = co_await net::read_some(*stream, 2048, deadline);
    if (!bytes) break;
    all += *bytes;
    if (is_tls(all)) break;
  }
  co_return all;
}

std::string first_line(std::string_view text) {
  std::string line(text.substr(0, std::min(text.find_first_of("\r\n"), kLongestLine)));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '.';
  return line;
}

Task<Speaker> identify(Caller& caller, net::Endpoint to) {
  Speaker speaker;
  std::string question =
      "GET / HTTP/1.1\r\nHost: " + caller.patient.profile.host + "\r\nConnection: close\r\n\r\n";
  const auto answer = co_await heard_after(caller, to, std::move(question));
  speaker.kind = Speaker::Kind::silent;
  speaker.sample = first_line(answer);
  if (is_tls(answer) || asks_for_https(answer)) {
    speaker.kind = Speaker::Kind::tls;
    co_return speaker;
  }
  if (answer.starts_with("HTTP/")) {
    speaker.kind = Speaker::Kind::http;
    co_return speaker;
  }
  const bool tls = co_await shakes_hands(caller, to);
  if (tls) {
    speaker.kind = Speaker::Kind::tls;
    co_return speaker;
  }
  std::string nothing;
  const auto greeting = co_await heard_after(caller, to, std::move(nothing));
  const bool printable = !greeting.empty() && greeting[0] >= 0x20 && greeting[0] < 0x7F &&
                         greeting.find('\n') != greeting.npos;
  if (printable) {
    speaker.kind = Speaker::Kind::text;
    speaker.sample = first_line(greeting);
  }
  co_return speaker;
}

bool explain_speaker(Visit& visit, Step step, Status status, const net::Endpoint& to,
                     const Speaker& speaker) {
  const auto place = to_string(to);
  switch (speaker.kind) {
    case Speaker::Kind::tls:
      visit.find(step, status, fmt::format("TCP {} speaks TLS, where clients speak without", place),
                 "a proxy or load balancer ends TLS there, or the port is another service's",
                 fmt::format("forward TCP {} as it is, without TLS", to.port));
      return true;
    case Speaker::Kind::http:
      visit.find(step, status,
                 fmt::format("TCP {} is a web server (\"{}\")", place, speaker.sample),
                 "a web server or proxy has taken the port, or the port is wrong",
                 fmt::format("forward TCP {} as it is, or give the right port", to.port));
      return true;
    case Speaker::Kind::text:
      visit.find(step, status,
                 fmt::format("TCP {} is another service (\"{}\")", place, speaker.sample),
                 "the port is wrong, or is forwarded to the wrong place",
                 "give the right port, or mend what forwards it");
      return true;
    case Speaker::Kind::nobody:
    case Speaker::Kind::silent:
      break;
  }
  return false;
}

}  // namespace deskcheck::doctor
