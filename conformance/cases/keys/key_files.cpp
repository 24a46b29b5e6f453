// The key files of a server across restarts.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

#include <fstream>
#include <sstream>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

MATCHER(IsReasonNotToStart, "a start that fails with a reason") { return !arg.empty(); }

// A folder of this case's own, gone with it.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(Lab& lab) {
    const auto parent = std::filesystem::temp_directory_path();
    do {  // another run with the same seed may be at work
      path_ = parent / ("deskcheck-keys-" + lab.fresh_id());
    } while (!std::filesystem::create_directory(path_));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
}

// Clients with this key are let in, others are not, and signatures verify under it.
Task<void> judge_key(Lab& lab, wire::PublicKey key) {
  const std::string text = wire::to_text(key);
  auto device = co_await lab.registered_device();
  const std::string pk(wire::view(device.identity().keys.public_key.bytes));
  auto caller = lab.controller();
  auto request = caller.request_for(device.id());
  request.set_licence_key(text);
  co_await caller.send(request);
  auto push = co_await device.push<hbb::PunchHole>(lab.within(5s));
  if (!lab.verdict("SEC-KEY-02", push, Arrived())) co_return;
  const auto reply = co_await device.reply(device.answer_to(*push));
  auto answer = co_await caller.next<hbb::PunchHoleResponse>(lab.within(5s));
  lab.require("the controller gets the answer of the device", answer, Succeeds());
  lab.verdict("SEC-KEY-02", answer->pk(), SignedIdentity(key, device.id(), pk));

  auto stranger = lab.controller();
  auto other = stranger.request_for(device.id());
  other.set_licence_key(wire::to_text(wire::make_key_pair(lab.random()).public_key));
  auto refused = co_await stranger.ask(other, lab.within(5s));
  lab.verdict("SEC-KEY-02", refused, FailsWith(hbb::PunchHoleResponse::LICENSE_MISMATCH));
}

// A key that was there before the first start is used, and is still in use after a restart.
CASE(existing_key, "keys/existing-key-file", checks("SEC-KEY-02"), does(Effect::restarts)) {
  const TemporaryFolder folder(lab);
  const auto pair = wire::make_server_key_pair(lab.random());
  write_file(folder.path() / "id_ed25519", wire::to_text(pair));
  ServerSetup setup;
  setup.key_folder = folder.path();
  co_await lab.own_server(setup);
  co_await judge_key(lab, pair.public_key);
  co_await lab.restart_server();
  co_await judge_key(lab, pair.public_key);
  lab.verdict("SEC-KEY-02", read_file(folder.path() / "id_ed25519"), Bytes(wire::to_text(pair)));
}

// A key that the server made at its first start outlives a restart, too.
CASE(made_key, "keys/made-key-file", checks("SEC-KEY-02"), after("keys/existing-key-file"),
     does(Effect::restarts)) {
  const TemporaryFolder folder(lab);
  ServerSetup setup;
  setup.key_folder = folder.path();
  co_await lab.own_server(setup);
  const auto pair = wire::parse_secret_key(read_file(folder.path() / "id_ed25519"));
  lab.require("the server has written its key", pair.has_value(), testing::IsTrue());
  co_await lab.restart_server();
  co_await judge_key(lab, pair->public_key);
}

// The key that clients have is the server's after a restart, too, wherever it keeps it.
CASE(same_key, "keys/restart", checks("SEC-KEY-02"), after("framing/plain"), restarts_target()) {
  co_await lab.server_to_restart();
  const auto key = lab.target().key;
  if (!key || lab.target().licence_key != wire::to_text(*key))
    lab.not_applicable("clients of the target have no key of its own");
  co_await judge_key(lab, *key);
  co_await lab.restart_server(Part::rendezvous);
  co_await judge_key(lab, *key);
}

// Key files that hold no key: words, half a key, nothing. A start with a new key would lock out
// every client, so there must be none, and what is in the file must stay.
CASE(malformed, "keys/malformed-key-file", checks("SEC-KEY-03"), after("keys/existing-key-file"),
     does(Effect::restarts)) {
  const std::string half = wire::to_base64(lab.random().bytes(32));
  for (const std::string& content : {std::string("not a key at all"), half, std::string()}) {
    const TemporaryFolder folder(lab);
    write_file(folder.path() / "id_ed25519", content);
    ServerSetup setup;
    setup.key_folder = folder.path();
    std::string reason;
    try {
      co_await lab.own_server(setup);
    } catch (const std::exception& error) {
      reason = error.what();
    }
    lab.verdict("SEC-KEY-03", reason, IsReasonNotToStart());
    lab.verdict("SEC-KEY-03", read_file(folder.path() / "id_ed25519"), Bytes(content));
  }
}

}  // namespace
}  // namespace deskcheck::conformance
