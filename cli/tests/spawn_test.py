#!/usr/bin/env python3
"""`run --spawn`: a target that is started for the run, and is gone after it."""

import json
import os
import shlex
import signal

import harness
from harness import Case, Process, deskcheck, main

QUICK = "RDV-REGPEER-02"
# For commands that start no server: it is looked for where nobody else is.
ON_FREE_PORTS = ": {port_base}; "


class Spawn(Case):
    def setUp(self):
        super().setUp()
        first = self.server("--data", self.path("data"))
        self.key = first.key
        first.close()

    def command(self, port="{port_base}", before=""):
        """A server that writes its process id, and keeps its key."""
        serve = shlex.join([harness.EXECUTABLE, "serve", "--data", self.path("data")])
        return f"{before}echo $$ >{self.path('pid')}; exec {serve} --port-base {port}"

    def run_it(self, command, *arguments):
        return deskcheck("run", "--spawn", command, "--key", self.key, "--filter", QUICK,
                         "--spawn-log", self.path("log"), *arguments)

    def assert_gone(self):
        with open(self.path("pid"), encoding="utf-8") as file:
            process = int(file.read())
        with self.assertRaises(ProcessLookupError):
            os.kill(process, 0)

    def test_runs_and_is_stopped(self):
        result = self.run_it(self.command(), "--json", self.path("r.json"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stderr, "")
        self.assert_gone()
        with open(self.path("log"), encoding="utf-8") as file:
            ready = json.loads(file.readline())
        self.assertGreaterEqual(ready["port_base"], 10000)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual({case["status"] for case in report["cases"]}, {"pass"})

    def test_the_api_has_its_port(self):
        result = deskcheck("run", "--spawn", self.command() + " # API {api}", "--key", self.key,
                           "--spawn-log", self.path("log"), "--filter", "HTTP-LOPT-*", "--dry-run")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        lines = dict(line.split(None, 1) for line in result.stdout.splitlines() if " " in line)
        port = int(lines["rendezvous"].rsplit(":", 1)[1])
        self.assertEqual(lines["API"], f"http://127.0.0.1:{port - 2}")

    def test_is_stopped_after_an_interrupt(self):
        run = self.start(Process("run", "--spawn", self.command(), "--key", self.key,
                                 "--spawn-log", self.path("log")))
        run.next_line()  # some case has ended
        run.send(signal.SIGINT)
        self.assertEqual(run.wait(), 1)
        self.assert_gone()

    def test_a_target_that_ends(self):
        result = self.run_it(ON_FREE_PORTS + "echo one; echo 'no licence' >&2; exit 7")
        self.assert_refused(result, 3, "ended with exit code 7", "one | no licence")
        self.assertEqual(result.stderr.count("\n"), 1)

    def test_a_target_that_does_not_answer(self):
        result = self.run_it(ON_FREE_PORTS + "echo hello; exec sleep 1000", "--host", "127.0.0.1", "--spawn-seconds", "1")
        self.assert_refused(result, 3, "does not answer", "after 1 s", "hello")

    def test_whom_it_has_started_ends_too(self):
        before = f"sleep 1000 & echo $! >{self.path('child')}; "
        result = self.run_it(self.command(before=before))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        os.replace(self.path("child"), self.path("pid"))
        self.assert_gone()

    def test_a_wrong_key_is_told_at_once(self):
        other = self.server()
        result = deskcheck("run", "--spawn", self.command(), "--key", other.key,
                           "--spawn-log", self.path("log"))
        self.assert_refused(result, 2, "refused", "--key")
        self.assert_gone()

    def test_mistakes(self):
        self.assert_refused(self.run_it("serve {ports}"), 2, "{ports}", "{port_base}")
        self.assert_refused(self.run_it("true", "--virtual-time"), 2, "--spawn")
        self.assert_refused(deskcheck("run", "--spawn", "true", "--key", self.key, "--filter", QUICK,
                                      "--spawn-log", "/no/such/folder/log"), 2, "/no/such/folder/log")


if __name__ == "__main__":
    main()
