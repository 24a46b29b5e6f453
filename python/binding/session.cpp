#include "python/binding/session.hpp"

#include "python/binding/bindings.hpp"

#include <fmt/format.h>

namespace py = pybind11;

namespace deskcheck::python {

namespace {

constexpr net::Duration kGoodbye = std::chrono::seconds(1);

}  // namespace

SessionParty::SessionParty(const net::World& world, sim::Session opened,
                           std::shared_ptr<sim::Transcript> transcript)
    : Party(world),
      session(std::move(opened)),
      clock_(&world.clock),
      transcript_(std::move(transcript)) {}

Task<void> SessionParty::end() { return session.close("", net::in(*clock_, kGoodbye)); }

SessionHandle::SessionHandle(std::shared_ptr<Stage> stage, std::shared_ptr<SessionParty> party)
    : Handle(std::move(stage), std::move(party)),
      encrypted_(this->party().session.encrypted()),
      protection_(to_string(this->party().session.protection())) {}

void SessionHandle::send(const std::string& payload, double timeout) const {
  const auto limit = to_duration(timeout);
  auto work = [&](Scene& scene) -> Task<void> {
    const auto sent =
        co_await party().session.stream().send(payload, net::in(scene.world.clock, limit));
    if (!sent) throw_failure(sent.error(), fmt::format("not sent within {} s", to_seconds(limit)));
  };
  with_party(work);
}

std::string SessionHandle::receive(double timeout) const {
  const auto limit = to_duration(timeout);
  std::string payload;
  auto work = [&](Scene& scene) -> Task<void> {
    auto received = co_await party().session.stream().receive(net::in(scene.world.clock, limit));
    if (!received)
      throw_failure(received.error(), fmt::format("nothing came within {} s", to_seconds(limit)));
    payload = std::move(*received);
  };
  with_party(work);
  return payload;
}

void SessionHandle::idle(double seconds) const {
  const auto limit = to_duration(seconds, "seconds");
  auto work = [&](Scene& scene) -> Task<void> {
    const auto stayed = co_await party().session.idle(net::in(scene.world.clock, limit));
    if (!stayed) throw_failure(stayed.error(), "");
  };
  with_party(work);
}

void bind_session(py::module_& m) {
  py::class_<SessionHandle, std::shared_ptr<SessionHandle>>(m, "Session",
                                                            "A controller's session with a device.")
      .def_property_readonly("encrypted", &SessionHandle::encrypted)
      .def_property_readonly("protection", &SessionHandle::protection)
      .def(
          "send",
          [](SessionHandle& s, const py::bytes& payload, double timeout) {
            s.send(payload, timeout);
          },
          py::arg("payload"), py::arg("timeout"))
      .def(
          "receive", [](SessionHandle& s, double timeout) { return py::bytes(s.receive(timeout)); },
          py::arg("timeout"))
      .def("idle", &SessionHandle::idle, py::arg("seconds"))
      .def("close", &SessionHandle::stop);
}

}  // namespace deskcheck::python
