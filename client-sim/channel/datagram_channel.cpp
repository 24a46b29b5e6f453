#include "client-sim/channel/datagram_channel.hpp"

namespace deskcheck::sim {

namespace {

TranscriptLine line(TranscriptLine::What what, const net::Endpoint& local,
                    const net::Endpoint& remote) {
  TranscriptLine line;
  line.what = what;
  line.transport = Transport::udp;
  line.protocol = Protocol::rendezvous;
  line.local = local;
  line.remote = remote;
  return line;
}

}  // namespace

DatagramChannel::DatagramChannel(const net::World& world, const net::Endpoint& from,
                                 Recorder recorder)
    : socket_(world.network.bind_udp(from)), recorder_(std::move(recorder)) {}

void DatagramChannel::send(const net::Endpoint& to, const hbb::RendezvousMessage& message) {
  send_bytes(to, message.SerializeAsString());
}

void DatagramChannel::send_bytes(const net::Endpoint& to, std::string bytes) {
  recorder_.record(line(TranscriptLine::What::sent, local(), to), bytes);
  const net::Datagram datagram{to, std::move(bytes)};
  socket_->send({&datagram, 1});
}

void DatagramChannel::take() {
  for (auto& datagram : batch_) {
    recorder_.record(line(TranscriptLine::What::received, local(), datagram.peer), datagram.bytes);
    ReceivedDatagram received{datagram.peer, std::move(datagram.bytes), {}};
    hbb::RendezvousMessage message;
    if (message.ParseFromString(received.bytes)) received.message = std::move(message);
    inbox_.push_back(std::move(received));
  }
  batch_.clear();
}

void DatagramChannel::drain() {
  while (socket_->take(batch_)) take();
  inbox_.clear();
}

boost::asio::awaitable<net::Result<ReceivedDatagram>> DatagramChannel::next(
    net::Deadline deadline) {
  if (inbox_.empty()) {
    auto received = co_await socket_->receive(batch_, deadline);
    if (!received) co_return received.error();
    take();
  }
  ReceivedDatagram first = std::move(inbox_.front());
  inbox_.pop_front();
  co_return first;
}

}  // namespace deskcheck::sim
