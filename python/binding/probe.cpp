// What a server can do: deskcheck.probe().
#include "conformance/probe/probe.hpp"

#include "conformance/probe/render.hpp"
#include "conformance/probe/target_yaml.hpp"
#include "conformance/registry/usage_error.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/blocking.hpp"
#include "python/binding/errors.hpp"
#include "python/binding/patient_order.hpp"
#include "python/binding/text.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using probe::Answer;
using probe::Finding;
using probe::Findings;

struct Capability {
  std::string name;
  Finding finding;

  bool claimed() const { return finding.answer == Answer::present; }
};

struct Probed {
  probe::Subject subject;
  Findings findings;
  probe::FileFacts facts;

  std::map<std::string, Capability> capabilities() const {
    std::map<std::string, Capability> all;
    for (const auto& [name, finding] : findings.capabilities) all[name] = {name, finding};
    return all;
  }
};

Probed probe_server(Stage& stage, const PatientOrder& order, const std::string& admin,
                    const std::string& password_env, const std::string& admin_password_env) {
  const auto registry = conformance::Registry::built_in();
  Probed probed;
  probed.facts.password_env = password_env;
  probed.facts.admin_password_env = admin_password_env;
  probed.facts.api_ca = order.profile.api_ca;
  auto work = [&](Scene& scene) -> Task<void> {
    probed.subject = order.in(scene, probe::kIdPrefix);
    if (!admin.empty()) probed.subject.profile.accounts["admin"].user = admin;
    net::World world = scene.world;
    world.random = net::Random(scene.random.next());
    auto copy = probed.subject;
    probed.findings = co_await probe::examine(std::move(world), std::move(copy), registry);
  };
  perform(stage, work);
  if (probed.findings.unreachable)
    throw Unreachable(probed.findings.unreachable_why +
                      "; is it running, and are host and port_base right?");
  if (const auto problem = probe::wrong_key(probed.subject, probed.findings); !problem.empty())
    throw conformance::UsageError(problem + "; give the text of its id_ed25519.pub as key");
  return probed;
}

}  // namespace

void bind_probe(py::module_& m) {
  py::class_<Capability>(m, "Capability", "What a probe has found out about a capability.")
      .def_readonly("name", &Capability::name, "\"relay.tcp\"")
      .def_property_readonly(
          "answer", [](const Capability& c) { return std::string(to_string(c.finding.answer)); },
          "\"present\", \"absent\" or \"unknown\".")
      .def_property_readonly("claimed", &Capability::claimed,
                             "The target file claims it: it is present.")
      .def_property_readonly(
          "sure", [](const Capability& c) { return c.finding.sure; },
          "The server said so in so many words; silence alone is never sure.")
      .def_property_readonly(
          "evidence", [](const Capability& c) { return text(c.finding.why); },
          "One line: what was asked, and what came.")
      .def("__repr__", [](const Capability& c) {
        return fmt::format("<deskcheck.Capability {} {}{}>", c.name, to_string(c.finding.answer),
                           c.claimed() && !c.finding.sure ? ", unsure" : "");
      });
  py::class_<Probed>(m, "ProbeResult", "What a probe has found out about a server.")
      .def_property_readonly("capabilities", &Probed::capabilities,
                             "Every capability of the registry, by name.")
      .def_property_readonly(
          "claims",
          [](const Probed& p) {
            std::set<std::string> names;
            for (const auto& [name, finding] : p.findings.capabilities)
              if (finding.answer == Answer::present) names.insert(name);
            return names;
          },
          "The names of those that are present.")
      .def_property_readonly(
          "host", [](const Probed& p) { return p.findings.host; }, "As it was given.")
      .def_property_readonly(
          "api", [](const Probed& p) { return p.findings.api; },
          "The URL of the API that answered; empty: none did.")
      .def_property_readonly(
          "device_id", [](const Probed& p) { return p.findings.device_id; },
          "The id that was registered; empty: none was.")
      .def_property_readonly(
          "asks_for_key", [](const Probed& p) { return p.findings.asks_for_key; },
          "Clients with a wrong key are refused; None: nobody answered that question.")
      .def_property_readonly(
          "relay_asks_for_key", [](const Probed& p) { return p.findings.relay_asks_for_key; },
          "The same of the relay.")
      .def_property_readonly(
          "signs_with_key", [](const Probed& p) { return p.findings.signs_with_key; },
          "Signatures are made with the given key; None: none was seen, or no key was given.")
      .def_property_readonly(
          "login_refused", [](const Probed& p) { return text(p.findings.login_refused); },
          "Why the account is not signed in; empty: it was, or none was given.")
      .def_property_readonly(
          "seconds", [](const Probed& p) { return to_seconds(p.findings.took); },
          "How long it took, in the time of its world.")
      .def(
          "to_yaml",
          [](const Probed& p) { return text(probe::target_yaml(p.subject, p.findings, p.facts)); },
          "The target file (docs/write-a-target-file.md) that claims what is present.")
      .def(
          "to_json", [](const Probed& p) { return text(probe::as_json(p.findings)); },
          "One object, as `deskcheck probe --format json` prints it.")
      .def(
          "table", [](const Probed& p) { return text(probe::as_text(p.findings)); },
          "A line per capability, as `deskcheck probe` prints them.")
      .def("__repr__", [](const Probed& p) {
        return fmt::format("<deskcheck.ProbeResult {}>", p.findings.host);
      });
  m.def("probe", &probe_server, py::arg("stage"), py::arg("order"), py::arg("admin"),
        py::arg("password_env"), py::arg("admin_password_env"));
}

}  // namespace deskcheck::python
