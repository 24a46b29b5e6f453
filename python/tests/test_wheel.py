"""The wheel: built as users build it, installed into fresh virtual environments, used there."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "python" / "examples"


def run(*command, cwd, **environment):
    """Its output. Nothing of this build's package is on the path."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env={**clean, **environment}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    # A copy of the sources: pip builds in place. The compiled module is that of this build.
    sources = tmp_path_factory.mktemp("sources")
    shutil.copy(ROOT / "CMakeLists.txt", sources)
    for name in ("deskcheck", "pyproject.toml", "setup.py"):
        copy = shutil.copytree if (ROOT / "python" / name).is_dir() else shutil.copy
        (sources / "python").mkdir(exist_ok=True)
        copy(ROOT / "python" / name, sources / "python" / name)
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w",
        folder, sources / "python", cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def make_environment(folder, wheel, *options):
    """The Python of a fresh virtual environment with the wheel."""
    run(sys.executable, "-m", "venv", *options, folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, cwd=folder.parent)
    return python


def test_in_an_empty_environment(tmp_path, wheel):
    python = make_environment(tmp_path / "venv", wheel)
    where = run(python, "-c", "import deskcheck; print(deskcheck.__file__)", cwd=tmp_path)
    assert where.startswith(str(tmp_path))
    assert "encrypted: True" in run(python, EXAMPLES / "meeting.py", cwd=tmp_path)


def test_the_plugin_is_found(tmp_path, wheel):
    python = make_environment(tmp_path / "venv", wheel, "--system-site-packages")  # for pytest
    output = run(python, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--deskcheck-reference",
                 "--deskcheck-virtual-time", "-m", "RDV-REGPEER-02", cwd=tmp_path)
    assert "passed" in output


def test_it_is_typed(wheel):
    names = run(sys.executable, "-m", "zipfile", "-l", wheel, cwd=wheel.parent)
    for name in ("deskcheck/py.typed", "deskcheck/_deskcheck.pyi", "deskcheck/pytest_plugin.py",
                 "entry_points.txt"):
        assert name in names
