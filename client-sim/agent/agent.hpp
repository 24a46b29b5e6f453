// The device's agent towards the HTTP API: it sends heartbeats, uploads sysinfo, does what the
// answers say, and reports sessions, by its own will and with the client's timers. The sessions
// themselves are not here: whoever has some says so.
// Source: http-api.md chapters 5 and 6; client:src/hbbs_http/sync.rs:94-304
#pragma once

#include "client-sim/agent/audits.hpp"
#include "client-sim/agent/heartbeat_answer.hpp"
#include "client-sim/device/changes.hpp"

#include <memory>
#include <set>

namespace deskcheck::sim {

struct AgentOptions {
  ApiAccess access;
  std::string host_name = "desk";
  std::string desktop_user = "somebody";  // empty: nobody is logged on
  std::string os = "linux / Linux 12 Debian";
  std::string cpu = "Some CPU, 2.93GHz, 8/8 cores";
  std::string memory = "15.89GB";
  DeviceOptionValues presets;  // members of its sysinfo: "preset-user-name", ...
  // Those that the option `api-server` of a strategy may name. Those at literal addresses are found
  // without.
  std::vector<ApiServer> other_apis;

  AgentOptions() = default;
};

// One who controls the device, for the audit.
struct ControllerFacts {
  std::string id = "987654321";
  std::string name = "somebody";
  std::string ip = "203.0.113.9";
  std::uint64_t session_id = 1;
  int type = 0;           // 0 desktop, 1 files, 2 port, 3 camera, 4 terminal
  int primary_auth = 3;   // 0: not known; 1 by hand, 2 one-time, 3 permanent password, 4 sides
  int two_factor = 0;     // 0: none; 1 TOTP, 2 trusted device
  std::string reference;  // that the rendezvous server gave it; may be empty

  ControllerFacts() = default;
};

class Agent {
 public:
  struct Counters {
    int heartbeats = 0;        // sent
    int answers = 0;           // heard to heartbeats, but for these:
    int limited = 0;           // 429: the server wants fewer of them
    int sysinfos = 0;          // uploads tried
    int sysinfo_versions = 0;  // asked for
    int strategies = 0;        // applied
    int disconnects = 0;       // connections that it closed because the server said so
  };

  Agent(net::World world, AgentOptions options, Recorder recorder);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();  // stop() must have ended

  // The first tick comes 3 s later. After stop() it is a restart of the process: options, the time
  // stamp of its strategy and what it knows of its sysinfo have stayed.
  void start();
  Task<void> stop();

  // A session begins and is authorised at once; its number. It ends by end_session(), or when the
  // server says so.
  std::int32_t begin_session(ControllerFacts controller);
  void end_session(std::int32_t conn_id);
  void change_desktop_user(std::string name) { options_.desktop_user = std::move(name); }
  // Uploads and heartbeats go on under it.
  void change_id(std::string id) { stacks_.change_id(std::move(id)); }

  const Counters& counters() const { return counters_; }
  const Audits& audits() const { return audits_; }
  Audits& audits() { return audits_; }
  const std::set<std::int32_t>& connections() const { return connections_; }
  const DeviceOptionValues& options() const { return remembered_.options; }
  std::int64_t modified_at() const { return remembered_.modified_at; }
  // It takes the server for one with an API, which switches some features on.
  bool is_pro() const { return pro_; }
  bool sysinfo_uploaded() const { return uploaded_; }
  HttpStacks& stacks() { return stacks_; }
  // Something above has changed.
  Task<net::Result<void>> changed(net::Deadline deadline);

 private:
  // What outlives the process.
  struct Remembered {
    std::string sysinfo;  // what was uploaded last, and to where
    std::string sysinfo_version;
    std::int64_t modified_at = 0;
    DeviceOptionValues options;
  };

  Task<void> run();
  Task<void> tick();
  bool follow_api_server();
  bool is_silent();
  bool needs_sysinfo() const;
  // False: what is left of the tick is skipped.
  Task<bool> sysinfo_step();
  Task<bool> same_version(std::string* version);
  Task<void> heartbeat_step();
  void react(const HeartbeatReaction& reaction);
  void close(std::int32_t conn_id);
  std::string sysinfo_body() const;
  std::string heartbeat_body() const;
  const ClientRelease& release() const { return stacks_.release(); }
  net::Time now() const { return clock_.now(); }

  net::Clock& clock_;
  HttpStacks stacks_;
  AgentOptions options_;
  Remembered remembered_;
  Counters counters_;
  bool pro_ = false;
  bool uploaded_ = false;
  std::string uploaded_to_, uploaded_as_, uploaded_user_;
  std::optional<net::Time> upload_failed_, last_sent_;
  std::string asked_version_;  // of this process: that was last told
  std::int32_t next_connection_ = 1;
  std::map<std::int32_t, std::uint64_t> sessions_;
  std::set<std::int32_t> connections_;
  Changes changes_;
  Audits audits_;
  net::TaskGroup tasks_;
};

}  // namespace deskcheck::sim
