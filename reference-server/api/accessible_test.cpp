// The group tab.
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class GroupTabTest : public ApiDesk {
 protected:
  GroupTabTest() {
    registered["1"] = "another";  // so nobody's login from there counts
    options.accounts[0].devices = {"11"};
    add_account("bob", "b0b").devices = {"13"};
    options.accounts.back().email = "bob@example.org";
    add_account("gone", "g").disabled = true;
    options.accounts.back().devices = {"14"};
    DeviceGroupFixture branch;
    branch.name = "Branch";
    branch.devices = {"11", "12", "13", "14"};
    branch.members = {"alice"};
    options.device_groups.push_back(branch);
  }
  std::string get(const std::string& route, const std::string& token) {
    return said("GET", "/api/" + route, "", token);
  }
  std::string device(const std::string& id, const std::string& owner, const std::string& group,
                     const std::string& info = R"("username":"","device_name":"","os":"")") {
    return R"({"id":")" + id + R"(","info":{)" + info + R"(},"status":1,"user":"","user_name":")" +
           owner + R"(","device_group_name":")" + group + R"(","note":""})";
  }
  void report(const std::string& id, const std::string& uuid = "dQ==") {
    said("POST", "/api/sysinfo",
         R"({"id":")" + id + R"(","uuid":")" + uuid +
             R"(","hostname":"PC","os":"linux / Debian 12","username":"u"})");
  }
  // From the client of a device.
  std::string signed_in_at(const std::string& id, const std::string& uuid = "dQ==") {
    const auto text = said(
        "POST", "/api/login",
        R"({"username":"root","password":"r00t","id":")" + id + R"(","uuid":")" + uuid + R"("})");
    const auto at = text.find(R"("access_token":")");
    return at == std::string::npos ? "" : text.substr(at + 16, 43);
  }
};

TEST_F(GroupTabTest, ShowsOwnDevicesAndThoseOfGroups) {
  const auto alice = signed_in("alice", "s3cret");
  report("11");
  EXPECT_EQ(get("device-group/accessible?current=1&pageSize=100", alice),
            R"(200 {"total":1,"data":[{"name":"Branch"}]})");
  EXPECT_EQ(get("peers?current=1&pageSize=100&accessible&status=1", alice),
            R"(200 {"total":4,"data":[)" +
                device("11", "alice", "Branch",
                       R"("username":"u","device_name":"PC","os":"linux / Debian 12")") +
                "," + device("12", "", "Branch") + "," + device("13", "bob", "Branch") + "," +
                device("14", "", "Branch") + "]}");
  EXPECT_THAT(get("peers?current=2&pageSize=3", alice),
              StartsWith(R"(200 {"total":4,"data":[{"id":"14")"));
  const auto users = get("users?current=1&pageSize=100&accessible&status=1", alice);
  EXPECT_THAT(users, StartsWith(R"(200 {"total":2,"data":[{"name":"alice",)"));
  EXPECT_THAT(users, HasSubstr(R"({"name":"bob",)"));
  EXPECT_THAT(users, Not(HasSubstr("bob@example.org")));
  EXPECT_EQ(get("peers", signed_in("bob", "b0b")),
            R"(200 {"total":1,"data":[)" + device("13", "bob", "") + "]}");
}

TEST_F(GroupTabTest, ShowsNobodyMore) {
  const auto root = signed_in("root", "r00t");
  EXPECT_EQ(get("device-group/accessible", root), R"(200 {"total":0,"data":[]})");
  EXPECT_THAT(get("users?accessible", root),
              StartsWith(R"(200 {"total":1,"data":[{"name":"root")"));
  EXPECT_THAT(get("users", "good"), StartsWith(R"(200 {"total":1,"data":[{"name":"guest")"));
  EXPECT_EQ(get("peers", "good"), R"(200 {"total":0,"data":[]})");
  for (const char* route : {"device-group/accessible", "users", "peers"}) {
    EXPECT_EQ(get(route, "bad"), R"(401 {"error":"Invalid token"})") << route;
    EXPECT_THAT(get(std::string(route) + "?current=0", root), StartsWith("400 ")) << route;
  }
}

TEST_F(GroupTabTest, ClientsBelongToWhoSignsInThere) {
  const auto root = signed_in_at("7");
  EXPECT_THAT(get("peers", root), HasSubstr(device("7", "root", "")));
  restart();
  EXPECT_THAT(get("peers", root), HasSubstr(device("7", "root", "")));
  report("7", "dg==");
  EXPECT_THAT(get("peers", root), Not(HasSubstr(R"("id":"7")"))) << "was another one";
  signed_in_at("7", "dg==");
  EXPECT_THAT(get("peers", root), HasSubstr(R"("device_name":"PC")"));
  registered["7"] = "another";
  EXPECT_THAT(get("peers", root), Not(HasSubstr(R"("id":"7")")));
  signed_in_at("13");
  EXPECT_THAT(get("peers", root), HasSubstr(device("13", "bob", ""))) << "the operator's word";
  EXPECT_THAT(get("users", root), HasSubstr(R"("name":"bob")"));
}

TEST_F(GroupTabTest, GroupsThatCannotBeAreRefusedAtTheStart) {
  options.device_groups[0].members = {"nobody"};
  EXPECT_THROW(api(), identity::AccountError);
  options.device_groups[0].members = {};
  options.device_groups.push_back(options.device_groups[0]);
  EXPECT_THROW(api(), identity::AccountError);
}

}  // namespace
}  // namespace deskcheck::server::api
