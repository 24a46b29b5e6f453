"""Ctrl-C in the middle of blocking calls: they all end, nothing hangs, nothing crashes.

DESKCHECK_ROUNDS=100 repeats it so often."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

import deskcheck

PROGRAM = pathlib.Path(__file__).resolve().parent / "sixteen_threads.py"
ROUNDS = int(os.environ.get("DESKCHECK_ROUNDS", "1"))
LIMIT = 60  # seconds; they block for minutes


@pytest.mark.parametrize("round_number", range(ROUNDS))
@pytest.mark.parametrize("mode", ["join", "pool", "call", "daemon"])
def test_sixteen_threads(mode, round_number):
    with subprocess.Popen([sys.executable, "-B", PROGRAM, mode], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout.readline() == "ready\n", program.stderr.read()
            # The first rounds as soon as possible, later ones anywhere in the work.
            time.sleep(random.random() * min(round_number, 3))
            program.send_signal(signal.SIGINT)
            output, errors = program.communicate(timeout=LIMIT)
        finally:
            program.kill()
    assert program.returncode == -signal.SIGINT, (program.returncode, output, errors)
    assert "KeyboardInterrupt" in errors
    for crash in ("Fatal", "terminate called", "Segmentation", "core dumped"):
        assert crash not in errors


def interrupt_soon(what):
    """Sends SIGINT to this process as soon as the main thread is in the call."""
    before = signal.getsignal(signal.SIGINT)

    def press():
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    try:
        what()
    finally:
        thread.join()
        assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("make", [deskcheck.RealWorld, lambda: deskcheck.VirtualWorld(1)])
def test_the_world_goes_on(make):
    with make() as world:
        device = world.device(world.server()).wait_registered()
        with pytest.raises(KeyboardInterrupt):
            interrupt_soon(lambda: [world.sleep(10_000_000) for _ in range(1000)])
        assert not world.closed
        assert device.registered


def test_a_handler_that_does_not_raise_is_called_and_the_wait_goes_on():
    calls = []
    before = signal.signal(signal.SIGINT, lambda *_: calls.append(1))
    try:
        with deskcheck.RealWorld() as world:
            begun = time.monotonic()
            interrupt_soon(lambda: world.sleep(0.5))
            assert time.monotonic() - begun >= 0.5
    finally:
        signal.signal(signal.SIGINT, before)
    assert calls == [1]


def test_an_interrupted_run_raises():
    with pytest.raises(KeyboardInterrupt):
        interrupt_soon(lambda: deskcheck.run(virtual_time=True, repeat=1000))


def test_forgotten_worlds_do_not_disturb_the_end():
    program = "import deskcheck; s = deskcheck.ReferenceServer(); d = deskcheck.Device(s).wait_registered()"
    done = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True,
                          timeout=LIMIT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
