"""Devices and controllers, in both worlds alike."""

import threading

import pytest

import deskcheck

PASSWORD = "open sesame"


@pytest.fixture(params=["real", "virtual"])
def world(request):
    with deskcheck.RealWorld() if request.param == "real" else deskcheck.VirtualWorld(1) as world:
        yield world


@pytest.fixture
def server(world):
    return world.server()


@pytest.mark.parametrize("device_options, connect_options, path, route", [
    ({}, {}, "direct", "direct"),
    ({}, {"force_relay": True}, "relay started by the device", "relay"),
    ({"nat_type": "symmetric"}, {"nat_type": "symmetric"}, "relay started by the device", "relay"),
    ({"firewalled": True}, {}, "relay asked for by the controller", "relay"),
    ({"relay_only": True}, {}, "relay started by the device", "relay"),
])
def test_meeting(world, server, device_options, connect_options, path, route):
    device = world.device(server, password=PASSWORD, **device_options).wait_registered()
    controller = world.controller(server)
    result = controller.connect(device.id, password=PASSWORD, **connect_options)
    assert (result.connected, result.encrypted, result.logged_in) == (True, True, True), result
    assert (result.path, result.failure) == (path, "")
    seen = device.wait_session(logged_in=True)
    assert (seen.route, seen.encrypted, seen.controller_id) == (route, True, controller.id)
    result.session.idle(1.5)  # the device asks for delays once a second
    assert device.sessions[0].delay_tests > 0
    result.session.close()
    result.session.close()
    device.stop()
    assert "punch_hole" in controller.conversation or "request_relay" in controller.conversation


def test_encrypted_bytes_there_and_back(world, server):
    device = world.device(server, password=PASSWORD).wait_registered()
    with world.controller(server).connect(device.id, password=PASSWORD).session as session:
        assert session.encrypted
        session.send({"test_delay": {"from_client": True, "time": 42}})
        while (answer := session.receive_message()) != {"test_delay": {"from_client": True, "time": 42}}:
            assert "test_delay" in answer  # the device's own
        session.send(deskcheck.encode({"test_delay": {"from_client": True, "time": 43}}, "session"))
        while b"\x08\x2b" not in session.receive():
            pass


def test_failures_are_results(world, server):
    controller = world.controller(server)
    result = controller.connect("no-such-id")
    assert (result.connected, result.encrypted, result.logged_in) == (False, False, False)
    assert result.failure == "ID does not exist"
    with pytest.raises(deskcheck.ConnectionLost, match="ID does not exist"):
        result.session  # pylint: disable=pointless-statement
    device = world.device(server, password=PASSWORD).wait_registered()
    wrong = controller.connect(device.id, password="guess")
    assert (wrong.connected, wrong.login_error, wrong.logged_in) == (True, "Wrong Password", False)
    unencrypted = world.controller(server, key=deskcheck.wire.make_key_pair(3)[0]).connect(device.id)
    assert not unencrypted.connected  # the server asks for its own key
    assert "mismatch" in unencrypted.failure.lower()


def test_nobody_answers(world, server):
    target = server.target
    server.stop()
    device = world.device(target)
    with pytest.raises(deskcheck.Timeout, match=f"device {device.id} is connecting"):
        device.wait_registered(timeout=0.2)
    with pytest.raises(TimeoutError):
        device.wait_session(timeout=0)
    assert (device.registered, device.presence) == (False, "connecting")


def test_the_end_of_a_session(world, server):
    device = world.device(server, password=PASSWORD).wait_registered()
    session = world.controller(server).connect(device.id, password=PASSWORD).session
    with pytest.raises(deskcheck.Timeout):
        while True:
            session.receive(timeout=0.01)
    device.stop()
    with pytest.raises(deskcheck.ConnectionLost):
        while True:
            session.receive()
    session.close()
    for use in (session.receive, lambda: session.send(b""), device.wait_registered):
        with pytest.raises(deskcheck.Closed):
            use()


def test_a_wait_ends_when_what_it_waits_for_is_stopped():
    with deskcheck.ReferenceServer() as server:
        for end in ("device", "world"):
            device = deskcheck.Device(server.target, password=PASSWORD).wait_registered()
            raised = []

            def wait(device=device, raised=raised):
                with pytest.raises(deskcheck.Closed) as caught:
                    device.wait_session(timeout=600)
                raised.append(caught.value)

            thread = threading.Thread(target=wait)
            thread.start()
            device.stop() if end == "device" else device.world.close()
            thread.join(60)
            assert len(raised) == 1


def test_own_worlds_end_with_their_parties():
    with deskcheck.ReferenceServer() as server, deskcheck.Device(server.target) as device, \
            deskcheck.Controller(server.target) as controller:
        assert len({server.world, device.world, controller.world}) == 3
        device.wait_registered()
        assert controller.connect(device.id).connected
    assert server.world.closed and device.world.closed and controller.world.closed


def test_equal_seeds_equal_virtual_worlds():
    def story(seed):
        with deskcheck.VirtualWorld(seed) as world:
            server = world.server()
            device = world.device(server, password=PASSWORD).wait_registered()
            controller = world.controller(server)
            controller.connect(device.id, password=PASSWORD).session.idle(5)
            return device.conversation + controller.conversation, world.now

    assert story(1) == story(1)
    assert story(1) != story(2)


@pytest.mark.parametrize("transport, caller, path", [
    ("tcp", "tcp", "direct"),
    ("tcp", "websocket", "relay started by the device"),
    ("websocket", "tcp", "relay started by the device"),
    ("websocket", "websocket", "relay started by the device"),
    ("udp", "websocket", "relay started by the device"),
])
def test_transports(world, server, transport, caller, path):
    device = world.device(server, password=PASSWORD, transport=transport).wait_registered()
    controller = world.controller(server, transport=caller)
    result = controller.connect(device.id, password=PASSWORD)
    assert (result.path, result.encrypted, result.logged_in) == (path, True, True), result
    assert device.counters["pushes"] == 1
    assert device.counters["connections"] == (0 if transport == "udp" else 1)
    assert (" -- ws " in controller.conversation) == (caller == "websocket")


def test_heartbeats():
    with deskcheck.VirtualWorld(1) as world:
        server = world.server(keep_alive=10)
        for transport in ("tcp", "websocket"):
            device = world.device(server, transport=transport).wait_registered()
            world.sleep(3600)
            assert device.registered and device.counters["connections"] == 1
            assert device.counters["heartbeats"] >= 360


def test_a_signed_in_caller(world, server):
    device = world.device(server).wait_registered()
    controller = world.controller(server, token="of an account")
    assert controller.connect(device.id).connected
    assert "key_exchange" in controller.conversation and '"of an account"' in controller.conversation
    plain = world.controller(server)
    assert plain.connect(device.id).connected and "of an account" not in plain.conversation
    assert controller.connect(device.id, token="").connected


@pytest.mark.parametrize("transport", ["udp", "tcp", "websocket"])
def test_another_id(world, server, transport):
    device = world.device(server, transport=transport).wait_registered()
    other = world.device(server, id="taken-id").wait_registered()
    old = device.id
    assert device.change_id("1-is-no-letter") == "Invalid format"
    assert device.change_id(other.id) == "Not available"
    assert device.id == old
    assert device.change_id("my-desk") == ""
    assert device.id == "my-desk"
    device.wait_registered()
    controller = world.controller(server)
    assert controller.connect("my-desk").connected
    assert controller.connect(old).failure == "ID does not exist"


@pytest.mark.parametrize("make", [
    lambda server: deskcheck.Device(server, nat_type="round"),
    lambda server: deskcheck.Device(server, address="home"),
    lambda server: deskcheck.Device(server, transport="carrier pigeon"),
    lambda server: deskcheck.Controller(server, transport="udp"),
    lambda server: deskcheck.Device(server).change_id("new-name", timeout=-1),
    lambda server: deskcheck.Controller(server, address="256.0.0.1"),
    lambda server: deskcheck.Controller(server).connect("x", conn_type="telepathy"),
    lambda server: deskcheck.Controller(server).connect("x", timeout=-1),
    lambda server: deskcheck.Device(server).wait_registered(timeout=float("nan")),
])
def test_mistakes(make):
    with deskcheck.ReferenceServer() as server:
        with pytest.raises(deskcheck.UsageError) as caught:
            make(server)
    assert "give" in str(caught.value) and "\n" not in str(caught.value)


def test_an_address_that_is_not_ours():
    with deskcheck.ReferenceServer() as server, pytest.raises(deskcheck.Error, match="192.0.2.1"):
        deskcheck.Device(server, address="192.0.2.1")
