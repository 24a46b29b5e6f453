// POST /api/record. Source: http-api.md section 7.1.
#include "reference-server/api/answers.hpp"
#include "reference-server/api/for_accounts.hpp"
#include "reference-server/api/groups.hpp"

#include <charconv>

namespace deskcheck::server::api {

namespace {

constexpr std::size_t kSmall = 1 << 20;  // bytes; less than what a device sends at once

std::optional<std::uint64_t> query_number(const Request& request, std::string_view name) {
  const auto text = request.query(name);
  if (!text || text->empty()) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

// Null: done. A device that reads no error goes on.
const char* step(const Request& request, net::Time now, Recordings& recordings,
                 const WrongApi& wrong) {
  auto name = request.query("file").value_or("");
  if (wrong.record_takes_paths) std::ranges::replace(name, '/', '_');
  if (wrong.record_takes_paths && name.starts_with('.')) name.insert(0, "_");
  if (!is_recording_name(name)) return "The name of the file is not taken";
  const auto type = request.query("type").value_or("");
  if (type == "new") return recordings.begin(name, now);
  if (type == "remove") return recordings.discard(name);
  const auto length = query_number(request, "length");
  if (length && *length != request.body.size()) return "The body does not have its length";
  if (type == "tail") return recordings.tail(name, request.body, now);
  if (type != "part") return "This type of request is not known";
  const auto offset = query_number(request, "offset");
  if (!offset) return "The offset is missing";
  return recordings.part(name, *offset, request.body, now);
}

Response record(const Request& request, net::Time now, Recordings& recordings,
                const WrongApi& wrong) {
  if (wrong.record_parts_are_small && request.body.size() >= kSmall)
    return failure(413, "The body is too long");
  const char* problem = step(request, now, recordings, wrong);
  if (problem && wrong.record_failure_is_a_bare_status) {
    auto response = empty_answer();
    response.status = 400;
    return response;
  }
  if (problem) return failure(400, problem);
  if (wrong.record_success_has_error) return json_answer(boost::json::object{{"error", ""}});
  return empty_answer();
}

}  // namespace

void add_record(Router& router, const Options& options, Recordings& recordings) {
  const WrongApi& wrong = options.faults.policies;
  router.add("POST", "/api/record", [&](const Request& request, net::Time now) {
    const bool needs_token = wrong.record_needs_token || wrong.everything_needs_a_token;
    if (needs_token && bearer(request).empty()) return failure(401, "Invalid token");
    if (wrong.record_needs_content_type && request.header("Content-Type").empty())
      return failure(415, "The Content-Type is missing");
    if (!options.take_recordings) return failure(403, "This server takes no recordings");
    return record(request, now, recordings, wrong);
  });
}

}  // namespace deskcheck::server::api
