#include "reference-server/api/recordings.hpp"

#include "reference-server/calendar.hpp"

#include <algorithm>

namespace deskcheck::server::api {

namespace {

constexpr std::uint64_t kMostInMemory = 256 << 20;  // bytes
constexpr std::size_t kMostRecordings = 100'000;
constexpr std::size_t kLongestTail = 1024;  // bytes
constexpr const char* kRecordingsBroken = "The server cannot use its storage";
constexpr const char* kNoUpload = "There is no such upload";

}  // namespace

Recordings::Recordings(const Options& options)
    : options_(options), wrong_(options.faults.policies), most_(options.limits.recordings) {
  if (options.recording_folder.empty()) {
    store_ = std::make_unique<MemoryRecordingStore>();
    most_ = std::min(most_, kMostInMemory);
  } else {
    store_ = std::make_unique<FolderRecordingStore>(options.recording_folder);
  }
}

std::optional<RecordingInfo> Recordings::growing(const std::string& name) {
  auto info = store_->find(name);
  if (!info || !*info || (*info)->complete) return std::nullopt;
  return std::move(**info);
}

const char* Recordings::may_begin(const std::string& name) {
  const auto all = store_->list();
  if (!all) return kRecordingsBroken;
  total_ = 0;
  std::size_t others = 0;
  for (const auto& one : *all) {
    if (one.file == name) continue;
    total_ += one.size;
    ++others;
  }
  if (others >= kMostRecordings || total_ >= most_) return "The server takes no more recordings";
  return nullptr;
}

// Whatever had this name goes (HTTP-REC-01).
const char* Recordings::begin(const std::string& name, net::Time now) {
  if (const char* refusal = may_begin(name)) return refusal;
  if (wrong_.record_new_keeps_old && growing(name)) return nullptr;
  return store_->create(name, unix_time(options_, now)) ? nullptr : kRecordingsBroken;
}

const char* Recordings::written(const std::string& name, std::uint64_t offset,
                                std::string_view bytes, net::Time now) {
  const auto info = growing(name);
  if (!info) return kNoUpload;
  if (wrong_.record_part_appends) offset = info->size;
  if (offset > info->size) return "The upload has a gap";
  const auto growth = std::max(info->size, offset + bytes.size()) - info->size;
  if (info->size + growth > options_.limits.recording) return "The recording is too long";
  if (total_ + growth > most_) return "The server takes no more recordings";
  if (!store_->write(name, offset, bytes, unix_time(options_, now))) return kRecordingsBroken;
  total_ += growth;
  return nullptr;
}

const char* Recordings::part(const std::string& name, std::uint64_t offset, std::string_view bytes,
                             net::Time now) {
  return written(name, offset, bytes, now);
}

const char* Recordings::tail(const std::string& name, std::string_view bytes, net::Time now) {
  if (bytes.size() > kLongestTail) return "The tail is too long";
  if (wrong_.record_tail_truncates && growing(name))
    (void)store_->create(name, unix_time(options_, now));
  if (const char* refusal = written(name, 0, bytes, now)) return refusal;
  return store_->complete(name) ? nullptr : kRecordingsBroken;
}

const char* Recordings::discard(const std::string& name) {
  if (wrong_.record_remove_removes_nothing) return nullptr;
  const auto removed = remove(name);
  if (!removed) return kRecordingsBroken;
  return *removed ? nullptr : "There is no such recording";
}

Recordings::Result<std::vector<RecordingInfo>> Recordings::list() {
  auto all = store_->list();
  if (all && wrong_.record_without_tail_is_lost)
    std::erase_if(*all, [](const RecordingInfo& one) { return !one.complete; });
  return all;
}

Recordings::Result<std::optional<StoredBytes>> Recordings::read(const std::string& name) {
  if (!is_recording_name(name)) return std::optional<StoredBytes>();
  return store_->read(name);
}

Recordings::Result<bool> Recordings::remove(const std::string& name) {
  if (!is_recording_name(name)) return false;
  const auto found = store_->find(name);
  if (!found) return {boost::system::in_place_error, found.error()};
  if (!*found) return false;
  if (const auto done = store_->remove(name); !done)
    return {boost::system::in_place_error, done.error()};
  total_ -= std::min(total_, (*found)->size);
  return true;
}

}  // namespace deskcheck::server::api
