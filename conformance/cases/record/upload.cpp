#include "conformance/cases/record/upload.hpp"

#include <string_view>

namespace deskcheck::conformance {

namespace {

// As a form is written: what is not plain becomes %XX, and a space a plus.
std::string form_encoded(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-._";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != kPlain.npos)
      encoded += c;
    else if (c == ' ')
      encoded += '+';
    else
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

}  // namespace

std::string recording_name(Lab& lab) {
  return "incoming_" + lab.fresh_id() + "_20260101120000123_display0_vp9.webm";
}

std::string record_query(std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string query;
  for (const auto& [name, value] : values) {
    query += query.empty() ? '?' : '&';
    query += std::string(name) + '=' + form_encoded(value);
  }
  return query;
}

RecordUpload::RecordUpload(Lab& lab, ApiClient client, std::string file)
    : client_(std::move(client)), file_(std::move(file)) {
  lab.at_end([upload = *this] { return clear_up(upload); });
}

Task<Answer<HttpAnswer>> RecordUpload::ask(std::string query, std::string body) {
  HttpQuestion question("POST", "/api/record" + query);
  question.body = std::move(body);
  return client_.ask(std::move(question));
}

Task<Answer<HttpAnswer>> RecordUpload::begin() {
  const std::string query = record_query({{"type", "new"}, {"file", file_}});
  auto answer = co_await ask(query, "");
  *there_ = *there_ || (answer && answer->status == 200);
  co_return std::move(answer);
}
Task<Answer<HttpAnswer>> RecordUpload::part(std::uint64_t offset, std::string bytes) {
  const auto query = record_query({{"type", "part"},
                                   {"file", file_},
                                   {"offset", std::to_string(offset)},
                                   {"length", std::to_string(bytes.size())}});
  return ask(query, std::move(bytes));
}
Task<Answer<HttpAnswer>> RecordUpload::tail(std::string first) {
  const auto query = record_query({{"type", "tail"},
                                   {"file", file_},
                                   {"offset", "0"},
                                   {"length", std::to_string(first.size())}});
  return ask(query, std::move(first));
}
Task<Answer<HttpAnswer>> RecordUpload::remove() {
  return ask(record_query({{"type", "remove"}, {"file", file_}}), "");
}

Task<void> RecordUpload::clear_up(RecordUpload upload) {
  if (!*upload.there_) co_return;
  upload.client_.forget_waiting();
  try {
    const auto removed = co_await upload.remove();
    removed.ignore();
  } catch (const EarlyEnd&) {  // there is nobody to tell
  }
}

Task<void> upload_whole(Lab& lab, RecordUpload& upload, std::string bytes) {
  const auto begun = co_await upload.begin();
  lab.require("the beginning of a recording", begun, TakesRecording());
  const std::string first = bytes.substr(0, 1024);
  const auto sent = co_await upload.part(0, std::move(bytes));
  lab.require("a part of a recording", sent, TakesRecording());
  const auto ended = co_await upload.tail(first);
  lab.require("the end of a recording", ended, TakesRecording());
}

}  // namespace deskcheck::conformance
