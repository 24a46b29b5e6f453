#include "conformance/runner/preflight.hpp"

#include "proto/net/real_world.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

Task<std::optional<Problem>> preflight(net::World world, Target target, net::Endpoint from) {
  const auto deadline = net::in(world.clock, 5s);
  const sim::Recorder nobody;
  auto stream =
      co_await sim::MessageStream::connect(world, from, target.rendezvous, nobody, deadline);
  if (!stream) {
    const std::string why = stream.error().message();
    co_return Problem{ExitCode::target_unreachable,
                      "no server answers at TCP " + to_string(target.rendezvous) + " (" + why +
                          "); is it running, and are --host and --port-base right?"};
  }
  hbb::PunchHoleRequest request;
  request.set_id("dc" + std::to_string(world.random.next() % 10'000'000'000));
  request.set_licence_key(target.licence_key);
  request.set_version("1.4.9");
  const auto message = wrap<hbb::RendezvousMessage>(std::move(request));
  auto sent = co_await stream->send(message, deadline);
  if (!sent) co_return std::nullopt;
  auto answer = co_await stream->next<hbb::PunchHoleResponse>(deadline);
  if (!answer || answer->failure() != hbb::PunchHoleResponse::LICENSE_MISMATCH ||
      !answer->socket_addr().empty())
    co_return std::nullopt;
  const std::string given =
      target.licence_key.empty() ? "no key was given" : "the given key is refused";
  co_return Problem{ExitCode::usage, "the server at " + to_string(target.rendezvous) +
                                         " asks for its key and " + given +
                                         " (LICENSE_MISMATCH); give the text of its "
                                         "id_ed25519.pub with --key"};
}

std::optional<Problem> preflight_in_real_time(const Target& target,
                                              const boost::asio::ip::address& from) {
  net::RealWorld real(net::Random::system());
  std::optional<Problem> problem;
  auto ask = [&]() -> Task<void> {
    const net::Endpoint source{from, 0};
    problem = co_await preflight(real.world(), target, source);
  };
  real.run(ask());
  return problem;
}

bool is_on_this_machine(const boost::asio::ip::address& address) {
  if (address.is_loopback()) return true;
  try {
    net::RealWorld(net::Random::system()).bind_udp({address, 0});
    return true;
  } catch (const boost::system::system_error&) {
    return false;
  }
}

}  // namespace deskcheck::conformance
