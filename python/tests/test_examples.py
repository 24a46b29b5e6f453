"""The examples do what they say."""

import pathlib
import subprocess
import sys

import pytest

import deskcheck

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples"


def output_of(name, *arguments):
    done = subprocess.run([sys.executable, "-B", EXAMPLES / name, *map(str, arguments)], text=True,
                          capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_meeting():
    output = output_of("meeting.py")
    assert "encrypted: True, logged in: True" in output
    assert "the device answers: {'test_delay': {'time': 42, 'from_client': True" in output


def test_find_regression():
    output = output_of("find_regression.py", "accepts-foreign-uuid")
    assert "That breaks RDV-REGPK-05." in output
    assert "fail           rendezvous/register-pk/foreign-uuid" in output
    assert "reproduce  deskcheck run" in output


@pytest.mark.parametrize("mine", [False, True])
def test_my_server(pytester, mine):
    with deskcheck.ReferenceServer() as server:
        options = ["--deskcheck-host", "127.0.0.1", "--deskcheck-port-base", str(server.port_base),
                   "--deskcheck-key", server.public_key, "-k", "test_my_server"] if mine else []
        result = pytester.runpytest_subprocess("-p", "deskcheck.pytest_plugin", "-p", "no:cacheprovider",
                                               *options, EXAMPLES / "test_my_server.py")
    result.assert_outcomes(passed=4, deselected=len(deskcheck.cases()) if mine else 0)


def test_every_example_is_tested():
    tested = pathlib.Path(__file__).read_text(encoding="utf-8")
    for example in EXAMPLES.glob("*.py"):
        assert f'"{example.name}"' in tested
