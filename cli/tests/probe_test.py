#!/usr/bin/env python3
"""`deskcheck probe` at real servers: formats, exit codes, and the target file that `run` takes."""

import json
import os
import socket

from harness import Case, deskcheck, main

KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="  # docs/protocol/wire.md 8.3
ACCOUNTS = "accounts:\n  - {name: ann, password-env: ANN_PASSWORD}\n"


class Probe(Case):
    def probe(self, server, *arguments):
        key = () if "--key" in arguments else ("--key", server.key)
        return deskcheck("probe", "127.0.0.1", "--port-base", server.port, *key, *arguments)

    def found(self, server, *arguments):
        result = self.probe(server, "--format", "json", *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return json.loads(result.stdout)

    def test_what_the_reference_server_can_do(self):
        found = self.found(self.server())
        answers = {name: one["answer"] for name, one in found["capabilities"].items()}
        for name in ("rendezvous.udp", "rendezvous.secure-tcp", "rendezvous.signed-keys",
                     "rendezvous.http-tunnel", "rendezvous.ws-registration", "relay.tcp",
                     "relay.websocket", "admin.console", "api.general", "api.device.heartbeat"):
            self.assertEqual(answers[name], "present", found["capabilities"][name])
        self.assertEqual(answers["relay.limits"], "unknown")
        self.assertEqual(answers["api.plugin.sign"], "absent")
        self.assertRegex(found["device_id"], r"^dcprobe\d{8}$")

    def test_a_file_for_run(self):
        server, path = self.server(), self.path("target.yaml")
        result = self.probe(server, "-o", path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("deskcheck run " + path, result.stdout)
        run = deskcheck("run", path, "--filter", "RDV-REGPEER-02,RLY-PAIR-01,HTTP-HB-01,SEC-KEX-01",
                        "--seed", "1")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_with_an_account(self):
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as out:
            out.write(ACCOUNTS)
        os.environ["ANN_PASSWORD"] = "correct horse battery"
        self.addCleanup(os.environ.pop, "ANN_PASSWORD")
        server = self.server("--fixtures", self.path("accounts.yaml"))
        path = self.path("target.yaml")
        arguments = ("--user", "ann", "--password-env", "ANN_PASSWORD", "-o", path)
        found = self.found(server, *arguments)
        self.assertEqual(found["capabilities"]["api.auth.user-payload"]["answer"], "present")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn('user: {user: "ann", password-env: "ANN_PASSWORD"}', text)
        self.assertNotIn("correct horse", text)
        result = self.probe(server, "--user", "ann", "--password-env", "NOT_SET")
        self.assert_refused(result, 2, "NOT_SET", "--password-env")

    def test_a_file_that_everybody_may_get(self):
        os.mkdir(self.path("downloads"))
        with open(self.path("downloads/client.exe"), "wb") as file:
            file.write(b"MZ of a client")
        server, path = self.server("--downloads", self.path("downloads")), self.path("target.yaml")
        found = self.found(server, "--download", "/downloads/client.exe", "-o", path)
        for name in ("api.download.head", "api.download.get"):
            self.assertEqual(found["capabilities"][name]["answer"], "present", found["capabilities"][name])
        run = deskcheck("run", path, "--filter", "api/download/file", "--seed", "1")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_an_open_source_server(self):
        found = self.found(self.server("--profile", "oss", "--console", "text"))
        answers = {name: one["answer"] for name, one in found["capabilities"].items()}
        self.assertEqual(answers["rendezvous.udp"], "present")
        for name in ("rendezvous.secure-tcp", "rendezvous.id-change", "rendezvous.tcp-registration",
                     "rendezvous.ws-registration", "rendezvous.http-tunnel"):
            self.assertEqual(answers[name], "absent", found["capabilities"][name])

    def test_files_that_are_there_stay(self):
        server, path = self.server(), self.path("target.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write("mine")
        self.assert_refused(self.probe(server, "-o", path), 2, "--force")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.assertEqual(self.probe(server, "-o", path, "--force").returncode, 0)

    def test_a_key_that_is_refused(self):
        result = self.probe(self.server(), "--key", KEY, "-o", self.path("target.yaml"))
        self.assert_refused(result, 2, "LICENSE_MISMATCH", "--key")
        self.assertFalse(os.path.exists(self.path("target.yaml")))

    def test_nobody_is_there(self):
        with socket.socket() as held:  # bound, so that nobody else listens there
            held.bind(("127.0.0.1", 0))
            port = max(held.getsockname()[1], 1024)
            result = deskcheck("probe", "127.0.0.1", "--port-base", port)
        self.assert_refused(result, 3, "no server answers", "--port-base")
        self.assert_refused(deskcheck("probe", "no-such-host.invalid"), 3, "no-such-host.invalid")

    def test_in_virtual_time(self):
        result = deskcheck("probe", "--virtual-time", "-o", self.path("target.yaml"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        again = deskcheck("probe", "--virtual-time")
        self.assertEqual(again.stdout, result.stdout[:len(again.stdout)])

    def test_wrong_use(self):
        self.assert_refused(deskcheck("probe"), 2, "host")
        self.assert_refused(deskcheck("probe", "127.0.0.1:21116"), 2, "21116 as --port-base")
        self.assert_refused(deskcheck("probe", "127.0.0.1", "--key", "hello"), 2, "--key")
        self.assert_refused(deskcheck("probe", "127.0.0.1", "--api", "ftp://x"), 2, "--api")
        self.assert_refused(deskcheck("probe", "127.0.0.1", "--format", "xml"), 2, "--format")
        self.assert_refused(deskcheck("probe", "127.0.0.1", "--force"), 2, "--output")
        self.assert_refused(deskcheck("probe", "127.0.0.1", "--download", "a.exe"), 2, "--download", "slash")
        self.assert_refused(deskcheck("probe", "127.0.0.1", "--virtual-time"), 2, "--virtual-time")


if __name__ == "__main__":
    main()
