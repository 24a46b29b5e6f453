// What an exchange costs in both worlds, virtual and real. Not a test: compare medians of one
// machine.
//     proto/net/net_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include "proto/net/real_world.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/net/stream.hpp"

#include <benchmark/benchmark.h>

namespace deskcheck::net {
namespace {

using namespace std::chrono_literals;
using benchmark::State;

Endpoint client_home() { return endpoint("127.0.2.1", 0); }
Endpoint server_home() { return endpoint("127.0.2.2", 0); }

template <class T>
T must(Result<T> result) {
  if (!result) std::abort();
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

using Work = awaitable<void> (*)(World world, State& state);

// The coroutine itself loops over the iterations: a world is made once per measurement.
template <class AnyWorld, Work work>
void in_world(State& state) {
  AnyWorld any(std::uint64_t{1});
  any.run(work(any.world(), state));
}

awaitable<void> echo_datagrams(World world, DatagramSocket& socket) {
  std::vector<Datagram> batch;
  for (;;) {
    batch.clear();
    must(co_await socket.receive(batch, never(world.clock)));
    socket.send(batch);
  }
}

awaitable<void> udp_exchange(World world, State& state) {
  auto server = world.network.bind_udp(server_home());
  auto client = world.network.bind_udp(client_home());
  TaskGroup tasks(world.executor);
  tasks.spawn("echo", echo_datagrams(world, *server));
  const std::vector<Datagram> question{{server->local(), std::string(60, 'q')}};
  std::vector<Datagram> answer;
  for (auto _ : state) {
    answer.clear();
    client->send(question);
    must(co_await client->receive(answer, in(world.clock, 5s)));
  }
  tasks.cancel();
  co_await tasks.join();
}

awaitable<void> udp_burst_of_32(World world, State& state) {
  auto server = world.network.bind_udp(server_home());
  auto client = world.network.bind_udp(client_home());
  const std::vector<Datagram> burst(32, Datagram{server->local(), std::string(60, 'q')});
  std::vector<Datagram> got;
  for (auto _ : state) {
    got.clear();
    client->send(burst);
    while (got.size() < burst.size()) must(co_await server->receive(got, in(world.clock, 5s)));
  }
  state.SetItemsProcessed(state.iterations() * 32);
}

awaitable<void> echo_bytes(World world, ByteStream& stream) {
  for (;;) {
    auto bytes = co_await read_some(stream, 4096, never(world.clock));
    if (!bytes) co_return;
    must(co_await write_all(stream, std::move(*bytes), never(world.clock)));
  }
}

awaitable<void> tcp_exchange(World world, State& state) {
  auto listener = world.network.listen(server_home());
  const auto soon = in(world.clock, 5s);
  auto client = must(co_await world.network.connect(client_home(), listener->local(), soon));
  auto server = must(co_await listener->accept(soon));
  TaskGroup tasks(world.executor);
  tasks.spawn("echo", echo_bytes(world, server));
  const std::string question(60, 'q');
  for (auto _ : state) {
    must(co_await write_all(client, question, in(world.clock, 5s)));
    auto answer = must(co_await read_some(client, 4096, in(world.clock, 5s)));
    benchmark::DoNotOptimize(answer);
  }
  client.close();
  co_await tasks.join();
}

awaitable<void> tcp_connection(World world, State& state) {
  auto listener = world.network.listen(server_home());
  for (auto _ : state) {
    const auto soon = in(world.clock, 5s);
    auto client = must(co_await world.network.connect(client_home(), listener->local(), soon));
    auto server = must(co_await listener->accept(soon));
    server->reset();  // no TIME_WAIT: a long measurement would run out of ports
  }
}

awaitable<void> send_for_ever(World world, ByteStream& stream) {
  for (const std::string chunk(65536, 'x');;) {
    auto sent = co_await write_all(stream, chunk, never(world.clock));
    if (!sent) co_return;
  }
}

awaitable<void> tcp_bulk(World world, State& state) {
  auto listener = world.network.listen(server_home());
  const auto soon = in(world.clock, 5s);
  auto client = must(co_await world.network.connect(client_home(), listener->local(), soon));
  auto server = must(co_await listener->accept(soon));
  TaskGroup tasks(world.executor);
  tasks.spawn("sender", send_for_ever(world, client));
  std::int64_t total = 0;
  for (auto _ : state) {
    auto bytes = must(co_await read_some(server, 65536, in(world.clock, 5s)));
    total += static_cast<std::int64_t>(bytes.size());
  }
  state.SetBytesProcessed(total);
  tasks.cancel();
  co_await tasks.join();
}

awaitable<void> sleep_1us(World world, State& state) {
  for (auto _ : state) co_await sleep_for(world.clock, 1us);
}

// One device, a heartbeat every 15 s for 12 hours, answered by a server.
awaitable<void> heartbeats(World world, int count) {
  auto server = world.network.bind_udp(server_home());
  auto client = world.network.bind_udp(client_home());
  TaskGroup tasks(world.executor);
  tasks.spawn("echo", echo_datagrams(world, *server));
  const std::vector<Datagram> question{{server->local(), std::string(60, 'q')}};
  std::vector<Datagram> answer;
  for (int i = 0; i < count; ++i) {
    answer.clear();
    client->send(question);
    must(co_await client->receive(answer, in(world.clock, 5s)));
    co_await sleep_for(world.clock, 15s);
  }
  tasks.cancel();
  co_await tasks.join();
}

void twelve_hours(State& state) {
  for (auto _ : state) {
    SimWorld sim(1);
    sim.run(heartbeats(sim.world(), 12 * 3600 / 15));
  }
}

}  // namespace

static void register_all() {
  struct {
    const char* name;
    void (*simulated)(State&);
    void (*real)(State&);
  } const pairs[] = {
      {"udp_exchange", in_world<SimWorld, udp_exchange>, in_world<RealWorld, udp_exchange>},
      {"udp_burst_of_32", in_world<SimWorld, udp_burst_of_32>,
       in_world<RealWorld, udp_burst_of_32>},
      {"tcp_exchange", in_world<SimWorld, tcp_exchange>, in_world<RealWorld, tcp_exchange>},
      {"tcp_connection", in_world<SimWorld, tcp_connection>, in_world<RealWorld, tcp_connection>},
      {"tcp_bulk", in_world<SimWorld, tcp_bulk>, in_world<RealWorld, tcp_bulk>},
  };
  for (const auto& pair : pairs) {
    benchmark::RegisterBenchmark((std::string("virtual/") + pair.name).c_str(), pair.simulated);
    benchmark::RegisterBenchmark((std::string("real/") + pair.name).c_str(), pair.real);
  }
  benchmark::RegisterBenchmark("virtual/sleep_1us", in_world<SimWorld, sleep_1us>);
  benchmark::RegisterBenchmark("virtual/twelve_hours_of_heartbeats", twelve_hours)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace deskcheck::net

int main(int argc, char** argv) {
  deskcheck::net::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
