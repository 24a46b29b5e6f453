#!/usr/bin/env python3
"""The gate that a server author puts into CI: a target file, a baseline, and what they make of a run."""

import json
import signal
import xml.etree.ElementTree

from harness import Case, Process, deskcheck, main

QUICK = "RDV-REGPEER-02"  # judged by one case, which needs no time
CASE = "rendezvous/register-peer/unknown-id"
FAULT = "forgets-request-pk"
ENTRY = f"""
  - case: {CASE}
    fails: wrong value
    reason: issue 12
"""


class Files(Case):
    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def report(self):
        return json.loads(self.read("r.json"))


class Baseline(Files):
    def run_with(self, entries, *arguments):
        baseline = self.write("known.yaml", "known-failures:\n" + entries)
        return deskcheck("run", "--virtual-time", "--filter", QUICK, "--baseline", baseline,
                         "--json", self.path("r.json"), "--junit", self.path("r.xml"), *arguments)

    def assert_exit(self, result, code):
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertEqual(self.report()["exit_code"], code)

    def failed_tests(self):
        tests = xml.etree.ElementTree.parse(self.path("r.xml")).getroot().iter("testcase")
        return [test.get("name") for test in tests if test.find("failure") is not None]

    def test_listed_failure(self):
        result = self.run_with(ENTRY, "--fault", FAULT)
        self.assert_exit(result, 0)
        self.assertIn("does not conform, as known", result.stdout)
        self.assertIn("expected failure", result.stdout)
        self.assertEqual(self.failed_tests(), [])
        self.assertEqual(self.report()["baseline"]["stale"], [])

    def test_other_kind_of_failure(self):
        result = self.run_with(ENTRY.replace("wrong value", "no answer"), "--fault", FAULT)
        self.assert_exit(result, 1)
        self.assertEqual(self.failed_tests(), ["unknown-id"])

    def test_stale(self):
        result = self.run_with(ENTRY)
        self.assert_exit(result, 5)
        self.assertIn("known.yaml:3", result.stdout)
        self.assertIn("stale", result.stdout)
        self.assertEqual(self.failed_tests(), ["unknown-id", self.path("known.yaml") + ":3"])
        self.assertEqual(self.report()["baseline"]["stale"][0]["where"],
                         self.path("known.yaml") + ":3")

    def test_expired(self):
        result = self.run_with(ENTRY + "    expires: 2020-02-29\n", "--fault", FAULT)
        self.assert_exit(result, 5)
        self.assertIn("expired on 2020-02-29", result.stdout)
        self.assertEqual(len(self.report()["baseline"]["expired"]), 1)
        self.assert_exit(self.run_with(ENTRY + "    expires: 9999-12-31\n", "--fault", FAULT), 0)

    def test_owner_stands_beside_the_entry(self):
        result = self.run_with(ENTRY + "    owner: ann\n")
        self.assert_exit(result, 5)
        self.assertIn("remove the entry (owner: ann)", result.stdout)
        self.assertEqual(self.report()["baseline"]["entries"][0]["owner"], "ann")

    def test_flaky_is_counted_apart(self):
        flaky = ENTRY + "    flaky: true\n    expires: 9999-12-31\n    owner: ann\n"
        result = self.run_with(flaky, "--fault", FAULT, "--repeat", "3")
        self.assert_exit(result, 0)
        self.assertIn("is flaky: failed 3 of 3 times (owner: ann)", result.stdout)
        self.assertEqual(self.failed_tests(), [])
        self.assertEqual(self.report()["cases_by_status"]["known flaky"], 3)
        self.assertEqual(self.report()["cases_by_status"]["expected failure"], 0)
        self.assertIsNone(self.report()["verdict"]["conforms"])
        result = self.run_with(flaky)  # never stale
        self.assert_exit(result, 0)
        self.assertNotIn("is flaky", result.stdout)

    def test_patterns_have_limits(self):
        pattern = ENTRY.replace("unknown-id", "*")
        result = self.run_with(pattern, "--fault", FAULT)
        self.assertEqual(result.returncode, 2)
        self.assertIn("known.yaml:3:11: this pattern has no limit; add 'at-most: N'", result.stderr)
        self.assert_exit(self.run_with(pattern + "    at-most: 2\n", "--fault", FAULT), 0)
        result = self.run_with(pattern + "    at-most: 1\n", "--fault", FAULT)
        self.assert_exit(result, 1)
        self.assertIn("may excuse 1 failure, and 2 are like that", result.stdout)
        self.assertEqual(len(self.report()["baseline"]["exceeded"]), 1)

    def test_the_ratchet_wants_low_limits(self):
        slack = ENTRY.replace("unknown-id", "unknown-*") + "    at-most: 9\n"
        self.assert_exit(self.run_with(slack, "--fault", FAULT), 0)
        result = self.run_with(slack, "--ratchet", "--fault", FAULT)
        self.assert_exit(result, 5)
        self.assertIn("may excuse 9 failures, and 2 are left: lower at-most", result.stdout)
        self.assert_refused(deskcheck("run", "--ratchet"), 2, "--ratchet needs --baseline")

    def test_until_failure_goes_on_after_known_ones(self):
        result = self.run_with(ENTRY, "--fault", FAULT, "--until-failure", "--repeat", "2")
        self.assert_exit(result, 0)

    def test_mistakes_have_a_place(self):
        result = self.run_with(ENTRY.replace("unknown-id", "unknown-ids"))
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout, "")
        first, source, caret = result.stderr.splitlines()
        self.assertIn("known.yaml:3:11: ", first)
        self.assertIn(f"did you mean {CASE}", first)
        self.assertEqual(caret.index("^"), source.index("rendezvous"))

    def test_file_that_is_not_there(self):
        self.assert_refused(deskcheck("run", "--virtual-time", "--baseline", self.path("no.yaml")), 2,
                            "no.yaml", "--update-baseline")


class Update(Files):
    def update(self, *arguments):
        return deskcheck("run", "--virtual-time", "--baseline", self.path("known.yaml"),
                         "--update-baseline", *arguments)

    def judge(self, *arguments):
        return deskcheck("run", "--virtual-time", "--baseline", self.path("known.yaml"), *arguments)

    def test_life_of_a_baseline(self):
        # Adopted: everything that fails is listed, and the next run is green.
        result = self.update("--fault", FAULT, "--reason", "as adopted")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("entries added, 0 removed, 0 kept", result.stdout)
        first = self.read("known.yaml")
        self.assertIn(f"  - case: {CASE}\n    requirement: {QUICK}\n    fails: wrong value\n", first)
        self.assertEqual(self.judge("--fault", FAULT).returncode, 0)
        # A new failure is red. Listed without a reason, the file cannot be used until it has one.
        other = f"{FAULT},accepts-foreign-uuid"
        self.assertEqual(self.judge("--fault", other).returncode, 1)
        result = self.update("--fault", other)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("need a reason", result.stdout)
        self.assertTrue(self.read("known.yaml").startswith(first))
        result = self.judge("--fault", other)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn("the reason is empty", result.stderr)
        filled = self.read("known.yaml").replace('reason: ""', "reason: issue 13  # soon")
        self.write("known.yaml", filled)
        self.assertEqual(self.judge("--fault", other).returncode, 0)
        # Mended: stale until it is taken out, which leaves the other entries as they are.
        self.assertEqual(self.judge("--fault", FAULT).returncode, 5)
        result = self.update("--fault", FAULT)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("known.yaml"), first)

    def test_the_ratchet_adds_nothing(self):
        self.update("--fault", FAULT, "--reason", "as adopted")
        first = self.read("known.yaml")
        result = self.update("--ratchet", "--fault", f"{FAULT},accepts-foreign-uuid")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)  # the new ones are red
        self.assertEqual(self.read("known.yaml"), first)
        result = self.update("--ratchet")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("known-failures: []", self.read("known.yaml"))
        self.assert_refused(self.update("--ratchet", "--reason", "x"), 2, "--ratchet adds none")

    def test_partial_runs_are_refused(self):
        for flag in (["--filter", QUICK], ["--level", "must"], ["--until-failure"], ["--shard", "1/2"],
                     ["--profile", "relay"]):
            self.assert_refused(self.update(*flag), 2, "whole run", flag[0])
        self.assert_refused(deskcheck("run", "--virtual-time", "--update-baseline"), 2, "--baseline")
        self.assert_refused(self.judge("--reason", "x"), 2, "--update-baseline")

    def test_interrupted_runs_change_nothing(self):
        text = "known-failures: # none so far\n"
        self.write("known.yaml", text)
        run = self.start(Process("run", "--baseline", self.path("known.yaml"), "--update-baseline"))
        run.next_line()  # some case has ended, the slow ones have not
        run.send(signal.SIGINT)
        self.assertEqual(run.wait(), 1)
        self.assertEqual(self.read("known.yaml"), text)
        line, = run.errors
        self.assertIn("is unchanged: --update-baseline needs a whole run, and the run was interrupted",
                      line)

    def test_a_budget_that_leaves_cases_out_changes_nothing(self):
        text = "known-failures: []\n"
        self.write("known.yaml", text)
        # Not one of its own, for which the default ports of this machine would have to be free.
        server = self.server()
        result = deskcheck("run", "--host", "127.0.0.1", "--port-base", server.port, "--key", server.key,
                           "--baseline", self.path("known.yaml"), "--update-baseline", "--budget", "1s")
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        line, = result.stderr.splitlines()
        self.assertIn("is unchanged: --update-baseline needs a whole run, and --budget left out", line)
        self.assertEqual(self.read("known.yaml"), text)

    def test_cases_that_do_too_much_are_no_whole_run(self):
        self.write("known.yaml", "known-failures: []\n")
        result = self.update("--effects", "reads,creates")
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn("cases do more than --effects allows; say --effects all", result.stderr)

    def test_folder_that_is_not_there(self):
        self.assert_refused(deskcheck("run", "--virtual-time", "--update-baseline", "--baseline",
                                      self.path("no/known.yaml")), 2, "no/known.yaml")


class TargetFile(Files):
    def folder(self, server, more=""):
        return self.write("target.yaml", f"""
target: {{name: my-server, version: 2.1, host: 127.0.0.1, key: "{server.key}"}}
ports: {{rendezvous: {server.port}, nat: {server.port - 1}, relay: {server.port + 1}}}
baseline: known.yaml
{more}
""")

    def test_regression_known_failure_and_stale_entry(self):
        right, wrong = self.server(), self.server("--fault", FAULT)

        def run(server):
            # A flag that takes a list does not swallow the file.
            return deskcheck("run", "--json", self.path("r.json"), "--filter", QUICK,
                             self.folder(server))
        self.write("known.yaml", "known-failures:\n")
        result = run(right)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("my-server 2.1: conforms", result.stdout)
        self.assertEqual(self.report()["target"]["version"], "2.1")
        self.assertEqual(run(wrong).returncode, 1)
        self.write("known.yaml", "known-failures:" + ENTRY)
        self.assertEqual(run(wrong).returncode, 0)
        self.assertEqual(run(right).returncode, 5)

    def test_dry_run_shows_it(self):
        target = self.folder(self.server(), "without: [relay.limits]\n"
                                            "relay-servers: [r.example:21117]")
        self.write("known.yaml", "known-failures:" + ENTRY)
        result = deskcheck("run", target, "--dry-run", "--host", "127.0.0.9")
        self.assertEqual(result.returncode, 0, result.stderr)
        for words in ("my-server 2.1", "127.0.0.9:", "without     relay.limits", "r.example:21117",
                      "known.yaml, 1 entries"):
            self.assertIn(words, result.stdout)

    def test_flags_win_over_the_file(self):
        server = self.server()
        target = self.write("target.yaml", f"target: {{host: no-such-host.invalid, key: '{server.key}'}}")
        result = deskcheck("run", target, "--host", "127.0.0.1", "--port-base", server.port,
                           "--filter", QUICK)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_mistakes_have_a_place(self):
        target = self.write("target.yaml", "target: {hots: 127.0.0.1}\n")
        result = deskcheck("run", target)
        self.assertEqual(result.returncode, 2)
        self.assertIn("target.yaml:1:10: unknown key 'hots'; did you mean 'host'?", result.stderr)
        for name in ("no.yaml", ""):
            self.assert_refused(deskcheck("run", self.path(name)), 2, self.path(name), "target file")

    def test_file_that_never_ends(self):
        result = deskcheck("run", "/dev/zero")
        self.assertEqual(result.returncode, 2)
        self.assertIn("at most", result.stderr)

    def test_what_excludes_it(self):
        target = self.write("target.yaml", "target: {host: 127.0.0.1}\n")
        self.assert_refused(deskcheck("run", target, "--virtual-time"), 2, "--virtual-time")
        self.assert_refused(deskcheck("run", target, "--fault", FAULT), 2, "--fault")

    def test_schemas_are_json(self):
        for flag in ("--target-schema", "--baseline-schema"):
            self.assertIn("title", json.loads(deskcheck("run", flag).stdout))


class ForBuildServers(Files):
    def run_with(self, *arguments):
        return deskcheck("run", "--virtual-time", "--filter", QUICK, "--github",
                         "--markdown", self.path("r.md"), "--badge", self.path("badge.json"),
                         *arguments, environment={"GITHUB_STEP_SUMMARY": self.path("summary.md")})

    def annotations(self, result):
        return [line for line in result.stdout.splitlines() if line.startswith("::")]

    def test_green(self):
        self.write("summary.md", "of the step before\n")
        result = self.run_with()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.annotations(result), [])
        self.assertTrue(self.read("summary.md").startswith("of the step before\n## "))
        self.assertIn("conforms", self.read("r.md"))
        self.assertEqual(json.loads(self.read("badge.json"))["color"], "brightgreen")

    def test_red(self):
        result = self.run_with("--fault", FAULT)
        self.assertEqual(result.returncode, 1, result.stderr)
        annotation, = self.annotations(result)
        self.assertTrue(annotation.startswith(f"::error title=fail%3A {CASE}::"), annotation)
        self.assertIn(QUICK, annotation)
        self.assertIn(CASE, self.read("summary.md"))
        self.assertEqual(json.loads(self.read("badge.json"))["message"], "does not conform")

    def test_stale_entry_is_shown_in_its_file(self):
        baseline = self.write("known.yaml", "known-failures:" + ENTRY)
        annotation, = self.annotations(self.run_with("--baseline", baseline))
        self.assertTrue(annotation.startswith(f"::error file={baseline},line=2,title="), annotation)
        self.assertIn("stale", annotation)

    def test_outside_of_github_there_is_no_summary(self):
        result = deskcheck("run", "--virtual-time", "--filter", QUICK, "--github",
                           environment={"GITHUB_STEP_SUMMARY": ""})
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_files_that_cannot_be_written(self):
        for flag in ("--markdown", "--badge"):
            self.assert_refused(deskcheck("run", "--virtual-time", "--filter", QUICK, flag,
                                          self.path("no/file")), 2, "no/file")


if __name__ == "__main__":
    main()
