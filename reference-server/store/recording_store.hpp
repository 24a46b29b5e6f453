// Where recordings of sessions are kept: files that grow piece by piece until they are complete. A
// recording that is not complete stays one over a restart of a store with a folder. Knows no
// limits, and checks no names: whoever calls does.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskcheck::server {

struct RecordingInfo {
  std::string file;  // its name
  std::uint64_t size = 0;
  bool complete = false;
  std::int64_t changed = 0;  // Unix time

  RecordingInfo() = default;
  bool operator==(const RecordingInfo&) const = default;
};

// The bytes of something that is read as a whole: in memory, or a file.
struct StoredBytes {
  std::string bytes;
  std::filesystem::path file;  // empty: they are above
  std::uint64_t size = 0;

  StoredBytes() = default;
};

// A name that any store takes for a file and nothing else: 1 to 200 characters of ASCII, no
// separator, no dot at either end, not one of the folder store's own names.
bool is_recording_name(std::string_view name);

class RecordingStore {
 public:
  template <class T>
  using Result = boost::system::result<T>;

  virtual ~RecordingStore() = default;
  // Empty and not complete, whatever it was before. `now` is Unix time.
  virtual Result<void> create(const std::string& name, std::int64_t now) = 0;
  // To one that is not complete; an error if there is none.
  virtual Result<void> write(const std::string& name, std::uint64_t offset, std::string_view bytes,
                             std::int64_t now) = 0;
  virtual Result<void> complete(const std::string& name) = 0;
  // Whether or not it is there.
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<std::optional<RecordingInfo>> find(const std::string& name) = 0;
  virtual Result<std::vector<RecordingInfo>> list() = 0;  // by name
  virtual Result<std::optional<StoredBytes>> read(const std::string& name) = 0;
};

class MemoryRecordingStore final : public RecordingStore {
 public:
  Result<void> create(const std::string& name, std::int64_t now) override;
  Result<void> write(const std::string& name, std::uint64_t offset, std::string_view bytes,
                     std::int64_t now) override;
  Result<void> complete(const std::string& name) override;
  Result<void> remove(const std::string& name) override;
  Result<std::optional<RecordingInfo>> find(const std::string& name) override;
  Result<std::vector<RecordingInfo>> list() override;
  Result<std::optional<StoredBytes>> read(const std::string& name) override;

 private:
  struct Recording {
    std::string bytes;
    bool complete = false;
    std::int64_t changed = 0;
  };
  std::map<std::string, Recording> recordings_;
};

// A folder, made when the first recording comes: NAME is complete, NAME.part is not. Only its owner
// may read the files.
class FolderRecordingStore final : public RecordingStore {
 public:
  explicit FolderRecordingStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<void> create(const std::string& name, std::int64_t now) override;
  Result<void> write(const std::string& name, std::uint64_t offset, std::string_view bytes,
                     std::int64_t now) override;
  Result<void> complete(const std::string& name) override;
  Result<void> remove(const std::string& name) override;
  Result<std::optional<RecordingInfo>> find(const std::string& name) override;
  Result<std::vector<RecordingInfo>> list() override;
  Result<std::optional<StoredBytes>> read(const std::string& name) override;

 private:
  std::filesystem::path whole(const std::string& name) const { return folder_ / name; }
  std::filesystem::path part(const std::string& name) const;

  std::filesystem::path folder_;
};

}  // namespace deskcheck::server
