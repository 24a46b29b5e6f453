#!/usr/bin/env python3
"""Both worlds give the same verdict for every case. Takes as long as the longest timer of the
protocol, about a minute."""

import json

from harness import Case, deskcheck, main

LONGEST_TIMER = 61  # seconds: the pause that ends a block of registrations
# A quiet machine needs less than 5 s more. Sanitizers and busy machines take their time; cases that do
# not run side by side would take many times that.
SLACK = 30


class Worlds(Case):
    def verdicts(self, *arguments):
        result = deskcheck("run", "--json", self.path("r.json"), *arguments, limit=300)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(report["exit_code"], result.returncode)
        return {(case["id"], check["requirement"]): check["status"]
                for case in report["cases"] for check in case["checks"]}, report

    def test_same_verdicts(self):
        simulated, virtual_report = self.verdicts("--virtual-time")
        real, real_report = self.verdicts()
        self.assertEqual(real, simulated)
        self.assertEqual({case["id"]: case["status"] for case in real_report["cases"]},
                         {case["id"]: case["status"] for case in virtual_report["cases"]})
        self.assertLessEqual(real_report["seconds"], LONGEST_TIMER + SLACK)


if __name__ == "__main__":
    main()
