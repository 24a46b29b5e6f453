#!/usr/bin/env python3
"""The JSON report, held against docs/report.schema.json, and the page that is made of it."""

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


class Page(Case):
    def setUp(self):
        super().setUp()
        self.run_suite("--json", self.path("r.json"))

    def run_suite(self, *arguments):
        result = deskcheck("run", "--virtual-time", "--filter", "RDV-REGPEER-02", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)

    def render(self, text):
        with open(self.path("other.json"), "w", encoding="utf-8") as file:
            file.write(text)
        return deskcheck("report", self.path("other.json"), "--html", self.path("r.html"))

    def test_run_and_report_write_the_same_page(self):
        self.run_suite("--json", self.path("r.json"), "--html", self.path("now.html"))
        result = deskcheck("report", self.path("r.json"), "--html", self.path("later.html"))
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        pages = [pathlib.Path(self.path(name)).read_text(encoding="utf-8")
                 for name in ("now.html", "later.html")]
        self.assertEqual(*pages)
        self.assertIn("<h1>reference server: conforms</h1>", pages[0])

    def test_what_is_no_report(self):
        report = pathlib.Path(self.path("r.json")).read_text(encoding="utf-8")
        for text, words in (
                ("", "ends in its middle"),
                (report[:-200], "ends in its middle"),
                (report.replace('{"format"', '{{"format"'), "at byte"),
                ("[1, 2]", "not a report of deskcheck"),
                ('{"format": "something else"}', "not a report of deskcheck"),
                (report.replace('"format_version":2', '"format_version":7'), "format version 7"),
                (report.replace('"format_version":2,', ""), "format version unknown"),
                (report.replace('"cases":[', '"case":['), '"cases" is missing')):
            self.assert_refused(self.render(text), 2, "other.json", words)
        self.assertFalse(pathlib.Path(self.path("r.html")).exists(), "a page was written")

    def test_files(self):
        page = self.path("r.html")
        self.assert_refused(deskcheck("report", self.path("none.json"), "--html", page), 2,
                            "none.json", "No such file")
        self.assert_refused(deskcheck("report", self.scratch, "--html", page), 2, "directory")
        self.assert_refused(deskcheck("report", self.path("r.json"), "--html", self.path("no/r.html")), 2,
                            "no/r.html")
        self.assert_refused(deskcheck("report", self.path("r.json")), 2, "--html")


class Compare(Case):
    def report(self, name, *arguments):
        deskcheck("run", "--virtual-time", "--seed", "7", "--json", self.path(name), *arguments)
        return self.path(name)

    def test_what_differs(self):
        good = self.report("good.json", "--filter", "RDV-REGPEER-02,RDV-REGPK-03")
        bad = self.report("bad.json", "--filter", "RDV-REGPEER-02,RDV-REGPK-05",
                          "--fault", "forgets-request-pk")
        result = deskcheck("compare", good, bad, good, "--html", self.path("c.html"))
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = {line.split()[0]: line.split()[2:5] for line in result.stdout.splitlines() if "-REG" in line}
        self.assertEqual(rows["RDV-REGPEER-02"], ["pass", "fail", "pass"])
        self.assertEqual(rows["RDV-REGPK-03"][1], ".")
        self.assertEqual(rows["RDV-REGPK-05"][:2], [".", "pass"])
        self.assertIn("B  reference server, ", result.stdout)
        self.assertIn("does not conform: 2 MUST", result.stdout)
        page = pathlib.Path(self.path("c.html")).read_text(encoding="utf-8")
        for text in ("RDV-REGPEER-02", ">fail</td>", "bad.json", "does not conform: 2 MUST"):
            self.assertIn(text, page)
        self.assertNotIn("<script", page)

    def test_nothing_differs(self):
        report = self.report("r.json", "--filter", "RDV-REGPEER-02")
        result = deskcheck("compare", report, report)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(" 0 with different ones", result.stdout)

    def test_mistakes(self):
        report = self.report("r.json", "--filter", "RDV-REGPEER-02")
        self.assert_refused(deskcheck("compare", report), 2, "At least 2")
        self.assert_refused(deskcheck("compare", report, self.path("none.json")), 2, "none.json")
        with open(self.path("bad.json"), "w", encoding="utf-8") as file:
            file.write("{}")
        self.assert_refused(deskcheck("compare", report, self.path("bad.json")), 2, "bad.json",
                            "not a report")

    def test_hostile_texts_stay_text(self):
        with open(self.report("r.json", "--filter", "RDV-REGPEER-02"), encoding="utf-8") as file:
            report = file.read().replace("reference server", "</table><script>alert(1)</script>")
        with open(self.path("h.json"), "w", encoding="utf-8") as file:
            file.write(report)
        result = deskcheck("compare", self.path("h.json"), self.path("h.json"), "--html", self.path("c.html"))
        self.assertEqual(result.returncode, 0, result.stderr)
        page = pathlib.Path(self.path("c.html")).read_text(encoding="utf-8")
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;", page)


if __name__ == "__main__":
    main()
