#include "cli/spawn.hpp"

#include "cli/interrupt.hpp"
#include "cli/run_target.hpp"
#include "conformance/runner/liveness.hpp"
#include "proto/net/http_client.hpp"
#include "proto/net/real_world.hpp"
#include "proto/net/resolve.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace deskcheck::cli {

namespace {

using namespace conformance;
using namespace std::chrono_literals;

constexpr int kFirstPort = 10'000, kLastPort = 30'000;  // below those that systems hand out
constexpr int kTries = 200;
constexpr net::Duration kBeat = 50ms;     // between two looks
constexpr net::Duration kFarewell = 10s;  // from SIGTERM to SIGKILL
constexpr std::size_t kEndOfLog = 300;    // bytes in a message

const std::map<std::string, int>& port_names() {
  static const std::map<std::string, int> names{
      {"rendezvous", 0}, {"port_base", 0}, {"api", -2},           {"nat", -1},
      {"relay", 1},      {"websocket", 2}, {"relay_websocket", 3}};
  return names;
}

net::Endpoint at(const boost::asio::ip::address& address, int port) {
  return {address, static_cast<std::uint16_t>(port)};
}

bool are_free(net::World world, const boost::asio::ip::address& address, int base) {
  try {
    std::vector<std::unique_ptr<net::Listener>> listeners;
    for (const auto& [name, offset] : port_names())
      if (name != "port_base")
        listeners.push_back(world.network.listen(at(address, base + offset)));
    (void)world.network.bind_udp(at(address, base));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

int free_base(const std::string& host) {
  const auto address = net::resolve(host);
  if (!address)
    throw UsageError(fmt::format("--spawn: host {}: {}", host, address.error().message()));
  net::RealWorld real(net::Random::system());
  auto random = net::Random::system();
  for (int i = 0; i < kTries; ++i) {
    const auto step = random.next() % (kLastPort - kFirstPort);
    const int base = kFirstPort + static_cast<int>(step);
    if (are_free(real.world(), *address, base)) return base;
  }
  throw UsageError(fmt::format(
      "--spawn: no six ports in a row are free at {}; the target has to be on this machine", host));
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Calls `write` for each {name} of the command; ${NAME} is the shell's.
template <class Write>
std::string replaced(const std::string& command, Write write) {
  std::string out;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const auto end = command[i] == '{' ? command.find('}', i) : command.npos;
    const bool shells = i > 0 && command[i - 1] == '$';
    const auto name = end == command.npos ? "" : command.substr(i + 1, end - i - 1);
    if (shells || !is_name(name)) {
      out += command[i];
      continue;
    }
    out += write(name);
    i = end;
  }
  return out;
}

// "http://h:1/base" with another port.
std::string with_port(const std::string& url, int port) {
  const auto host = url.find("://") + 3;
  const auto end = std::min(url.find('/', host), url.size());
  auto colon = url.rfind(':', end == 0 ? 0 : end - 1);
  if (colon == url.npos || colon < host || url.find(']', colon) < end) colon = end;
  return url.substr(0, colon) + ':' + std::to_string(port) + url.substr(end);
}

std::string url_host(const std::string& host) {
  return host.find(':') == host.npos ? host : '[' + host + ']';
}

void take_ports(TargetProfile& profile, const std::set<std::string>& names, int base) {
  const bool all = names.contains("port_base");
  const auto port = [&](const char* name) {
    return static_cast<std::uint16_t>(base + port_names().at(name));
  };
  const auto named = [&](const char* name) { return all || names.contains(name); };
  if (named("rendezvous")) profile.rendezvous_port = port("rendezvous");
  if (named("nat")) profile.nat_port = port("nat");
  if (named("relay")) profile.relay_port = port("relay");
  if (named("websocket")) profile.websocket_port = port("websocket");
  if (named("relay_websocket")) profile.relay_websocket_port = port("relay_websocket");
  if (profile.api.empty() && names.contains("api"))
    profile.api = fmt::format("http://{}:{}", url_host(profile.host), port("api"));
  else if (!profile.api.empty() && named("api"))
    profile.api = with_port(profile.api, port("api"));
}

// Nothing to wait for if there is no API, or none that is named by an address of this machine.
bool api_accepts(const std::string& url) {
  const auto place = net::parse_http_url(url);
  if (!place) return true;
  const auto address = net::resolve(place->host);
  if (!address) return true;
  net::RealWorld real(net::Random::system());
  bool accepts = false;
  const auto look = [&]() -> Task<void> {
    const auto world = real.world();
    const net::Endpoint api = at(*address, place->port);
    accepts = co_await accepts_connections(world, api);
  };
  real.run(look());
  return accepts;
}

// Of the new process: only what is safe between fork and exec.
[[noreturn]] void become(const char* command, int log) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // if we are killed nobody else can stop it
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  ::_exit(127);
}

}  // namespace

std::string with_free_ports(const std::string& command, TargetProfile& profile) {
  std::set<std::string> names;
  (void)replaced(command, [&](const std::string& name) {
    if (!port_names().contains(name))
      throw UsageError(fmt::format(
          "--spawn: nothing is called {{{}}}; there is {{rendezvous}}, {{nat}}, {{relay}}, "
          "{{websocket}}, {{relay_websocket}}, {{api}} and {{port_base}}",
          name));
    names.insert(name);
    return std::string();
  });
  if (names.empty()) return command;
  const int base = free_base(profile.host);
  take_ports(profile, names, base);
  return replaced(command, [base](const std::string& name) {
    return std::to_string(base + port_names().at(name));
  });
}

SpawnedTarget::SpawnedTarget(std::string command, std::string log, int seconds)
    : command_(std::move(command)),
      log_(std::move(log)),
      patience_(std::chrono::seconds(seconds)) {}

void SpawnedTarget::start() { launch(O_TRUNC); }

void SpawnedTarget::launch(int log_flags) {
  const int file =
      ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | log_flags, 0644);
  if (file < 0)
    throw UsageError(
        fmt::format("--spawn-log {}: {}", log_, boost::system::system_category().message(errno)));
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // whom it leaves behind is ours to end
  process_ = ::fork();
  if (process_ == 0) become(command_.c_str(), file);
  ::close(file);
  if (process_ < 0) throw UsageError("--spawn: " + boost::system::system_category().message(errno));
  ended_ = false;
  ::setpgid(process_, process_);  // whoever comes first
}

SpawnedTarget::~SpawnedTarget() { stop(); }

void SpawnedTarget::nap() { real_.run(net::sleep_for(real_, kBeat)); }

bool SpawnedTarget::ended() {
  if (!ended_) ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
  return ended_;
}

std::string SpawnedTarget::how_it_ended() const {
  return WIFEXITED(status_) ? fmt::format("ended with exit code {}", WEXITSTATUS(status_))
                            : fmt::format("was ended by signal {}", WTERMSIG(status_));
}

// Its last lines as one.
std::string SpawnedTarget::end_of_log() const {
  std::ifstream file(log_, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg()));
  file.seekg(static_cast<std::streamoff>(size - std::min(size, kEndOfLog)));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += " | ";
    else
      line += c >= 0 && c < ' ' ? '?' : c;
  }
  return line.empty() ? "its log, " + log_ + ", is empty" : "its log, " + log_ + ", ends: " + line;
}

std::optional<std::string> SpawnedTarget::obituary() {
  if (!ended()) return std::nullopt;
  return "the target of --spawn " + how_it_ended() + "; " + end_of_log();
}

std::optional<Problem> SpawnedTarget::wait_until_ready(
    const Target& target, const std::optional<boost::asio::ip::network_v4>& sources) {
  Interrupt interrupt;
  const net::Time end = real_.now() + patience_;
  for (;;) {
    if (auto text = obituary()) return Problem{ExitCode::target_unreachable, *text};
    if (interrupt.happened())
      return Problem{ExitCode::unexpected_failures,
                     "interrupted while the target of --spawn was starting"};
    const auto problem = find_problem(target, sources);
    if (problem && problem->code != ExitCode::target_unreachable) return problem;
    const bool api = problem || target.api.empty() || api_accepts(target.api);
    if (!problem && api) return std::nullopt;
    if (real_.now() > end)
      return Problem{
          ExitCode::target_unreachable,
          fmt::format("the target of --spawn does not answer at {} after {} s; {}",
                      problem ? "TCP " + to_string(target.rendezvous) : target.api,
                      std::chrono::duration_cast<std::chrono::seconds>(patience_).count(),
                      end_of_log())};
    nap();
  }
}

void SpawnedTarget::stop() { real_.run(end_it(&real_)); }

net::awaitable<void> SpawnedTarget::start_again(net::World world) {
  co_await end_it(&world.clock);
  launch(0);
}

net::awaitable<void> SpawnedTarget::end_it(net::Clock* clock) {
  if (process_ <= 0) co_return;
  ::kill(-process_, SIGTERM);
  const net::Time end = clock->now() + kFarewell;
  while (some_are_left() && clock->now() < end) co_await net::sleep_for(*clock, kBeat);
  ::kill(-process_, SIGKILL);
  while (::waitpid(-process_, nullptr, 0) > 0) {
  }
  process_ = -1;
}

// Of its group; those whose parents have ended are children of this process.
bool SpawnedTarget::some_are_left() {
  pid_t process = 0;
  while ((process = ::waitpid(-process_, nullptr, WNOHANG)) > 0) {
  }
  return process == 0;
}

}  // namespace deskcheck::cli
