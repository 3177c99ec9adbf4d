"""`import paramorph;`: `run.py` compiles src/module/paramorph.cppm and a program that imports it, and runs the program.

By clang++-19; skipped where that is missing. The module is of the compiler's default target, and of AVX2.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
clang = shutil.which("clang++-19")
if clang is None:
    print("no clang++-19: skipped")
    sys.exit(77)
cpu = pathlib.Path("/proc/cpuinfo")
targets = [[]] + ([["-mavx2", "-mfma"]] if cpu.exists() and " avx2 " in cpu.read_text() else [])


def run(*command: object) -> str:
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if result.returncode != 0:
        print(*command, result.stdout[-2000:], result.stderr[:4000], sep="\n")
        sys.exit(1)
    return result.stdout


for flags in targets:
    with tempfile.TemporaryDirectory() as name:
        at = pathlib.Path(name)
        command = [clang, "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", *flags]
        run(*command, f"-I{root / 'include'}", "--precompile", root / "src/module/paramorph.cppm", "-o", at / "paramorph.pcm")
        run(*command, "-c", at / "paramorph.pcm", "-o", at / "paramorph.o")
        program = root / "tests/module/program.cpp"
        run(*command, f"-fprebuilt-module-path={at}", program, at / "paramorph.o", "-o", at / "program")
        print(" ".join(flags) or "default target", run(at / "program").strip(), sep=": ")
