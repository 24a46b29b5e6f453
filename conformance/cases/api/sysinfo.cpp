// What devices tell about themselves, and the version of what the server knows of it.
#include "conformance/cases/api/general.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kUpdated = "SYSINFO_UPDATED";
constexpr std::string_view kUnknown = "ID_NOT_FOUND";

MATCHER(IsHtml, "an HTML page") {
  return arg.arrived() && (arg->body.find("<html") != std::string::npos ||
                           arg->body.find("<!DOCTYPE") != std::string::npos ||
                           arg->body.find("<!doctype") != std::string::npos);
}
MATCHER(HasBody, "a body that is not empty") { return arg.arrived() && !arg->body.empty(); }
MATCHER_P(HasTheBody, body, "the body " + show_bytes(body)) {
  return arg.arrived() && arg->body == body;
}

}  // namespace

CASE(sysinfo, "api/sysinfo/updated",
     checks("HTTP-SYS-01", "HTTP-SYS-02", "HTTP-SYS-04", "HTTP-SYS-06", "HTTP-SYS-10"),
     takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto first = co_await agent.sysinfo_until_known();
  lab.verdict("HTTP-SYS-02", first, IsNot(AnswersText(kUnknown)));
  lab.verdict("HTTP-SYS-10", first, AnswersText(kUpdated));
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto answer = co_await agent.sysinfo();
    lab.verdict("HTTP-SYS-01", answer, AnswersText(kUpdated));
    lab.verdict("HTTP-SYS-06", answer, AnswersText(kUpdated));
    const auto more = co_await agent.post("/api/sysinfo", of_tomorrow(agent.sysinfo_body()));
    lab.verdict("HTTP-SYS-04", more, AnswersText(kUpdated));
  }
}

// What is not always there, and what is only there where an operator has set it.
CASE(sysinfo_optional, "api/sysinfo/optional-members", checks("HTTP-SYS-05"),
     after("api/sysinfo/updated", "HTTP-SYS-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  auto body = agent.sysinfo_body();
  body.erase("username");
  const auto known = co_await agent.sysinfo_until_known();
  lab.require("an upload", known, AnswersText(kUpdated));
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto answer = co_await agent.post("/api/sysinfo", body);
    lab.verdict("HTTP-SYS-05", answer, AnswersText(kUpdated));
  }
}

// Sent at every start, and when somebody else signs in to the computer; many have the same name.
CASE(sysinfo_again, "api/sysinfo/again", checks("HTTP-SYS-06", "HTTP-SYS-08"),
     after("api/sysinfo/updated", "HTTP-SYS-01"), takes(96s)) {
  auto device = co_await lab.registered_device();
  auto twin = co_await lab.registered_device();
  ApiClient agent(lab, device), other(lab, twin);
  const auto first = co_await agent.sysinfo_until_known();
  lab.require("an upload", first, AnswersText(kUpdated));
  auto same_names = other.sysinfo_body();
  same_names["hostname"] = agent.sysinfo_body()["hostname"];
  const auto known = co_await other.sysinfo_until_known();
  lab.require("an upload of another device", known, AnswersText(kUpdated));
  for (const Way way : ways(lab)) {
    agent.use(way);
    other.use(way);
    auto changed = agent.sysinfo_body();
    changed["hostname"] = "renamed";
    changed["username"] = "somebody else";
    const auto again = co_await agent.post("/api/sysinfo", changed);
    lab.verdict("HTTP-SYS-06", again, AnswersText(kUpdated));
    const auto like = co_await other.post("/api/sysinfo", same_names);
    lab.verdict("HTTP-SYS-08", like, AnswersText(kUpdated));
    const auto heartbeat = co_await agent.heartbeat();
    lab.verdict("HTTP-SYS-08", heartbeat, LacksMember("sysinfo"));
  }
}

// No token protects an upload: the uuid does.
CASE(sysinfo_foreign, "api/sysinfo/foreign-uuid", checks("HTTP-SYS-03", "HTTP-SYS-09"),
     after("api/sysinfo/updated", "HTTP-SYS-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto first = co_await agent.sysinfo_until_known();
  lab.require("an upload", first, AnswersText(kUpdated));
  auto thief = agent.neighbour();
  thief.pretend(agent.id(), thief.uuid());
  for (const Way way : ways(lab)) {
    thief.use(way);
    const auto answer = co_await thief.sysinfo();
    lab.verdict("HTTP-SYS-09", answer, IsNot(AnswersText(kUpdated)));
    lab.verdict("HTTP-SYS-03", answer, IsNot(AnswersText(kUnknown)));
  }
  const auto owner = co_await agent.sysinfo();
  lab.verdict("HTTP-SYS-09", owner, AnswersText(kUpdated));
}

CASE(sysinfo_malformed, "api/sysinfo/malformed",
     checks("HTTP-SYS-03", "HTTP-GEN-07", "HTTP-GEN-17"), takes(96s)) {
  ApiClient agent(lab);
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (const char* path : {"/api/sysinfo", "/api/heartbeat"})
      for (const char* text :
           {"", "{", "[]", "null", "{}", R"({"id":5,"uuid":7})", R"({"id":"","uuid":""})",
            "{\"id\":\"\xff\",\"uuid\":\"YQ==\"}",
            R"({"id":"1","uuid":"YQ==","ver":"x","conns":"y","modified_at":{}})"}) {
        const auto answer = co_await agent.post_text(path, text);
        lab.verdict("HTTP-GEN-07", answer, IsNoServerError());
        lab.verdict("HTTP-SYS-03", answer, IsNot(AnswersText(kUnknown)));
      }
  }
  (void)co_await api_still_serves(lab, agent, "HTTP-GEN-17");
}

// What clients from 1.3.8 to 1.4.0 ask before they upload what they have uploaded before.
CASE(sysinfo_version, "api/sysinfo/version",
     checks("HTTP-SYSVER-01", "HTTP-SYSVER-02", "HTTP-SYSVER-03", "HTTP-SYSVER-05"),
     takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto first = co_await agent.sysinfo_version();
  lab.verdict("HTTP-SYSVER-05", first, IsNot(IsHtml()));
  if (first && first->status == 404)
    lab.not_applicable("there is no sysinfo_ver, which clients from 1.4.1 on never ask for");
  lab.verdict("HTTP-SYSVER-01", first, HasStatus(200));
  lab.verdict("HTTP-SYSVER-03", first, HasBody());
  if (!first) co_return;
  const std::string version = first->body;
  const auto upload = co_await agent.sysinfo_until_known();
  upload.ignore();  // something happened in between
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto again = co_await agent.sysinfo_version();
    lab.verdict("HTTP-SYSVER-02", again, HasTheBody(version));
  }
}

}  // namespace deskcheck::conformance
