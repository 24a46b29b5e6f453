#!/usr/bin/env python3
"""Accounts of a run: a target file that names an administrator and hooks, and nobody else."""

import json
import os
import pathlib
import signal
import socket
import time

from harness import Case, Process, deskcheck, main

FIXTURES = """accounts:
  - {name: root, password-env: ACCOUNTS_TEST_PASSWORD, administrator: true}
  - {name: alice, password-env: ACCOUNTS_TEST_PASSWORD}
  - {name: bob, password-env: ACCOUNTS_TEST_PASSWORD}
"""
NAMED = """  user: {user: alice, password-env: ACCOUNTS_TEST_PASSWORD}
  other: {user: bob, password-env: ACCOUNTS_TEST_PASSWORD}
  totp: {user: carol, password-env: ACCOUNTS_TEST_PASSWORD, totp-secret-env: ACCOUNTS_TEST_SECRET}
"""
HOOKS = """control:
  put-user: {http: {path: /api/admin/users, body: {name: "${user}", password: "${password}", email: "${email}"}}}
  remove-user: {http: {path: /api/admin/users/remove, body: {name: "${user}"}}}
  set-password: {http: {path: /api/admin/users, body: {name: "${user}", password: "${password}"}}}
  enable-totp: {http: {path: /api/admin/users/totp, body: {name: "${user}"}, answer: /secret}}
  require-email-code:
    {http: {path: /api/admin/users, body: {name: "${user}", email: "${address}", email_code: true}}}
  put-group: {http: {path: /api/admin/device-groups, body: {name: "${group}", members: "${users}"}}}
  remove-group: {http: {path: /api/admin/device-groups, body: {name: "${group}", members: []}}}
  remove-device-group: {http: {path: /api/admin/device-groups/remove, body: {name: "${group}"}}}
  put-device-group: {http: {path: /api/admin/device-groups, body: {name: "${group}", devices: "${devices}"}}}
  owner-of-device: {http: {path: /api/admin/devices, body: {id: "${device}", user: "${user}"}}}
  share-book: {http: {path: /api/admin/books/share, body: {name: "${book}", user: "${user}", rule: "${rule}"}}}
  remove-book: {http: {path: /api/admin/books/remove, body: {name: "${book}"}}}
  expire-token: {http: {path: /api/admin/users/expire-token, body: {token: "${token}"}}}
"""
# Both leave everything to be removed at their end.
FAILS = """title: t
roles: {me: account}
variables: {name: {new: id}, word: {new: password}}
steps:
  - operator: {put-user: {user: "${name}", password: "${word}"}}
  - operator: {share-book: {book: "b-${name}", user: "${name}", rule: 1}}
  - role: me
    login: {user: "${name}", password: guess}
  - role: me
    expect: {account: {signed_in: true}}
    within: 1s
"""
CODES = """title: t
roles: {me: account}
variables: {name: {new: id}, word: {new: password}}
steps:
  - operator: {put-user: {user: "${name}", password: "${word}"}}
  - operator: {enable-totp: {user: "${name}"}}
    expect: {secret: {capture: secret}}
  - role: me
    login: {user: "${name}", password: "${word}"}
  - role: me
    expect: {account: {asks: totp_code}}
  - role: me
    code: {totp: "${secret}"}
  - role: me
    expect: {account: {signed_in: true, user: "${name}"}}
"""
FILTERS = ("api/login/*", "api/logout/*", "api/current-user/*", "api/general/*", "api/group/*",
           "api/address-book/*")


def free_port():
    """Of loopback, for a mailbox: a target file names it before the run listens there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Accounts(Case):
    def setUp(self):
        super().setUp()
        os.environ["ACCOUNTS_TEST_PASSWORD"] = "S3cret-of-all"
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write(FIXTURES)
        self.mail = free_port()
        self.serving = self.server("--fixtures", self.path("accounts.yaml"),
                                   "--smtp-url", f"smtp://127.0.0.1:{self.mail}",
                                   "--smtp-from", "server@example.org")

    def admin(self, *order):
        result = deskcheck("admin", "--api", self.serving.ready["api"], "--user", "root",
                           "--password-env", "ACCOUNTS_TEST_PASSWORD", "--json", *order)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def target(self, accounts="", control=HOOKS):
        path = self.path("target.yaml")
        base = self.serving.port
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"target: {{host: 127.0.0.1, key: '{self.serving.key}'}}\n"
                       f"ports: {{rendezvous: {base}, nat: {base - 1}, relay: {base + 1}}}\n"
                       f"api: {self.serving.ready['api']}\n"
                       f"mailbox: 127.0.0.1:{self.mail}\n"
                       "accounts:\n  admin: {user: root, password-env: ACCOUNTS_TEST_PASSWORD}\n"
                       + accounts + control)
        return path

    def judged(self, target, filters):
        result = deskcheck("run", target, "--json", self.path("r.json"),
                           *(word for one in filters for word in ("--filter", one)))
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        return result, {case["id"]: case for case in report["cases"]}

    def assert_nothing_is_left(self):
        self.assertEqual({user["name"] for user in self.admin("users", "list")["users"]},
                         {"root", "alice", "bob"})
        self.assertEqual(self.admin("books", "list")["books"], [])
        self.assertEqual(self.admin("groups", "list")["device_groups"], [])

    def test_the_same_verdicts_as_with_named_accounts(self):
        self.admin("users", "set", "carol", "--new-password-env", "ACCOUNTS_TEST_PASSWORD")
        os.environ["ACCOUNTS_TEST_SECRET"] = self.admin("users", "totp", "carol")["secret"]
        _, by_name = self.judged(self.target(NAMED), FILTERS)
        self.admin("users", "remove", "carol")
        result, by_hooks = self.judged(self.target(), FILTERS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stderr, "")
        self.assertEqual(by_name.keys(), by_hooks.keys())
        for name, case in by_name.items():
            self.assertEqual(case["status"], by_hooks[name]["status"], name)
        for name in ("second-factor/e-mail", "second-factor/code", "ends/expired-token", "ends/removed-user",
                     "ends/changed-password"):
            self.assertEqual(by_hooks["api/login/" + name]["status"], "pass", name)
        for name in ("address-book/sharing/writers", "address-book/sharing/readers",
                     "address-book/profiles/list", "group/lists/members"):
            self.assertEqual(by_hooks["api/" + name]["status"], "pass", name)
        self.assert_nothing_is_left()

    def test_nothing_is_left_after_an_interrupt(self):
        run = self.start(Process("run", self.target(), "--jobs", "1", "--filter", "api/login/*"))
        run.next_line()  # some case has ended
        self.assertGreater(len(self.admin("users", "list")["users"]), 3)
        run.send(signal.SIGINT)
        self.assertEqual(run.wait(), 1)
        self.assertEqual(run.errors, [])
        self.assert_nothing_is_left()

    def test_a_hook_that_fails_is_not_the_targets_fault(self):
        control = HOOKS.replace("path: /api/admin/users, body: {name", "path: /api/nowhere, body: {name")
        result, cases = self.judged(self.target(control=control), ("api/login/right-password",))
        self.assertEqual(result.returncode, 1, result.stderr)
        case = cases["api/login/right-password"]
        self.assertEqual((case["status"], case["blame"]), ("blocked", "environment"))
        self.assertIn("the account 'user' could not be made: the hook 'put-user' failed with status 404",
                      case["why"])

    def test_scenarios_make_people_and_leave_none(self):
        gallery = pathlib.Path(__file__).resolve().parents[2] / "docs" / "scenarios"
        result = deskcheck("sim", gallery / "people.yaml", self.target(), "--instances", 3)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("3 passed", result.stdout)
        self.assert_nothing_is_left()
        fails = self.path("fails.yaml")
        with open(fails, "w", encoding="utf-8") as file:
            file.write(FAILS)
        result = deskcheck("sim", fails, self.target())
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("signed_in is false", result.stdout)
        self.assertNotIn("Dc7-", result.stdout)
        self.assert_nothing_is_left()

    def test_a_scenario_that_is_interrupted_leaves_nobody(self):
        waits = self.path("waits.yaml")
        with open(waits, "w", encoding="utf-8") as file:
            file.write(FAILS.partition("  - role: me")[0] + "  - wait: 10m\n")
        played = self.start(Process("sim", waits, self.target()))
        end = time.monotonic() + 60
        while not self.admin("books", "list")["books"] and time.monotonic() < end:
            pass  # each look is a program that takes its time
        played.send(signal.SIGINT)
        self.assertEqual(played.wait(), 1)
        self.assertIn("1 interrupted", played.next_line())
        self.assert_nothing_is_left()

    def test_codes_by_the_servers_clock(self):
        codes = self.path("codes.yaml")
        with open(codes, "w", encoding="utf-8") as file:
            file.write(CODES)
        result = deskcheck("sim", codes, self.target())
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assert_nothing_is_left()

    def test_who_stays_is_named(self):
        control = HOOKS.replace("/api/admin/users/remove", "/api/nowhere")
        result, _ = self.judged(self.target(control=control), ("api/login/right-password",))
        self.assertEqual(result.stdout.count(": the hook 'remove-user' failed with status 404"), 4,
                         result.stdout)


if __name__ == "__main__":
    main()
