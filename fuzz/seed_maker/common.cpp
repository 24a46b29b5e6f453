#include "fuzz/seed_maker/seeds.hpp"

#include <algorithm>

namespace deskcheck::fuzz {

namespace {

constexpr std::size_t kLargest = 2000;  // bytes

template <class Envelope>
std::optional<Envelope> message_of(const sim::TranscriptLine& line, sim::Protocol protocol) {
  using What = sim::TranscriptLine::What;
  Envelope envelope;
  const bool said = line.what == What::sent || line.what == What::received;
  if (!said || line.protocol != protocol || line.size != line.bytes.size()) return std::nullopt;
  if (!envelope.ParseFromString(line.bytes)) return std::nullopt;
  return envelope;
}

}  // namespace

void add_seed(const Conversation& conversation, std::string_view fuzz_target, std::string content,
              Seeds& seeds) {
  if (content.size() > kLargest) return;
  const std::string folder = std::string(fuzz_target) + '/';
  for (const auto& [name, other] : seeds)
    if (name.starts_with(folder) && other == content) return;
  std::string name = conversation.case_id;
  std::replace(name.begin(), name.end(), '/', '-');
  seeds[folder + name] = std::move(content);
}

std::optional<hbb::RendezvousMessage> rendezvous_message(const sim::TranscriptLine& line) {
  return message_of<hbb::RendezvousMessage>(line, sim::Protocol::rendezvous);
}

std::optional<hbb::Message> session_message(const sim::TranscriptLine& line) {
  return message_of<hbb::Message>(line, sim::Protocol::session);
}

std::uint32_t ms_between(const sim::TranscriptLine& from, const sim::TranscriptLine& to) {
  return static_cast<std::uint32_t>((to.at - from.at) / std::chrono::milliseconds(1));
}

}  // namespace deskcheck::fuzz
