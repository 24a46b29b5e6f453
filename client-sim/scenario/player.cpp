#include "client-sim/scenario/player.hpp"

#include "client-sim/session/client_facts.hpp"
#include "proto/net/task_group.hpp"

#include <algorithm>

namespace deskcheck::scenario {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kConnectTime = 5s;

std::string letters(net::Random& random, std::size_t count) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  while (text.size() < count) text += alphabet[random.below(alphabet.size())];
  return text;
}

std::string fresh_id(const std::string& prefix, net::Random& random) {
  constexpr std::size_t kLength = 12;
  return prefix + letters(random, kLength - std::min(kLength, prefix.size()));
}

std::string fresh_key(net::Random& random) {
  const auto keys = wire::make_key_pair(random);
  return std::string(wire::view(keys.public_key.bytes));
}

// Of every kind of character that servers ask for.
std::string fresh_password(net::Random& random) { return "Dc7-" + letters(random, 14); }

std::unique_ptr<Party> bring_to_life(Birth birth) {
  switch (birth.role->kind) {
    case Role::Kind::udp:
      return make_udp_party(std::move(birth));
    case Role::Kind::tcp:
      return make_tcp_party(std::move(birth));
    case Role::Kind::device:
      return std::make_unique<DeviceParty>(std::move(birth));
    case Role::Kind::controller:
      return std::make_unique<ControllerParty>(std::move(birth));
    case Role::Kind::account:
      return std::make_unique<AccountParty>(std::move(birth));
    case Role::Kind::agent:
      return std::make_unique<AgentParty>(std::move(birth));
  }
  return nullptr;
}

}  // namespace

Player::Player(const Stage& stage, const Scenario& scenario)
    : stage_(stage), scenario_(scenario), random_(stage.world.random.fork(scenario.id)) {}

sim::Recorder Player::recorder(std::string who) const {
  return {stage_.transcript, &stage_.world.clock, std::move(who)};
}

// --- before the first step -----------------------------------------------------------------------

std::optional<net::Endpoint> Player::home_for(const Role& role) {
  if (!role.at.empty()) return net::Endpoint{parties_.at(role.at)->home().address, 0};
  const auto address = stage_.take_address();
  if (!address) return std::nullopt;
  return net::Endpoint{*address, 0};
}

bool Player::cast_roles() {
  if (!can_cast_people()) return false;
  for (const auto& role : scenario_.roles) {
    const auto home = home_for(*role);
    if (!home)
      return ends(Outcome::Status::not_applicable,
                  "needs one more source address than there are; see --source-addresses");
    Birth birth{role.get(), stage_.world, stage_.site, *home, recorder(role->name), {}};
    if (role->of.empty())
      birth.identity = {fresh_id(stage_.id_prefix, random_), "uuid-" + letters(random_, 20),
                        wire::make_key_pair(random_)};
    else
      birth.identity = parties_.at(role->of)->identity();
    const Identity& identity = birth.identity;
    variables_[role->name + ".id"] = identity.id;
    variables_[role->name + ".uuid"] = identity.uuid;
    if (role->kind == Role::Kind::account) variables_[role->name + ".token"];
    variables_[role->name + ".pk"] = wire::view(identity.keys.public_key.bytes);
    recorder(role->name).note("its id is " + identity.id);
    auto party = bring_to_life(std::move(birth));
    learn_address(*party);
    parties_.emplace(role->name, std::move(party));
  }
  return true;
}

void Player::learn_address(const Party& party) {
  const auto address = party.address();
  variables_[party.role().name + ".address"] = to_string(address);
  variables_[party.role().name + ".ip"] = address.address.to_string();
  variables_[party.role().name + ".port"] = std::to_string(address.port);
}

void Player::draw_variables() {
  variables_["target.key"] = stage_.site.key;
  variables_["target.relay-key"] = stage_.site.relay_key;
  variables_["target.rendezvous"] = to_string(stage_.site.rendezvous);
  variables_["target.nat"] = to_string(stage_.site.nat);
  variables_["target.relay"] = to_string(stage_.site.relay);
  for (const auto& definition : scenario_.variables) {
    auto& value = variables_[definition.name];
    switch (definition.kind) {
      case Definition::Kind::text:
        value = definition.text;
        break;
      case Definition::Kind::id:
        value = fresh_id(stage_.id_prefix, random_);
        break;
      case Definition::Kind::uuid:
        value = sim::make_uuid(random_);
        break;
      case Definition::Kind::password:
        value = fresh_password(random_);
        break;
      case Definition::Kind::key:
        value = fresh_key(random_);
        break;
    }
  }
}

Task<void> Player::perform() {
  if (scenario_.needs_signer && !stage_.site.signer) {
    ends(Outcome::Status::not_applicable,
         "verifies signed keys, and the target has no key to verify them with");
    co_return;
  }
  draw_variables();
  if (!cast_roles()) co_return;
  (void)co_await steps(scenario_.steps);
}

Task<void> Player::clean_up() {
  // What runs has to be joined even when somebody loses patience.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  std::exception_ptr failure;
  for (auto& party : parties_) {
    try {
      co_await party.second->end();
    } catch (...) {  // the others must end all the same
      failure = std::current_exception();
    }
  }
  parties_.clear();
  if (failure) std::rethrow_exception(failure);
}

// --- steps ---------------------------------------------------------------------------------------

Task<bool> Player::steps(const std::vector<Step>& list) {
  for (const auto& step : list)
    if (!co_await take(step)) co_return false;
  co_return true;
}

Task<bool> Player::take(const Step& step) {
  current_ = &step;
  switch (step.kind) {
    case Step::Kind::exchange:
      return exchange(step);
    case Step::Kind::forbid:
      return forbid(step);
    case Step::Kind::barrier:
      return barrier(step);
    case Step::Kind::loop:
      return loop(step);
    case Step::Kind::parallel:
      return parallel(step);
    case Step::Kind::connect:
      return connect(step);
    case Step::Kind::change_id:
      return change_id(step);
    case Step::Kind::log_in:
    case Step::Kind::enter_code:
    case Step::Kind::log_out:
    case Step::Kind::refresh:
    case Step::Kind::add_peer:
    case Step::Kind::session:
    case Step::Kind::operate:
      return act_as_person(step);
    default:
      return take_simple(step);
  }
}

Task<bool> Player::take_simple(const Step& step) {
  switch (step.kind) {
    case Step::Kind::wait:
      co_await net::sleep_for(stage_.world.clock, step.within);
      co_return true;
    case Step::Kind::start:
      if (step.role->kind == Role::Kind::agent)
        static_cast<AgentParty&>(party(step)).start();
      else
        static_cast<DeviceParty&>(party(step)).start();
      learn_address(party(step));
      co_return true;
    case Step::Kind::stop:
      co_await party(step).end();
      co_return true;
    case Step::Kind::close:
      speaker(step).close(step.close);
      co_return true;
    case Step::Kind::move:
      co_return move(step);
    default: {
      const auto text = step.note.fill(variables_);
      recorder("").note(text ? *text : step.note.written());
      co_return true;
    }
  }
}

bool Player::move(const Step& step) {
  auto home = speaker(step).home();
  if (step.move == Step::Move::address) {
    const auto address = stage_.take_address();
    if (!address)
      return ends(Outcome::Status::not_applicable,
                  "needs one more source address than there are; see --source-addresses");
    home = net::Endpoint{*address, 0};
  }
  speaker(step).move_to(home);
  learn_address(party(step));
  return true;
}

Task<bool> Player::loop(const Step& step) {
  for (int i = 1; i <= step.times; ++i) {
    if (!step.counter.empty()) variables_[step.counter] = std::to_string(i);
    if (!co_await steps(step.branches[0])) co_return false;
  }
  co_return true;
}

// The first branch that fails ends the others.
Task<void> Player::branch(const std::vector<Step>& list, net::TaskGroup* group) {
  const bool held = co_await steps(list);
  if (!held) group->cancel();
}

Task<bool> Player::parallel(const Step& step) {
  net::TaskGroup branches(stage_.world.executor);
  for (const auto& list : step.branches)
    branches.spawn("branch of " + scenario_.id, branch(list, &branches));
  co_await branches.join();
  if (branches.failure()) std::rethrow_exception(branches.failure());
  co_return outcome_.status == Outcome::Status::passed;
}

Task<bool> Player::connect(const Step& step) {
  if (step.role->kind == Role::Kind::tcp) co_return co_await open(step);
  const auto id = step.callee.fill(variables_);
  if (!id) co_return broken(step, id.error().text);
  const auto token = step.token.fill(variables_);
  if (!token) co_return broken(step, token.error().text);
  sim::ConnectOptions options;
  options.force_relay = step.force_relay;
  options.token = *token;
  if (step.logs_in) options.password = step.password;
  auto& controller = static_cast<ControllerParty&>(party(step));
  co_await controller.end();
  controller.call(*id, std::move(options));
  co_return true;
}

Task<bool> Player::change_id(const Step& step) {
  auto id = step.new_id.fill(variables_);
  if (!id) co_return broken(step, id.error().text);
  auto& device = static_cast<DeviceParty&>(party(step));
  if (!device.started()) co_return broken(step, "the device has not been started");
  co_await device.change_id(std::move(*id), within(step.within));
  co_return true;
}

Task<bool> Player::open(const Step& step) {
  auto opened = co_await speaker(step).open(within(kConnectTime));
  learn_address(party(step));
  if (opened) co_return true;
  co_return fails(step, "a connection", opened.error().message());
}

Task<bool> Player::send(const Step& step) {
  const auto* member = step.sent->field;
  const auto envelope = envelope_of(member);
  const auto filled = fill(*step.sent, variables_, random_, *envelope);
  if (!filled) co_return broken(step, filled.error().text);
  auto& who = speaker(step);
  const auto deadline = within(step.within);
  if (is_observation(member, "raw") || is_observation(member, "payload")) {
    const auto& observation = static_cast<const Observation&>(*envelope);
    const bool raw = is_observation(member, "raw");
    std::string bytes = raw ? observation.raw() : observation.payload();
    if (raw)
      co_await who.send_raw(std::move(bytes), deadline);
    else
      co_await who.send(sim::Protocol::raw, std::move(bytes), deadline);
    co_return true;
  }
  const auto protocol = is_session(member) ? sim::Protocol::session : sim::Protocol::rendezvous;
  std::string bytes = envelope->SerializeAsString();
  co_await who.send(protocol, std::move(bytes), deadline);
  co_return true;
}

Task<bool> Player::exchange(const Step& step) {
  const auto kind = step.role->kind;
  if (kind == Role::Kind::udp || kind == Role::Kind::tcp) {
    if (!co_await open(step)) co_return false;
    if (step.drain) speaker(step).drain();
  }
  if (step.sent && !co_await send(step)) co_return false;
  if (step.expected.empty()) co_return true;
  co_return co_await expect(step);
}

// --- how it ends ---------------------------------------------------------------------------------

void Player::judge(const Step& step, bool holds, const std::string& expected,
                   const std::string& actual) {
  if (!stage_.judge) return;
  for (const auto& judged : step.judged) stage_.judge->judged(judged.id, holds, expected, actual);
}

bool Player::holds(const Step& step, const std::string& expected, const std::string& actual) {
  judge(step, true, expected, actual);
  return true;
}

bool Player::fails(const Step& step, const std::string& expected, const std::string& actual) {
  judge(step, false, expected, actual);
  outcome_.expected = expected;
  outcome_.actual = actual;
  for (const auto& judged : step.judged) outcome_.requirements.push_back(judged.id);
  outcome_.place = step.place;
  outcome_.step = step.text;
  return ends(Outcome::Status::failed, step.text + ": expected " + expected + ", got " + actual);
}

bool Player::broken(const Step& step, std::string why) {
  outcome_.place = step.place;
  outcome_.step = step.text;
  return ends(Outcome::Status::broken, step.text + ": " + why);
}

bool Player::ends(Outcome::Status status, std::string why) {
  outcome_.status = status;
  outcome_.why = std::move(why);
  return false;
}

void Player::ran_out_of_time() {
  if (current_) outcome_.place = current_->place;
  ends(Outcome::Status::broken, "did not end within the time that its steps can take");
}

}  // namespace deskcheck::scenario
