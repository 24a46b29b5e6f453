#!/usr/bin/env python3
"""The JSON report, held against docs/report.schema.json."""

import json
import pathlib

import jsonschema

from harness import Case, deskcheck, main

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"


class Schema(Case):
    def report(self, *arguments):
        deskcheck("run", "--virtual-time", "--json", self.path("r.json"), *arguments)
        with open(self.path("r.json"), encoding="utf-8") as file:
            return json.load(file)

    def setUp(self):
        super().setUp()
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def assert_valid(self, report):
        problems = [f"{list(e.absolute_path)}: {e.message}" for e in self.validator.iter_errors(report)]
        self.assertEqual(problems, [])

    def test_right_server(self):
        report = self.report("--filter", "RDV-REGPEER-*")
        self.assert_valid(report)
        self.assertTrue(report["verdict"]["conforms"])

    def test_wrong_server(self):
        report = self.report("--filter", "RDV-*,RLY-*,PCH-*",
                             "--fault", "relay-talks,wire/*/garbage,never-offline")
        self.assert_valid(report)
        self.assertIs(report["verdict"]["conforms"], False)
        events = [event for case in report["cases"]
                  for event in case.get("conversation", {}).get("events", [])]
        self.assertEqual({event["what"] for event in events},
                         {"sent", "received", "connected", "closed", "note"})
        self.assertIn("register_peer", {event.get("message") for event in events})

    def test_schema_tells_reports_from_other_things(self):
        report = self.report("--filter", "RDV-REGPEER-02", "--fault", "forgets-request-pk")
        self.assert_valid(report)
        report["cases"][0]["status"] = "green"
        del report["verdict"]
        self.assertEqual(len(list(self.validator.iter_errors(report))), 2)


if __name__ == "__main__":
    main()
