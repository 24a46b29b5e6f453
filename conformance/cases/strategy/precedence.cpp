// Which strategy a device has, if it could have several. Servers differ in whose comes first, the
// group's or the owner's, and clients cannot tell: what is judged is that the device has one of
// them, and hears of each change.
#include "conformance/cases/strategy/agent.hpp"
#include "conformance/lab/people.hpp"

#include <set>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr const char* kDevice = "of the device";
constexpr const char* kGroup = "of the group";
constexpr const char* kUser = "of the user";

// Three strategies that want the same option of one device, each in its own way.
class Rivals {
 public:
  Rivals(Lab& lab, LabPeople people, const LabDevice& device)
      : lab_(&lab),
        people_(std::move(people)),
        device_(device.id()),
        group_(lab.named("group")),
        agent_(lab, device),
        names_{{kDevice, fresh_strategy(lab)},
               {kGroup, fresh_strategy(lab)},
               {kUser, fresh_strategy(lab)}} {}

  Task<void> begin();
  // The device gets what gives it the strategy of one of them, or loses that.
  Task<void> give(std::string whose);
  Task<void> take(std::string whose);
  // Judges that the next heartbeat leaves the device with one that it may have, and says whose.
  Task<std::string> settled();
  // A change of one that is not in effect leaves the device with what it has.
  Task<void> edit_in_vain(std::string whose);

  StrategyAgent& agent() { return agent_; }
  // Those that the device may have.
  const std::set<std::string>& valid() const { return valid_; }

 private:
  std::string now() const { return agent_.option(kWhose); }
  Task<void> set(std::string whose, bool given);

  Lab* lab_;
  LabPeople people_;
  std::string device_, owner_, group_;
  StrategyAgent agent_;
  std::map<std::string, std::string> names_;  // of the strategies
  std::set<std::string> valid_;
};

Task<void> Rivals::begin() {
  for (const auto& [whose, name] : names_) {
    const auto options = says(whose);
    co_await people_.admin().put_strategy(name, options);
    remove_at_end(*lab_, people_.admin(), name);
  }
  const std::string what = "owner";
  const Account account = co_await people_.somebody(what);
  owner_ = account.user;
  co_await agent_.upload();
  const std::vector<std::string> nobody;
  co_await people_.device_group(group_, nobody);
  co_await people_.admin().assign_to_device_group(group_, names_.at(kGroup));
  co_await people_.admin().assign_to_user(owner_, names_.at(kUser));
}

Task<void> Rivals::give(std::string whose) {
  valid_.insert(whose);
  co_await set(whose, true);
}

Task<void> Rivals::take(std::string whose) {
  valid_.erase(whose);
  co_await set(whose, false);
}

Task<void> Rivals::set(std::string whose, bool given) {
  std::vector<std::string> members;
  if (given) members.push_back(device_);
  const std::string name = given ? names_.at(kDevice) : "", owner = given ? owner_ : "";
  if (whose == kDevice)
    co_await people_.admin().assign_to_device(device_, name);
  else if (whose == kGroup)
    co_await people_.device_group(group_, members);
  else
    co_await people_.admin().set_owner(device_, owner);
}

Task<std::string> Rivals::settled() {
  const std::int64_t known = agent_.modified_at();
  const std::string before = now();
  const auto heard = co_await agent_.beat();
  lab_->verdict("HTTP-HB-11", heard, PushesOnlyAtAnotherTime(known));
  lab_->verdict("HTTP-STRAT-08", now(), testing::AnyOfArray(valid_));
  if (now() != before) lab_->verdict("HTTP-STRAT-08", agent_.modified_at(), testing::Ne(known));
  const auto next = co_await agent_.beat();
  lab_->verdict("HTTP-HB-11", next, PushesNoStrategy());
  co_return now();
}

Task<void> Rivals::edit_in_vain(std::string whose) {
  const std::string before = now();
  const auto edited = says(whose + ", edited"), restored = says(whose);
  for (const auto* options : {&edited, &restored}) {
    const std::int64_t known = agent_.modified_at();
    // Nobody edits twice within a second, which is one time where servers count them.
    co_await lab_->wait(1s);
    co_await people_.admin().put_strategy(names_.at(whose), *options);
    const auto heard = co_await agent_.beat();
    lab_->verdict("HTTP-HB-11", heard, PushesOnlyAtAnotherTime(known));
    lab_->verdict("HTTP-STRAT-08", now(), testing::Eq(before));
  }
}

}  // namespace

CASE(strategy_precedence, "api/strategy/precedence",
     checks("HTTP-STRAT-08", "HTTP-HB-11", "HTTP-STRAT-03"), after("api/strategy/pushed"),
     takes(kLongStory)) {
  LabPeople people(
      lab, {"put-strategy", "remove-strategy", "strategy-of-device", "strategy-of-device-group",
            "strategy-of-user", "put-device-group", "owner-of-device"});
  auto device = co_await lab.registered_device();
  Rivals rivals(lab, people, device);
  co_await rivals.begin();
  std::string whose;
  for (const char* one : {kUser, kGroup, kDevice}) {
    co_await rivals.give(one);
    whose = co_await rivals.settled();
  }
  // The winner goes, until the last one has gone.
  std::string order = whose;
  while (rivals.valid().size() > 1) {
    if (!rivals.valid().contains(whose)) co_return;  // which has been judged
    for (const auto& other : std::set<std::string>(rivals.valid())) {
      if (other != whose) co_await rivals.edit_in_vain(other);
    }
    co_await rivals.take(whose);
    whose = co_await rivals.settled();
    order += ", then " + whose;
  }
  lab.note("the target takes the strategy " + order);
  co_await rivals.take(whose);
  co_await has_none_now(lab, rivals.agent());
}

}  // namespace deskcheck::conformance
