// Grants to switch sides.
#include "proto/wire/keys.hpp"
#include "reference-server/api/api_desk.hpp"

namespace deskcheck::server::api {
namespace {

using Kind = SwitchGrants::Request;

class SwitchGrantTest : public ApiDesk {
 protected:
  SwitchGrantTest() { keys["id1"] = std::string(wire::view(device.public_key.bytes)); }

  static std::string joined(std::initializer_list<std::string> parts) {
    std::string text = "switch-grant";
    for (const auto& part : parts) text += std::string(1, '\0') + part;
    return text;
  }
  std::string grant(const std::string& code, const std::string& timestamp,
                    const wire::KeyPair& signer, const std::string& id = "id1") {
    const auto verifier = switch_code_verifier(code);
    const auto signature = wire::sign(joined({id, verifier, timestamp}), signer).substr(0, 64);
    boost::json::object body{{"id", id},
                             {"switch_code_verifier", verifier},
                             {"timestamp", timestamp},
                             {"signature", wire::to_base64(signature)}};
    return said("POST", "/api/switch-grant", boost::json::serialize(body));
  }
  bool passes(const std::string& code, Kind kind = Kind::path, std::uint64_t connection = 1,
              const std::string& id = "id1") {
    return api().switch_grants().passes(id, code, kind, connection, now);
  }
  static wire::KeyPair pair(unsigned char seed) {
    wire::Bytes32 bytes{};
    bytes.fill(seed);
    return wire::key_pair_from_seed(bytes);
  }

  const wire::KeyPair device = pair(1);
  const std::string accepted = R"(200 {"accepted":true})";
  const std::string refused = R"(200 {"accepted":false})";
  const std::string another_time = R"(200 {"accepted":false,"server_time":3600})";
};

TEST_F(SwitchGrantTest, KnowsCodesByTheirHash) {
  EXPECT_EQ(switch_code_verifier("code-abc"), "dMIn3uiPe77XodFB5IKi7PrKJ7l7+zVquNn0ObSaHQc=");
}

TEST_F(SwitchGrantTest, AreTheDevicesOwn) {
  EXPECT_EQ(grant("c", "3600", device), accepted);
  EXPECT_EQ(grant("c", "3600", device), accepted) << "nobody has used it";
  EXPECT_EQ(grant("c2", "3600", pair(2)), refused);
  EXPECT_EQ(grant("c2", "3600", device, "another"), refused);
  for (const char* bad : {"", "[]", "{}", R"({"id":"id1","timestamp":3600})"})
    EXPECT_EQ(said("POST", "/api/switch-grant", bad), refused) << bad;
}

TEST_F(SwitchGrantTest, AreOfNow) {
  EXPECT_EQ(grant("c", "0", device), another_time);
  EXPECT_EQ(grant("c", "3299", device), another_time);
  EXPECT_EQ(grant("c", "3901", device), another_time);
  EXPECT_EQ(grant("c", "0", pair(2)), refused) << "strangers are told nothing";
  for (const char* bad : {"", "x", "3600.0", "99999999999999999999999"})
    EXPECT_EQ(grant("c", bad, device), refused) << bad;
  EXPECT_EQ(grant("a", "3300", device), accepted);
  EXPECT_EQ(grant("b", "3900", device), accepted);
}

TEST_F(SwitchGrantTest, LetPassOnce) {
  EXPECT_FALSE(passes("c"));
  EXPECT_EQ(grant("c", "3600", device), accepted);
  EXPECT_FALSE(passes(""));
  EXPECT_FALSE(passes("d"));
  EXPECT_FALSE(passes("c", Kind::path, 1, "id2"));
  EXPECT_TRUE(passes("c"));
  EXPECT_TRUE(passes("c")) << "the same request again";
  EXPECT_FALSE(passes("c", Kind::path, 2));
  EXPECT_TRUE(passes("c", Kind::relay, 3)) << "after hole punching has failed";
  EXPECT_FALSE(passes("c", Kind::relay, 4));
  EXPECT_EQ(grant("c", "3600", device), refused) << "it was used";
  EXPECT_EQ(grant("d", "3600", device), accepted);
  now += 61s;
  EXPECT_FALSE(passes("d"));
  EXPECT_EQ(grant("d", "3600", device), refused) << "what was said before";
}

}  // namespace
}  // namespace deskcheck::server::api
