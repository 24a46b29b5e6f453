#include "proto/wire/test_support.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

namespace deskcheck::wire {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSecretText =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

class KeyFiles : public testing::Test {
 protected:
  KeyFiles() {
    std::string name = (fs::temp_directory_path() / "key_files_test.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    fs::current_path(folder_);
  }
  ~KeyFiles() override {
    fs::current_path(before_);
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }

  fs::path secret_file() const { return folder_ / "id_ed25519"; }
  fs::path public_file() const { return folder_ / "id_ed25519.pub"; }

  // By a path that begins inside the folder: nobody may enter the folders above it, when root runs
  // the tests at home.
  static Result<KeyPair> load_or_create(std::uint64_t seed = 1) {
    net::Random random(seed);
    return load_or_create_key_files(".", random);
  }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::trunc) << text;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path before_ = fs::current_path();
  fs::path folder_;
};

// Until the end of the scope this process is nobody, whom permissions stop even if root runs tests.
class AsNobody {
 public:
  AsNobody() {
    if (::geteuid() == 0) {
      EXPECT_EQ(::seteuid(65534), 0);
    }
  }
  ~AsNobody() {
    if (::getuid() == 0) {
      EXPECT_EQ(::seteuid(0), 0);
    }
  }
};

// Until the end of the scope files cannot grow beyond `bytes`: a full disk.
class DiskWith {
 public:
  explicit DiskWith(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~DiskWith() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

TEST_F(KeyFiles, AreCreatedInAnEmptyFolder) {
  const KeyPair pair = load_or_create().value();
  EXPECT_EQ(read(secret_file()), to_text(pair));
  EXPECT_EQ(read(public_file()), to_text(pair.public_key));
  EXPECT_EQ(fs::status(secret_file()).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(files(), 2U);
  net::Random same(1);
  EXPECT_EQ(pair.secret, make_server_key_pair(same).secret);
}

TEST_F(KeyFiles, AreReadTheNextTime) {
  const KeyPair first = load_or_create(1).value();
  const KeyPair second = load_or_create(2).value();
  EXPECT_EQ(first.secret, second.secret);
  EXPECT_EQ(first.public_key, second.public_key);
  EXPECT_EQ(files(), 2U);
}

TEST_F(KeyFiles, AreReadWithWhiteSpaceAround) {
  for (const std::string text : {"%", "%\n", " %", "\r\n\t %\v\f \r\n"}) {
    write(secret_file(), std::string(text).replace(text.find('%'), 1, kSecretText));
    EXPECT_EQ(to_text(load_or_create().value()), kSecretText) << text;
  }
}

TEST_F(KeyFiles, NeedNoPublicFileForReading) {
  write(secret_file(), kSecretText);
  EXPECT_EQ(to_text(load_or_create().value()), kSecretText);
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFiles, ALeftOverPublicFileIsReplaced) {
  write(public_file(), "of a key that is gone");
  const KeyPair pair = load_or_create().value();
  EXPECT_EQ(read(public_file()), to_text(pair.public_key));
}

TEST_F(KeyFiles, ALinkToAKeyIsFollowed) {
  write(folder_ / "elsewhere", kSecretText);
  fs::create_symlink(folder_ / "elsewhere", secret_file());
  EXPECT_EQ(to_text(load_or_create().value()), kSecretText);
}

TEST_F(KeyFiles, MalformedTextIsRefusedAndKept) {
  const std::string good = kSecretText;
  std::vector<std::string> texts{good + good,
                                 good + " x",
                                 std::string(1, '\0'),
                                 good + std::string(5000, ' ') + "x",
                                 std::string(100'000, 'A'),
                                 "\xEF\xBB\xBF" + good};
  for (std::size_t length = 0; length < good.size(); ++length) {
    texts.push_back(good.substr(0, length));
    texts.push_back(good.substr(0, length) + '!' + good.substr(length + 1));
  }
  for (const auto& text : texts) {
    write(secret_file(), text);
    EXPECT_EQ(error_of(load_or_create()), Error::key_file_malformed) << text;
    EXPECT_EQ(read(secret_file()), text);
  }
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFiles, APublicHalfOfAnotherKeyIsMalformed) {
  std::string bytes = from_base64(kSecretText).value();
  bytes.back() ^= 1;
  write(secret_file(), to_base64(bytes));
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_malformed);
}

TEST_F(KeyFiles, AFolderInPlaceOfTheSecretIsUnreadable) {
  fs::create_directory(secret_file());
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unreadable);
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFiles, AFileInPlaceOfTheFolderIsUnreadable) {
  write(folder_ / "file", "");
  net::Random random(1);
  EXPECT_EQ(error_of(load_or_create_key_files(folder_ / "file", random)),
            Error::key_file_unreadable);
}

// The place where the key should be mounted is empty: certainly not the moment for a new key.
TEST_F(KeyFiles, ALinkToNothingIsUnreadable) {
  fs::create_symlink(folder_ / "nothing", secret_file());
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unreadable);
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFiles, ALinkToItselfIsUnreadable) {
  fs::create_symlink(secret_file(), secret_file());
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unreadable);
}

TEST_F(KeyFiles, AForbiddenSecretIsUnreadable) {
  write(secret_file(), kSecretText);
  fs::permissions(secret_file(), fs::perms::none);
  fs::permissions(folder_, fs::perms::all);
  const AsNobody nobody;
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unreadable);
}

TEST_F(KeyFiles, AForbiddenFolderIsUnreadable) {
  fs::permissions(folder_, fs::perms::none);
  const AsNobody nobody;
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unreadable);
}

TEST_F(KeyFiles, AFolderForReadingOnlyIsUnwritable) {
  fs::permissions(folder_, fs::perms{0555});
  const AsNobody nobody;
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unwritable);
}

// Files can be made in it, but it cannot be opened to be synchronised.
TEST_F(KeyFiles, AFolderForWritingOnlyIsUnwritable) {
  fs::permissions(folder_, fs::perms{0333});
  const AsNobody nobody;
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unwritable);
}

TEST_F(KeyFiles, AMissingFolderIsUnwritable) {
  net::Random random(1);
  EXPECT_EQ(error_of(load_or_create_key_files(folder_ / "missing", random)),
            Error::key_file_unwritable);
}

TEST_F(KeyFiles, WithoutAPublicFileThereIsNoSecret) {
  fs::create_directory(public_file());
  EXPECT_EQ(error_of(load_or_create()), Error::key_file_unwritable);
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFiles, ADiskThatIsFullAfterAnyByteLeavesNothing) {
  for (rlim_t bytes = 0;; ++bytes) {
    const DiskWith disk(bytes);
    const auto pair = load_or_create();
    if (pair) {
      EXPECT_EQ(bytes, to_text(*pair).size());
      break;
    }
    ASSERT_EQ(pair.error(), Error::key_file_unwritable) << bytes;
    ASSERT_EQ(files(), 0U) << bytes;
  }
  EXPECT_EQ(files(), 2U);
}

// The rendezvous server and the relay of one machine start together.
TEST_F(KeyFiles, MadeByManyAtOnceAreTheSame) {
  for (std::uint64_t round = 0; round < 20; ++round) {
    std::vector<Result<KeyPair>> pairs(4, Error::bad_box);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      threads.emplace_back([&, i] { pairs[i] = load_or_create(100 * round + i); });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& pair : pairs) {
      ASSERT_EQ(to_text(pair.value()), read(secret_file())) << "round " << round;
    }
    EXPECT_EQ(read(public_file()), to_text(pairs[0]->public_key)) << "round " << round;
    EXPECT_EQ(files(), 2U);
    fs::remove(secret_file());
  }
}

}  // namespace
}  // namespace deskcheck::wire
