#!/usr/bin/env python3
"""The fuzzer finds the bug that is planted in a target's harness.

    fuzz/tests/planted_test.py FUZZ_TARGET CORPUS...

Runs the libFuzzer program for at most 60 s from the committed corpus, with the planted bug switched on,
until it leaves a crash file. That input must hold all properties without the planted bug, and so must
the corpus in both ways: the bug has to be found, not to be known.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

LIMIT = 60  # seconds for the fuzzer


def run(target, arguments, planted):
    environment = dict(os.environ, DESKCHECK_FUZZ_PLANTED="1" if planted else "0")
    return subprocess.run([target, *arguments], env=environment, stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=LIMIT + 60)


def fail(text, done):
    print("\n".join(done.stdout.splitlines()[-30:]))
    sys.exit(f"planted_test: {text}")


def main(target, corpus):
    inputs = [str(path) for folder in corpus for path in sorted(pathlib.Path(folder).iterdir())]
    for planted in (False, True):
        done = run(target, inputs, planted)
        if done.returncode:
            fail(f"the committed corpus fails (planted bug {'on' if planted else 'off'})", done)
    dictionary = pathlib.Path(__file__).parent.parent / "dictionaries" / (
        pathlib.Path(target).name.removeprefix("fuzz_") + ".dict")
    with tempfile.TemporaryDirectory() as folder:
        grown = pathlib.Path(folder) / "corpus"
        grown.mkdir()
        arguments = [f"-max_total_time={LIMIT}", f"-artifact_prefix={folder}/", "-seed=1",
                     "-len_control=0",
                     "-print_final_stats=1", str(grown), *corpus]
        if dictionary.exists():
            arguments.insert(0, f"-dict={dictionary}")
        began = time.monotonic()
        done = run(target, arguments, planted=True)
        took = time.monotonic() - began
        crashes = list(pathlib.Path(folder).glob("crash-*"))
        if done.returncode == 0 or not crashes:
            fail(f"not found in {took:.0f} s", done)
        if "property does not hold" not in done.stdout:
            fail("ended by something else than a property", done)
        without = run(target, [str(crashes[0])], planted=False)
        if without.returncode:
            fail("the input that was found also fails without the planted bug", without)
        found = next(line for line in done.stdout.splitlines() if "property does not hold" in line)
        print(f"found in {took:.1f} s: {found}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]), sys.argv[2:])
