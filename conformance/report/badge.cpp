#include "conformance/report/badge.hpp"

#include "conformance/report/profiles.hpp"
#include "conformance/report/verdict.hpp"

#include <boost/json.hpp>

namespace deskcheck::conformance {

namespace {

struct Look {
  const char* message;
  const char* colour;
};

Look look_of(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::conforms:
      return {"conforms", "brightgreen"};
    case Verdict::Kind::conforms_with_remarks:
      return {"conforms with remarks", "green"};
    case Verdict::Kind::does_not_conform:
      return {"does not conform", "red"};
    case Verdict::Kind::none:
      break;
  }
  return {"no verdict", "lightgrey"};
}

Look look_of(const ProfileVerdict& verdict) {
  switch (verdict.core.state) {
    case ProfileState::passed:
      if (verdict.extended.state == ProfileState::passed)
        return {"core and extended", "brightgreen"};
      return {"core", "green"};
    case ProfileState::failed:
      return {"core fails", "red"};
    case ProfileState::not_proven:
      return {"not proven", "lightgrey"};
    case ProfileState::not_claimed:
      break;
  }
  return {"not claimed", "lightgrey"};
}

}  // namespace

std::string to_badge(const RunReport& report, const Registry& registry) {
  std::string label = "deskcheck";
  auto look = look_of(verdict(report, registry).kind);
  if (report.profiles.size() == 1) {
    label += ' ' + report.profiles.front();
    look = look_of(judge_profiles(report, registry).at(0));
  }
  const boost::json::object badge{
      {"schemaVersion", 1}, {"label", label}, {"message", look.message}, {"color", look.colour}};
  return boost::json::serialize(badge) + "\n";
}

}  // namespace deskcheck::conformance
