// The parts of the module, one source each.
#pragma once

#include <pybind11/pybind11.h>

namespace deskcheck::python {

void bind_errors(pybind11::module_& m);
void bind_worlds(pybind11::module_& m);
void bind_target(pybind11::module_& m);
void bind_server_order(pybind11::module_& m);
void bind_server(pybind11::module_& m);
void bind_device(pybind11::module_& m);
void bind_people(pybind11::module_& m);
void bind_session(pybind11::module_& m);
void bind_controller(pybind11::module_& m);
void bind_report(pybind11::module_& m);
void bind_scenario(pybind11::module_& m);
void bind_messages(pybind11::module_& m);
void bind_wire(pybind11::module_& m);
void bind_run(pybind11::module_& m);
void bind_patient_order(pybind11::module_& m);
void bind_probe(pybind11::module_& m);
void bind_doctor(pybind11::module_& m);
void bind_catalogue(pybind11::module_& m);

}  // namespace deskcheck::python
