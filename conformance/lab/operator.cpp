#include "conformance/lab/operator.hpp"

#include "client-sim/channel/datagram_channel.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

// The source that servers trust.
net::Endpoint own_host() { return {boost::asio::ip::address_v4::loopback(), 0}; }

}  // namespace

LabOperator::LabOperator(Lab& lab) : lab_(&lab) {
  if (!lab.starts_servers() && !lab.target().rendezvous.address.is_loopback())
    lab.not_applicable(
        "operators are served on the server's own host only: run the suite there, against "
        "127.0.0.1");
}

Task<Answer<std::string>> LabOperator::at_rendezvous(std::string command) {
  return finished(lab_->target().nat, command + "\n", lab_->within(5s));
}

Task<Answer<std::string>> LabOperator::at_relay(std::string command) {
  return finished(lab_->target().relay, command + "\n", lab_->within(5s));
}

Task<Answer<std::string>> LabOperator::finished(net::Endpoint console, std::string line,
                                                net::Deadline deadline) {
  auto answer = co_await say(std::move(console), std::move(line), deadline);
  lab_->require("the console answers and ends the connection", answer, Arrived());
  co_return std::move(answer);
}

Task<Answer<std::string>> LabOperator::say(net::Endpoint console, std::string bytes,
                                           net::Deadline deadline) {
  const std::string what = "what the console says to '" + bytes + "'";
  auto connection = co_await lab_->connect("operator", own_host(), console);
  (void)co_await connection.send_bytes(std::move(bytes), deadline);
  std::string text;
  for (;;) {
    auto more = co_await connection.receive_bytes(deadline);
    if (more) {
      text += *more;
      continue;
    }
    net::Result<std::string> said = std::move(text);
    if (more.error() == boost::asio::error::timed_out) said = more.error();
    co_return lab_->answer(std::move(said), what);
  }
}

Task<void> LabOperator::publish(std::int32_t serial, std::vector<std::string> servers) {
  hbb::ConfigUpdate list;
  list.set_serial(serial);
  for (auto& server : servers) list.add_rendezvous_servers(std::move(server));
  sim::DatagramChannel channel(lab_->world(), own_host(), lab_->recorder("operator"));
  channel.send(lab_->target().rendezvous, wrap<hbb::RendezvousMessage>(std::move(list)));
  hbb::RegisterPeer barrier;
  barrier.set_id(lab_->fresh_id());
  channel.send(lab_->target().rendezvous, wrap<hbb::RendezvousMessage>(std::move(barrier)));
  const auto answer = co_await channel.next<hbb::RegisterPeerResponse>(lab_->within(5s));
  if (!answer)
    lab_->require("register_peer is answered on loopback", answer.error(),
                  boost::system::error_code());
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line += c;
      continue;
    }
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::exchange(line, {}));
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace deskcheck::conformance
