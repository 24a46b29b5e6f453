// What plug-ins get signed.
#include "proto/wire/identity.hpp"
#include "reference-server/api/api_desk.hpp"

namespace deskcheck::server::api {
namespace {

class PluginSignTest : public ApiDesk {
 protected:
  PluginSignTest() {
    options.identity = wire::key_pair_from_seed({});
    options.limits.api_body = 1 << 20;
  }
  std::string sign(const std::string& msg) {
    return said("POST", "/lic/web/api/plugin-sign",
                R"({"plugin_id":"TestPlugin","version":"1.0.0","msg":)" + msg + "}");
  }
  static std::string listed(const std::string& bytes) {
    boost::json::array list;
    for (const char byte : bytes) list.emplace_back(static_cast<unsigned char>(byte));
    return boost::json::serialize(list);
  }
};

TEST_F(PluginSignTest, IsTheSignatureAndTheMessage) {
  const std::string message("hello\0\xff", 7);
  EXPECT_EQ(sign(listed(message)),
            R"(200 {"signed_msg":)" + listed(wire::sign(message, *options.identity)) + "}");
  EXPECT_EQ(sign("[]"), R"(200 {"signed_msg":)" + listed(wire::sign("", *options.identity)) + "}");
}

TEST_F(PluginSignTest, TakesListsOfBytesOnly) {
  const std::string refused = R"(400 {"error":"msg has to be a list of at most 65536 bytes"})";
  for (const char* bad : {"\"aGVsbG8=\"", "null", "[256]", "[-1]", "[1.0]", "[\"1\"]", "{}"})
    EXPECT_EQ(sign(bad), refused) << bad;
  EXPECT_EQ(sign(listed(std::string(65537, 'x'))), refused);
  EXPECT_EQ(said("POST", "/lic/web/api/plugin-sign", "[]"), refused);
}

TEST_F(PluginSignTest, SignsNothingThatClientsTakeForTheServers) {
  const std::string refused = R"(403 {"error":"This is not signed for anybody"})";
  const std::string key(32, 'k');
  EXPECT_EQ(sign(listed(key)), refused) << "an offer of a key";
  const auto identity = wire::sign_identity("123456789", key, *options.identity).substr(64);
  EXPECT_EQ(sign(listed(identity)), refused) << "the key of a device";
}

TEST_F(PluginSignTest, IsTheOwnersChoice) {
  options.sign_plugins = false;
  EXPECT_EQ(sign("[1]"), R"(404 {"error":"Not found"})");
  options.sign_plugins = true;
  options.identity.reset();
  restart();
  EXPECT_EQ(sign("[1]"), R"(404 {"error":"Not found"})");
}

}  // namespace
}  // namespace deskcheck::server::api
