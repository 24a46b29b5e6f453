// What operators want of devices, and see of them.
#include "reference-server/admin/admin_desk.hpp"

namespace deskcheck::server::admin {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class FleetTest : public AdminDesk {
 protected:
  std::string device(const std::string& id = "1") { return get("devices?id=" + id); }
  std::string strategy(const std::string& name, const std::string& values) {
    return post("strategies", R"({"name":")" + name + R"(","config_options":)" + values + "}");
  }
  std::string assign(const std::string& name, const std::string& to, const std::string& target) {
    return post("strategies/assign",
                R"({"strategy":")" + name + R"(",")" + to + R"(":")" + target + "\"}");
  }
  static std::string pushed(int modified_at, const std::string& values) {
    return R"(200 {"modified_at":)" + std::to_string(modified_at) +
           R"(,"strategy":{"config_options":)" + values + R"(,"extra":{}}})";
  }
};

TEST_F(FleetTest, DevicesAreShown) {
  EXPECT_EQ(get("devices"), R"(200 {"devices":[]})");
  EXPECT_EQ(device(), R"(200 {"devices":[]})");
  upload();
  upload("2");
  beat(0, R"(,"conns":[7])");
  EXPECT_EQ(
      device(),
      R"(200 {"devices":[{"id":"1","uuid":"dQ==","online":true,"address":"127.0.0.1",)"
      R"("connections":[7],"user":"","device_group":"","note":"","strategy":"","modified_at":0,)"
      R"("sysinfo":{"id":"1","uuid":"dQ==","hostname":"PC"}}]})");
  EXPECT_THAT(get("devices"), AllOf(HasSubstr(R"("id":"1")"), HasSubstr(R"("id":"2")")));
  EXPECT_THAT(get("devices?after=1"), Not(HasSubstr(R"("id":"1")")));
  now += 10min;
  EXPECT_THAT(device(), HasSubstr(R"("online":false)"));
}

TEST_F(FleetTest, DevicesBelongToSomebody) {
  upload();
  EXPECT_EQ(post("device-groups", R"({"name":"A"})"), kDone);
  EXPECT_EQ(post("device-groups", R"({"name":"B","devices":["1","5"]})"), kDone);
  EXPECT_EQ(post("devices", R"({"id":"1","user":"alice","device_group":"A","note":"n"})"), kDone);
  EXPECT_THAT(device(), HasSubstr(R"("user":"alice","device_group":"A","note":"n")"));
  EXPECT_THAT(get("device-groups"), HasSubstr(R"("name":"B","devices":["5"])"));
  EXPECT_EQ(post("devices", R"({"id":"9","note":"to come"})"), kDone);
  EXPECT_THAT(get("devices"), HasSubstr(R"("id":"9","uuid":"")"));
  restart();
  EXPECT_EQ(post("devices", R"({"id":"1","user":"","device_group":""})"), kDone);
  EXPECT_THAT(device(), HasSubstr(R"("user":"","device_group":"","note":"n")"));
  EXPECT_EQ(post("devices", R"({"id":"1","user":"nobody"})"),
            R"(404 {"error":"There is no such user: nobody"})");
  EXPECT_EQ(post("devices", R"({"id":"1","device_group":"C","note":"x"})"),
            R"(404 {"error":"There is no such device group: C"})");
  EXPECT_THAT(device(), HasSubstr(R"("note":"n")")) << "nothing was changed";
}

TEST_F(FleetTest, ConnectionsAreEndedUntilTheyAreGone) {
  EXPECT_THAT(post("devices/disconnect", R"({"id":"1"})"), StartsWith("404 "));
  upload();
  beat(0, R"(,"conns":[7,8,9])");
  EXPECT_EQ(post("devices/disconnect", R"({"id":"1","connections":[7,10]})"),
            R"(404 {"error":"There is no such connection of this device: 10"})");
  EXPECT_EQ(beat(0, R"(,"conns":[7,8,9])"), "200 {}");
  EXPECT_EQ(post("devices/disconnect", R"({"id":"1","connections":[8]})"), kDone);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(beat(0, R"(,"conns":[7,8,9])"), R"(200 {"disconnect":[8]})");
  EXPECT_EQ(post("devices/disconnect", R"({"id":"1"})"), kDone);
  EXPECT_EQ(beat(0, R"(,"conns":[7,9])"), R"(200 {"disconnect":[7,9]})");
  EXPECT_EQ(beat(), "200 {}");
}

TEST_F(FleetTest, SysinfoIsForced) {
  EXPECT_THAT(post("devices/sysinfo", R"({"id":"1"})"), StartsWith("404 "));
  upload();
  EXPECT_EQ(post("devices/sysinfo", R"({"id":"1"})"), kDone);
  EXPECT_EQ(beat(), R"(200 {"sysinfo":true})");
  upload();
  EXPECT_EQ(beat(), "200 {}");
  EXPECT_EQ(post("devices/sysinfo", ""), kDone);
  EXPECT_EQ(beat(), R"(200 {"sysinfo":true})");
}

TEST_F(FleetTest, StrategiesComeWithTheirTimeUntilTheyHaveArrived) {
  upload();
  EXPECT_EQ(beat(99), "200 {}") << "nothing to say";
  EXPECT_EQ(strategy("s", R"({"enable-audio":"N","whitelist":"10.0.0.0/8"})"), kDone);
  EXPECT_EQ(beat(99), "200 {}");
  EXPECT_EQ(assign("s", "device", "1"), kDone);
  const auto first = pushed(3600, R"({"enable-audio":"N","whitelist":"10.0.0.0/8"})");
  EXPECT_EQ(beat(), first);
  EXPECT_EQ(beat(9999), first);
  EXPECT_EQ(beat(3600), "200 {}");
  EXPECT_THAT(device(), HasSubstr(R"("strategy":"s","modified_at":3600)"));

  EXPECT_EQ(strategy("s", R"({"enable-audio":"N","whitelist":"10.0.0.0/8"})"), kDone);
  EXPECT_EQ(beat(3600), "200 {}") << "it is the same";
  EXPECT_EQ(strategy("s", R"({"enable-audio":"Y"})"), kDone);
  EXPECT_EQ(beat(3600), pushed(3601, R"({"enable-audio":"Y","whitelist":""})"));
  restart();
  EXPECT_EQ(beat(3601), "200 {}");
  now += 1h;
  EXPECT_EQ(post("strategies/remove", R"({"name":"s"})"), kDone);
  EXPECT_EQ(beat(3601), pushed(7200, R"({"enable-audio":"","whitelist":""})"));
  EXPECT_EQ(beat(7200), "200 {}");
  EXPECT_THAT(device(), HasSubstr(R"("strategy":"")"));
}

TEST_F(FleetTest, TheStrategyOfTheDeviceComesBeforeThoseOfGroupsAndOwner) {
  upload();
  for (const char* name : {"d", "a", "b", "u"})
    EXPECT_EQ(strategy(name, R"({"relay-server":")" + std::string(name) + "\"}"), kDone);
  const auto in_effect = [&] {
    const auto text = beat(-1);
    const auto at = text.find(R"("relay-server":")");
    return at == std::string::npos ? "" : text.substr(at + 16, 1);
  };
  post("device-groups", R"({"name":"B","devices":["1"]})");
  post("device-groups", R"({"name":"A","devices":["1"]})");
  EXPECT_EQ(assign("u", "user", "bob"), kDone);
  EXPECT_EQ(in_effect(), "");
  post("devices", R"({"id":"1","user":"bob"})");
  EXPECT_EQ(in_effect(), "u");
  EXPECT_EQ(assign("b", "device_group", "B"), kDone);
  EXPECT_EQ(in_effect(), "b");
  EXPECT_EQ(assign("a", "device_group", "A"), kDone);
  EXPECT_EQ(in_effect(), "a");
  EXPECT_EQ(assign("d", "device", "1"), kDone);
  EXPECT_EQ(in_effect(), "d");
  EXPECT_THAT(get("strategies"),
              HasSubstr(R"("name":"a","config_options":{"relay-server":"a"},"extra":{},)"
                        R"("devices":[],"device_groups":["A"],"users":[]})"));
  EXPECT_EQ(assign("", "device", "1"), kDone);
  EXPECT_EQ(in_effect(), "a");
  post("device-groups", R"({"name":"A","devices":[]})");
  EXPECT_EQ(in_effect(), "b");
  post("device-groups/remove", R"({"name":"B"})");
  EXPECT_EQ(in_effect(), "u");
  post("users", R"({"name":"bob","disabled":true})");
  EXPECT_EQ(in_effect(), "\"") << "reset";
}

TEST_F(FleetTest, AnOwnerIsAlsoWhoHasSignedIn) {
  upload();
  strategy("s", R"({"enable-audio":"N"})");
  assign("s", "user", "bob");
  EXPECT_EQ(beat(), "200 {}");
  signed_in("bob", "b0b");  // from device 1
  EXPECT_THAT(beat(), HasSubstr("enable-audio"));
}

TEST_F(FleetTest, StrategiesThatMakeNoSenseAreRefused) {
  EXPECT_EQ(strategy("s", R"({"enable-audio":true})"),
            R"(400 {"error":"config_options.enable-audio has to be a text"})");
  EXPECT_EQ(strategy("s", R"({"enable-udp-punch":"Y"})"),
            R"(400 {"error":"config_options.enable-udp-punch has no effect in a strategy; )"
            R"(leave it out"})");
  EXPECT_THAT(strategy("s", R"({"use-raw-tcp-for-api":"Y"})"), StartsWith("400 "));
  EXPECT_EQ(strategy("s", R"({"enable-audio":"false"})"),
            R"(400 {"error":"config_options.enable-audio has to be \"Y\", \"N\" or \"\""})");
  EXPECT_EQ(strategy("s", "null"),
            R"(400 {"error":"config_options has to be an object of texts"})");
  EXPECT_EQ(post("strategies", R"({"name":"s"})"), R"(400 {"error":"config_options is missing"})");
  EXPECT_EQ(strategy("s", R"({"option-of-tomorrow":"x"})"), kDone);
  EXPECT_EQ(assign("t", "device", "1"), R"(404 {"error":"There is no such strategy: t"})");
  EXPECT_EQ(assign("s", "user", "nobody"), R"(404 {"error":"There is no such user: nobody"})");
  EXPECT_THAT(assign("s", "device_group", "nothing"), StartsWith("404 "));
  for (const char* bad : {R"({"strategy":"s"})", R"({"strategy":"s","device":"1","user":"bob"})"})
    EXPECT_EQ(post("strategies/assign", bad),
              R"(400 {"error":"One of device, device_group and user has to be there"})");
  EXPECT_THAT(post("strategies/remove", R"({"name":"t"})"), StartsWith("404 "));
}

TEST_F(FleetTest, AForeignUuidHearsNoStrategy) {
  upload();
  strategy("s", R"({"enable-audio":"N"})");
  assign("s", "device", "1");
  EXPECT_EQ(said("POST", "/api/heartbeat", R"({"id":"1","uuid":"dg==","modified_at":0})"),
            "200 {}");
}

TEST_F(FleetTest, RecordingsAreShownAndRemoved) {
  const auto record = [&](const std::string& query, const std::string& body) {
    EXPECT_THAT(said("POST", "/api/record?" + query, body), StartsWith("200 "));
  };
  EXPECT_EQ(get("recordings"), R"(200 {"recordings":[]})");
  record("type=new&file=a+b.webm", "");
  EXPECT_EQ(get("recordings"),
            R"(200 {"recordings":[{"file":"a b.webm","size":0,"complete":false,"changed":3600}]})");
  record("type=part&file=a+b.webm&offset=0&length=3", "abc");
  record("type=tail&file=a+b.webm&offset=0&length=2", "AB");
  EXPECT_THAT(get("recordings"), HasSubstr(R"("size":3,"complete":true)"));
  EXPECT_EQ(get("recordings/a%20b.webm"), "200 ABc");
  EXPECT_THAT(get("recordings/none"), StartsWith("404 "));
  EXPECT_THAT(get("recordings/%2e%2e"), StartsWith("404 "));
  EXPECT_EQ(post("recordings/remove", R"({"file":"a b.webm"})"), kDone);
  EXPECT_THAT(post("recordings/remove", R"({"file":"a b.webm"})"), StartsWith("404 "));
  EXPECT_THAT(post("recordings/remove", R"({"file":"../x"})"), StartsWith("404 "));
}

TEST_F(FleetTest, AuditsAreShown) {
  const auto report = [&](const std::string& kind, const std::string& more) {
    EXPECT_EQ(said("POST", "/api/audit/" + kind, R"({"id":"1","uuid":"dQ==",)" + more + "}"),
              "200 ");
  };
  EXPECT_EQ(get("audits/connections"), R"(200 {"audits":[]})");
  report("conn", R"("action":"new","ip":"10.0.0.9","conn_id":7,"session_id":0)");
  report("conn", R"("peer":["9","Al"],"type":1,"conn_id":7,"session_id":13835058055282163713)");
  report("conn", R"("action":"close","conn_id":7,"session_id":13835058055282163713)");
  EXPECT_THAT(get("audits/connections?device=1"),
              AllOf(HasSubstr(R"("device":"1","conn_id":7,"session_id":13835058055282163713,)"
                              R"("authorised":true,"peer_id":"9","peer_name":"Al",)"
                              R"("ip":"10.0.0.9","type":1)"),
                    HasSubstr(R"("started":3600,"ended":3600)")));
  report("file",
         R"("peer_id":"9","type":1,"path":"","is_file":true,"info":"{\"files\":[[\"\",5]]}")");
  EXPECT_EQ(get("audits/files?device=1"),
            R"(200 {"audits":[{"device":"1","peer_id":"9","type":1,"path":"","is_file":true,)"
            R"("info":{"files":[["",5]]},"at":3600}]})");
  report("alarm", R"("typ":99,"info":"{\"ip\":\"x\"}")");
  EXPECT_EQ(get("audits/alarms"),
            R"(200 {"audits":[{"device":"1","kind":99,"info":{"ip":"x"},"at":3600}]})");
  for (const char* kind : {"connections", "files", "alarms"})
    EXPECT_EQ(get(std::string("audits/") + kind + "?device=2"), R"(200 {"audits":[]})");
}

}  // namespace
}  // namespace deskcheck::server::admin
