// The simulated clients, which have the real client's own will, as parties of a case: they live in
// its laboratory and are stopped when the case is over. (Parties that do only what the case says
// are in device.hpp and controller.hpp.)
#pragma once

#include "client-sim/agent/agent.hpp"
#include "client-sim/controller/controller.hpp"
#include "client-sim/device/device.hpp"
#include "conformance/lab/device.hpp"

namespace deskcheck::conformance {

// Somebody new, for this server, without a key: a device at an own address, a controller at `home`.
sim::DeviceOptions device_options(Lab& lab, const net::Endpoint& rendezvous);
sim::ControllerOptions controller_options(Lab& lab, const net::Endpoint& rendezvous,
                                          net::Endpoint home);

// Starts to register at once. Stays until the end of the case.
sim::Device& simulated_device(Lab& lab, sim::DeviceOptions options);

// The API of the target, as its clients have it configured; not applicable if it is not known.
sim::ApiServer api_of_target(const Lab& lab);
// The agent of a device that the case plays itself: at the API of the target, and with its tunnel
// if the target claims one.
sim::AgentOptions agent_options(const Lab& lab, const LabDevice& device);
// Its first tick comes 3 s later. Stays until the end of the case.
sim::Agent& simulated_agent(Lab& lab, sim::AgentOptions options);
// Waits until the agent is as it should be: whether it came to that before the deadline. The time
// in which the server limits heartbeats does not count; blocked if that takes longer than the case.
Task<bool> comes_to(Lab& lab, sim::Agent& agent, std::function<bool()> state,
                    net::Deadline deadline);

// A controller that asks for `id` by its own will, until the case ends: for cases that play the
// server meanwhile. Other cases use sim::Controller directly.
void simulated_call(Lab& lab, sim::ControllerOptions options, std::string id,
                    sim::ConnectOptions how);

}  // namespace deskcheck::conformance
