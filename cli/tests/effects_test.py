#!/usr/bin/env python3
"""What a run may do to a server, and what it leaves there."""

import json
import os
import signal

from harness import Case, Process, deskcheck, main

PASSWORDS = {"ALICE_PASSWORD": "s3cret", "BOB_PASSWORD": "another"}


class Allowed(Case):
    def test_unknown_effect(self):
        self.assert_refused(deskcheck("run", "--effects", "reads,lots"), 2, "--effects", "lots",
                            "limits")

    def test_cases_say_what_they_do(self):
        limits = deskcheck("list", "--cases", "limits").stdout.splitlines()
        self.assertTrue(limits)
        self.assertTrue(all("limits" in line for line in limits))
        told = deskcheck("explain", limits[0].split()[0]).stdout
        self.assertIn("limits: uses up limits of the target", told)

    def test_dry_run(self):
        result = deskcheck("run", "--dry-run", "--filter", "rendezvous/register-pk/*", "--effects",
                           "reads,creates")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("(left out: limits)", result.stdout)
        self.assertIn("effects     reads,creates; ", result.stdout)

    def test_what_does_more_is_counted_in_one_line(self):
        result = deskcheck("run", "--virtual-time", "--filter", "rendezvous/register-pk/*",
                           "--effects", "creates", "--json", self.path("r.json"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertNotIn("per-id-limit", result.stdout)
        self.assertEqual(result.stdout.count("does MORE"), 0)
        self.assertEqual(result.stdout.count("do MORE to the target than --effects reads,creates"), 1)
        self.assertIn("conforms in what was judged", result.stdout)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(report["effects"], ["reads", "creates"])
        left_out = {case["id"]: case for case in report["cases"] if case["status"] == "not run"}
        limited = left_out["rendezvous/register-pk/three-in-a-row"]
        self.assertEqual(limited["why"], "does MORE than --effects allows: limits")
        self.assertEqual(limited["effects"], ["creates", "limits"])
        self.assertEqual(left_out["rendezvous/register-pk/per-id-limit"]["why"],
                         "its control rendezvous/register-pk/three-in-a-row: not run")


class LeftBehind(Case):
    """On a server that is somebody else's."""

    def setUp(self):
        super().setUp()
        for name, word in PASSWORDS.items():
            os.environ[name] = word
            self.addCleanup(os.environ.pop, name)
        accounts = self.write("accounts.yaml", "accounts:\n"
                              "  - {name: alice, password-env: ALICE_PASSWORD}\n"
                              "  - {name: bob, password-env: BOB_PASSWORD}\n")
        server = self.server("--fixtures", accounts)
        self.target = self.write("target.yaml", f"""
target: {{name: mine, host: 127.0.0.1, key: "{server.key}"}}
ports: {{rendezvous: {server.port}}}
api: {server.ready["api"]}
accounts:
  user: {{user: alice, password-env: ALICE_PASSWORD}}
  other: {{user: bob, password-env: BOB_PASSWORD}}
""")

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def footprint(self):
        with open(self.path("r.json"), encoding="utf-8") as file:
            footprint = json.load(file)["footprint"]
        self.assertRegex(footprint["prefix"], r"^dc[a-z0-9]{4}$")
        self.assertEqual(footprint["notes"], [])
        things = {thing["thing"]: thing for thing in footprint["things"]}
        for thing in things.values():
            self.assertEqual(thing["created"], thing["removed"] + thing["left"], thing)
            if not thing["why"]:
                self.assertEqual(thing["names"], [], thing)
        return footprint, things

    def test_entries_of_books_are_removed_and_devices_stay(self):
        result = deskcheck("run", self.target, "--json", self.path("r.json"), "--filter",
                           "api/address-book/tags/add,api/address-book/peers/delete,"
                           "rendezvous/register-pk/repeated")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        footprint, things = self.footprint()
        self.assertGreater(things["peer"]["created"], 0)
        self.assertGreater(things["tag"]["created"], 0)
        self.assertGreater(things["device"]["left"], 0)
        for name in things["device"]["names"]:
            if len(name) == 12:  # cases about short ids have others
                self.assertTrue(name.startswith(footprint["prefix"]), name)
        self.assertIn(f"on the target: created {footprint['created']} (", result.stdout)
        self.assertIn("the protocol has no way to remove a device", result.stdout)
        self.assertNotIn("left behind by", result.stdout)

    def test_also_after_an_interrupt(self):
        run = self.start(Process("run", self.target, "--json", self.path("r.json"), "--filter",
                                 "api/address-book/*,online/falls-silent"))
        run.next_line()  # some case has ended, the slow one has not
        run.send(signal.SIGINT)
        self.assertEqual(run.wait(), 1)
        self.footprint()


if __name__ == "__main__":
    main()
