#!/usr/bin/env python3
"""Both worlds give the same verdict for every case. Takes as long as the longest timer of the
protocol, three minutes."""

import json

from harness import Case, deskcheck, main

LONGEST_TIMER = 190  # seconds: a client waits for its user at an identity provider, after its controls
# A quiet machine needs about a second more. Sanitizers and busy machines take their time; cases that do
# not run side by side would take many times that.
SLACK = 30


# On loopback every source is the operator's, and these ask what strangers may do.
NOT_ON_LOOPBACK = {"config/stranger", "console/strangers"}


class Worlds(Case):
    def verdicts(self, *arguments):
        result = deskcheck("run", "--json", self.path("r.json"), *arguments, limit=300)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(report["exit_code"], result.returncode)
        return {(case["id"], check["requirement"]): check["status"]
                for case in report["cases"] for check in case["checks"]}, report

    @staticmethod
    def elsewhere(verdicts):
        return {key: status for key, status in verdicts.items() if key[0] not in NOT_ON_LOOPBACK}

    def test_same_verdicts(self):
        simulated, virtual_report = self.verdicts("--virtual-time")
        real, real_report = self.verdicts()
        for report, status in ((real_report, "not applicable"), (virtual_report, "pass")):
            found = {case["id"]: case["status"] for case in report["cases"]}
            self.assertEqual({id: found[id] for id in NOT_ON_LOOPBACK if id in found},
                             {id: status for id in NOT_ON_LOOPBACK if id in found})
        real_verdicts, simulated_verdicts = self.elsewhere(real), self.elsewhere(simulated)
        differ = {key: (real_verdicts.get(key), simulated_verdicts.get(key))
                  for key in real_verdicts.keys() | simulated_verdicts.keys()
                  if real_verdicts.get(key) != simulated_verdicts.get(key)}
        why = {case["id"]: [case["why"], *[check.get("actual") for check in case["checks"]]]
               for case in real_report["cases"] if any(case["id"] == key[0] for key in differ)}
        self.assertEqual(differ, {}, f"real, virtual; {why}")
        self.assertEqual(
            {case["id"]: case["status"] for case in real_report["cases"]
             if case["id"] not in NOT_ON_LOOPBACK},
            {case["id"]: case["status"] for case in virtual_report["cases"]
             if case["id"] not in NOT_ON_LOOPBACK})
        self.assertLessEqual(real_report["seconds"], LONGEST_TIMER + SLACK)


if __name__ == "__main__":
    main()
