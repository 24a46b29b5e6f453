// Delivers what a controlled device reports of its sessions: once, or as often as the release
// tries. Source: http-api.md chapter 6; client:src/server/connection.rs:1406-1614
#pragma once

#include "client-sim/account/http_stacks.hpp"
#include "proto/net/task_group.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <functional>
#include <map>

namespace deskcheck::sim {

class Audits {
 public:
  struct Counters {
    int posted = 0;     // attempts
    int delivered = 0;  // records; where the release looks at no answer, whenever one came
    int lost = 0;       // records that were given up
  };
  // `changed` is called after every attempt. The stacks outlive it.
  Audits(HttpStacks* stacks, std::function<void()> changed);

  // Of one connection: strictly one after the other.
  void connection(std::int32_t conn_id, boost::json::object record);
  // "file" or "alarm": these may overtake each other.
  void event(std::string kind, boost::json::object record);
  // What is under way is given up.
  Task<void> stop();

  const Counters& counters() const { return counters_; }

 private:
  void complete(boost::json::object& record);
  Task<void> drain(std::int32_t conn_id);
  Task<void> deliver(std::string path, std::string body);
  Task<bool> attempt(std::string path, std::string body, bool* retry);

  HttpStacks* stacks_;
  std::function<void()> changed_;
  net::Random random_;
  std::map<std::int32_t, std::deque<std::string>> queues_;
  Counters counters_;
  net::TaskGroup tasks_;
};

}  // namespace deskcheck::sim
