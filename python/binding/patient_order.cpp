#include "python/binding/patient_order.hpp"

#include "conformance/registry/usage_error.hpp"
#include "proto/net/http_client.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/files.hpp"
#include "python/binding/party.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <filesystem>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::UsageError;

conformance::TargetProfile profile_for(const std::variant<std::string, NamedTarget>& server) {
  if (const auto* known = std::get_if<NamedTarget>(&server)) return known->profile;
  conformance::TargetProfile profile;
  profile.host = std::get<std::string>(server);
  if (profile.host.empty())
    throw UsageError("a host is missing: give its name or address, a target or a ReferenceServer");
  check_host(profile.host);
  return profile;
}

}  // namespace

PatientOrder::PatientOrder(const std::variant<std::string, NamedTarget>& server)
    : profile(profile_for(server)) {
  const auto user = profile.accounts.find("user");
  if (user != profile.accounts.end()) account = user->second;
}

void PatientOrder::reach(std::optional<int> port_base, const std::string& key,
                         const std::optional<std::string>& relay_key, const std::string& name) {
  if (port_base) {
    profile.rendezvous_port = port_base_of(*port_base);
    profile.nat_port = profile.relay_port = std::nullopt;
    profile.websocket_port = profile.relay_websocket_port = std::nullopt;
  }
  if (!key.empty()) {
    profile.key = parse_key(key);
    profile.licence_key.reset();
  }
  if (relay_key) profile.relay_licence_key = relay_key;
  if (!name.empty()) profile.name = name;
}

void PatientOrder::web(const std::string& api, const std::string& ca, const std::string& below) {
  if (!api.empty()) {
    profile.api = checked_api(api);
    profile.api_ca.clear();
    profile.api_certificates.clear();
  }
  if (!ca.empty()) {
    if (!profile.api.starts_with("https://"))
      throw UsageError("api_ca is for an API over HTTPS; give api='https://HOST' as well");
    profile.api_ca = std::filesystem::absolute(ca).string();
    profile.api_certificates = read_certificates(ca);
  }
  proxy = below;
  if (!proxy.empty() && !net::parse_http_url(proxy))
    throw UsageError(
        fmt::format("proxy '{}' is no URL; write it as http://HOST:PORT or https://HOST", proxy));
}

void PatientOrder::fetch(const std::string& download) {
  if (download.empty()) return;
  if (!download.starts_with('/'))
    throw UsageError(fmt::format(
        "download '{}' has to begin with a slash, as in /downloads/client.exe", download));
  profile.download = download;
}

void PatientOrder::leave_out(const std::set<std::string>& without) {
  profile.without.merge(capabilities_named("without", without));
}

void PatientOrder::sign_in(const std::string& user, const std::string& password) {
  account = {user, password};
}

doctor::Patient PatientOrder::in(Scene& scene, std::string_view id_prefix) const {
  doctor::Patient patient;
  if (scene.simulated) {
    const net::Endpoint server{boost::asio::ip::address_v4(), 0};
    patient =
        doctor::make_simulated_patient(profile, home_for(scene, server, "").address, id_prefix);
    patient.proxy = proxy;
  } else {
    patient = doctor::make_patient(profile, id_prefix, proxy);
  }
  patient.account = account;
  return patient;
}

void bind_patient_order(py::module_& m) {
  py::class_<PatientOrder>(m, "PatientOrder", "A live server before it is called on.")
      .def(py::init<const std::variant<std::string, NamedTarget>&>(), py::arg("server"))
      .def("reach", &PatientOrder::reach, py::arg("port_base"), py::arg("key"),
           py::arg("relay_key"), py::arg("name"))
      .def("web", &PatientOrder::web, py::arg("api"), py::arg("ca"), py::arg("below"))
      .def("fetch", &PatientOrder::fetch, py::arg("download"))
      .def("leave_out", &PatientOrder::leave_out, py::arg("without"))
      .def("sign_in", &PatientOrder::sign_in, py::arg("user"), py::arg("password"));
}

}  // namespace deskcheck::python
