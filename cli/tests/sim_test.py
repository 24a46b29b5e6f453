#!/usr/bin/env python3
"""`deskcheck sim` and `deskcheck run --cases`: scenarios as a user writes and plays them."""

import json
import pathlib
import signal

import jsonschema
import yaml

from harness import Case, Process, deskcheck, main

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "docs" / "scenarios"

ASK = """\
title: The server answers
roles: {pc: udp}
steps:
  - role: pc
    send: {register_peer: {id: "${pc.id}", serial: 3}}
    expect: {register_peer_response: {request_pk: true}}
    checks: RDV-REGPEER-02
"""


class Sim(Case):
    def write(self, text, name="s.yaml"):
        path = self.path(name)
        pathlib.Path(path).write_text(text, encoding="utf-8")
        return path

    def test_passes_in_both_worlds(self):
        file = self.write(ASK)
        for world in ([], ["--virtual-time"]):
            result = deskcheck("sim", file, *world)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertRegex(result.stdout, r"^scenario/s: 1 passed \(.* time, seed \d+\)\n$")

    def test_shows_the_conversation_if_asked(self):
        result = deskcheck("sim", self.write(ASK), "--virtual-time", "--show")
        self.assertIn("register_peer_response {request_pk: true}", result.stdout)

    def test_a_failure_comes_with_its_evidence(self):
        file = self.write(ASK)
        result = deskcheck("sim", file, "--virtual-time", "--seed", 1, "--fault", "forgets-request-pk")
        self.assertEqual(result.returncode, 1)
        for words in ("failed  scenario/s: The server answers",
                      f"step      {file}:4: pc sends register_peer and expects register_peer_response",
                      "expected  register_peer_response {request_pk: true}",
                      "actual    register_peer_response {request_pk: false} (request_pk is false)",
                      "judges    RDV-REGPEER-02",
                      "<- udp 10.0.0.1:", "scenario/s: 1 failed"):
            self.assertIn(words, result.stdout)

    def test_many_instances_against_a_server_elsewhere(self):
        server = self.server()
        result = deskcheck("sim", self.write(ASK), "--host", "127.0.0.1", "--port-base", server.port,
                           "--key", server.key, "--instances", 40)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("40 passed", result.stdout)

    def test_many_failures_show_a_few_conversations(self):
        result = deskcheck("sim", self.write(ASK), "--virtual-time", "--fault", "forgets-request-pk",
                           "--instances", 10)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout.count("conversation"), 3)
        self.assertIn("and 7 more instances", result.stdout)
        self.assertIn("10 failed", result.stdout)

    def test_a_target_file(self):
        server = self.server()
        target = self.write(f"target: {{host: 127.0.0.1, key: {server.key}}}\n"
                            f"ports: {{rendezvous: {server.port}}}\n", "target.yaml")
        result = deskcheck("sim", self.write(ASK), target)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_nobody_there(self):
        server = self.server()
        server.stop()
        result = deskcheck("sim", self.write(ASK), "--host", "127.0.0.1", "--port-base", server.port)
        self.assert_refused(result, 3, "no server answers")

    def test_ctrl_c(self):
        file = self.write("title: t\nroles: {pc: udp}\nsteps: [{note: waiting}, {wait: 10m}]\n")
        process = self.start(Process("sim", file))
        # Before its signal handler is there, the signal would end it: with the same code as here.
        process.send(signal.SIGINT)
        self.assertIn(process.wait(), (1, -signal.SIGINT))

    def test_check_shows_every_mistake_with_its_spot(self):
        file = self.write(ASK.replace("register_peer_response", "register_peer_respnse")
                          .replace("pc: udp", "pc: upd"))
        result = deskcheck("sim", "--check", file)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout, "")
        self.assertIn(f"{file}:2:13: ", result.stderr)
        self.assertIn(f"{file}:6:14: unknown key 'register_peer_respnse'; "
                      "did you mean 'register_peer_response'?\n"
                      "    6 |     expect: {register_peer_respnse: {request_pk: true}}\n"
                      "      |              ^\n", result.stderr)

    def test_check_of_what_is_right(self):
        for file in GALLERY.glob("*.yaml"):
            result = deskcheck("sim", "--check", file)
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_files_that_cannot_be_read(self):
        for file, words in ((self.path("no.yaml"), "cannot read"), (self.scratch, "a folder"),
                            (self.write(""), "the file is empty")):
            self.assert_refused(deskcheck("sim", file), 2, words)

    def test_wrong_use(self):
        file = self.write(ASK)
        self.assert_refused(deskcheck("sim"), 2, "a scenario is missing")
        self.assert_refused(deskcheck("sim", file, "--instances", 0), 2, "--instances")
        self.assert_refused(deskcheck("sim", file, "--virtual-time", "--host", "127.0.0.1"), 2, "--host")
        self.assert_refused(deskcheck("sim", file, "--fault", "nope"), 2, "nope")
        self.assert_refused(deskcheck("sim", file, "--fault", "relay-talks", "--host", "127.0.0.1"),
                            2, "--fault")

    def test_schema_is_one_that_others_understand(self):
        schema = json.loads(deskcheck("sim", "--schema").stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        for file in GALLERY.glob("*.yaml"):
            scenario = yaml.safe_load(file.read_text(encoding="utf-8"))
            self.assertEqual([e.message for e in validator.iter_errors(scenario)], [], file)
        # docs/scenario.schema.json is what editors use: deskcheck sim --schema | python3 -m json.tool
        installed = GALLERY.parent / "scenario.schema.json"
        self.assertEqual(json.loads(installed.read_text(encoding="utf-8")), schema)
        wrong = yaml.safe_load(ASK.replace("request_pk", "request_kp"))
        self.assertTrue(list(validator.iter_errors(wrong)))


class Cases(Case):
    def test_the_gallery_joins_the_suite(self):
        arguments = ("run", "--virtual-time", "--seed", 1, "--cases", GALLERY)
        listed = deskcheck(*arguments, "--filter", "scenario/*", "--list").stdout
        self.assertIn("scenario/punch-hole", listed)
        self.assertIn("PCH-FWD-02", listed)
        result = deskcheck(*arguments, "--filter", "scenario/*")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn(f"{len(list(GALLERY.glob('*.yaml')))} cases", result.stdout)
        # Filters over requirements find scenarios beside the built-in cases.
        both = deskcheck(*arguments, "--filter", "RDV-REGPK-08", "--list").stdout
        self.assertIn("rendezvous/register-pk/new-address", both)
        self.assertIn("scenario/new-address", both)

    def test_the_same_verdicts_and_evidence(self):
        result = deskcheck("run", "--virtual-time", "--seed", 1, "--cases", GALLERY, "--filter",
                           "scenario/register", "--fault", "forgets-request-pk",
                           "--json", self.path("r.json"))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for words in ("fail           scenario/register", "to blame: target", "RDV-REGPEER-02 MUST",
                      "expected  register_peer_response {request_pk: true}", "harm", "conversation",
                      f"--cases '{GALLERY}'"):
            self.assertIn(words, result.stdout)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        (case,) = report["cases"]
        self.assertEqual((case["id"], case["status"]), ("scenario/register", "fail"))

    def test_mistakes_end_the_run_before_it_begins(self):
        pathlib.Path(self.path("one.yaml")).write_text(
            ASK.replace("RDV-REGPEER-02", "RDV-REGPER-02"), encoding="utf-8")
        result = deskcheck("run", "--virtual-time", "--cases", self.scratch)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout, "")
        self.assertIn("one.yaml:7:13: there is no requirement RDV-REGPER-02; "
                      "did you mean RDV-REGPEER-02?", result.stderr)


if __name__ == "__main__":
    main()
