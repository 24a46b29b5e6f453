// What a custom client says of its device from the beginning: whose it is, and where it belongs.
// Sent with every upload, meant for the first one. client:src/hbbs_http/sync.rs:135-178
#include "conformance/cases/group/lists.hpp"
#include "conformance/cases/strategy/agent.hpp"
#include "conformance/lab/address_book.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::string_view kUpdated = "SYSINFO_UPDATED";

ServerSetup with_branch_and_book(Lab& lab) {
  ServerSetup setup;
  for (const char* role : {"user", "other", "admin"}) {
    setup.accounts.push_back(account_for(lab, role));
    setup.accounts.back().administrator = role == std::string_view("admin");
  }
  SetupDeviceGroup group;
  group.name = "Branch A";
  group.members = {"user"};
  SetupBook book;
  book.name = "Support team";
  book.owner = "user";
  setup.device_groups = {group};
  setup.books = {book};
  return setup;
}

json::object with_presets(json::object body, std::string user) {
  body["preset-user-name"] = std::move(user);
  body["preset-device-group-name"] = "Branch A";
  body["preset-note"] = "from the image";
  body["preset-address-book-name"] = "Support team";
  body["preset-address-book-tag"] = "kiosk";
  body["preset-address-book-alias"] = "Kiosk 4";
  body["preset-address-book-password"] = "password-of-the-kiosk";
  body["preset-address-book-note"] = "ground floor";
  return body;
}

// Uploads until the server knows the id from its rendezvous port, as agents do.
Task<void> upload(Lab& lab, ApiClient& agent, json::object body) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const auto answer = co_await agent.post("/api/sysinfo", body);
    if (answer && answer->body == "ID_NOT_FOUND") {
      co_await lab.wait(3s);
      continue;
    }
    lab.verdict("HTTP-SYS-07", answer, AnswersText(kUpdated));
    co_return;
  }
}

// The book of this name, as its owner has it; blocked if he has none.
Task<LabBook> own_book(Lab& lab, ApiClient& client, std::string name) {
  const std::string token = co_await client.sign_in("user");
  const ItemReader reader = why_unreadable_profile;
  const auto list = co_await read_list(client, shared_profiles(), token, reader);
  const auto* profile = list.find("name", name);
  lab.require("the book is shown to its owner", profile != nullptr, testing::IsTrue());
  co_return LabBook(lab, client, token, std::string(profile->at("guid").as_string()));
}

MATCHER(HasPeersOnce, "each peer once") {
  return arg.failure.empty() && arg.peers.repeated.empty();
}

}  // namespace

CASE(presets, "api/sysinfo/presets", checks("HTTP-SYS-07"), after("api/sysinfo/updated"),
     takes(96s), does(Effect::restarts)) {
  // Where presets show.
  for (const char* way :
       {"api.group.peers", "api.ab.shared.profiles", "api.ab.peers", "api.ab.peer.update"})
    if (lab.target().without.contains(way))
      lab.not_applicable("the target does not claim " + std::string(way));
  co_await lab.own_server(with_branch_and_book(lab));
  ApiClient person(lab);
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    ApiClient agent(lab, device, way);
    const auto body = with_presets(agent.sysinfo_body(), account_of(lab, "other").user);
    co_await upload(lab, agent, body);
    const auto list = co_await list_for(person, group_peers(), "user");
    lab.verdict("HTTP-SYS-07", list, HoldsItem("id", device.id()));
    const auto theirs = co_await list_for(person, group_peers(), "other");
    lab.verdict("HTTP-SYS-07", theirs, HoldsItem("id", device.id()));
    auto book = co_await own_book(lab, person, "Support team");
    json::object peer;
    peer["alias"] = "Kiosk 4";
    peer["tags"] = json::array{"kiosk"};
    const auto view = co_await book.pull();
    lab.verdict("HTTP-SYS-07", view, ShowsPeer(device.id(), peer));
    // The owner of the book changes his mind, and the next start of the agent changes it not back.
    json::object change;
    change["id"] = device.id();
    change["alias"] = "Till 1";
    const auto changed = co_await book.update(change);
    lab.require("a change of the peer", changed, AnswersAction());
    co_await upload(lab, agent, body);
    const auto later = co_await book.pull();
    lab.verdict("HTTP-SYS-07", later, HasPeersOnce());
    peer["alias"] = "Till 1";
    lab.verdict("HTTP-SYS-07", later, ShowsPeer(device.id(), peer));
  }
}

// What only the operator sees of it, and what the heartbeat brings.
CASE(presets_operator, "api/sysinfo/presets-of-the-operator", checks("HTTP-SYS-07"),
     after("api/sysinfo/updated"), takes(96s), does(Effect::restarts)) {
  co_await lab.own_server(with_branch_and_book(lab));
  LabAdmin admin(lab, {"read-device", "owner-of-device", "put-strategy"});
  const StrategyOptions options{{"enable-audio", "N"}};
  co_await admin.put_strategy("Kiosk", options);
  const std::string owner = account_of(lab, "other").user, later = account_of(lab, "user").user;
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    agent.use(way);
    auto body = with_presets(agent.client().sysinfo_body(), owner);
    body["preset-strategy-name"] = "Kiosk";
    co_await upload(lab, agent.client(), body);
    const auto shown = co_await admin.device(device.id());
    lab.verdict("HTTP-SYS-07", member_of(shown, "user"), IsTheText(owner));
    lab.verdict("HTTP-SYS-07", member_of(shown, "device_group"), IsTheText("Branch A"));
    lab.verdict("HTTP-SYS-07", member_of(shown, "note"), IsTheText("from the image"));
    const auto pushed = co_await agent.beat();
    lab.verdict("HTTP-SYS-07", pushed, Pushes("enable-audio", "N"));
    // It is somebody else's now, and stays so when the agent starts again.
    co_await admin.set_owner(device.id(), later);
    co_await upload(lab, agent.client(), body);
    const auto moved = co_await admin.device(device.id());
    lab.verdict("HTTP-SYS-07", member_of(moved, "user"), IsTheText(later));
    const auto quiet = co_await agent.beat();
    lab.verdict("HTTP-SYS-07", quiet, PushesNoStrategy());
  }
}

// Images outlive names: the device is taken as if it had not said them.
CASE(presets_unknown, "api/sysinfo/unknown-presets", checks("HTTP-SYS-07"),
     after("api/sysinfo/updated", "HTTP-SYS-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto known = co_await agent.sysinfo_until_known();
  known.ignore();
  for (const Way way : ways(lab)) {
    agent.use(way);
    auto body = with_presets(agent.sysinfo_body(), "nobody-" + lab.fresh_id());
    body["preset-device-group-name"] = "nowhere-" + lab.fresh_id();
    body["preset-address-book-name"] = "none-" + lab.fresh_id();
    body["preset-strategy-name"] = "none-" + lab.fresh_id();
    const auto answer = co_await agent.post("/api/sysinfo", body);
    lab.verdict("HTTP-SYS-07", answer, AnswersText(kUpdated));
  }
}

}  // namespace deskcheck::conformance
