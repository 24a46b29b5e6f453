#include "reference-server/store/recording_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace deskcheck::server {
namespace {

class RecordingFolder {
 public:
  RecordingFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "recording_store_test.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~RecordingFolder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// "name 12 complete", one after the other.
std::string listed(RecordingStore& store) {
  std::string text;
  for (const auto& one : store.list().value())
    text += (text.empty() ? "" : ", ") + one.file + " " + std::to_string(one.size) +
            (one.complete ? " complete" : "");
  return text;
}

std::string content(RecordingStore& store, const std::string& name) {
  const auto stored = store.read(name).value();
  if (!stored) return "nothing";
  if (stored->file.empty()) return stored->bytes;
  std::ifstream file(stored->file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  return bytes.size() == stored->size ? bytes : "another size";
}

void keeps_recordings(RecordingStore& store) {
  EXPECT_EQ(listed(store), "");
  EXPECT_FALSE(store.write("a.webm", 0, "x", 1));
  EXPECT_FALSE(store.complete("a.webm"));
  EXPECT_TRUE(store.create("a.webm", 1));
  EXPECT_EQ(listed(store), "a.webm 0");
  EXPECT_TRUE(store.write("a.webm", 0, "01234567", 2));
  EXPECT_TRUE(store.write("a.webm", 6, "abc", 2));
  EXPECT_EQ(content(store, "a.webm"), "012345abc");
  EXPECT_TRUE(store.create("b.webm", 3));
  EXPECT_TRUE(store.complete("a.webm"));
  EXPECT_FALSE(store.write("a.webm", 0, "x", 4)) << "complete";
  EXPECT_EQ(listed(store), "a.webm 9 complete, b.webm 0");
  EXPECT_TRUE(store.create("a.webm", 5));
  EXPECT_EQ(listed(store), "a.webm 0, b.webm 0");
  EXPECT_TRUE(store.complete("a.webm"));
  for (const char* name : {"a.webm", "b.webm", "never"}) EXPECT_TRUE(store.remove(name));
  EXPECT_EQ(listed(store), "");
  EXPECT_EQ(content(store, "a.webm"), "nothing");
}

TEST(RecordingStore, KeepsThemInMemory) {
  MemoryRecordingStore store;
  keeps_recordings(store);
  EXPECT_TRUE(store.create("a", 7));
  EXPECT_EQ(store.find("a").value()->changed, 7);
}

TEST(RecordingStore, KeepsThemInAFolder) {
  const RecordingFolder folder;
  FolderRecordingStore store(folder / "recordings");
  keeps_recordings(store);
}

TEST(RecordingStore, FilesOutliveTheServer) {
  const RecordingFolder folder;
  {
    FolderRecordingStore store(folder / "");
    EXPECT_TRUE(store.create("a.mp4", 0));
    EXPECT_TRUE(store.write("a.mp4", 0, "abc", 0));
  }
  FolderRecordingStore store(folder / "");
  EXPECT_EQ(listed(store), "a.mp4 3");
  struct ::stat status{};
  ASSERT_EQ(::stat((folder / "a.mp4.part").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u) << "for the owner only";
  EXPECT_TRUE(store.write("a.mp4", 3, "def", 0));
  EXPECT_TRUE(store.complete("a.mp4"));
  EXPECT_EQ(content(store, "a.mp4"), "abcdef");
}

TEST(RecordingStore, LeavesWhatIsNotItsOwn) {
  const RecordingFolder folder;
  std::ofstream(folder / "outside") << "secret";
  std::filesystem::create_directory(folder / "in");
  FolderRecordingStore store(folder / "in");
  std::filesystem::create_symlink(folder / "outside", folder / "in/link.webm");
  std::filesystem::create_symlink(folder / "outside", folder / "in/link.webm.part");
  std::filesystem::create_directory(folder / "in/folder");
  EXPECT_EQ(listed(store), "");
  EXPECT_FALSE(store.write("link.webm", 0, "x", 0));
  EXPECT_FALSE(store.create("link.webm", 0));
  EXPECT_EQ(content(store, "link.webm"), "nothing");
  std::ifstream file(folder / "outside");
  EXPECT_EQ(std::string((std::istreambuf_iterator<char>(file)), {}), "secret");
}

TEST(RecordingStore, SaysThatItCannotWrite) {
  const RecordingFolder folder;
  std::ofstream(folder / "file") << "x";
  FolderRecordingStore store(folder / "file");
  EXPECT_FALSE(store.create("a", 0));
}

TEST(RecordingNames, AreNamesOfFiles) {
  for (const char* good : {"incoming_123456789_20260101120000123_display0_vp9.webm", "a", "a..b",
                           "Kiosk-4@home (1).mp4"})
    EXPECT_TRUE(is_recording_name(good)) << good;
  for (const std::string bad : {"", ".", "..", ".hidden", "../a", "a/b", "/a", "a\\b", "c:a",
                                "a\nb", "a.part", "a.", "*", "\xc3\xa4", "a%2fb"})
    EXPECT_FALSE(is_recording_name(bad)) << bad;
  EXPECT_FALSE(is_recording_name(std::string("a\0b", 3)));
  EXPECT_TRUE(is_recording_name(std::string(200, 'a')));
  EXPECT_FALSE(is_recording_name(std::string(201, 'a')));
}

}  // namespace
}  // namespace deskcheck::server
