"""Runs the executable as a user does. Its path is the first argument of every test program here."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

LIMIT = 600  # seconds: a hang, not a slow machine; sanitizers take their time


def deskcheck(*arguments, limit=LIMIT, environment=None):
    """The finished process: returncode, stdout, stderr. `environment` is added to ours."""
    return subprocess.run([EXECUTABLE, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=limit, check=False,
                          env={**os.environ, **(environment or {})})


class Process:
    """A command that goes on; its output line by line."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([EXECUTABLE, *map(str, arguments)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.errors = []
        self.readers = [threading.Thread(target=self._read_lines),
                        threading.Thread(target=self._read_errors)]
        for reader in self.readers:
            reader.start()

    def _read_lines(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _read_errors(self):
        self.errors.extend(self.process.stderr)

    def next_line(self, limit=LIMIT):
        """The next line of standard output; an AssertionError at its end."""
        line = self.lines.get(timeout=limit)
        if line is None:
            self.wait()
            raise AssertionError(f"the output has ended; errors: {''.join(self.errors)}")
        return line

    def send(self, signal_number):
        self.process.send_signal(signal_number)

    def wait(self, limit=LIMIT):
        """The exit code."""
        code = self.process.wait(timeout=limit)
        for reader in self.readers:
            reader.join(timeout=limit)
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Server(Process):
    """`deskcheck serve` on free ports, ready."""

    def __init__(self, *arguments):
        super().__init__("serve", "--port-base", "0", *arguments)
        try:
            self.ready = json.loads(self.next_line())
        except BaseException:
            self.close()
            raise
        self.port = self.ready["port_base"]
        self.key = self.ready.get("public_key")

    def stop(self):
        """The exit code after SIGTERM."""
        self.send(signal.SIGTERM)
        return self.wait()


class Case(unittest.TestCase):
    """With a scratch folder, and servers that end with the test."""

    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="deskcheck-")
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.scratch, name)

    def start(self, process):
        self.addCleanup(process.close)
        return process

    def server(self, *arguments):
        return self.start(Server(*arguments))

    def assert_refused(self, result, code, *words):
        """One clear line on standard error, nothing on standard output."""
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("deskcheck: "), result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)


def main():
    unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)


EXECUTABLE = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None
if EXECUTABLE is None:
    sys.exit(f"usage: {sys.argv[0]} DESKCHECK [TEST ...]")
