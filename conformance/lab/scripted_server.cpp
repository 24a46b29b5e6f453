#include "conformance/lab/scripted_server.hpp"

#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 5s;  // for steps that are not judged themselves

MATCHER(IsRegisterPk, "a register_pk") { return arg.arrived() && arg->has_register_pk(); }

}  // namespace

ScriptedServer::ScriptedServer(Lab& lab)
    : lab_(&lab),
      listener_(lab.world().network.listen(lab.home())),
      channel_(lab.world(), listener_->local(), lab.recorder("server")) {}

Task<Answer<hbb::RendezvousMessage>> ScriptedServer::hear(net::Deadline deadline) {
  const std::string what = "what the client says by datagram";
  for (;;) {
    auto datagram = co_await channel_.next(deadline);
    if (!datagram) {
      net::Result<hbb::RendezvousMessage> nothing = datagram.error();
      co_return lab_->answer(std::move(nothing), what);
    }
    if (!datagram->message) continue;
    client_ = datagram->from;
    net::Result<hbb::RendezvousMessage> message = std::move(*datagram->message);
    co_return lab_->answer(std::move(message), what);
  }
}

Task<void> ScriptedServer::accept_device() {
  auto question = co_await hear(lab_->within(kPatience));
  lab_->require("the device registers", question, IsRegisterPk());
  hbb::RegisterPkResponse accepted;
  accepted.set_result(hbb::RegisterPkResponse::OK);
  say(std::move(accepted));
}

Task<Answer<sim::MessageStream>> ScriptedServer::next_connection(net::Deadline deadline) {
  const std::string what = "a connection to the server";
  auto accepted = co_await listener_->accept(deadline);
  if (!accepted) {
    net::Result<sim::MessageStream> nothing = accepted.error();
    co_return lab_->answer(std::move(nothing), what);
  }
  net::Result<sim::MessageStream> stream =
      sim::MessageStream(std::move(*accepted), lab_->recorder("server"));
  co_return lab_->answer(std::move(stream), what);
}

Task<sim::MessageStream> ScriptedServer::connection() {
  auto accepted = co_await next_connection(lab_->within(kPatience));
  lab_->require("the client connects to the server", accepted, Arrived());
  co_return std::move(*accepted);
}

Task<void> ScriptedServer::send_on(sim::MessageStream& connection, hbb::RendezvousMessage message) {
  auto sent = co_await connection.send(message, lab_->within(kPatience));
  if (!sent) lab_->require("the server's sending", sent.error(), boost::system::error_code());
}

}  // namespace deskcheck::conformance
