"""A part of the tests on AArch64 with NEON: cross-compiled, run by qemu-aarch64. `aarch64.py HOST_BUILD FOLDER`.

The part: the vocabulary of vectors, elementary functions, kernels, networks as targets run them, three laws with
inverses and exponentials of matrices, and the numbers that PyTorch gave once (tests/parity/ready_made). The rest would
take a quarter of an hour to compile; `meson test -C .build/embedded/aarch64` runs all of it.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parent
root = source.parent.parent

UNIT = "simd vector_math op_kernels embed_networks embed_bad_input".split()
LAWS = "rotation positive orthogonal".split()
GOLDEN = ["ready_made"]


def run(*command) -> None:
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed\n{result.stdout[-4000:]}{result.stderr}")


build = pathlib.Path(sys.argv[2]) / "aarch64"
if not (build / "build.ninja").exists():
    run("meson", "setup", build, root, "--cross-file", source / "aarch64.ini", "--werror", "-Doptimization=1", "-Ddebug=false")
programs = [f"unit_{n}" for n in UNIT] + [f"laws_{n}" for n in LAWS] + [f"parity_{n}" for n in GOLDEN]
run("ninja", "-C", build, *[f"tests/{p}" for p in programs])
header = (build / "tests/unit_simd").read_bytes()[:20]
if header[18:20] != b"\xb7\x00":
    sys.exit("tests/unit_simd is no program for AArch64")

log = build / "meson-logs" / "testlog.json"
log.unlink(missing_ok=True)
tests = [*UNIT, *LAWS]
ended = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs", "-t", "4", *tests])
print(f"{len(tests)} test programs on AArch64")
passed, failed = map(int, subprocess.run([sys.executable, root / "tests/tally.py", build], capture_output=True, text=True).stdout.split())
if len(re.findall('"name"', log.read_text())) < len(tests) or (ended.returncode != 0 and failed == 0):
    failed += 1
# The scripts of tests/parity start the program themselves.
for name in GOLDEN:
    wrapper = build / f"run_{name}"
    wrapper.write_text(f'#!/bin/sh\nexec qemu-aarch64 -L /usr/aarch64-linux-gnu "{(build / "tests").resolve()}/parity_{name}" "$@"\n')
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
