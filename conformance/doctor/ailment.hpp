// A table of broken set-ups, and the test that each names the right step. Tests only.
#pragma once

#include "conformance/doctor/clinic.hpp"

#include <gmock/gmock.h>

namespace deskcheck::doctor {

struct Ailment {
  const char* name;
  std::function<void(Clinic&)> make;
  Step step;  // that must be named
  Status status;
  const char* says;  // somewhere in what it is, its cause or its mend
};

inline std::string name_of(const testing::TestParamInfo<Ailment>& info) { return info.param.name; }
inline void PrintTo(const Ailment& ailment, std::ostream* out) { *out << ailment.name; }

class Names : public testing::TestWithParam<Ailment> {
 protected:
  static void expect_the_step(const Ailment& ailment);
};

inline void Names::expect_the_step(const Ailment& ailment) {
  Clinic clinic;
  ailment.make(clinic);
  const auto diagnosis = clinic.examine();
  std::string all;
  for (const auto& finding : diagnosis.findings)
    all += std::string(to_string(finding.status)) + ' ' + std::string(to_string(finding.step)) +
           ": " + finding.what + '\n';
  const auto* first = diagnosis.first();
  ASSERT_NE(first, nullptr) << all;
  EXPECT_EQ(to_string(first->step), to_string(ailment.step)) << all;
  EXPECT_EQ(to_string(first->status), to_string(ailment.status)) << all;
  EXPECT_THAT(first->what + '\n' + first->cause + '\n' + first->mend,
              testing::HasSubstr(ailment.says));
  EXPECT_FALSE(first->cause.empty());
  EXPECT_FALSE(first->mend.empty());
  for (const auto& finding : diagnosis.findings) {
    EXPECT_FALSE(finding.what.empty()) << to_string(finding.step);
    EXPECT_EQ(finding.what.find('\n'), std::string::npos);
  }
}

}  // namespace deskcheck::doctor
