"""Sixteen threads in calls that would block for minutes; run by test_interrupt.py, which presses Ctrl-C.

    sixteen_threads.py join|pool|call|daemon     what the main thread does meanwhile"""

import concurrent.futures
import sys
import threading

import deskcheck

SLOW_CASE = "rendezvous/register-pk/per-address-pause"  # waits for more than a minute
FOR_MINUTES = 600


def blocking_calls(server):
    """Sixteen of them, of every kind."""
    device = deskcheck.Device(server, password="secret").wait_registered()
    session = deskcheck.Controller(server).connect(device.id, password="secret").session
    nowhere = deskcheck.Device(deskcheck.Target("127.0.0.1", port_base=9))
    world = deskcheck.RealWorld()

    def in_virtual_time():
        with deskcheck.VirtualWorld(1) as simulated:
            while True:
                simulated.sleep(3600)

    return 2 * [
        lambda: device.wait_session(FOR_MINUTES, logged_in=False) and world.sleep(FOR_MINUTES),
        lambda: deskcheck.Device(server).wait_session(FOR_MINUTES),
        lambda: nowhere.wait_registered(FOR_MINUTES),
        lambda: session.idle(FOR_MINUTES),
        lambda: world.sleep(FOR_MINUTES),
        lambda: deskcheck.run(server.target, filters=[SLOW_CASE]),
        lambda: deskcheck.run(virtual_time=True, repeat=1000),
        in_virtual_time,
    ]


def main(mode):
    with deskcheck.ReferenceServer() as server:
        calls = blocking_calls(server)
        begun = threading.Barrier(len(calls) + 1)

        def work(call):
            begun.wait()
            call()

        if mode == "pool":
            with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
                done = [pool.submit(work, call) for call in calls]
                begun.wait()
                print("ready", flush=True)
                concurrent.futures.wait(done)
        threads = [threading.Thread(target=work, args=(call,), daemon=mode == "daemon")
                   for call in calls]
        for thread in threads:
            thread.start()
        begun.wait()
        print("ready", flush=True)
        if mode == "call":
            server.world.sleep(FOR_MINUTES)
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(sys.argv[1])
