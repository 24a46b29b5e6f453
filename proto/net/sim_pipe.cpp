#include "proto/net/sim_sockets.hpp"

namespace deskcheck::net {

namespace {
constexpr std::size_t kCompactAt = 1 << 16;

std::string_view word(Pipe::Mark mark) {
  return mark == Pipe::Mark::data ? "data" : mark == Pipe::Mark::fin ? "fin" : "reset";
}
}  // namespace

Pipe::Pipe(SimNet& net, const Endpoint& a, const Endpoint& b)
    : sim(net), from(a), to(b), link(net.link_between(a, b)), alarm([this] { arrive(); }) {}

void Pipe::send(Mark mark, std::size_t size) {
  last = std::max(last, sim.arrival(link));
  on_the_way.push_back({last, mark, size});
  if (!alarm.armed()) sim.clock.arm(alarm, last);
}

void Pipe::send_reset() {
  if (reset_sent) return;
  reset_sent = fin_sent = true;
  if (link.reset_overtakes) {  // what is on the way is lost, and holds the reset up no longer
    on_the_way.clear();
    alarm.disarm();
    drop(arrived);
    last = Time();
  }
  send(Mark::reset, 0);
}

void Pipe::drop(std::size_t keep) {
  bytes.resize(keep);
  arrived = std::min(arrived, keep);
  head = std::min(head, keep);
}

void Pipe::arrive() {
  const Segment segment = on_the_way.front();
  on_the_way.pop_front();
  if (!on_the_way.empty()) sim.clock.arm(alarm, on_the_way.front().at);
  sim.trace.segment(sim.clock.now(), word(segment.mark), from, to, segment.size);
  if (segment.mark == Mark::reset) return arrive_reset();
  if (segment.mark == Mark::fin) fin_arrived = true;
  if (segment.mark == Mark::data) {
    arrived += segment.size;
    if (receiver_closed) return reverse->send_reset();  // nobody is there
  }
  read();
}

void Pipe::arrive_reset() {
  if (reset_arrived) return;
  reset_arrived = true;
  // After a FIN Linux knows the peer as closed and has no news for the reader.
  if (!fin_arrived) pending = asio::error::connection_reset;
  if (link.reset_overtakes) drop(head);
  read();
  reverse->write();
}

void Pipe::read() {
  if (!reader.waiting()) return;
  std::size_t n = unread();
  if (n == 0 && asio::buffer_size(target) != 0) {
    if (fin_arrived) return reader.finish(asio::error::eof);
    if (!reset_arrived) return;
    const error_code ec = std::exchange(pending, error_code());
    return reader.finish(ec ? ec : error_code(asio::error::eof));
  }
  if (link.max_read && read_so_far < link.pieces_until)
    n = std::min<std::size_t>(n, 1 + sim.random.below(link.max_read));
  n = asio::buffer_copy(target, asio::buffer(bytes.data() + head, n));
  head += n;
  read_so_far += n;
  reader.finish({}, n);
  if (head == bytes.size() || head >= kCompactAt) {
    bytes.erase(0, head);
    arrived -= head;
    head = 0;
  }
  write();  // there is room again
}

void Pipe::write() {
  if (!writer.waiting()) return;
  if (reverse->reset_arrived) {
    const error_code ec = std::exchange(reverse->pending, error_code());
    return writer.finish(ec ? ec : error_code(asio::error::broken_pipe));
  }
  if (fin_sent) return writer.finish(asio::error::broken_pipe);
  const std::size_t room = link.window - std::min(link.window, bytes.size() - head);
  const std::size_t wanted = asio::buffer_size(source);
  if (wanted != 0 && room == 0) return;
  const std::size_t n = std::min(room, wanted);
  const std::size_t old = bytes.size();
  bytes.resize(old + n);
  asio::buffer_copy(asio::buffer(bytes.data() + old, n), source);
  const bool whole = link.max_segment == 0 || read_so_far + old - head >= link.pieces_until;
  const std::size_t piece = whole ? n : link.max_segment;
  for (std::size_t sent = 0; sent < n; sent += piece) send(Mark::data, std::min(piece, n - sent));
  writer.finish({}, n);
}

}  // namespace deskcheck::net
