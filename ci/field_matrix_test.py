#!/usr/bin/env python3
"""The matrix counts each requirement once, in its column, by the worst that was found."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import field_matrix  # noqa: E402


def check(requirement, status, expected=""):
    return {"requirement": requirement, "status": status, "expected": expected}


class FieldMatrix(unittest.TestCase):
    def test_the_worst_counts(self):
        self.assertEqual(field_matrix.status_of([check("A", "pass"), check("A", "fail", "x")]), "fail")
        self.assertEqual(field_matrix.status_of([check("A", "pass"), check("A", "expected failure", "x")]), "fail")
        self.assertEqual(field_matrix.status_of([check("A", "pass"), check("A", "expected failure")]), "blocked")
        self.assertEqual(field_matrix.status_of([check("A", "pass"), check("A", "not applicable")]), "pass")
        self.assertIsNone(field_matrix.status_of([check("A", "not applicable")]))

    def test_rows_and_columns(self):
        report = {
            "target": {"name": "my server", "version": "2"},
            "requirements": [{"id": "R", "capability": "relay.tcp"}, {"id": "L", "capability": "api.auth.login"},
                             {"id": "M", "capability": "api.auth.logout"}, {"id": "C", "capability": "client"}],
            "cases": [{"checks": [check("R", "pass"), check("L", "fail", "x"), check("C", "pass")]},
                      {"checks": [check("L", "pass"), check("M", "blocked")]}],
        }
        self.assertEqual(field_matrix.matrix([report]),
                         "| server | relay | login |\n|---|--:|--:|\n| my server 2 | 1 | 0 · 1 · 1 |\n")


if __name__ == "__main__":
    unittest.main()
