"""The compiled module of the wheel: CMake builds it. Everything else is in pyproject.toml.

DESKCHECK_BUILD names a build folder that is there already, build/release for example."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parent.parent


class CMakeBuild(build_ext):
    """Builds the target _deskcheck and takes what comes out."""

    def build_extension(self, ext):
        folder = os.environ.get("DESKCHECK_BUILD") or self.configure()
        subprocess.run(["cmake", "--build", folder, "--target", "_deskcheck"], check=True)
        built = pathlib.Path(folder) / "python" / "deskcheck"
        name = pathlib.Path(self.get_ext_filename(ext.name)).name
        target = pathlib.Path(self.get_ext_fullpath(ext.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(built / name, target)

    def configure(self):
        """A build folder of its own, beside what setuptools builds."""
        folder = pathlib.Path(self.build_temp).resolve()
        subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                        "-DDESKCHECK_DEVELOPER_MODE=OFF", "-DDESKCHECK_PYTHON=ON",
                        f"-DPython_EXECUTABLE={sys.executable}"], check=True)
        return str(folder)


def version():
    """That of the project, as CMake knows it."""
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(deskcheck VERSION ([0-9.]+)", text).group(1)


setup(version=version(), ext_modules=[Extension("deskcheck._deskcheck", [])],
      cmdclass={"build_ext": CMakeBuild})
