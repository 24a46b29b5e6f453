"""The reference server as it can be ordered: data, keys, relays, limits, known devices, in both worlds."""

import json
import urllib.error
import urllib.request

import pytest

import deskcheck


def known(world):
    address = "127.9.9.9" if isinstance(world, deskcheck.RealWorld) else "10.9.9.9"
    return deskcheck.KnownDevice("123456789", "uuid-of-the-known", address)


@pytest.fixture(params=["real", "virtual"])
def world(request):
    with deskcheck.RealWorld() if request.param == "real" else deskcheck.VirtualWorld(1) as world:
        yield world


def asked_for(world, server, id):
    return world.controller(server).connect(id).failure


def test_a_known_device_is_offline_until_it_comes(world):
    known_device = known(world)
    server = world.server(devices=[known_device])
    assert asked_for(world, server, known_device.id) == "Remote desktop is offline"
    assert asked_for(world, server, "987654321") == "ID does not exist"
    device = world.device(server, id=known_device.id, uuid=known_device.uuid,
                          address=known_device.address).wait_registered()
    assert device.id == known_device.id
    assert asked_for(world, server, known_device.id) == ""


def test_the_id_of_a_known_device_is_taken(world):
    known_device = known(world)
    server = world.server(devices=[known_device])
    stranger = world.device(server, id=known_device.id, uuid="another uuid")
    stranger.wait_registered(timeout=60)
    assert stranger.id != known_device.id


def test_data_survives(tmp_path):
    folder = tmp_path / "made" / "for it"
    with deskcheck.ReferenceServer(data=folder) as server:
        key = server.public_key
        with deskcheck.Device(server) as device:
            id = device.wait_registered().id
    assert (folder / "id_ed25519.pub").read_text() == key
    with deskcheck.ReferenceServer(data=str(folder)) as server:
        assert server.public_key == key
        assert deskcheck.Controller(server).connect(id).failure == "Remote desktop is offline"


def test_keys(world):
    public, secret = deskcheck.wire.make_key_pair()
    assert world.server(key=secret).public_key == public
    world.close()


@pytest.mark.parametrize("key, sent, failure", [
    ("", "", ""), ("open sesame", "open sesame", ""), ("open sesame", "guess", "Key mismatch")])
def test_what_clients_must_send(key, sent, failure):
    with deskcheck.ReferenceServer(key=key) as server:
        device = deskcheck.Device(server, world=server.world).wait_registered()
        controller = deskcheck.Controller(server, world=server.world, key=sent)
        assert controller.connect(device.id).failure == failure


def test_limits(world):
    server = world.server(limits={"registrations_per_address": 2, "address_pause": 1000})
    address = known(world).address
    for _ in range(2):
        world.device(server, address=address).wait_registered()
    third = world.device(server, address=address)
    with pytest.raises(deskcheck.Timeout):
        third.wait_registered(timeout=2)


def test_login_is_required(world):
    server = world.server(tokens=["a token"], require_login=True, feedback=7)
    device = world.device(server).wait_registered()
    stranger = world.controller(server).connect(device.id)
    assert not stranger.connected and stranger.failure
    wrong = world.controller(server, token="another").connect(device.id)
    assert not wrong.connected and wrong.failure
    result = world.controller(server, token="a token").connect(device.id)
    assert (result.connected, result.failure, result.feedback) == (True, "", 7)
    assert all(seconds >= 0 for _, seconds in result.steps)
    assert result.steps[0][0] != result.steps[-1][0]


def post(server, path, body, token=""):
    request = urllib.request.Request(server.api + path, json.dumps(body).encode(),
                                     {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_a_token_is_good_from_login_to_logout():
    with deskcheck.ReferenceServer(accounts={"alice": "s3cret"}, require_login=True) as server:
        device = deskcheck.Device(server, world=server.world).wait_registered()
        login = {"username": "alice", "password": "s3cret", "id": "1", "uuid": "dQ==", "type": "account"}
        assert post(server, "/api/login", {**login, "password": "guess"})[0] == 403
        status, body = post(server, "/api/login", login)
        token = json.loads(body)["access_token"]
        assert (status, len(token) > 20) == (200, True)
        controller = deskcheck.Controller(server, world=server.world, token=token)
        assert controller.connect(device.id).connected
        assert post(server, "/api/logout", {"id": "1", "uuid": "dQ=="}, token)[0] == 200
        assert not controller.connect(device.id).connected


def test_deployment(world):
    server = world.server(deploy_mode=True, deployed=["123456789"])
    world.device(server, id="123456789").wait_registered()
    stranger = world.device(server, id="987654321")
    with pytest.raises(deskcheck.Timeout):
        stranger.wait_registered(timeout=2)
    assert stranger.needs_deploy


def test_pushed_configuration(world):
    server = world.server(serial=5, rendezvous_servers=["one.example", "two.example"])
    device = world.device(server, transport="websocket").wait_registered()
    for _ in range(600):
        if device.serial == 5:
            break
        world.sleep(0.05)
    assert (device.serial, device.pushed_servers) == (5, ["one.example", "two.example"])
    if isinstance(world, deskcheck.VirtualWorld):
        asks, knows = world.device(server), world.device(server, serial=5)
        world.sleep(20)  # over UDP it comes with the second question
        assert (asks.serial, len(asks.pushed_servers), knows.pushed_servers) == (5, 2, [])


def test_the_open_source_profile():
    with deskcheck.ReferenceServer(profile="oss") as server:
        assert (server.api, server.target.claims) == ("", set())
        report = deskcheck.run(server.target, filters=["SEC-KEX-02", "RDV-REGPEER-02"])
    assert report.exit_code == 0, report.table()
    assert report.requirements["SEC-KEX-02"] == "not applicable"
    with deskcheck.ReferenceServer() as server:
        assert server.api.startswith("http://127.0.0.1:") and server.target.claims is None
        report = deskcheck.run(server.target, filters=["SEC-KEX-02"])
    assert report.requirements["SEC-KEX-02"] == "pass"


def test_parts_can_be_left_out():
    with deskcheck.ReferenceServer(secure_channel=False, api=False, world=deskcheck.VirtualWorld(1)) as server:
        device = server.world.device(server).wait_registered()
        signed_in = server.world.controller(server, token="x").connect(device.id)
        assert "secure tcp" in signed_in.failure
        assert server.api == ""
        server.world.close()


def test_no_direct_connections_into_the_own_network():
    with deskcheck.VirtualWorld(1) as world:
        server = world.server(port_base=21116, mask="10.9.9.0/24", local_ip="10.0.0.1", relay_servers=["10.0.0.1"],
                              relay_limits={"session": 64, "downgrade_after": 60}, relay_blacklist=["192.0.2.1"])
        device = world.device(server, address="10.9.9.9").wait_registered()
        assert world.controller(server).connect(device.id).path == "relay started by the device"
        assert world.controller(server, address="10.9.9.8").connect(device.id).path == "lan"


def test_a_blocked_address_gets_no_relay(world):
    blocked = "127.9.9.9" if isinstance(world, deskcheck.RealWorld) else "10.9.9.9"
    server = world.server(relay_blocklist=[blocked])
    device = world.device(server).wait_registered()
    result = world.controller(server, address=blocked).connect(device.id, force_relay=True)
    assert not result.connected


def test_the_suite_finds_it_right():
    """What it is told to be is what its target says."""
    with deskcheck.ReferenceServer(relay_key="", relay_servers=["relay.example"], key="open sesame") as server:
        report = deskcheck.run(server.target, filters=["RLY-KEY-01", "RDV-REGPEER-*"])
    assert report.exit_code == 0, report.table()


@pytest.mark.parametrize("order, words", [
    ({"limits": {"patience": 3}}, ["patience", "Limits"]),
    ({"limits": {"registrations_per_id": 0}}, ["registrations_per_id", "whole number"]),
    ({"limits": {"id_pause": float("nan")}}, ["id_pause", "seconds"]),
    ({"port_base": 70000}, ["70000", "65532"]),
    ({"profile": "half"}, ["profile 'half'", "oss"]),
    ({"console": "yes"}, ["console 'yes'", "loopback"]),
    ({"trusted_proxies": ["proxy"]}, ["trusted_proxies 'proxy'", "10.0.0.0/8"]),
    ({"keep_alive": 0}, ["keep_alive 0", "whole number"]),
    ({"require_login": True}, ["require_login", "accounts"]),
    ({"accounts": {"alice": ""}}, ["accounts", "'alice'", "password"]),
    ({"relay_limits": {"speed": 3}}, ["relay_limits, speed", "RelayLimits"]),
    ({"relay_limits": {"session": 0}}, ["relay_limits, session 0", "above 0"]),
    ({"mask": "10.0.0.0/8"}, ["mask", "local_ip"]),
    ({"mask": "here", "local_ip": "10.0.0.1"}, ["mask 'here'", "IPv4 network"]),
    ({"mask": "10.0.0.0/8", "local_ip": "here"}, ["local_ip 'here'", "IP address"]),
    ({"rendezvous_servers": ["rs.example"]}, ["serial 0", "more than 3"]),
    ({"data": "/dev/null/here"}, ["/dev/null/here", "folder"]),
])
def test_mistakes(order, words):
    with pytest.raises(deskcheck.UsageError) as caught:
        deskcheck.ReferenceServer(**order)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)
