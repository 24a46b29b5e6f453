#include "reference-server/rendezvous/desk.hpp"

namespace deskcheck::server {
namespace {

const auto kHere = host(1, 5000);

std::string change(const std::string& from, const std::string& to, const std::string& uuid = "u") {
  return "register_pk {old_id: '" + from + "' id: '" + to + "' uuid: '" + uuid + "'}";
}
std::string result(const std::string& name) {
  return "#1 <- register_pk_response {result: " + name + "}; #1 closes";
}

class ChangeId : public ::testing::Test {
 protected:
  ChangeId() { desk.udp(kHere, register_pk("123456789")); }
  std::string changed(const std::string& request) { return desk.tcp(1, kHere, request); }
  std::string path_to(const std::string& id) {
    const auto text = desk.tcp(9, host(9, 900), "punch_hole_request {id: '" + id + "'}");
    return text.substr(0, text.find(" <- punch_hole {"));
  }
  Desk desk;
};

TEST_F(ChangeId, MovesTheDevice) {
  EXPECT_EQ(changed(change("123456789", "my-office")), result("OK"));
  EXPECT_EQ(path_to("my-office"), net::to_string(kHere));
  EXPECT_EQ(path_to("123456789"), "#9 <- punch_hole_response {failure: ID_NOT_EXIST}");
  EXPECT_EQ(changed(change("123456789", "my-office")), result("OK")) << "asked again";
  EXPECT_EQ(changed(change("my-office", "my-office")), result("OK"));
  desk.restart();
  EXPECT_EQ(path_to("my-office"), "#9 <- punch_hole_response {failure: OFFLINE}");
  EXPECT_EQ(path_to("123456789"), "#9 <- punch_hole_response {failure: ID_NOT_EXIST}");
}

TEST_F(ChangeId, MovesTheConnectionOfTheDevice) {
  desk.secure(5, kHere, register_pk("123456789"));
  EXPECT_EQ(changed(change("123456789", "my-office")), result("OK"));
  EXPECT_EQ(path_to("my-office"), "#5");
  desk.logic().closed(5);
  EXPECT_EQ(path_to("my-office"), "#9 <- punch_hole_response {failure: OFFLINE}");
}

TEST_F(ChangeId, IsForTheOwnerOfTheOldId) {
  EXPECT_EQ(changed(change("123456789", "my-office", "v")), result("UUID_MISMATCH"));
  EXPECT_EQ(changed(change("nobody", "my-office")), result("UUID_MISMATCH"));
  EXPECT_EQ(changed(change("123456789", "my-office", "")), result("UUID_MISMATCH"));
  EXPECT_EQ(path_to("123456789"), net::to_string(kHere));
}

TEST_F(ChangeId, TakesNobodysId) {
  desk.udp(host(2, 5000), register_pk("somebody", "v"));
  EXPECT_EQ(changed(change("123456789", "somebody")), result("ID_EXISTS"));
  desk.udp(kHere, register_pk("my-other"));
  EXPECT_EQ(changed(change("123456789", "my-other")), result("OK")) << "its own";
}

TEST_F(ChangeId, AcceptsIdsAsClientsDo) {
  for (const char* good : {"a12345", "A_-_-_", "abcdefghijklmnop", "büro-1"})
    EXPECT_EQ(changed(change("123456789", good, "v")), result("UUID_MISMATCH")) << good;
  for (const char* bad :
       {"", "abcde", "1abcdef", "abcdefghijklmnopq", "with space", "-abcdef", "ab/cdef"})
    EXPECT_EQ(changed(change("123456789", bad)), result("INVALID_ID_FORMAT")) << bad;
}

TEST_F(ChangeId, IsLimitedAndStored) {
  desk.store.fails = true;
  EXPECT_EQ(changed(change("123456789", "my-office")), result("SERVER_ERROR"));
  desk.store.fails = false;
  EXPECT_EQ(path_to("123456789"), net::to_string(kHere));
  for (int i = 0; i < 40; ++i) changed(change("123456789", "my-office", "v"));
  EXPECT_EQ(changed(change("123456789", "my-office")), result("TOO_FREQUENT"));
}

TEST_F(ChangeId, IsNotOfferedByTheOpenSourceServer) {
  desk.options.profile = Profile::oss;
  EXPECT_EQ(changed(change("123456789", "my-office")), result("NOT_SUPPORT"));
}

}  // namespace
}  // namespace deskcheck::server
