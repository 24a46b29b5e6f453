// Devices that scripts assign, and that come with presets.
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DevicesCliTest : public ApiDesk {
 protected:
  DevicesCliTest() {
    options.script_tokens = {"script"};
    BookFixture book;
    book.name = "Support";
    book.owner = "alice";
    options.books.push_back(book);
    DeviceGroupFixture branch, annex;
    branch.name = "Branch";
    branch.members = {"alice"};
    annex.name = "Annex";
    annex.devices = {"2"};
    options.device_groups = {branch, annex};
    StrategyRecord kiosk;
    kiosk.name = "Kiosk";
    kiosk.config_options["enable-audio"] = "N";
    EXPECT_TRUE(store.fleet().put_strategy(kiosk));
  }
  std::string cli(const std::string& members, const std::string& token = "script") {
    return said("POST", "/api/devices/cli", R"({"id":"1","uuid":"dQ==",)" + members + "}", token);
  }
  // The error in the body of an answer with this status.
  static std::string refused(int status, const std::string& text) {
    return std::to_string(status) + R"( {"error":")" + text + "\"}";
  }
  void report(const std::string& more) {
    EXPECT_EQ(
        said("POST", "/api/sysinfo", R"({"id":"1","uuid":"dQ==","hostname":"PC")" + more + "}"),
        "200 SYSINFO_UPDATED");
  }
  // "owner/group/note/strategy"
  std::string card() {
    const auto found = store.fleet().find_card("1").value().value_or(DeviceCard());
    const auto groups = store.fleet().groups_of_device("1").value();
    return found.owner + "/" + (groups.empty() ? "" : groups.front()) + "/" + found.note + "/" +
           store.fleet().assigned(AssignedTo::device, "1").value();
  }
  std::string peer() {
    const auto book = store.books().find_named("Support").value();
    const auto found = store.books().find_peer(book->guid, "1").value();
    return found ? found->text : "none";
  }
};

TEST_F(DevicesCliTest, AreWhatAScriptSays) {
  EXPECT_EQ(cli(R"("user_name":"alice","strategy_name":"Kiosk","device_group_name":"Branch",)"
                R"("note":"by script","device_username":"kiosk","device_name":"KIOSK-4")"),
            "200 ");
  EXPECT_EQ(card(), "alice/Branch/by script/Kiosk");
  const auto listed = said("GET", "/api/peers", "", signed_in("alice", "s3cret"));
  EXPECT_THAT(listed, HasSubstr(R"("device_name":"KIOSK-4")"));
  EXPECT_THAT(listed, HasSubstr(R"("username":"kiosk")"));
  restart();
  EXPECT_EQ(cli(R"("note":"another")"), "200 ");
  EXPECT_EQ(card(), "alice/Branch/another/Kiosk");
  EXPECT_EQ(cli(R"("user_name":"","device_group_name":"","strategy_name":"","note":"")"), "200 ");
  EXPECT_EQ(card(), "///");
}

TEST_F(DevicesCliTest, AreFiledInAddressBooks) {
  EXPECT_EQ(cli(R"("address_book_name":"Support","address_book_tag":"kiosk",)"
                R"("address_book_alias":"Kiosk 4","address_book_password":"pw",)"
                R"("address_book_note":"ground floor")"),
            "200 ");
  EXPECT_EQ(cli(R"("address_book_name":"Support","address_book_tag":"second")"), "200 ");
  EXPECT_THAT(peer(), HasSubstr(R"("alias":"Kiosk 4")"));
  EXPECT_THAT(peer(), HasSubstr(R"("password":"pw")"));
  EXPECT_THAT(peer(), HasSubstr(R"("note":"ground floor")"));
  EXPECT_THAT(peer(), HasSubstr(R"("tags":["kiosk","second"])"));
  const auto book = store.books().find_named("Support").value();
  EXPECT_EQ(store.books().tags(book->guid).value().size(), 2u);
  EXPECT_EQ(cli(R"("address_book_name":"","address_book_tag":"x")"), "200 ");
}

TEST_F(DevicesCliTest, StayWhatTheyAreIfANameIsUnknown) {
  EXPECT_EQ(cli(R"("note":"n","user_name":"nobody")"),
            refused(409, "There is no user of the name nobody"));
  EXPECT_EQ(cli(R"("note":"n","strategy_name":"X")"),
            refused(409, "There is no strategy of the name X"));
  EXPECT_EQ(cli(R"("note":"n","device_group_name":"X")"),
            refused(409, "There is no device group of the name X"));
  EXPECT_EQ(cli(R"("note":"n","address_book_name":"X")"),
            refused(409, "There is no address book of the name X"));
  EXPECT_EQ(card(), "///");
  EXPECT_EQ(cli(R"("address_book_tag":"x")"), refused(400, "Nothing is said of the device"));
  EXPECT_EQ(cli(R"("note":5)"), refused(400, "Nothing is said of the device"));
  EXPECT_EQ(cli("\"note\":\"" + std::string(5000, 'x') + "\""),
            refused(413, "The body is too long"));
  EXPECT_EQ(said("POST", "/api/devices/cli", "[]", "script"),
            refused(400, "The body has to be a JSON object"));
  EXPECT_EQ(said("POST", "/api/devices/cli", R"({"id":"1","note":"x"})", "script"),
            refused(400, "id and uuid have to be texts"));
  registered["1"] = "another";
  EXPECT_EQ(cli(R"("note":"n")"), refused(409, "The id belongs to another device"));
}

TEST_F(DevicesCliTest, AreAssignedByScriptsAndAdministrators) {
  const std::string note = R"("note":"n")";
  for (const char* bad : {"", "bad"}) EXPECT_EQ(cli(note, bad), refused(401, "Invalid token"));
  for (const auto& token : {std::string("good"), signed_in("alice", "s3cret")})
    EXPECT_EQ(cli(note, token), refused(403, "Only scripts and administrators may do this"));
  EXPECT_EQ(card(), "///");
  EXPECT_EQ(cli(note, signed_in("root", "r00t")), "200 ");
  EXPECT_EQ(card(), "//n/");
  EXPECT_EQ(said("POST", "/api/currentUser", "", "script"), refused(401, "Invalid token"));
  EXPECT_EQ(said("POST", "/api/devices/deploy", "{}", signed_in("alice", "s3cret")),
            refused(403, "Only scripts and administrators may do this"));
  EXPECT_EQ(said("POST", "/api/devices/deploy", "{}", "script"),
            R"(200 {"result":"INVALID_INPUT"})");
}

TEST_F(DevicesCliTest, TakeTheirPresetsWhenTheyAreSeenFirst) {
  const std::string presets =
      R"(,"preset-user-name":"alice","preset-strategy-name":"Kiosk","preset-note":"of its own",)"
      R"("preset-device-group-name":"Branch","preset-address-book-name":"Support",)"
      R"("preset-address-book-tag":"kiosk","preset-address-book-alias":"K")";
  report(presets);
  EXPECT_EQ(card(), "alice/Branch/of its own/Kiosk");
  EXPECT_THAT(peer(), HasSubstr(R"("alias":"K")"));
  EXPECT_EQ(cli(R"("user_name":"root","note":"")"), "200 ");
  report(presets);
  EXPECT_EQ(card(), "root/Branch//Kiosk") << "the owner's word stays";
}

TEST_F(DevicesCliTest, TakeWhatThereIsOfTheirPresets) {
  EXPECT_EQ(cli(R"("user_name":"root","device_group_name":"Annex")"), "200 ");
  report(R"(,"preset-user-name":"alice","preset-strategy-name":"X","preset-note":"n",)"
         R"("preset-device-group-name":"Branch","preset-address-book-name":"X")");
  EXPECT_EQ(card(), "root/Annex/n/") << "what was said before stays";
  EXPECT_EQ(peer(), "none");
}

}  // namespace
}  // namespace deskcheck::server::api
