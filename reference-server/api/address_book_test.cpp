// Books of peers and tags, and the text of old clients.
#include "proto/api/json.hpp"
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kNoBook = R"(403 {"error":"There is no such address book"})";

class AddressBookTest : public ApiDesk {
 protected:
  AddressBookTest() {
    options.limits.api_body = 100'000;
    add_account("bob", "b0b");
    add_account("carol", "c");
    BookFixture team;
    team.name = "Team";
    team.owner = "alice";
    team.note = "all of us";
    team.password = "pw";
    team.rules = {{"bob", 1}, {"carol", 2}};
    options.books.push_back(team);
    BookFixture other;
    other.name = "Admins";
    other.owner = "root";
    other.rules = {{"alice", 3}};
    options.books.push_back(other);
  }
  // The value of "guid" in an answer, the first one.
  static std::string guid_in(const std::string& text) {
    const auto at = text.find(R"("guid":")");
    return at == std::string::npos ? "" : text.substr(at + 8, 36);
  }
  std::string post(const std::string& route, const std::string& body, const std::string& token) {
    return said("POST", "/api/ab/" + route, body, token);
  }
  std::string put(const std::string& route, const std::string& body, const std::string& token) {
    return said("PUT", "/api/ab/" + route, body, token);
  }
  std::string personal(const std::string& token) { return guid_in(post("personal", "", token)); }
  std::string team(const std::string& token) {
    const auto list = post("shared/profiles", "", token);
    const auto at = list.find(R"("name":"Team")");
    return at == std::string::npos ? "" : list.substr(at - 38, 36);
  }
  std::string peers(const std::string& guid, const std::string& token,
                    const std::string& more = "") {
    return post("peers?current=1&pageSize=100&ab=" + guid + more, "", token);
  }
};

TEST_F(AddressBookTest, EverybodyHasABookOfHisOwn) {
  const auto alice = signed_in("alice", "s3cret");
  const auto guid = personal(alice);
  EXPECT_THAT(guid,
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(personal(signed_in("alice", "s3cret")), guid);
  restart();
  EXPECT_EQ(personal(alice), guid);
  EXPECT_NE(personal(signed_in("bob", "b0b")), guid);
  EXPECT_NE(personal("good"), "");
  for (const char* route : {"personal", "settings", "shared/profiles", "peers", "tags/x"})
    EXPECT_EQ(post(route, "", "bad"), R"(401 {"error":"Invalid token"})") << route;
  EXPECT_EQ(post("settings", "", alice), R"(200 {"max_peer_one_ab":0})");
  options.limits.peers_per_book = 2;
  EXPECT_EQ(post("settings", "", alice), R"(200 {"max_peer_one_ab":2})");
}

TEST_F(AddressBookTest, ProfilesAreThoseOfTheCaller) {
  const auto alice = signed_in("alice", "s3cret");
  EXPECT_THAT(post("shared/profiles?current=1&pageSize=100", "", alice),
              MatchesRegex(R"x(200 \{"total":2,"data":\[\{"guid":"[^"]*","name":"Admins",)x"
                           R"x("owner":"root","note":"","rule":3,"info":\{\}\},\{"guid":"[^"]*",)x"
                           R"x("name":"Team","owner":"alice","note":"all of us","rule":3,)x"
                           R"x("info":\{"password":"pw"\}\}\]\})x"));
  EXPECT_THAT(post("shared/profiles?current=2&pageSize=1", "", alice),
              StartsWith(R"(200 {"total":2,"data":[{"guid")"));
  EXPECT_EQ(post("shared/profiles?current=3&pageSize=1", "", alice),
            R"(200 {"total":2,"data":[]})");
  EXPECT_EQ(post("shared/profiles?current=99999999999999999999", "", alice),
            R"(200 {"total":2,"data":[]})");
  for (const char* bad : {"current=0", "current=-1", "current=x", "pageSize=0", "pageSize="})
    EXPECT_THAT(post(std::string("shared/profiles?") + bad, "", alice), StartsWith("400 ")) << bad;
  EXPECT_THAT(post("shared/profiles", "", signed_in("bob", "b0b")), HasSubstr(R"("rule":1)"));
  EXPECT_EQ(post("shared/profiles", "", "good"), R"(200 {"total":0,"data":[]})");
}

TEST_F(AddressBookTest, PeersAreAddedUpdatedAndDeleted) {
  const auto alice = signed_in("alice", "s3cret");
  const auto guid = personal(alice);
  EXPECT_EQ(peers(guid, alice), R"(200 {"total":0,"data":[]})");
  EXPECT_EQ(post("peer/add/" + guid, R"({"id":"1","alias":"A","note":"n","tags":["t"]})", alice),
            "200 ");
  EXPECT_EQ(post("peer/add/" + guid, R"({"id":"2"})", alice), "200 ");
  EXPECT_EQ(post("peer/add/" + guid, R"({"id":"1","hash":"aGFzaA=="})", alice), "200 ");
  const std::string first =
      R"({"id":"1","hash":"aGFzaA==","password":"","username":"","hostname":"","platform":"",)"
      R"("alias":"A","forceAlwaysRelay":"false","rdpPort":"","rdpUsername":"","loginName":"",)"
      R"("device_group_name":"","note":"n","tags":["t"],"same_server":null})";
  EXPECT_THAT(peers(guid, alice),
              StartsWith(R"(200 {"total":2,"data":[)" + first + R"(,{"id":"2")"));
  EXPECT_EQ(peers(guid, alice, "&x=1").find("\"total\":2"), 5u);
  EXPECT_EQ(post("peers?current=1&pageSize=1&ab=" + guid, "", alice),
            R"(200 {"total":2,"data":[)" + first + "]}");
  EXPECT_EQ(put("peer/update/" + guid, R"({"id":"1","alias":"","tags":[]})", alice), "200 ");
  EXPECT_THAT(peers(guid, alice), HasSubstr(R"("alias":"")"));
  EXPECT_THAT(peers(guid, alice), HasSubstr(R"("note":"n","tags":[])"));
  EXPECT_THAT(put("peer/update/" + guid, R"({"id":"3"})", alice), StartsWith("404 {\"error\""));
  EXPECT_THAT(put("peer/update/" + guid, R"({"id":"1","alias":1})", alice), StartsWith("400 "));
  EXPECT_THAT(put("peer/update/" + guid, R"({"alias":"x"})", alice), StartsWith("400 "));
  EXPECT_EQ(said("DELETE", "/api/ab/peer/" + guid, R"(["1","9"])", alice), "200 ");
  EXPECT_THAT(said("DELETE", "/api/ab/peer/" + guid, R"({"id":"2"})", alice), StartsWith("400 "));
  EXPECT_THAT(peers(guid, alice), StartsWith(R"(200 {"total":1,"data":[{"id":"2")"));
  EXPECT_EQ(said("POST", "/api/ab/peer/update/" + guid, "{}", alice),
            R"(405 {"error":"Method not allowed"})");
}

TEST_F(AddressBookTest, TagsFollowTheirPeers) {
  const auto alice = signed_in("alice", "s3cret");
  const auto guid = personal(alice);
  const auto tags = [&] { return post("tags/" + guid, "", alice); };
  EXPECT_EQ(tags(), "200 []");
  EXPECT_EQ(post("tag/add/" + guid, R"({"name":"a","color":4294967295})", alice), "200 ");
  EXPECT_EQ(post("tag/add/" + guid, R"({"name":"b","color":1})", alice), "200 ");
  EXPECT_EQ(post("tag/add/" + guid, R"({"name":"b","color":2})", alice), "200 ");
  EXPECT_EQ(tags(), R"(200 [{"name":"a","color":4294967295},{"name":"b","color":2}])");
  post("peer/add/" + guid, R"({"id":"1","tags":["a","b"]})", alice);
  EXPECT_THAT(put("tag/rename/" + guid, R"({"old":"a","new":"b"})", alice), StartsWith("409 "));
  EXPECT_THAT(put("tag/rename/" + guid, R"({"old":"x","new":"y"})", alice), StartsWith("404 "));
  EXPECT_EQ(put("tag/rename/" + guid, R"({"old":"a","new":"c"})", alice), "200 ");
  EXPECT_EQ(put("tag/update/" + guid, R"({"name":"b","color":3})", alice), "200 ");
  EXPECT_THAT(put("tag/update/" + guid, R"({"name":"a","color":3})", alice), StartsWith("404 "));
  EXPECT_EQ(tags(), R"(200 [{"name":"c","color":4294967295},{"name":"b","color":3}])");
  EXPECT_THAT(peers(guid, alice), HasSubstr(R"("tags":["c","b"])"));
  EXPECT_EQ(said("DELETE", "/api/ab/tag/" + guid, R"(["b","c"])", alice), "200 ");
  EXPECT_EQ(tags(), "200 []");
  EXPECT_THAT(peers(guid, alice), HasSubstr(R"("tags":[])"));
}

TEST_F(AddressBookTest, RulesAreTheServers) {
  const auto alice = signed_in("alice", "s3cret");
  const auto bob = signed_in("bob", "b0b");
  const auto guid = team(alice);
  const std::string peer = R"({"id":"1","hash":"aGFzaA==","password":"p"})";
  EXPECT_EQ(post("peer/add/" + guid, peer, alice), "200 ");
  EXPECT_THAT(peers(guid, bob), HasSubstr(R"("id":"1","hash":"","password":"p")"));
  for (const auto& [method, route] : {std::pair("POST", "peer/add/"),
                                      {"PUT", "peer/update/"},
                                      {"DELETE", "peer/"},
                                      {"POST", "tag/add/"},
                                      {"PUT", "tag/rename/"},
                                      {"PUT", "tag/update/"},
                                      {"DELETE", "tag/"}}) {
    EXPECT_EQ(said(method, "/api/ab/" + (route + guid), peer, bob),
              R"(403 {"error":"You may not change this address book"})");
    EXPECT_EQ(said(method, "/api/ab/" + (route + guid), peer, "good"), kNoBook);
    EXPECT_EQ(said(method, "/api/ab/" + (route + guid), peer, "bad"),
              R"(401 {"error":"Invalid token"})");
  }
  EXPECT_EQ(put("peer/update/" + guid, R"({"id":"1","note":"x"})", signed_in("carol", "c")),
            "200 ");
  for (const auto& foreign : {personal(alice), std::string("nothing"), std::string()}) {
    EXPECT_EQ(peers(foreign, bob), kNoBook);
    if (foreign.empty()) continue;
    EXPECT_EQ(post("tags/" + foreign, "", bob), kNoBook);
  }
  options.books[0].rules.erase("bob");
  restart();
  EXPECT_EQ(peers(guid, bob), kNoBook);
  EXPECT_THAT(peers(guid, alice), HasSubstr(R"("total":1)"));
}

TEST_F(AddressBookTest, BooksHaveLimits) {
  options.limits.peers_per_book = 1;
  const auto alice = signed_in("alice", "s3cret");
  const auto guid = personal(alice);
  EXPECT_EQ(post("peer/add/" + guid, R"({"id":"1"})", alice), "200 ");
  EXPECT_EQ(post("peer/add/" + guid, R"({"id":"1"})", alice), "200 ");
  EXPECT_EQ(post("peer/add/" + guid, R"({"id":"2"})", alice),
            R"(403 {"error":"The address book has too many peers"})");
  std::string long_peer = R"({"id":"1")";
  for (const char* name : {"alias", "note", "hostname", "username", "platform"})
    long_peer += ",\"" + std::string(name) + "\":\"" + std::string(4000, 'x') + "\"";
  EXPECT_EQ(put("peer/update/" + guid, long_peer + "}", alice),
            R"(400 {"error":"The peer is too long"})");
  for (int i = 0; i < 1000; ++i)
    post("tag/add/" + guid, R"({"name":")" + std::to_string(i) + R"(","color":1})", alice);
  EXPECT_THAT(post("tag/add/" + guid, R"({"name":"x","color":1})", alice), StartsWith("403 "));
}

TEST_F(AddressBookTest, OldClientsHaveATextBesides) {
  const auto alice = signed_in("alice", "s3cret");
  EXPECT_EQ(said("POST", "/api/ab/get", "{}", alice), R"(200 {"data":"{}"})");
  EXPECT_EQ(said("POST", "/api/ab", R"({"data":"{\"x\":[1]}"})", alice), "200 ");
  EXPECT_EQ(said("POST", "/api/ab/get", "{}", alice), R"(200 {"data":"{\"x\":[1]}"})");
  restart();
  EXPECT_EQ(said("GET", "/api/ab", "", alice), R"(200 {"data":"{\"x\":[1]}"})");
  EXPECT_EQ(peers(personal(alice), alice), R"(200 {"total":0,"data":[]})");
  EXPECT_THAT(said("POST", "/api/ab", R"({"data":""})", alice), StartsWith("400 "));
  options.address_books = AddressBooks::legacy;
  restart();
  EXPECT_EQ(said("GET", "/api/ab", "", alice), R"(200 {"data":"{\"x\":[1]}"})");
  for (const char* route : {"personal", "settings", "shared/profiles", "peers", "tags/x"})
    EXPECT_EQ(post(route, "", alice), R"(404 {"error":"Not found"})") << route;
}

TEST_F(AddressBookTest, BooksThatCannotBeAreRefusedAtTheStart) {
  const auto refused = [&](auto spoil) {
    const auto before = options.books;
    spoil(options.books[0]);
    restart();
    std::string said = "accepted";
    try {
      api();
    } catch (const identity::AccountError& error) {
      said = error.what();
    }
    options.books = before;
    return said;
  };
  EXPECT_EQ(refused([](BookFixture& b) { b.owner = "nobody"; }),
            "address book 'Team' names an unknown account, nobody");
  EXPECT_THAT(refused([](BookFixture& b) { b.rules["bob"] = 4; }), HasSubstr("not 1, 2 or 3"));
  EXPECT_THAT(refused([](BookFixture& b) { b.name = "Admins"; }), HasSubstr("is there twice"));
  EXPECT_THAT(refused([](BookFixture& b) { b.name = "My address book"; }),
              HasSubstr("clients use"));
}

}  // namespace
}  // namespace deskcheck::server::api
