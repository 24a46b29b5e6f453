#include "conformance/doctor/patient.hpp"

#include "proto/net/resolve.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/error.hpp>

#include <array>

namespace deskcheck::doctor {

namespace {

namespace ip = boost::asio::ip;

std::string name_of_this_machine() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unnamed";
  return name.data();
}

// Of https and wss; the system's are read once, which takes a while.
std::optional<net::TlsTrust> trust_of(const Patient& patient) {
  const auto& certificates = patient.profile.api_certificates;
  if (!certificates.empty()) return net::TlsTrust::system_and(certificates);
  const bool tls = patient.profile.api.starts_with("https") || patient.proxy.starts_with("https");
  if (!tls) return std::nullopt;
  return net::TlsTrust::system();
}

Patient patient_with(conformance::TargetProfile profile) {
  Patient patient;
  patient.profile = std::move(profile);
  const auto& key = patient.profile.key;
  patient.key = patient.profile.licence_key.value_or(key ? wire::to_text(*key) : std::string());
  return patient;
}

net::awaitable<net::Result<std::vector<ip::address>>> literal(std::string host, net::Deadline) {
  boost::system::error_code error;
  const auto address = ip::make_address(host, error);
  if (error) co_return make_error_code(boost::asio::error::host_not_found);
  std::vector<ip::address> all{address};
  co_return all;
}

}  // namespace

Patient make_patient(conformance::TargetProfile profile, std::string_view prefix,
                     std::string proxy) {
  auto patient = patient_with(std::move(profile));
  patient.proxy = std::move(proxy);
  patient.trust = trust_of(patient);
  patient.identity = identity_of(fmt::format("{} {} {}", name_of_this_machine(),
                                             patient.profile.host, patient.profile.rendezvous_port),
                                 prefix);
  patient.look_up = [](std::string host, net::Deadline deadline) {
    return net::resolve_all(std::move(host), deadline);
  };
  return patient;
}

Patient make_simulated_patient(conformance::TargetProfile profile, ip::address home,
                               std::string_view prefix) {
  auto patient = patient_with(std::move(profile));
  patient.identity = identity_of("virtual time", prefix);
  patient.home = std::move(home);
  patient.look_up = literal;
  return patient;
}

}  // namespace deskcheck::doctor
