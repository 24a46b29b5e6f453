"""The reference server as it can be ordered: data, keys, relays, limits, known devices, in both worlds."""

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


def test_the_suite_finds_it_right():
    """What it is told to be is what its target says."""
    with deskcheck.ReferenceServer(relay_key="", relay_servers=["relay.example"], key="open sesame") as server:
        report = deskcheck.run(server.target, filters=["RLY-KEY-01", "RDV-REGPEER-*"])
    assert report.exit_code == 0, report.table()


@pytest.mark.parametrize("order, words", [
    ({"limits": {"patience": 3}}, ["patience", "Limits"]),
    ({"limits": {"registrations_per_id": 0}}, ["registrations_per_id", "whole number"]),
    ({"limits": {"id_pause": float("nan")}}, ["id_pause", "seconds"]),
    ({"port_base": 70000}, ["70000", "65533"]),
    ({"data": "/dev/null/here"}, ["/dev/null/here", "folder"]),
])
def test_mistakes(order, words):
    with pytest.raises(deskcheck.UsageError) as caught:
        deskcheck.ReferenceServer(**order)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)
