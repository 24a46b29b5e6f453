#!/usr/bin/env python3
"""An API over HTTPS is judged as over HTTP, in both worlds; whom the suite believes, and what it says if
it does not; `deskcheck admin` over HTTPS."""

import json
import os
import subprocess

from harness import Case, deskcheck, main

# A part of the cases that takes all ways of asking: calls, raw bytes, connections that stay open.
SOME = "api/login-options/*,api/hostile/*,api/login/*,api/general/*,api/tunnel/*,api/logout/*"


class Https(Case):
    def report(self, *arguments, code=0):
        path = self.path("report.json")
        result = deskcheck("run", "--json", path, *arguments)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    @staticmethod
    def verdicts(report):
        return {(case["id"], check["requirement"]): check["status"]
                for case in report["cases"] for check in case["checks"]}

    def test_verdicts_are_those_over_http(self):
        plain = self.verdicts(self.report("--virtual-time", "--filter", SOME))
        self.assertGreater(len(plain), 20)
        for world in ((), ("--virtual-time",)):
            self.assertEqual(self.verdicts(self.report("--https", "--filter", SOME, *world)), plain, world)

    def certificate(self, name):
        chain, key = self.path(name + ".pem"), self.path(name + ".key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", f"/CN={name}",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-out", chain, "-keyout", key],
                       check=True, capture_output=True)
        return chain, key

    def served(self, *arguments):
        chain, key = self.certificate("served")
        server = self.server("--tls-certificate", chain, "--tls-key", key, "--https-port", 0, *arguments)
        return server, f"https://127.0.0.1:{server.ready['https']}", chain

    def test_targets_with_https(self):
        server, url, chain = self.served()
        flags = ("--filter", "api/login-options/list")
        place = ("--host", "127.0.0.1", "--port-base", server.port, "--key", server.key, "--with", "api.general")
        report = self.report(*place, *flags, "--api", url, "--api-ca", chain)
        self.assertEqual([case["status"] for case in report["cases"]], ["pass"])
        with open(self.path("target.yaml"), "w", encoding="utf-8") as file:
            file.write(f"target: {{host: 127.0.0.1, key: {server.key}}}\n"
                       f"ports: {{rendezvous: {server.port}}}\napi: {url}/\napi-ca: served.pem\n")
        report = self.report(self.path("target.yaml"), *flags)
        self.assertEqual([case["status"] for case in report["cases"]], ["pass"])

        # Nobody said whom to believe: that is nothing the server has done.
        report = self.report(*place, *flags, "--api", url, code=1)
        (case,) = report["cases"]
        self.assertEqual((case["status"], case["blame"]), ("blocked", "environment"))
        self.assertIn("is not trusted: self-signed certificate", case["why"])
        self.assertIn("--api-ca", case["why"])

    def test_mistakes_are_told_in_one_line(self):
        chain, key = self.certificate("one")
        at = ("run", "--host", "127.0.0.1", "--filter", "api/login-options/list")
        self.assert_refused(deskcheck(*at, "--api", "ftp://h"), 2, "ftp://h", "https://HOST")
        self.assert_refused(deskcheck(*at, "--api", "http://h", "--api-ca", chain), 2, "--api-ca")
        self.assert_refused(deskcheck(*at, "--api", "https://h", "--api-ca", key), 2, key, "no certificate")
        self.assert_refused(deskcheck("run", "--api", "https://h"), 2, "--host")
        self.assert_refused(deskcheck(*at, "--https"), 2, "--https", "--api")

    def test_administration(self):
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write("accounts: [{name: root, password-env: HTTPS_TEST_PASSWORD, administrator: true}]\n")
        os.environ["HTTPS_TEST_PASSWORD"] = os.environ["DESKCHECK_ADMIN_PASSWORD"] = "s3cret"
        _, url, chain = self.served("--fixtures", self.path("accounts.yaml"))
        order = ("admin", "--api", url, "--user", "root", "--json")
        result = deskcheck(*order, "--ca", chain, "users", "list")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(json.loads(result.stdout)["users"][0]["name"], "root")
        self.assert_refused(deskcheck(*order, "users", "list"), 3, "is not trusted", "--ca")


if __name__ == "__main__":
    main()
