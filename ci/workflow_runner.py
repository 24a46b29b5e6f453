"""As much of a build server as our files for build servers use: runs the steps of a workflow and of
our own composite action as GitHub does, in a folder, with the files and variables of a runner.
"""

import os
import pathlib
import re
import subprocess

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACTION = ROOT / "ci" / "github" / "action.yml"
# Actions that are not ours: what the first does has happened, what the second keeps is looked at.
CHECKOUT, UPLOAD = "actions/checkout@v4", "actions/upload-artifact@v4"
OUR_ACTION = re.compile(r"^[\w.-]+/[\w.-]+/ci/github@v\d+\.\d+\.\d+$")
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
LIMIT = 300  # seconds for each step


class WorkflowRunner:
    """`output`: all that the steps printed. `uploads`: the folders that were kept."""

    def __init__(self, workspace, path, variables=None):
        self.workspace = pathlib.Path(workspace)
        self.files = self.workspace / ".runner"
        self.files.mkdir(exist_ok=True)
        self.environment = {"PATH": path, "HOME": str(self.workspace), **(variables or {})}
        self.output, self.uploads = "", []
        self.failed = False
        self.outputs = {}  # of our action

    def summary(self):
        path = self.files / "summary"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def run_workflow(self, workflow, overrides=None):
        """Every step of the only job. `overrides`: inputs of our action, in place of the file's."""
        job, = workflow["jobs"].values()
        for step in job["steps"]:
            uses = step.get("uses", "")
            if self.failed:
                return
            if OUR_ACTION.match(uses):
                self.run_action({**step.get("with", {}), **(overrides or {})})
            elif uses:
                assert uses == CHECKOUT, uses
            else:
                self.run_script(step, {})

    def run_action(self, inputs, action_path=ACTION.parent):
        """Our action. Unknown inputs are a mistake of the workflow."""
        action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
        unknown = set(inputs) - set(action["inputs"])
        assert not unknown, unknown
        names = {f"inputs.{name}": inputs.get(name, about["default"])
                 for name, about in action["inputs"].items()}
        names["github.action_path"] = str(action_path)
        for step in action["runs"]["steps"]:
            if self.failed and step.get("if") != "${{ always() }}":
                continue
            if "uses" in step:
                assert step["uses"] == UPLOAD, step["uses"]
                self.uploads.append(self.workspace / self.filled(step["with"]["path"], names))
                continue
            assert step["shell"] == "bash"
            for name, value in self.run_script(step, names).items():
                names[f"steps.{step.get('id')}.outputs.{name}"] = value
        self.outputs = {name: self.filled(about["value"], names)
                        for name, about in action["outputs"].items()}

    @staticmethod
    def filled(text, names):
        """With its expressions replaced; an unknown name is an error, as on GitHub."""
        return EXPRESSION.sub(lambda match: str(names[match.group(1)]), str(text))

    def run_script(self, step, names):
        """The outputs of the step."""
        kept = {key: self.files / key for key in ("env", "path", "output", "summary")}
        environment = {**self.environment,
                       **{key: self.filled(value, names)
                          for key, value in step.get("env", {}).items()},
                       "GITHUB_ENV": str(kept["env"]), "GITHUB_PATH": str(kept["path"]),
                       "GITHUB_OUTPUT": str(kept["output"]),
                       "GITHUB_STEP_SUMMARY": str(kept["summary"])}
        for key in ("env", "path", "output"):
            kept[key].write_text("", encoding="utf-8")
        done = run_bash(step["run"], self.workspace, environment)
        self.output += done.stdout
        self.failed = self.failed or done.returncode != 0
        self.environment.update(assignments(kept["env"]))
        added = kept["path"].read_text(encoding="utf-8").splitlines()
        self.environment["PATH"] = os.pathsep.join([*added, self.environment["PATH"]])
        return assignments(kept["output"])


def run_bash(script, folder, environment):
    """As runners do: the first failing command ends it. Its output goes to a file, so that servers
    that it leaves behind do not hold a pipe."""
    with open(pathlib.Path(folder) / ".output", "w+", encoding="utf-8") as output:
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                              cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
        output.seek(0)
        done.stdout = output.read()
    return done


def assignments(path):
    """The lines NAME=VALUE of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)
