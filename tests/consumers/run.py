"""A Meson and a CMake project built against an installed tree: `run.py BUILD_FOLDER PREFIX COMPILER...`.

The tree is installed below a folder of its own and found there only through pkg-config and find_package.
SPDX-License-Identifier: BSL-1.0
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

projects = pathlib.Path(__file__).resolve().parent
build, prefix, compiler = sys.argv[1], sys.argv[2], [w for w in sys.argv[3:] if not w.endswith("ccache")]


def run(*command: str, **environment: str) -> None:
    result = subprocess.run(
        command, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode != 0:
        print(" ".join(command), result.stdout, sep="\n")
        raise SystemExit(1)


def with_meson(tree: str, work: str) -> None:
    run("meson", "setup", work, str(projects / "meson"), CXX=" ".join(compiler), PKG_CONFIG_PATH=f"{tree}/share/pkgconfig")
    run("meson", "test", "-C", work)


def with_cmake(tree: str, work: str) -> None:
    cxx = f"-DCMAKE_CXX_COMPILER={compiler[0]}"
    run("cmake", "-S", str(projects / "cmake"), "-B", work, "-G", "Ninja", cxx, f"-DCMAKE_PREFIX_PATH={tree}")
    run("cmake", "--build", work)
    run("ctest", "--test-dir", work, "--output-on-failure", "--no-tests=error")


with tempfile.TemporaryDirectory() as stage:
    run("meson", "install", "-C", build, "--no-rebuild", "--skip-subprojects", "--destdir", f"{stage}/root")
    tree = f"{stage}/moved"
    shutil.move(f"{stage}/root{prefix}", tree)
    with_meson(tree, f"{stage}/meson")
    with_cmake(tree, f"{stage}/cmake")
print("2 passed, 0 failed")
