#include "reference-server/store/recording_store.hpp"

#include <algorithm>

namespace deskcheck::server {

namespace {

constexpr std::size_t kLongestName = 200;

}  // namespace

template <class T>
using Result = boost::system::result<T>;

bool is_recording_name(std::string_view name) {
  constexpr std::string_view kOthers = " !#$&'()+,-.=@[]^_{}~";
  const auto fits = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= kLongestName && !name.starts_with('.') &&
         !name.ends_with('.') && !name.ends_with(".part") && std::ranges::all_of(name, fits);
}

Result<void> MemoryRecordingStore::create(const std::string& name, std::int64_t now) {
  recordings_[name] = {{}, false, now};
  return {};
}

Result<void> MemoryRecordingStore::write(const std::string& name, std::uint64_t offset,
                                         std::string_view bytes, std::int64_t now) {
  const auto found = recordings_.find(name);
  if (found == recordings_.end() || found->second.complete)
    return make_error_code(boost::system::errc::no_such_file_or_directory);
  auto& recording = found->second;
  recording.bytes.resize(std::max<std::size_t>(recording.bytes.size(), offset + bytes.size()));
  std::ranges::copy(bytes, recording.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  recording.changed = now;
  return {};
}

Result<void> MemoryRecordingStore::complete(const std::string& name) {
  const auto found = recordings_.find(name);
  if (found == recordings_.end())
    return make_error_code(boost::system::errc::no_such_file_or_directory);
  found->second.complete = true;
  return {};
}

Result<void> MemoryRecordingStore::remove(const std::string& name) {
  recordings_.erase(name);
  return {};
}

Result<std::optional<RecordingInfo>> MemoryRecordingStore::find(const std::string& name) {
  const auto found = recordings_.find(name);
  if (found == recordings_.end()) return std::optional<RecordingInfo>();
  RecordingInfo info;
  info.file = name;
  info.size = found->second.bytes.size();
  info.complete = found->second.complete;
  info.changed = found->second.changed;
  return std::optional<RecordingInfo>(info);
}

Result<std::vector<RecordingInfo>> MemoryRecordingStore::list() {
  std::vector<RecordingInfo> all;
  for (const auto& [name, recording] : recordings_) all.push_back(**find(name));
  return all;
}

Result<std::optional<StoredBytes>> MemoryRecordingStore::read(const std::string& name) {
  const auto found = recordings_.find(name);
  if (found == recordings_.end()) return std::optional<StoredBytes>();
  StoredBytes stored;
  stored.bytes = found->second.bytes;
  stored.size = stored.bytes.size();
  return std::optional<StoredBytes>(std::move(stored));
}

}  // namespace deskcheck::server
