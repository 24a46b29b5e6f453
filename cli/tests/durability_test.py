#!/usr/bin/env python3
"""What was answered OK holds, even if the server is killed at that moment."""

import select
import signal

import rendezvous
from harness import Case, Server, main

ADDRESSES = 40
IDS_PER_ADDRESS = 25  # below the limit of registrations in a row per address
LIMIT = 30


def device_id(address, index):
    return f"{100 + address}{100000 + index}"


class Devices:
    """Registers ids from many addresses, one outstanding request per address."""

    def __init__(self, port):
        self.sockets = [rendezvous.udp_socket(f"127.0.1.{n + 1}", port) for n in range(ADDRESSES)]
        self.confirmed = [0] * ADDRESSES  # per address: so many of its ids, in order

    def close(self):
        for device in self.sockets:
            device.close()

    def register_next(self, address):
        if self.confirmed[address] < IDS_PER_ADDRESS:
            key = bytes([address + 1]) * 32
            self.sockets[address].send(rendezvous.register_pk(
                device_id(address, self.confirmed[address]), "owner", key))

    def take_answers(self, limit):
        """The addresses that were answered OK."""
        ready, _, _ = select.select(self.sockets, [], [], limit)
        answered = [self.sockets.index(device) for device in ready]
        for address in answered:
            try:
                answer = self.sockets[address].recv(100)
            except ConnectionRefusedError:  # the request that found nobody
                answered = [a for a in answered if a != address]
                continue
            assert answer == rendezvous.OK, answer.hex()
            self.confirmed[address] += 1
        return answered

    def total(self):
        return sum(self.confirmed)


class Durability(Case):
    def register_until_killed(self, server):
        devices = Devices(server.port)
        self.addCleanup(devices.close)
        for address in range(ADDRESSES):
            devices.register_next(address)
        while devices.total() < ADDRESSES * IDS_PER_ADDRESS / 2:
            answered = devices.take_answers(LIMIT)
            self.assertTrue(answered, "the server does not answer")
            for address in answered:
                devices.register_next(address)
        server.send(signal.SIGKILL)
        self.assertEqual(server.wait(), -signal.SIGKILL)
        while devices.take_answers(0):  # sent before the end, not read yet
            pass
        return devices.confirmed

    def test_kill_in_the_middle_of_registrations(self):
        folder = self.path("data")
        confirmed = self.register_until_killed(self.server("--data", folder))
        self.assertGreaterEqual(sum(confirmed), 500)
        self.assertLess(sum(confirmed), 1000)

        server = self.start(Server("--data", folder))
        for address, count in enumerate(confirmed):
            with rendezvous.udp_socket(f"127.0.1.{address + 1}", server.port) as thief:
                thief.settimeout(LIMIT)
                for index in range(count):
                    thief.send(rendezvous.register_pk(device_id(address, index), "thief",
                                                      bytes([address + 1]) * 32))
                    self.assertEqual(thief.recv(100), rendezvous.UUID_MISMATCH,
                                     device_id(address, index))


if __name__ == "__main__":
    main()
