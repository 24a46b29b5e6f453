#!/usr/bin/env python3
"""`deskcheck admin` against a running server, as an operator uses it."""

import json
import os
import urllib.request

from harness import Case, deskcheck, main

ACCOUNTS = """
accounts:
  - {name: root, password-env: ROOT_PASSWORD, administrator: true}
  - {name: alice, password-env: ALICE_PASSWORD}
"""
PASSWORDS = {"ROOT_PASSWORD": "r00t", "ALICE_PASSWORD": "s3cret"}


class AdminTest(Case):
    def setUp(self):
        super().setUp()
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write(ACCOUNTS)
        os.environ.update(PASSWORDS)
        self.served = self.server("--fixtures", self.path("accounts.yaml"), "--data",
                                  self.path("data"))
        self.api = self.served.ready["api"]

    def admin(self, *arguments, user="root", password="r00t"):
        return deskcheck("admin", "--api", self.api, "--user", user, *arguments,
                         environment={"DESKCHECK_ADMIN_PASSWORD": password, "NEW": "n3w"})

    def done(self, *arguments):
        """What an order that succeeds prints."""
        result = self.admin(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""), arguments)
        return result.stdout

    def post(self, path, body):
        request = urllib.request.Request(self.api + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def test_users(self):
        self.assertEqual(self.done("users", "set", "bob", "--new-password-env", "NEW", "--email",
                                   "bob@example.org"), "")
        lines = self.done("users", "list").splitlines()
        self.assertEqual(lines[0].split()[:2], ["name", "display_name"])
        self.assertEqual([line.split()[0] for line in lines[1:]], ["alice", "bob", "root"])
        self.assertIn("bob@example.org", lines[2])
        self.assertEqual(self.admin("users", "list", user="bob", password="n3w").returncode, 1)
        secret = self.done("users", "totp", "bob")
        self.assertIn("uri: otpauth://totp/", secret)
        self.done("users", "totp", "bob", "--remove")
        self.done("users", "sign-out", "bob")
        self.done("users", "remove", "bob")
        self.assertNotIn("bob", self.done("users", "list"))

    def test_identity_providers(self):
        self.done("providers", "set", "Corp", "--issuer", "https://idp.example", "--client-id", "desk",
                  "--client-secret-env", "NEW", "--makes-accounts", "false")
        self.done("users", "link", "alice", "--provider", "Corp", "--subject", "42")
        shown = json.loads(self.done("--json", "users", "list"))["users"]
        self.assertEqual([user["identities"] for user in shown if user["name"] == "alice"],
                         [[{"provider": "Corp", "subject": "42"}]])
        listed = self.done("providers", "list") + self.done("--json", "providers", "list")
        self.assertIn("https://idp.example", listed)
        self.assertNotIn("n3w", listed)
        self.assertEqual(self.admin("providers", "set", "Corp", "--issuer", "idp").returncode, 1)
        self.done("providers", "remove", "Corp")

    def test_devices_groups_and_strategies(self):
        device = {"id": "123456789", "uuid": "dQ==", "hostname": "PC"}
        self.assertEqual(self.post("/api/sysinfo", device), "SYSINFO_UPDATED")
        self.done("groups", "set", "Branch A", "--devices", "123456789,5", "--members", "alice")
        self.done("devices", "set", "123456789", "--user", "alice", "--note", "on the left")
        self.done("strategies", "set", "silent", "--option", "enable-audio=N", "--option",
                  "whitelist=10.0.0.0/8,a=b")
        self.done("strategies", "assign", "silent", "--group", "Branch A")
        beat = {"id": "123456789", "uuid": "dQ==", "modified_at": 0, "conns": [7, 8]}
        heard = json.loads(self.post("/api/heartbeat", beat))
        self.assertEqual(heard["strategy"]["config_options"],
                         {"enable-audio": "N", "whitelist": "10.0.0.0/8,a=b"})
        self.done("devices", "disconnect", "123456789", "--connections", "8")
        self.done("devices", "sysinfo")
        heard = json.loads(self.post("/api/heartbeat", {**beat, **{
            "modified_at": heard["modified_at"]}}))
        self.assertEqual(heard, {"disconnect": [8], "sysinfo": True})
        shown = json.loads(self.done("--json", "devices", "list", "--id", "123456789"))
        self.assertEqual(shown["devices"][0]["strategy"], "silent")
        self.assertEqual(shown["devices"][0]["note"], "on the left")
        self.assertIn("Branch A", self.done("devices", "list"))
        self.done("strategies", "assign", "", "--group", "Branch A")
        self.done("groups", "set", "Branch A", "--devices", "")
        self.assertEqual(json.loads(self.done("groups", "list", "--json"))["device_groups"],
                         [{"name": "Branch A", "devices": [], "members": ["alice"]}])
        self.done("groups", "remove", "Branch A")
        self.done("strategies", "remove", "silent")

    def test_books_audits_tokens_and_recordings(self):
        self.done("books", "set", "Support", "--owner", "root", "--rules", "alice=2")
        self.assertIn("alice=2", self.done("books", "list"))
        self.done("books", "remove", "Support", "--owner", "root")
        self.post("/api/audit/alarm", {"id": "1", "uuid": "dQ==", "typ": 1, "info": "{\"ip\":\"x\"}"})
        self.assertIn("ip=x", self.done("audits", "alarms", "--device", "1"))
        self.assertEqual(len(self.done("audits", "alarms", "--device", "2").splitlines()), 1)
        self.assertRegex(self.done("tokens", "add", "deploy"), r"^token: \S{43}\n$")
        self.assertIn("deploy", self.done("tokens", "list"))
        self.done("tokens", "remove", "deploy")
        self.post("/api/record?type=new&file=a.webm", {})
        self.assertIn("a.webm", self.done("recordings", "list"))
        self.done("recordings", "get", "a.webm", "--output", self.path("a.webm"))
        self.assertTrue(os.path.exists(self.path("a.webm")))
        self.done("recordings", "remove", "a.webm")

    def test_what_is_stored_survives_a_restart(self):
        self.done("strategies", "set", "silent", "--option", "enable-audio=N")
        self.done("strategies", "assign", "silent", "--user", "alice")
        before = self.done("strategies", "list")
        self.assertEqual(self.served.stop(), 0)
        self.served = self.server("--fixtures", self.path("accounts.yaml"), "--data",
                                  self.path("data"))
        self.api = self.served.ready["api"]
        self.assertEqual(self.done("strategies", "list"), before)

    def test_what_goes_wrong_is_one_line(self):
        refuse = self.assert_refused
        refuse(self.admin("users", "remove", "nobody"), 1, "nobody")
        refuse(self.admin("users", "list", password="wrong"), 1, "Wrong credentials")
        refuse(self.admin("users", "list", user="alice", password="s3cret"), 1, "Administrators")
        refuse(self.admin("strategies", "set", "s", "--option", "lang=de"), 1, "lang")
        refuse(self.admin("strategies", "set", "s", "--option", "lang"), 2, "KEY=VALUE")
        refuse(self.admin("users", "set", "alice", "--admin", "yes"), 2, "true or false")
        refuse(self.admin("users", "set", "eve", "--new-password-env", "UNSET_VARIABLE"), 2,
               "UNSET_VARIABLE")
        refuse(self.admin("devices", "disconnect", "1", "--connections", "x"), 2, "7,8")
        refuse(self.admin("users", "list", password=""), 2, "DESKCHECK_ADMIN_PASSWORD")
        refuse(self.admin("users"), 2, "subcommand")
        self.api = "ftp://x"
        refuse(self.admin("users", "list"), 2, "ftp://x")
        self.assertEqual(self.served.stop(), 0)
        self.api = self.served.ready["api"]
        refuse(self.admin("users", "list"), 3, "cannot be reached")


if __name__ == "__main__":
    main()
