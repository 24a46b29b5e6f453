// deskcheck_bench MEASURE --host ADDRESS --port P ...: loads one server in one way and prints one
// line of JSON. ci/bench.sh starts servers, calls this and makes tables; docs/benchmark.md explains
// both.
#include "bench/measures.hpp"

#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>

namespace deskcheck::bench {

namespace {

// A connection takes a descriptor, a spliced one three.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string measure(const Load& load) {
  const std::map<std::string, std::string (*)(const Load&)> measures{
      {"first-registrations", measure_first_registrations},
      {"registrations", measure_registrations},
      {"punch-holes", measure_punch_holes},
      {"relay-bytes", measure_relay_bytes},
      {"idle-websockets", measure_idle_websockets},
      {"heartbeats", measure_heartbeats},
      {"shared-book", measure_shared_book},
      {"soak", measure_soak}};
  return measures.at(load.measure)(load);
}

int run(int argc, char** argv) {
  Load load;
  std::string host = "127.0.0.1", clients = "127.16.0.0";
  CLI::App app("Loads a server in one way and prints what it took as one line of JSON",
               "deskcheck_bench");
  app.footer(
      "\nExample:\n  deskcheck_bench registrations --port 21116 --server-pid $(pidof deskcheck)");
  app.add_option("measure", load.measure, "What to do")
      ->required()
      ->check(CLI::IsMember({"first-registrations", "registrations", "punch-holes", "relay-bytes",
                             "idle-websockets", "heartbeats", "shared-book", "soak",
                             "serve-fixed-answers", "serve-splices"}));
  app.add_option("--host", host, "IPv4 address of the server");
  app.add_option("--port", load.port, "Its rendezvous port P");
  app.add_option("--relay-port", load.relay, "Its relay port Q");
  app.add_option("--api-port", load.api, "Its HTTP port; 0: P-2");
  app.add_option("--server-pid", load.server_pid, "Whose processor time and memory is measured");
  app.add_option("--key", load.key, "What clients send as key");
  app.add_option("--user", load.user,
                 "Account of its API; the password is in DESKCHECK_BENCH_PASSWORD (shared-book)");
  app.add_option("--clients", clients, "The first of the addresses that parties take");
  app.add_option("--seconds", load.seconds, "Of load")->check(CLI::Range(0.05, 86400.0));
  app.add_option("--devices", load.devices, "One address each")->check(CLI::Range(1, 4'000'000));
  app.add_option("--pairs", load.pairs, "Relay sessions")->check(CLI::Range(1, 10'000));
  app.add_option("--in-flight", load.in_flight, "Operations that wait at the same time")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--rate", load.rate, "Operations per second; 0: as many as are answered")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--interval", load.interval, "Seconds between a device's registrations (soak)")
      ->check(CLI::Range(0.1, 29.0));
  app.add_option("--every", load.every, "Seconds between two looks at the server (soak)")
      ->check(CLI::Range(0.1, 3600.0));
  app.add_option("--websockets", load.websockets, "Devices on a WebSocket (idle-websockets, soak)")
      ->check(CLI::Range(0, 100'000));
  app.add_flag("--end-server", load.end_server,
               "Sends it SIGTERM at last and tells how long it takes (soak)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "deskcheck_bench: %s; see --help\n", error.what());
    return 2;
  }
  load.host = parse_address(host);
  load.clients = parse_address(clients);
  allow_many_descriptors();
  if (load.measure == "serve-fixed-answers") serve_fixed_answers(load);
  if (load.measure == "serve-splices") serve_splices(load);
  if (load.server_pid <= 0) {
    std::fprintf(stderr, "deskcheck_bench: --server-pid is missing: the server's process id\n");
    return 2;
  }
  std::fputs(measure(load).c_str(), stdout);
  return 0;
}

}  // namespace

}  // namespace deskcheck::bench

int main(int argc, char** argv) {
  try {
    return deskcheck::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "deskcheck_bench: %s\n", error.what());
    return 1;
  }
}
