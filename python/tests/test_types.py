"""Types and docstrings: what editors and type checkers know of the package is true."""

import inspect
import os
import pathlib
import subprocess
import sys

import pytest

import deskcheck

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = pathlib.Path(deskcheck.__file__).parent


def run_mypy(module, *arguments, cwd):
    done = subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=cwd, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env=dict(os.environ, MYPYPATH=str(PACKAGE.parent), MYPY_CACHE_DIR=os.devnull))
    assert done.returncode == 0, done.stdout


def test_package_is_typed():
    run_mypy("mypy", "--strict", "--allow-untyped-decorators", "-p", "deskcheck", cwd=PACKAGE.parent)


def test_stub_describes_the_compiled_module(tmp_path):
    run_mypy("mypy.stubtest", "deskcheck._deskcheck", "--allowlist", HERE / "stubtest-allowlist.txt",
             cwd=tmp_path)


def test_examples_are_typed(tmp_path):
    examples = [HERE.parent / "examples" / name for name in ("meeting.py", "find_regression.py")]
    run_mypy("mypy", "--strict", *examples, cwd=tmp_path)


def test_a_wrong_use_is_found(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import deskcheck\ndeskcheck.run(seed='one')\n")
    with pytest.raises(AssertionError, match="incompatible type"):
        run_mypy("mypy", "--strict", wrong, cwd=tmp_path)


@pytest.mark.parametrize("name", sorted(deskcheck.__all__))
def test_docstrings(name):
    thing = getattr(deskcheck, name)
    if isinstance(thing, str):
        return
    assert inspect.getdoc(thing)
    if inspect.isclass(thing) and not issubclass(thing, Exception):
        for member, value in vars(thing).items():
            if not member.startswith("_"):
                assert inspect.getdoc(value), f"{name}.{member}"
