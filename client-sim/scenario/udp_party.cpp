#include "client-sim/scenario/party.hpp"

namespace deskcheck::scenario {

namespace {

class UdpParty final : public Speaker {
 public:
  explicit UdpParty(Birth birth) : Speaker(std::move(birth)) { move_to(birth_.home); }

  net::Endpoint address() const override { return channel_->local(); }

  Task<net::Result<void>> open(net::Deadline) override { co_return net::Result<void>(); }

  Task<void> send(sim::Protocol, std::string bytes, net::Deadline) override {
    channel_->send_bytes(birth_.site.rendezvous, std::move(bytes));
    co_return;
  }

  Task<void> send_raw(std::string bytes, net::Deadline deadline) override {
    return send(sim::Protocol::raw, std::move(bytes), deadline);
  }

  Task<net::Result<Heard>> hear(bool, net::Deadline deadline) override {
    auto datagram = co_await channel_->next(deadline);
    if (!datagram) co_return datagram.error();
    Heard heard;
    heard.bytes = std::move(datagram->bytes);
    co_return std::move(heard);
  }

  // A datagram is what it is; scenarios call it a payload.
  Task<net::Result<Heard>> hear_raw(std::size_t, net::Deadline deadline) override {
    return hear(false, deadline);
  }

  void drain() override { channel_->drain(); }
  void close(Step::Close) override {}

  void move_to(net::Endpoint home) override {
    channel_.reset();  // first: it may want the same port
    channel_ = std::make_unique<sim::DatagramChannel>(birth_.world, home, birth_.recorder);
    birth_.home = net::Endpoint{channel_->local().address, 0};
  }

 private:
  std::unique_ptr<sim::DatagramChannel> channel_;
};

}  // namespace

std::unique_ptr<Speaker> make_udp_party(Birth birth) {
  return std::make_unique<UdpParty>(std::move(birth));
}

}  // namespace deskcheck::scenario
