"""Tests of your own server, beside the cases of the suite.

    pytest --deskcheck-host 192.168.1.5 --deskcheck-key "$(cat id_ed25519.pub)" test_my_server.py

Without options the tests run against the reference server, and there are no cases."""


def test_a_device_registers(device):
    assert device().wait_registered(timeout=10).presence == "online"


def test_a_controller_gets_through(device, controller):
    host = device(password="secret").wait_registered(timeout=10)
    result = controller().connect(host.id, password="secret")
    assert result.encrypted, result
    assert result.logged_in


def test_two_symmetric_networks_meet_at_the_relay(device, controller):
    host = device(password="secret", nat_type="symmetric").wait_registered(timeout=10)
    result = controller().connect(host.id, password="secret", nat_type="symmetric")
    assert host.wait_session().route == "relay"
    assert result.encrypted


def test_nobody_is_reached_under_an_unknown_id(controller):
    assert controller().connect("no-such-id").failure == "ID does not exist"
