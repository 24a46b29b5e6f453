#include "client-sim/agent/recording.hpp"

#include "client-sim/account/answer_classes.hpp"

namespace deskcheck::sim {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kHead = 1024;         // bytes
constexpr std::size_t kPart = 1024 * 1024;  // bytes that are worth sending
constexpr net::Duration kPause = 1s;

}  // namespace

Task<void> RecordingUpload::send(std::string query, std::string body) {
  std::string path = "/api/record?type=" + query;
  const auto answer = co_await stacks_->upload(std::move(path), std::move(body));
  std::string failure;
  if (!answer) {
    failure = answer.error().message();
  } else if (const auto value = parse_json(answer->body); value && value->is_object()) {
    if (const auto* error = value->get_object().if_contains("error"))
      failure = boost::json::serialize(*error);
  }
  if (failure.empty()) co_return;
  running_ = false;
  failure_ = failure;
  stacks_->recorder().note("upload stop: " + failure);
}

Task<void> RecordingUpload::begin(std::string file) {
  file_ = net::percent_encoded(file);
  content_.clear();
  sent_ = 0;
  running_ = true;
  failure_.clear();
  last_sent_ = stacks_->world().clock.now();
  co_await send("new&file=" + file_, "");
}

Task<void> RecordingUpload::grow(std::string bytes) {
  content_ += bytes;
  if (!running_) co_return;
  co_await send_part(false);
}

Task<void> RecordingUpload::send_part(bool everything) {
  const net::Time now = stacks_->world().clock.now();
  if (content_.size() == sent_) co_return;
  if (!everything && (now - last_sent_ < kPause || content_.size() - sent_ < kPart)) co_return;
  std::string part = content_.substr(sent_);
  std::string query = "part&file=" + file_ + "&offset=" + std::to_string(sent_) +
                      "&length=" + std::to_string(part.size());
  co_await send(std::move(query), std::move(part));
  if (!running_) co_return;
  sent_ = content_.size();
  last_sent_ = stacks_->world().clock.now();
}

Task<void> RecordingUpload::finish(std::string head) {
  content_.replace(0, std::min(head.size(), content_.size()), head);
  if (running_) co_await send_part(true);
  if (!running_) co_return;
  std::string tail = content_.substr(0, kHead);
  std::string query = "tail&file=" + file_ + "&offset=0&length=" + std::to_string(tail.size());
  co_await send(std::move(query), std::move(tail));
}

Task<void> RecordingUpload::discard() {
  if (!running_) co_return;
  co_await send("remove&file=" + file_, "");
}

}  // namespace deskcheck::sim
