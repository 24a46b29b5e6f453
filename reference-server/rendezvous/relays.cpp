#include "reference-server/rendezvous/relays.hpp"

namespace deskcheck::server {

void Relays::configure(std::vector<std::string> servers) {
  configured_ = std::move(servers);
  current_ = configured_;
  ++generation_;
}

void Relays::configure(std::string_view servers) {
  std::vector<std::string> list;
  while (!servers.empty()) {
    const auto comma = servers.find(',');
    const auto entry = servers.substr(0, comma);
    if (!entry.empty()) list.emplace_back(entry);
    servers = comma == std::string_view::npos ? std::string_view() : servers.substr(comma + 1);
  }
  configure(std::move(list));
}

void Relays::reached(std::size_t generation, std::vector<std::string> servers) {
  if (generation != generation_) return;
  if (wrong_.dead_relays_proposed) return;
  if (servers.empty() && !wrong_.no_relay_if_none_is_reached) return;
  current_ = std::move(servers);
}

std::string Relays::next() {
  if (current_.empty()) return {};
  if (wrong_.proposes_one_relay_only) return current_.front();
  return current_[turn_++ % current_.size()];
}

}  // namespace deskcheck::server
