// What happened in a simulated world: a hash over all of it, and the last events in words.
// Sizes of stream segments, not their bytes: Beast masks WebSocket frames from a process-wide
// generator that cannot be seeded again. Payloads enter the hash where they are decoded.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"

#include <array>
#include <string_view>

namespace deskcheck::net {

class Trace {
 public:
  void note(Time at, std::string_view kind, const Endpoint& from, const Endpoint& to,
            std::string_view bytes);
  void note(Time at, std::string_view kind, std::uint64_t value);
  // A part of a stream: its size enters the hash.
  void segment(Time at, std::string_view kind, const Endpoint& from, const Endpoint& to,
               std::uint64_t size);

  std::uint64_t hash() const { return hash_; }
  std::uint64_t events() const { return events_; }
  // The last events (at most 64), one line each, oldest first.
  std::string last_events() const;

 private:
  struct Event {
    Time at{};
    std::string kind;
    Endpoint from, to;  // port 0: none
    std::uint64_t value = 0;
  };
  void mix(const void* data, std::size_t size);
  void mix(const Endpoint& endpoint);
  Event& add(Time at, std::string_view kind, std::uint64_t value);

  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::uint64_t events_ = 0;
  std::array<Event, 64> ring_;
};

}  // namespace deskcheck::net
