// Heartbeat, sysinfo, and what the operator says to devices.
#include "reference-server/api/api_desk.hpp"

#include <gmock/gmock.h>

namespace deskcheck::server::api {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

class DevicesTest : public ApiDesk {
 protected:
  std::string beat(const std::string& more = "", const std::string& uuid = "dQ==") {
    return said("POST", "/api/heartbeat",
                R"({"id":"123456789","uuid":")" + uuid + R"(","ver":1004090)" + more + "}");
  }
  std::string upload(const std::string& uuid = "dQ==", const std::string& more = "") {
    return said("POST", "/api/sysinfo",
                R"({"id":"123456789","uuid":")" + uuid + R"(","version":"1.4.9")" + more + "}");
  }
  std::string version() { return said("POST", "/api/sysinfo_ver"); }
};

constexpr const char* kUpdated = "200 SYSINFO_UPDATED";

TEST_F(DevicesTest, UnknownOnesAreAskedForTheirSysinfoUntilItIsThere) {
  EXPECT_EQ(beat(), R"(200 {"sysinfo":true})");
  EXPECT_EQ(beat(), R"(200 {"sysinfo":true})");
  EXPECT_EQ(upload(), kUpdated);
  EXPECT_EQ(beat(), "200 {}");
  EXPECT_EQ(upload("dQ==", R"(,"new":{})"), kUpdated);
  EXPECT_THAT(store.find_report("123456789").value()->sysinfo, testing::HasSubstr("new"));
  restart();
  EXPECT_EQ(beat(), "200 {}");
}

TEST_F(DevicesTest, AnswerInTheirTypes) {
  const auto type = [&](const char* path, const char* body) {
    return answer("POST", path, body).headers.front().second;
  };
  EXPECT_EQ(type("/api/heartbeat", R"({"id":"1","uuid":"dQ=="})"),
            "application/json; charset=utf-8");
  EXPECT_EQ(type("/api/sysinfo", R"({"id":"1","uuid":"dQ=="})"), "text/plain; charset=utf-8");
  EXPECT_EQ(type("/api/sysinfo_ver", ""), "text/plain; charset=utf-8");
}

TEST_F(DevicesTest, WhatIsNoReportIsRefused) {
  for (const char* path : {"/api/heartbeat", "/api/sysinfo"})
    for (const char* bad : {"", "null", "[]", "{}", R"({"id":"1"})", R"({"id":1,"uuid":"u"})"})
      EXPECT_EQ(said("POST", path, bad), R"(400 {"error":"id and uuid have to be texts"})") << bad;
  options.limits.api_body = 1 << 20;
  restart();
  EXPECT_THAT(upload("dQ==", R"(,"cpu":")" + std::string(70'000, 'x') + "\""), StartsWith("413 "));
  EXPECT_EQ(said("GET", "/api/heartbeat"), R"(405 {"error":"Method not allowed"})");
}

TEST_F(DevicesTest, AnotherUuidHearsNothing) {
  upload();
  ASSERT_TRUE(api().devices().ask_for_sysinfo("123456789"));
  EXPECT_EQ(beat("", "dg=="), "200 {}");
  EXPECT_EQ(upload("dg=="), R"(403 {"error":"The id belongs to another device"})");
  EXPECT_EQ(store.find_report("123456789").value()->uuid, "dQ==");
}

TEST_F(DevicesTest, TheRegisteredUuidDecides) {
  upload();
  registered["123456789"] = "v";  // dg==
  EXPECT_EQ(beat(), "200 {}");
  EXPECT_THAT(upload(), StartsWith("403 "));
  EXPECT_EQ(beat("", "dg=="), R"(200 {"sysinfo":true})");
  EXPECT_EQ(upload("dg=="), kUpdated);
  EXPECT_EQ(beat("", "dg=="), "200 {}");
  EXPECT_EQ(beat("", "no base64"), "200 {}");
}

TEST_F(DevicesTest, DisconnectIsRepeatedUntilTheConnectionIsGone) {
  auto& devices = api().devices();
  EXPECT_FALSE(devices.disconnect("123456789", 7));
  upload();
  EXPECT_EQ(beat(R"(,"conns":[7,8])"), "200 {}");
  EXPECT_THAT(devices.connections("123456789"), ElementsAre(7, 8));
  EXPECT_FALSE(devices.disconnect("123456789", 9)) << "not reported";
  EXPECT_TRUE(devices.disconnect("123456789", 7));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(beat(R"(,"conns":[7,8])"), R"(200 {"disconnect":[7]})");
  EXPECT_EQ(beat(R"(,"conns":[8])"), "200 {}");
  EXPECT_EQ(beat(R"(,"conns":[7])"), "200 {}") << "another connection of that number";
  EXPECT_TRUE(devices.disconnect("123456789", 7));
  EXPECT_EQ(beat(), "200 {}");
  EXPECT_THAT(devices.connections("123456789"), ElementsAre());
}

TEST_F(DevicesTest, SysinfoCanBeForced) {
  upload();
  auto& devices = api().devices();
  EXPECT_FALSE(devices.ask_for_sysinfo("nobody"));
  EXPECT_TRUE(devices.ask_for_sysinfo("123456789"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(beat(), R"(200 {"sysinfo":true})");
  upload();
  EXPECT_EQ(beat(), "200 {}");

  const auto before = version();
  EXPECT_GT(before.size(), 4u);
  EXPECT_EQ(version(), before);
  devices.ask_all_for_sysinfo();
  EXPECT_NE(version(), before);
  EXPECT_EQ(beat(), R"(200 {"sysinfo":true})");
  upload();
  EXPECT_EQ(beat(), "200 {}");
  const auto after = version();
  restart();
  EXPECT_EQ(version(), after);
}

TEST_F(DevicesTest, AreOnlineAsLongAsAHeartbeatMayBeUnderWay) {
  upload();
  EXPECT_FALSE(api().devices().online("123456789", now));
  beat();
  EXPECT_TRUE(api().devices().online("123456789", now + 63s));
  EXPECT_FALSE(api().devices().online("123456789", now + 64s));
  EXPECT_FALSE(api().devices().online("nobody", now));
}

TEST_F(DevicesTest, AreNotEndlesslyMany) {
  options.limits.devices = 2;
  const auto report = [&](const std::string& id) {
    return said("POST", "/api/sysinfo", R"({"id":")" + id + R"(","uuid":"dQ=="})");
  };
  EXPECT_EQ(report("1"), kUpdated);
  EXPECT_EQ(report("2"), kUpdated);
  EXPECT_EQ(report("3"), R"(403 {"error":"The server takes no more devices"})");
  EXPECT_EQ(report("2"), kUpdated);
  restart();
  EXPECT_THAT(report("3"), StartsWith("403 "));
}

}  // namespace
}  // namespace deskcheck::server::api
