#!/usr/bin/env python3
"""Writes the matrix of docs/field-notes from the JSON reports of runs, one row for each.

    field_matrix.py console.json oss.json > docs/field-notes/matrix.md

A column is a group of requirements, a cell says how many of them pass, fail and could not be judged; a dash means that none
applies. What a baseline expects to fail, fails here.
"""

import json
import pathlib
import sys

# Names of columns and the capabilities in them; the first that fits counts.
COLUMNS = {
    "WebSocket": ("rendezvous.websocket", "relay.websocket", "rendezvous.ws"),
    "rendezvous": ("rendezvous.",),
    "relay": ("relay.",),
    "framing": ("framing",),
    "API in general": ("api.general", "api.probe", "api.download", "api.plugin", "rendezvous.http"),
    "login": ("api.auth.",),
    "providers": ("api.oidc.",),
    "address book": ("api.ab.",),
    "group tab": ("api.group.",),
    "push": ("api.device.heartbeat",),
    "devices": ("api.device.", "api.switch"),
    "audit": ("api.audit.", "api.record."),
    "console": ("admin.",),
}


def column_of(capability):
    for name, begins in COLUMNS.items():
        if capability.startswith(begins):
            return name
    return None


def status_of(checks):
    """Of a requirement, from all that cases found: fail over blocked over pass; None if it does not apply.

    An expected failure without a value is one that could not be judged, because what it builds on is expected to fail.
    """
    found = set()
    for check in checks:
        status = check["status"]
        if status == "expected failure":
            status = "fail" if check["expected"] else "blocked"
        found.add(status)
    return next((one for one in ("fail", "blocked", "pass") if one in found), None)


def row_of(report):
    """{column: {status: count}} of one report."""
    checks = {}
    for case in report["cases"]:
        for check in case["checks"]:
            checks.setdefault(check["requirement"], []).append(check)
    row = {name: dict.fromkeys(("pass", "fail", "blocked"), 0) for name in COLUMNS}
    for requirement in report["requirements"]:
        column = column_of(requirement["capability"])
        status = status_of(checks.get(requirement["id"], []))
        if column and status:
            row[column][status] += 1
    return row


def cell(counts):
    if not any(counts.values()):
        return "–"
    if not counts["fail"] and not counts["blocked"]:
        return str(counts["pass"])
    return " · ".join(str(counts[one]) for one in ("pass", "fail", "blocked"))


def matrix(reports):
    rows = [(report["target"], row_of(report)) for report in reports]
    used = [name for name in COLUMNS if any(any(row[name].values()) for _, row in rows)]
    lines = ["| server | " + " | ".join(used) + " |", "|---|" + "--:|" * len(used)]
    for target, row in rows:
        name = f"{target['name']} {target['version']}".strip()
        lines.append(f"| {name} | " + " | ".join(cell(row[one]) for one in used) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(matrix([json.loads(pathlib.Path(name).read_text()) for name in sys.argv[1:]]))
