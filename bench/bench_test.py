#!/usr/bin/env python3
"""The benchmark measures what it says, in short: every measurement against the reference server and the
ceilings, and what is told when a server is wrong, deaf or gone.

    bench_test.py DESKCHECK_BENCH DESKCHECK
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import table  # pylint: disable=wrong-import-position

BENCH, DESKCHECK = (os.path.abspath(program) for program in sys.argv[1:3])
QUICK = ["--devices", "64", "--seconds", "0.3"]


class Server:
    """Of any kind, on free ports of the loopback address."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([DESKCHECK, "serve", "--port-base", "0", *arguments], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.ready = json.loads(self.process.stdout.readline())
        self.port = self.ready["port_base"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()


def bench(measure, server, *flags):
    return subprocess.run([BENCH, measure, "--port", str(server.port), "--relay-port", str(server.port + 1),
                           "--key", server.ready["licence_key"], "--server-pid", str(server.process.pid), *QUICK,
                           *flags], capture_output=True, text=True, check=False)


class Measurements(unittest.TestCase):
    def measured(self, measure, server, *flags):
        done = bench(measure, server, *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_each(self):
        with Server() as server:
            first = self.measured("first-registrations", server)
            self.assertEqual((first["operations"], first["wrong"]), (64, 0))
            self.assertLessEqual(first["p50_us"], first["p99_us"])
            for flags in ([], ["--rate", "200"]):
                again = self.measured("registrations", server, *flags)
                self.assertGreater(again["operations"], 0)
                self.assertEqual(again["wrong"], 0)
            calls = self.measured("punch-holes", server, "--in-flight", "8")
            self.assertGreater(calls["operations"], 0)
            self.assertEqual((calls["lost"], calls["wrong"]), (0, 0))
            for pairs in ("1", "5"):
                relayed = self.measured("relay-bytes", server, "--pairs", pairs)
                self.assertGreater(relayed["operations"], 0)
                self.assertLessEqual(relayed["operations"], relayed["sent"])

    def test_wrong_answers_are_counted(self):
        with Server() as server:
            self.assertGreater(self.measured("registrations", server)["wrong"], 0)  # nobody has registered
        with Server("--fault", "forgets-request-pk") as server:
            done = bench("punch-holes", server)
            self.assertEqual(json.loads(done.stdout)["operations"], 0)

    def test_a_relay_that_asks_for_another_key(self):
        with Server() as server:
            server.ready["licence_key"] = "wrong"
            done = bench("relay-bytes", server)
            self.assertEqual(done.returncode, 1)
            self.assertIn("together", done.stderr)

    def test_mistakes(self):
        for arguments, words in (([], "measure"), (["registrations"], "--server-pid"),
                                 (["registrations", "--host", "nowhere", "--server-pid", "1"], "nowhere"),
                                 (["registrations", "--server-pid", "999999999"], "gone")):
            done = subprocess.run([BENCH, *arguments], capture_output=True, text=True, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(words, done.stderr)


class WholeRun(unittest.TestCase):
    def test_table_and_json(self):
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            for name, program in (("bench/deskcheck_bench", BENCH), ("cli/deskcheck", DESKCHECK)):
                (build / name).parent.mkdir()
                os.symlink(os.path.abspath(program), build / name)
            report = build / "report.json"
            done = subprocess.run([sys.executable, "-B", HERE / "run.py", "--build", build, "--rounds", "1", "--pairs",
                                   "3", "--json", report, *QUICK,
                                   "--against", f"{DESKCHECK} serve --bind {{host}} --port-base {{port}} --key {{secret}}",
                                   ], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            measured = {(row["measure"], row["server"]) for row in json.loads(report.read_text())["medians"]}
        for measure in ("registrations", "punch holes", "relay, 1 pair", "relay, 3 pairs"):
            self.assertIn((measure, "deskcheck"), measured)
            self.assertIn(measure, done.stdout)
        self.assertIn(("registrations", "other"), measured)
        self.assertIn(("relay, 3 pairs", "ceiling"), measured)


class Ratios(unittest.TestCase):
    def test_aims(self):
        rows = [{"measure": "registrations", "server": "deskcheck", "per_cpu_second": 300},
                {"measure": "registrations", "server": "other", "per_cpu_second": 100},
                {"measure": "registrations", "server": "ceiling", "per_cpu_second": 600}]
        made = {one["what"]: (one["ratio"], one["reached"]) for one in table.ratios(rows)}
        self.assertEqual(made, {"work per CPU second, times that of the other": (3, True),
                                "times below the ceiling": (2, False)})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
