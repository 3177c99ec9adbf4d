#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles program.cpp as the build does, but for every instruction set and for plain C++ vectors of 4, 8 and 16 lanes,
at -O1 and at -O3, without a warning, and runs what this processor has. The rest is compiled only. What the kernels must
give is computed once, by the interpreter, in a program of its own.

usage: run.py BUILD_ROOT [NAME...]
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from compile_command import cached, compile_command  # noqa: E402

SOURCE = Path(__file__).parent / "program.cpp"
EXPECTED = "expected.bin"
V2 = {"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"}
V3 = V2 | {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma"}
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
# Name: the flags, the lanes of a float, and what /proc/cpuinfo must list.
VARIANTS = {
    "x86-64": (["-march=x86-64"], 4, set()),
    "x86-64-v2": (["-march=x86-64-v2"], 4, V2),
    "sandybridge": (["-march=sandybridge"], 8, V2 | {"avx", "aes", "pclmulqdq", "xsaveopt"}),
    "x86-64-v3": (["-march=x86-64-v3"], 8, V3),
    "x86-64-v4": (["-march=x86-64-v4"], 16, V4),
    "4 lanes": (["-march=x86-64-v2", "-DPARAMORPH_GENERIC_SIMD=4"], 4, V2),
    "8 lanes": (["-march=x86-64-v2", "-DPARAMORPH_GENERIC_SIMD=8"], 8, V2),
    "16 lanes": (["-march=x86-64-v3", "-DPARAMORPH_GENERIC_SIMD=16"], 16, V3),
}


def processor() -> set[str]:
    try:
        words = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        words = None
    return set(words.group(1).split()) if words else set()


def one(command: list[str], name: str, level: str, folder: str, has: set[str], expected) -> tuple[bool, str]:
    flags, lanes, needs = VARIANTS[name]
    program = Path(folder) / f"{name.replace(' ', '_')}{level}"
    began = time.monotonic()
    compiling = [*cached(command), level, *flags, "-Wall", "-Wextra", "-Werror", "-c", str(SOURCE), "-o", f"{program}.o"]
    built = subprocess.run(compiling, capture_output=True, text=True)
    if built.returncode == 0:
        built = subprocess.run([*command, f"{program}.o", "-o", str(program)], capture_output=True, text=True)
    line = f"{name:12} {level}  compiled in {time.monotonic() - began:3.0f} s"
    if built.returncode != 0:
        return False, f"{line}: FAILED\n{(built.stdout + built.stderr)[:4000]}"
    problem = expected.result()
    if problem:
        return False, f"{line}, not run: {problem}"
    if missing := needs - has:
        return True, f"{line}, not run: the processor has no {', '.join(sorted(missing))}"
    ran = subprocess.run([str(program), str(Path(folder) / EXPECTED)], capture_output=True, text=True)
    if ran.returncode != 0 or ran.stdout.splitlines()[-1] != f"{lanes} lanes, 0 failed":
        return False, f"{line}, ran: FAILED, status {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return True, f"{line}, ran"


def write_expected(command: list[str], folder: str) -> str:
    """Writes the file of what the kernels must give; what went wrong, or nothing."""
    program = Path(folder) / "writes_expected"
    compiling = [*cached(command), "-O1", "-DWRITES_EXPECTED", "-c", str(SOURCE), "-o", f"{program}.o"]
    built = subprocess.run(compiling, capture_output=True, text=True)
    if built.returncode == 0:
        built = subprocess.run([*command, f"{program}.o", "-o", str(program)], capture_output=True, text=True)
    if built.returncode != 0:
        return f"what writes the expected numbers does not compile\n{(built.stdout + built.stderr)[:4000]}"
    ran = subprocess.run([str(program), str(Path(folder) / EXPECTED)], capture_output=True, text=True)
    return "" if ran.returncode == 0 else f"what writes the expected numbers failed\n{ran.stdout}{ran.stderr}"


def main() -> int:
    # Words of the build that choose optimisation, the target, or what this test gives itself.
    leave = re.compile(r"-O|-g|-march|-W|-pedantic|--coverage|-fPIC|-Winvalid-pch")
    command = [word for word in compile_command(sys.argv[1], "unit/simd.cpp") if not leave.match(word)]
    names = sys.argv[2:] or list(VARIANTS)
    has = processor()
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        expected = pool.submit(write_expected, command, folder)  # begins first: those that wait for it cannot block it
        runs = [
            pool.submit(one, command, name, level, folder, has, expected)
            for name in names
            for level in ("-O1", "-O3")
        ]
        for run in runs:
            good, text = run.result()
            failed += not good
            print(text, flush=True)
    print(f"{len(runs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
