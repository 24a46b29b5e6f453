// Files that were moved and alarms that a device raised.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/audit/records.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// `info` of a transfer of so many files, of which the ten largest are named.
std::string files_of(int count, std::string_view name) {
  json::array files;
  for (int i = 0; i < std::min(count, 10); ++i)
    files.push_back(json::array{json::string(name), std::int64_t{1} << (40 - i)});
  json::object info;
  info["files"] = files;
  info["ip"] = "2001:db8::9";
  info["name"] = "Zo\u00eb";
  info["num"] = count;
  return json::serialize(info);
}

}  // namespace

CASE(audit_files, "api/audit/files/transfers",
     checks("HTTP-AFILE-01", "HTTP-AFILE-02", "HTTP-AFILE-03", "HTTP-AFILE-04", "HTTP-AFILE-05",
            "HTTP-AFILE-06", "HTTP-AFILE-07", "HTTP-GEN-11", "HTTP-GEN-14"),
     takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const char* path = "/api/audit/file";
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    const auto record = file_record(lab, agent, session);
    const auto sent = co_await agent.post(path, record);
    lab.verdict("HTTP-AFILE-06", sent, IsServedWithoutToken());
    lab.verdict("HTTP-GEN-11", sent, IsServedWithoutToken());
    lab.verdict("HTTP-AFILE-02", sent, IsTaken());
    if (!lab.verdict("HTTP-AFILE-01", sent, IsDelivered())) co_return;
    const auto again = co_await agent.post(path, record);
    lab.verdict("HTTP-AFILE-01", again, IsDelivered());
    auto many = file_record(lab, agent, session);
    many["info"] = files_of(5000, "one of many");
    const auto truncated = co_await agent.post(path, many);
    lab.verdict("HTTP-AFILE-03", truncated, IsDelivered());
    auto single = file_record(lab, agent, session);
    single["type"] = 1;
    single["is_file"] = true;
    single["info"] = files_of(1, "");
    for (const char* where : {"/home/bob/a.txt", "", "Remote print"}) {
      single["path"] = where;
      single["nonce"] = "nonce-" + lab.fresh_id();
      const auto one = co_await agent.post(path, single);
      lab.verdict("HTTP-AFILE-04", one, IsDelivered());
    }
    const auto old = co_await agent.post(path, of_old_client(file_record(lab, agent, session)));
    lab.verdict("HTTP-AFILE-05", old, IsDelivered());
    const auto later = co_await agent.post(path, of_tomorrow(file_record(lab, agent, session)));
    lab.verdict("HTTP-GEN-14", later, IsDelivered());
    for (const auto& name : {std::string("\u6771\u4eac \U0001F600 '; DROP TABLE files; --"),
                             std::string(4000, 'p'), std::string("..\\..\\\"quoted\"\x01\x7f")}) {
      auto odd = file_record(lab, agent, session);
      odd["path"] = name;
      odd["info"] = files_of(3, name);
      const auto answer = co_await agent.post(path, odd);
      lab.verdict("HTTP-AFILE-07", answer, IsDelivered());
    }
  }
}

CASE(audit_alarms, "api/audit/alarms/types",
     checks("HTTP-AALARM-01", "HTTP-AALARM-02", "HTTP-AALARM-03", "HTTP-AALARM-04",
            "HTTP-AALARM-06", "HTTP-GEN-11"),
     takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const char* path = "/api/audit/alarm";
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    for (const int type : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1000}) {
      auto record = alarm_record(lab, agent, session, type);
      if (type == 0 || type == 10) record["conn_audit_ref"] = "r-" + lab.fresh_id();
      const auto answer = co_await agent.post(path, record);
      lab.verdict("HTTP-AALARM-04", answer, IsServedWithoutToken());
      lab.verdict("HTTP-GEN-11", answer, IsServedWithoutToken());
      lab.verdict("HTTP-AALARM-02", answer, IsTaken());
      // Its `info` is a text like that of all others.
      if (type == 0) lab.verdict("HTTP-AALARM-03", answer, IsTaken());
      if (!lab.verdict("HTTP-AALARM-01", answer, IsDelivered())) co_return;
      const auto old = co_await agent.post(path, of_old_client(record));
      lab.verdict("HTTP-AALARM-06", old, IsDelivered());
    }
    for (const char* info : {"{}", R"({"ip":"::1","conn_type":3,"message":"x","tomorrow":[]})"}) {
      auto record = alarm_record(lab, agent, session, 9);
      record["info"] = info;
      const auto answer = co_await agent.post(path, record);
      lab.verdict("HTTP-AALARM-03", answer, IsDelivered());
    }
  }
}

// One record for each attempt that was turned away.
CASE(audit_alarm_burst, "api/audit/alarms/burst", checks("HTTP-AALARM-05"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const auto session = fresh_session(lab, controller);
  const auto first = co_await agent.post("/api/audit/alarm", alarm_record(lab, agent, session, 2));
  lab.require("a single alarm", first, IsDelivered());
  for (int i = 0; i < 60; ++i) {
    const auto answer =
        co_await agent.post("/api/audit/alarm", alarm_record(lab, agent, session, 2));
    if (!lab.verdict("HTTP-AALARM-05", answer, IsDelivered())) co_return;
  }
}

}  // namespace deskcheck::conformance
