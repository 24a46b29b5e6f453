#!/usr/bin/env python3
"""`deskcheck doctor` at real servers: formats, exit codes, watching."""

import json
import os
import signal
import socket

from harness import Case, Process, deskcheck, main

KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="  # docs/protocol/wire.md 8.3
ACCOUNTS = "accounts:\n  - {name: ann, password-env: ANN_PASSWORD}\n"


class Doctor(Case):
    def examine(self, server, *arguments, host="127.0.0.1", environment=None):
        key = () if "--key" in arguments else ("--key", server.key)
        return deskcheck("doctor", host, "--port-base", server.port, *key, *arguments,
                         environment=environment)

    def test_healthy_server(self):
        server = self.server()
        result = self.examine(server)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("127.0.0.1: healthy", result.stdout)
        self.assertNotIn("BROKEN", result.stdout)
        self.assertNotIn("warning", result.stdout)
        self.assertLess(len(result.stdout.splitlines()), 30)
        # Not the wall clock of a busy machine: the time that the doctor has measured.
        report = json.loads(self.examine(server, "--format", "json").stdout)
        self.assertTrue(report["healthy"])
        self.assertIsNone(report["first"])
        steps = {step["step"]: step["status"] for step in report["steps"]}
        for step in ("tcp", "udp", "key", "registration", "punch", "pairing", "relay-websocket",
                     "api", "tunnel"):
            self.assertEqual(steps[step], "ok", report)
        self.assertRegex(report["registered"], r"^dcdoctor\d{8}$")

    def test_one_device_for_all_examinations(self):
        server = self.server("--data", self.path("data"))
        ids = {json.loads(self.examine(server, "--format", "json").stdout)["registered"]
               for _ in range(2)}
        self.assertEqual(len(ids), 1)

    def test_wrong_key(self):
        result = self.examine(self.server(), "--key", KEY)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("first broken step: key: ", result.stdout)
        self.assertIn("likely cause", result.stdout)
        self.assertIn("id_ed25519.pub", result.stdout)

    def test_relay_on_another_key(self):
        result = self.examine(self.server("--relay-key", "other"), "--format", "json")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertEqual(json.loads(result.stdout)["first"], "relay-key")

    def test_nagios(self):
        server = self.server()
        result = self.examine(server, "--format", "nagios")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout.splitlines()[0], r"^DESKCHECK OK - [^|]* \| time=[\d.]+s;")
        result = self.examine(server, "--format", "nagios", "--key", KEY)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertTrue(result.stdout.startswith("DESKCHECK CRITICAL - "), result.stdout)
        result = deskcheck("doctor", "missing.yaml", "--format", "nagios")
        self.assertEqual(result.returncode, 3)
        self.assertTrue(result.stdout.startswith("DESKCHECK UNKNOWN - "), result.stdout)

    def test_nagios_warning(self):
        server = self.server("--deploy-mode")
        result = self.examine(server, "--format", "nagios")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertTrue(result.stdout.startswith("DESKCHECK WARNING - "), result.stdout)
        self.assertEqual(self.examine(server).returncode, 0)

    def test_prometheus(self):
        result = self.examine(self.server(), "--format", "prometheus")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('deskcheck_doctor_healthy{host="127.0.0.1"} 1\n', result.stdout)
        self.assertIn('step="pairing",status="ok"} 1\n', result.stdout)
        for line in result.stdout.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) \w+ .+|\w+\{.+\} -?[\d.]+)$')

    def test_nobody_answers(self):
        with socket.socket() as held:  # bound, so that nobody else listens there
            held.bind(("127.0.0.1", 0))
            port = max(held.getsockname()[1], 1024)
            result = deskcheck("doctor", "127.0.0.1", "--port-base", port)
        self.assertEqual(result.returncode, 3, result.stdout + result.stderr)
        self.assertIn("first broken step: tcp: ", result.stdout)

    def test_name_without_address(self):
        result = deskcheck("doctor", "no-such-host.invalid", "--format", "json")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(json.loads(result.stdout)["first"], "name")

    def test_target_file(self):
        server = self.server()
        with open(self.path("target.yaml"), "w", encoding="utf-8") as file:
            file.write(f"target: {{host: 127.0.0.1, key: \"{server.key}\"}}\n"
                       f"ports: {{rendezvous: {server.port}}}\napi: {server.ready['api']}\n")
        result = deskcheck("doctor", self.path("target.yaml"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("healthy", result.stdout)

    def test_login(self):
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write(ACCOUNTS)
        environment = {"ANN_PASSWORD": "correct horse battery"}
        os.environ.update(environment)
        self.addCleanup(os.environ.pop, "ANN_PASSWORD")
        server = self.server("--fixtures", self.path("accounts.yaml"))
        result = self.examine(server, "--user", "ann", "--password-env", "ANN_PASSWORD")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("ann logs in and out", result.stdout)
        result = self.examine(server, "--user", "ann", environment={"DESKCHECK_PASSWORD": "no"})
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("first broken step: login: ann cannot log in", result.stdout)

    def test_watch_until_interrupt(self):
        server = self.server()
        doctor = self.start(Process("doctor", "127.0.0.1", "--port-base", server.port, "--key",
                                    server.key, "--format", "json", "--watch", 1))
        for _ in range(2):
            self.assertTrue(json.loads(doctor.next_line())["healthy"])
        doctor.send(signal.SIGINT)
        self.assertEqual(doctor.wait(), 0)


class Usage(Case):
    def test_mistakes(self):
        self.assert_refused(deskcheck("doctor"), 2, "deskcheck doctor HOST")
        self.assert_refused(deskcheck("doctor", "127.0.0.1:21116"), 2, "127.0.0.1 alone", "21116 as --port-base")
        self.assert_refused(deskcheck("doctor", "https://rd.example.com"), 2, "is a URL", "rd.example.com alone")
        self.assert_refused(deskcheck("doctor", "127.0.0.1", "--key", "hello"), 2, "--key")
        self.assert_refused(deskcheck("doctor", "127.0.0.1", "--api", "ftp://x"), 2, "--api")
        self.assert_refused(deskcheck("doctor", "127.0.0.1", "--proxy", "x"), 2, "--proxy")
        self.assert_refused(deskcheck("doctor", "127.0.0.1", "--format", "xml"), 2, "--format")
        self.assert_refused(deskcheck("doctor", "127.0.0.1", "--watch", "0"), 2, "--watch")
        self.assert_refused(deskcheck("doctor", "127.0.0.1", "--without", "nonsense"), 2,
                            "nonsense")
        self.assert_refused(
            deskcheck("doctor", "127.0.0.1", "--user", "ann", "--password-env", "NO_SUCH_VARIABLE"),
            2, "NO_SUCH_VARIABLE")
        self.assert_refused(deskcheck("doctor", self.path("missing.yaml")), 2, "missing.yaml")

    def test_help(self):
        result = deskcheck("doctor", "--help")
        self.assertEqual(result.returncode, 0)
        for word in ("Examples:", "dcdoctor", "UNKNOWN", "--watch"):
            self.assertIn(word, result.stdout)


if __name__ == "__main__":
    main()
