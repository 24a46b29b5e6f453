#include "reference-server/testbed.hpp"

namespace deskcheck::server::testbed {
namespace {

TEST_F(ServerTest, DeviceAndControllerMeet) {
  const auto scenario = [this]() -> awaitable<void> {
    Device device(world, host(1, 5000), ports.rendezvous);
    const auto unknown = register_peer("123456789");
    const auto registration = register_pk("123456789");
    auto answer = co_await device.ask(unknown);
    EXPECT_TRUE(answer && answer->register_peer_response().request_pk());
    answer = co_await device.ask(registration);
    EXPECT_TRUE(answer && answer->has_register_pk_response());
    answer = co_await device.ask(unknown);
    EXPECT_TRUE(answer && !answer->register_peer_response().request_pk());

    auto controller = co_await connect(host(2), ports.rendezvous);
    const auto request = punch_hole_request("123456789");
    co_await controller.send(request);
    auto push = co_await device.receive();
    EXPECT_TRUE(push && push->has_punch_hole());
    EXPECT_EQ(wire::decode_address(push->punch_hole().socket_addr()), controller.local());

    auto answering = co_await connect(host(1), ports.rendezvous);
    Message sent;
    sent.mutable_punch_hole_sent()->set_id("123456789");
    sent.mutable_punch_hole_sent()->set_socket_addr(push->punch_hole().socket_addr());
    co_await answering.send(sent);
    auto path = co_await controller.receive();
    EXPECT_TRUE(path && path->has_punch_hole_response());
    EXPECT_EQ(wire::decode_address(path->punch_hole_response().socket_addr()), answering.local());
    const bool ended = co_await answering.ended();
    EXPECT_TRUE(ended);
  };
  with_server(scenario);
}

}  // namespace
}  // namespace deskcheck::server::testbed
