#include "python/binding/errors.hpp"

#include "conformance/registry/usage_error.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/stage.hpp"

namespace py = pybind11;

namespace deskcheck::python {

namespace {

void raise(const char* name, const std::exception& error) {
  const auto type = py::module_::import("deskcheck.errors").attr(name);
  PyErr_SetString(type.ptr(), error.what());
}

void translate(std::exception_ptr thrown) {
  try {
    std::rethrow_exception(std::move(thrown));
  } catch (const py::builtin_exception&) {
    throw;  // pybind11 knows better
  } catch (const conformance::UsageError& error) {
    raise("UsageError", error);
  } catch (const TimedOut& error) {
    raise("Timeout", error);
  } catch (const ConnectionLost& error) {
    raise("ConnectionLost", error);
  } catch (const Unreachable& error) {
    raise("TargetUnreachable", error);
  } catch (const Gone& error) {
    raise("Closed", error);
  } catch (const std::runtime_error& error) {
    raise("Error", error);
  }
}

}  // namespace

void bind_errors(py::module_&) { py::register_exception_translator(translate); }

}  // namespace deskcheck::python
