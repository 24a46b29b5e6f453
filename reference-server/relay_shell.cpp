#include "reference-server/relay_shell.hpp"

#include "reference-server/console_line.hpp"
#include "reference-server/frame_reader.hpp"

namespace deskcheck::server {

namespace {

constexpr auto kFirstMessageWithin = std::chrono::seconds(30);
constexpr std::size_t kLongestFirstMessage = 16 * 1024;  // bytes; real ones have about 150

}  // namespace

RelayShell::RelayShell(net::World world, const Options& options, net::TaskGroup& tasks)
    : world_(std::move(world)),
      options_(options),
      wrong_(options.faults.policies),
      tasks_(tasks),
      logic_(options) {}

net::awaitable<void> RelayShell::serve_connections(net::Listener& listener) {
  for (;;) {
    auto stream = co_await listener.accept(net::in(world_.clock, net::Duration::max()));
    if (!stream) throw boost::system::system_error(stream.error(), "relay accept");
    tasks_.spawn("relay", serve(std::move(*stream)));
  }
}

net::awaitable<void> RelayShell::serve(net::ByteStream stream) {
  auto opening = co_await read_opening(world_.clock, stream, options_);
  if (opening.kind != Opening::Kind::protocol) co_return co_await converse(stream, opening);
  FrameReader frames(stream, kLongestFirstMessage, wrong_);
  frames.feed(opening.bytes);
  auto payload = co_await frames.next(net::in(world_.clock, kFirstMessageWithin));
  if (!payload) co_return;
  hbb::RendezvousMessage message;
  if (!message.ParseFromString(*payload)) co_return;

  const ConnectionId connection = ++last_connection_;
  const auto decision = logic_.on_first(message, connection, world_.clock.now());
  if (decision.kind == Relay::Decision::Kind::refuse) co_return;
  std::string early = frames.take_rest();
  if (wrong_.relay_forwards_first_message) early = wire::encode_frame(*payload).value() + early;
  RelayParty party(std::move(stream), std::move(early));
  if (decision.kind == Relay::Decision::Kind::wait) {
    keep(connection, std::move(party));
    co_return;
  }
  auto partner = waiting_.extract(decision.partner);
  RelayParty first = std::move(partner.mapped());
  const auto meter = meters_.emplace(meters_.end(), party.stream->remote(), world_.clock.now());
  const auto forget = [this](RelayMeter* m) {
    meters_.remove_if([&](auto& x) { return &x == m; });
  };
  const std::unique_ptr<RelayMeter, decltype(forget)> running(&*meter, forget);
  co_await relay_bytes(world_, std::move(first), std::move(party), *running, wrong_);
}

net::awaitable<void> RelayShell::converse(net::ByteStream& stream, const Opening& opening) {
  if (opening.kind == Opening::Kind::nothing) co_return;
  const auto now = world_.clock.now();
  std::vector<RelayMeter::Usage> sessions;
  for (auto& meter : meters_) sessions.push_back(meter.usage(now));
  auto text = logic_.command(opening.bytes, std::move(sessions));
  co_await answer_command(world_.clock, stream, std::move(text), wrong_);
}

void RelayShell::stop() {
  expiry_.disarm();
  waiting_.clear();
}

void RelayShell::keep(ConnectionId connection, RelayParty party) {
  waiting_.emplace(connection, std::move(party));
  if (!expiry_.armed()) world_.clock.arm(expiry_, logic_.next_expiry());
}

void RelayShell::expire() {
  for (const auto connection : logic_.expire(world_.clock.now())) waiting_.erase(connection);
  world_.clock.arm(expiry_, logic_.next_expiry());
}

}  // namespace deskcheck::server
