#!/usr/bin/env python3
"""What the HTTP API has acknowledged holds, even if the server is killed then, or has no room on its disk."""

import base64
import http.client
import json
import os
import resource
import signal
import threading
import urllib.parse

from harness import LIMIT, Case, main

ACCOUNTS = """
accounts:
  - {name: root, password-env: DURABILITY_TEST_PASSWORD, administrator: true}
  - {name: alice, password-env: DURABILITY_TEST_PASSWORD}
"""
PASSWORD = "s3cret"
MOST = 900  # acknowledged writes of one kind: fewer than what the admin API lists at once
FULL = "The server cannot use its storage"
NONE = object()


class Api:
    """One connection that stays, as long as the server does."""

    def __init__(self, address):
        base = urllib.parse.urlsplit(address)
        self.connection = http.client.HTTPConnection(base.hostname, base.port, timeout=LIMIT)

    def close(self):
        self.connection.close()

    def ask(self, method, path, body=None, token=""):
        """Status and bytes. OSError or HTTPException: the server has gone."""
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def get(self, method, path, body=None, token=""):
        status, got = self.ask(method, path, body, token)
        assert status == 200, f"{method} {path}: {status} {got[:300]!r}"
        return got

    def login(self, name):
        body = {"username": name, "password": PASSWORD, "id": "1", "uuid": "dQ==", "type": "account"}
        return json.loads(self.get("POST", "/api/login", body))["access_token"]


class Writer:
    """Writes one kind of thing again and again, and notes what holds: `known`, and `pending`, which was
    asked for and not answered. NONE: is not there."""

    def __init__(self, tag):
        self.tag = tag  # of everything it writes
        self.known = {}
        self.pending = {}
        self.acknowledged = self.refused = 0

    def begin(self, api):
        self.api = api
        self.token = api.login("root" if self.as_root else "alice")

    as_root = False

    def put(self, key, value, method, path, body):
        """True: acknowledged."""
        self.pending = {key: value}
        status, got = self.api.ask(method, path, body, self.token)
        self.pending = {}
        if self.took(status, got):
            self.known[key] = value
        return status == 200

    def took(self, status, got):
        if status == 200:
            self.acknowledged += 1
            return True
        assert status >= 400 and json.loads(got) == {"error": FULL}, (self.tag, status, got[:300])
        self.refused += 1
        return False

    def mistakes(self, api, root):
        stored = self.stored(api, root)
        return [(self.tag, key, value, found) for key, value in self.known.items()
                if not self.holds(value, found := stored.get(key, NONE), self.pending.get(key, value))]

    def holds(self, known, found, pending):
        return found in (known, pending)


class Logins(Writer):
    """And every second one is ended again."""

    def write(self, number):
        body = {"username": "alice", "password": PASSWORD, "id": "1", "uuid": "dQ==", "type": "account"}
        status, got = self.api.ask("POST", "/api/login", body)
        if not self.took(status, got):
            return
        self.token = json.loads(got)["access_token"]
        self.known[self.token] = "alice"
        if number % 2:
            self.put(self.token, NONE, "POST", "/api/logout", {"id": "1", "uuid": "dQ=="})

    def stored(self, api, _):
        answers = {token: api.ask("POST", "/api/currentUser", {"id": "1", "uuid": "dQ=="}, token)
                   for token in self.known}
        return {token: json.loads(got)["name"] for token, (status, got) in answers.items() if status == 200}


class Peers(Writer):
    """Adds peers of an address book, changes them, deletes some."""

    def begin(self, api):
        super().begin(api)
        self.guid = json.loads(api.get("POST", "/api/ab/personal", None, self.token))["guid"]

    def write(self, number):
        peer = {"id": f"{self.tag}-{number}", "alias": f"alias {number}", "note": "first"}
        values = (peer["alias"], "first")
        if not self.put(peer["id"], values, "POST", f"/api/ab/peer/add/{self.guid}", peer):
            return
        if number % 3 == 1:
            self.put(peer["id"], (peer["alias"], "Zoë 漢字"), "PUT", f"/api/ab/peer/update/{self.guid}",
                     {"id": peer["id"], "note": "Zoë 漢字"})
        if number % 3 == 2:
            self.put(peer["id"], NONE, "DELETE", f"/api/ab/peer/{self.guid}", [peer["id"]])

    def stored(self, api, _):
        token, peers, page, total = api.login("alice"), {}, 1, 1
        while (page - 1) * 100 < total:
            answer = json.loads(api.get(
                "POST", f"/api/ab/peers?current={page}&pageSize=100&ab={self.guid}", None, token))
            peers |= {peer["id"]: (peer["alias"], peer.get("note", "")) for peer in answer["data"]}
            total, page = answer["total"], page + 1
        return peers


class Connections(Writer):
    """Reports connections: opened, let in, closed."""

    def write(self, number):
        device = {"id": self.tag, "uuid": "dQ==", "conn_id": number, "session_id": 2**63 + number}
        steps = (("opened", {"action": "new", "ip": "203.0.113.9"}),
                 ("let in", {"peer": ["9", "alice"], "type": 0}), ("closed", {"action": "close"}))
        for step, more in steps:
            if not self.put(number, step, "POST", "/api/audit/conn",
                            device | more | {"nonce": f"{self.tag} {number} {step}"}):
                return

    def stored(self, api, root):
        got = json.loads(api.get("GET", f"/api/admin/audits/connections?device={self.tag}", None, root))
        return {one["conn_id"]: "closed" if one["ended"] else "let in" if one["peer_id"] else "opened"
                for one in got["audits"]}


class Events(Writer):
    """Reports transfers of files, and alarms."""

    def write(self, number):
        event = {"id": self.tag, "uuid": "dQ==", "info": json.dumps({"num": number, "files": []})}
        self.put(("files", number), True, "POST", "/api/audit/file",
                 event | {"peer_id": "9", "type": 0, "path": "/tmp", "is_file": False})
        self.put(("alarms", number), True, "POST", "/api/audit/alarm", event | {"typ": 1})

    def stored(self, api, root):
        return {(kind, one["info"]["num"]): True for kind in ("files", "alarms")
                for one in json.loads(api.get("GET", f"/api/admin/audits/{kind}?device={self.tag}", None,
                                              root))["audits"]}


class Recordings(Writer):
    """Uploads recordings; values are their bytes and whether they are complete."""
    PART, PARTS = 1000, 10

    def write(self, number):
        name = f"{self.tag}_{number // (self.PARTS + 2)}.webm"
        step = number % (self.PARTS + 2)
        bytes_before, _ = self.known.get(name, (b"", False))
        path = f"/api/record?file={name}&type="
        if step == 0:
            self.put(name, (b"", False), "POST", path + "new", b"")
        elif name in self.known and step <= self.PARTS:
            part = base64.b64encode(f"{number:6}".encode()) * (self.PART // 8)
            self.put(name, (bytes_before + part, False), "POST",
                     path + f"part&offset={len(bytes_before)}&length={len(part)}", part)
        elif name in self.known:
            self.put(name, (b"head" + bytes_before[4:], True), "POST", path + "tail&offset=0&length=4", b"head")

    def stored(self, api, root):
        listed = json.loads(api.get("GET", "/api/admin/recordings", None, root))["recordings"]
        return {one["file"]: (api.get("GET", f"/api/admin/recordings/{one['file']}", None, root),
                              one["complete"]) for one in listed if one["file"] in self.known}

    def holds(self, known, found, pending):
        """A part that was not acknowledged may be there, or some of it."""
        if found is NONE:
            return False
        size = len(known[0])
        return (found[0][:size], found[1]) in (known, (pending[0][:size], pending[1])) or \
            (found[0][:size], found[1]) == (pending[0][:size], known[1])


class Strategies(Writer):
    """Gives orders as an administrator: strategies, and whose they are."""
    as_root = True

    def write(self, number):
        name, device = f"{self.tag} {number}", f"{self.tag}{number}"
        options = {"enable-audio": "N", "whitelist": f"10.0.0.{number}"}
        if self.put(name, options, "POST", "/api/admin/strategies", {"name": name, "config_options": options}):
            self.put(("of", device), name, "POST", "/api/admin/strategies/assign",
                     {"strategy": name, "device": device})

    def stored(self, api, root):
        listed = json.loads(api.get("GET", "/api/admin/strategies", None, root))["strategies"]
        return {one["name"]: one["config_options"] for one in listed} | {
            ("of", device): one["name"] for one in listed for device in one["devices"]}


KINDS = (Logins, Peers, Connections, Events, Recordings, Strategies)


class Load:
    """A thread for each writer. They end with the server, or with `stop`."""

    def __init__(self, address, round_number):
        self.writers = [kind(f"{kind.__name__}{round_number}") for kind in KINDS]
        self.news = threading.Condition()
        self.stopped = self.gone = False
        self.problem = None
        for writer in self.writers:
            writer.begin(Api(address))
        self.threads = [threading.Thread(target=self.run, args=(writer,)) for writer in self.writers]
        for thread in self.threads:
            thread.start()

    def run(self, writer):
        number = 0
        try:
            while not self.stopped and writer.acknowledged < MOST:
                writer.write(number)
                number += 1
                with self.news:
                    self.news.notify()
        except (OSError, http.client.HTTPException):
            self.gone = True
        except BaseException as error:  # pylint: disable=broad-except
            self.problem = f"{writer.tag}: {error!r}"
        finally:
            writer.api.close()
            with self.news:
                self.news.notify()

    def wait_for(self, is_enough):
        """Until it is so for every writer."""
        with self.news:
            self.news.wait_for(
                lambda: self.problem or self.gone or all(map(is_enough, self.writers)), LIMIT)
        assert not self.problem, self.problem
        assert not self.gone, "the server has gone"
        self.check(is_enough)

    def check(self, is_enough):
        late = [(one.tag, one.acknowledged, one.refused) for one in self.writers if not is_enough(one)]
        assert not late, late

    def join(self):
        for thread in self.threads:
            thread.join(LIMIT)
        assert not self.problem, self.problem

    def end(self):
        self.stopped = True
        self.join()


class ApiDurability(Case):
    def setUp(self):
        super().setUp()
        os.environ["DURABILITY_TEST_PASSWORD"] = PASSWORD
        with open(self.path("accounts.yaml"), "w", encoding="utf-8") as file:
            file.write(ACCOUNTS)

    def serve(self):
        return self.server("--fixtures", self.path("accounts.yaml"), "--data", self.path("data"))

    def load(self, server, round_number=1):
        load = Load(server.ready["api"], round_number)
        self.addCleanup(load.end)
        return load

    def kill(self, server):
        server.send(signal.SIGKILL)
        self.assertEqual(server.wait(), -signal.SIGKILL)

    def assert_holds(self, server, loads):
        api = Api(server.ready["api"])
        self.addCleanup(api.close)
        root = api.login("root")
        for writer in (one for load in loads for one in load.writers):
            self.assertGreater(len(writer.known), 0, writer.tag)
            self.assertEqual(writer.mistakes(api, root)[:3], [], writer.tag)

    def test_kill_in_the_middle_of_everything(self):
        loads, server = [], self.serve()
        for round_number in range(3):
            loads.append(self.load(server, round_number))
            loads[-1].wait_for(lambda writer: writer.acknowledged >= 12)
            self.kill(server)
            loads[-1].join()
            server = self.serve()
            self.assert_holds(server, loads)

    def test_a_full_disk_is_said_and_loses_nothing(self):
        server = self.serve()
        pid, kind = server.process.pid, resource.RLIMIT_FSIZE
        before = resource.prlimit(pid, kind)
        load = self.load(server)
        load.wait_for(lambda writer: writer.acknowledged >= 5)
        # The database has more already, and recordings get there within a part.
        resource.prlimit(pid, kind, (4500, before[1]))
        load.wait_for(lambda writer: writer.refused >= 5)
        resource.prlimit(pid, kind, before)
        seen = {writer: writer.acknowledged for writer in load.writers}
        load.wait_for(lambda writer: writer.acknowledged >= min(seen[writer] + 5, MOST))
        self.kill(server)
        load.join()
        self.assert_holds(self.serve(), [load])


if __name__ == "__main__":
    main()
