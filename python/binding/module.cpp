#include "python/binding/bindings.hpp"
#include "python/binding/interrupt.hpp"

#include <google/protobuf/stubs/logging.h>

PYBIND11_MODULE(_deskcheck, m) {
  using namespace deskcheck::python;
  // Text fields of peers that are not UTF-8 would each print a line: any peer could flood the log.
  google::protobuf::SetLogHandler(nullptr);
  m.doc() = "The compiled part of deskcheck; use the package deskcheck instead.";
  m.attr("version") = DESKCHECK_VERSION;
  m.def("end_blocking_calls", &end_blocking_calls,
        "For the end of the interpreter: ends every call that waits and refuses new ones.");
  bind_errors(m);
  bind_worlds(m);
  bind_target(m);
  bind_server_order(m);
  bind_server(m);
  bind_device(m);
  bind_people(m);
  bind_session(m);
  bind_controller(m);
  bind_report(m);
  bind_run(m);
  bind_scenario(m);
  bind_messages(m);
  bind_wire(m);
  bind_patient_order(m);
  bind_probe(m);
  bind_doctor(m);
  bind_catalogue(m);
}
