#include "conformance/lab/scripted_server.hpp"

#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 5s;  // for steps that are not judged themselves
constexpr int kTries = 100;              // to find a port that is free for TCP and UDP

MATCHER(IsRegisterPk, "a register_pk") { return arg.arrived() && arg->has_register_pk(); }

}  // namespace

// A port that is free for TCP may be taken for datagrams: by any socket of this machine that is
// bound to all addresses.
ScriptedServer::ScriptedServer(Lab& lab) : lab_(&lab) {
  const net::Endpoint home = lab.home();
  for (int tries = 1; !channel_; ++tries) {
    listener_ = lab.world().network.listen(home);
    try {
      channel_.emplace(lab.world(), listener_->local(), lab.recorder("server"));
    } catch (const boost::system::system_error& error) {
      if (error.code() != boost::asio::error::address_in_use || tries == kTries) throw;
    }
  }
}

Task<Answer<hbb::RendezvousMessage>> ScriptedServer::hear(net::Deadline deadline) {
  const std::string what = "what the client says by datagram";
  for (;;) {
    auto datagram = co_await channel_->next(deadline);
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
