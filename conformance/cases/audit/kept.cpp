// What a server has kept of the records, as its operator reads them.
#include "conformance/cases/audit/records.hpp"
#include "conformance/lab/admin.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// Numbers may be shown as texts, and an empty text as null.
std::string text_of(const json::value& value) {
  if (value.is_null()) return "";
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// The record in which this member is as said; null if there is none, or more than one.
json::value record_with(const json::array& list, std::string_view name, const json::value& value) {
  json::value found;
  for (const auto& record : list) {
    if (!record.is_object() || text_of(member_of(record.get_object(), name)) != text_of(value))
      continue;
    if (found.is_object()) return nullptr;
    found = record;
  }
  return found;
}

// `info` is JSON inside a text where devices send it, and may be shown either way.
json::value info_of(const json::object& record) {
  const auto info = member_of(record, "info");
  if (!info.is_string()) return info;
  boost::system::error_code error;
  auto inside = json::parse(info.get_string(), error);
  return error ? json::value() : inside;
}

MATCHER_P(HasInfo, wanted, "one record whose info is " + json::serialize(json::value(wanted))) {
  return arg.is_object() && info_of(arg.get_object()) == json::value(wanted);
}
MATCHER_P2(Keeps, name, value,
           "one record whose " + std::string(name) + " is " + json::serialize(json::value(value))) {
  return arg.is_object() &&
         text_of(member_of(arg.get_object(), name)) == text_of(json::value(value));
}
MATCHER(IsOneRecord, "one record") { return arg.is_object(); }

Task<void> deliver(Lab& lab, ApiClient& agent, std::string path, json::object record) {
  const auto answer = co_await agent.post(path, std::move(record));
  lab.require("a record is taken", answer, IsTaken());
}

// So many files, of which at most ten are named.
json::object transfer_of(int count, std::string name) {
  json::object info;
  json::array files;
  for (int i = 0; i < std::min(count, 10); ++i)
    files.push_back(json::array{json::string(name), std::int64_t{1} << (40 - i)});
  info["files"] = files;
  info["ip"] = "2001:db8::9";
  info["name"] = "Zo\u00eb";
  info["num"] = count;
  return info;
}

}  // namespace

// The dialog opens again with the last text, which takes the place of the first.
CASE(audit_notes_kept, "api/audit/connections/last-note-kept",
     checks("HTTP-ACONN-04", "HTTP-ACONN-05", "HTTP-ACONN-06", "HTTP-ACONN-12"),
     after("api/audit/connections/session", "HTTP-ACONN-02"), takes(96s)) {
  LabAdmin admin(lab, {"read-connection-audits"});
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  json::object shown;
  for (const Way way : ways(lab)) {
    agent.use(way);
    // Two sessions whose numbers are one to somebody who cannot count so far.
    const auto session = fresh_session(lab, controller);
    auto other = fresh_session(lab, controller);
    other.session_id = session.session_id + 1;
    co_await begin_session(lab, agent, session);
    co_await begin_session(lab, agent, other);
    for (const char* text : {"still looking", "fixed the printer \u6771\u4eac"}) {
      json::object note;
      note["id"] = agent.id();
      note["session_id"] = session.session_id;
      note["note"] = text;
      co_await deliver(lab, agent, "/api/audit/conn", note);
    }
    const auto list = co_await admin.connection_audits(agent.id());
    const auto record = record_with(list, "conn_id", session.conn_id);
    const auto neighbour = record_with(list, "conn_id", other.conn_id);
    lab.verdict("HTTP-ACONN-04", record, Keeps("peer_id", session.controller));
    if (!record.is_object()) continue;
    shown = record.get_object();
    if (shown.contains("note")) {
      lab.verdict("HTTP-ACONN-12", record, Keeps("note", "fixed the printer \u6771\u4eac"));
      lab.verdict("HTTP-ACONN-05", neighbour, Keeps("note", ""));
    }
    if (shown.contains("session_id"))
      lab.verdict("HTTP-ACONN-06", record, Keeps("session_id", session.session_id));
  }
  for (const char* member : {"note", "session_id"})
    admin.need_shown("read-connection-audits", shown, member);
}

CASE(audit_files_kept, "api/audit/files/kept",
     checks("HTTP-AFILE-02", "HTTP-AFILE-03", "HTTP-AFILE-04", "HTTP-AFILE-05", "HTTP-AFILE-07"),
     after("api/audit/files/transfers", "HTTP-AFILE-02"), takes(96s)) {
  LabAdmin admin(lab, {"read-file-audits"});
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    ApiClient agent(lab, device), controller(lab);
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    struct Sent {
      const char* requirement;
      json::object record, info;
    };
    std::vector<Sent> all;
    for (const char* requirement :
         {"HTTP-AFILE-02", "HTTP-AFILE-03", "HTTP-AFILE-04", "HTTP-AFILE-05", "HTTP-AFILE-07"})
      all.push_back({requirement, file_record(lab, agent, session), transfer_of(2, "a.iso")});
    all[1].info = transfer_of(5000, "one of many");
    all[2].info = transfer_of(1, "");
    all[2].record["is_file"] = true;
    all[2].record["type"] = 1;
    all[4].info = transfer_of(3, "\u6771\u4eac \U0001F600 '; DROP TABLE files; --");
    for (auto& one : all) {
      const std::string long_one = one.requirement == std::string_view("HTTP-AFILE-07")
                                       ? std::string(2000, 'p') + "\\\"\u6771\u4eac"
                                       : std::string();
      one.record["path"] = "/home/bob/" + lab.fresh_id() + long_one;
      one.record["info"] = json::serialize(one.info);
    }
    all[3].record = of_old_client(all[3].record);
    for (const auto& one : all) co_await deliver(lab, agent, "/api/audit/file", one.record);
    const auto list = co_await admin.file_audits(agent.id());
    for (const auto& one : all) {
      const auto kept = record_with(list, "path", one.record.at("path"));
      lab.verdict(one.requirement, kept, HasInfo(one.info));
    }
    const auto single = record_with(list, "path", all[2].record.at("path"));
    lab.verdict("HTTP-AFILE-04", single, Keeps("is_file", true));
    lab.verdict("HTTP-AFILE-04", single, Keeps("type", 1));
  }
}

CASE(audit_alarms_kept, "api/audit/alarms/kept",
     checks("HTTP-AALARM-02", "HTTP-AALARM-03", "HTTP-AALARM-05", "HTTP-AALARM-06"),
     after("api/audit/alarms/types", "HTTP-AALARM-02"), takes(96s)) {
  LabAdmin admin(lab, {"read-alarm-audits"});
  for (const Way way : ways(lab)) {
    auto device = co_await lab.registered_device();
    ApiClient agent(lab, device), controller(lab);
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    for (const int kind : {0, 1, 6, 10, 11, 1000}) {
      auto record = alarm_record(lab, agent, session, kind);
      if (kind == 1) record = of_old_client(record);
      co_await deliver(lab, agent, "/api/audit/alarm", record);
    }
    json::object info;
    info["id"] = session.controller;
    info["conn_type"] = 3;
    info["message"] = "Zo\u00eb";
    info["tomorrow"] = json::array();
    auto odd = alarm_record(lab, agent, session, 9);
    odd["info"] = json::serialize(info);
    co_await deliver(lab, agent, "/api/audit/alarm", odd);
    const int burst = 5;  // attempts in a row, each of them turned away
    for (int i = 0; i < burst; ++i) {
      auto attempt = alarm_record(lab, agent, session, 2);
      co_await deliver(lab, agent, "/api/audit/alarm", attempt);
    }
    const auto list = co_await admin.alarm_audits(agent.id());
    const auto kept_attempts = std::count_if(list.begin(), list.end(), [](const json::value& one) {
      return one.is_object() && member_of(one.get_object(), "kind") == json::value(2);
    });
    lab.verdict("HTTP-AALARM-05", kept_attempts, testing::Eq(burst));
    for (const int kind : {0, 6, 10, 11, 1000}) {
      const auto kept = record_with(list, "kind", kind);
      lab.verdict("HTTP-AALARM-02", kept, IsOneRecord());
    }
    const auto old = record_with(list, "kind", 1);
    lab.verdict("HTTP-AALARM-06", old, IsOneRecord());
    const auto kept = record_with(list, "kind", 9);
    lab.verdict("HTTP-AALARM-03", kept, HasInfo(info));
  }
}

}  // namespace deskcheck::conformance
