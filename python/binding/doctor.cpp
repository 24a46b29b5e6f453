// What is broken at a live server: deskcheck.doctor().
#include "conformance/doctor/doctor.hpp"

#include "conformance/doctor/render.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/blocking.hpp"
#include "python/binding/patient_order.hpp"
#include "python/binding/text.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using doctor::Diagnosis;
using doctor::Finding;

Diagnosis examine(Stage& stage, const PatientOrder& order) {
  Diagnosis diagnosis;
  auto work = [&](Scene& scene) -> Task<void> {
    auto patient = order.in(scene, "dcdoctor");
    if (scene.calendar)
      patient.calendar = [&scene] { return scene.calendar(scene.world.clock.now()); };
    net::World world = scene.world;
    world.random = net::Random(scene.random.next());
    diagnosis = co_await doctor::examine(std::move(world), std::move(patient));
  };
  perform(stage, work);
  return diagnosis;
}

std::optional<Finding> first(const Diagnosis& diagnosis) {
  if (const auto* finding = diagnosis.first()) return *finding;
  return std::nullopt;
}

std::vector<std::string> addresses(const Diagnosis& diagnosis) {
  std::vector<std::string> all;
  for (const auto& address : diagnosis.addresses) all.push_back(address.to_string());
  return all;
}

void bind_finding(py::module_& m) {
  py::class_<Finding>(m, "Finding", "What the doctor has found at one step.")
      .def_property_readonly(
          "step", [](const Finding& f) { return std::string(to_string(f.step)); },
          "\"relay-key\"; docs/doctor.md lists them.")
      .def_property_readonly(
          "status", [](const Finding& f) { return std::string(to_string(f.status)); },
          "\"ok\", \"warning\", \"broken\", \"blocked\" or \"skipped\".")
      .def_property_readonly(
          "what", [](const Finding& f) { return text(f.what); }, "One line.")
      .def_property_readonly(
          "cause", [](const Finding& f) { return text(f.cause); },
          "The likely one; empty unless it is broken or a warning.")
      .def_property_readonly(
          "mend", [](const Finding& f) { return text(f.mend); },
          "What to do about it; empty as above.")
      .def_property_readonly(
          "seconds", [](const Finding& f) { return to_seconds(f.took); }, "How long it took.")
      .def("__repr__", [](const Finding& f) {
        return fmt::format("<deskcheck.Finding {} {}>", to_string(f.step), to_string(f.status));
      });
}

}  // namespace

void bind_doctor(py::module_& m) {
  bind_finding(m);
  py::class_<Diagnosis>(m, "Diagnosis", "What an examination of a live server comes to.")
      .def_property_readonly(
          "findings",
          [](const Diagnosis& d) {
            return std::vector<Finding>(d.findings.begin(), d.findings.end());
          },
          "One per step, in the order in which one thing depends on the other.")
      .def_property_readonly(
          "first", &first,
          "The first broken step; without one the first warning; None: there is neither.")
      .def_property_readonly(
          "healthy", [](const Diagnosis& d) { return d.first() == nullptr; },
          "Nothing is broken, and there is no warning.")
      .def_property_readonly(
          "reachable", [](const Diagnosis& d) { return !d.unreachable(); },
          "Something answers at its TCP or UDP port.")
      .def_property_readonly(
          "exit_code", [](const Diagnosis& d) { return doctor::exit_code(d); },
          "What `deskcheck doctor` would end with: 0, 1 something is broken, 3 nothing answers.")
      .def_readonly("host", &Diagnosis::host, "As it was given.")
      .def_property_readonly("addresses", &addresses, "Of its host.")
      .def_readonly("device_id", &Diagnosis::device_id,
                    "The id that was registered; empty: none was.")
      .def_property_readonly(
          "clock_skew",
          [](const Diagnosis& d) { return d.skew ? std::optional(d.skew->count()) : std::nullopt; },
          "The server's clock minus this machine's, in seconds; None: it is not known.")
      .def_property_readonly(
          "seconds", [](const Diagnosis& d) { return to_seconds(d.took); },
          "How long it took, in the time of its world.")
      .def(
          "to_json", [](const Diagnosis& d) { return text(doctor::as_json(d)); },
          "One object, as `deskcheck doctor --format json` prints it.")
      .def(
          "table", [](const Diagnosis& d) { return text(doctor::as_text(d)); },
          "A line per step and the first broken one, as `deskcheck doctor` prints them.")
      .def("__repr__", [](const Diagnosis& d) {
        return fmt::format("<deskcheck.Diagnosis {}: exit code {}>", d.host, doctor::exit_code(d));
      });
  m.def("doctor", &examine, py::arg("stage"), py::arg("order"));
}

}  // namespace deskcheck::python
