"""Messages and the small formats of the wire."""

import pytest

import deskcheck
from deskcheck import wire


@pytest.mark.parametrize("protocol, message", [
    ("rendezvous", {}),
    ("rendezvous", {"register_peer": {"id": "123456789", "serial": 3}}),
    ("rendezvous", {"register_pk_response": {"result": "UUID_MISMATCH", "keep_alive": 12}}),
    ("rendezvous", {"punch_hole_request": {"id": "1", "nat_type": "SYMMETRIC", "force_relay": True}}),
    ("rendezvous", {"punch_hole": {"socket_addr": b"\x00\xff", "relay_server": "a:1"}}),
    ("rendezvous", {"online_request": {"id": "1", "peers": ["2", "3"]}}),
    ("session", {"test_delay": {"time": 2 ** 40, "from_client": True, "last_delay": 7}}),
    ("session", {"misc": {"close_reason": "bye"}}),
    ("session", {"hash": {"salt": "s", "challenge": "c"}}),
])
def test_there_and_back(protocol, message):
    assert deskcheck.decode(deskcheck.encode(message, protocol), protocol) == message


def test_bytes_of_a_known_message():
    assert deskcheck.encode({"register_peer": {"id": "ab", "serial": 3}}) == b"\x32\x06\x0a\x02ab\x10\x03"


def test_enum_values_of_tomorrow():
    data = deskcheck.encode({"register_pk_response": {"result": 77}})
    assert deskcheck.decode(data) == {"register_pk_response": {"result": 77}}


@pytest.mark.parametrize("message, words", [
    ({"register_pear": {}}, "no field 'register_pear'"),
    ({"register_peer": {"identity": "1"}}, "RegisterPeer has no field 'identity'"),
    ({"register_peer": {"id": b"1"}}, "RegisterPeer.id cannot be b'1'; give string"),
    ({"register_peer": {"serial": "3"}}, "give int32"),
    ({"register_peer": {"serial": 2 ** 31}}, "give int32"),
    ({"register_peer": []}, "give dict"),
    ({"register_pk_response": {"result": "FINE"}}, "UUID_MISMATCH"),
    ({"online_request": {"peers": "1"}}, "a list of string"),
    ({"punch_hole_request": {"force_relay": 1}}, "give bool"),
])
def test_mistakes_in_messages(message, words):
    with pytest.raises(deskcheck.UsageError) as caught:
        deskcheck.encode(message)
    assert words in str(caught.value)


def test_bytes_that_are_no_message():
    with pytest.raises(deskcheck.UsageError, match="3 bytes that are no session message"):
        deskcheck.decode(b"\xff\xff\xff", "session")
    with pytest.raises(deskcheck.UsageError, match="rendezvous or session"):
        deskcheck.decode(b"", "http")
    with pytest.raises(TypeError):
        deskcheck.decode("text")


@pytest.mark.parametrize("host, port", [("203.0.113.7", 54321), ("0.0.0.0", 0), ("2001:db8::1", 21116)])
def test_addresses(host, port):
    for mask in (0, 0x12345678):
        assert wire.decode_address(wire.encode_address(host, port, mask)) == (host, port)
    with pytest.raises(deskcheck.UsageError, match="give an IP address"):
        wire.encode_address("localhost", port)


def test_frames():
    stream = wire.encode_frame(b"one") + wire.encode_frame(b"") + wire.encode_frame(b"x" * 70000)
    decoder = wire.FrameDecoder()
    payloads = []
    for at in range(0, len(stream), 1000):
        payloads += decoder.feed(stream[at:at + 1000])
        assert decoder.mid_frame == (at + 1000 < len(stream))
    assert payloads == [b"one", b"", b"x" * 70000]
    small = wire.FrameDecoder(limit=10)
    with pytest.raises(deskcheck.UsageError, match="frame"):
        small.feed(stream)


def test_signed_identities():
    public, secret = wire.make_key_pair(seed=1)
    assert (public, secret) == wire.make_key_pair(seed=1) != wire.make_key_pair()
    signed = wire.sign_identity("123456789", b"k" * 32, secret)
    assert wire.verify_identity(signed, public) == ("123456789", b"k" * 32)
    with pytest.raises(deskcheck.UsageError, match="signature"):
        wire.verify_identity(signed, wire.make_key_pair(seed=2)[0])
    with pytest.raises(deskcheck.UsageError, match="secret_key"):
        wire.sign_identity("1", b"", public)
