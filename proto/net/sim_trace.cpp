#include "proto/net/sim_trace.hpp"

#include <cstdio>

namespace deskcheck::net {

void Trace::mix(const void* data, std::size_t size) {
  auto* p = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < size; ++i) hash_ = (hash_ ^ p[i]) * 0x100000001b3;
}

void Trace::mix(const Endpoint& endpoint) {
  mix(&endpoint.port, sizeof endpoint.port);
  if (endpoint.address.is_v4()) {
    const auto bytes = endpoint.address.to_v4().to_bytes();
    mix(bytes.data(), bytes.size());
  } else {
    const auto bytes = endpoint.address.to_v6().to_bytes();
    mix(bytes.data(), bytes.size());
  }
}

Trace::Event& Trace::add(Time at, std::string_view kind, std::uint64_t value) {
  const auto t = at.time_since_epoch().count();
  mix(&t, sizeof t);
  mix(kind.data(), kind.size());
  mix(&value, sizeof value);
  Event& event = ring_[events_++ % ring_.size()];
  event.at = at;
  event.kind = kind;
  event.value = value;
  return event;
}

void Trace::note(Time at, std::string_view kind, std::uint64_t value) {
  Event& event = add(at, kind, value);
  event.from = event.to = Endpoint();
}

void Trace::segment(Time at, std::string_view kind, const Endpoint& from, const Endpoint& to,
                    std::uint64_t size) {
  Event& event = add(at, kind, size);
  event.from = from;
  event.to = to;
  mix(from);
  mix(to);
}

void Trace::note(Time at, std::string_view kind, const Endpoint& from, const Endpoint& to,
                 std::string_view bytes) {
  segment(at, kind, from, to, bytes.size());
  mix(bytes.data(), bytes.size());
}

std::string Trace::last_events() const {
  std::string text;
  const std::uint64_t first = events_ < ring_.size() ? 0 : events_ - ring_.size();
  for (std::uint64_t i = first; i < events_; ++i) {
    const Event& event = ring_[i % ring_.size()];
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%14.6f s  ",
                  std::chrono::duration<double>(event.at.time_since_epoch()).count());
    text += seconds + event.kind;
    if (event.to.port != 0)
      text += ' ' + to_string(event.from) + " -> " + to_string(event.to) + ',';
    text += ' ' + std::to_string(event.value) + '\n';
  }
  return text;
}

}  // namespace deskcheck::net
