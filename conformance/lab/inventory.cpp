#include "conformance/lab/inventory.hpp"

namespace deskcheck::conformance {

std::string_view to_string(Thing thing) {
  switch (thing) {
    case Thing::device:
      return "device";
    case Thing::recording:
      return "recording";
    case Thing::audit:
      return "audit record";
    case Thing::peer:
      return "peer";
    case Thing::tag:
      return "tag";
    case Thing::book:
      return "address book";
    case Thing::strategy:
      return "strategy";
    case Thing::device_group:
      return "device group";
    case Thing::group:
      return "group";
    case Thing::user:
      return "user";
    case Thing::provider:
      break;
  }
  return "identity provider";
}

std::string_view why_it_stays(Thing thing) {
  switch (thing) {
    case Thing::device:
      return "the protocol has no way to remove a device";
    case Thing::audit:
      return "the protocol has no way to remove an audit record";
    default:
      return "";
  }
}

std::string name_of_run(net::Random random) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string name;
  while (name.size() < 4) name += alphabet[random.below(alphabet.size())];
  return name;
}

Inventory::Inventory(std::string_view run) : prefix_("dc" + std::string(run)) {}

std::string Inventory::named(std::string_view what) {
  return prefix_ + "-" + std::string(what) + std::to_string(++names_);
}

void Inventory::created(Thing thing, std::string name) {
  auto& count = counts_[thing];
  if (count.left.insert(std::move(name)).second) ++count.created;
}

void Inventory::removed(Thing thing, const std::string& name) {
  const auto found = counts_.find(thing);
  if (found != counts_.end() && found->second.left.erase(name)) ++found->second.removed;
}

void add(Inventory::Counts& sum, const Inventory::Counts& more) {
  for (const auto& [thing, count] : more) {
    auto& mine = sum[thing];
    mine.created += count.created;
    mine.removed += count.removed;
    mine.left.insert(count.left.begin(), count.left.end());
  }
}

}  // namespace deskcheck::conformance
