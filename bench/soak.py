#!/usr/bin/env python3
"""Lets a server live for an hour under an even load, and says whether it is as it should be.

Devices register at the interval of real clients, controllers ask for them, relay sessions open and close.
Once a minute memory and open descriptors are noted, and every device has to be online. At last the server
is told to end (SIGTERM) while everybody is still connected. Exit code 0: every condition holds; 1: one does
not; 2: this could not be found out.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import run

END_WITHIN = 5  # seconds
SMALLEST_GROWTH = 256 * 1024  # bytes that are no growth, however small the server is
FIRST_REGISTRATIONS = 16  # that wait at the same time: each is written to a disk, which may be a slow one
GROWTH = 0.01  # of the server's memory that is no growth
MORE_DESCRIPTORS = 20  # that are no growth: sessions come and go


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     prog="ci/soak.sh")
    parser.add_argument("--build", type=pathlib.Path, default=run.ROOT / "build" / "release",
                        help="the build folder; without it the release is built")
    parser.add_argument("--minutes", type=float, default=60, help="of load (60)")
    parser.add_argument("--devices", type=int, default=20000, help="that register over UDP (20000)")
    parser.add_argument("--websockets", type=int, default=1000, help="devices on a WebSocket (1000)")
    parser.add_argument("--pairs", type=int, default=200, help="relay sessions side by side (200)")
    parser.add_argument("--interval", type=float, default=15, help="seconds between a device's registrations (15)")
    parser.add_argument("--calls", type=float, default=50,
                        help="devices asked for per second (50: what a server remembers of calls is full in ten minutes)")
    parser.add_argument("--warm-up", type=float, metavar="MINUTES",
                        help="in which memory may grow (10, but a quarter of the time at most)")
    parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between two looks (60)")
    parser.add_argument("--growth", type=float, default=0, metavar="KIB",
                        help="that is no growth (1 %% of the memory, 256 KiB at least)")
    parser.add_argument("--against", metavar="CMD", help="another server: see ci/bench.sh --help")
    parser.add_argument("--against-relay", metavar="CMD", help="its relay, if that is a process of its own")
    parser.add_argument("--json", type=pathlib.Path, help="writes everything as JSON, too")
    parser.add_argument("--no-namespace", action="store_true", help="on the machine's own loopback addresses")
    parser.set_defaults(against_api=None)
    options = parser.parse_args()
    if options.warm_up is None:
        options.warm_up = min(10, options.minutes / 4)
    return options


def after(result, seconds, series):
    """The numbers of a series from that time on."""
    return [number for at, number in zip(result["at_seconds"], result[series]) if at >= seconds]


def growth(numbers):
    """By how much a series grows from its first to its last number, if it grows evenly: twice the
    difference between the means of its halves. Single numbers go up and down."""
    half = len(numbers) // 2
    if not half:
        return None
    return 2 * (sum(numbers[-half:]) - sum(numbers[:half])) / half


def conditions(result, warm_up, allowed=0, exit_code=0):
    """[{"what":, "is":, "wanted":, "holds":}] of what the program has measured; `warm_up` in seconds, `allowed`
    in bytes."""
    made = []

    def add(what, found, wanted, holds):
        made.append({"what": what, "is": found, "wanted": wanted, "holds": bool(holds)})

    lost = {name: result[name] for name in ("forgotten", "given_up", "refused", "offline", "wrong", "calls_refused",
                                            "calls_lost", "websockets_lost")}
    add("registrations lost", sum(lost.values()), "0", not any(lost.values()))
    add("devices registered at last", result["online"][-1], str(result["devices"]),
        result["online"][-1] == result["devices"])
    add("answers", int(result["operations"]), "some", result["operations"] > 0 and result["calls"] > 0)
    add("relay sessions", result["sessions"], "some", result["sessions"] > 0)
    broken = result["sessions_lost"] + result["sessions_wrong"]
    add("relay sessions lost or wrong", broken, "0", broken == 0)
    memory = after(result, warm_up, "resident_bytes")
    grown = growth(memory)
    limit = max(SMALLEST_GROWTH, allowed, GROWTH * memory[0] if memory else 0)
    add("memory grown after the warm-up", None if grown is None else f"{grown / 1024:.0f} KiB",
        f"at most {limit / 1024:.0f} KiB", grown is not None and grown <= limit)
    more = growth(after(result, warm_up, "descriptors"))
    add("descriptors grown after the warm-up", None if more is None else round(more), f"at most {MORE_DESCRIPTORS}",
        more is not None and more <= MORE_DESCRIPTORS)
    add("end after SIGTERM", f"{result['end_seconds']:.2f} s", f"at most {END_WITHIN} s",
        result["end_seconds"] <= END_WITHIN)
    add("exit code of the server", exit_code, "0", exit_code == 0)
    return made


def render(result, judged):
    lines = [f"{'minute':>8} {'memory':>12} {'descriptors':>12} {'online':>8}"]
    rows = list(zip(result["at_seconds"], result["resident_bytes"], result["descriptors"], result["online"]))
    step = max(1, len(rows) // 30)
    for at, memory, descriptors, online in rows[::-1][::step][::-1]:
        lines.append(f"{at / 60:>8.1f} {memory / 1024:>8.0f} KiB {descriptors:>12} {online:>8}")
    lines.append("")
    lines.append(f"{int(result['operations'])} registrations, {result['repeated']} of them asked twice; "
                 f"{result['calls']} calls; {result['sessions']} relay sessions; {result['websockets']} WebSocket "
                 f"devices, {result['heartbeats']} heartbeats; {result['server_cpu_seconds']:.0f} s of processor time")
    for one in judged:
        lines.append(f"{'ok  ' if one['holds'] else 'FAIL'} {one['what']}: {one['is']} ({one['wanted']})")
    return "\n".join(lines)


class Soak:
    def __init__(self, options, host, clients):
        options.only = []  # of the bench's own choice
        self.options = options
        self.bench = run.Bench(options, host, clients)
        self.bench.make_keys()

    def flags(self, pid):
        options, bench = self.options, self.bench
        return ["--host", bench.place["host"], "--port", run.PORT, "--relay-port", run.PORT + 1, "--clients",
                bench.place["clients"], "--key", bench.key, "--server-pid", pid, "--seconds", options.minutes * 60,
                "--devices", options.devices, "--websockets", options.websockets, "--pairs", options.pairs,
                "--interval", options.interval, "--rate", options.calls, "--every", options.every, "--end-server",
                "--in-flight", FIRST_REGISTRATIONS]

    def run(self):
        """What was measured, and the server's exit code."""
        with tempfile.TemporaryDirectory() as folder, \
                run.Processes(dict(self.bench.place, data=folder)) as processes:
            start = self.bench.start_other if self.options.against else self.bench.start_own
            pid, *_ = start(processes)
            words = [self.bench.program, "soak", *self.flags(pid)]
            done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                return None, None
            return json.loads(done.stdout), processes.started[0].wait(END_WITHIN)


def main():
    options = parse_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that the server is ended, too
    inside = not options.no_namespace and run.enter_namespace()
    place = (run.HOST, run.CLIENTS) if inside else (run.LOOPBACK, run.LOOPBACK_CLIENTS)
    result, exit_code = Soak(options, *place).run()
    if result is None:
        return 2
    judged = conditions(result, options.warm_up * 60, options.growth * 1024, exit_code)
    print(render(result, judged))
    if options.json:
        document = {"minutes": options.minutes, "processors": os.cpu_count(), "namespace": inside,
                    "measured": result, "conditions": judged}
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0 if all(one["holds"] for one in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
