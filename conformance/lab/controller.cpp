#include "conformance/lab/controller.hpp"

#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

LabController::LabController(Lab& lab, net::Endpoint home, std::string party, Over over)
    : lab_(&lab), home_(home), party_(std::move(party)), over_(over) {}

hbb::PunchHoleRequest LabController::request_for(const std::string& id) const {
  hbb::PunchHoleRequest request;
  request.set_id(id);
  request.set_nat_type(hbb::ASYMMETRIC);
  request.set_licence_key(lab_->target().licence_key);
  request.set_version("1.4.9");
  return request;
}

Task<void> LabController::connect() {
  if (connection_) co_return;
  std::string party = party_;
  auto upgrade = upgrade_;
  auto stream = co_await lab_->connect_over(over_, std::move(party), home_, std::move(upgrade));
  connection_.emplace(std::move(stream));
}

sim::MessageStream& LabController::connection() {
  if (!connection_) throw std::logic_error(party_ + " has no connection");
  return *connection_;
}

Task<void> LabController::send_message(hbb::RendezvousMessage message) {
  co_await connect();
  auto sent = co_await connection_->send(message, lab_->within(5s));
  if (!sent) {
    const std::string what = "sending to " + to_string(lab_->target().rendezvous);
    lab_->require(what, sent.error(), boost::system::error_code());
  }
}

Task<void> LabController::send(hbb::PunchHoleRequest request) {
  co_await send_member(std::move(request));
}

Task<Answer<hbb::PunchHoleResponse>> LabController::ask(hbb::PunchHoleRequest request,
                                                        net::Deadline deadline) {
  co_await send(std::move(request));
  co_return co_await next<hbb::PunchHoleResponse>(deadline);
}

Task<Answer<hbb::PunchHoleResponse>> LabController::ask_for(std::string id,
                                                            net::Deadline deadline) {
  return ask(request_for(id), deadline);
}

Task<Answer<hbb::PunchHole>> LabController::reach(LabDevice& device, net::Deadline deadline) {
  device.channel().drain();
  co_await send(request_for(device.id()));
  co_return co_await device.push<hbb::PunchHole>(deadline);
}

Task<Answer<hbb::PunchHoleResponse>> LabController::hear_from(LabDevice& device,
                                                              net::Deadline deadline) {
  auto push = co_await reach(device, deadline);
  lab_->require("the device gets a punch_hole", push, Arrived());
  auto answer = device.answer_to(*push);
  auto answering = co_await device.reply(std::move(answer));
  co_return co_await next<hbb::PunchHoleResponse>(deadline);
}

Task<Answer<hbb::RendezvousMessage>> LabController::next_message(net::Deadline deadline) {
  for (;;) {
    auto result = co_await connection().receive_message(deadline);
    if (result && result->has_key_exchange()) continue;
    co_return lab_->answer(std::move(result), "the next message");
  }
}

}  // namespace deskcheck::conformance
