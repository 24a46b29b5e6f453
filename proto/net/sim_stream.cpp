#include "proto/net/sim_sockets.hpp"

namespace deskcheck::net {

namespace {
// Linux gives up after six unanswered SYNs.
constexpr Duration kConnectGivesUp = std::chrono::seconds(127);
}  // namespace

SimStream::SimStream(SimNet& net, Endpoint local)
    : net_(net), local_(local), alarm_([this] { handshake(); }) {
  net_.streams.push_back(*this);
}

SimStream::SimStream(SimNet& net, std::shared_ptr<Connection> accepted, Endpoint local,
                     Endpoint remote)
    : SimStream(net, local) {
  remote_ = remote;
  connection_ = std::move(accepted);
  in_ = &connection_->up;
  out_ = &connection_->down;
}

SimStream::~SimStream() {
  if (!connection_) return;
  // What a kernel does: closing with unread input resets, otherwise FIN after what was written.
  const bool unread = in_->unread() != 0;
  close_receiver();
  if (unread)
    out_->send_reset();
  else
    shutdown_send();
}

void SimStream::close_receiver() {
  in_->receiver_closed = true;
  in_->reader.finish(asio::error::operation_aborted);
  out_->writer.finish(asio::error::operation_aborted);
}

void SimStream::connect(Endpoint to, Completion completion) {
  remote_ = to;
  connecting_.start(std::move(completion));
  net_.clock.arm(alarm_, net_.arrival(net_.link_between(local_, plain(to))));
}

// Twice: when the SYN arrives, and when its answer is back.
void SimStream::handshake() {
  if (answered_) return connecting_.finish(refused_);
  answered_ = true;
  answer_syn();
}

void SimStream::answer_syn() {
  const Endpoint to = plain(remote_);
  const Endpoint seen = net_.routes.leave(Transport::tcp, local_, to);
  const auto reached = net_.routes.enter(Transport::tcp, seen, to);
  const bool arrives = reached && net_.routes.exists(reached->address);
  const Time now = net_.clock.now();
  net_.trace.segment(now, arrives ? "syn" : "syn to nobody", local_, to, 0);
  if (!arrives) {
    refused_ = asio::error::timed_out;
    return net_.clock.arm(alarm_, now + kConnectGivesUp);
  }
  if (auto* listener = net_.listeners.find(*reached, net_.routes)) {
    connection_ = std::make_shared<Connection>(net_, local_, to, *reached, seen);
    out_ = &connection_->up;
    in_ = &connection_->down;
    listener->arrive(connection_);
  } else {
    refused_ = asio::error::connection_refused;
  }
  net_.clock.arm(alarm_, net_.arrival(net_.link_between(*reached, seen)));
}

void SimStream::read_some(Buffers<asio::mutable_buffer> into, Completion completion) {
  if (was_reset_) return post_completion(std::move(completion), asio::error::bad_descriptor);
  in_->target = into;
  in_->reader.start(std::move(completion));
  in_->read();
}

void SimStream::write_some(Buffers<asio::const_buffer> from, Completion completion) {
  if (was_reset_) return post_completion(std::move(completion), asio::error::bad_descriptor);
  out_->source = from;
  out_->writer.start(std::move(completion));
  out_->write();
}

void SimStream::shutdown_send() {
  if (!out_ || out_->fin_sent || in_->reset_arrived) return;
  out_->fin_sent = true;
  out_->send(Pipe::Mark::fin, 0);
}

void SimStream::reset() {
  if (!out_ || was_reset_) return;
  was_reset_ = true;
  close_receiver();
  if (!in_->reset_arrived) out_->send_reset();
}

void SimStream::add_waits(std::map<const TaskNode*, std::string>& waits) const {
  const std::string ends = " tcp " + to_string(local_) + " <-> " + to_string(remote_);
  if (const auto* task = task_of(connecting_)) waits[task] = "the connection" + ends;
  if (!connection_) return;
  if (const auto* task = task_of(in_->reader)) waits[task] = "bytes from" + ends;
  if (const auto* task = task_of(out_->writer)) waits[task] = "room to write to" + ends;
}

SimListener::SimListener(SimNet& net, Endpoint local) : net_(net) {
  const auto bound = net_.listeners.add(local, *this);
  if (!bound) throw_cannot_bind("tcp", local, bound.error());
  local_ = *bound;
  if (!local_.address.is_unspecified()) net_.routes.add_host(local_.address);
}

SimListener::~SimListener() {
  net_.listeners.remove(local_);
  while (!backlog_.empty()) next()->reset();
}

void SimListener::arrive(std::shared_ptr<Connection> connection) {
  backlog_.push_back(std::move(connection));
  acceptor_.finish({});
}

std::unique_ptr<SimStream> SimListener::next() {
  auto connection = std::move(backlog_.front());
  backlog_.pop_front();
  const Endpoint local = seen_by(local_, connection->down.from);
  const Endpoint remote = seen_by(local_, connection->down.to);
  return std::make_unique<SimStream>(net_, std::move(connection), local, remote);
}

Result<std::unique_ptr<StreamEnd>> SimListener::take() {
  if (backlog_.empty()) return error_code(asio::error::would_block);
  return next();
}

}  // namespace deskcheck::net
