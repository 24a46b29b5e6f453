// The other end of a connection, as an input scripts it, and what it came to know: the properties
// compare that with what the simulated client believes. For the targets of client-sim.
#pragma once

#include "client-sim/channel/message_stream.hpp"
#include "client-sim/session/client_facts.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "proto/net/sim_world.hpp"

#include <functional>

namespace deskcheck::fuzz {

using namespace std::chrono_literals;
using sim::Task;

// Who and where everybody is.
struct Cast {
  std::string device_id = "123456789";
  std::string password = "correct horse battery staple";
  wire::KeyPair device, server, stranger;
  net::Endpoint server_at, relay_at, device_at, controller_at;

  Cast();
};
// The same for every input: keys take time.
const Cast& cast();

// What all peers of one input did and heard.
struct Notes {
  bool device_shook_hands = false;      // as the right device
  bool controller_shook_hands = false;  // with whatever SignedId it was offered
  bool proved = false;                  // the right password
  std::vector<std::string> heard;       // payloads, decrypted
};

class ScriptedPeer {
 public:
  // The notes outlive the peer.
  ScriptedPeer(net::World world, Notes& notes) : world_(world), notes_(notes), random_(3) {}

  // Called with every payload that it hears. May be empty.
  std::function<void(const std::string& payload)> on_heard;
  // Plays the script, then listens until the connection ends or a minute has passed.
  Task<void> play(sim::MessageStream stream, PeerScript script);

 private:
  Task<bool> step(sim::MessageStream* stream, const PeerStep* step);
  Task<net::Result<std::string>> receive(sim::MessageStream* stream);
  Task<bool> hear(sim::MessageStream* stream);
  Task<bool> offer(sim::MessageStream* stream, std::string id);
  Task<bool> accept(sim::MessageStream* stream);
  Task<bool> encrypt(sim::MessageStream* stream);
  hbb::RendezvousMessage completed(const PeerStep& step) const;
  hbb::Message proof() const;
  hbb::Message as_sent(hbb::Message message, bool encrypted) const;
  net::Deadline soon() const { return net::in(world_.clock, 5s); }

  net::World world_;
  const Cast& cast_ = cast();
  Notes& notes_;
  net::Random random_;
  std::optional<hbb::Hash> hash_;  // what the other end challenged with
};

// Accepts connections for as long as it runs, and plays one script after the other on them.
class ScriptedListener {
 public:
  using Scripts = google::protobuf::RepeatedPtrField<PeerScript>;
  // Scripts, notes and what run() gets outlive the listener's tasks.
  ScriptedListener(net::World world, net::Endpoint at, const Scripts& scripts, Notes& notes)
      : world_(world), listener_(world.network.listen(at)), scripts_(scripts), notes_(notes) {}

  // Called with the remote endpoint and every payload of a connection. May be empty.
  std::function<void(const net::Endpoint& from, const std::string& payload)> on_heard;
  Task<void> run(net::TaskGroup* tasks);

 private:
  Task<void> play(sim::MessageStream stream, PeerScript script);

  net::World world_;
  std::unique_ptr<net::Listener> listener_;
  const Scripts& scripts_;
  Notes& notes_;
  int count_ = 0;
};

// Runs `story` in virtual time; it is a property that it comes to its end.
void simulate(const std::function<Task<void>(net::World)>& story, std::uint32_t segment);

// One line for each event, without control characters.
void check_transcript(const sim::Transcript& transcript);

}  // namespace deskcheck::fuzz
