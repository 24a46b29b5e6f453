// The small formats of the wire: addresses, frames, keys, signed identities.
#include "conformance/registry/usage_error.hpp"
#include "proto/net/random.hpp"
#include "proto/wire/address.hpp"
#include "proto/wire/frame.hpp"
#include "proto/wire/identity.hpp"
#include "proto/wire/keys.hpp"
#include "python/binding/bindings.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <optional>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

using conformance::UsageError;

// The value, or the one line that says what is wrong with `what`.
template <class T>
T checked(wire::Result<T> result, const char* what) {
  if (!result) throw UsageError(fmt::format("{}: {}", what, result.error().message()));
  return std::move(*result);
}

py::bytes encode_address(const std::string& host, std::uint16_t port, std::uint32_t mask) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error) throw UsageError(fmt::format("host '{}': give an IP address", host));
  return wire::encode_address({address, port}, mask);
}

py::tuple decode_address(const py::bytes& data) {
  const auto endpoint = wire::decode_address(std::string(data));
  return py::make_tuple(endpoint.address.to_string(), endpoint.port);
}

py::bytes encode_frame(const py::bytes& payload) {
  return checked(wire::encode_frame(std::string(payload)), "payload");
}

std::vector<py::bytes> feed(wire::FrameDecoder& decoder, const py::bytes& data) {
  decoder.feed(std::string(data));
  std::vector<py::bytes> payloads;
  while (auto payload = checked(decoder.next(), "frame")) payloads.emplace_back(*payload);
  return payloads;
}

py::tuple make_key_pair(std::optional<std::uint64_t> seed) {
  auto random = seed ? net::Random(*seed) : net::Random::system();
  const auto pair = wire::make_key_pair(random);
  return py::make_tuple(wire::to_text(pair.public_key), wire::to_text(pair));
}

py::bytes sign_identity(const std::string& id, const py::bytes& pk, const std::string& secret_key) {
  const auto signer = checked(wire::parse_secret_key(secret_key), "secret_key");
  return wire::sign_identity(id, std::string(pk), signer);
}

py::tuple verify_identity(const py::bytes& signed_identity, const std::string& public_key) {
  const auto signer = checked(wire::parse_public_key(public_key), "public_key");
  const auto identity =
      checked(wire::verify_identity(std::string(signed_identity), signer), "signed identity");
  return py::make_tuple(identity.id(), py::bytes(identity.pk()));
}

}  // namespace

void bind_wire(py::module_& m) {
  m.def("encode_address", &encode_address, py::arg("host"), py::arg("port"), py::arg("mask"));
  m.def("decode_address", &decode_address, py::arg("data"));
  m.def("encode_frame", &encode_frame, py::arg("payload"));
  m.def("make_key_pair", &make_key_pair, py::arg("seed"));
  m.def("sign_identity", &sign_identity, py::arg("id"), py::arg("pk"), py::arg("secret_key"));
  m.def("verify_identity", &verify_identity, py::arg("signed_identity"), py::arg("public_key"));
  py::class_<wire::FrameDecoder>(m, "FrameDecoder",
                                 R"(Splits a byte stream into payloads, whatever the segmentation.

limit: the longest payload that is accepted, in bytes.)")
      .def(py::init<std::size_t>(), py::arg("limit") = wire::kMaxPayload)
      .def(
          "feed", &feed, py::arg("data"),
          "Takes bytes as they came and returns the payloads that are complete. Raises UsageError, "
          "for good, when a longer one is announced.")
      .def_property_readonly("mid_frame", &wire::FrameDecoder::mid_frame,
                             "The start of an incomplete frame is held.");
}

}  // namespace deskcheck::python
