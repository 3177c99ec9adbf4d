"""The tests on AArch64 with NEON: cross-compiled, run by qemu-aarch64. `aarch64.py FOLDER [TEST...]`: those named, or all
of the suites unit and golden (the numbers that PyTorch gave once) that depend on the processor. The build is in FOLDER.

SPDX-License-Identifier: BSL-1.0
"""

import json
import os
import pathlib
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parent
root = source.parent.parent
build, named = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]

SUITES = ["unit", "golden"]
OPTIONS = "--werror -Doptimization=1 -Ddebug=false -Dslow_tests=false -Dcpp_args=-D_GLIBCXX_ASSERTIONS".split()


def run(*command) -> str:
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed\n{result.stdout[-4000:]}{result.stderr}")
    return result.stdout


if not (build / "build.ninja").exists():
    run("meson", "setup", build, root, "--cross-file", source / "aarch64.ini", *OPTIONS)
# embed.hpp compiles alone, as targets compile it, and uses NEON through xsimd.
alone = build / "alone.cpp"
alone.write_text("#include <paramorph/embed.hpp>\nstatic_assert(paramorph::simd::width<paramorph::simd::best<float>> == 4);\n")
flags = "-std=c++20 -O2 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wdouble-promotion -Werror".split()
run("aarch64-linux-gnu-g++", *flags, "-I", root / "include", "-c", alone, "-o", build / "alone.o")

run("ninja", "-C", build, "build.ninja")  # what Meson says of the tests is then as the lists are now
tests = json.loads(run("meson", "introspect", "--tests", build))
tests = [t for t in tests if any(suite.endswith(f":{s}") for suite in t["suite"] for s in SUITES)]
tests = [t for t in tests if not named or t["name"] in named]
forgotten = set(named) - {t["name"] for t in tests}
if forgotten:
    sys.exit(f"no tests of these names: {' '.join(sorted(forgotten))}")
targets = {t["id"]: t for t in json.loads(run("meson", "introspect", "--targets", build))}
needed = [targets[target] for test in tests for target in test["depends"]]
files = {os.path.relpath(file, build): target["type"] for target in needed for file in target["filename"]}
status = subprocess.run(["ninja", "-C", build, "-k", "0", *sorted(files)]).returncode
for program in sorted(file for file, kind in files.items() if kind == "executable"):
    if (build / program).exists() and (build / program).read_bytes()[18:20] != b"\xb7\x00":
        sys.exit(f"{program} is no program for AArch64")

log = build / "meson-logs" / "testlog.json"
log.write_text("")
chosen = [word for s in SUITES for word in ("--suite", s)] + named
if subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs", *chosen]).returncode != 0:
    status = 1
passed, failed, *names = run(sys.executable, root / "tests/tally.py", build).split()
passed, failed = int(passed), int(failed)
ran = len(log.read_text().splitlines())
print(f"{ran} of {len(tests)} test programs ran on AArch64{''.join(f', {name} failed' for name in names)}")
if failed == 0 and (status != 0 or ran < len(tests)):
    failed = 1
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
