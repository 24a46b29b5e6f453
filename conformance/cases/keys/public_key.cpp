// The server's key as text, which every client has configured.
#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"
#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

MATCHER(IsPublicKeyText, "32 bytes in standard base64, 44 characters") {
  return wire::parse_public_key(arg).has_value();
}

// The text is a public key, clients that have it are let in, and signatures verify under it.
CASE(public_key, "keys/public-key", checks("SEC-KEY-01")) {
  if (!lab.target().key) lab.not_applicable("the server does not sign");
  // A server may ask for another text than its key, or for none.
  const std::string licence = lab.target().licence_key;
  const std::string text = licence.empty() ? wire::to_text(*lab.target().key) : licence;
  if (!lab.verdict("SEC-KEY-01", text, IsPublicKeyText())) co_return;

  auto device = co_await lab.registered_device();
  auto caller = lab.controller();
  auto answer = co_await caller.hear_from(device, lab.within(5s));
  lab.require("the controller gets the answer of the device", answer, Succeeds());
  const std::string pk(wire::view(device.identity().keys.public_key.bytes));
  lab.verdict("SEC-KEY-01", answer->pk(),
              SignedIdentity(wire::parse_public_key(text).value(), device.id(), pk));
}

}  // namespace
}  // namespace deskcheck::conformance
