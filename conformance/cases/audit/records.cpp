#include "conformance/cases/audit/records.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

json::object record_of(Lab& lab, const ApiClient& agent, const AuditedSession& session,
                       std::uint64_t session_id) {
  json::object record = agent.identity();
  record["conn_id"] = session.conn_id;
  record["session_id"] = session_id;
  record["nonce"] = "nonce-" + lab.fresh_id();
  return record;
}

}  // namespace

AuditedSession fresh_session(Lab& lab, const ApiClient& controller) {
  AuditedSession session;
  session.conn_id = static_cast<std::int32_t>(1 + lab.random().below(1 << 30));
  session.session_id = (std::uint64_t{3} << 62) + lab.random().below(1 << 30);
  session.controller = controller.id();
  return session;
}

json::object new_record(Lab& lab, const ApiClient& agent, const AuditedSession& session) {
  auto record = record_of(lab, agent, session, 0);
  record["action"] = "new";
  record["ip"] = "203.0.113.9";
  record["conn_audit_ref"] = "r-" + lab.fresh_id();
  return record;
}
json::object authorised_record(Lab& lab, const ApiClient& agent, const AuditedSession& session) {
  auto record = record_of(lab, agent, session, session.session_id);
  record["peer"] = json::array{json::string(session.controller), "alice"};
  record["type"] = session.type;
  record["primary_auth"] = 3;
  record["two_factor"] = 1;
  return record;
}
json::object close_record(Lab& lab, const ApiClient& agent, const AuditedSession& session) {
  auto record = record_of(lab, agent, session, session.session_id);
  record["action"] = "close";
  return record;
}
json::object file_record(Lab& lab, const ApiClient& agent, const AuditedSession& session) {
  auto record = record_of(lab, agent, session, 0);
  record.erase("session_id");
  record["peer_id"] = session.controller;
  record["type"] = 0;
  record["path"] = "C:\\Users\\bob\\docs";
  record["is_file"] = false;
  record["info"] =
      R"({"files":[["a.iso",734003200],["b.txt",12]],"ip":"203.0.113.9","name":"alice","num":2})";
  return record;
}
json::object alarm_record(Lab& lab, const ApiClient& agent, const AuditedSession& session,
                          int type) {
  auto record = record_of(lab, agent, session, 0);
  record.erase("session_id");
  record["typ"] = type;
  json::object info;
  info["ip"] = "203.0.113.9";
  if (type != 0) {
    info["id"] = session.controller;
    info["name"] = "alice";
  }
  record["info"] = json::serialize(info);
  return record;
}
json::object of_old_client(json::object record) {
  for (const char* name : {"nonce", "conn_audit_ref", "primary_auth", "two_factor"})
    record.erase(name);
  if (record.contains("info")) record.erase("conn_id");
  return record;
}

Task<void> begin_session(Lab& lab, ApiClient& agent, const AuditedSession& session) {
  const auto begun = co_await agent.post("/api/audit/conn", new_record(lab, agent, session));
  lab.require("the record of a new connection", begun, IsTaken());
  const auto known = co_await agent.post("/api/audit/conn", authorised_record(lab, agent, session));
  lab.require("the record of its login", known, IsTaken());
}

Task<Answer<HttpAnswer>> ask_active(ApiClient& controller, std::string device,
                                    AuditedSession session, std::string token) {
  HttpQuestion question("GET", "/api/audit/conn/active?id=" + device +
                                   "&session_id=" + std::to_string(session.session_id) +
                                   "&conn_type=" + std::to_string(session.type));
  if (!token.empty()) question.headers.emplace_back("Authorization", "Bearer " + token);
  question.headers.emplace_back("Content-Type", "application/json");
  return controller.ask(std::move(question));
}

Task<std::string> wait_for_guid(Lab& lab, ApiClient& controller, std::string device,
                                AuditedSession session, std::string token) {
  for (const net::Duration pause : {1s, 1s, 2s, 2s, 3s, 0s}) {
    const auto answer = co_await ask_active(controller, device, session, token);
    const auto body = answer && answer->status == 200 ? json_in(*answer) : std::nullopt;
    if (body && body->is_string() && !body->get_string().empty())
      co_return std::string(body->get_string());
    if (!answer || answer->status != 200 || pause == 0s) break;
    co_await lab.wait(pause);
  }
  co_return std::string();
}

Task<Answer<HttpAnswer>> put_note(ApiClient& controller, std::string guid, std::string note,
                                  std::string token) {
  json::object body;
  body["guid"] = guid;
  body["note"] = note;
  return controller.call("PUT", "/api/audit", json::serialize(body), std::move(token));
}

}  // namespace deskcheck::conformance
