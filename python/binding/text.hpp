// Texts for Python that may hold bytes of a peer.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

namespace deskcheck::python {

inline pybind11::str text(std::string_view bytes) {
  return pybind11::reinterpret_steal<pybind11::str>(PyUnicode_DecodeUTF8(
      bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "backslashreplace"));
}

}  // namespace deskcheck::python
