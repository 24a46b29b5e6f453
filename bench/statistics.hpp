// What a measurement consists of: time, processor time and memory of the server's process, latency
// percentiles. This folder loads a server as cheaply as it can, so it calls the kernel itself: it
// is the one place beside proto/net that does.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::bench {

using Nanoseconds = std::int64_t;
// Since some moment in the past.
Nanoseconds now();

// Of a process and all its threads, from /proc. Throws std::runtime_error if it is gone.
struct Usage {
  double cpu_seconds = 0;  // user and system
  std::int64_t resident_bytes = 0;
};
Usage usage_of(int pid);
std::int64_t open_descriptors(int pid);

// Asks the process to end (SIGTERM) and waits for it. Returns the seconds that it took; nothing: it
// has not ended within `patience`.
std::optional<double> end_process(int pid, std::chrono::seconds patience);

// Says on standard error what has gone wrong, the first twenty times; `count` is which time it is.
void complain(std::int64_t count, const std::string& what);

// One member of the line of JSON that a measurement prints.
class Report {
 public:
  explicit Report(std::string_view measure);
  Report& add(std::string_view name, double value);
  Report& add(std::string_view name, std::int64_t value);
  Report& add(std::string_view name, const std::vector<std::int64_t>& values);
  // Adds p50, p90, p99, p99.9 and max in microseconds; nothing if there are no samples.
  Report& add_latencies(std::vector<Nanoseconds> samples);
  std::string line() const { return text_ + "}\n"; }

 private:
  std::string text_;
};

// Between construction and taking: what the server has used.
class Watch {
 public:
  explicit Watch(int server_pid) : pid_(server_pid), usage_(usage_of(pid_)), begun_(now()) {}
  double seconds() const { return static_cast<double>(now() - begun_) / 1e9; }
  // seconds, server_cpu_seconds, share of a processor, rate and cpu_us_per_operation for so many
  // operations.
  void report(Report& report, double operations) const;
  std::int64_t grown_bytes() const { return usage_of(pid_).resident_bytes - usage_.resident_bytes; }

 private:
  int pid_;
  Usage usage_;
  Nanoseconds begun_;
};

}  // namespace deskcheck::bench
