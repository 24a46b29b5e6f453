#include "bench/measures.hpp"
#include "bench/web_devices.hpp"

#include <stdexcept>

namespace deskcheck::bench {

namespace {

void settle_all(WebDevices& devices) {
  while (!devices.all_settled()) devices.tick(10);
}

// Whether the server registers devices on WebSockets at all.
bool registers(const Load& load) {
  Load one = load;
  one.websockets = 1;
  WebDevices device(one, WebDevices::Wish::to_register);
  settle_all(device);
  return device.ready() == 1;
}

}  // namespace

std::string measure_idle_websockets(const Load& load) {
  if (load.websockets == 0) throw std::runtime_error("--websockets is missing: how many");
  const bool registered = registers(load);
  const Watch watch(load.server_pid);
  WebDevices devices(load,
                     registered ? WebDevices::Wish::to_register : WebDevices::Wish::to_connect);
  settle_all(devices);
  const double took = watch.seconds();
  const auto grown = static_cast<double>(watch.grown_bytes());
  if (devices.ready() != load.websockets)
    throw std::runtime_error("only " + std::to_string(devices.ready()) + " of " +
                             std::to_string(load.websockets) + " WebSockets are connected");
  // Those that are registered stay, because the server hears from them.
  const double until = registered ? load.seconds : 0;
  while (watch.seconds() < took + until) devices.tick(100);
  Report report(load.measure);
  report.add("operations", static_cast<double>(devices.ready())).add("seconds", took);
  report.add("registered", static_cast<std::int64_t>(registered)).add("lost", devices.lost);
  report.add("bytes_per_websocket", grown / load.websockets);
  return report.line();
}

}  // namespace deskcheck::bench
