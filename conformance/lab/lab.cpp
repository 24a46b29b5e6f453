#include "conformance/lab/lab.hpp"

#include "client-sim/channel/server_security.hpp"
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/hook_logins.hpp"

#include <algorithm>

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr net::Duration kPatience = 5s;  // for steps that are not judged themselves

std::string letters(net::Random& random, std::size_t count) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  while (text.size() < count) text += alphabet[random.below(alphabet.size())];
  return text;
}

}  // namespace

std::string_view to_string(Over over) {
  switch (over) {
    case Over::tcp:
      return "TCP";
    case Over::secure:
      return "encrypted TCP";
    case Over::websocket:
      break;
  }
  return "WebSocket";
}

Lab::Lab(LabSetup setup)
    : setup_(std::move(setup)),
      target_(setup_.target),
      random_(setup_.world.random.fork(setup_.which->id)),
      own_inventory_(name_of_run(random_.fork("run"))),
      inventory_(setup_.inventory ? setup_.inventory : &own_inventory_),
      own_hook_logins_(std::make_unique<HookLogins>()),
      hook_logins_(setup_.hook_logins ? setup_.hook_logins : own_hook_logins_.get()),
      begun_(setup_.world.clock.now()) {
  transcript_.watch([this](const sim::TranscriptLine& line) { watch(line); });
}

Lab::~Lab() = default;

Task<void> Lab::wait(net::Duration time) { return wait_until(now() + time); }

Task<void> Lab::wait_until(net::Time time) {
  waited_ += std::max(time - now(), net::Duration());
  limit_ = std::max(limit_, time);
  return net::sleep_until(setup_.world.clock, time);
}

bool Lab::record(std::string_view requirement, Opinion opinion) {
  const auto& declared = setup_.which->requirements;
  if (std::find(declared.begin(), declared.end(), requirement) == declared.end()) {
    mistakes_.push_back("judges " + std::string(requirement) + " without declaring it");
    return opinion.holds;
  }
  Check check;
  check.requirement = requirement;
  const bool excused = !opinion.holds && setup_.optional.contains(check.requirement);
  if (excused || setup_.inapplicable.contains(check.requirement))
    check.status = Status::not_applicable;
  else
    check.status = opinion.holds ? Status::pass : Status::fail;
  check.expected = std::move(opinion.expected);
  check.actual = std::move(opinion.actual);
  check.kind = opinion.kind;
  check.at = now() - begun_;
  lacking_ = lacking_ || !opinion.holds;
  if (check.status == Status::fail)
    note(check.requirement + " fails: expected " + check.expected + ", got " + check.actual);
  checks_.push_back(std::move(check));
  return opinion.holds;
}

std::string Lab::why_inapplicable() const {
  if (checks_.empty()) return "";
  const auto reason = setup_.inapplicable.find(checks_.front().requirement);
  if (reason == setup_.inapplicable.end()) return "optional, and not met";
  return reason->second + (lacking_ ? "" : "; it does what is judged here all the same");
}

void Lab::blocked(std::string_view what, const std::string& expected,
                  const std::string& actual) const {
  throw EarlyEnd{Status::blocked, Blame::prerequisite,
                 std::string(what) + ": needed " + expected + ", got " + actual};
}

void Lab::needs(std::initializer_list<std::string_view> capabilities) const {
  for (const auto capability : capabilities)
    if (target_.without.contains(std::string(capability)))
      not_applicable("the target does not claim " + std::string(capability));
}

void Lab::not_applicable(std::string why) const {
  throw EarlyEnd{Status::not_applicable, Blame::none, std::move(why)};
}

void Lab::environment(std::string why) const {
  throw EarlyEnd{Status::blocked, Blame::environment, std::move(why)};
}

void Lab::blame_this_machine(const boost::system::error_code& error) const {
  if (is_of_this_machine(error)) environment(lacking_here(error.message()));
}

void Lab::note(std::string text) { recorder("").note(std::move(text)); }

sim::Recorder Lab::recorder(std::string party) {
  return {&transcript_, &setup_.world.clock, std::move(party)};
}

net::Endpoint Lab::home() {
  auto address = setup_.addresses->take();
  if (!address)
    not_applicable("needs one more source address than there are; see --source-addresses");
  return {*address, 0};
}

std::string Lab::fresh_id() { return inventory_->prefix() + letters(random_, 6); }
std::string Lab::fresh_uuid() { return "uuid-" + letters(random_, 20); }

void Lab::created(Thing thing, std::string name) {
  changes("the " + std::string(to_string(thing)) + " " + name + " is created");
  if (!own_server_) inventory_->created(thing, std::move(name));
}

void Lab::removed(Thing thing, const std::string& name) {
  if (!own_server_) inventory_->removed(thing, name);
}

void Lab::changes(const std::string& what) {
  if (!setup_.which->effects.contains(Effect::creates))
    mistakes_.push_back("says does(Effect::reads), but " + what);
}

// Whatever makes a device register, it says so with this message.
void Lab::watch(const sim::TranscriptLine& line) {
  if (line.what != sim::TranscriptLine::What::sent || line.protocol != sim::Protocol::rendezvous ||
      line.bytes.size() < line.size)
    return;
  if (line.remote != target_.rendezvous && line.remote != target_.websocket) return;
  // Only what begins as one, length-delimited: protobuf complains aloud about broken messages.
  constexpr char kTag = hbb::RendezvousMessage::kRegisterPkFieldNumber << 3 | 2;
  if (line.bytes.empty() || line.bytes.front() != kTag) return;
  hbb::RendezvousMessage message;
  if (!message.ParseFromString(line.bytes) || !message.has_register_pk()) return;
  if (!message.register_pk().id().empty()) created(Thing::device, message.register_pk().id());
}

LabDevice Lab::device() { return device(fresh_id()); }

LabDevice Lab::device(std::string id) {
  const std::string party = "device " + std::to_string(++devices_);
  note(party + " is " + id);
  Identity identity{std::move(id), fresh_uuid(), wire::make_key_pair(random_)};
  return LabDevice(*this, std::move(identity), home(), party);
}

Task<LabDevice> Lab::registered_device() {
  LabDevice fresh = device();
  auto answer = co_await fresh.register_pk(within(kPatience));
  if (!answer) blocked("registering a device", "register_pk_response OK", show(answer));
  if (answer->result() != hbb::RegisterPkResponse::OK)
    blocked("registering a device", "OK", hbb::RegisterPkResponse::Result_Name(answer->result()));
  // Servers that were restarted, or know the id from their storage only, count it as online from
  // here.
  auto alive = co_await fresh.register_peer(within(kPatience));
  if (!alive) blocked("registering a device", "register_peer_response", show(alive));
  co_return std::move(fresh);
}

LabController Lab::controller() { return controller(home()); }
LabController Lab::controller(Over over) { return controller(home(), over); }

LabController Lab::controller(const net::Endpoint& at, Over over) {
  const net::Endpoint from{at.address, 0};
  return LabController(*this, from, "controller " + std::to_string(++controllers_), over);
}

Task<sim::MessageStream> Lab::connect(std::string party, net::Endpoint from, net::Endpoint to) {
  auto notes = recorder(std::move(party));
  auto stream =
      co_await sim::MessageStream::connect(setup_.world, from, to, notes, within(kPatience));
  if (!stream) {
    blame_this_machine(stream.error());
    blocked("connecting to TCP " + to_string(to), "a connection", stream.error().message());
  }
  co_return std::move(*stream);
}

Task<sim::MessageStream> Lab::connect_over(Over over, std::string party, net::Endpoint from,
                                           sim::Upgrade upgrade) {
  if (over == Over::tcp) co_return co_await connect(std::move(party), from, target_.rendezvous);
  if (over == Over::websocket) {
    auto notes = recorder(std::move(party));
    auto stream = co_await sim::MessageStream::connect_websocket(
        setup_.world, from, target_.websocket, std::move(upgrade), notes, within(kPatience));
    if (!stream) {
      blame_this_machine(stream.error());
      blocked("connecting to WebSocket " + to_string(target_.websocket), "a connection",
              stream.error().message());
    }
    co_return std::move(*stream);
  }
  if (!target_.key) not_applicable("a server that signs nothing cannot offer encryption");
  auto stream = co_await connect(std::move(party), from, target_.rendezvous);
  std::string key = wire::to_text(*target_.key);
  auto secured = co_await sim::secure_with_server(&stream, std::move(key), &random_, within(20s));
  if (!secured) blocked("encrypting a connection", "KeyExchange", secured.error().message());
  if (!stream.encrypted()) blocked("encrypting a connection", "KeyExchange", "another message");
  co_return std::move(stream);
}

Task<void> Lab::own_server(ServerSetup setup) {
  if (!setup_.servers)
    not_applicable("needs a server that is set up for it, and the target is somebody else's");
  if (!setup_.which->effects.contains(Effect::restarts))
    mistakes_.push_back("has a server set up for it without saying does(Effect::restarts)");
  if (own_server_) {
    co_await own_server_->stop();
    own_server_.reset();
  }
  own_server_ = setup_.servers->start(setup_.world, setup);
  target_ = own_server_->target();
  note("a server of its own runs for this case");
}

Task<void> Lab::server_to_restart() {
  if (setup_.servers) {
    ServerSetup usual;
    co_await own_server(std::move(usual));
    co_return;
  }
  // Nobody's server is restarted for what does not apply to it.
  const auto& ids = setup_.which->requirements;
  const auto applies = [this](const auto& id) { return !setup_.inapplicable.contains(id); };
  if (!ids.empty() && std::ranges::none_of(ids, applies))
    not_applicable(setup_.inapplicable.at(ids.front()));
  if (!setup_.which->restarts_target)
    mistakes_.push_back("has the target restarted without saying restarts_target()");
  if (!may_restart())
    not_applicable(
        "the target has no hook 'restart': name one under `control`, or start it with --spawn");
}

bool Lab::may_restart() const {
  return own_server_ || (!setup_.servers && can_be_restarted(target_, setup_.spawned));
}

Task<void> Lab::restart_server(std::optional<Part> part) {
  if (own_server_) {
    co_await own_server_->restart();
    note("the server was restarted");
    co_return;
  }
  if (setup_.servers) throw std::logic_error("restarts the server of other cases");
  Restarted done;
  if (setup_.restarts)
    done = co_await setup_.restarts->restart(*this);
  else
    done = co_await restart_target(*this, setup_.spawned);
  if (done.failure.empty() && (!part || done.has(*part))) co_return;
  // That something held before a restart is not what the case is about.
  std::erase_if(checks_, [](const Check& check) { return check.status == Status::pass; });
  if (!done.failure.empty()) environment(done.failure);
  const std::string what = part == Part::api ? "HTTP API" : "rendezvous server";
  not_applicable("the hook 'restart' does not restart the " + what +
                 ": a connection from before is still open");
}

std::vector<std::string> Lab::mails_to(const std::string& address) const {
  if (!own_server_) throw std::logic_error("only an own server's mails can be read");
  return own_server_->mails_to(address);
}

void Lab::ended_badly(const std::exception& error) {
  mistakes_.push_back(std::string("a party ended badly: ") + error.what());
}

Task<void> Lab::clean_up() {
  // What runs has to be joined even when the run is interrupted at this moment.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!at_end_.empty()) {
    const auto task = std::move(at_end_.back());
    at_end_.pop_back();
    try {
      co_await task();
    } catch (const EarlyEnd&) {  // whatever is left behind, the run counts it
    } catch (const boost::system::system_error& error) {
      // Cut short by an interrupt of the run, which is nobody's mistake.
      if (error.code() != boost::asio::error::operation_aborted) ended_badly(error);
    } catch (const std::exception& error) {  // the others must end all the same
      ended_badly(error);
    }
  }
  if (!own_server_) co_return;
  co_await own_server_->stop();
  own_server_.reset();
}

}  // namespace deskcheck::conformance
