#include "conformance/lab/case.hpp"
#include "conformance/registry/explain.hpp"
#include "conformance/registry/registry.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/blocking.hpp"
#include "reference-server/faults/faults.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::Case;
using conformance::Requirement;
using server::Fault;

}  // namespace

void bind_catalogue(py::module_& m) {
  py::class_<Case>(m, "Case", "A case of the suite.")
      .def_readonly("id", &Case::id, "\"rendezvous/register-pk/foreign-uuid\"")
      .def_readonly("requirements", &Case::requirements, "Ids of what it judges.")
      .def_readonly("control", &Case::control, "The case that has to pass first; empty: none.")
      .def_property_readonly(
          "takes", [](const Case& c) { return to_seconds(c.takes); },
          "The seconds of protocol time that its story needs.")
      .def("__repr__", [](const Case& c) { return fmt::format("<deskcheck.Case {}>", c.id); });
  py::class_<Requirement>(m, "Requirement", "A numbered statement that clients depend on.")
      .def_readonly("id", &Requirement::id, "\"RDV-REGPK-05\"")
      .def_property_readonly(
          "level", [](const Requirement& r) { return std::string(to_string(r.level)); },
          "\"MUST\", \"SHOULD\" or \"MAY\".")
      .def_readonly("area", &Requirement::area, "The exchange it belongs to.")
      .def_readonly("capability", &Requirement::capability,
                    "What a server declares to have it checked.")
      .def_readonly("text", &Requirement::text, "The statement.")
      .def_readonly("harm", &Requirement::harm, "What users notice when it is broken.")
      .def_readonly("evidence", &Requirement::evidence, "Where the sources prove it.")
      .def_readonly("excluded_because", &Requirement::excluded_because,
                    "Why no case judges it; None if one does.")
      .def(
          "explain", [](const Requirement& r) { return conformance::explain(r); },
          "Everything known about it, as text for a terminal.")
      .def("__repr__",
           [](const Requirement& r) { return fmt::format("<deskcheck.Requirement {}>", r.id); });
  py::class_<Fault>(m, "Fault", "A way in which the reference server can be told to be wrong.")
      .def_readonly("id", &Fault::id, "\"accepts-foreign-uuid\"")
      .def_readonly("requirement", &Fault::requirement, "The requirement that it breaks.")
      .def_readonly("text", &Fault::text, "What the server does.")
      .def("__repr__", [](const Fault& f) { return fmt::format("<deskcheck.Fault {}>", f.id); });
  m.def("cases", [] { return conformance::all_cases(); }, "Every case of the suite, by id.");
  m.def(
      "requirements",
      [] {
        const auto registry = conformance::Registry::built_in();
        const auto all = registry.all();
        return std::vector<Requirement>(all.begin(), all.end());
      },
      "Every requirement, those without a case included.");
  m.def("faults", [] { return server::declared_faults(); }, "Every fault of the reference server.");
}

}  // namespace deskcheck::python
