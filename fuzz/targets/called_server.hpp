// A server that the doctor or the probe calls on: as it should be, except where the input scripts
// something else; and what it has heard and said, for the properties to compare with what is told
// of it. For the targets `doctor` and `probe`.
#pragma once

#include "client-sim/channel/datagram_channel.hpp"
#include "client-sim/channel/message_stream.hpp"
#include "conformance/doctor/patient.hpp"
#include "fuzz/inputs/inputs.pb.h"
#include "proto/net/task_group.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace deskcheck::fuzz {

using namespace std::chrono_literals;
using sim::Task;
using Place = DoorScript::Place;
using Asked = ScriptedReply::Asked;

// What is never told.
inline constexpr char kPassword[] = "correct horse battery";
inline constexpr char kToken[] = "token-of-an-operator";
inline constexpr char kBook[] = "book-of-an-operator";
inline constexpr char kDownload[] = "/downloads/client.exe";
inline constexpr char kUser[] = "ann";
inline constexpr char kServerName[] = "rd.example.com";

// One question of HTTP, and what was said to it.
struct HttpHeard {
  std::string method, target, token, body;
  int status = 0;     // 0: none was said
  bool page = false;  // for people
  bool raw = false;   // whatever was said instead

  HttpHeard() = default;
  std::string path() const { return target.substr(0, target.find('?')); }
};

struct Said {
  std::set<Place> anything;
  // Messages by where and what (union_case).
  std::set<std::pair<Place, int>> messages;
  bool vouched = false;    // a device's key was signed
  bool encrypted = false;  // a KeyExchange came to its end
  bool carried = false;    // the relay passed on what somebody said
  // Answers to who is online: one began with a bit, all did.
  bool online = false, only_online = true;
  std::set<std::string> registered;  // ids that were heard
  int connections = 0;
  std::vector<HttpHeard> http;

  Said() = default;
  // Bytes that the input chose, which may be anything.
  std::set<Place> raw;
  bool message(Place at, hbb::RendezvousMessage::UnionCase what) const {
    return messages.contains({at, what});
  }
};

// How this port is served; null: rightly.
const DoorScript* door_of(const CallInput& input, Place at);
// Whether nobody listens at one of these.
bool is_closed(const CallInput& input, std::initializer_list<Place> places);

// Who calls. `prefix`: of the id of its device.
doctor::Patient patient_of(const CallInput& input, std::string_view prefix);

class CalledServer {
 public:
  // The input outlives it.
  CalledServer(net::World world, const CallInput& input);

  // Serves until the tasks are cancelled.
  void start(net::TaskGroup& tasks);
  // Afterwards: connections end in the world that they are of.
  void hang_up() {
    meetings_.clear();
    early_.clear();
  }
  Said said;

 private:
  using Stream = std::shared_ptr<sim::MessageStream>;

  Task<void> hear_datagrams();
  Task<void> accept(Place at, net::Listener* listener, net::TaskGroup* tasks);
  Task<void> serve(Place at, net::ByteStream stream);
  Task<void> serve_http(Place at, net::ByteStream stream);
  Task<void> serve_websocket(Place at, net::ByteStream stream);
  Task<void> serve_messages(Place at, Stream stream);
  Task<void> offer_key(Stream stream, wire::BoxKeyPair ephemeral);
  // False: the connection is over.
  Task<bool> take(Place at, Stream stream, std::string payload);
  Task<bool> reply(Place at, Stream stream, const ScriptedReply* script);
  Task<bool> answer(Place at, Stream stream, hbb::RendezvousMessage question);
  // To whoever else has come to the relay with the same uuid.
  Task<void> carry(Place at, Stream stream, std::string payload);
  Task<void> say(Place at, Stream stream, hbb::RendezvousMessage message);
  // Where both parties of this one are; null: it has met nobody.
  const std::vector<Stream>* meeting_of(const Stream& stream) const;
  void say_raw(Place at);
  void say_to(net::Endpoint to, const hbb::RendezvousMessage& message);

  // Null: the right one.
  const ScriptedReply* next_reply(Place at, Asked asked, std::string_view path = {});
  // To a question that comes without a connection, too.
  std::optional<hbb::RendezvousMessage> right_answer(Place at,
                                                     const hbb::RendezvousMessage& question);
  hbb::RendezvousMessage path_to(const hbb::PunchHoleRequest& request, const net::Endpoint& from);
  hbb::RendezvousMessage completed(const ScriptedReply& script, hbb::RendezvousMessage message);
  std::string vouch();
  void note(Place at, const hbb::RendezvousMessage& message);
  net::Endpoint endpoint(Place at) const;
  net::Deadline soon() const { return net::in(world_.clock, 30s); }

  net::World world_;
  const CallInput& input_;
  net::Random random_{3};
  std::string key_;
  std::vector<int> asked_;  // by reply: how many of its questions have come
  std::optional<sim::DatagramChannel> udp_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::map<std::string, net::Endpoint> devices_;         // by id; port 0: not over UDP
  std::map<std::string, std::vector<Stream>> meetings_;  // by uuid
  // What somebody has said before the other one came, which hears it then.
  std::map<Stream, std::vector<std::string>> early_;
};

// What the server of the input has heard and said while somebody called on it, in virtual time.
Said call_on(const CallInput& input, const std::function<Task<void>(net::World)>& call);

}  // namespace deskcheck::fuzz
