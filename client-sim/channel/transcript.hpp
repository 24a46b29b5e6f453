// What the parties of a conversation said and saw, in order of time: the evidence behind a verdict.
// Keeps bytes; turning them into words (render.hpp) happens only for what is shown.
#pragma once

#include "proto/net/endpoint.hpp"
#include "proto/net/time.hpp"

#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace deskcheck::sim {

enum class Transport { udp, tcp, websocket };
// "udp", "tcp", "ws".
std::string_view to_string(Transport transport);

// How the bytes of a line are to be read.
enum class Protocol { rendezvous, session, raw };

struct TranscriptLine {
  enum class What { sent, received, connected, closed, note };
  net::Time at{};
  std::string party;  // whose view this is: "owner", "controller"
  What what = What::note;
  Transport transport = Transport::udp;
  Protocol protocol = Protocol::raw;
  bool encrypted = false;
  net::Endpoint local, remote;
  std::string bytes;     // payload without frame header, decrypted; cut to kKeptBytes
  std::size_t size = 0;  // its whole length
  std::string text;      // for notes, why a connection ended, which kind of WebSocket message it is
};

// The newest lines of one case. Single-threaded, as its world is.
class Transcript {
 public:
  static constexpr std::size_t kKeptBytes = 2048;
  static constexpr std::size_t kKeptLines = 400;

  void add(TranscriptLine line);
  // Called with every line from here on, also with those that have to go later.
  void watch(std::function<void(const TranscriptLine&)> watcher) { watcher_ = std::move(watcher); }
  const std::deque<TranscriptLine>& lines() const { return lines_; }
  // How many older lines had to go.
  std::size_t dropped() const { return dropped_; }

 private:
  std::deque<TranscriptLine> lines_;
  std::size_t dropped_ = 0;
  std::function<void(const TranscriptLine&)> watcher_;
};

// Writes one party's lines. Without a transcript it writes nothing.
struct Recorder {
  Transcript* transcript = nullptr;
  const net::Clock* clock = nullptr;
  std::string party;

  // Constructors keep it from being an aggregate: it is passed in co_await expressions.
  Recorder() = default;
  Recorder(Transcript* lines, const net::Clock* time, std::string who)
      : transcript(lines), clock(time), party(std::move(who)) {}

  // Control characters are made visible: `text` may hold what a peer said.
  void note(std::string_view text) const;
  void record(TranscriptLine line, std::string_view bytes = {}) const;
};

}  // namespace deskcheck::sim
