#include "client-sim/channel/transcript.hpp"

#include "proto/wire/describe.hpp"

namespace deskcheck::sim {

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::udp:
      return "udp";
    case Transport::tcp:
      return "tcp";
    case Transport::websocket:
      break;
  }
  return "ws";
}

void Transcript::add(TranscriptLine line) {
  if (watcher_) watcher_(line);
  lines_.push_back(std::move(line));
  if (lines_.size() <= kKeptLines) return;
  lines_.pop_front();
  ++dropped_;
}

void Recorder::note(std::string_view text) const {
  TranscriptLine line;
  line.text = wire::one_line(text);  // often holds what a peer said
  record(std::move(line));
}

void Recorder::record(TranscriptLine line, std::string_view bytes) const {
  if (!transcript) return;
  line.at = clock->now();
  line.party = party;
  line.bytes = bytes.substr(0, Transcript::kKeptBytes);
  line.size = bytes.size();
  transcript->add(std::move(line));
}

}  // namespace deskcheck::sim
