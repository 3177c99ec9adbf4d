#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Template instantiations that a chain of stages costs clang, forward and backward, over the bare include: a count that repeats exactly.

Chains of 4, 16 and 64 stages (tests/benchmark/compile_cost.py writes them). Gates, on the mixed chain: a stage of the last 48 costs at
most 1.05 times one of the 12 before, so growth is linear; and at most STAGE instantiations, measured plus a tenth.
"""
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests/benchmark"))
import compile_cost  # noqa: E402

STAGE = 80


def instantiations(text: str) -> int:
    return compile_cost.instantiations(text, str(root / "include"))


bare = instantiations(compile_cost.BARE)
counts = {n: instantiations(compile_cost.program("mixed", n)) - bare for n in compile_cost.STAGES}
early, late = (counts[16] - counts[4]) / 12, (counts[64] - counts[16]) / 48
print(f"bare include: {bare} instantiations; chains of 4, 16, 64 stages over it: {counts}")
print(f"a stage costs {early:.0f} at first, {late:.0f} later; bars: {STAGE} a stage, growth {compile_cost.GROWTH_OF_COUNTS}")
sys.exit(0 if late <= STAGE and late <= compile_cost.GROWTH_OF_COUNTS * early else 1)
