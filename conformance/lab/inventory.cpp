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
    case Thing::recording:
      return "the protocol has no way to remove a recording";
    case Thing::audit:
      return "the protocol has no way to remove an audit record";
    case Thing::device_group:
      return "there is no hook that removes a device group";
    default:
      return "";
  }
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

void Inventory::add(const Inventory& other) {
  for (const auto& [thing, count] : other.counts_) {
    auto& mine = counts_[thing];
    mine.created += count.created;
    mine.removed += count.removed;
    mine.left.insert(count.left.begin(), count.left.end());
  }
}

std::size_t Inventory::forgotten() const {
  std::size_t sum = 0;
  for (const auto& [thing, count] : counts_)
    if (why_it_stays(thing).empty()) sum += count.left.size();
  return sum;
}

}  // namespace deskcheck::conformance
