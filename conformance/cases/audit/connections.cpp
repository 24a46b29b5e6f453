// Connections to a device, as its agent reports them.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/audit/records.hpp"

#include <boost/json/serialize.hpp>

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

// New, logged in, a note, closed: each is acknowledged with nothing, or it comes twice more.
CASE(audit_session, "api/audit/connections/session",
     checks("HTTP-ACONN-01", "HTTP-ACONN-02", "HTTP-ACONN-04", "HTTP-ACONN-05", "HTTP-ACONN-06",
            "HTTP-GEN-11", "HTTP-GEN-14"),
     takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    const auto begun = co_await agent.post("/api/audit/conn", new_record(lab, agent, session));
    lab.verdict("HTTP-ACONN-02", begun, IsServedWithoutToken());
    lab.verdict("HTTP-GEN-11", begun, IsServedWithoutToken());
    if (!lab.verdict("HTTP-ACONN-01", begun, IsDelivered())) co_return;
    const auto known =
        co_await agent.post("/api/audit/conn", authorised_record(lab, agent, session));
    lab.verdict("HTTP-ACONN-04", known, IsDelivered());
    lab.verdict("HTTP-ACONN-06", known, IsDelivered());
    json::object note;
    note["id"] = agent.id();
    note["session_id"] = session.session_id;
    note["note"] = "fixed the printer \u6771\u4eac";
    const auto noted = co_await agent.post("/api/audit/conn", note);
    lab.verdict("HTTP-ACONN-05", noted, IsDelivered());
    const auto closed =
        co_await agent.post("/api/audit/conn", of_tomorrow(close_record(lab, agent, session)));
    lab.verdict("HTTP-GEN-14", closed, IsDelivered());
    lab.verdict("HTTP-ACONN-01", closed, IsDelivered());
  }
}

// What older clients leave out, connections that nobody logged in on, numbers that begin anew.
CASE(audit_variants, "api/audit/connections/variants",
     checks("HTTP-ACONN-08", "HTTP-ACONN-10", "HTTP-ACONN-11"),
     after("api/audit/connections/session", "HTTP-ACONN-01"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    for (const auto& record :
         {new_record(lab, agent, session), authorised_record(lab, agent, session),
          close_record(lab, agent, session)}) {
      const auto answer = co_await agent.post("/api/audit/conn", of_old_client(record));
      lab.verdict("HTTP-ACONN-08", answer, IsDelivered());
    }
    const auto refused = fresh_session(lab, controller);
    const auto begun = co_await agent.post("/api/audit/conn", new_record(lab, agent, refused));
    lab.require("the record of a new connection", begun, IsDelivered());
    auto end = close_record(lab, agent, refused);
    end["session_id"] = 0;
    const auto closed = co_await agent.post("/api/audit/conn", end);
    lab.verdict("HTTP-ACONN-10", closed, IsDelivered());
    // The agent starts again and counts from the beginning.
    auto second = fresh_session(lab, controller);
    second.conn_id = session.conn_id;
    for (const auto& record :
         {new_record(lab, agent, second), authorised_record(lab, agent, second)}) {
      const auto answer = co_await agent.post("/api/audit/conn", record);
      lab.verdict("HTTP-ACONN-11", answer, IsDelivered());
    }
  }
}

// The acknowledgement got lost: the same record again is no other one.
CASE(audit_again, "api/audit/connections/again", checks("HTTP-ACONN-07", "HTTP-ACONN-03"),
     after("api/audit/connections/active", "HTTP-AACT-01"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const std::string token = co_await controller.sign_in("user");
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    const auto begun = new_record(lab, agent, session);
    const auto known = authorised_record(lab, agent, session);
    std::set<std::string> guids;
    for (int time = 0; time < 3; ++time) {
      for (const auto& record : {begun, known}) {
        const auto answer = co_await agent.post("/api/audit/conn", record);
        lab.verdict("HTTP-ACONN-07", answer, IsDelivered());
      }
      guids.insert(co_await wait_for_guid(lab, controller, agent.id(), session, token));
    }
    const std::size_t records = guids.size();
    lab.verdict("HTTP-ACONN-03", records, testing::Eq(1u));
    lab.verdict("HTTP-ACONN-07", records, testing::Eq(1u));
  }
}

CASE(audit_malformed, "api/audit/connections/malformed",
     checks("HTTP-GEN-07", "HTTP-GEN-17", "HTTP-ACONN-01"),
     after("api/audit/connections/session", "HTTP-ACONN-01"), takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const auto session = fresh_session(lab, controller);
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (const char* path : {"/api/audit/conn", "/api/audit/file", "/api/audit/alarm"})
      for (const char* body :
           {"", "{", "[]", "null", "5", "{}", R"({"id":5,"uuid":[],"conn_id":"x"})",
            R"({"id":"1","session_id":-1,"note":7})", R"({"id":"1","uuid":"YQ==","conn_id":1e400})",
            R"({"id":"1","uuid":"YQ==","conn_id":99999999999999999999,"action":{}})",
            R"({"id":"1","uuid":"YQ==","peer":["x"],"type":"y","session_id":1})",
            R"({"id":"1","uuid":"YQ==","info":{"num":1},"typ":[]})", "{\"id\":\"\xff\"}"}) {
        const auto answer = co_await agent.post_text(path, body);
        lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
      }
  }
  const auto next = co_await agent.post("/api/audit/conn", new_record(lab, agent, session));
  lab.verdict("HTTP-ACONN-01", next, IsDelivered());
  (void)co_await api_still_serves(lab, agent, "HTTP-GEN-17");
}

}  // namespace deskcheck::conformance
