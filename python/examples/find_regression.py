"""Which cases notice a regression? Tells the reference server to be wrong and shows the evidence.

    python3 find_regression.py accepts-foreign-uuid
"""

from __future__ import annotations

import sys

import deskcheck


def find(fault_id: str) -> list[deskcheck.CaseResult]:
    """The cases that fail with the fault; all of them pass without it."""
    fault = next(fault for fault in deskcheck.faults() if fault.id == fault_id)
    print(f"{fault.id}: {fault.text} That breaks {fault.requirement}.")
    right = deskcheck.run(virtual_time=True, seed=1, filters=[fault.requirement])
    wrong = deskcheck.run(virtual_time=True, seed=1, filters=[fault.requirement], faults=[fault.id])
    assert right.exit_code == 0, right.table()
    return [case for case in wrong.cases if case.status == "fail"]


if __name__ == "__main__":
    for case in find(sys.argv[1] if len(sys.argv) > 1 else "accepts-foreign-uuid"):
        print(case.evidence)
