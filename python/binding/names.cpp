#include "python/binding/names.hpp"

#include "conformance/registry/usage_error.hpp"

#include <fmt/format.h>

#include <utility>

namespace deskcheck::python {

namespace {

template <class T, std::size_t N>
T named(const char* what, const std::string& name, const std::pair<const char*, T> (&known)[N]) {
  std::string all;
  for (const auto& [word, value] : known) {
    if (name == word) return value;
    all += (all.empty() ? "" : ", ") + std::string(word);
  }
  throw conformance::UsageError(fmt::format("{} '{}': give one of {}", what, name, all));
}

constexpr std::pair<const char*, hbb::NatType> kNatTypes[] = {
    {"unknown", hbb::UNKNOWN_NAT}, {"asymmetric", hbb::ASYMMETRIC}, {"symmetric", hbb::SYMMETRIC}};

constexpr std::pair<const char*, sim::Transport> kTransports[] = {
    {"udp", sim::Transport::udp},
    {"tcp", sim::Transport::tcp},
    {"websocket", sim::Transport::websocket}};
// Controllers never ask over UDP.
constexpr std::pair<const char*, sim::Transport> kCallTransports[] = {
    {"tcp", sim::Transport::tcp}, {"websocket", sim::Transport::websocket}};

constexpr std::pair<const char*, hbb::ConnType> kConnTypes[] = {
    {"default", hbb::DEFAULT_CONN},      {"file transfer", hbb::FILE_TRANSFER},
    {"port forward", hbb::PORT_FORWARD}, {"rdp", hbb::RDP},
    {"view camera", hbb::VIEW_CAMERA},   {"terminal", hbb::TERMINAL}};

}  // namespace

hbb::NatType nat_type_named(const std::string& name) { return named("nat_type", name, kNatTypes); }
sim::Transport transport_named(const std::string& name) {
  return named("transport", name, kTransports);
}
sim::Transport call_transport_named(const std::string& name) {
  return named("transport", name, kCallTransports);
}
hbb::ConnType conn_type_named(const std::string& name) {
  return named("conn_type", name, kConnTypes);
}

}  // namespace deskcheck::python
