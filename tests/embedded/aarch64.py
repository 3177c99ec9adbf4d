"""A part of the tests on AArch64 with NEON: cross-compiled, run by qemu-aarch64. `aarch64.py HOST_BUILD FOLDER`.

The part: the vocabulary of vectors, elementary functions, products and factorizations, fused loops of every kind,
networks as targets run them, the laws of parametrizations, and the numbers that PyTorch gave once (tests/parity). The
other tests are about what does not depend on the machine: they run on the host.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parent
root = source.parent.parent

UNIT = """simd vector_math block_kernels dense_kernels op_kernels op_kernels_structure op_kernels_reductions op_factorizations
    tensor embed_networks embed_bad_input""".split()
LAWS = "rotation positive norms orthogonal packed".split()
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
tests = [*UNIT, *LAWS, *[f"golden_{n}" for n in GOLDEN]]
ended = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs", "-t", "4", *tests])
print(f"{len(tests)} test programs on AArch64")
passed, failed = map(int, subprocess.run([sys.executable, root / "tests/tally.py", build], capture_output=True, text=True).stdout.split())
if len(re.findall('"name"', log.read_text())) < len(tests) or (ended.returncode != 0 and failed == 0):
    failed += 1
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
