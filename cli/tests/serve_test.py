#!/usr/bin/env python3
"""The reference server as a process: its ready line, its end, what it refuses to start on."""

import json
import os
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

import rendezvous
from harness import Case, deskcheck, main


class Life(Case):
    def test_ready_line(self):
        ready = self.server("--data", self.path("data")).ready
        self.assertEqual(ready["event"], "ready")
        base = ready["port_base"]
        self.assertEqual(ready["rendezvous"], f"127.0.0.1:{base}")
        self.assertEqual(ready["nat_test"], f"127.0.0.1:{base - 1}")
        self.assertEqual(ready["relay"], f"127.0.0.1:{base + 1}")
        self.assertEqual(ready["websocket"], f"127.0.0.1:{base + 2}")
        self.assertEqual(ready["relay_websocket"], f"127.0.0.1:{base + 3}")
        self.assertEqual(ready["api"], f"http://127.0.0.1:{base - 2}")
        self.assertEqual(ready["licence_key"], ready["public_key"])
        self.assertEqual(len(ready["public_key"]), 44)

    def test_every_port_of_it_is_open(self):
        base = self.server().port
        for port in range(base - 2, base + 4):
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        with rendezvous.udp_socket("127.0.0.2", base) as device:
            device.settimeout(10)
            device.send(rendezvous.register_pk("123456789", "u1", bytes(32)))
            self.assertEqual(device.recv(100), rendezvous.OK)

    def test_what_it_lacks_is_not_there(self):
        server = self.server("--without", "relay.*,api.auth.login")
        for name in ("relay", "relay_websocket"):
            self.assertNotIn(name, server.ready)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port + 1), timeout=10)
        asked = urllib.request.Request(server.ready["api"] + "/api/login", data=b"{}")
        with self.assertRaises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(asked, timeout=10)
        self.assertEqual(answer.exception.code, 404)
        answer.exception.close()
        self.assert_refused(deskcheck("serve", "--without", "relay.tpc"), 2, "relay.tcp")
        self.assert_refused(deskcheck("serve", "--without", "framing"), 2, "framing")

    def test_a_signal_that_comes_twice_kills_nobody(self):
        # As `timeout` sends it; the second one comes at any time until the end of the process.
        for tries in range(20):
            server = self.server()
            server.send(signal.SIGTERM)
            for _ in range(tries * 4000):
                pass
            server.send(signal.SIGTERM)
            self.assertEqual(server.wait(), 0)

    def test_signals_end_it(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.server()
            with socket.create_connection(("127.0.0.1", server.port), timeout=10):
                server.send(number)
                self.assertEqual(server.wait(), 0)
            self.assertEqual(server.errors, [])

    def test_keys_survive_a_restart(self):
        keys = []
        for _ in range(2):
            server = self.server("--data", self.path("data"))
            keys.append(server.key)
            self.assertEqual(server.stop(), 0)
        self.assertEqual(keys[0], keys[1])
        with open(self.path("data/id_ed25519.pub"), encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), keys[0])


class Accounts(Case):
    def ask(self, server, path, token="", **body):
        """Status and JSON of the answer."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        request = urllib.request.Request(f"{server.ready['api']}/api/{path}", method="POST",
                                         data=json.dumps(body).encode(), headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def test_logins_outlive_a_restart_and_end_with_the_logout(self):
        os.environ["SERVE_TEST_PASSWORD"] = "s3cret"
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write("accounts: [{name: alice, password-env: SERVE_TEST_PASSWORD}]\n")
        flags = ("--data", self.path("data"))
        server = self.server(*flags, "--fixtures", self.path("accounts.yaml"))
        status, answer = self.ask(server, "login", username="alice", password="wrong")
        self.assertEqual((status, answer), (403, {"error": "Wrong credentials"}))
        status, answer = self.ask(server, "login", username="alice", password="s3cret")
        self.assertEqual((status, answer["type"]), (200, "access_token"))
        token = answer["access_token"]
        server.send(signal.SIGKILL)
        server.wait()

        server = self.server(*flags)
        status, answer = self.ask(server, "currentUser", token)
        self.assertEqual((status, answer["name"]), (200, "alice"))
        status, answer = self.ask(server, "login", username="alice", password="s3cret")
        self.assertEqual(status, 200)
        self.assertEqual(self.ask(server, "logout", token), (200, {}))
        self.assertEqual(self.ask(server, "currentUser", token), (401, {"error": "Invalid token"}))
        self.assertEqual(server.stop(), 0)
        for name in os.listdir(self.path("data")):
            with open(os.path.join(self.path("data"), name), "rb") as file:
                kept = file.read()
            self.assertNotIn(b"s3cret", kept)
            self.assertNotIn(token.encode(), kept)


def certificate(case, name, *hosts):
    """Paths of a certificate that vouches for itself and of its key, made by OpenSSL's program."""
    paths = case.path(name + ".pem"), case.path(name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=" + ",".join(hosts), "-days", "2",
                    "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


class Https(Case):
    def test_the_same_api_over_tls(self):
        chain, key = certificate(self, "server", "IP:127.0.0.1")
        server = self.server("--tls-certificate", chain, "--tls-key", key, "--https-port", 0)
        url = f"https://127.0.0.1:{server.ready['https']}/api/login-options"
        trusting = ssl.create_default_context(cafile=chain)
        with urllib.request.urlopen(url, timeout=60, context=trusting) as answer:
            self.assertEqual((answer.status, json.load(answer)), (200, []))
        with self.assertRaises(urllib.error.URLError) as refused:
            urllib.request.urlopen(url, timeout=60, context=ssl.create_default_context())
        self.assertIn("CERTIFICATE_VERIFY_FAILED", str(refused.exception))
        with urllib.request.urlopen(server.ready["api"] + "/api/login-options", timeout=60) as answer:
            self.assertEqual(answer.status, 200)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.errors, [])

    def test_an_expired_certificate_is_told_and_served(self):
        chain, key = certificate(self, "old", "IP:127.0.0.1")
        old = self.path("older.pem")
        subprocess.run(["openssl", "x509", "-in", chain, "-signkey", key, "-days", "-1", "-out", old],
                       check=True, capture_output=True)
        chain = old
        server = self.server("--tls-certificate", chain, "--tls-key", key, "--https-port", 0)
        socket.create_connection(("127.0.0.1", server.ready["https"]), timeout=60).close()
        self.assertEqual(server.stop(), 0)
        self.assertEqual(len(server.errors), 1)
        self.assertIn("has expired on 20", server.errors[0])

    def test_what_cannot_be_served_with_is_refused_in_one_line(self):
        chain, key = certificate(self, "one", "IP:127.0.0.1")
        _, other = certificate(self, "two", "IP:127.0.0.1")
        for flags, words in (((chain, other), ("does not belong", other)),
                             ((key, key), ("no certificate", "BEGIN CERTIFICATE")),
                             ((chain, chain), ("no private key", "BEGIN PRIVATE KEY")),
                             ((self.path("nothing"), key), (self.path("nothing"), "No such file"))):
            self.assert_refused(deskcheck("serve", "--port-base", 0, "--https-port", 0, "--tls-certificate",
                                          flags[0], "--tls-key", flags[1]), 2, *words)
        for flags in (("--tls-key", key), ("--https-port", 0), ("--tls-certificate", chain)):
            self.assert_refused(deskcheck("serve", "--port-base", 0, *flags), 2, "--tls-certificate")

    def test_a_public_url_that_is_none(self):
        self.assert_refused(deskcheck("serve", "--port-base", 0, "--public-url", "nowhere"), 2,
                            "--public-url nowhere", "https://")

    def test_port_in_use(self):
        chain, key = certificate(self, "server", "IP:127.0.0.1")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assert_refused(deskcheck("serve", "--port-base", 0, "--tls-certificate", chain, "--tls-key",
                                          key, "--https-port", port), 2, str(port), "--https-port")


class Operator(Case):
    def say(self, port, command):
        """What the console on `port` prints until it closes."""
        with socket.create_connection(("127.0.0.1", port), timeout=30) as console:
            console.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: console.recv(4096), b"")).decode()

    def test_consoles(self):
        os.mkdir(self.path("data"))
        with open(self.path("data/blocklist.txt"), "w", encoding="utf-8") as file:
            file.write("192.0.2.7 a neighbour\n\n::ffff:192.0.2.8\n")
        server = self.server("--data", self.path("data"), "--relay-servers", "127.0.0.1:1", "--single-bandwidth", "64")
        self.assertEqual(self.say(server.port - 1, "relay-servers"), "127.0.0.1:1\n")
        self.assertEqual(self.say(server.port - 1, "always-use-relay"), "ALWAYS_USE_RELAY: false\n")
        self.assertEqual(self.say(server.port + 1, "blocklist"), "192.0.2.7\n192.0.2.8\n")
        self.assertEqual(self.say(server.port + 1, "sb"), "64Mb/s\n")
        self.assertEqual(self.say(server.port + 1, "nonsense"), "")

    def test_profile_of_the_open_source_server(self):
        server = self.server("--profile", "oss", "--relay-servers", "127.0.0.1:1")
        self.say(server.port - 1, "aur Y")
        self.assertEqual(self.say(server.port - 1, "rs"), "")

    def test_console_can_be_turned_off(self):
        server = self.server("--console", "none")
        with socket.create_connection(("127.0.0.1", server.port + 1), timeout=30) as relay:
            relay.sendall(b"h\n")
            relay.shutdown(socket.SHUT_WR)
            self.assertEqual(relay.recv(100), b"")


class Refusals(Case):
    def serve(self, *arguments):
        return deskcheck("serve", "--port-base", 0, *arguments)

    def test_port_in_use(self):
        first = self.server()
        self.assert_refused(deskcheck("serve", "--port-base", first.port), 2, str(first.port),
                            "in use", "--port-base")

    def test_proxies_and_logins_that_cannot_be_meant(self):
        self.assert_refused(self.serve("--trusted-proxies", "10.0.0.0/33"), 2, "10.0.0.0/33",
                            "10.0.0.0/8")
        self.assert_refused(self.serve("--require-login"), 2, "--fixtures")
        self.assert_refused(self.serve("--tokens", self.path("nothing")), 2, "nothing")

    def test_a_mistake_in_fixtures_is_shown_where_it_is(self):
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write("accounts: [{name: alice, password-env: NOBODY_SET_THIS}]\n")
        result = self.serve("--fixtures", self.path("accounts.yaml"))
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        first, _, caret = result.stderr.splitlines()
        self.assertIn("accounts.yaml:1:40: ", first)
        self.assertIn("NOBODY_SET_THIS", first)
        self.assertIn("^", caret)

    def test_a_strategy_for_nobody(self):
        with open(self.path("strategies.yaml"), "w", encoding="utf-8") as file:
            file.write("strategies: [{name: s, options: {enable-audio: 'N'}, users: [nobody]}]\n")
        self.assert_refused(self.serve("--fixtures", self.path("strategies.yaml")), 2, "nobody")

    def test_address_of_another_machine(self):
        self.assert_refused(self.serve("--bind", "192.0.2.1"), 2, "192.0.2.1")

    def test_flags_of_the_operator(self):
        for flags, words in ((("--mask", "1.2.3.4.5"), ("--mask", "192.168.1.0/24")),
                             (("--mask", "10.0.0.0/8"), ("--local-ip",)),
                             (("--mask", "10.0.0.0/8", "--local-ip", "x"), ("--local-ip",)),
                             (("--single-bandwidth", "0"), ("--single-bandwidth",)),
                             (("--profile", "pro"), ("--profile", "oss")),
                             (("--console", "yes"), ("--console", "loopback"))):
            self.assert_refused(self.serve(*flags), 2, *words)

    def test_unknown_fault(self):
        self.assert_refused(self.serve("--fault", "accepts-foreign-uid"), 2, "did you mean")

    def test_malformed_key_file(self):
        os.mkdir(self.path("data"))
        for text in ("", "hello", "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="):
            with open(self.path("data/id_ed25519"), "w", encoding="utf-8") as file:
                file.write(text)
            self.assert_refused(self.serve("--data", self.path("data")), 2,
                                self.path("data/id_ed25519"))
            with open(self.path("data/id_ed25519"), encoding="utf-8") as file:
                self.assertEqual(file.read(), text)  # a key is never replaced

    def test_key_file_that_cannot_be_read(self):
        os.makedirs(self.path("data/id_ed25519"))
        self.assert_refused(self.serve("--data", self.path("data")), 2,
                            self.path("data/id_ed25519"))

    def test_database_that_is_none(self):
        server = self.server("--data", self.path("data"))
        server.stop()
        names = [name for name in os.listdir(self.path("data")) if not name.startswith("id_")]
        self.assertTrue(names)
        for name in names:
            with open(self.path(f"data/{name}"), "w", encoding="utf-8") as file:
                file.write("certainly no database " * 100)
        self.assert_refused(self.serve("--data", self.path("data")), 2, self.path("data"))


if __name__ == "__main__":
    main()
