// Files for everybody, whole and in parts.
#include "reference-server/api/api_desk.hpp"

#include <fstream>

namespace deskcheck::server::api {
namespace {

class DownloadsTest : public ApiDesk {
 protected:
  DownloadsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "downloads_test.XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    options.downloads["client.exe"] = "0123456789";
    options.download_folder = folder_ / "files";
    std::filesystem::create_directory(options.download_folder);
    std::ofstream(folder_ / "outside") << "secret";
    std::ofstream(options.download_folder / "a file+1.bin") << "abcdef";
    std::ofstream(options.download_folder / ".hidden") << "secret";
  }
  ~DownloadsTest() override { std::filesystem::remove_all(folder_); }
  // "206 bytes 0-1/10: 01"
  std::string part(const std::string& name, const std::string& range,
                   const std::string& more = "") {
    Request request;
    request.method = "GET";
    request.target = "/downloads/" + name;
    request.headers = {{"range", range}};
    if (!more.empty()) request.headers.emplace_back(more, "x");
    const auto response = api().on(request, now);
    std::string text = std::to_string(response.status);
    for (const auto& [header, value] : response.headers)
      if (header == "Content-Range") text += " " + value;
    const auto body =
        response.piece ? read_piece(*response.piece, 0, 100).value_or("?") : response.body;
    return text + (response.status < 300 ? ": " + body : "");
  }
  std::string whole(const std::string& name) { return part(name, ""); }

 private:
  std::filesystem::path folder_;
};

TEST_F(DownloadsTest, AreForEverybody) {
  EXPECT_EQ(whole("client.exe"), "200: 0123456789");
  EXPECT_EQ(whole("a%20file+1.bin"), "200: abcdef");
  const auto response = answer("HEAD", "/downloads/client.exe");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.size(), 10u);
  EXPECT_EQ(response.headers[0].second, "application/octet-stream");
  EXPECT_EQ(response.headers[1], std::pair(std::string("Accept-Ranges"), std::string("bytes")));
  EXPECT_EQ(said("POST", "/downloads/client.exe"), R"(405 {"error":"Method not allowed"})");
}

TEST_F(DownloadsTest, AreInTheirFolderOnly) {
  for (const char* name : {"none", "", ".hidden", "..%2Foutside", "%2e%2e%2foutside", "..", "%00",
                           "..%5Coutside", "x/../client.exe"})
    EXPECT_EQ(said("GET", std::string("/downloads/") + name), R"(404 {"error":"Not found"})")
        << name;
}

TEST_F(DownloadsTest, ComeInPartsIfAskedFor) {
  for (const auto& [range, then] : std::initializer_list<std::pair<const char*, const char*>>{
           {"bytes=0-1", "206 bytes 0-1/10: 01"},
           {"bytes=8-", "206 bytes 8-9/10: 89"},
           {"Bytes=8-99", "206 bytes 8-9/10: 89"},
           {"bytes=-3", "206 bytes 7-9/10: 789"},
           {"bytes=-99", "206 bytes 0-9/10: 0123456789"},
           {"bytes=10-", "416 bytes */10"},
           {"bytes=-0", "416 bytes */10"},
           {"bytes=0-1,3-4", "200: 0123456789"},
           {"bytes=5-4", "200: 0123456789"},
           {"bytes=-", "200: 0123456789"},
           {"bytes=x-", "200: 0123456789"},
           {"bytes=1-x", "200: 0123456789"},
           {"bytes=99999999999999999999-", "200: 0123456789"},
           {"items=0-1", "200: 0123456789"}})
    EXPECT_EQ(part("client.exe", range), then) << range;
  EXPECT_EQ(part("a%20file+1.bin", "bytes=2-3"), "206 bytes 2-3/6: cd");
  EXPECT_EQ(part("client.exe", "bytes=0-1", "If-Range"), "200: 0123456789");
}

}  // namespace
}  // namespace deskcheck::server::api
