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


def main(expected_numbers, compare):
    """`PROGRAM [SEED]` compares with what PyTorch computes from fresh random numbers, `PROGRAM --golden FILE` with what is stored,
    `PROGRAM --write FILE` stores it. Cases are (name, more, inputs, results), the latter two as tensors."""
    program, options = sys.argv[1], sys.argv[2:]
    if options[:1] == ["--golden"]:
        with open(options[1]) as file:
            return compare(program, json.load(file))
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: skipped")
        return 77
    torch.set_num_threads(1)
    seed = 1 if options[:1] == ["--write"] else int(options[0]) if options else time.time_ns() % 1_000_000
    torch.manual_seed(seed)
    print(f"seed {seed}, PyTorch {torch.__version__}")

    def flat(tensors):
        return [t.detach().double().flatten().tolist() for t in tensors]

    cases = [(name, more, flat(inputs), flat(results)) for name, more, inputs, results in expected_numbers(torch)]
    if options[:1] == ["--write"]:
        store(cases, options[1])
    return compare(program, cases)
