#!/usr/bin/env python3
"""`deskcheck run --metamorph` and `deskcheck list --coverage`, as a user sees them."""

from harness import Case, deskcheck, main


class Metamorph(Case):
    def test_a_right_server_has_the_same_verdicts(self):
        for world in (["--virtual-time"], []):
            result = deskcheck("run", "--filter", "punch/sent/*", "--metamorph", *world)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertIn("with streams cut into single bytes: the same verdicts", result.stdout)
            self.assertEqual("with datagrams shuffled: the same verdicts" in result.stdout,
                             bool(world))

    def test_a_server_that_needs_whole_segments(self):
        arguments = ["run", "--filter", "punch/sent/*", "--virtual-time", "--fault",
                     "one-segment-one-frame"]
        plain = deskcheck(*arguments)
        self.assertEqual(plain.returncode, 0, plain.stdout)
        result = deskcheck(*arguments, "--metamorph")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertRegex(result.stdout, r"punch/sent/answer +PCH-SENT-01 +pass, with streams cut")
        self.assertIn("with datagrams shuffled: the same verdicts", result.stdout)

    def test_a_budget_leaves_nothing_to_compare(self):
        result = deskcheck("run", "--metamorph", "--budget", "10s")
        self.assert_refused(result, 2, "--metamorph", "--budget")


class Coverage(Case):
    def test_of_the_suite(self):
        result = deskcheck("list", "--coverage")
        self.assertEqual(result.returncode, 0, result.stdout[-2000:] + result.stderr)
        self.assertRegex(result.stdout, r"RDV-REGPK-05 +MUST +pass +rendezvous/register-pk/")
        self.assertRegex(result.stdout, r"rendezvous and relay +251 ")
        self.assertNotIn("MISSING", result.stdout)

    def test_of_a_report(self):
        report = self.path("r.json")
        deskcheck("run", "--virtual-time", "--filter", "RDV-REGPEER-02", "--fault",
                  "forgets-request-pk", "--json", report)
        result = deskcheck("list", "--coverage", "--report", report, "RDV-REGPEER-02",
                           "RDV-REGPK-05")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"RDV-REGPEER-02 +MUST +fail ")
        self.assertRegex(result.stdout, r"RDV-REGPK-05 +MUST +not run")

    def test_of_what_is_no_report(self):
        with open(self.path("no.json"), "w", encoding="utf-8") as file:
            file.write("{}")
        self.assert_refused(deskcheck("list", "--coverage", "--report", self.path("no.json")), 2,
                            "no.json")
        self.assert_refused(deskcheck("list", "--coverage", "no-such-*"), 2, "no-such-*")


if __name__ == "__main__":
    main()
