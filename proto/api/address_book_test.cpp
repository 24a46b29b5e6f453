#include "proto/api/address_book.hpp"

#include "proto/api/json.hpp"

#include <gmock/gmock.h>

namespace deskcheck::http_api {
namespace {

using ::testing::ElementsAre;

// The mistake, or what the peer has become.
std::string taken(const std::string& text, BookPeer peer = {}) {
  const auto mistake = take(*parse_object(text), peer);
  return mistake ? *mistake : boost::json::serialize(to_json(peer));
}

TEST(BookPeer, OnlyTheIdHasToBeThere) {
  const std::string bare =
      R"({"id":"1","hash":"","password":"","username":"","hostname":"","platform":"","alias":"",)"
      R"("forceAlwaysRelay":"false","rdpPort":"","rdpUsername":"","loginName":"",)"
      R"("device_group_name":"","note":"","tags":[],"same_server":null})";
  EXPECT_EQ(taken(R"({"id":"1"})"), bare);
  EXPECT_EQ(taken(R"({"id":"1","alias":null,"tags":null,"same_server":null,"new":{}})"), bare);
  EXPECT_EQ(taken(bare), bare);
  EXPECT_EQ(taken("{}"), "The id is missing");
}

TEST(BookPeer, SetsWhatIsThere) {
  BookPeer peer;
  peer.id = "1";
  peer.alias = "before";
  peer.note = "kept";
  peer.tags = {"a"};
  const auto object =
      parse_object(R"({"alias":"","tags":["b","c"],"forceAlwaysRelay":"true","same_server":true})");
  EXPECT_EQ(take(*object, peer), std::nullopt);
  EXPECT_EQ(peer.alias + peer.note + peer.force_always_relay, "kepttrue");
  EXPECT_THAT(peer.tags, ElementsAre("b", "c"));
  EXPECT_EQ(peer.same_server, true);
}

TEST(BookPeer, NamesMistakes) {
  EXPECT_EQ(taken(R"({"id":1})"), "id has to be a text");
  EXPECT_EQ(taken(R"({"id":"1","alias":[]})"), "alias has to be a text");
  EXPECT_EQ(taken(R"({"id":"1","tags":"a"})"), "tags has to be a list of texts");
  EXPECT_EQ(taken(R"({"id":"1","tags":[1]})"), "tags has to be a list of texts");
  EXPECT_EQ(taken(R"({"id":"1","same_server":"true"})"), "same_server has to be true or false");
  EXPECT_EQ(taken(R"({"id":"1","note":")" + std::string(4097, 'x') + "\"}"), "note is too long");
  EXPECT_EQ(taken(R"({"id":")" + std::string(257, 'x') + "\"}"), "id is too long");
}

TEST(BookTag, ColoursHave32Bits) {
  const auto tag = parse_book_tag(R"({"name":"office","color":4294967295})");
  ASSERT_TRUE(tag);
  EXPECT_EQ(boost::json::serialize(to_json(*tag)), R"({"name":"office","color":4294967295})");
  for (const char* bad :
       {"[]", "{}", R"({"name":"","color":1})", R"({"name":"a","color":-1})", R"({"name":"a"})",
        R"({"name":"a","color":4294967296})", R"({"name":"a","color":"1"})"})
    EXPECT_FALSE(parse_book_tag(bad)) << bad;
}

TEST(BookLists, AreTexts) {
  EXPECT_THAT(*parse_texts(R"(["1","2"])"), ElementsAre("1", "2"));
  for (const char* bad : {"", "{}", "[1]", "\"1\"", "null"}) EXPECT_FALSE(parse_texts(bad)) << bad;
  EXPECT_EQ(parse_tag_rename(R"({"old":"a","new":"b"})")->after, "b");
  for (const char* bad : {"[]", R"({"old":"a"})", R"({"old":"a","new":""})"})
    EXPECT_FALSE(parse_tag_rename(bad)) << bad;
  EXPECT_EQ(parse_legacy_book(R"({"data":"{\"x\": 1}","more":1})"), R"({"x": 1})");
  for (const char* bad : {"", "[]", "{}", R"({"data":""})", R"({"data":{}})", R"({"data":"x"})",
                          R"({"data":"[]"})", R"({"data":"null"})", R"({"data":"{"})"})
    EXPECT_FALSE(parse_legacy_book(bad)) << bad;
}

TEST(BookProfile, HasInfo) {
  BookProfile profile;
  profile.guid = "g";
  profile.rule = 2;
  EXPECT_EQ(boost::json::serialize(to_json(profile)),
            R"({"guid":"g","name":"","owner":"","note":"","rule":2,"info":{}})");
  profile.password = "p";
  EXPECT_EQ(boost::json::serialize(to_json(profile)["info"]), R"({"password":"p"})");
}

}  // namespace
}  // namespace deskcheck::http_api
