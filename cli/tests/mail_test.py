#!/usr/bin/env python3
"""`deskcheck serve` sends codes by mail: how, to whom, and what it says if it cannot."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.request

from harness import Case, deskcheck, main
from mailbox import Mailbox

PASSWORD = "s3cret"


class Mail(Case):
    def setUp(self):
        super().setUp()
        os.environ["MAIL_TEST_PASSWORD"] = PASSWORD

    def certificate(self):
        paths = self.path("mail.pem"), self.path("mail.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=mail",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2",
                        "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
        return paths

    def mailbox(self, **wish):
        box = Mailbox(**wish)
        self.addCleanup(box.close)
        return box

    def serving(self, url, *flags, address="alice@example.net"):
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write("accounts:\n  - {name: alice, password-env: MAIL_TEST_PASSWORD, email: "
                       f"'{address}', email-code: true}}\n")
        return self.server("--fixtures", self.path("accounts.yaml"), "--smtp-url", url,
                           "--smtp-from", "server@example.org", *flags)

    def login(self, server, **more):
        body = {"username": "alice", "id": "123", "uuid": "dTE=", **more}
        request = urllib.request.Request(server.ready["api"] + "/api/login", method="POST",
                                         data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def ask_for_code(self, server):
        answer = self.login(server, password=PASSWORD, type="account")
        self.assertEqual((answer["type"], answer["tfa_type"]), ("email_check", "email_check"))
        return answer

    def complaint(self, server, *words):
        """The one line on standard error."""
        limit = time.monotonic() + 60
        while not server.errors and time.monotonic() < limit:
            time.sleep(0.05)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(len(server.errors), 1, server.errors)
        for word in ("deskcheck: a mail was not sent", *words):
            self.assertIn(word, server.errors[0])
        self.assertNotIn(PASSWORD, server.errors[0])

    def test_a_code_comes_by_mail_and_signs_in(self):
        box = self.mailbox()
        server = self.serving(f"smtp://127.0.0.1:{box.port}")
        challenge = self.ask_for_code(server)
        ((sender, recipient, mail, secure),) = box.wait()
        self.assertTrue(sender.startswith("<server@example.org>"), sender)
        self.assertEqual((recipient, secure), ("<alice@example.net>", False))
        self.assertEqual((mail["From"], mail["To"]), ("server@example.org", "alice@example.net"))
        self.assertEqual(mail["Subject"], "Your code to sign in")
        self.assertRegex(mail["Message-ID"], r"^<[0-9a-f]{32}@example\.org>$")
        self.assertLess(abs(mail["Date"].datetime.timestamp() - time.time()), 3600)
        self.assertEqual(mail.get_content_type(), "text/plain")
        code = re.search(r"\b(\d{6})\b", mail.get_content()).group(1)
        answer = self.login(server, type="email_code", verificationCode=code,
                            **({"secret": challenge["secret"]} if "secret" in challenge else {}))
        self.assertEqual(answer["type"], "access_token")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.errors, [])

    def test_over_tls_and_signed_in(self):
        os.environ["MAIL_TEST_SMTP_PASSWORD"] = "p4ss"
        chain, key = self.certificate()
        for scheme, at_once in (("smtp", False), ("smtps", True)):
            box = self.mailbox(certificate=(chain, key), at_once=at_once, user=("robot", "p4ss"))
            # Certificates are named, so TLS is demanded on this machine, too.
            server = self.serving(f"{scheme}://127.0.0.1:{box.port}", "--smtp-ca", chain, "--smtp-user", "robot",
                                  "--smtp-password-env", "MAIL_TEST_SMTP_PASSWORD")
            self.ask_for_code(server)
            ((_, _, _, secure),) = box.wait()
            self.assertTrue(secure, scheme)
            self.assertEqual(server.stop(), 0)

    def test_what_cannot_be_sent_is_told_and_nobody_waits(self):
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            port = nobody.getsockname()[1]
        server = self.serving(f"smtp://127.0.0.1:{port}")
        self.ask_for_code(server)
        self.complaint(server, f"smtp://127.0.0.1:{port}", "connect")

        # One that takes the connection and says nothing: the server answers others meanwhile, and ends.
        with socket.create_server(("127.0.0.1", 0)) as silent:
            server = self.serving(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
            self.ask_for_code(server)
            connection, _ = silent.accept()
            self.ask_for_code(server)
            self.assertEqual(server.stop(), 0)
            connection.close()

    def test_without_starttls_nothing_is_sent_where_it_is_demanded(self):
        box = self.mailbox()
        server = self.serving(f"smtp://127.0.0.1:{box.port}", "--smtp-ca", self.certificate()[0])
        self.ask_for_code(server)
        self.complaint(server, "STARTTLS")
        self.assertEqual(box.mails, [])

    def test_an_untrusted_mail_server_gets_nothing(self):
        box = self.mailbox(certificate=self.certificate(), at_once=True)
        server = self.serving(f"smtps://127.0.0.1:{box.port}")
        self.ask_for_code(server)
        self.complaint(server, "certificate")
        self.assertEqual(box.mails, [])

    def test_an_address_that_is_more_than_one_gets_nothing(self):
        box = self.mailbox()
        server = self.serving(f"smtp://127.0.0.1:{box.port}", address="a@example.net>, <b@example.net")
        self.ask_for_code(server)
        self.complaint(server, "address")
        self.assertEqual(box.mails, [])

    def test_mistakes_are_told_in_one_line(self):
        def serve(*flags):
            return deskcheck("serve", "--port-base", 0, *flags)
        url, sender = ("--smtp-url", "smtp://h"), ("--smtp-from", "a@b.example")
        self.assert_refused(serve(*url), 2, "--smtp-from")
        self.assert_refused(serve("--smtp-url", "mail.example.org", *sender), 2, "mail.example.org", "smtp://HOST")
        self.assert_refused(serve(*url, "--smtp-from", "Alice <a@b>"), 2, "--smtp-from")
        self.assert_refused(serve(*url, *sender, "--smtp-user", "robot"), 2, "DESKCHECK_SMTP_PASSWORD")
        self.assert_refused(serve(*url, *sender, "--smtp-ca", self.path("nothing")), 2, self.path("nothing"))


if __name__ == "__main__":
    main()
