// Recordings of sessions: what devices upload, and what the operator sees.
#include "reference-server/api/api_desk.hpp"

namespace deskcheck::server::api {
namespace {

class RecordTest : public ApiDesk {
 protected:
  std::string step(const std::string& query, const std::string& body = "") {
    return said("POST", "/api/record?" + query, body);
  }
  std::string part(const std::string& file, int offset, const std::string& body) {
    return step("type=part&file=" + file + "&offset=" + std::to_string(offset) +
                    "&length=" + std::to_string(body.size()),
                body);
  }
  std::string tail(const std::string& file, const std::string& body) {
    return step("type=tail&file=" + file + "&offset=0&length=" + std::to_string(body.size()), body);
  }
  std::string content(const std::string& file) {
    const auto stored = api().recordings().read(file).value();
    return stored ? stored->bytes : "nothing";
  }
  std::string listed() {
    std::string text;
    for (const auto& one : api().recordings().list().value())
      text += one.file + " " + std::to_string(one.size) + (one.complete ? " complete;" : ";");
    return text;
  }
};

TEST_F(RecordTest, GrowsUntilItsTail) {
  EXPECT_EQ(step("type=new&file=a.webm"), "200 ");
  EXPECT_EQ(part("a.webm", 0, "01234567"), "200 ");
  EXPECT_EQ(part("a.webm", 6, "abcd"), "200 ") << "parts overlap";
  EXPECT_EQ(listed(), "a.webm 10;");
  EXPECT_EQ(tail("a.webm", "HEAD"), "200 ");
  EXPECT_EQ(listed(), "a.webm 10 complete;");
  EXPECT_EQ(content("a.webm"), "HEAD45abcd");
  EXPECT_EQ(step("type=new&file=a.webm"), "200 ");
  EXPECT_EQ(listed(), "a.webm 0;");
  EXPECT_EQ(step("type=remove&file=a.webm"), "200 ");
  EXPECT_EQ(listed(), "");
}

TEST_F(RecordTest, SaysWhatItDoesNotTake) {
  const auto refused = [](const std::string& text) { return R"(400 {"error":")" + text + "\"}"; };
  EXPECT_EQ(part("a", 0, "x"), refused("There is no such upload"));
  EXPECT_EQ(tail("a", "x"), refused("There is no such upload"));
  EXPECT_EQ(step("type=remove&file=a"), refused("There is no such recording"));
  EXPECT_EQ(step("type=new&file=a"), "200 ");
  EXPECT_EQ(part("a", 1, "x"), refused("The upload has a gap"));
  EXPECT_EQ(step("type=part&file=a&offset=0&length=2", "x"),
            refused("The body does not have its length"));
  for (const char* offset : {"", "&offset=", "&offset=-1", "&offset=0x", "&offset=1e9"})
    EXPECT_EQ(step(std::string("type=part&file=a&length=1") + offset, "x"),
              refused("The offset is missing"));
  EXPECT_EQ(step("type=old&file=a"), refused("This type of request is not known"));
  EXPECT_EQ(part("a", 0, "x"), "200 ");
  EXPECT_EQ(tail("a", "x"), "200 ");
  EXPECT_EQ(part("a", 1, "y"), refused("There is no such upload")) << "it is complete";
  for (const char* name : {"", "..%2Fa", "a%2Fb", "%2Fetc%2Fpasswd", ".a", "a.part", "a%00"})
    EXPECT_EQ(step(std::string("type=new&file=") + name),
              refused("The name of the file is not taken"));
  EXPECT_EQ(said("GET", "/api/record?type=new&file=a"), R"(405 {"error":"Method not allowed"})");
  EXPECT_EQ(listed(), "a 1 complete;");
}

TEST_F(RecordTest, HasLimits) {
  options.limits.recording = 6;
  options.limits.recordings = 10;
  EXPECT_EQ(step("type=new&file=a"), "200 ");
  EXPECT_EQ(part("a", 0, "123456"), "200 ");
  EXPECT_EQ(part("a", 5, "67"), R"(400 {"error":"The recording is too long"})");
  EXPECT_EQ(part("a", 0, "abcdef"), "200 ") << "it does not grow";
  EXPECT_EQ(step("type=new&file=b"), "200 ");
  EXPECT_EQ(part("b", 0, "12345"), R"(400 {"error":"The server takes no more recordings"})");
  EXPECT_EQ(part("b", 0, "1234"), "200 ");
  EXPECT_EQ(step("type=new&file=c"), R"(400 {"error":"The server takes no more recordings"})");
  EXPECT_EQ(step("type=new&file=a"), "200 ") << "in place of the one before";
  EXPECT_EQ(tail("a", std::string(1025, 'x')), R"(400 {"error":"The tail is too long"})");
  EXPECT_EQ(tail("a", std::string(4001, 'x')), R"(413 {"error":"The body is too long"})");
  EXPECT_EQ(api().recordings().remove("a").value(), true);
  EXPECT_EQ(api().recordings().remove("a").value(), false);
  EXPECT_EQ(api().recordings().remove("../a").value(), false);
  EXPECT_EQ(part("b", 4, "56"), "200 ");
}

TEST_F(RecordTest, TakesNoneIfTheOwnerDoesNotWantThem) {
  options.take_recordings = false;
  EXPECT_EQ(step("type=new&file=a"), R"(403 {"error":"This server takes no recordings"})");
}

}  // namespace
}  // namespace deskcheck::server::api
