// The two key files of a server. A key that exists is never replaced: everything but "there is no
// such file" is an error, since a new key would cut off every client that knows the old one.
#include "proto/wire/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

namespace deskcheck::wire {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestFile = 4096;  // bytes; a secret has 88

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  bool close() { return descriptor_ < 0 || ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

// A name beside the key files that nobody else uses; whatever has it in the end is removed.
struct TemporaryFile {
  fs::path path;
  TemporaryFile(const fs::path& folder, net::Random& random)
      : path(folder / (".id_ed25519." + std::to_string(random.next()))) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::unlink(path.c_str()); }
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

bool exists_even_as_dangling_link(const fs::path& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

enum class Reading { done, missing, failed };

Reading read_file(const fs::path& path, std::string& text) {
  int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0 && errno == ENOENT) {
    if (!exists_even_as_dangling_link(path)) return Reading::missing;
    // A link to nothing, or another process has just made the file.
    opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }
  File file(opened);
  if (!file) return Reading::failed;
  text.assign(kLongestFile, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const auto n = ::read(file.get(), text.data() + length, text.size() - length);
    if (n < 0) return Reading::failed;
    if (n == 0) break;
    length += static_cast<std::size_t>(n);
  }
  text.resize(length);
  return Reading::done;
}

// Nothing if there is no such file.
Result<std::optional<KeyPair>> load(const fs::path& path) {
  std::string text;
  const Reading reading = read_file(path, text);
  if (reading == Reading::missing) return std::nullopt;
  if (reading == Reading::failed) return Error::key_file_unreadable;
  const auto pair = parse_secret_key(trim(text));
  if (!pair || text.size() == kLongestFile) return Error::key_file_malformed;
  return *pair;
}

bool write_new_file(const fs::path& path, std::string_view text, mode_t mode) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  while (file && !text.empty()) {
    const auto n = ::write(file.get(), text.data(), text.size());
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return file && ::fsync(file.get()) == 0 && file.close();
}

bool sync_folder(const fs::path& folder) {
  File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file && ::fsync(file.get()) == 0;
}

bool publish(const PublicKey& key, const fs::path& folder, net::Random& random) {
  const TemporaryFile file(folder, random);
  const fs::path name = folder / "id_ed25519.pub";
  return write_new_file(file.path, to_text(key), 0644) &&
         ::rename(file.path.c_str(), name.c_str()) == 0;
}

// The secret gets its name last: with it the pair exists. The name is given by link(), which, other
// than rename(), cannot replace a key that another process has made in the meantime.
Result<KeyPair> create(const fs::path& folder, const fs::path& name, net::Random& random) {
  const KeyPair pair = make_server_key_pair(random);
  const TemporaryFile file(folder, random);
  if (!write_new_file(file.path, to_text(pair), 0600)) return Error::key_file_unwritable;
  if (!publish(pair.public_key, folder, random)) return Error::key_file_unwritable;
  if (::link(file.path.c_str(), name.c_str()) == 0) {
    if (!sync_folder(folder)) return Error::key_file_unwritable;
    return pair;
  }
  if (errno != EEXIST) return Error::key_file_unwritable;
  const auto other = load(name);
  if (!other) return other.error();
  if (!*other || !publish((*other)->public_key, folder, random)) return Error::key_file_unwritable;
  return **other;
}

}  // namespace

Result<KeyPair> load_or_create_key_files(const fs::path& folder, net::Random& random) {
  const fs::path name = folder / "id_ed25519";
  const auto existing = load(name);
  if (!existing) return existing.error();
  if (*existing) return **existing;
  return create(folder, name, random);
}

}  // namespace deskcheck::wire
