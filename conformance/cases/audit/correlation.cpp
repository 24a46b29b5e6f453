// Which records are of one connection: those with the same number from the same device, until the
// device begins to count anew. Seen by the GUIDs that the connections have.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/audit/records.hpp"

namespace deskcheck::conformance {

// Whoever controls a desktop and opens the files from there has two connections in one session.
// client:src/client.rs:1857-1870
CASE(audit_kinds, "api/audit/connections/two-in-a-session", checks("HTTP-ACONN-03"),
     after("api/audit/connections/active", "HTTP-AACT-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const std::string token = co_await controller.sign_in("user");
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto desktop = fresh_session(lab, controller);
    auto files = fresh_session(lab, controller);
    files.session_id = desktop.session_id;
    files.type = 1;
    co_await begin_session(lab, agent, desktop);
    const std::string first = co_await wait_for_guid(lab, controller, agent.id(), desktop, token);
    lab.require("the GUID of a connection", first, testing::Not(testing::IsEmpty()));
    co_await begin_session(lab, agent, files);
    const std::string second = co_await wait_for_guid(lab, controller, agent.id(), files, token);
    lab.verdict("HTTP-ACONN-03", second, IsAnotherGuidThan(first));
    const std::string still = co_await wait_for_guid(lab, controller, agent.id(), desktop, token);
    lab.verdict("HTTP-ACONN-03", still, testing::Eq(first));
  }
}

// An agent that has crashed said no "close", and counts from the beginning.
CASE(audit_restart, "api/audit/connections/restarted-agent", checks("HTTP-ACONN-11"),
     after("api/audit/connections/active", "HTTP-AACT-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const std::string token = co_await controller.sign_in("user");
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto session = fresh_session(lab, controller);
    co_await begin_session(lab, agent, session);
    const std::string first = co_await wait_for_guid(lab, controller, agent.id(), session, token);
    lab.require("the GUID of a connection", first, testing::Not(testing::IsEmpty()));
    auto later = fresh_session(lab, controller);
    later.conn_id = session.conn_id;
    for (const auto& record :
         {new_record(lab, agent, later), authorised_record(lab, agent, later)}) {
      const auto answer = co_await agent.post("/api/audit/conn", record);
      lab.verdict("HTTP-ACONN-11", answer, IsDelivered());
    }
    const std::string second = co_await wait_for_guid(lab, controller, agent.id(), later, token);
    lab.verdict("HTTP-ACONN-11", second, IsAnotherGuidThan(first));
  }
}

}  // namespace deskcheck::conformance
