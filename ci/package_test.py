#!/usr/bin/env python3
"""The Debian package: built, installed into a scratch root, used there, removed without a trace.

    ci/package_test.py BUILD_FOLDER
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
LIMIT = 300  # seconds, for each command


def command(*arguments, cwd=None):
    """Its output; an AssertionError with it if it fails."""
    done = subprocess.run([str(a) for a in arguments], cwd=cwd, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT,
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="deskcheck-package-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        command("cpack", "-G", "DEB", "-B", cls.folder / "made", "--config",
                BUILD / "CPackConfig.cmake")
        cls.package, = (cls.folder / "made").glob("*.deb")

    def root(self):
        """A scratch root with the package in it."""
        root = self.folder / self.id()
        if os.geteuid() != 0:  # only root may own files that dpkg installs
            command("dpkg-deb", "--extract", self.package, root)
            return root
        (root / "var/lib/dpkg/info").mkdir(parents=True)
        (root / "var/lib/dpkg/updates").mkdir()
        (root / "var/lib/dpkg/status").touch()
        self.dpkg(root, "--install", self.package)
        return root

    def dpkg(self, root, *arguments):
        # Its dependencies are those of the machine that runs the test, not of the scratch root.
        return command("dpkg", f"--root={root}", "--force-depends", "--log=/dev/null", *arguments)

    def test_control(self):
        def field(name):
            return command("dpkg-deb", "--field", self.package, name).strip()
        self.assertEqual(field("Package"), "deskcheck")
        self.assertRegex(self.package.name, r"^deskcheck_\d+\.\d+\.\d+_\w+\.deb$")
        for library in ("libprotobuf", "libsodium", "libssl", "libcurl", "libsqlite3", "libyaml-cpp",
                        "libboost-json", "libcjose"):
            self.assertIn(library, field("Depends"))

    def test_contents(self):
        files = command("dpkg-deb", "--contents", self.package)
        for path in ("/usr/bin/deskcheck", "/usr/share/deskcheck/schema/target.schema.json",
                     "/usr/share/deskcheck/schema/baseline.schema.json",
                     "/usr/share/deskcheck/schema/report.schema.json",
                     "/usr/share/deskcheck/schema/console-api.openapi.yaml",
                     "/usr/share/doc/deskcheck/copyright", "/usr/share/doc/deskcheck/exit-codes.md",
                     "/usr/share/doc/deskcheck/examples/github/action.yml"):
            self.assertIn(path, files)
        for word in (".hpp", ".a\n", "cmake"):  # what only builders need
            self.assertNotIn(word, files)

    def test_runs_from_where_it_was_installed(self):
        deskcheck = self.root() / "usr/bin/deskcheck"
        version = command(deskcheck, "--version").split()[1]
        self.assertIn(f"_{version}_", self.package.name)
        report = command(deskcheck, "run", "--virtual-time", "--seed", "1")
        self.assertIn("reference server: conforms", report)
        scenarios = sorted((deskcheck.parents[1] / "share/deskcheck/scenarios").glob("*.yaml"))
        self.assertGreaterEqual(len(scenarios), 8)
        command(deskcheck, "sim", "--check", scenarios[0])

    @unittest.skipIf(os.geteuid() != 0, "dpkg installs as root only")
    def test_removal_leaves_nothing(self):
        root = self.root()
        self.dpkg(root, "--purge", "deskcheck")
        left = [path for path in (root / "usr").rglob("*")] if (root / "usr").exists() else []
        self.assertEqual(left, [])


if __name__ == "__main__":
    if BUILD is None:
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
