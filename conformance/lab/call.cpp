#include "conformance/lab/call.hpp"

#include "conformance/lab/matchers.hpp"

namespace deskcheck::conformance {

using namespace std::chrono_literals;

Task<Call> place_call(Lab& lab) {
  auto device = co_await lab.registered_device();
  auto controller = lab.controller();
  auto push = co_await controller.reach(device, lab.within(5s));
  lab.require("the device gets a punch_hole", push, Arrived());
  Call call{std::move(device), std::move(controller), *push};
  co_return std::move(call);
}

Task<void> finish(Lab& lab, sim::MessageStream& connection) {
  auto ended = co_await connection.finish(lab.within(5s));
  if (!ended) {
    lab.require("the server ends a connection that its client has ended", ended.error(),
                boost::system::error_code());
  }
}

}  // namespace deskcheck::conformance
