#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Template instantiations that a chain of stages costs clang, forward and backward, over the bare include: a count that repeats exactly.

Chains of 4, 16 and 64 stages (tests/benchmark/compile_cost.py writes them). Gates, on the mixed chain: a stage of the last 48 costs at
most 1.05 times one of the 12 before, so growth is linear; and at most STAGE instantiations, measured plus a tenth.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests/benchmark"))
import compile_cost  # noqa: E402

COMPILER = "clang++-19"
STAGE = 80
GROWTH = 1.05


def instantiations(text: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "chain.cpp")
        source.write_text(text)
        subprocess.run(
            [COMPILER, "-std=c++20", "-O0", "-c", str(source), "-o", str(source.with_suffix(".o")),
             f"-I{root}/include", "-ftime-trace", "-ftime-trace-granularity=0"],
            check=True,
        )
        events = json.loads(source.with_suffix(".json").read_text())["traceEvents"]
    return sum(event["name"] in ("InstantiateFunction", "InstantiateClass") for event in events)


bare = instantiations(compile_cost.BARE)
counts = {n: instantiations(compile_cost.program("mixed", n)) - bare for n in compile_cost.STAGES}
early, late = (counts[16] - counts[4]) / 12, (counts[64] - counts[16]) / 48
print(f"bare include: {bare} instantiations; chains of 4, 16, 64 stages over it: {counts}")
print(f"a stage costs {early:.0f} at first, {late:.0f} later; bars: {STAGE} a stage, growth {GROWTH}")
sys.exit(0 if late <= STAGE and late <= GROWTH * early else 1)
