#include "bench/statistics.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace deskcheck::bench {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error(path + ": the server is gone");
  return line;
}

double percentile(const std::vector<Nanoseconds>& sorted, double part) {
  const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1) + 0.5);
  return static_cast<double>(sorted[index]) / 1e3;
}

}  // namespace

Nanoseconds now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Usage usage_of(int pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string stat = first_line(folder + "/stat");
  // The name in parentheses may hold anything; utime and stime are fields 14 and 15.
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  std::istringstream pages(first_line(folder + "/statm"));
  std::int64_t all = 0, resident = 0;
  pages >> all >> resident;
  return {(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK)),
          resident * ::sysconf(_SC_PAGESIZE)};
}

std::int64_t open_descriptors(int pid) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd");
  return std::distance(begin(all), end(all));
}

std::optional<double> end_process(int pid, std::chrono::seconds patience) {
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (process < 0) throw std::runtime_error("the server is gone");
  const Nanoseconds begun = now();
  ::kill(pid, SIGTERM);
  pollfd ended{process, POLLIN, 0};
  const int found =
      ::poll(&ended, 1, static_cast<int>(std::chrono::milliseconds(patience).count()));
  ::close(process);
  if (found != 1) return std::nullopt;
  return static_cast<double>(now() - begun) / 1e9;
}

void complain(std::int64_t count, const std::string& what) {
  constexpr std::int64_t kMost = 20;
  if (count <= kMost) std::fprintf(stderr, "bench: %s\n", what.c_str());
  if (count == kMost) std::fprintf(stderr, "bench: from here on this is only counted\n");
}

Report::Report(std::string_view measure) : text_("{\"measure\": \"" + std::string(measure) + '"') {}

Report& Report::add(std::string_view name, double value) {
  char number[40];
  std::snprintf(number, sizeof number, "%.6g", value);
  text_ += ", \"" + std::string(name) + "\": " + number;
  return *this;
}

Report& Report::add(std::string_view name, std::int64_t value) {
  text_ += ", \"" + std::string(name) + "\": " + std::to_string(value);
  return *this;
}

Report& Report::add(std::string_view name, const std::vector<std::int64_t>& values) {
  text_ += ", \"" + std::string(name) + "\": [";
  for (std::size_t i = 0; i < values.size(); ++i)
    text_ += (i == 0 ? "" : ", ") + std::to_string(values[i]);
  text_ += ']';
  return *this;
}

Report& Report::add_latencies(std::vector<Nanoseconds> samples) {
  if (samples.empty()) return *this;
  std::sort(samples.begin(), samples.end());
  add("p50_us", percentile(samples, 0.5)).add("p90_us", percentile(samples, 0.9));
  add("p99_us", percentile(samples, 0.99)).add("p99.9_us", percentile(samples, 0.999));
  return add("max_us", static_cast<double>(samples.back()) / 1e3);
}

void Watch::report(Report& report, double operations) const {
  const double took = seconds();
  const double cpu = usage_of(pid_).cpu_seconds - usage_.cpu_seconds;
  report.add("operations", operations).add("seconds", took).add("server_cpu_seconds", cpu);
  report.add("core_percent", 100 * cpu / took).add("per_second", operations / took);
  // Ten milliseconds are what the kernel tells apart.
  if (cpu >= 0.05) report.add("per_cpu_second", operations / cpu);
}

}  // namespace deskcheck::bench
