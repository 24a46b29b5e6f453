"""A device and a controller meet through a server and exchange encrypted bytes.

    python3 meeting.py                                  # through a reference server
    python3 meeting.py 192.168.1.5 "$(cat id_ed25519.pub)"   # through yours
"""

from __future__ import annotations

import sys

import deskcheck


def meet(server: deskcheck.ReferenceServer | deskcheck.Target) -> None:
    with deskcheck.Device(server, password="secret") as device, \
            deskcheck.Controller(server) as controller:
        device.wait_registered(timeout=10)
        print(f"device {device.id} is {device.presence}")

        result = controller.connect(device.id, password="secret")
        print(f"path: {result.path}, encrypted: {result.encrypted}, logged in: {result.logged_in}")

        with result.session as session:
            session.send({"test_delay": {"from_client": True, "time": 42}})
            answer = session.receive_message()
            while answer.get("test_delay", {}).get("time") != 42:
                answer = session.receive_message()
            print(f"the device answers: {answer}")
        print(controller.conversation)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        meet(deskcheck.Target(sys.argv[1], key=sys.argv[2]))
    else:
        with deskcheck.ReferenceServer() as reference:
            meet(reference)
