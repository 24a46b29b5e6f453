#include "conformance/lab/totp.hpp"

#include <chrono>

namespace deskcheck::conformance {

std::int64_t target_time(const Lab& lab) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  if (lab.starts_servers()) return duration_cast<seconds>(lab.now().time_since_epoch()).count();
  const auto now = std::chrono::system_clock::now();
  return duration_cast<seconds>(now.time_since_epoch()).count();
}

Task<void> wait_for_totp_step(Lab& lab) {
  // One second more than needed, for the seconds are whole ones.
  co_await lab.wait(std::chrono::seconds(kTotpStep - target_time(lab) % kTotpStep + 1));
}

}  // namespace deskcheck::conformance
