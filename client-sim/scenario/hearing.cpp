// How a player looks at what arrives: it scans until a match, something forbidden, or the deadline.
#include "client-sim/scenario/observed.hpp"
#include "client-sim/scenario/player.hpp"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"
#include "proto/wire/describe.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace deskcheck::scenario {

namespace {

bool reads_raw(const std::vector<Pattern>& patterns) {
  return std::ranges::any_of(
      patterns, [](const Pattern& pattern) { return is_observation(pattern.field, "raw"); });
}

// "5 s", "300 ms"
std::string show(net::Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

sim::Protocol protocol_of(const std::vector<Pattern>& patterns) {
  for (const auto& pattern : patterns) {
    if (is_session(pattern.field)) return sim::Protocol::session;
    if (is_rendezvous(pattern.field)) return sim::Protocol::rendezvous;
  }
  return sim::Protocol::raw;
}

// "{registered: true}"
std::string fields_of(const google::protobuf::Message& message) {
  const auto text = wire::describe_any(message);
  return text.substr(text.find('{'));
}

// A token is nobody's business, and a secret neither.
std::string describe_state(const Observation& observation) {
  if (observation.has_secret()) return "secret ***";
  if (observation.has_recording()) return "recording " + show_bytes(observation.recording());
  if (observation.has_recordings()) return "recordings " + fields_of(observation.recordings());
  if (observation.has_audits()) return "audits " + fields_of(observation.audits());
  if (observation.has_device()) return "device " + fields_of(observation.device());
  if (observation.has_agent()) return "agent " + fields_of(observation.agent());
  if (!observation.has_account()) return "state " + fields_of(observation.state());
  AccountState account = observation.account();
  if (!account.token().empty()) account.set_token("***");
  return "account " + fields_of(account);
}

bool has_member(const google::protobuf::Message& envelope, const FieldDescriptor* member) {
  return envelope.GetReflection()->HasField(envelope, member);
}

}  // namespace

bool Player::matches(const Pattern& pattern, const Heard& heard, Knowledge& knowledge,
                     bool* right_kind) const {
  const auto* member = pattern.field;
  Observation seen = heard.observation;
  if (is_observation(member, "closed")) {
    seen.set_closed(heard.what == Heard::What::end);
  } else if (heard.what == Heard::What::message) {
    if (is_observation(member, "payload")) seen.set_payload(heard.bytes);
    if (is_observation(member, "raw")) seen.set_raw(heard.bytes);
    if (is_observation(member, "anything")) seen.set_anything(true);
  }
  const auto envelope = envelope_of(member);
  const bool on_the_wire = is_rendezvous(member) || is_session(member);
  if (on_the_wire &&
      (heard.what != Heard::What::message || !envelope->ParseFromString(heard.bytes)))
    return false;
  const google::protobuf::Message& message = on_the_wire ? *envelope : seen;
  if (!has_member(message, member)) return false;
  if (right_kind) *right_kind = true;
  knowledge.variables = &variables_;
  knowledge.signer = stage_.site.signer;
  return scenario::matches(pattern, message, knowledge);
}

// Streams have no borders: a step takes its own bytes and leaves the others to the next.
std::size_t Player::raw_length(const std::vector<Pattern>& patterns) const {
  const auto& conditions = patterns[0].conditions;
  if (patterns.size() != 1 || !is_observation(patterns[0].field, "raw") || conditions.size() != 1 ||
      conditions[0].kind != Condition::Kind::equals)
    return 0;
  net::Random random(0);  // constant forms draw nothing
  const auto wanted = fill(*conditions[0].values[0].bytes, variables_, random);
  return wanted ? wanted->size() : 0;
}

Task<net::Result<Heard>> Player::next(const Step& step, std::size_t count, bool first,
                                      std::string* heard, net::Deadline deadline) {
  if (!reads_raw(step.expected) && !reads_raw(step.forbidden))
    co_return co_await party(step).hear(first, deadline);
  if (!heard->empty()) count = 0;
  auto next = co_await speaker(step).hear_raw(count, deadline);
  if (!next || next->what != Heard::What::message) co_return next;
  *heard += next->bytes;
  next->bytes = *heard;
  co_return next;
}

const Pattern* Player::forbidden_match(const Step& step, const Heard& heard) const {
  for (const auto& pattern : step.forbidden) {
    Knowledge knowledge;
    if (matches(pattern, heard, knowledge)) return &pattern;
  }
  return nullptr;
}

std::string Player::describe(const Heard& heard, const Pattern* as) {
  switch (heard.what) {
    case Heard::What::end:
      return "the end of the connection";
    case Heard::What::state:
      return describe_state(heard.observation);
    case Heard::What::result:
      return "result " + fields_of(heard.observation.result());
    case Heard::What::message:
      break;
  }
  if (as && is_session(as->field)) {
    hbb::Message message;
    if (message.ParseFromString(heard.bytes)) return wire::describe(message);
  } else if (as && is_rendezvous(as->field)) {
    hbb::RendezvousMessage message;
    if (message.ParseFromString(heard.bytes)) return wire::describe(message);
  }
  return show_bytes(heard.bytes);
}

std::string Player::describe(const Pattern& pattern) const {
  const auto matcher = scenario::describe(pattern, variables_);
  if (is_observation(pattern.field, "closed")) return "the end of the connection";
  if (is_observation(pattern.field, "anything")) return "any message";
  return pattern.field->name() + " " + matcher;
}

std::string Player::describe(const std::vector<Pattern>& patterns, const char* between) const {
  std::string text;
  for (const auto& pattern : patterns) text += (text.empty() ? "" : between) + describe(pattern);
  return text;
}

void Player::note_miss(const Step& step, const Heard& heard, Misses& misses) const {
  for (const auto& pattern : step.expected) {
    Knowledge knowledge;
    bool right_kind = false;
    (void)matches(pattern, heard, knowledge, &right_kind);
    if (!right_kind) continue;
    misses.nearest = describe(heard, &pattern);
    if (!knowledge.why.empty()) misses.nearest += " (" + knowledge.why + ")";
    return;
  }
  ++misses.others;
  misses.other = describe(heard, &step.expected.front());
}

Task<bool> Player::expect(const Step& step) {
  const auto kind = step.role->kind;
  if (kind == Role::Kind::udp || kind == Role::Kind::tcp)
    speaker(step).listen_for(protocol_of(step.expected));
  const auto expected = describe(step.expected, " or ");
  const auto deadline = within(step.within);
  const auto count = raw_length(step.expected);
  Misses misses;
  std::string all;  // raw bytes so far
  for (bool first = true;; first = false) {
    auto heard = co_await next(step, count, first, &all, deadline);
    if (!heard) {
      if (step.optional) co_return true;
      std::string actual = "nothing within " + show(step.within);
      if (!misses.nearest.empty())
        actual = misses.nearest;
      else if (misses.others > 0)
        actual = misses.others == 1 ? "only " + misses.other
                                    : std::to_string(misses.others) +
                                          " other messages, the last of them " + misses.other;
      co_return fails(step, expected, actual);
    }
    if (const auto* forbidden = forbidden_match(step, *heard))
      co_return fails(step, expected + ", and before it no " + describe(*forbidden),
                      describe(*heard, forbidden));
    for (const auto& pattern : step.expected) {
      Knowledge knowledge;
      if (!matches(pattern, *heard, knowledge)) continue;
      for (auto& [name, value] : knowledge.captured) variables_[name] = std::move(value);
      co_return holds(step, expected, describe(*heard, &pattern));
    }
    if (heard->what == Heard::What::end) {
      if (step.optional) co_return true;
      co_return fails(step, expected,
                      misses.nearest.empty() ? describe(*heard, nullptr) : misses.nearest);
    }
    note_miss(step, *heard, misses);
    // A call ends once: there will be no other result.
    if (heard->what == Heard::What::result && !step.optional)
      co_return fails(step, expected, misses.nearest);
  }
}

Task<bool> Player::forbid(const Step& step) {
  if (!co_await open(step)) co_return false;
  auto& who = speaker(step);
  if (step.by_barrier) co_await ask_barrier(who);
  who.listen_for(protocol_of(step.forbidden));
  const auto expected =
      "no " + describe(step.forbidden, " and no ") +
      (step.by_barrier ? " before the answer to a later question" : " within " + show(step.within));
  const auto deadline = within(step.within);
  std::string all;  // raw bytes so far
  for (bool first = true;; first = false) {
    auto heard = co_await next(step, 0, first, &all, deadline);
    if (!heard) {
      if (!step.by_barrier) co_return holds(step, expected, "nothing of that kind");
      co_return fails(step, expected, "no answer to the later question");
    }
    if (step.by_barrier && is_barrier_answer(who, *heard))
      co_return holds(step, expected, "nothing of that kind");
    if (const auto* forbidden = forbidden_match(step, *heard))
      co_return fails(step, expected, describe(*heard, forbidden));
    if (step.by_barrier && heard->what == Heard::What::end)
      co_return fails(step, expected, describe(*heard, nullptr));
  }
}

Task<bool> Player::barrier(const Step& step) {
  if (!co_await open(step)) co_return false;
  auto& who = speaker(step);
  co_await ask_barrier(who);
  const auto deadline = within(step.within);
  const std::string expected = "the answer to a question about an unknown id";
  for (bool first = true;; first = false) {
    auto heard = co_await who.hear(first, deadline);
    if (!heard) co_return fails(step, expected, "nothing within " + show(step.within));
    if (is_barrier_answer(who, *heard)) co_return holds(step, expected, "it came");
    if (heard->what == Heard::What::end) co_return fails(step, expected, describe(*heard, nullptr));
  }
}

// Both questions are about an id that nobody has: answered at once, and nothing follows from them.
Task<void> Player::ask_barrier(Speaker& who) {
  std::string id = "dc";
  for (int i = 0; i < 10; ++i) id += static_cast<char>('0' + random_.below(10));
  hbb::RendezvousMessage question;
  if (who.role().kind == Role::Kind::udp) {
    question.mutable_register_peer()->set_id(id);
    question.mutable_register_peer()->set_serial(3);
  } else {
    auto* request = question.mutable_punch_hole_request();
    request->set_id(id);
    request->set_licence_key(stage_.site.key);
    request->set_nat_type(hbb::ASYMMETRIC);
    request->set_version(sim::kClientVersion);
  }
  std::string bytes = question.SerializeAsString();
  co_await who.send(sim::Protocol::rendezvous, std::move(bytes), within(std::chrono::seconds(5)));
}

bool Player::is_barrier_answer(const Speaker& who, const Heard& heard) {
  hbb::RendezvousMessage message;
  if (heard.what != Heard::What::message || !message.ParseFromString(heard.bytes)) return false;
  if (who.role().kind == Role::Kind::udp) return message.has_register_peer_response();
  const auto& answer = message.punch_hole_response();
  return message.has_punch_hole_response() && answer.socket_addr().empty() &&
         answer.other_failure().empty() && answer.failure() == hbb::PunchHoleResponse::ID_NOT_EXIST;
}

}  // namespace deskcheck::scenario
