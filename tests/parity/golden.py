"""What the comparisons of parity share: how far numbers are apart, and expected numbers that PyTorch computes now, or that are stored.

SPDX-License-Identifier: BSL-1.0
"""

import json
import math
import sys
import time


def largest_difference(found, expected):
    """Infinite where one is infinite or no number and the other is not; what is expected to be no number is not determined."""

    def apart(x, y):
        return 0.0 if x == y else abs(x - y) if math.isfinite(x - y) else math.inf

    return max((apart(x, y) for x, y in zip(found, expected) if y == y), default=0.0)


def store(cases, path):
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


def run(draw, compare, every=1):
    """`PROGRAM [SEED]` compares with cases that are drawn now, `PROGRAM --golden FILE` with those that are stored, `PROGRAM --write FILE`
    stores them, or every so many. Where a library that draw(seed) imports is missing, the test is skipped."""
    program, options = sys.argv[1], sys.argv[2:]
    if options[:1] == ["--golden"]:
        with open(options[1]) as file:
            return compare(program, json.load(file))
    writes = options[:1] == ["--write"]
    seed = 1 if writes else int(options[0]) if options else time.time_ns() % 1_000_000
    print(f"seed {seed}")
    try:
        cases = list(draw(seed))
    except ImportError as missing:
        print(f"{missing.name} is not installed: skipped")
        return 77
    if writes:
        cases = cases[::every]
        store(cases, options[1])
    return compare(program, cases)


def main(expected_numbers, compare):
    """As run, with what PyTorch computes. Expected numbers are (name, more, inputs, results), the latter two as tensors."""

    def flat(tensors):
        return [t.detach().double().flatten().tolist() for t in tensors]

    def draw(seed):
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(seed)
        print(f"PyTorch {torch.__version__}")
        return [(name, more, flat(inputs), flat(results)) for name, more, inputs, results in expected_numbers(torch)]

    return run(draw, compare)
