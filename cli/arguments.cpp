// The only source that knows how options are spelled.
#include "cli/admin_actions.hpp"
#include "cli/commands.hpp"
#include "cli/serve_mail.hpp"
#include "cli/serve_operator.hpp"
#include "cli/serve_tls.hpp"
#include "conformance/registry/client_releases.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>

namespace deskcheck::cli {

namespace {

constexpr const char* kGeneral = R"(
Conformance suite, client simulator and reference server for RustDesk clients.

  deskcheck run                                  the suite against the built-in reference server
  deskcheck run --host HOST --key "KEY TEXT"     the suite against your server
  deskcheck doctor HOST --key "KEY TEXT"         what is broken at your server, and where
  deskcheck probe HOST -o target.yaml            what your server can do, as a file for run
  deskcheck explain RDV-REGPK-05                 what a requirement means, and whom it hurts
)";

constexpr const char* kExitCodes = R"(
Exit codes: 0 as expected, 1 unexpected failures, 2 usage or configuration, 3 target unreachable,
4 error of the suite itself, 5 stale baseline.)";

conformance::Shard parse_shard(const std::string& text) {
  conformance::Shard shard;
  int end = 0;
  if (std::sscanf(text.c_str(), "%5zu/%5zu%n", &shard.index, &shard.count, &end) != 2 ||
      static_cast<std::size_t>(end) != text.size() || shard.index < 1 || shard.index > shard.count)
    throw UsageError("--shard '" + text + "' is no shard; write the second of four as 2/4");
  return shard;
}

net::Duration parse_time(const std::string& text) {
  int amount = 0, end = 0;
  char unit = 0;
  if (std::sscanf(text.c_str(), "%6d%c%n", &amount, &unit, &end) != 2 ||
      static_cast<std::size_t>(end) != text.size() || amount < 1 || (unit != 's' && unit != 'm'))
    throw UsageError("--budget '" + text + "' is no time; write it as 30s or 2m");
  return std::chrono::seconds(amount) * (unit == 'm' ? 60 : 1);
}

void add_target(CLI::App& app, TargetFlags& c) {
  app.add_option("target", c.target_file,
                 "TARGET.yaml: the server to test, as its owners describe it; flags win over it");
  app.add_option("--host", c.host,
                 "The server to test; without it the reference server in this process");
  app.add_option("--port-base", c.port_base,
                 "Its rendezvous port P, else 21116; P-1 to P+3 follow from it")
      ->check(CLI::Range(3, 65532));
  app.add_option("--key", c.key, "Its public key, the text of its id_ed25519.pub");
  app.add_option("--relay-key", c.relay_key,
                 "What its relay asks clients for, '' for nothing; default: not known, not judged");
  app.add_option("--api", c.api, "The URL of its HTTP API: http://HOST:21114, https://HOST");
  app.add_option("--api-ca", c.api_ca,
                 "Certificates (PEM) that are trusted for it besides the system's own");
  app.add_option("--name", c.name, "What reports call it");
  app.add_option(
         "--with", c.with,
         "Capabilities beyond the open-source server's that it claims, joined by commas, e.g. "
         "rendezvous.secure-tcp")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option(
         "--without", c.without,
         "Capabilities that it does not claim, joined by commas (see `deskcheck list`); the "
         "reference server in this process does not have them either")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option(
      "--source-addresses", c.source_addresses,
      "An IPv4 network of this machine, 10.78.0.0/16, from which parties take addresses");
  app.add_flag("--virtual-time", c.virtual_time,
               "Simulated network and clock: hours take milliseconds");
  app.add_option("--fault", c.faults,
                 "Makes the reference server wrong: ids and globs of `deskcheck list --faults`")
      ->delimiter(',')
      ->allow_extra_args(false);
}

void add_client_flag(CLI::App& app, RunCommand& c) {
  const auto releases = conformance::client_releases();
  app.add_option_function<std::string>(
         "--client",
         [&c](const std::string& name) { c.client = conformance::client_release_named(name); },
         "Judges only what concerns clients of this release: 1.2.1 to 1.4.9, head")
      ->check(CLI::IsMember(std::vector<std::string>(releases.begin(), releases.end())));
}

void add_baseline_flags(CLI::App& app, RunCommand& c) {
  app.add_option("--baseline", c.baseline_file, "The file of failures that are known");
  auto* update = app.add_flag("--update-baseline", c.update_baseline,
                              "Rewrites that file from this run, which must be a whole one");
  app.add_flag("--ratchet", c.ratchet,
               "The known failures may only get fewer: --update-baseline adds none, and without it "
               "a limit that is higher than needed is stale");
  app.add_option("--reason", c.reason, "The reason of new entries in the baseline")->needs(update);
}

void add_report_flags(CLI::App& app, RunCommand& c) {
  app.add_option("--json", c.json_file, "Writes the report as JSON");
  app.add_option("--html", c.html_file, "Writes the report as one HTML file for people");
  app.add_option("--junit", c.junit_file, "Writes the report as JUnit XML");
  app.add_option("--markdown", c.markdown_file, "Writes a summary as Markdown");
  app.add_option(
      "--badge", c.badge_file,
      "Writes the verdict, or that of the only --profile, for an endpoint badge of shields.io");
  app.add_flag("--github", c.github,
               "For GitHub Actions: annotations, and a summary in $GITHUB_STEP_SUMMARY");
}

void add_run(CLI::App& app, RunCommand& c) {
  app.footer(R"--(
Examples:
  deskcheck run --virtual-time
  deskcheck run target.yaml --baseline known-failures.yaml
  deskcheck run --host 192.168.1.5 --key "$(cat id_ed25519.pub)" --html report.html
  deskcheck run --host 192.168.1.5 --key "$(cat id_ed25519.pub)" --effects all
  deskcheck run --spawn './hbbs -p {rendezvous}' --key "$(cat id_ed25519.pub)"
  deskcheck run --filter 'rendezvous/*' --level must --repeat 10 --until-failure)--" +
             std::string(kExitCodes));
  add_target(app, c);
  app.add_flag("--https", c.https, "Uses the API of the reference server over HTTPS");
  auto* spawn = app.add_option(
      "--spawn", c.spawn,
      "Starts the target with this command of /bin/sh, restarts it where cases want that, and "
      "stops it after the run. Free ports are put in for {rendezvous}, {nat}, {relay}, "
      "{websocket}, {relay_websocket}, {api}, and for {port_base}, from which all others follow");
  app.add_option("--spawn-log", c.spawn_log, "The file of its output")
      ->needs(spawn)
      ->capture_default_str();
  app.add_option("--spawn-seconds", c.spawn_seconds, "How long it may take until it answers")
      ->needs(spawn)
      ->capture_default_str()
      ->check(CLI::Range(1, 3600));
  app.add_option("--cases", c.cases_folder,
                 "A folder of scenarios whose judged steps join the suite as cases");
  app.add_option("--filter", c.filters, "Globs over case and requirement ids")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--profile", c.profiles, "Only the cases of this profile: relay, push, ...")
      ->delimiter(',')
      ->allow_extra_args(false);
  const std::map<std::string, conformance::Level> levels{{"must", conformance::Level::must},
                                                         {"should", conformance::Level::should},
                                                         {"may", conformance::Level::may}};
  app.add_option_function<std::string>(
         "--level", [&c, levels](const std::string& name) { c.level = levels.at(name); },
         "Lowest level that is judged: must, should or may")
      ->check(CLI::IsMember({"must", "should", "may"}));
  app.add_option(
         "--effects", c.effects,
         "What cases may do to the target: reads, creates (data of their own), limits "
         "(uses them up), load, restarts (it, by its hook or --spawn), or all; others are not "
         "run. Default: all on this machine, else reads,creates")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_client_flag(app, c);
  app.add_option("--seed", c.seed, "Repeats the random choices of an earlier run");
  app.add_option("--jobs", c.jobs, "Cases side by side, at most 1024")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  app.add_option("--repeat", c.repeat, "Runs every case this often")->check(CLI::Range(1, 1000000));
  app.add_flag("--until-failure", c.until_failure, "Stops at the first unexpected result");
  app.add_option_function<std::string>(
      "--shard", [&c](const std::string& text) { c.shard = parse_shard(text); },
      "I/N: the I-th of N runs that share the cases");
  app.add_option_function<std::string>(
      "--budget", [&c](const std::string& text) { c.budget = parse_time(text); },
      "Leaves out what would not end within this time: 30s, 2m");
  app.add_flag("--metamorph", c.metamorph,
               "Runs again with every TCP stream cut into single bytes and, in virtual time, with "
               "datagrams shuffled, and says which verdicts differ");
  app.add_flag("--list", c.list, "Shows the selected cases and ends");
  app.add_flag("--dry-run", c.dry_run, "Shows what would run and against what, and ends");
  add_baseline_flags(app, c);
  add_report_flags(app, c);
  app.add_flag("--target-schema", c.target_schema, "Prints the JSON Schema of target files");
  app.add_flag("--baseline-schema", c.baseline_schema, "Prints the JSON Schema of baselines");
  app.add_flag("--no-colour,--no-color", c.no_colour, "Plain text on a terminal, too");
}

void add_connection_flags(CLI::App& app, ServeCommand& c) {
  app.add_flag(
      "--no-secure-channel", c.no_secure_channel,
      "No KeyExchange on P: signed-in clients, and devices that register over TCP, are lost");
  auto* no_api =
      app.add_flag("--no-api", c.no_api, "No HTTP API, neither on P-2 nor through the tunnel on P");
  add_tls_flags(app, c)->excludes(no_api);
  app.add_option("--public-url", c.public_url,
                 "Where browsers of users reach the HTTP API, for the way back from an identity "
                 "provider; if not given, what their clients say")
      ->excludes(no_api);
  app.add_option("--trusted-proxies", c.trusted_proxies,
                 "Whose X-Real-IP and X-Forwarded-For are believed: addresses or networks")
      ->delimiter(',');
  app.add_option(
      "--fixtures", c.fixtures_file,
      "A file of accounts, whose passwords are in environment variables, and of what they "
      "share");
  app.add_flag("--legacy-address-books", c.legacy_address_books,
               "Clients are offered one text per account, as by old servers, and no shared books");
  app.add_option("--peers-per-book", c.peers_per_book,
                 "The most peers of an address book, told to clients; 0: nothing is told, and "
                 "20000 is the most")
      ->check(CLI::Range(0, 20000));
  app.add_option("--token-days", c.token_days, "How long a login is valid")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  app.add_option("--tokens", c.tokens_file,
                 "A file of access tokens that are valid for ever, one in a line");
  app.add_option("--script-tokens", c.script_tokens_file,
                 "The same of tokens with which scripts assign and deploy devices");
  app.add_flag("--require-login", c.require_login,
               "Controllers have to send a token of a login, or one of that file");
  app.add_option("--feedback", c.feedback,
                 "Asks signed-in controllers for a health check connection; 0: does not");
  app.add_flag("--deploy-mode", c.deploy_mode,
               "Devices that nobody has deployed are told NOT_DEPLOYED");
  app.add_option("--deployed", c.deployed, "Ids that may register all the same")->delimiter(',');
}

void add_service_flags(CLI::App& app, ServeCommand& c) {
  auto* folder = app.add_option("--recordings", c.recordings,
                                "Folder for recordings of sessions that devices upload; default: "
                                "recordings below --data, or in memory without it");
  app.add_flag("--no-recordings", c.no_recordings, "Takes no recordings")->excludes(folder);
  app.add_option("--downloads", c.downloads,
                 "Folder whose files everybody may get, /downloads/NAME");
  app.add_flag("--sign-plugins", c.sign_plugins,
               "Signs for everybody what plug-ins of clients ask it to, with the server's key");
}

void add_wrongness(CLI::App& app, ServeCommand& c) {
  app.add_option("--without", c.without,
                 "Has never heard of these capabilities: globs over those of `deskcheck list`")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--fault", c.faults,
                 "Is wrong on purpose: ids and globs of `deskcheck list --faults`")
      ->delimiter(',');
}

void add_serve(CLI::App& app, ServeCommand& c) {
  app.footer(R"(
Prints one line of JSON when it is ready; ends at SIGINT or SIGTERM.

Examples:
  deskcheck serve --data ./server
  deskcheck serve --profile oss --port-base 0
  deskcheck serve --tls-certificate chain.pem --tls-key key.pem --https-port 443
  deskcheck serve --port-base 0 --fault accepts-foreign-uuid)" +
             std::string(kExitCodes));
  app.add_option("--bind", c.bind, "Address to listen on")->capture_default_str();
  app.add_option("--port-base", c.port_base,
                 "Rendezvous port P; HTTP API P-2, NAT test P-1, relay P+1, WebSocket P+2 and "
                 "P+3; 0: any free ones")
      ->capture_default_str();
  app.add_option("--data", c.data,
                 "Folder for key files and database; without it everything is in memory");
  app.add_option(
         "--key", c.key,
         "'-': clients must send the public key; '': they need none; a secret key text; any "
         "other text: clients must send it, and nothing is signed")
      ->capture_default_str();
  app.add_option("--relay-key", c.relay_key,
                 "The same for the relay, as literal text; default as --key");
  app.add_option("--relay-servers", c.relay_servers, "Relays to propose, host[:port]")
      ->delimiter(',');
  app.add_flag("--always-use-relay", c.always_use_relay, "No direct connections");
  add_connection_flags(app, c);
  add_service_flags(app, c);
  add_mail_flags(app, c);
  add_operator_flags(app, c);
  add_wrongness(app, c);
  app.add_flag("--verbose", c.verbose, "Notes of what happens, on standard error");
}

void add_list(CLI::App& app, ListCommand& c) {
  app.footer(
      "\nExamples:\n  deskcheck list 'RDV-*'\n  deskcheck list --cases 'punch/*'\n  deskcheck list "
      "--coverage");
  app.add_option("globs", c.globs, "Over ids, areas and capabilities");
  app.add_flag("--cases", c.cases, "Cases instead of requirements");
  app.add_flag("--faults", c.faults, "Faults of the reference server instead of requirements");
  app.add_flag("--profiles", c.profiles, "Profiles instead of requirements");
  auto* coverage = app.add_flag(
      "--coverage", c.coverage,
      "What a run has judged: each requirement with its cases or the reason why it has none");
  app.add_option("--report", c.report,
                 "What `deskcheck run --json` wrote; without it the suite runs in virtual time")
      ->needs(coverage);
}

void add_report(CLI::App& app, ReportCommand& c) {
  app.footer("\nExample:\n  deskcheck report report.json --html report.html");
  app.add_option("report", c.json_file, "What `deskcheck run --json` wrote")->required();
  app.add_option("--html", c.html_file, "Writes it as one HTML file for people")->required();
}

void add_compare(CLI::App& app, CompareCommand& c) {
  app.footer("\nExample:\n  deskcheck compare old.json new.json --html difference.html");
  app.add_option("reports", c.json_files, "What `deskcheck run --json` wrote, at least two")
      ->required()
      ->expected(2, 26);
  app.add_option("--html", c.html_file, "Writes the comparison as one HTML file");
}

void add_selftest(CLI::App& app, SelftestCommand& c) {
  app.footer("\nExample:\n  deskcheck selftest --fault 'wire/*'");
  app.add_option("--fault", c.faults, "Globs over fault ids")->delimiter(',');
  app.add_option("--filter", c.filters, "Globs over case and requirement ids")->delimiter(',');
  app.add_flag(
      "--quick", c.quick,
      "Only the cases that judge what a fault breaks; all of them against every tenth fault");
  app.add_option("--seed", c.seed, "Repeats the random choices of an earlier run")
      ->capture_default_str();
  c.jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 64U));
  app.add_option("--jobs", c.jobs, "Faults side by side, at most 64; the processors if not given")
      ->check(CLI::Range(1, 64));
}

void add_sim(CLI::App& app, SimCommand& c) {
  app.footer(R"--(
Shows what was expected, what came and the conversation if the scenario fails. How scenarios are
written: docs/write-a-scenario.md.

Examples:
  deskcheck sim docs/scenarios/foreign-uuid.yaml --virtual-time
  deskcheck sim call.yaml target.yaml
  deskcheck sim call.yaml --host 192.168.1.5 --key "$(cat id_ed25519.pub)" --instances 20
  deskcheck sim --check call.yaml)--" +
             std::string(kExitCodes));
  app.add_option("file", c.file, "The scenario");
  app.add_flag("--check", c.check, "Looks for mistakes in the file, and ends");
  app.add_flag("--schema", c.schema, "Prints the JSON Schema of scenario files, and ends");
  add_target(app, c);
  app.add_option("--instances", c.instances,
                 "Plays it this often at the same time, each with its own identities and addresses")
      ->check(CLI::Range(1, 10000));
  app.add_flag("--show", c.show, "Shows the conversation of what passed, too");
  app.add_option("--seed", c.seed, "Repeats the random choices of an earlier run");
}

void add_doctor(CLI::App& app, DoctorCommand& c) {
  app.footer(R"--(
Looks, in order of dependency, at name, ports, key, registration, punch, relay, WebSockets, API,
clock and login, and says which step is broken first, why, and how to mend it. Registers one device
with an id that begins with dcdoctor, the same at every examination; nothing else stays.

Examples:
  deskcheck doctor rd.example.com --key "$(cat id_ed25519.pub)"
  deskcheck doctor target.yaml
  deskcheck doctor rd.example.com --api https://rd.example.com --proxy https://rd.example.com
  deskcheck doctor rd.example.com --format nagios

Exit codes: 0 nothing is broken, 1 something is, 2 usage or configuration, 3 nothing answers; with
--format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.)--");
  app.add_option("where", c.where, "The host, by name or address; or TARGET.yaml");
  app.add_option("--port-base", c.port_base,
                 "Its rendezvous port P, else 21116; P-2 to P+3 follow from it")
      ->check(CLI::Range(3, 65532));
  app.add_option("--key", c.key, "Its public key as clients have it, the text of id_ed25519.pub");
  app.add_option("--relay-key", c.relay_key,
                 "What its relay asks clients for, if not the key; '' for nothing");
  app.add_option("--api", c.api,
                 "The URL of its HTTP API; without it P-2 is tried, and may be missing");
  app.add_option("--api-ca", c.api_ca,
                 "Certificates (PEM) that are trusted for https besides the system's own");
  app.add_option("--proxy", c.proxy, "The URL below which a proxy has /ws/id and /ws/relay");
  app.add_option("--without", c.without,
                 "Capabilities that it does not claim, joined by commas, e.g. relay.websocket")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--user", c.user, "An account that logs in to the API, and out again");
  app.add_option("--password-env", c.password_env, "Environment variable that holds its password")
      ->capture_default_str();
  const std::map<std::string, DoctorFormat> formats{{"text", DoctorFormat::text},
                                                    {"json", DoctorFormat::json},
                                                    {"nagios", DoctorFormat::nagios},
                                                    {"prometheus", DoctorFormat::prometheus}};
  app.add_option_function<std::string>(
         "--format", [&c, formats](const std::string& name) { c.format = formats.at(name); },
         "text, json, nagios or prometheus")
      ->check(CLI::IsMember({"text", "json", "nagios", "prometheus"}));
  app.add_option("--watch", c.watch, "Examines again after so many seconds, until Ctrl-C")
      ->check(CLI::Range(1, 86400));
}

void add_probe(CLI::App& app, ProbeCommand& c) {
  app.footer(R"--(
Asks what clients ask, and nothing that hurts: no load, no limits, no wrong password. Registers one
device with an id that begins with dcprobe, the same at every probe; nothing else stays.

Examples:
  deskcheck probe rd.example.com --key "$(cat id_ed25519.pub)" -o target.yaml
  deskcheck run target.yaml
  deskcheck probe rd.example.com --api https://rd.example.com --user ann --format json
  deskcheck probe --virtual-time

Exit codes: 0 probed, 2 usage or configuration, also a key that the server refuses, 3 nothing
answers.)--");
  app.add_option("host,--host", c.host, "The host, by name or address");
  app.add_option("--port-base", c.port_base,
                 "Its rendezvous port P, else 21116; P-2 to P+3 follow from it")
      ->check(CLI::Range(3, 65532));
  app.add_option("--key", c.key, "Its public key as clients have it, the text of id_ed25519.pub");
  app.add_option("--api", c.api, "The URL of its HTTP API; without it P-2 is tried");
  app.add_option("--api-ca", c.api_ca,
                 "Certificates (PEM) that are trusted for it besides the system's own");
  app.add_option("--name", c.name, "What reports will call it");
  app.add_option("--user", c.user, "An account that logs in to the API, and out again");
  app.add_option("--password-env", c.password_env, "Environment variable that holds its password")
      ->capture_default_str();
  app.add_option("--download", c.download,
                 "The path of a file below --api that everybody may get; it is fetched once");
  app.add_option("--admin", c.admin, "An administrator, for the target file: nobody signs in");
  app.add_option("--admin-password-env", c.admin_password_env,
                 "Environment variable that will hold that password")
      ->capture_default_str();
  auto* output = app.add_option("-o,--output", c.output_file, "The TARGET.yaml to write");
  app.add_flag("--force", c.force, "In place of one that is there")->needs(output);
  const std::map<std::string, ProbeFormat> formats{{"text", ProbeFormat::text},
                                                   {"json", ProbeFormat::json}};
  app.add_option_function<std::string>(
         "--format", [&c, formats](const std::string& name) { c.format = formats.at(name); },
         "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_flag("--virtual-time", c.virtual_time,
               "Probes the reference server, in a simulated network");
}

void add_explain(CLI::App& app, ExplainCommand& c) {
  app.footer("\nExample:\n  deskcheck explain PCH-FAIL-03");
  app.add_option("id", c.id, "Id of a requirement or a case, or the name of a profile")->required();
}

// One of each; the one that is named is filled.
struct Commands {
  RunCommand run;
  ListCommand list;
  ExplainCommand explain;
  ServeCommand serve;
  ReportCommand report;
  CompareCommand compare;
  SelftestCommand selftest;
  SimCommand sim;
  AdminCommand admin;
  DoctorCommand doctor;
  ProbeCommand probe;
};

void add_commands(CLI::App& app, Commands& c) {
  const auto add = [&app](const char* name, const char* what) -> CLI::App& {
    return *app.add_subcommand(name, what);
  };
  add_run(add("run", "Runs the suite against a server"), c.run);
  add_list(add("list", "Lists requirements, cases or faults"), c.list);
  add_explain(add("explain", "Explains a requirement, a case or a profile"), c.explain);
  add_serve(add("serve", "Runs the reference server"), c.serve);
  add_report(add("report", "Renders the JSON report of an earlier run"), c.report);
  add_compare(add("compare", "Shows in what JSON reports differ"), c.compare);
  add_selftest(add("selftest", "Proves the suite: every fault must be noticed"), c.selftest);
  add_sim(add("sim", "Plays a scenario: a client that does what a file says"), c.sim);
  add_admin(add("admin", "Administers a running reference server"), c.admin);
  add_doctor(add("doctor", "Examines a live server: what is broken, and where"), c.doctor);
  add_probe(add("probe", "Finds out what a server can do, for a target file"), c.probe);
}

Command named(const CLI::App& app, Commands& c) {
  if (app.got_subcommand("run")) return c.run;
  if (app.got_subcommand("list")) return c.list;
  if (app.got_subcommand("explain")) return c.explain;
  if (app.got_subcommand("serve")) {
    c.serve.relay_key_given = app.get_subcommand("serve")->count("--relay-key") > 0;
    return c.serve;
  }
  if (app.got_subcommand("report")) return c.report;
  if (app.got_subcommand("compare")) return c.compare;
  if (app.got_subcommand("sim")) return c.sim;
  if (app.got_subcommand("doctor")) return c.doctor;
  if (app.got_subcommand("probe")) return c.probe;
  if (app.got_subcommand("admin")) {
    take_given(*app.get_subcommand("admin"), c.admin);
    return c.admin;
  }
  if (app.got_subcommand("selftest")) return c.selftest;
  throw UsageError(
      "a command is missing: run, doctor, probe, sim, report, compare, list, explain, serve, admin "
      "or selftest; see deskcheck --help");
}

}  // namespace

Command parse_arguments(int argc, const char* const* argv) {
  Commands commands;
  CLI::App app(std::string(kGeneral).substr(1), "deskcheck");
  app.footer(kExitCodes);
  app.set_version_flag("--version", std::string("deskcheck ") + DESKCHECK_VERSION);
  app.require_subcommand(0, 1);  // none is told better by named()
  add_commands(app, commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return Done{app.exit(error, std::cout, std::cerr)};
    throw UsageError(std::string(error.what()) + "; see deskcheck --help");
  }
  return named(app, commands);
}

}  // namespace deskcheck::cli
