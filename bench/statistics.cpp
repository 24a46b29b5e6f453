#include "bench/statistics.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
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
  report.add("per_second", operations / took);
  // Ten milliseconds are what the kernel tells apart.
  if (cpu >= 0.05) report.add("per_cpu_second", operations / cpu);
}

}  // namespace deskcheck::bench
