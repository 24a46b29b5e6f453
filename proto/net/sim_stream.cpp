#include "proto/net/sim_sockets.hpp"

namespace deskcheck::net {

Pipe::Pipe(SimWorld& world, Endpoint a, Endpoint b)
    : sim(world), from(a), to(b), link(world.link(a, b)), alarm([this] { arrive(); }) {}

void Pipe::send(Mark mark, std::size_t size) {
  last = std::max(last, sim.arrival(link));
  on_the_way.push_back({last, mark, size});
  if (!alarm.armed()) sim.arm(alarm, last);
}

void Pipe::arrive() {
  const Segment segment = on_the_way.front();
  on_the_way.pop_front();
  if (!on_the_way.empty()) sim.arm(alarm, on_the_way.front().at);
  sim.trace_.note(sim.now_, "tcp", from, to, {});
  sim.trace_.note(sim.now_, "segment", segment.size * 4 + static_cast<unsigned>(segment.mark));
  switch (segment.mark) {
    case Mark::reset:
      return fail(asio::error::connection_reset);
    case Mark::fin:
      fin_arrived = true;
      break;
    case Mark::data:
      arrived += segment.size;
      if (receiver_closed) return reverse->send(Mark::reset, 0);  // nobody is there: RST
  }
  read();
}

void Pipe::read() {
  if (!reader.waiting()) return;
  std::size_t n = arrived - head;
  if (n == 0 && asio::buffer_size(target) != 0) {
    if (broken) return reader.finish(broken);
    if (fin_arrived) return reader.finish(asio::error::eof);
    return;
  }
  if (link.max_read) n = std::min<std::size_t>(n, 1 + sim.random_.below(link.max_read));
  n = asio::buffer_copy(target, asio::buffer(bytes.data() + head, n));
  head += n;
  reader.finish({}, n);
  if (head == bytes.size()) bytes.clear(), head = arrived = 0;
  write();  // there is room again
}

void Pipe::write() {
  if (!writer.waiting()) return;
  if (broken) return writer.finish(broken);
  if (fin_sent) return writer.finish(asio::error::broken_pipe);
  const std::size_t room = link.window - std::min(link.window, bytes.size() - head);
  const std::size_t wanted = asio::buffer_size(source);
  if (wanted != 0 && room == 0) return;
  const std::size_t n = std::min(room, wanted);
  const std::size_t old = bytes.size();
  bytes.resize(old + n);
  asio::buffer_copy(asio::buffer(bytes.data() + old, n), source);
  if (n != 0) send(Mark::data, n);
  writer.finish({}, n);
}

void Pipe::fail(error_code ec) {
  for (Pipe* pipe : {this, reverse}) {
    pipe->broken = ec;
    pipe->bytes.clear(), pipe->head = pipe->arrived = 0;
    pipe->on_the_way.clear(), pipe->alarm.disarm();
    pipe->reader.finish(ec);
    pipe->writer.finish(ec);
  }
}

SimStream::SimStream(SimWorld& sim, Endpoint local)
    : sim_(sim), local_(local), alarm_([this] { handshake(); }) {}

SimStream::SimStream(SimWorld& sim, std::shared_ptr<Connection> accepted)
    : SimStream(sim, accepted->up.to) {
  remote_ = accepted->up.from;
  connection_ = std::move(accepted);
  in_ = &connection_->up;
  out_ = &connection_->down;
}

SimStream::~SimStream() {
  if (!connection_) return;
  // What a kernel does: closing with unread input resets, otherwise FIN after what was written.
  const bool unread = in_->arrived > in_->head;
  in_->receiver_closed = true;
  in_->reader.finish(asio::error::operation_aborted);
  out_->writer.finish(asio::error::operation_aborted);
  if (unread)
    reset();
  else
    shutdown_send();
}

void SimStream::connect(Endpoint to, Completion completion) {
  remote_ = to;
  connecting_.start(std::move(completion));
  sim_.arm(alarm_, sim_.arrival(sim_.link(local_, remote_)));
}

void SimStream::handshake() {
  if (answered_) return connecting_.finish(refused_);
  answered_ = true;
  auto listener = sim_.listeners_.find(remote_);
  sim_.trace_.note(sim_.now_, "syn", local_, remote_, {});
  if (listener == sim_.listeners_.end()) {
    refused_ = asio::error::connection_refused;
  } else {
    connection_ = std::make_shared<Connection>(sim_, local_, remote_);
    out_ = &connection_->up;
    in_ = &connection_->down;
    listener->second->arrive(connection_);
  }
  sim_.arm(alarm_, sim_.arrival(sim_.link(remote_, local_)));
}

void SimStream::read_some(Buffers<asio::mutable_buffer> into, Completion completion) {
  in_->target = into;
  in_->reader.start(std::move(completion));
  in_->read();
}

void SimStream::write_some(Buffers<asio::const_buffer> from, Completion completion) {
  out_->source = from;
  out_->writer.start(std::move(completion));
  out_->write();
}

void SimStream::shutdown_send() {
  if (!out_ || out_->fin_sent || out_->broken) return;
  out_->fin_sent = true;
  out_->send(Pipe::Mark::fin, 0);
}

void SimStream::reset() {
  if (!out_ || out_->broken) return;
  out_->fin_sent = true;
  out_->send(Pipe::Mark::reset, 0);
}

SimListener::SimListener(SimWorld& sim, Endpoint local) : sim_(sim), local_(local) {
  if (!sim_.listeners_.emplace(local_, this).second)
    throw boost::system::system_error(asio::error::address_in_use, to_string(local_));
}

SimListener::~SimListener() {
  sim_.listeners_.erase(local_);
  for (auto& connection : backlog_) SimStream(sim_, std::move(connection)).reset();
}

void SimListener::arrive(std::shared_ptr<Connection> connection) {
  backlog_.push_back(std::move(connection));
  acceptor_.finish({});
}

Result<std::unique_ptr<StreamEnd>> SimListener::take() {
  if (backlog_.empty()) return error_code(asio::error::would_block);
  auto connection = std::move(backlog_.front());
  backlog_.pop_front();
  return std::make_unique<SimStream>(sim_, std::move(connection));
}

}  // namespace deskcheck::net
