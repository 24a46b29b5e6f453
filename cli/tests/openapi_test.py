#!/usr/bin/env python3
"""The reference server answers as the OpenAPI document says, whatever clients ask; the document says
of itself what is so. That both have the same routes: reference-server/api/document_test.cpp."""

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import re
import threading
import time
import urllib.parse

import jsonschema

import openapi
from harness import Case, deskcheck, main

DOCUMENT = openapi.Document()
FIXTURES = """
accounts:
  - {name: alice, password-env: OPENAPI_TEST_PASSWORD, administrator: true, devices: ['123456789']}
  - {name: bob, password-env: OPENAPI_TEST_PASSWORD, display-name: Bob B.}
  - {name: carol, password-env: OPENAPI_TEST_PASSWORD, totp-secret-env: OPENAPI_TEST_TOTP}
address-books:
  - {name: Support, owner: alice, note: all of us, password: pw, writers: [bob]}
device-groups:
  - {name: Branch A, devices: ['987654321'], members: [alice, bob]}
"""
# With the op of the document's example.
PROVIDER = """identity-providers:
  - {{name: google, issuer: '{url}', client-id: desk}}
"""
TOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SCRIPT_TOKEN = "openapi-test-of-scripts"
JSON = {"Content-Type": "application/json"}
# Servers that the document tells from right ones; each breaks it with an answer to a client that does
# nothing wrong.
FAULTS = ("json-without-charset", "success-has-error-null", "errors-are-objects", "success-is-201",
          "refusals-are-500", "user-without-info", "sysinfo-answer-has-newline",
          "tag-colors-are-object", "color-is-signed", "added-peer-is-answered")


class Broken(AssertionError):
    """An answer that the document does not allow."""


def request_example(method, path, name=""):
    contents = DOCUMENT.operations[method, path]["requestBody"]["content"]
    return openapi.examples(contents["application/json"])[name]


def totp():
    """The code of an authenticator: RFC 6238 with SHA-1, six digits, 30 s."""
    counter = int(time.time()) // 30
    mac = hmac.new(base64.b32decode(TOTP_SECRET), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Itself(Case):
    def test_every_example_is_as_its_schema_says(self):
        count = 0
        for key, operation in DOCUMENT.operations.items():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for media in (one for body in bodies for one in body.get("content", {}).values()):
                for value in openapi.examples(media).values():
                    self.assertEqual(openapi.mistakes(media["schema"], value), [], key)
                    count += 1
            for parameter in operation["parameters"]:
                self.assertEqual(openapi.mistakes(parameter["schema"], parameter["example"]), [],
                                 (key, parameter["name"]))
        self.assertGreater(count, 80)

    def test_no_comma_of_a_text_begins_a_member(self):
        def nothing(node, path):
            if isinstance(node, list):
                return [one for at, item in enumerate(node) for one in nothing(item, (*path, at))]
            if not isinstance(node, dict):
                return [path] if node is None else []
            return [one for key, value in node.items() if key not in ("example", "value", "enum")
                    for one in nothing(value, (*path, key))]
        self.assertEqual(nothing(DOCUMENT.whole, ()), [])

    def test_schemas_are_schemas(self):
        for name, schema in DOCUMENT.whole["components"]["schemas"].items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(DOCUMENT.resolved(schema))

    def test_every_operation_says_who_may_and_what_comes_of_it(self):
        names = [operation["operationId"] for operation in DOCUMENT.operations.values()]
        self.assertEqual(len(names), 40)
        self.assertEqual(len(set(names)), 40)
        tags = {tag["name"] for tag in DOCUMENT.whole["tags"]}
        for key, operation in DOCUMENT.operations.items():
            with self.subTest(key):
                self.assertIn("200", operation["responses"])
                self.assertIn("4XX", operation["responses"])
                self.assertEqual("401" in operation["responses"], "security" in operation)
                self.assertLessEqual(set(operation["tags"]), tags)
                in_path = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
                self.assertEqual(in_path, {part[1:-1] for part in key[1].split("/") if "{" in part})

    def test_every_requirement_has_its_place(self):
        listed = deskcheck("list", "HTTP-*").stdout
        known = re.findall(r"^HTTP-[A-Z]+-\d\d(?= )", listed, re.MULTILINE)
        named = list(DOCUMENT.whole["info"]["x-requirements"])
        for operation in DOCUMENT.operations.values():
            named += operation["x-requirements"]
        self.assertGreater(len(known), 300)
        self.assertEqual(sorted(named), sorted(known))

    def test_a_wrong_answer_is_noticed(self):
        def wrong(method, path, status, body, media="application/json; charset=utf-8"):
            return DOCUMENT.wrong_answer(method, path, status, {"content-type": media}, body)
        self.assertEqual(wrong("POST", "/api/ab/tags/1-2", 200, b'[{"name":"a","color":1}]'), [])
        for status, body in ((200, b'[{"name":"a","color":"1"}]'), (200, b'{"data":[]}'),
                             (200, b'[{"name":"a","color":1.0}]'),
                             (200, b"null"), (200, b""), (200, b"\xff"), (201, b"[]"), (500, b"[]"),
                             (401, b'{"error":1}'), (403, b"{}")):
            self.assertTrue(wrong("POST", "/api/ab/tags/1-2", status, body), (status, body))
        self.assertTrue(wrong("POST", "/api/ab/peer/add/1", 200, b"{}"))
        self.assertTrue(wrong("POST", "/api/heartbeat", 200, b"{}", "application/json"))
        self.assertTrue(wrong("POST", "/api/sysinfo", 200, b'"SYSINFO_UPDATED"',
                              "text/plain; charset=utf-8"))
        self.assertTrue(wrong("GET", "/api/ab", 200, b'{"data":"{"}'))
        self.assertTrue(wrong("GET", "/api/ab", 200, b'{"data":"{\\"peers\\":[{}]}"}'))
        with self.assertRaises(KeyError):
            wrong("GET", "/api/heartbeat", 200, b"{}")


class Provider:
    """What an identity provider says of itself, and no more."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(handler):  # noqa: N805
                body = json.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/keys",
                                   "authorization_endpoint": f"{self.url}/authorize",
                                   "token_endpoint": f"{self.url}/token"}).encode()
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler, *_):  # noqa: N805
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def end(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Conversation(Case):
    """One server, asked for everything; every answer is held against the document."""

    def begin(self, *flags):
        os.environ |= {"OPENAPI_TEST_PASSWORD": "s3cret", "OPENAPI_TEST_TOTP": TOTP_SECRET}
        self.provider = Provider()
        self.addCleanup(self.provider.end)
        provider = PROVIDER.format(url=self.provider.url)
        for name, text in (("team.yaml", FIXTURES + provider), ("tokens", SCRIPT_TOKEN + "\n")):
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)
        os.mkdir(self.path("downloads"))
        with open(self.path("downloads/client.exe"), "wb") as file:
            file.write(b"MZ of a client")
        server = self.server("--fixtures", self.path("team.yaml"), "--script-tokens", self.path("tokens"),
                             "--downloads", self.path("downloads"), "--sign-plugins",
                             "--deploy-mode", *flags)
        self.base = urllib.parse.urlsplit(server.ready["api"])
        self.succeeded = set()
        self.token = self.login("alice")

    def ask(self, method, path, body=b"", headers=None, token=None):
        """Status and body, which is JSON if the answer says so."""
        headers = dict(JSON if headers is None else headers)
        if token or token is None and "security" in DOCUMENT.operations[DOCUMENT.operation(method, path)]:
            headers["Authorization"] = "Bearer " + (token or self.token)
        connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=300)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        got = answer.read()
        connection.close()
        named = {name.lower(): value for name, value in answer.getheaders()}
        wrong = DOCUMENT.wrong_answer(method, path, answer.status, named, got)
        if wrong:
            raise Broken(f"{method} {path} {data[:200]!r}: {answer.status} {got[:300]!r}: {wrong}")
        if answer.status == 200:
            self.succeeded.add(DOCUMENT.operation(method, path))
        is_json = named.get("content-type", "").startswith("application/json") and got
        return answer.status, json.loads(got) if is_json else got

    def get(self, method, path, body=b"", **more):
        """The body of an answer that has to be 200."""
        status, got = self.ask(method, path, body, **more)
        self.assertEqual(status, 200, f"{method} {path}: {got}")
        return got

    def done(self, method, path, body, **more):
        self.assertEqual(self.get(method, path, body, **more), b"")

    def login(self, name, password="s3cret"):
        body = request_example("POST", "/api/login", "password") | {"username": name,
                                                                    "password": password}
        return self.get("POST", "/api/login", body)["access_token"]

    def accounts(self):
        for name in ("password", "code", "old-desktop"):
            body = request_example("POST", "/api/login", name) | {"username": "nobody"}
            self.assertEqual(self.ask("POST", "/api/login", body)[0], 403)
        self.second_step()
        self.get("GET", "/api/login-options")
        self.get("HEAD", "/api/login-options", headers={})
        body = request_example("POST", "/api/currentUser")
        self.assertEqual(self.get("POST", "/api/currentUser", body)["name"], "alice")
        token = self.login("bob")
        self.assertEqual(self.get("POST", "/api/currentUser", body, token=token)["name"], "bob")
        self.get("POST", "/api/logout", body, token=token)
        self.assertEqual(self.ask("POST", "/api/currentUser", body, token=token),
                         (401, {"error": "Invalid token"}))
        self.identity_provider()

    def identity_provider(self):
        """Its page is opened, and nobody signs in there."""
        body = request_example("POST", "/api/oidc/auth")
        self.assertIn("error", self.get("POST", "/api/oidc/auth", body | {"op": "nobody"}))
        attempt = self.get("POST", "/api/oidc/auth", body)
        self.assertTrue(attempt["url"].startswith(f"{self.provider.url}/authorize?"), attempt)
        names = urllib.parse.urlencode({"code": attempt["code"], "id": body["id"], "uuid": body["uuid"]})
        answer = self.get("GET", f"/api/oidc/auth-query?{names}", headers={})
        self.assertEqual(answer, {"error": "No authed oidc is found"})
        other = urllib.parse.urlencode({"code": attempt["code"], "id": "other", "uuid": body["uuid"]})
        answer = self.get("GET", f"/api/oidc/auth-query?{other}", headers={})
        self.assertNotIn("No authed oidc is found", answer["error"])

    def second_step(self):
        question = self.get("POST", "/api/login", request_example("POST", "/api/login", "password")
                            | {"username": "carol"})
        self.assertEqual((question["type"], question["tfa_type"]), ("email_check", "tfa_check"))
        body = request_example("POST", "/api/login", "code") | {"username": question["user"]["name"],
                                                                "secret": question["secret"]}
        self.assertEqual(self.ask("POST", "/api/login", body | {"verificationCode": "no code"})[0], 403)
        code = totp()
        answer = self.get("POST", "/api/login", body | {"verificationCode": code, "tfaCode": code})
        self.assertEqual(answer["user"]["name"], "carol")

    def legacy_book(self):
        gzip = {"Accept-Encoding": "gzip", **JSON}
        self.get("GET", "/api/ab", headers=gzip)
        push = request_example("POST", "/api/ab")
        self.done("POST", "/api/ab", push)
        self.assertEqual(self.get("GET", "/api/ab", headers=gzip)["data"], push["data"])
        self.assertEqual(self.get("POST", "/api/ab/get", {})["data"], push["data"])
        for data in ({}, "", "e", "[]", "null", "{"):
            self.assertEqual(self.ask("POST", "/api/ab", {"data": data})[0], 400, data)

    def books(self):
        page = "current=1&pageSize=100"
        self.get("POST", "/api/ab/settings")
        own = self.get("POST", "/api/ab/personal")["guid"]
        shared = self.get("POST", f"/api/ab/shared/profiles?{page}")["data"][0]["guid"]
        self.get("POST", "/api/ab/shared/profiles?current=2&pageSize=100")
        self.assertEqual(self.ask("POST", "/api/ab/peers?current=0&ab=" + own)[0], 400)
        for guid in (own, shared):
            self.fill(guid)
            peers = self.get("POST", f"/api/ab/peers?{page}&ab={guid}")
            self.assertEqual((peers["total"], peers["data"][0]["tags"]), (2, ["HQ"]))
            self.assertEqual(self.get("POST", f"/api/ab/tags/{guid}")[0]["name"], "HQ")
            self.done("DELETE", f"/api/ab/tag/{guid}", ["HQ"])
            self.done("DELETE", f"/api/ab/peer/{guid}",
                      request_example("DELETE", "/api/ab/peer/{guid}"))
            self.assertEqual(self.get("POST", f"/api/ab/tags/{guid}"), [])
        reader = self.login("bob")
        self.assertEqual(self.ask("POST", f"/api/ab/tags/{own}", token=reader)[0], 403)
        self.get("POST", f"/api/ab/tags/{shared}", token=reader)

    def fill(self, guid):
        self.done("POST", f"/api/ab/tag/add/{guid}", {"name": "office", "color": 0xFF2196F3})
        for name in ("typed", "chosen"):
            self.done("POST", f"/api/ab/peer/add/{guid}",
                      request_example("POST", "/api/ab/peer/add/{guid}", name))
        self.done("POST", f"/api/ab/peer/add/{guid}", {"id": "987654321", "tags": ["office"]})
        for body in request_example("PUT", "/api/ab/peer/update/{guid}", "forget-password"), \
                {"id": "123456789", "tags": ["office"]}, {"id": "123456789", "note": "Zoë 漢字"}:
            self.done("PUT", f"/api/ab/peer/update/{guid}", body)
        self.assertEqual(self.ask("PUT", f"/api/ab/peer/update/{guid}", {"id": "1"})[0], 404)
        self.done("PUT", f"/api/ab/tag/rename/{guid}", {"old": "office", "new": "HQ"})
        self.done("PUT", f"/api/ab/tag/update/{guid}", {"name": "HQ", "color": 0xFFFFFFFF})

    def devices(self):
        self.get("POST", "/api/sysinfo_ver")
        beat = request_example("POST", "/api/heartbeat")
        self.assertEqual(self.get("POST", "/api/heartbeat", beat)["sysinfo"], True)
        info = request_example("POST", "/api/sysinfo")
        self.assertEqual(self.get("POST", "/api/sysinfo", info), b"SYSINFO_UPDATED")
        self.assertNotIn("sysinfo", self.get("POST", "/api/heartbeat", beat))
        self.assertEqual(self.ask("POST", "/api/sysinfo", info | {"uuid": "b3RoZXI="})[0], 403)
        grant = request_example("POST", "/api/switch-grant")
        self.assertIs(self.get("POST", "/api/switch-grant", grant)["accepted"], False)
        for path in ("device-group/accessible?", "users?accessible&status=1&",
                     "peers?accessible&status=1&"):
            answer = self.get("GET", f"/api/{path}current=1&pageSize=100", headers={})
            self.assertGreater(answer["total"], 0, path)

    def audits(self):
        for name in ("opened", "authorised", "authorised"):
            self.done("POST", "/api/audit/conn", request_example("POST", "/api/audit/conn", name))
        active = "/api/audit/conn/active?id=123456789&conn_type=0&session_id="
        self.assertIsNone(self.get("GET", active + "1"))
        guid = self.get("GET", active + "13835058055282163712")
        self.done("PUT", "/api/audit", {"guid": guid, "note": "fixed the printer"})
        self.assertEqual(self.ask("PUT", "/api/audit", {"guid": "other", "note": ""})[0], 403)
        for name in ("note", "closed"):
            self.done("POST", "/api/audit/conn", request_example("POST", "/api/audit/conn", name))
        for path in ("/api/audit/file", "/api/audit/alarm"):
            self.done("POST", path, request_example("POST", path))

    def scripts_and_files(self):
        for path in ("/api/devices/deploy", "/api/devices/cli"):
            self.ask("POST", path, request_example("POST", path), token=SCRIPT_TOKEN)
            self.ask("POST", path, {"id": "1"}, token=SCRIPT_TOKEN)
        assigned = {name: request_example("POST", "/api/devices/cli")[name] for name in ("id", "uuid", "note")}
        self.done("POST", "/api/devices/cli", assigned | {"address_book_name": "Support"}, token=SCRIPT_TOKEN)
        path = "/lic/web/api/plugin-sign"
        signed = self.get("POST", path, request_example("POST", path))["signed_msg"]
        self.assertEqual(bytes(signed[-5:]), b"hello")
        file = "/api/record?file=incoming_1_20260101120000123_display0_vp9.webm&type="
        for query, body in (("new", b""), ("part&offset=0&length=5", b"12345"),
                            ("part&offset=3&length=4", b"4567"), ("tail&offset=0&length=2", b"ab"),
                            ("remove", b"")):
            self.done("POST", file + query, body, headers={})
        for query in ("other", "part&offset=0&length=5", "remove"):
            self.assertEqual(self.ask("POST", file + query, headers={})[0], 400)
        for method in ("HEAD", "GET"):
            self.assertEqual(self.ask(method, "/downloads/nothing.exe", headers={})[0], 404)
        self.get("HEAD", "/downloads/client.exe", headers={})
        self.assertEqual(self.get("GET", "/downloads/client.exe", headers={}), b"MZ of a client")
        for part, answer in (("bytes=3-4", (206, b"of")), ("bytes=-6", (206, b"client"))):
            self.assertEqual(self.ask("GET", "/downloads/client.exe", headers={"Range": part}), answer)
        nothing = self.ask("GET", "/downloads/client.exe", headers={"Range": "bytes=99-"})
        self.assertEqual(nothing[0], 416)

    def converse(self):
        self.accounts()
        self.legacy_book()
        self.books()
        self.devices()
        self.audits()
        self.scripts_and_files()

    def test_what_clients_do(self):
        self.begin()
        self.converse()
        self.assertEqual(set(DOCUMENT.operations) - self.succeeded, set())

    def test_wrong_servers_are_noticed(self):
        for fault in FAULTS:
            with self.subTest(fault):
                with self.assertRaises(Broken):
                    self.begin("--fault", fault)
                    self.converse()
                self.doCleanups()
                self.setUp()

    def test_what_clients_should_not_do(self):
        self.begin()
        bodies = (b"", b"null", b"[]", b"{}", b"{", b'"\xff"', b'{"id":1,"uuid":[],"data":null}',
                  b"[" * 5000, b'{"id":"' + b"a" * 100_000 + b'","uuid":"dQ=="}')
        for (method, template), operation in DOCUMENT.operations.items():
            path = template.replace("{guid}", "no-such-book").replace("{name}", "nothing")
            # The token is needed longer than the first logout.
            token = "no-token" if template == "/api/logout" else None
            for body in bodies:
                self.ask(method, path, body, token=token)
            if "security" not in operation:
                continue
            for header in ("", "Bearer", "Bearer ", "Basic YTpi", "Bearer " + "x" * 5000):
                answer = self.ask(method, path, headers=JSON | {"Authorization": header}, token="")
                self.assertEqual(answer, (401, {"error": "Invalid token"}), (method, path, header))


if __name__ == "__main__":
    main()
