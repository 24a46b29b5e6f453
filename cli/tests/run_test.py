#!/usr/bin/env python3
"""The suite as a command: against a server over sockets, its reports, its end by Ctrl-C."""

import json
import shlex
import signal
import xml.etree.ElementTree

from harness import Case, Process, deskcheck, main

QUICK = "RDV-REGPEER-02"


class AgainstServer(Case):
    def against(self, server, *arguments):
        return deskcheck("run", "--host", "127.0.0.1", "--port-base", server.port, *arguments)

    def test_right_server(self):
        server = self.server()
        result = self.against(server, "--key", server.key, "--filter", QUICK, "--name", "mine")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("mine: conforms", result.stdout)

    def test_wrong_key(self):
        server, other = self.server(), self.server()
        self.assert_refused(self.against(server, "--key", other.key), 2, "refused", "--key")
        self.assert_refused(self.against(server), 2, "no key was given", "--key")

    def test_wrong_server_gets_evidence(self):
        server = self.server("--fault", "forgets-request-pk")
        result = self.against(server, "--key", server.key, "--filter", QUICK,
                              "--json", self.path("report.json"))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for word in (QUICK, "expected", "actual", "conversation", "does not conform"):
            self.assertIn(word, result.stdout)
        with open(self.path("report.json"), encoding="utf-8") as file:
            failed = [case for case in json.load(file)["cases"] if case["status"] == "fail"]
        self.assertTrue(failed)
        command = shlex.split(failed[0]["reproduce"])
        self.assertEqual(command[0], "deskcheck")
        again = deskcheck(*command[1:])
        self.assertEqual(again.returncode, 1, again.stdout + again.stderr)
        self.assertIn(QUICK, again.stdout)


class Parts(Case):
    def cases(self, *arguments):
        result = deskcheck("run", "--json", self.path("r.json"), *arguments)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(result.returncode, report["exit_code"])
        return report, {case["id"]: case for case in report["cases"]}

    def test_shards_together_are_the_whole(self):
        _, whole = self.cases("--virtual-time", "--filter", "RDV-*")
        parts = [self.cases("--virtual-time", "--filter", "RDV-*", "--shard", f"{i}/3")[1]
                 for i in (1, 2, 3)]
        self.assertEqual(set().union(*parts), set(whole))
        self.assertTrue(all(len(part) < len(whole) for part in parts))

    def test_budget_leaves_out_what_takes_longer(self):
        slow = "rendezvous/register-pk/per-address-pause"  # a minute
        report, cases = self.cases("--budget", "5s", "--filter", f"{slow},{QUICK}")
        self.assertEqual(report["exit_code"], 0)
        self.assertEqual(cases[slow]["status"], "not run")
        self.assertIn("time budget", cases[slow]["why"])
        self.assertIn("the time budget left out", report["verdict"]["text"])
        self.assertIn("pass", [case["status"] for case in cases.values()])


class Reports(Case):
    def test_json_and_junit_say_the_same(self):
        result = deskcheck("run", "--virtual-time", "--filter", "RDV-REGPEER-*",
                           "--fault", "forgets-request-pk", "--json", self.path("r.json"),
                           "--junit", self.path("r.xml"))
        self.assertEqual(result.returncode, 1, result.stderr)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(report["format"], "deskcheck-report")
        self.assertEqual(report["exit_code"], 1)
        cases = {case["id"] for case in report["cases"]}
        failed = {case["id"] for case in report["cases"] if case["status"] == "fail"}
        self.assertTrue(failed)
        tests = list(xml.etree.ElementTree.parse(self.path("r.xml")).getroot().iter("testcase"))
        self.assertEqual(len(tests), len(cases))
        self.assertEqual(sum(test.find("failure") is not None for test in tests), len(failed))

    def test_equal_seeds_give_equal_reports(self):
        def cases(seed):
            deskcheck("run", "--virtual-time", "--filter", "RDV-REGPK-*", "--seed", seed,
                      "--json", self.path("r.json"))
            with open(self.path("r.json"), encoding="utf-8") as file:
                return json.load(file)["cases"]
        self.assertEqual(cases(7), cases(7))

    def test_interrupted_run_writes_what_there_is(self):
        run = self.start(Process("run", "--json", self.path("r.json"), "--junit", self.path("r.xml")))
        first = run.next_line()  # some case has ended, the slow ones have not
        run.send(signal.SIGINT)
        self.assertEqual(run.wait(), 1)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertTrue(report["interrupted"])
        statuses = {case["id"]: case["status"] for case in report["cases"]}
        status, case = first[:15].strip(), first[15:].split()[0]
        self.assertEqual(statuses[case], status)
        self.assertIn("not run", statuses.values())
        xml.etree.ElementTree.parse(self.path("r.xml"))


if __name__ == "__main__":
    main()
