// The heartbeat of devices: an object, always, and nothing in it that nobody asked for.
#include "conformance/cases/api/general.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// The client borrows keys from the text, which escaped ones cannot be.
// client:src/hbbs_http/sync.rs:245
bool has_escaped_key(std::string_view text) {
  int depth = 0;
  bool key = false;  // the next string at depth 1 is a key
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      bool escaped = false;
      for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') escaped = true, ++at;
      if (escaped && depth == 1 && key) return true;
      key = false;
    } else if (text[at] == '{' || text[at] == '[') {
      key = ++depth == 1;
    } else if (text[at] == '}' || text[at] == ']') {
      --depth;
    } else if (text[at] == ',') {
      key = depth == 1;
    }
  }
  return false;
}

MATCHER(HasPlainKeys, "keys without JSON escapes") {
  return arg.arrived() && !has_escaped_key(arg->body);
}
MATCHER(DoesNotDenySysinfo, "no sysinfo that is false or null, which asks for it all the same") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  const auto* wish = body ? body->if_contains("sysinfo") : nullptr;
  return body && (!wish || (!wish->is_null() && *wish != json::value(false)));
}
MATCHER(HasWholeTimestamp, "a modified_at that is an integer, or none") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  const auto* at = body ? body->if_contains("modified_at") : nullptr;
  return body && (!at || at->is_int64());
}
MATCHER_P(ChangesWithStrategyOnly, known,
          "no modified_at other than the device's without a strategy") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  const auto* at = body ? body->if_contains("modified_at") : nullptr;
  return body && (!at || *at == json::value(known) || body->contains("strategy"));
}

}  // namespace

CASE(heartbeat, "api/heartbeat/answer",
     checks("HTTP-HB-01", "HTTP-HB-02", "HTTP-HB-03", "HTTP-HB-04", "HTTP-HB-09", "HTTP-HB-10",
            "HTTP-HB-12"),
     takes(kApiStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (const int known : {0, 1'767'225'600}) {
      auto body = agent.heartbeat_body();
      body["modified_at"] = known;
      const auto answer = co_await agent.post("/api/heartbeat", body);
      lab.verdict("HTTP-HB-01", answer, IsServedWithoutToken());
      lab.verdict("HTTP-HB-02", answer, AnswersObject());
      lab.verdict("HTTP-HB-12", answer, AnswersObject());
      lab.verdict("HTTP-HB-03", answer, HasPlainKeys());
      lab.verdict("HTTP-HB-04", answer, DoesNotDenySysinfo());
      lab.verdict("HTTP-HB-09", answer, HasWholeTimestamp());
      lab.verdict("HTTP-HB-10", answer, ChangesWithStrategyOnly(known));
    }
    auto connected = agent.heartbeat_body();
    connected["conns"] = {7, 2147483647};
    const auto answer = co_await agent.post("/api/heartbeat", connected);
    lab.verdict("HTTP-HB-02", answer, AnswersObject());
  }
}

// Whoever has told what the server wanted to know is not asked again.
CASE(heartbeat_after_sysinfo, "api/heartbeat/after-sysinfo", checks("HTTP-HB-04", "HTTP-HB-05"),
     after("api/sysinfo/updated", "HTTP-SYS-01"), takes(kAgentStory)) {
  auto device = co_await lab.registered_device();
  ApiClient agent(lab, device);
  const auto first = co_await agent.heartbeat();
  lab.require("a heartbeat before the upload", first, AnswersObject());
  const auto upload = co_await agent.sysinfo_until_known();
  lab.require("the upload", upload, AnswersText("SYSINFO_UPDATED"));
  for (const Way way : ways(lab)) {
    agent.use(way);
    for (int time = 0; time < 2; ++time) {
      const auto next = co_await agent.heartbeat();
      lab.verdict("HTTP-HB-05", next, LacksMember("sysinfo"));
      lab.verdict("HTTP-HB-04", next, LacksMember("sysinfo"));
    }
  }
}

// Devices report before anybody has heard of them.
CASE(heartbeat_unknown, "api/heartbeat/unknown-device", checks("HTTP-HB-14", "HTTP-HB-02"),
     takes(kApiStory)) {
  ApiClient agent(lab);
  for (const Way way : ways(lab)) {
    agent.use(way);
    const auto answer = co_await agent.heartbeat();
    lab.verdict("HTTP-HB-14", answer, IsNoServerError());
    lab.verdict("HTTP-HB-14", answer, AnswersObject());
    lab.verdict("HTTP-HB-02", answer, AnswersObject());
  }
}

}  // namespace deskcheck::conformance
