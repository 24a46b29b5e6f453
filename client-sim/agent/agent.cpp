#include "client-sim/agent/agent.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace deskcheck::sim {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kTick = 3s;
constexpr net::Duration kHeartbeat = 15s;
constexpr net::Duration kUploadPause = 120s;

// As a client takes the option: common.rs:1049-1064
std::string normalised(std::string url) {
  if (url.ends_with('/')) url.pop_back();
  constexpr std::string_view kPort = ":21114";
  if (url.starts_with("https") && url.ends_with(kPort)) url.resize(url.size() - kPort.size());
  return url;
}

}  // namespace

Agent::Agent(net::World world, AgentOptions options, Recorder recorder)
    : clock_(world.clock),
      stacks_(world, options.access, std::move(recorder)),
      options_(std::move(options)),
      audits_(&stacks_, [this] { changes_.announce(); }),
      tasks_(world.executor) {}

Agent::~Agent() = default;

void Agent::start() {
  pro_ = uploaded_ = false;
  upload_failed_.reset();
  last_sent_.reset();
  asked_version_.clear();
  next_connection_ = 1;
  tasks_.spawn("agent " + stacks_.id(), run());
}

Task<void> Agent::stop() {
  tasks_.cancel();
  co_await tasks_.join();
  co_await audits_.stop();
  connections_.clear();
  sessions_.clear();
  if (tasks_.failure()) std::rethrow_exception(tasks_.failure());
}

Task<net::Result<void>> Agent::changed(net::Deadline deadline) {
  auto change = co_await changes_.next(deadline);
  co_return change;
}

// Ticks that come while one is under way are left out.
Task<void> Agent::run() {
  for (net::Time next = now() + kTick;;) {
    co_await net::sleep_until(clock_, next);
    co_await tick();
    changes_.announce();
    while (next <= now()) next += kTick;
  }
}

// Looked up anew for each tick: a strategy may have changed it. Without the option it is what the
// rendezvous server implies, which is where the agent began. False: it leads nowhere.
bool Agent::follow_api_server() {
  const auto& home = options_.access.api;
  const auto named = remembered_.options.find("api-server");
  const std::string url = named == remembered_.options.end() ? home.url : normalised(named->second);
  if (url == stacks_.access().api.url) return true;
  auto server = url == home.url ? std::optional(home) : ApiServer::at(url);
  for (const auto& one : options_.other_apis)
    if (one.url == url) server = one;
  if (server) {
    stacks_.move_to(std::move(*server));
    return true;
  }
  stacks_.recorder().note("cannot find the API server " + url);
  pro_ = false;
  return false;
}

bool Agent::is_silent() {
  if (release().is_public(stacks_.access().api.url)) {
    pro_ = false;
    return true;
  }
  const auto stopped = remembered_.options.find("stop-service");
  return stopped != remembered_.options.end() && stopped->second == "Y";
}

Task<void> Agent::tick() {
  if (!follow_api_server() || is_silent()) co_return;
  const bool elsewhere = uploaded_to_ != stacks_.access().api.url;
  if (uploaded_ && (elsewhere || uploaded_as_ != stacks_.id())) uploaded_ = pro_ = false;
  if (needs_sysinfo()) {
    const bool go_on = co_await sysinfo_step();
    if (!go_on) co_return;
  }
  if (connections_.empty() && last_sent_ && now() - *last_sent_ < kHeartbeat) co_return;
  last_sent_ = now();
  co_await heartbeat_step();
}

bool Agent::needs_sysinfo() const {
  const bool other_user =
      release().watches_desktop_user() && uploaded_user_ != options_.desktop_user;
  if (uploaded_ && !other_user) return false;
  return !upload_failed_ || now() - *upload_failed_ >= kUploadPause;
}

std::string Agent::sysinfo_body() const {
  json::object body{{"version", release().version()}, {"id", stacks_.id()},
                    {"uuid", stacks_.uuid()},         {"cpu", options_.cpu},
                    {"memory", options_.memory},      {"os", options_.os},
                    {"hostname", options_.host_name}};
  if (!options_.desktop_user.empty()) body["username"] = options_.desktop_user;
  for (const auto& [name, value] : options_.presets) body[name] = value;
  return json::serialize(body);
}

Task<bool> Agent::same_version(std::string* version) {
  ++counters_.sysinfo_versions;
  const auto answer = co_await stacks_.post("/api/sysinfo_ver", "");
  if (!answer) co_return release().takes_silence_for_same_sysinfo();
  if (release().sysinfo_version_proves_api()) pro_ = true;
  *version = answer->body;
  co_return *version == remembered_.sysinfo_version;
}

Task<bool> Agent::sysinfo_step() {
  const std::string user = options_.desktop_user;
  const std::string id = stacks_.id();
  const std::string url = stacks_.access().api.url;
  const std::string body = sysinfo_body();
  const std::string print = url + body;
  if (release().asks_sysinfo_version() && remembered_.sysinfo == print) {
    const bool same = co_await same_version(&asked_version_);
    if (same) {
      uploaded_ = true;
      uploaded_to_ = url;
      uploaded_as_ = id;
      uploaded_user_ = user;
      upload_failed_.reset();
      co_return false;
    }
  }
  ++counters_.sysinfos;
  const auto answer = co_await stacks_.post("/api/sysinfo", body);
  if (answer && answer->body == "SYSINFO_UPDATED") {
    uploaded_ = pro_ = true;
    uploaded_to_ = url;
    uploaded_as_ = id;
    uploaded_user_ = user;
    upload_failed_.reset();
    remembered_.sysinfo = print;
    remembered_.sysinfo_version = asked_version_;
  } else if (answer && answer->body == "ID_NOT_FOUND") {
    upload_failed_.reset();
  } else {
    upload_failed_ = now();
  }
  co_return true;
}

std::string Agent::heartbeat_body() const {
  json::object body{{"id", stacks_.id()},
                    {"uuid", stacks_.uuid()},
                    {"ver", release().version_number()},
                    {"modified_at", remembered_.modified_at}};
  if (!connections_.empty()) {
    json::array list;
    for (const auto id : connections_) list.emplace_back(id);
    body["conns"] = std::move(list);
  }
  return json::serialize(body);
}

Task<void> Agent::heartbeat_step() {
  ++counters_.heartbeats;
  const auto answer = co_await stacks_.post("/api/heartbeat", heartbeat_body());
  if (!answer) co_return;
  // The real one does not look at the status, and comes again when it would have anyway.
  ++(answer->status == 429 ? counters_.limited : counters_.answers);
  react(react_to_heartbeat(utf8_with_replacement(answer->body)));
}

void Agent::react(const HeartbeatReaction& reaction) {
  if (reaction.wants_sysinfo) {
    uploaded_ = false;
    remembered_.sysinfo.clear();
  }
  for (const auto id : reaction.disconnect) {
    if (!connections_.contains(id)) continue;
    ++counters_.disconnects;
    stacks_.recorder().note("connection " + std::to_string(id) +
                            " ends: Closed manually by web console");
    close(id);
  }
  if (reaction.modified_at) remembered_.modified_at = *reaction.modified_at;
  if (reaction.strategy) {
    ++counters_.strategies;
    apply_strategy(*reaction.strategy, remembered_.options);
  }
}

// --- sessions ------------------------------------------------------------------------------------

std::int32_t Agent::begin_session(ControllerFacts controller) {
  const std::int32_t id = next_connection_++;
  connections_.insert(id);
  sessions_[id] = controller.session_id;
  json::object opened{{"action", "new"}, {"ip", controller.ip}, {"session_id", 0}};
  json::object authorised{{"peer", json::array{controller.id, controller.name}},
                          {"type", controller.type},
                          {"session_id", controller.session_id}};
  if (release().audits_name_connection()) {
    if (!controller.reference.empty()) opened["conn_audit_ref"] = controller.reference;
    if (controller.primary_auth != 0) authorised["primary_auth"] = controller.primary_auth;
    if (controller.two_factor != 0) authorised["two_factor"] = controller.two_factor;
  }
  if (!release().is_public(stacks_.access().api.url)) {
    audits_.connection(id, std::move(opened));
    audits_.connection(id, std::move(authorised));
  }
  changes_.announce();
  return id;
}

void Agent::end_session(std::int32_t conn_id) {
  if (connections_.contains(conn_id)) close(conn_id);
  changes_.announce();
}

void Agent::close(std::int32_t conn_id) {
  connections_.erase(conn_id);
  const std::uint64_t session = sessions_[conn_id];
  sessions_.erase(conn_id);
  if (!release().is_public(stacks_.access().api.url))
    audits_.connection(conn_id, {{"action", "close"}, {"session_id", session}});
}

}  // namespace deskcheck::sim
