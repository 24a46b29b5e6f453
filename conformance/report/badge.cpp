#include "conformance/report/badge.hpp"

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

}  // namespace

std::string to_badge(const RunReport& report, const Registry& registry) {
  const auto look = look_of(verdict(report, registry).kind);
  const boost::json::object badge{{"schemaVersion", 1},
                                  {"label", "deskcheck"},
                                  {"message", look.message},
                                  {"color", look.colour}};
  return boost::json::serialize(badge) + "\n";
}

}  // namespace deskcheck::conformance
