#include "conformance/probe/register.hpp"

#include <fmt/format.h>

namespace deskcheck::probe {

namespace {

// An open-source server counts a registration of one id every two seconds, and forgives after six.
constexpr net::Duration kPause = std::chrono::seconds(7);

using Response = hbb::RegisterPkResponse;

}  // namespace

void judge_registration(Tour& tour, const std::string& capability, const std::string& place,
                        const Heard& heard) {
  const auto result = heard.answer->register_pk_response().result();
  const auto why =
      fmt::format("RegisterPk at {} was answered {}", place, Response::Result_Name(result));
  if (result == Response::OK) {
    tour.findings.device_id = tour.patient.identity.id;
    return tour.present(capability, why);
  }
  if (result == Response::NOT_SUPPORT) return tour.absent(capability, why);
  tour.unknown(capability, why + ": it does not take this device");
}

Task<void> register_on(Tour& tour, const char* capability, std::string place,
                       sim::MessageStream* stream) {
  Heard heard;
  for (int i = 0; i < kTries; ++i) {
    auto question = registration(tour);
    heard = co_await ask_on(tour, stream, std::move(question), is_registration_answer);
    const bool again =
        heard && heard.answer->register_pk_response().result() == Response::TOO_FREQUENT;
    if (heard && !again) break;
    if (!heard && heard.why != boost::asio::error::timed_out) break;
    if (again && i + 1 < kTries) co_await net::sleep_for(tour.world.clock, kPause);
  }
  if (!heard) co_return tour.silent(capability, "RegisterPk at " + place + ": " + heard.text());
  judge_registration(tour, capability, place, heard);
}

}  // namespace deskcheck::probe
