#include "conformance/lab/connected_device.hpp"

#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 5s;  // for steps that are not judged themselves

bool anything(const hbb::RendezvousMessage&) { return true; }

}  // namespace

ConnectedDevice::ConnectedDevice(Lab& lab, Identity identity, net::Endpoint home, std::string party,
                                 Over over)
    : lab_(&lab),
      identity_(std::move(identity)),
      home_(std::move(home)),
      party_(std::move(party)),
      over_(over) {}

Task<void> ConnectedDevice::connect() {
  connection_.reset();
  auto stream = co_await lab_->connect_over(over_, party_, home_);
  connection_.emplace(std::move(stream));
}

sim::MessageStream& ConnectedDevice::connection() {
  if (!connection_) throw std::logic_error(party_ + " has no connection");
  return *connection_;
}

Task<void> ConnectedDevice::send_message(hbb::RendezvousMessage message) {
  auto sent = co_await connection().send(message, lab_->within(kPatience));
  if (!sent)
    lab_->require("sending on the device's connection", sent.error(), boost::system::error_code());
}

Task<net::Result<std::string>> ConnectedDevice::hear(net::Deadline deadline) {
  auto payload = co_await connection().receive(deadline);
  if (!payload || !payload->empty()) co_return payload;
  ++heartbeats_;
  // What becomes of a failure shows at the next use.
  if (echoes_) (void)co_await connection().send_plain(std::string(), lab_->within(kPatience));
  co_return payload;
}

Task<net::Result<hbb::RendezvousMessage>> ConnectedDevice::scan_for(Wanted wanted,
                                                                    net::Deadline deadline) {
  for (;;) {
    auto payload = co_await hear(deadline);
    if (!payload) co_return payload.error();
    if (payload->empty()) continue;
    hbb::RendezvousMessage message;
    if (!message.ParseFromString(*payload)) co_return wire::Error::not_a_message;
    if (wanted(message)) co_return message;
  }
}

Task<Answer<hbb::RendezvousMessage>> ConnectedDevice::next_message(net::Deadline deadline) {
  auto heard = co_await scan_for(&anything, deadline);
  co_return lab_->answer(std::move(heard), "the next message on the device's connection");
}

Task<Answer<hbb::RegisterPkResponse>> ConnectedDevice::register_pk(net::Deadline deadline) {
  co_await send(register_pk_message());
  auto answer = co_await next<hbb::RegisterPkResponse>(deadline);
  co_return std::move(answer);
}

Task<Answer<net::Duration>> ConnectedDevice::heartbeat(net::Deadline deadline) {
  const net::Time begun = lab_->now();
  for (;;) {
    auto payload = co_await hear(deadline);
    if (payload && !payload->empty()) continue;
    net::Result<net::Duration> took = lab_->now() - begun;
    if (!payload) took = payload.error();
    co_return lab_->answer(std::move(took), "the next heartbeat");
  }
}

Task<bool> ConnectedDevice::stay(net::Duration time) {
  const auto until = lab_->within(time);
  for (;;) {
    auto payload = co_await hear(until);
    if (!payload) co_return payload.error() == boost::asio::error::timed_out;
  }
}

Task<sim::MessageStream> ConnectedDevice::reply_with(hbb::RendezvousMessage message) {
  const Over plain = over_ == Over::websocket ? Over::websocket : Over::tcp;
  auto stream = co_await lab_->connect_over(plain, party_, home_);
  auto sent = co_await stream.send(message, lab_->within(kPatience));
  if (!sent) lab_->require("answering a push", sent.error(), boost::system::error_code());
  co_return std::move(stream);
}

void need_websocket_devices(const Lab& lab) {
  if (!lab.target().claims("rendezvous.ws-registration"))
    lab.not_applicable("the server does not register devices over WebSockets");
}

Task<ConnectedDevice> connected_device(Lab& lab, Over over) {
  Identity identity{lab.fresh_id(), lab.fresh_uuid(), wire::make_key_pair(lab.random())};
  std::string party = "device over " + std::string(to_string(over));
  lab.note(party + " is " + identity.id);
  ConnectedDevice device(lab, std::move(identity), lab.home(), std::move(party), over);
  co_await device.connect();
  co_return std::move(device);
}

Task<ConnectedDevice> registered_over(Lab& lab, Over over) {
  auto device = co_await connected_device(lab, over);
  auto answer = co_await device.register_pk(lab.within(kPatience));
  lab.require("registering a device over " + std::string(to_string(over)), answer,
              Results(hbb::RegisterPkResponse::OK));
  co_return std::move(device);
}

}  // namespace deskcheck::conformance
