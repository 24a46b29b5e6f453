#include "conformance/lab/relay_party.hpp"

#include <cstdio>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 5s;  // for steps that are not judged themselves

void require_sent(Lab& lab, const net::Result<void>& sent) {
  if (!sent) lab.require("sending to the relay server", sent.error(), boost::system::error_code());
}

}  // namespace

std::string fresh_session(Lab& lab) {
  std::string bytes = lab.random().bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // version 4: random
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(bytes[i]));
    text += digits;
  }
  return text;
}

LabRelayParty::LabRelayParty(Lab& lab, sim::MessageStream connection)
    : lab_(&lab), connection_(std::move(connection)) {}

hbb::RequestRelay LabRelayParty::request_for(const std::string& session) const {
  hbb::RequestRelay request;
  request.set_uuid(session);
  request.set_licence_key(lab_->target().key_for_relay());
  return request;
}

Task<void> LabRelayParty::join(std::string session) {
  co_await ask_to_join(std::move(session));
  co_await lab_->wait(200ms);
}

Task<void> LabRelayParty::ask_to_join(std::string session) {
  const auto request = wrap<hbb::RendezvousMessage>(request_for(session));
  auto sent = co_await connection_.send(request, lab_->within(kPatience));
  require_sent(*lab_, sent);
  connection_.speak(sim::Protocol::raw);
}

Task<void> LabRelayParty::say(std::string payload) {
  auto sent = co_await connection_.send(std::move(payload), lab_->within(kPatience));
  require_sent(*lab_, sent);
}

Task<void> LabRelayParty::say_bytes(std::string bytes) {
  auto sent = co_await connection_.send_bytes(std::move(bytes), lab_->within(kPatience));
  require_sent(*lab_, sent);
}

Task<void> LabRelayParty::try_to_say(std::string payload) {
  (void)co_await connection_.send(std::move(payload), lab_->within(kPatience));
}

Task<Answer<std::string>> LabRelayParty::hear(net::Deadline deadline) {
  auto result = co_await connection_.receive(deadline);
  co_return lab_->answer(std::move(result), "what comes through the relay");
}

Task<Answer<std::string>> LabRelayParty::hear_sometime(std::string wanted, net::Deadline deadline) {
  for (;;) {
    auto result = co_await connection_.receive(deadline);
    if (!result || *result == wanted)
      co_return lab_->answer(std::move(result), "what comes through the relay");
  }
}

Task<Answer<std::string>> LabRelayParty::hear_bytes(std::size_t count, net::Deadline deadline) {
  auto result = co_await connection_.receive_exactly(count, deadline);
  co_return lab_->answer(std::move(result), "what comes through the relay");
}

Task<LabRelayParty> relay_party(Lab& lab, std::string name, net::Endpoint home) {
  auto connection = co_await lab.connect(std::move(name), home, lab.target().relay);
  co_return LabRelayParty(lab, std::move(connection));
}

Task<RelaySession> relay_session(Lab& lab) {
  const std::string number = fresh_session(lab);
  auto first = co_await relay_party(lab, "first", lab.home());
  co_await first.join(number);
  auto second = co_await relay_party(lab, "second", lab.home());
  co_await second.join(number);
  RelaySession session{std::move(first), std::move(second)};
  co_return std::move(session);
}

}  // namespace deskcheck::conformance
