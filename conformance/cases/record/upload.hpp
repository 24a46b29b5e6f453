// The recording of a session, as the recorder of the controlled device uploads it: without anything
// that says who it is, and never through the tunnel. client:src/hbbs_http/record_upload.rs
#pragma once

#include "conformance/lab/api_client.hpp"
#include "conformance/lab/api_matchers.hpp"

namespace deskcheck::conformance {

// Bytes of a part as large as parts of lively sessions are.
inline constexpr std::size_t kLargePart = 3 << 20;
// A name as devices give it to what comes in. client:libs/scrap/src/common/record.rs:58-84
std::string recording_name(Lab& lab);
// The query of such a step, its values encoded as a form is.
std::string record_query(std::initializer_list<std::pair<std::string_view, std::string>> values);

// One recording. What the server has taken is removed when the case ends, however that is.
class RecordUpload {
 public:
  RecordUpload(Lab& lab, ApiClient client, std::string file);

  const std::string& file() const { return file_; }
  Task<Answer<HttpAnswer>> begin();
  // These bytes of the file, which stand at `offset` there.
  Task<Answer<HttpAnswer>> part(std::uint64_t offset, std::string bytes);
  // The container's header, which is written again when all is known.
  Task<Answer<HttpAnswer>> tail(std::string first);
  Task<Answer<HttpAnswer>> remove();
  // POST with any query.
  Task<Answer<HttpAnswer>> ask(std::string query, std::string body);

 private:
  static Task<void> clear_up(RecordUpload upload);

  ApiClient client_;
  std::string file_;
  std::shared_ptr<bool> there_ = std::make_shared<bool>();  // the server has taken its beginning
};

// All steps in their order, each of which has to be taken; else the case is blocked.
Task<void> upload_whole(Lab& lab, RecordUpload& upload, std::string bytes);

// --- one answer
// The recorder goes on, and nobody is told something else.
MATCHER(TakesRecording, "2xx with an empty body, or with a JSON object without error") {
  if (!arg.arrived() || arg->status < 200 || arg->status > 299) return false;
  const auto body = object_in(*arg);
  return arg->body.empty() || (body && !body->contains("error"));
}
// Everything else is success to the recorder. client:src/hbbs_http/record_upload.rs:105-112
MATCHER(StopsRecording, "a JSON object with error") {
  const auto body = arg.arrived() ? object_in(*arg) : std::nullopt;
  return body && body->contains("error");
}
MATCHER(IsNoSilentFailure, "no status of 4xx or 5xx without a JSON object with error") {
  if (!arg.arrived()) return false;
  const auto body = object_in(*arg);
  return arg->status < 400 || (body && body->contains("error"));
}

}  // namespace deskcheck::conformance
