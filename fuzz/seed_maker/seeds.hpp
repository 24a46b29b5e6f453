// Seeds of the fuzz targets, made from the conversations of the suite's own cases: the fuzzers
// begin where the protocol is already spoken.
#pragma once

#include "client-sim/channel/transcript.hpp"
#include "conformance/target/target.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "proto/schema/rendezvous.pb.h"
#include "proto/schema/session.pb.h"

#include <map>
#include <optional>
#include <string>

namespace deskcheck::fuzz {

// What one case said to one target.
struct Conversation {
  std::string case_id;
  const conformance::Target& target;
  const std::deque<sim::TranscriptLine>& lines;
};

// Contents by path below fuzz/seeds: "rendezvous/punch-sent-answer".
using Seeds = std::map<std::string, std::string>;

// Adds what the conversation has for these targets; nothing if it has nothing.
void add_seeds_of_servers(const Conversation& conversation, Seeds& seeds);  // rendezvous, relay
void add_seeds_of_wire(const Conversation& conversation, Seeds& seeds);
void add_seeds_of_doors(const Conversation& conversation,
                        Seeds& seeds);  // console, tunnel, websocket
// controller, device, session
void add_seeds_of_clients(const Conversation& conversation, Seeds& seeds);

// An administrator's visits, which the suite makes over HTTP: tunnel.
void add_seeds_of_administrators(Seeds& seeds);
// Servers that somebody calls on, and hooks of operators: doctor, probe, hooks.
void add_seeds_of_callers(Seeds& seeds);

// --- for the conversations
// ----------------------------------------------------------------------------

// Under the name of the case; small ones only, as libFuzzer wants them, and none twice.
void add_seed(const Conversation& conversation, std::string_view fuzz_target, std::string content,
              Seeds& seeds);
// The message of a line that travelled whole; nothing if it is none.
std::optional<hbb::RendezvousMessage> rendezvous_message(const sim::TranscriptLine& line);
std::optional<hbb::Message> session_message(const sim::TranscriptLine& line);
// Milliseconds from one line to a later one.
std::uint32_t ms_between(const sim::TranscriptLine& from, const sim::TranscriptLine& to);

}  // namespace deskcheck::fuzz
