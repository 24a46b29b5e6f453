// The record of a session as its controlling client finds it, and the note that it leaves there.
#include "conformance/cases/api/general.hpp"
#include "conformance/cases/audit/records.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr net::Duration kNotePatience = 6s;  // client: dialog.dart:1703

MATCHER(IsQuotedText, "HTTP 200 with a JSON text that is not empty") {
  const auto body = arg.arrived() && arg->status == 200 ? json_in(*arg) : std::nullopt;
  return body && body->is_string() && !body->get_string().empty();
}
bool is_not_there(const Answer<HttpAnswer>& answer) { return answer && answer->status == 404; }

}  // namespace

CASE(audit_active, "api/audit/connections/active",
     checks("HTTP-AACT-01", "HTTP-AACT-02", "HTTP-AACT-03", "HTTP-ACONN-03"),
     after("api/audit/connections/session", "HTTP-ACONN-02"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  auto twin = co_await lab.registered_device();
  ApiClient agent(lab, device), other(lab, twin), controller(lab);
  const std::string token = co_await controller.sign_in("user");
  for (const Way way : ways(lab)) {
    controller.use(way);
    auto session = fresh_session(lab, controller);
    session.type = 1;
    // A number that everybody can read: the large ones have a case of their own.
    session.session_id = 2 + lab.random().below(1 << 30);
    const auto early = co_await ask_active(controller, agent.id(), session, token);
    co_await begin_session(lab, agent, session);
    // The same numbers on another device are another connection.
    auto twins = session;
    twins.session_id = session.session_id ^ 1;
    co_await begin_session(lab, other, twins);
    const std::string guid = co_await wait_for_guid(lab, controller, agent.id(), session, token);
    const auto answer = co_await ask_active(controller, agent.id(), session, token);
    if (is_not_there(early) && is_not_there(answer))
      lab.not_applicable("the target has no notes of sessions, which clients accept");
    lab.verdict("HTTP-AACT-02", early, IsNoGuidYet());
    lab.verdict("HTTP-AACT-01", answer, IsQuotedText());
    if (!lab.verdict("HTTP-AACT-03", guid, testing::Not(testing::IsEmpty()))) co_return;
    const std::string theirs = co_await wait_for_guid(lab, controller, other.id(), twins, token);
    lab.verdict("HTTP-ACONN-03", theirs, testing::Ne(guid));
    auto wrong_type = session;
    wrong_type.type = 0;
    const auto of_type = co_await ask_active(controller, agent.id(), wrong_type, token);
    lab.verdict("HTTP-AACT-01", of_type, IsNoGuidYet());
    const auto elsewhere = co_await ask_active(controller, other.id(), session, token);
    lab.verdict("HTTP-AACT-01", elsewhere, IsNoGuidYet());
  }
}

// Above 2^53 numbers differ that are the same to whoever reads them as floating point.
CASE(audit_numbers, "api/audit/connections/large-numbers",
     checks("HTTP-AACT-04", "HTTP-ACONN-06", "HTTP-GEN-13"),
     after("api/audit/connections/active", "HTTP-AACT-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const std::string token = co_await controller.sign_in("user");
  for (const Way way : ways(lab)) {
    controller.use(way);
    agent.use(way);
    std::set<std::string> guids;
    // The largest numbers that there are, and not twice the same of one device.
    const std::uint64_t last = ~std::uint64_t{0} - (way == Way::directly ? 0 : 3);
    for (const std::uint64_t number : {last, last - 1, last - 2}) {
      auto session = fresh_session(lab, controller);
      session.session_id = number;
      co_await begin_session(lab, agent, session);
      const std::string guid = co_await wait_for_guid(lab, controller, agent.id(), session, token);
      lab.verdict("HTTP-AACT-04", guid, testing::Not(testing::IsEmpty()));
      guids.insert(guid);
    }
    const std::size_t distinct = guids.size();
    lab.verdict("HTTP-ACONN-06", distinct, testing::Eq(3u));
    lab.verdict("HTTP-GEN-13", distinct, testing::Eq(3u));
  }
}

// The note comes when the session has ended.
CASE(audit_note, "api/audit/note/after-the-end",
     checks("HTTP-ANOTE-01", "HTTP-ANOTE-02", "HTTP-ANOTE-03"),
     after("api/audit/connections/active", "HTTP-AACT-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  const std::string token = co_await controller.sign_in("user");
  for (const Way way : ways(lab)) {
    controller.use(way);
    const auto session = fresh_session(lab, controller);
    co_await begin_session(lab, agent, session);
    const std::string guid = co_await wait_for_guid(lab, controller, agent.id(), session, token);
    lab.require("the GUID of the session", guid, testing::Not(testing::IsEmpty()));
    const auto closed = co_await agent.post("/api/audit/conn", close_record(lab, agent, session));
    lab.require("the end of the session", closed, IsDelivered());
    for (const char* note :
         {"fixed the printer", "Zo\u00eb \u6771\u4eac '; DROP TABLE audits; --"}) {
      const net::Time begun = lab.now();
      const auto answer = co_await put_note(controller, guid, note, token);
      const net::Duration took = lab.now() - begun;
      lab.verdict("HTTP-ANOTE-01", answer, HasStatus(200));
      lab.verdict("HTTP-ANOTE-02", answer, HasStatus(200));
      lab.verdict("HTTP-ANOTE-02", took, IsShorterThan(kNotePatience));
      lab.verdict("HTTP-ANOTE-03", answer, HasStatus(200));
    }
  }
}

// Whoever did not control the device writes nothing, whatever GUID he knows.
CASE(audit_note_foreign, "api/audit/note/others",
     checks("HTTP-ANOTE-01", "HTTP-ANOTE-04", "HTTP-GEN-04", "HTTP-GEN-07"),
     after("api/audit/note/after-the-end"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device), controller(lab);
  auto thief = controller.neighbour();
  const std::string token = co_await controller.sign_in("user");
  const std::string others = co_await thief.sign_in("other");
  const auto session = fresh_session(lab, controller);
  co_await begin_session(lab, agent, session);
  const std::string guid = co_await wait_for_guid(lab, controller, agent.id(), session, token);
  lab.require("the GUID of the session", guid, testing::Not(testing::IsEmpty()));
  const std::string unknown = "0c0ffee0-0000-4000-8000-000000000000", wrong = "wrong-" + guid, none;
  for (const Way way : ways(lab)) {
    thief.use(way);
    controller.use(way);
    const auto foreign = co_await put_note(thief, guid, "not mine", others);
    lab.verdict("HTTP-ANOTE-04", foreign, IsNot(HasStatus(200)));
    lab.verdict("HTTP-ANOTE-04", foreign, IsNoServerError());
    const auto nothing = co_await put_note(controller, unknown, "x", token);
    lab.verdict("HTTP-ANOTE-01", nothing, IsNot(HasStatus(200)));
    lab.verdict("HTTP-GEN-07", nothing, IsNoServerError());
    const auto gone = co_await put_note(thief, guid, "x", wrong);
    lab.verdict("HTTP-GEN-04", gone, Is401());
    const auto nobody = co_await put_note(thief, guid, "x", none);
    lab.verdict("HTTP-ANOTE-01", nobody, IsNot(HasStatus(200)));
    for (const char* body : {"", "{", "[]", "{}", R"({"guid":5,"note":[]})", R"({"guid":null})"}) {
      const auto answer = co_await controller.call("PUT", "/api/audit", body, token);
      lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
    }
  }
}

}  // namespace deskcheck::conformance
