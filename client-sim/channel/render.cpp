#include "client-sim/channel/render.hpp"

#include "client-sim/channel/redact.hpp"

#include <algorithm>
#include <cstdio>

namespace deskcheck::sim {

namespace {

using What = TranscriptLine::What;

struct Widths {
  std::size_t party = 0;
  std::size_t remote = 0;
};

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// "    12.345 s": wide enough for a day.
std::string seconds(net::Duration elapsed) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  char text[32];
  std::snprintf(text, sizeof text, "%5lld.%03lld s", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return text;
}

std::string cut_message(const TranscriptLine& line, std::string_view kind) {
  return std::string(kind) + std::to_string(line.size) + " bytes, the first of them " +
         wire::describe_bytes(line.bytes);
}

// The bytes of a line in words.
template <class Envelope>
void decode_message(const TranscriptLine& line, Event& event) {
  if (line.size > line.bytes.size()) {
    event.text = cut_message(line, "message of ");
    return;
  }
  Envelope envelope;
  if (!envelope.ParseFromString(line.bytes)) {
    event.text = "not a message: " + wire::describe_bytes(line.bytes);
    return;
  }
  if constexpr (std::is_same_v<Envelope, hbb::RendezvousMessage>) hide_secrets(envelope);
  event.message = wire::take_apart(envelope);
  event.text = wire::describe(envelope);
}

void decode_payload(const TranscriptLine& line, Event& event) {
  switch (line.protocol) {
    case Protocol::rendezvous:
      return decode_message<hbb::RendezvousMessage>(line, event);
    case Protocol::session:
      return decode_message<hbb::Message>(line, event);
    case Protocol::raw:
      break;
  }
  const std::string kind = (line.text.empty() ? "raw" : line.text) + ' ';
  event.text = line.size > line.bytes.size() ? cut_message(line, kind)
                                             : kind + wire::describe_bytes(line.bytes);
}

Event decode(const TranscriptLine& line, net::Time start) {
  Event event;
  event.at = line.at - start;
  event.party = line.party;
  event.what = line.what;
  event.transport = line.transport;
  event.protocol = line.protocol;
  event.encrypted = line.encrypted;
  event.local = line.local;
  event.remote = line.remote;
  event.size = line.size;
  event.text = line.text;
  if (line.what == What::sent || line.what == What::received) decode_payload(line, event);
  return event;
}

std::string said(const Event& event) {
  switch (event.what) {
    case What::sent:
    case What::received:
      return (event.encrypted ? "[encrypted] " : "") + event.text;
    case What::connected:
      return "connected from " + net::to_string(event.local);
    case What::closed:
      return "closed: " + event.text;
    case What::note:
      break;
  }
  return event.text;
}

std::string_view arrow(What what) {
  switch (what) {
    case What::sent:
      return "->";
    case What::received:
      return "<-";
    case What::connected:
    case What::closed:
      return "--";
    case What::note:
      break;
  }
  return "  ";
}

std::string row(const Event& event, Widths widths) {
  std::string text = seconds(event.at) + "  " + padded(event.party, widths.party) + "  ";
  if (event.what == What::note) return text + "note: " + said(event) + '\n';
  text += std::string(arrow(event.what)) + ' ' + std::string(to_string(event.transport)) + ' ';
  return text + padded(net::to_string(event.remote), widths.remote) + "  " + said(event) + '\n';
}

}  // namespace

Conversation decode(const Transcript& transcript) {
  Conversation conversation;
  conversation.dropped = transcript.dropped();
  for (const auto& line : transcript.lines())
    conversation.events.push_back(decode(line, transcript.lines().front().at));
  return conversation;
}

std::string render(const Conversation& conversation) {
  Widths widths;
  for (const auto& event : conversation.events) {
    widths.party = std::max(widths.party, event.party.size());
    if (event.what != What::note)
      widths.remote = std::max(widths.remote, net::to_string(event.remote).size());
  }
  std::string text;
  if (conversation.dropped != 0)
    text = "(" + std::to_string(conversation.dropped) + " older lines were dropped)\n";
  for (const auto& event : conversation.events) text += row(event, widths);
  return text;
}

std::string render(const Transcript& transcript) { return render(decode(transcript)); }

std::string_view to_string(What what) {
  switch (what) {
    case What::sent:
      return "sent";
    case What::received:
      return "received";
    case What::connected:
      return "connected";
    case What::closed:
      return "closed";
    case What::note:
      break;
  }
  return "note";
}

std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::rendezvous:
      return "rendezvous";
    case Protocol::session:
      return "session";
    case Protocol::raw:
      break;
  }
  return "raw";
}

}  // namespace deskcheck::sim
