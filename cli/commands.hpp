// The commands of the executable: what each is asked for, and the function that does it. Parsing is
// arguments.cpp, everything else is in the libraries.
#pragma once

#include "conformance/registry/requirement.hpp"
#include "conformance/registry/usage_error.hpp"
#include "conformance/runner/plan.hpp"
#include "proto/net/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace deskcheck::cli {

using conformance::UsageError;

// The server that a command is pointed at: a running one, or (without file and host) the reference
// server in this process. Flags win over the file.
struct TargetFlags {
  std::string target_file;
  std::string spawn;  // a command that starts it; empty: it runs already
  std::string host;
  std::optional<std::uint16_t> port_base;
  std::string key;
  std::optional<std::string> relay_key;
  std::string api, api_ca;  // a URL, a file
  std::string name;
  std::vector<std::string> with;
  std::vector<std::string> without;
  std::string source_addresses;
  // For the reference server only.
  bool virtual_time = false;
  std::vector<std::string> faults;
};

struct RunCommand : TargetFlags {
  bool https = false;  // for the reference server only
  // What to run.
  std::string cases_folder;  // scenarios that join the suite
  std::vector<std::string> filters;
  std::vector<std::string> profiles;
  std::vector<std::string> effects;  // names; empty: what fits the target
  conformance::Level level = conformance::Level::may;
  std::optional<std::size_t> client;  // a position in client_releases()
  std::optional<std::uint64_t> seed;
  int jobs = 256;
  int repeat = 1;
  bool until_failure = false;
  conformance::Shard shard;
  std::optional<net::Duration> budget;
  bool metamorph = false;
  bool list = false;
  bool dry_run = false;
  // What is known to fail.
  std::string baseline_file;
  bool update_baseline = false;
  bool ratchet = false;
  std::string reason;  // for new entries
  // Of --spawn.
  std::string spawn_log = "deskcheck-target.log";
  int spawn_seconds = 60;
  // What to write.
  std::string json_file, html_file, junit_file, markdown_file, badge_file;
  bool github = false;  // annotations, and the summary of the step
  bool target_schema = false, baseline_schema = false;
  bool no_colour = false;
};

struct ListCommand {
  std::vector<std::string> globs;
  bool cases = false;
  bool faults = false;
  bool profiles = false;
  bool coverage = false;
  std::string report;  // of a run, for the coverage
};

struct ExplainCommand {
  std::string id;
};

// serve_operator.hpp says what they do.
struct OperatorFlags {
  std::string profile = "full";
  std::string console;  // empty: that of the profile
  std::string mask, local_ip;
  std::int32_t serial = 0;
  std::vector<std::string> rendezvous_servers;
  std::string software_url;
  // Mb/s
  double session = 128, total = 1024, slow = 32;
  double downgrade_at = 0.66;
  int downgrade_after = 1800;  // seconds
  std::optional<std::uint64_t> control_permissions;
  std::string audit_reference;
};

struct ServeCommand : OperatorFlags {
  std::string bind = "127.0.0.1";
  std::uint16_t port_base = 21116;
  std::string data;
  std::string key = "-";
  std::string relay_key;
  bool relay_key_given = false;
  std::vector<std::string> relay_servers;
  bool always_use_relay = false;
  bool no_secure_channel = false;
  bool no_api = false;
  std::string tls_certificate, tls_key;  // files; both or none
  std::uint16_t https_port = 0;
  std::string public_url;  // of the HTTP API, as browsers of users reach it
  std::string smtp_url, smtp_from, smtp_user, smtp_ca;
  std::string smtp_password_env = "DESKCHECK_SMTP_PASSWORD";
  bool smtp_plain = false;
  std::vector<std::string> without;
  std::vector<std::string> trusted_proxies;
  std::string tokens_file;
  std::string script_tokens_file;
  std::string fixtures_file;
  bool legacy_address_books = false;
  int peers_per_book = 0;
  int token_days = 90;
  bool require_login = false;
  int feedback = 0;
  bool deploy_mode = false;
  std::vector<std::string> deployed;
  std::string recordings;
  bool no_recordings = false;
  std::string downloads;
  bool sign_plugins = false;
  std::vector<std::string> faults;
  bool verbose = false;
};

struct ReportCommand {
  std::string json_file, html_file;
};

struct CompareCommand {
  std::vector<std::string> json_files;
  std::string html_file;
};

struct SelftestCommand {
  std::vector<std::string> faults;
  std::vector<std::string> filters;
  std::uint64_t seed = 1;
  int jobs = 1;
  bool quick = false;
};

struct SimCommand : TargetFlags {
  std::string file;
  bool check = false;
  bool schema = false;
  bool show = false;  // the conversation of what passed, too
  int instances = 1;
  std::optional<std::uint64_t> seed;
};

enum class DoctorFormat { text, json, nagios, prometheus };

struct DoctorCommand : TargetFlags {
  std::string where;  // a host, or the path of a target file
  std::string proxy;  // a URL
  std::string user;
  std::string password_env = "DESKCHECK_PASSWORD";
  DoctorFormat format = DoctorFormat::text;
  std::optional<int> watch;  // seconds between two examinations
};

enum class ProbeFormat { text, json };

struct ProbeCommand : TargetFlags {
  std::string user, admin;
  std::string password_env = "DESKCHECK_PASSWORD";
  std::string admin_password_env = "DESKCHECK_ADMIN_PASSWORD";
  ProbeFormat format = ProbeFormat::text;
  std::string download;     // the path of a file below the API; empty: not known
  std::string output_file;  // the TARGET.yaml; empty: none is written
  bool force = false;       // in place of one that is there
};

struct AdminAction;  // admin_actions.hpp

struct AdminCommand {
  std::string api = "http://127.0.0.1:21114";
  std::string ca_file;
  std::string user;
  std::string password_env = "DESKCHECK_ADMIN_PASSWORD";
  bool json = false;
  std::string output_file;
  const AdminAction* action = nullptr;
  // What was given, by the name of the member; a member that was not given is not there.
  std::map<std::string, std::vector<std::string>> values;
};

// Nothing more to do: help or version was printed.
struct Done {
  int exit_code;
};

using Command = std::variant<Done, RunCommand, ListCommand, ExplainCommand, ServeCommand,
                             SelftestCommand, ReportCommand, CompareCommand, SimCommand,
                             AdminCommand, DoctorCommand, ProbeCommand>;

// Throws UsageError.
Command parse_arguments(int argc, const char* const* argv);

// Each returns the exit code and throws UsageError.
int execute(const RunCommand& command);
int execute(const ListCommand& command);
int show_coverage(const ListCommand& command);
int execute(const ExplainCommand& command);
int execute(const ServeCommand& command);
int execute(const SelftestCommand& command);
int execute(const ReportCommand& command);
int execute(const CompareCommand& command);
int execute(const SimCommand& command);
int execute(const AdminCommand& command);
int execute(const DoctorCommand& command);
int execute(const ProbeCommand& command);
inline int execute(const Done& done) { return done.exit_code; }

}  // namespace deskcheck::cli
