// Every case against servers that are no servers at all: whatever a target does, a case ends in
// time with a verdict, and an error of the suite is never one.
#include "conformance/runner/address_pools.hpp"
#include "conformance/runner/run_case.hpp"
#include "conformance/runner/scope.hpp"
#include "conformance/target/control.hpp"
#include "proto/net/sim_world.hpp"
#include "proto/schema/members.hpp"
#include "proto/wire/frame.hpp"

#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

namespace deskcheck::conformance {
namespace {

using namespace std::chrono_literals;

const auto kHome = boost::asio::ip::make_address("10.0.0.1");
constexpr std::uint16_t kPort = 21116;

// What it does with a connection, and with what it hears on it and in datagrams.
enum class Manner {
  silent,    // accepts everything, says nothing
  hangs_up,  // ends every connection at once
  resets,
  echoes,   // says what it hears
  babbles,  // answers everything with random bytes
  chatters  // sends well-formed messages that nobody asked for, without end
};

std::string chatter() {
  hbb::RendezvousMessage message;
  message.mutable_key_exchange()->add_keys("not a key");
  return wire::encode_frame(message.SerializeAsString()).value();
}

class HostileServer {
 public:
  HostileServer(net::World world, Manner manner)
      : world_(std::move(world)), manner_(manner), tasks_(world_.executor) {
    begin();
  }
  Target target() const {
    Target target;
    target.rendezvous = {kHome, kPort};
    target.nat = {kHome, kPort - 1};
    target.relay = {kHome, kPort + 1};
    auto random = net::Random(1);
    target.key = wire::make_key_pair(random).public_key;
    target.licence_key = wire::to_text(*target.key);
    target.relay_licence_key = target.licence_key;
    target.api = "http://" + to_string(net::Endpoint{kHome, kPort - 2});
    for (const char* role : {"user", "other", "admin"}) target.accounts[role] = {role, "secret"};
    target.accounts["totp"] = {"totp", "secret"};
    target.accounts["totp"].totp_secret = "GEZDGNBVGY3TQOJQ";
    target.script_token = "secret";
    target.download = "/downloads/file";
    HookCall call;
    call.path = "/hook";
    Control control;
    for (const char* hook :
         {"put-strategy", "remove-strategy", "strategy-of-device", "strategy-of-device-group",
          "put-device-group", "disconnect", "force-sysinfo", "read-device", "read-file-audits",
          "read-connection-audits", "read-alarm-audits", "read-recordings", "read-recording"})
      control.hooks[hook] = Hook(call);
    target.control = std::make_shared<const Control>(std::move(control));
    return target;
  }
  boost::asio::awaitable<void> stop() {
    tasks_.cancel();
    co_await tasks_.join();
    listeners_.clear();
    udp_.reset();
  }

 private:
  void begin() {
    udp_ = world_.network.bind_udp({kHome, kPort});
    tasks_.spawn("datagrams", datagrams());
    for (const int offset : {-2, -1, 0, 1}) {
      listeners_.push_back(
          world_.network.listen({kHome, static_cast<std::uint16_t>(kPort + offset)}));
      tasks_.spawn("listener", accept(listeners_.back().get()));
    }
  }
  std::string answer_to(const std::string& bytes) {
    return manner_ == Manner::echoes ? bytes : world_.random.bytes(1 + world_.random.below(40));
  }
  bool answers() const { return manner_ == Manner::echoes || manner_ == Manner::babbles; }

  Task<void> datagrams() {
    std::vector<net::Datagram> batch;
    while (co_await udp_->receive(batch, net::never(world_.clock))) {
      if (answers())
        for (auto& datagram : batch) datagram.bytes = answer_to(datagram.bytes);
      if (answers()) udp_->send(batch);
      batch.clear();
    }
  }
  Task<void> accept(net::Listener* listener) {
    for (;;) {
      auto stream = co_await listener->accept(net::never(world_.clock));
      if (!stream) co_return;
      if (manner_ == Manner::hangs_up) continue;
      if (manner_ == Manner::resets) (*stream)->reset();
      auto shared = std::make_shared<net::ByteStream>(std::move(*stream));
      tasks_.spawn("connection", talk(std::move(shared)));
    }
  }
  Task<void> talk(std::shared_ptr<net::ByteStream> stream) {
    const std::string line = chatter();
    for (std::array<char, 65536> heard{};;) {
      std::string say = line;
      if (manner_ == Manner::chatters) {
        co_await net::sleep_for(world_.clock, 20ms);
      } else {
        const auto into = boost::asio::buffer(heard);
        auto count = co_await stream->async_read_some(into, net::never(world_.clock));
        if (!count) co_return;
        if (!answers()) continue;
        say = answer_to(std::string(heard.data(), *count));
      }
      const auto from = boost::asio::buffer(say);
      const auto deadline = net::in(world_.clock, 60s);
      auto sent = co_await boost::asio::async_write(*stream, from, deadline);
      if (!sent) co_return;
    }
  }

  net::World world_;
  Manner manner_;
  net::TaskGroup tasks_;
  std::unique_ptr<net::DatagramSocket> udp_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

Task<void> story(net::World world, Manner manner, LabSetup setup, CaseResult& result) {
  HostileServer server(std::move(world), manner);
  setup.target = server.target();
  co_await run_case(std::move(setup), result);
  co_await server.stop();
}

// Cases that need a server of their own do not apply.
CaseResult run_against(Manner manner, const Case& c, const Scope& scope) {
  net::SimWorld sim(1);
  NetworkPool addresses(boost::asio::ip::make_network_v4("10.1.0.0/16"), 0, kHome);
  LabSetup setup = scope.setup_for(c, sim.world());
  setup.addresses = &addresses;
  CaseResult result;
  const auto ending = sim.run(story(sim.world(), manner, std::move(setup), result));
  EXPECT_EQ(ending, net::Ending::finished) << c.id << "\n" << sim.stuck_report();
  return result;
}

class HostileTarget : public testing::TestWithParam<Manner> {};

TEST_P(HostileTarget, LeadsNoCaseIntoAnError) {
  const auto registry = Registry::built_in();
  const RunOptions options;
  const Scope scope(registry, options);
  std::size_t failed = 0;
  for (const Case& c : all_cases()) {
    const auto result = run_against(GetParam(), c, scope);
    EXPECT_NE(result.status, Status::harness_error) << c.id << ": " << result.why;
    failed += result.status == Status::fail || result.status == Status::blocked;
  }
  EXPECT_GT(failed, all_cases().size() / 2);
}

std::string name_of(const testing::TestParamInfo<Manner>& info) {
  constexpr std::array kNames{"Silent", "HangsUp", "Resets", "Echoes", "Babbles", "Chatters"};
  return kNames.at(static_cast<std::size_t>(info.param));
}
INSTANTIATE_TEST_SUITE_P(Manners, HostileTarget,
                         testing::Values(Manner::silent, Manner::hangs_up, Manner::resets,
                                         Manner::echoes, Manner::babbles, Manner::chatters),
                         name_of);

}  // namespace
}  // namespace deskcheck::conformance
