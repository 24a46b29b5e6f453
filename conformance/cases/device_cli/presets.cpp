// What a custom client says of its device from the beginning: whose it is, and where it belongs.
// Sent with every upload, meant for the first one. client:src/hbbs_http/sync.rs:135-178
#include "conformance/cases/group/lists.hpp"
#include "conformance/cases/strategy/agent.hpp"
#include "conformance/lab/address_book.hpp"
#include "conformance/lab/people.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::string_view kUpdated = "SYSINFO_UPDATED";

// Where a device belongs: names of what the target has. Empty: nothing is said of that.
struct Belongings {
  std::string owner, group, book, strategy;

  Belongings() = default;
};

json::object with_presets(json::object body, const Belongings& home) {
  const auto say = [&](const char* member, std::string_view value) {
    if (!value.empty()) body[member] = value;
  };
  say("preset-user-name", home.owner);
  say("preset-device-group-name", home.group);
  say("preset-strategy-name", home.strategy);
  body["preset-note"] = "from the image";
  if (home.book.empty()) return body;
  say("preset-address-book-name", home.book);
  say("preset-address-book-tag", "kiosk");
  say("preset-address-book-alias", "Kiosk 4");
  say("preset-address-book-password", "password-of-the-kiosk");
  say("preset-address-book-note", "ground floor");
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

// The book of this name, as `user` has it; blocked if he has none.
Task<LabBook> shared_book(Lab& lab, ApiClient& client, std::string name) {
  const std::string token = co_await client.sign_in("user");
  const ItemReader reader = why_unreadable_profile;
  const auto list = co_await read_list(client, shared_profiles(), token, reader);
  const auto* profile = list.find("name", name);
  lab.require("the book is shown to whom it is shared with", profile != nullptr, testing::IsTrue());
  co_return LabBook(lab, client, token, std::string(profile->at("guid").as_string()));
}

MATCHER(HasPeersOnce, "each peer once") {
  return arg.failure.empty() && arg.peers.repeated.empty();
}

}  // namespace

CASE(presets, "api/sysinfo/presets", checks("HTTP-SYS-07"), after("api/sysinfo/updated"),
     takes(96s)) {
  // Where presets show.
  lab.needs({"api.group.peers", "api.ab.shared.profiles", "api.ab.peers", "api.ab.peer.update"});
  LabPeople people(lab, {"put-device-group", "share-book"});
  Belongings home;
  for (const std::string role : {"user", "other"}) {
    const Account account = co_await people.somebody(role);
    lab.lend(role, account);
  }
  home.owner = account_of(lab, "other").user;
  home.group = lab.named("group");
  home.book = lab.named("book");
  const std::string user = account_of(lab, "user").user;
  const std::vector<std::string> no_devices;
  co_await people.device_group(home.group, no_devices);
  co_await people.share(home.book, user, 3);
  ApiClient person(lab);
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    ApiClient agent(lab, device, way);
    const auto body = with_presets(agent.sysinfo_body(), home);
    co_await upload(lab, agent, body);
    const auto theirs = co_await list_for(person, group_peers(), "other");
    lab.verdict("HTTP-SYS-07", theirs, HoldsItem("id", device.id()));
    auto book = co_await shared_book(lab, person, home.book);
    json::object peer;
    peer["alias"] = "Kiosk 4";
    peer["tags"] = json::array{"kiosk"};
    const auto view = co_await book.pull();
    lab.verdict("HTTP-SYS-07", view, ShowsPeer(device.id(), peer));
    // Who may write in the book changes his mind, and the next start of the agent changes it not
    // back.
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
     after("api/sysinfo/updated"), takes(96s)) {
  lab.needs({"api.device.heartbeat"});
  LabPeople people(lab, {"read-device", "owner-of-device", "put-device-group", "put-strategy",
                         "remove-strategy"});
  LabAdmin& admin = people.admin();
  Belongings home;
  home.strategy = fresh_strategy(lab);
  co_await admin.put_strategy(home.strategy, says("preset"));
  remove_at_end(lab, admin, home.strategy);
  const std::string first = "owner", second = "later";
  const Account owner = co_await people.somebody(first), later = co_await people.somebody(second);
  home.owner = owner.user;
  home.group = lab.named("group");
  const std::vector<std::string> no_devices;
  co_await people.device_group(home.group, no_devices);
  json::object shown;
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    StrategyAgent agent(lab, device);
    agent.use(way);
    const auto body = with_presets(agent.client().sysinfo_body(), home);
    co_await upload(lab, agent.client(), body);
    shown = co_await admin.device(device.id());
    for (const auto& [member, value] : {std::pair("user", home.owner),
                                        {"device_group", home.group},
                                        {"note", std::string("from the image")}})
      if (shown.contains(member))
        lab.verdict("HTTP-SYS-07", member_of(shown, member), IsTheText(value));
    const auto pushed = co_await agent.beat();
    lab.verdict("HTTP-SYS-07", pushed, Pushes(kWhose, "preset"));
    // It is somebody else's now, and stays so when the agent starts again.
    co_await admin.set_owner(device.id(), later.user);
    co_await upload(lab, agent.client(), body);
    const std::int64_t known = agent.modified_at();
    const auto moved = co_await admin.device(device.id());
    if (shown.contains("user"))
      lab.verdict("HTTP-SYS-07", member_of(moved, "user"), IsTheText(later.user));
    const auto quiet = co_await agent.beat();
    lab.verdict("HTTP-SYS-07", quiet, PushesOnlyAtAnotherTime(known));
  }
  for (const char* member : {"user", "device_group", "note"})
    admin.need_shown("read-device", shown, member);
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
    Belongings unknown;
    for (std::string* name : {&unknown.owner, &unknown.group, &unknown.book, &unknown.strategy})
      *name = "nobody-" + lab.fresh_id();
    const auto body = with_presets(agent.sysinfo_body(), unknown);
    const auto answer = co_await agent.post("/api/sysinfo", body);
    lab.verdict("HTTP-SYS-07", answer, AnswersText(kUpdated));
  }
}

}  // namespace deskcheck::conformance
