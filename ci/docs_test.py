#!/usr/bin/env python3
"""Documents that cannot rot: runs every command that README.md and docs/*.md show.

    ci/docs_test.py DESKCHECK [PACKAGE]

Blocks marked ```sh run in their order with `bash -euo pipefail`, in one scratch folder per document.
`deskcheck` is on the PATH; $HOST, $PORT and $KEY name a running reference server. A block marked
```sh (no test: REASON) is shown with its reason and not run. Blocks marked ```cpp must stand word for
word in a source. Blocks marked ```python run, too; those marked ```python (FILE) become that file of the
scratch folder instead. PACKAGE is the folder of the Python package: python3 and pytest find it there.
Links to files must lead to one.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
LIMIT = 300  # seconds per block
DOCUMENTS_AT_ONCE = 8


def documents():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def sources():
    folders = ("proto", "reference-server", "client-sim", "conformance", "cli")
    for folder in folders:
        for path in (ROOT / folder).rglob("*.[ch]pp"):
            yield path


def words(text):
    return " ".join(text.split())


def run_block(script, folder, environment):
    """Nothing, or what went wrong."""
    try:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder,
                              env=environment, stdin=subprocess.DEVNULL, text=True, timeout=LIMIT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired:
        return f"not finished after {LIMIT} s"
    if done.returncode == 0:
        return None
    # A run of the suite tells what went wrong long before its end.
    lines, wrong = done.stdout.splitlines(), ("fail ", "blocked ", "harness error ")
    told = [line for line in lines[:-40] if line.startswith(wrong)]
    return "\n".join([f"exit code {done.returncode}, after", *told[:40], *lines[-40:], ""])


def check_document(path, environment, all_sources):
    """What was done in words, the number of blocks that were looked at, and the findings."""
    text = path.read_text(encoding="utf-8")
    log, looked_at, findings = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        for block in BLOCK.finditer(text):
            _, language, rest, body = block.groups()
            line = text.count("\n", 0, block.start()) + 1
            where = f"{path.relative_to(ROOT)}:{line}"
            problem = None
            if language == "cpp":
                if words(body) not in all_sources:
                    problem = "stands in no source"
            elif language == "sh" and "no test:" in rest:
                log.append(f"{where}: not run, {rest.strip(' ()').removeprefix('no test: ')}")
                continue
            elif language == "sh":
                log.append(f"{where}: {words(body)}")
                problem = run_block(body, folder, environment)
            elif language == "python" and rest.strip():
                pathlib.Path(folder, rest.strip(" ()")).write_text(body, encoding="utf-8")
            elif language == "python":
                log.append(f"{where}: {words(body)}")
                problem = run_block(f"python3 - <<'END OF BLOCK'\n{body}\nEND OF BLOCK", folder,
                                    environment)
            else:
                continue
            looked_at += 1
            if problem:
                findings.append(f"{where}: {problem}")
    for target in LINK.findall(text):
        if not (path.parent / target).exists():
            findings.append(f"{path.relative_to(ROOT)}: link to {target}, which is not there")
    return log, looked_at, findings


def add_python(environment, package, folder):
    """python3 and pytest are those of this interpreter, with the package as if it were installed."""
    for name, module in (("python3", ""), ("pytest", "-m pytest")):
        command = pathlib.Path(folder, name)
        command.write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n', encoding="utf-8")
        command.chmod(0o755)
    environment.update(PATH=f"{folder}:{environment['PATH']}", PYTHONPATH=package,
                       PYTEST_PLUGINS="deskcheck.pytest_plugin")


def main(executable, package=None):
    with tempfile.TemporaryDirectory() as folder:
        return check_all(executable, package, folder)


def check_all(executable, package, folder):
    server = subprocess.Popen([executable, "serve", "--port-base", "0"], stdout=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True)
    try:
        ready = json.loads(server.stdout.readline())
        environment = dict(os.environ, HOST="127.0.0.1", PORT=str(ready["port_base"]),
                           KEY=ready["public_key"],
                           PATH=f"{os.path.dirname(executable)}:{os.environ['PATH']}")
        if package:
            add_python(environment, package, folder)
        all_sources = words("\n".join(p.read_text(encoding="utf-8") for p in sources()))
        looked_at, findings = 0, []
        # Most commands wait for timers of the protocol: documents are checked side by side.
        with concurrent.futures.ThreadPoolExecutor(DOCUMENTS_AT_ONCE) as pool:
            results = pool.map(lambda path: check_document(path, environment, all_sources),
                               documents())
            for log, count, problems in results:
                print("\n".join(log), flush=True)
                looked_at += count
                findings += problems
    finally:
        server.terminate()
        server.wait()
    print("\n".join(findings))
    print(f"{looked_at} blocks, {len(findings)} findings")
    return 1 if findings or looked_at == 0 else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*map(os.path.abspath, sys.argv[1:])))
