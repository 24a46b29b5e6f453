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
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import run  # pylint: disable=wrong-import-position
import soak  # pylint: disable=wrong-import-position
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

    def test_idle_websockets(self):
        with Server() as server:
            registered = self.measured("idle-websockets", server, "--websockets", "30")
            self.assertEqual((registered["operations"], registered["registered"], registered["lost"]), (30, 1, 0))
        with Server("--fault", "no-registration-over-websocket") as server:
            connected = self.measured("idle-websockets", server, "--websockets", "30")
            self.assertEqual((connected["operations"], connected["registered"]), (30, 0))
        with Server() as server:
            self.assertIn("--websockets", bench("idle-websockets", server).stderr)

    def test_wrong_answers_are_counted(self):
        with Server() as server:
            self.assertGreater(self.measured("registrations", server)["wrong"], 0)  # nobody has registered
        with Server("--fault", "forgets-request-pk") as server:
            done = bench("punch-holes", server)
            self.assertEqual(json.loads(done.stdout)["operations"], 0)

    def test_heartbeats(self):
        with Server() as server:
            for flags in ([], ["--rate", "200"]):
                beats = self.measured("heartbeats", server, "--in-flight", "8", *flags)
                self.assertGreater(beats["operations"], 0)
                self.assertEqual((beats["lost"], beats["wrong"]), (0, 0))
        with Server("--fault", "heartbeat-needs-token") as server:
            beats = self.measured("heartbeats", server)
            self.assertEqual(beats["operations"], 0)
            self.assertGreater(beats["wrong"], 0)
        with Server("--fault", "sysinfo-answer-has-newline") as server:
            self.measured("heartbeats", server)
        with Server("--no-api") as server:
            self.assertIn("none of 64 devices", bench("heartbeats", server).stderr)

    def test_shared_book(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, DESKCHECK_BENCH_PASSWORD="pw"):
            fixtures = pathlib.Path(folder, "fixtures.yaml")
            fixtures.write_text(run.FIXTURES, encoding="utf-8")
            with Server("--fixtures", str(fixtures)) as server:
                self.assertIn("/api/login", bench("shared-book", server, "--user", "nobody").stderr)
                read = self.measured("shared-book", server, "--user", "alice")
                self.assertGreater(read["operations"], 0)
                self.assertEqual(read["wrong"], 0)
            with Server("--fixtures", str(fixtures), "--fault", "peers-come-twice") as server:
                self.assertGreater(self.measured("shared-book", server, "--user", "alice")["wrong"], 0)

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


def link_programs(build):
    for name, program in (("bench/deskcheck_bench", BENCH), ("cli/deskcheck", DESKCHECK)):
        (build / name).parent.mkdir()
        os.symlink(program, build / name)


class WholeRun(unittest.TestCase):
    def run_all(self, *flags):
        """The medians, and what was printed."""
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            link_programs(build)
            report = build / "report.json"
            done = subprocess.run([sys.executable, "-B", HERE / "run.py", "--build", build, "--rounds", "1", "--pairs",
                                   "3", "--websockets", "20", "--api-devices", "30", "--json", report, *QUICK, *flags],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads(report.read_text())["medians"], done.stdout

    def test_table_and_json(self):
        medians, printed = self.run_all("--against", f"{DESKCHECK} serve --bind {{host}} --port-base {{port}} "
                                                     "--key {secret}")
        measured = {(row["measure"], row["server"]) for row in medians}
        for measure in ("registrations", "punch holes", "idle WebSockets", "heartbeats", "heartbeats, by the clock",
                        "shared book of 1,000", "relay, 1 pair", "relay, 3 pairs"):
            self.assertIn((measure, "deskcheck"), measured)
            self.assertIn(measure, printed)
        self.assertIn(("registrations", "other"), measured)
        self.assertIn(("relay, 3 pairs", "ceiling"), measured)

    def test_another_api(self):
        medians, printed = self.run_all("--only", "heartbeats", "--against-api",
                                        f"{DESKCHECK} serve --bind {{host}} --port-base {{port}}")
        self.assertEqual({row["measure"] for row in medians if row["server"] == "other"},
                         {"heartbeats", "heartbeats, by the clock"})
        self.assertRegex(printed, r"heartbeats, by the clock +[0-9.]+ % of a processor   aim 25")


class Soak(unittest.TestCase):
    """Some seconds stand for the hour. What depends on how busy the machine is, is judged by numbers made up."""

    RESULT = {"at_seconds": [60 * minute for minute in range(1, 61)], "resident_bytes": [30 << 20] * 60,
              "descriptors": [400] * 60, "online": [50] * 60, "devices": 50, "operations": 12000, "calls": 3600,
              "sessions": 1000, "sessions_lost": 0, "sessions_wrong": 0, "forgotten": 0, "given_up": 0, "refused": 0,
              "offline": 0, "wrong": 0, "calls_refused": 0, "calls_lost": 0, "websockets_lost": 0, "end_seconds": 0.1}

    def soaked(self, *flags):
        """Exit code and {condition: holds}."""
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            link_programs(build)
            report = build / "report.json"
            done = subprocess.run([sys.executable, "-B", HERE / "soak.py", "--build", build, "--minutes", "0.08",
                                   "--devices", "50", "--websockets", "5", "--pairs", "5", "--interval", "0.5",
                                   "--calls", "10", "--every", "0.4", "--growth", "65536", "--json", report, *flags],
                                  capture_output=True, text=True, check=False)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertIn("end after SIGTERM", done.stdout)
            conditions = json.loads(report.read_text())["conditions"]
        return done.returncode, {one["what"]: one["holds"] for one in conditions}

    def test_good_server(self):
        code, conditions = self.soaked()
        self.assertEqual([what for what, holds in conditions.items() if not holds], [])
        self.assertEqual(code, 0)

    def test_server_that_forgets_and_changes_bytes(self):
        faults = "wire/register_peer_response.request_pk/change,relay-forwards-first-message"
        code, conditions = self.soaked("--against", f"{DESKCHECK} serve --bind {{host}} --port-base {{port}} "
                                       f"--key {{secret}} --fault {faults}")
        self.assertEqual(code, 1)
        self.assertFalse(conditions["registrations lost"])
        self.assertFalse(conditions["relay sessions lost or wrong"])
        self.assertTrue(conditions["exit code of the server"])

    def failing(self, *, exit_code=0, **changes):
        judged = soak.conditions({**self.RESULT, **changes}, 600, exit_code=exit_code)
        return [one["what"] for one in judged if not one["holds"]]

    def test_judgement(self):
        self.assertEqual(self.failing(), [])
        for name in ("forgotten", "given_up", "refused", "offline", "wrong", "calls_refused", "calls_lost",
                     "websockets_lost"):
            self.assertEqual(self.failing(**{name: 1}), ["registrations lost"])
        for name in ("sessions_lost", "sessions_wrong"):
            self.assertEqual(self.failing(**{name: 1}), ["relay sessions lost or wrong"])
        self.assertEqual(self.failing(online=[50] * 59 + [49]), ["devices registered at last"])
        self.assertEqual(self.failing(end_seconds=5.1), ["end after SIGTERM"])
        self.assertEqual(self.failing(exit_code=1), ["exit code of the server"])
        self.assertEqual(self.failing(operations=0), ["answers"])
        self.assertEqual(self.failing(sessions=0), ["relay sessions"])

    def test_growth(self):
        leak = [(30 << 20) + 20000 * minute for minute in range(60)]
        self.assertEqual(self.failing(resident_bytes=leak), ["memory grown after the warm-up"])
        warming_up = [(20 << 20) + (1 << 20) * min(minute, 9) for minute in range(60)]
        self.assertEqual(self.failing(resident_bytes=warming_up), [])
        restless = [(30 << 20) + (1 << 19) * (minute % 2) for minute in range(60)]
        self.assertEqual(self.failing(resident_bytes=restless), [])
        self.assertEqual(self.failing(descriptors=list(range(400, 460))), ["descriptors grown after the warm-up"])
        self.assertEqual(self.failing(at_seconds=[0] * 60), ["memory grown after the warm-up",
                                                             "descriptors grown after the warm-up"])


class Ratios(unittest.TestCase):
    def test_aims(self):
        rows = [{"measure": "registrations", "server": "deskcheck", "per_cpu_second": 300},
                {"measure": "registrations", "server": "other", "per_cpu_second": 100},
                {"measure": "registrations", "server": "ceiling", "per_cpu_second": 600},
                {"measure": "idle WebSockets", "server": "deskcheck", "bytes_per_websocket": 4000},
                {"measure": "idle WebSockets", "server": "other", "bytes_per_websocket": 7000}]
        made = {one["what"]: (one["ratio"], one["reached"]) for one in table.ratios(rows)}
        self.assertEqual(made, {"work per CPU second, times that of the other": (3, True),
                                "times below the ceiling": (2, False),
                                "memory per websocket, times less than the other": (1.75, False)})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
