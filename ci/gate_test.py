#!/usr/bin/env python3
"""A server author's repository, made here, and what our files for build servers do in it.

    ci/gate_test.py DESKCHECK
"""

import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import yaml

from workflow_runner import ROOT, WorkflowRunner, run_bash

EXECUTABLE = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
WORKFLOW = ROOT / "ci" / "github" / "example-workflow.yml"
TEMPLATE = ROOT / "ci" / "gitlab" / "deskcheck.gitlab-ci.yml"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

CASE = "rendezvous/register-peer/unknown-id"
FAULT = "forgets-request-pk"  # the regression
ONLY = "--filter RDV-REGPEER-02"  # the whole suite needs a minute
ENTRY = f"  - case: {CASE}\n    fails: wrong value\n    reason: issue 12\n"

# What the author has: a server that takes any free ports, so the target file is filled in.
START_SERVER = """#!/usr/bin/env bash
set -euo pipefail
mkfifo ready
deskcheck serve --port-base 0 --data data $SERVER_FLAGS >ready &
echo $! >server.pid
read -r line <ready
port=$(sed 's/.*"port_base":\\([0-9]*\\).*/\\1/' <<<"$line")
sed -i "s/PORT/$port/" target.yaml
cp data/id_ed25519.pub .
"""
TARGET = """target: {name: sample-server, version: 2.10, host: 127.0.0.1, key-env: SERVER_KEY}
ports: {rendezvous: PORT}
baseline: known-failures.yaml
"""


class Repository(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="deskcheck-gate-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.addCleanup(self.stop_server)
        self.write("target.yaml", TARGET)
        self.write("known-failures.yaml", "known-failures: []\n")
        self.write_script("start-server.sh", START_SERVER)
        self.path = f"{EXECUTABLE.parent}:{SYSTEM_PATH}"

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def write_script(self, name, text):
        path = self.write(name, text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def stop_server(self):
        pid = self.folder / "server.pid"
        if pid.exists():
            os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGTERM)

    def read_report(self):
        return json.loads((self.folder / "deskcheck-reports/report.json").read_text(encoding="utf-8"))


class Github(Repository):
    def run_workflow(self, server_flags="", **inputs):
        workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
        self.runner = WorkflowRunner(self.folder, self.path, {"SERVER_FLAGS": server_flags})
        self.runner.run_workflow(workflow, {"arguments": ONLY, **inputs})
        return self.runner

    def assert_ended(self, runner, code):
        self.assertEqual(runner.outputs.get("exit-code"), str(code), runner.output)
        self.assertEqual(runner.failed, code != 0)

    def annotations(self, runner):
        return [line for line in runner.output.splitlines() if line.startswith("::error ")]

    def test_green(self):
        runner = self.run_workflow()
        self.assert_ended(runner, 0)
        self.assertEqual(self.annotations(runner), [])
        self.assertIn("sample-server 2.10: conforms", runner.summary())
        self.assertEqual(runner.uploads, [self.folder / "deskcheck-reports"])
        kept = {path.name for path in runner.uploads[0].iterdir()}
        self.assertEqual(kept, {"report.json", "report.html", "report.xml", "report.md",
                                "badge.json"})

    def test_red_on_a_regression(self):
        runner = self.run_workflow(f"--fault {FAULT}")
        self.assert_ended(runner, 1)
        annotation, = self.annotations(runner)
        self.assertIn(f"title=fail%3A {CASE}::", annotation)
        self.assertIn(CASE, runner.summary())
        self.assertTrue((runner.uploads[0] / "report.xml").exists())

    def test_green_on_a_listed_known_failure(self):
        self.write("known-failures.yaml", "known-failures:\n" + ENTRY)
        runner = self.run_workflow(f"--fault {FAULT}")
        self.assert_ended(runner, 0)
        self.assertEqual(self.annotations(runner), [])
        self.assertIn("as known", runner.summary())

    def test_red_on_another_failure_of_a_listed_case(self):
        self.write("known-failures.yaml",
                   "known-failures:\n" + ENTRY.replace("wrong value", "no answer"))
        self.assert_ended(self.run_workflow(f"--fault {FAULT}"), 1)

    def test_red_on_a_stale_entry(self):
        self.write("known-failures.yaml", "known-failures:\n" + ENTRY)
        runner = self.run_workflow()
        self.assert_ended(runner, 5)
        annotation, = self.annotations(runner)
        self.assertIn("::error file=known-failures.yaml,line=2,", annotation)
        self.assertIn("stale", runner.summary())

    def test_red_on_an_expired_entry(self):
        self.write("known-failures.yaml",
                   "known-failures:\n" + ENTRY + "    expires: 2020-01-01\n")
        runner = self.run_workflow(f"--fault {FAULT}")
        self.assert_ended(runner, 5)
        annotation, = self.annotations(runner)
        self.assertIn("has expired on 2020-01-01", annotation)

    def test_red_on_a_mistake_in_the_target_file(self):
        self.write("target.yaml", TARGET.replace("host", "hots"))
        runner = self.run_workflow()
        self.assert_ended(runner, 2)
        self.assertIn("did you mean 'host'?", runner.output)


class GithubGetsDeskcheck(Repository):
    """Without deskcheck on the PATH: tools that would change the machine only write down how they
    were called."""

    def run_action(self, **inputs):
        self.write_script("tools/note", '#!/bin/sh\necho "$(basename "$0") $*" >>"$NOTES"\n')
        for tool in ("sudo", "cmake"):
            (self.folder / "tools" / tool).symlink_to("note")
        self.write_script("source/ci/setup.sh", '#!/bin/sh\necho setup.sh >>"$NOTES"\n')
        self.write_script("source/build/release/cli/deskcheck", "#!/bin/sh\nexit 0\n")
        (self.folder / "source/ci/github").mkdir()
        runner = WorkflowRunner(self.folder, f"{self.folder}/tools:{SYSTEM_PATH}",
                                {"NOTES": str(self.folder / "notes")})
        runner.run_action(inputs, self.folder / "source/ci/github")
        return runner, (self.folder / "notes").read_text(encoding="utf-8").splitlines()

    def test_from_a_package(self):
        self.write("deskcheck_1.deb", "")
        runner, notes = self.run_action(package="deskcheck_1.deb")
        self.assertEqual(notes, ["sudo apt-get -qq update",
                                 f"sudo apt-get -qq install --yes {self.folder}/deskcheck_1.deb"])
        self.assertIn("deskcheck: command not found", runner.output)  # it was not really installed

    def test_from_source(self):
        runner, notes = self.run_action()
        self.assertEqual(notes, ["setup.sh", "cmake --preset release",
                                 "cmake --build --preset release --target deskcheck"])
        self.assertEqual(runner.outputs["exit-code"], "0", runner.output)
        presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
        self.assertIn("release", [one["name"] for one in presets["buildPresets"]])


class Gitlab(Repository):
    def run_job(self, server_flags=""):
        """The exit code and the output."""
        text = TEMPLATE.read_text(encoding="utf-8")
        example = "\n".join(line.removeprefix("#   ") for line in text.splitlines()
                            if line.startswith("#   "))
        template, = yaml.safe_load(text).items()
        job = yaml.safe_load(example)["conformance"]
        self.assertEqual(job["extends"], template[0])
        script = "\n".join([*job["before_script"], *template[1]["script"]])
        variables = {**template[1]["variables"], "DESKCHECK_ARGUMENTS": ONLY}
        done = run_bash(script, self.folder, {"PATH": self.path, "HOME": str(self.folder),
                                              "SERVER_FLAGS": server_flags, **variables})
        kept = self.folder / variables["DESKCHECK_REPORTS"]
        junit = template[1]["artifacts"]["reports"]["junit"].replace("$DESKCHECK_REPORTS", str(kept))
        self.tests = xml.etree.ElementTree.parse(junit).getroot()
        return done.returncode, done.stdout

    def test_green(self):
        code, output = self.run_job()
        self.assertEqual(code, 0, output)
        self.assertEqual(self.tests.get("name"), "deskcheck: sample-server 2.10")
        self.assertEqual(self.read_report()["exit_code"], 0)

    def test_red_on_a_regression(self):
        code, output = self.run_job(f"--fault {FAULT}")
        self.assertEqual(code, 1, output)
        self.assertEqual(len(self.tests.findall(".//failure")), 1)

    def test_red_on_a_stale_entry(self):
        self.write("known-failures.yaml", "known-failures:\n" + ENTRY)
        code, output = self.run_job()
        self.assertEqual(code, 5, output)
        self.assertIn("baseline", [suite.get("name") for suite in self.tests])


class Container(unittest.TestCase):
    """Not built here: what it is made of is there."""

    def test_its_files_exist(self):
        lines = (ROOT / "ci" / "Containerfile").read_text(encoding="utf-8").splitlines()
        scripts = [line.split()[1] for line in lines if line.startswith("RUN /source/")]
        self.assertEqual(len(scripts), 1)
        script = ROOT / scripts[0].removeprefix("/source/")
        self.assertTrue(os.access(script, os.X_OK))
        subprocess.run(["bash", "-n", script], check=True)
        self.assertIn("build/release/deskcheck_*.deb", script.read_text(encoding="utf-8"))


if __name__ == "__main__":
    if EXECUTABLE is None:
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
