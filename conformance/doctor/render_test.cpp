#include "conformance/doctor/render.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

namespace deskcheck::doctor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Diagnosis all(Status status) {
  Diagnosis diagnosis;
  diagnosis.host = "rd.example.com";
  for (auto& finding : diagnosis.findings) {
    finding.status = status;
    finding.what = "as it should be";
  }
  diagnosis.took = 1500ms;
  return diagnosis;
}

Diagnosis with(Step step, Status status) {
  auto diagnosis = all(Status::ok);
  auto& finding = diagnosis.findings[static_cast<std::size_t>(step)];
  finding.status = status;
  finding.what = "it | hangs";
  finding.cause = "nobody knows";
  finding.mend = "restart it";
  return diagnosis;
}

TEST(Render, TextFitsAScreen) {
  auto diagnosis = with(Step::relay, Status::broken);
  diagnosis.device_id = "dcdoctor00000001";
  const auto text = as_text(diagnosis);
  EXPECT_LE(std::ranges::count(text, '\n'), 30);
  EXPECT_THAT(text, HasSubstr("first broken step: relay: it | hangs"));
  EXPECT_THAT(text, HasSubstr("likely cause  nobody knows"));
  EXPECT_THAT(text, HasSubstr("mend          restart it"));
  EXPECT_THAT(text, HasSubstr("dcdoctor00000001"));
  EXPECT_THAT(as_text(all(Status::ok)), HasSubstr("rd.example.com: healthy (21 ok; 1.5 s)"));
}

TEST(Render, TheFirstBrokenStepComesBeforeAnyWarning) {
  auto diagnosis = with(Step::login, Status::broken);
  diagnosis.findings[0].status = Status::warning;
  EXPECT_EQ(diagnosis.first()->step, Step::login);
}

TEST(Render, ExitCodes) {
  EXPECT_EQ(exit_code(all(Status::ok)), 0);
  EXPECT_EQ(exit_code(with(Step::websocket, Status::warning)), 0);
  EXPECT_EQ(exit_code(with(Step::relay, Status::broken)), 1);
  EXPECT_EQ(exit_code(with(Step::name, Status::broken)), 3);
  EXPECT_EQ(exit_code(all(Status::broken)), 3);
  EXPECT_EQ(nagios_exit_code(all(Status::ok)), 0);
  EXPECT_EQ(nagios_exit_code(with(Step::websocket, Status::warning)), 1);
  EXPECT_EQ(nagios_exit_code(with(Step::relay, Status::broken)), 2);
}

TEST(Render, NagiosReadsOneLineAndPerformanceData) {
  EXPECT_THAT(as_nagios(all(Status::ok)),
              StartsWith("DESKCHECK OK - rd.example.com: 21 ok | time=1.500s;;;0 broken=0;;1;0"));
  const auto text = as_nagios(with(Step::relay, Status::broken));
  EXPECT_THAT(text, StartsWith("DESKCHECK CRITICAL - rd.example.com: 1 broken, 20 ok; relay: it / "
                               "hangs; restart it | "));
  EXPECT_THAT(text, HasSubstr("\nBROKEN relay: it / hangs\n"));
  EXPECT_THAT(as_nagios(with(Step::api, Status::warning)), StartsWith("DESKCHECK WARNING - "));
}

TEST(Render, JsonIsOneObjectInOneLine) {
  auto diagnosis = with(Step::relay, Status::broken);
  diagnosis.skew = -90s;
  const auto text = as_json(diagnosis);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  const auto object = boost::json::parse(text).as_object();
  EXPECT_EQ(object.at("first").as_string(), "relay");
  EXPECT_EQ(object.at("healthy").as_bool(), false);
  EXPECT_EQ(object.at("clock_skew_seconds").as_int64(), -90);
  EXPECT_EQ(object.at("steps").as_array().size(), kSteps);
  EXPECT_EQ(object.at("steps").at(10).at("mend").as_string(), "restart it");
  EXPECT_TRUE(boost::json::parse(as_json(all(Status::ok))).at("first").is_null());
}

TEST(Render, PrometheusHasALineForEachStep) {
  auto diagnosis = with(Step::relay, Status::broken);
  diagnosis.host = "a\"b\\c";
  const auto text = as_prometheus(diagnosis);
  EXPECT_THAT(text, HasSubstr("deskcheck_doctor_healthy{host=\"a\\\"b\\\\c\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("step=\"relay\",status=\"broken\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE deskcheck_doctor_step_seconds gauge\n"));
  EXPECT_THAT(text, Not(HasSubstr("skew")));
}

}  // namespace
}  // namespace deskcheck::doctor
