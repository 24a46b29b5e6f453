"""Accounts and agents at the HTTP API, in both worlds alike."""

import pytest

import deskcheck

PASSWORD = "open sesame"


@pytest.fixture(params=["real", "virtual"])
def world(request):
    with deskcheck.RealWorld() if request.param == "real" else deskcheck.VirtualWorld(1) as world:
        yield world


def test_a_token_opens_the_door_until_logout(world):
    server = world.server(accounts={"alice": "secret"}, require_login=True)
    device = world.device(server, password=PASSWORD).wait_registered()
    controller = world.controller(server)
    assert not controller.connect(device.id).connected
    alice = world.account(server, id=controller.id)
    assert not alice.login("alice", "guess")
    assert alice.message
    assert alice.login("alice", "secret")
    assert (alice.user, alice.message, alice.asks) == ("alice", "", "")
    token = alice.token
    for options in ({}, {"force_relay": True}):
        result = controller.connect(device.id, password=PASSWORD, token=token, **options)
        assert (result.connected, result.logged_in) == (True, True), result
        result.session.close()
    alice.logout()
    assert (alice.signed_in, alice.token) == (False, "")
    assert not controller.connect(device.id, password=PASSWORD, token=token).connected
    assert "secret" not in alice.conversation
    assert not world.account(server, token=token, user="alice").refresh()


def test_an_address_book(world):
    server = world.server(accounts={"alice": "secret"})
    with world.account(server) as alice:
        assert alice.login("alice", "secret")
        assert (alice.books, alice.peers) == ("shared", [])
        assert alice.add_peer("123456789", alias="office") == ""
        assert alice.peers == ["123456789"]
        assert "already exists" in alice.add_peer("123456789")
    with world.account(server, release="1.4.6") as other:
        assert other.login("alice", "secret")
        assert other.peers == ["123456789"]


def test_an_agent(world):
    server = world.server()
    device = world.device(server).wait_registered()
    with world.agent(server, id=device.id, uuid=device.uuid) as agent:
        agent.wait_for("answers")
        assert agent.is_pro
        assert agent.counters["sysinfos"] >= 1
        number = agent.begin_session()
        assert agent.connections == {number}
        agent.wait_for("audits", 2)
        agent.end_session(number)
        agent.wait_for("audits", 3)
        assert agent.counters["lost_audits"] == 0
        with pytest.raises(deskcheck.Timeout, match="strategies"):
            agent.wait_for("strategies", timeout=0)


def test_mistakes(world):
    with pytest.raises(deskcheck.UsageError, match="release '1.2.2'"):
        world.agent(world.server(), release="1.2.2")
    with pytest.raises(deskcheck.UsageError, match="does not count 'beats'"):
        world.agent(world.server()).wait_for("beats")
