// Uploads the recording of a session while it grows. Stock clients have this switched off.
// Source: http-api.md chapter 7; client:src/hbbs_http/record_upload.rs
#pragma once

#include "client-sim/account/http_stacks.hpp"

namespace deskcheck::sim {

class RecordingUpload {
 public:
  // The stacks outlive it.
  explicit RecordingUpload(HttpStacks* stacks) : stacks_(stacks) {}

  // A file is begun; an earlier one is left as it is.
  Task<void> begin(std::string file);
  // A frame has been written to its end. Sent later, and together with others, unless 1 s has
  // passed and 1 MiB has come together.
  Task<void> grow(std::string bytes);
  // The recording is complete; its first bytes have become these.
  Task<void> finish(std::string head);
  // It was too short to be kept.
  Task<void> discard();

  // False after a failure, until the next begin().
  bool running() const { return running_; }
  const std::string& failure() const { return failure_; }

 private:
  Task<void> send_part(bool everything);
  Task<void> send(std::string query, std::string body);

  HttpStacks* stacks_;
  std::string file_, content_;
  std::size_t sent_ = 0;  // bytes
  net::Time last_sent_{};
  bool running_ = false;
  std::string failure_;
};

}  // namespace deskcheck::sim
