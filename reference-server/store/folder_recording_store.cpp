#include "reference-server/store/recording_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace deskcheck::server {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPart = ".part";

class File {
 public:
  // Follows no link.
  File(const fs::path& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  bool write(std::uint64_t offset, std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto done =
          ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      offset += static_cast<std::uint64_t>(done);
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }

 private:
  int descriptor_;
};

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

// Nothing unless it is a file.
std::optional<RecordingInfo> info_of(const fs::path& path, const std::string& name) {
  struct ::stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  RecordingInfo info;
  info.file = name;
  info.size = static_cast<std::uint64_t>(status.st_size);
  info.changed = status.st_mtime;
  return info;
}

}  // namespace

template <class T>
using Result = boost::system::result<T>;

fs::path FolderRecordingStore::part(const std::string& name) const {
  return folder_ / (name + std::string(kPart));
}

Result<void> FolderRecordingStore::create(const std::string& name, std::int64_t) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return boost::system::error_code(error);
  const File file(part(name), O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.is_open()) return last_error();
  if (::unlink(whole(name).c_str()) != 0 && errno != ENOENT) return last_error();
  return {};
}

Result<void> FolderRecordingStore::write(const std::string& name, std::uint64_t offset,
                                         std::string_view bytes, std::int64_t) {
  const File file(part(name), O_WRONLY);
  if (!file.is_open() || !file.write(offset, bytes)) return last_error();
  return {};
}

Result<void> FolderRecordingStore::complete(const std::string& name) {
  if (::rename(part(name).c_str(), whole(name).c_str()) != 0) return last_error();
  return {};
}

Result<void> FolderRecordingStore::remove(const std::string& name) {
  for (const auto& path : {part(name), whole(name)})
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return last_error();
  return {};
}

Result<std::optional<RecordingInfo>> FolderRecordingStore::find(const std::string& name) {
  if (auto info = info_of(part(name), name)) return info;
  auto info = info_of(whole(name), name);
  if (info) info->complete = true;
  return info;
}

// Other files in the folder are none of ours.
Result<std::vector<RecordingInfo>> FolderRecordingStore::list() {
  std::vector<RecordingInfo> all;
  std::error_code error;
  if (!fs::exists(folder_, error)) return all;
  std::set<std::string> names;
  fs::directory_iterator entry(folder_, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.ends_with(kPart)) name.resize(name.size() - kPart.size());
    if (is_recording_name(name)) names.insert(std::move(name));
  }
  if (error) return boost::system::error_code(error);
  for (const auto& name : names)
    if (auto found = find(name); found && *found) all.push_back(std::move(**found));
  return all;
}

Result<std::optional<StoredBytes>> FolderRecordingStore::read(const std::string& name) {
  const auto info = find(name);
  if (!info || !*info) return std::optional<StoredBytes>();
  StoredBytes stored;
  stored.file = (*info)->complete ? whole(name) : part(name);
  stored.size = (*info)->size;
  return std::optional<StoredBytes>(std::move(stored));
}

}  // namespace deskcheck::server
