#include "client-sim/channel/render.hpp"

#include "proto/wire/describe.hpp"

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

template <class Envelope>
std::string message(const TranscriptLine& line) {
  if (line.size > line.bytes.size())
    return "message of " + std::to_string(line.size) + " bytes, the first of them " +
           wire::describe_bytes(line.bytes);
  Envelope envelope;
  if (!envelope.ParseFromString(line.bytes))
    return "not a message: " + wire::describe_bytes(line.bytes);
  return wire::describe(envelope);
}

std::string payload(const TranscriptLine& line) {
  switch (line.protocol) {
    case Protocol::rendezvous:
      return message<hbb::RendezvousMessage>(line);
    case Protocol::session:
      return message<hbb::Message>(line);
    case Protocol::raw:
      break;
  }
  if (line.size > line.bytes.size())
    return "raw " + std::to_string(line.size) + " bytes, the first of them " +
           wire::describe_bytes(line.bytes);
  return "raw " + wire::describe_bytes(line.bytes);
}

std::string said(const TranscriptLine& line) {
  switch (line.what) {
    case What::sent:
    case What::received:
      return (line.encrypted ? "[encrypted] " : "") + payload(line);
    case What::connected:
      return "connected from " + net::to_string(line.local);
    case What::closed:
      return "closed: " + line.text;
    case What::note:
      break;
  }
  return line.text;
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

std::string row(const TranscriptLine& line, net::Time start, Widths widths) {
  std::string text = seconds(line.at - start) + "  " + padded(line.party, widths.party) + "  ";
  if (line.what == What::note) return text + "note: " + said(line) + '\n';
  text += std::string(arrow(line.what)) + ' ' + std::string(to_string(line.transport)) + ' ';
  return text + padded(net::to_string(line.remote), widths.remote) + "  " + said(line) + '\n';
}

}  // namespace

std::string render(const Transcript& transcript) {
  Widths widths;
  for (const auto& line : transcript.lines()) {
    widths.party = std::max(widths.party, line.party.size());
    if (line.what != What::note)
      widths.remote = std::max(widths.remote, net::to_string(line.remote).size());
  }
  std::string text;
  if (transcript.dropped() != 0)
    text = "(" + std::to_string(transcript.dropped()) + " older lines were dropped)\n";
  for (const auto& line : transcript.lines())
    text += row(line, transcript.lines().front().at, widths);
  return text;
}

}  // namespace deskcheck::sim
