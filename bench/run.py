#!/usr/bin/env python3
"""Starts servers, loads each in turn from a second process, prints what they took.

Servers are started afresh in every round, one after the other, and the rounds alternate between them; a
number is the median over the rounds. The ceilings are the least that could be done: a loop of recvmmsg and
sendmmsg that answers fixed bytes, and a loop of splice. Where namespaces can be made everything happens in
one of its own, over the loopback device, with addresses that are not loopback addresses: some servers take
those for their operator. CPU time and memory are the server process's own.
"""

import argparse
import json
import os
import pathlib
import secrets
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import table

ROOT = pathlib.Path(__file__).resolve().parent.parent
START_WITHIN = 30  # seconds
HEARTBEAT_EVERY = 15  # seconds: what clients without connections do
PORT = 21116
BOOK_PEERS = 1000
FIXTURES = """accounts:
  - {name: alice, password-env: DESKCHECK_BENCH_PASSWORD}
  - {name: bob, password-env: DESKCHECK_BENCH_PASSWORD}
address-books:
  - {name: Support, owner: bob, writers: [alice]}
"""
HOST, CLIENTS = "10.77.0.1", "10.80.0.0"  # in the namespace
LOOPBACK, LOOPBACK_CLIENTS = "127.0.0.1", "127.16.0.0"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     prog="ci/bench.sh")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release",
                        help="the build folder; without it the release is built")
    parser.add_argument("--against", metavar="CMD", help="another rendezvous server; {host}, {port}, {relay}, {secret} "
                        "(the key pair's text) and {data} (an empty folder, where it is started) are filled in")
    parser.add_argument("--against-relay", metavar="CMD", help="its relay, if that is a process of its own")
    parser.add_argument("--against-api", metavar="CMD", help="another HTTP API, as one process; {api} is its port")
    parser.add_argument("--rounds", type=int, default=3, help="(3)")
    parser.add_argument("--seconds", type=float, default=3, help="of load per measurement (3)")
    parser.add_argument("--devices", type=int, default=20000, help="that register (20000)")
    parser.add_argument("--api-devices", type=int, default=10000, help="that send heartbeats (10000)")
    parser.add_argument("--pairs", type=int, default=500, help="relay sessions side by side (500)")
    parser.add_argument("--websockets", type=int, default=2000, help="devices on a WebSocket (2000)")
    parser.add_argument("--rate", type=float, default=5000, help="registrations per second for latencies (5000)")
    parser.add_argument("--only", metavar="MEASURE", action="append", default=[],
                        help="one of the measurements; first-registrations always happens")
    parser.add_argument("--json", type=pathlib.Path, help="writes everything as JSON, too")
    parser.add_argument("--no-namespace", action="store_true", help="on the machine's own loopback addresses")
    return parser.parse_args()


def enter_namespace():
    """Starts this program again inside, or says why not."""
    if "DESKCHECK_BENCH_INSIDE" in os.environ:
        for command in ("ip link set lo up", f"ip addr add {HOST}/32 dev lo",
                        "ip route add local 10.80.0.0/12 dev lo"):
            subprocess.run(command.split(), check=True)
        return True
    flags = "-n" if os.geteuid() == 0 else "-rn"
    missing = [tool for tool in ("unshare", "ip") if not shutil.which(tool)]
    if missing:
        print(f"bench: no namespace: there is no '{missing[0]}'; loopback addresses are used", file=sys.stderr)
        return False
    probe = subprocess.run(["unshare", flags, "true"], stderr=subprocess.PIPE, text=True, check=False)
    if probe.returncode:
        print(f"bench: no namespace ({probe.stderr.strip()}); loopback addresses are used", file=sys.stderr)
        return False
    os.environ["DESKCHECK_BENCH_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", flags, sys.executable, "-B", *sys.argv])


class Processes:
    """What belongs to one server: started in a folder of its own, ended together."""

    def __init__(self, place):
        self.place = place
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.started:
            process.terminate()
        for process in self.started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, command, port):
        """Its process id, once it listens at this TCP port, or has said that it is ready (port 0)."""
        log = open(os.path.join(self.place["data"], f"log{len(self.started)}"), "w+", encoding="utf-8")
        words = [word.format(**self.place) for word in shlex.split(command)]
        try:
            process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, cwd=self.place["data"])
        except OSError as error:
            sys.exit(f"bench: {words[0]}: {error.strerror}; give a command that can be run")
        self.started.append(process)
        end = time.monotonic() + START_WITHIN
        while time.monotonic() < end and process.poll() is None:
            if self.is_ready(log, port):
                return process.pid
            time.sleep(0.02)
        log.seek(0)
        sys.exit(f"bench: {shlex.join(words)} does not start:\n{log.read()[-2000:]}")

    def is_ready(self, log, port):
        if not port:
            log.seek(0)
            return '"ready"' in log.read()
        with socket.socket() as probe:
            return probe.connect_ex((self.place["host"], port)) == 0


def measurements(options):
    """Name, command of the bench program, its flags; in this order."""
    common = ["--seconds", str(options.seconds), "--devices", str(options.devices)]
    beating = ["--seconds", str(options.seconds), "--devices", str(options.api_devices)]
    return [
        ("first registrations", "first-registrations", common),
        ("registrations", "registrations", common),
        ("registrations, by the clock", "registrations", [*common, "--rate", str(options.rate)]),
        ("punch holes", "punch-holes", common),
        ("idle WebSockets", "idle-websockets", [*common, "--websockets", str(options.websockets)]),
        ("heartbeats", "heartbeats", beating),
        ("heartbeats, by the clock", "heartbeats", [*beating, "--rate", str(options.api_devices / HEARTBEAT_EVERY)]),
        ("shared book of 1,000", "shared-book",
         ["--seconds", str(options.seconds), "--devices", str(BOOK_PEERS), "--user", "alice"]),
        ("relay, 1 pair", "relay-bytes", ["--seconds", str(options.seconds)]),
        (f"relay, {options.pairs} pairs", "relay-bytes",
         ["--seconds", str(options.seconds), "--pairs", str(options.pairs)]),
    ]


class Bench:
    def __init__(self, options, host, clients):
        self.options = options
        self.program = options.build.resolve() / "bench" / "deskcheck_bench"
        self.deskcheck = options.build.resolve() / "cli" / "deskcheck"
        for program in (self.program, self.deskcheck):
            if not program.exists():
                sys.exit(f"bench: there is no {program}; build it, or leave --build out")
        self.place = {"host": host, "port": PORT, "relay": PORT + 1, "api": PORT - 2, "clients": clients}
        self.key = ""
        self.results = {}  # (measurement, server): [one dict per round]

    def make_keys(self):
        os.environ.setdefault("DESKCHECK_BENCH_PASSWORD", secrets.token_hex(8))
        with tempfile.TemporaryDirectory() as folder, Processes(dict(self.place, data=folder)) as processes:
            processes.start(f"{self.deskcheck} serve --bind {{host}} --port-base {{port}} --data {{data}}", 0)
            self.place["secret"] = pathlib.Path(folder, "id_ed25519").read_text(encoding="utf-8").strip()
            self.key = pathlib.Path(folder, "id_ed25519.pub").read_text(encoding="utf-8").strip()

    def measure(self, server, name, command, flags, pid):
        words = [self.program, command, "--host", self.place["host"], "--port", PORT, "--relay-port", PORT + 1,
                 "--clients", self.place["clients"], "--key", self.key, "--server-pid", pid, *flags]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
        result = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr.strip()}
        self.results.setdefault((name, server), []).append(result)
        print(f"bench: {server}: {name}: {done.stdout.strip() or done.stderr.strip()}", file=sys.stderr)

    def wanted(self):
        only = self.options.only
        return [m for m in measurements(self.options) if not only or m[1] in only or m[1] == "first-registrations"]

    def measure_server(self, server, start):
        """`start`: gives the process ids of rendezvous server, relay and API; None: has none."""
        with tempfile.TemporaryDirectory() as folder, Processes(dict(self.place, data=folder)) as processes:
            rendezvous, relay, api = start(processes)
            for name, command, flags in self.wanted():
                pid = {"relay-bytes": relay, "heartbeats": api,
                       "shared-book": None if server == "other" else api}.get(command, rendezvous)
                if pid:
                    self.measure(server, name, command, flags, pid)

    def start_own(self, processes):
        pathlib.Path(processes.place["data"], "fixtures.yaml").write_text(FIXTURES, encoding="utf-8")
        pid = processes.start(f"{self.deskcheck} serve --bind {{host}} --port-base {{port}} --data {{data}} "
                              f"--fixtures {{data}}/fixtures.yaml --key {{secret}} --single-bandwidth 1e6 --total-bandwidth 1e6", 0)
        return pid, pid, pid

    def start_other(self, processes):
        options = self.options
        return [processes.start(command, port) if command else None for command, port in
                ((options.against, PORT), (options.against_relay, PORT + 1), (options.against_api, PORT - 2))]

    def measure_ceilings(self):
        with tempfile.TemporaryDirectory() as folder, Processes(dict(self.place, data=folder)) as processes:
            datagrams, splices = (processes.start(f"{self.program} {command} --host {{host}} --port {{port}} "
                                                  f"--relay-port {{relay}}", 0)
                                  for command in ("serve-fixed-answers", "serve-splices"))
            for name, command, flags in self.wanted():
                pid = {"registrations": datagrams, "relay-bytes": splices}.get(command)
                if pid:
                    self.measure("ceiling", name, command, flags, pid)

    def run(self):
        self.make_keys()
        for number in range(self.options.rounds):
            print(f"bench: round {number + 1} of {self.options.rounds}", file=sys.stderr)
            self.measure_server("deskcheck", self.start_own)
            if self.options.against or self.options.against_relay or self.options.against_api:
                self.measure_server("other", self.start_other)
            self.measure_ceilings()

    def medians(self):
        """[{"measure":, "server":, numbers...}]: of numbers that every round has."""
        rows = []
        for (name, server), rounds in self.results.items():
            row = {"measure": name, "server": server}
            errors = [one["error"] for one in rounds if "error" in one]
            if errors:
                row["error"] = errors[0]
            else:
                names = [n for n, v in rounds[0].items() if not isinstance(v, str) and all(n in r for r in rounds)]
                row.update({n: statistics.median(one[n] for one in rounds) for n in names})
            rows.append(row)
        order = [name for name, *_ in measurements(self.options)]
        return sorted(rows, key=lambda row: order.index(row["measure"]))


def main():
    options = parse_arguments()
    inside = not options.no_namespace and enter_namespace()
    bench = Bench(options, *((HOST, CLIENTS) if inside else (LOOPBACK, LOOPBACK_CLIENTS)))
    bench.run()
    rows = bench.medians()
    print(table.render(rows))
    if options.json:
        document = {"rounds": options.rounds, "seconds": options.seconds, "devices": options.devices,
                    "processors": os.cpu_count(), "namespace": inside, "medians": rows,
                    "ratios": table.ratios(rows)}
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 1 if any("error" in row for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
