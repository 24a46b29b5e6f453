"""As much of the rendezvous protocol as the tests need, by hand: docs/protocol/wire.md 2.2 has the
bytes. Deliberately not the product's own code."""

import socket


def field(number, value):
    """A protobuf field of bytes shorter than 128."""
    key = number << 3 | 2
    head = bytes([key]) if key < 0x80 else bytes([key & 0x7F | 0x80, key >> 7])
    return head + bytes([len(value)]) + value


def register_pk(device_id, uuid, key):
    return field(15, field(1, device_id.encode()) + field(2, uuid.encode()) + field(3, key))


OK = bytes.fromhex("820100")
UUID_MISMATCH = bytes.fromhex("8201020802")

assert register_pk("123456789", "u1", bytes(range(32))).hex() == (
    "7a310a09313233343536373839120275311a20"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")


def udp_socket(source, port):
    """From an own address, as servers limit registrations per address."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind((source, 0))
    peer.connect(("127.0.0.1", port))
    return peer
