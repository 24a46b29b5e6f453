// How most stories of the rendezvous server begin: a device is online, a controller asks for it,
// and the device hears of it. What the device answers is the story.
#pragma once

#include "conformance/lab/controller.hpp"
#include "conformance/lab/device.hpp"

namespace deskcheck::conformance {

struct Call {
  LabDevice device;
  LabController controller;  // waits for the device's answer
  hbb::PunchHole push;       // what the device has heard
};

// Blocked if the device does not hear of the request.
Task<Call> place_call(Lab& lab);

// Ends this side of the connection and waits until the server has ended the other: it has then read
// everything that was sent. How one message is made to be read before another connection's.
Task<void> finish(Lab& lab, sim::MessageStream& connection);

}  // namespace deskcheck::conformance
