"""A part of the tests on AArch64 with NEON: cross-compiled, run by qemu-aarch64. `aarch64.py HOST_BUILD FOLDER`.

The part: the vocabulary of vectors, elementary functions, kernels, networks as targets run them, the laws of three
parametrizations, and the numbers that PyTorch gave once (tests/parity/ready_made). The rest would take a quarter of an
hour to compile; `meson test -C .build/embedded/aarch64` runs all of it.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parent
root = source.parent.parent

LONG = ["unit_vector_math"]
UNIT = "simd op_kernels embed_networks embed_row_products embed_bad_input".split()
LAWS = "skew positive lora".split()
GOLDEN = ["ready_made"]
QEMU = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]


def run(*command) -> None:
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed\n{result.stdout[-4000:]}{result.stderr}")


build = pathlib.Path(sys.argv[2]) / "aarch64"
if not (build / "build.ninja").exists():
    run("meson", "setup", build, root, "--cross-file", source / "aarch64.ini", "--werror", "-Doptimization=1", "-Ddebug=false")
# embed.hpp compiles alone, as targets compile it, and uses NEON through xsimd.
alone = build / "alone.cpp"
alone.write_text("#include <paramorph/embed.hpp>\nstatic_assert(paramorph::simd::width<paramorph::simd::best<float>> == 4);\n")
flags = "-std=c++20 -O2 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wdouble-promotion -Werror".split()
run("aarch64-linux-gnu-g++", *flags, "-I", root / "include", "-c", alone, "-o", build / "alone.o")
programs = [f"unit_{n}" for n in UNIT] + [f"laws_{n}" for n in LAWS] + [f"parity_{n}" for n in GOLDEN]
run("ninja", "-C", build, *[f"tests/{p}" for p in LONG])
# The elementary functions take a minute in QEMU: meanwhile the others are compiled.
running = {p: subprocess.Popen([*QEMU, build / "tests" / p], stdout=subprocess.PIPE, text=True) for p in LONG}
run("ninja", "-C", build, *[f"tests/{p}" for p in programs])
header = (build / "tests/unit_simd").read_bytes()[:20]
if header[18:20] != b"\xb7\x00":
    sys.exit("tests/unit_simd is no program for AArch64")

log = build / "meson-logs" / "testlog.json"
log.unlink(missing_ok=True)
tests = [*UNIT, *LAWS]
ended = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs", "-t", "4", *tests])
print(f"{len(tests) + len(LONG)} test programs on AArch64")
passed, failed = map(int, subprocess.run([sys.executable, root / "tests/tally.py", build], capture_output=True, text=True).stdout.split())
if len(re.findall('"name"', log.read_text())) < len(tests) or (ended.returncode != 0 and failed == 0):
    failed += 1
for name, program in running.items():
    output, _ = program.communicate()
    cases = re.search(r"^All tests passed \(.* in (\d+) test cases?\)", output, re.M)
    if not cases or program.returncode != 0:
        print(output[-4000:])
    passed, failed = passed + int(cases[1] if cases else 0), failed + (program.returncode != 0 or not cases)
# The scripts of tests/parity start the program themselves.
for name in GOLDEN:
    wrapper = build / f"run_{name}"
    start = " ".join([*QEMU, f'"{(build / "tests").resolve()}/parity_{name}"'])
    wrapper.write_text(f'#!/bin/sh\nexec {start} "$@"\n')
    wrapper.chmod(0o755)
    parity = root / "tests/parity"
    golden = ["/usr/bin/python3", parity / f"{name}.py", wrapper.resolve(), "--golden", parity / f"{name}.json"]
    result = subprocess.run(golden, capture_output=True, text=True)
    counted = re.search(r"^(\d+) passed, (\d+) failed", result.stdout, re.M)
    print(f"{name}, PyTorch's numbers: {result.stdout.strip().splitlines()[-1] if result.stdout else result.stderr}")
    failures = int(counted[2]) if counted else int(result.returncode != 0)
    passed += int(counted[1]) if counted else int(result.returncode == 0)
    failed += max(failures, int(result.returncode != 0))
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
