#include "proto/net/sim_net.hpp"

#include "proto/net/sim_sockets.hpp"

namespace deskcheck::net {

const Link& SimNet::link_between(const Endpoint& from, const Endpoint& to) const {
  if (links.empty()) return link;
  const auto found = links.find({from.address, to.address});
  return found == links.end() ? link : found->second;
}

Time SimNet::arrival(const Link& way) {
  const auto jitter = static_cast<std::uint64_t>(way.jitter.count());
  return clock.now() + way.latency +
         Duration(jitter ? static_cast<Duration::rep>(random.below(jitter + 1)) : 0);
}

Duration SimNet::flow_delay(const Link& way, const Endpoint& from, const Endpoint& to) {
  if (way.flow_jitter == Duration()) return {};
  const auto [entry, is_new] = flow_delays.try_emplace({from, to});
  const auto most = static_cast<std::uint64_t>(way.flow_jitter.count());
  if (is_new) entry->second = Duration(static_cast<Duration::rep>(random.below(most + 1)));
  return entry->second;
}

namespace {

using Waits = std::map<const TaskNode*, std::string>;

// One line per task that waits for the network or has no task below it; groups are passed through.
bool describe(const TaskNode& node, const Waits& waits, std::string& text) {
  std::string below;
  bool has_tasks = false;
  for (const auto& child : node.children()) has_tasks |= describe(child, waits, below);
  if (node.named()) {
    const auto wait = waits.find(&node);
    const std::string what = wait != waits.end() ? wait->second
                             : has_tasks         ? "its tasks"
                                                 : "a sleep, or nothing of the network";
    text += "  " + node.path() + ": waits for " + what + '\n';
  }
  text += below;
  return has_tasks || node.named();
}

}  // namespace

std::string describe_waits(const SimNet& net, const TaskNode& root, const std::string& headline) {
  Waits waits;
  for (const auto& [local, socket] : net.datagram_sockets)
    if (const auto* task = task_of(socket->reader()))
      waits[task] = "a datagram at udp " + to_string(local);
  for (const auto& [local, listener] : net.listeners)
    if (const auto* task = task_of(listener->acceptor()))
      waits[task] = "a connection to tcp " + to_string(local);
  for (const auto& stream : net.streams) stream.add_waits(waits);

  std::string text = headline + '\n';
  describe(root, waits, text);
  return text + "last events:\n" + net.trace.last_events();
}

}  // namespace deskcheck::net
