// The relay's logic: who is joined with whom, and when patience ends.
#include "reference-server/relay/relay.hpp"
#include "fuzz/engine/target.hpp"
#include "fuzz/inputs/inputs.pb.h"

#include <map>

namespace deskcheck::fuzz {

namespace {

using server::ConnectionId;
using Kind = server::Relay::Decision::Kind;

constexpr auto kPatience = std::chrono::seconds(30);
constexpr char kLicence[] = "key";

class Model {
 public:
  explicit Model(bool licence) : licence_(licence) {
    if (licence) options_.relay_licence_key = kLicence;
  }

  void first(const hbb::RendezvousMessage& message) {
    const ConnectionId connection = ++connections_;
    const auto decision = relay_.on_first(as_heard(message), connection, now_);
    const auto& request = message.request_relay();
    const bool served = message.has_request_relay() && !request.uuid().empty() &&
                        (!licence_ || request.licence_key() == kLicence);
    const auto partner = waiting_.find(request.uuid());
    if (!served) {
      require(decision.kind == Kind::refuse, "only a licensed request with a uuid is served");
    } else if (partner == waiting_.end()) {
      require(decision.kind == Kind::wait, "the first party of a uuid waits");
      waiting_[request.uuid()] = {connection, now_ + kPatience};
    } else {
      require(decision.kind == Kind::join, "the second party of a uuid is joined");
      require(decision.partner == partner->second.connection, "parties of one uuid are joined");
      waiting_.erase(partner);
    }
    check_next_expiry();
  }

  void wait(std::uint32_t ms) { now_ += std::chrono::milliseconds(ms); }

  void expire() {
    std::vector<ConnectionId> expected;
    for (auto i = waiting_.begin(); i != waiting_.end();) {
      const bool over = i->second.until <= now_;
      if (over) expected.push_back(i->second.connection);
      i = over ? waiting_.erase(i) : std::next(i);
    }
    std::sort(expected.begin(), expected.end());
    // Connections are numbered as they come, and patience is the same for all.
    require(relay_.expire(now_) == expected, "exactly those expire who have waited for 30 s");
    require(relay_.next_expiry() > now_, "nothing is left that has expired");
  }

 private:
  // Planted: uuids are compared by their first 36 bytes, which is how long they are in practice.
  static hbb::RendezvousMessage as_heard(hbb::RendezvousMessage message) {
    if (planted() && message.request_relay().uuid().size() > 36)
      message.mutable_request_relay()->mutable_uuid()->resize(36);
    return message;
  }

  void check_next_expiry() const {
    const auto next = relay_.next_expiry();
    for (const auto& [uuid, party] : waiting_)
      require(next <= party.until, "the next expiry is no later than the first of a waiting party");
  }

  struct Party {
    ConnectionId connection = 0;
    net::Time until;
  };
  bool licence_;
  server::Options options_;
  server::Relay relay_{options_};
  net::Time now_{std::chrono::hours(1)};
  ConnectionId connections_ = 0;
  std::map<std::string, Party> waiting_;
};

}  // namespace

std::unique_ptr<google::protobuf::Message> new_input() { return std::make_unique<RelayInput>(); }

void one_input(std::string_view bytes) {
  RelayInput input;
  if (!parse(bytes, input)) return;
  Model model(input.licence());
  for (const auto& step : input.steps()) {
    model.wait(step.wait_ms());
    if (step.has_first()) model.first(step.first());
    if (step.expire()) model.expire();
  }
}

}  // namespace deskcheck::fuzz
