"""fake_quantize and learned_fake_quantize in float against PyTorch's fake_quantize functions: value and gradients of a random
cotangent, ties included; and what right_inverse gives.

`fake_quantize.py PROGRAM [SEED]` computes the expected numbers now, from fresh random ones; `--golden FILE` compares with
stored ones and needs no PyTorch; `--write FILE` stores them.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import golden  # noqa: E402
import ready_made  # noqa: E402

ROWS, COLUMNS = 5, 12
BOUNDS = {"float": 1e-6}
SUM_BOUND = 2.0**-22  # of the terms of a sum that cancels: two roundings
# Name, bits, axis or None, is the scale learned?
CASES = [
    ("per_tensor_8", 8, None, False),
    ("per_channel_4", 4, 0, False),
    ("per_column_8", 8, 1, False),
    ("learned_per_tensor_3", 3, None, True),
    ("learned_per_channel_8", 8, 0, True),
]


def expected_numbers(torch):
    for scale, (name, bits, axis, learned) in ((s, c) for s in (1e-30, 1.0, 1e30) for c in CASES):
        high = 2 ** (bits - 1) - 1
        x = torch.rand(ROWS, COLUMNS) * 2 - 1
        # Halves between the integers, and the ends of the range in each row and column.
        x[:, ::3] = (torch.randint(-high, high, (ROWS, COLUMNS // 3)) + 0.5) / high
        x[:, 1], x[2, :], x[3, :] = 1, -1, 0
        x = (x * scale).requires_grad_()
        cotangent = torch.rand(ROWS, COLUMNS) * 2 - 1
        others = 1 - axis if axis is not None else None
        largest = x.detach().abs().max() if axis is None else x.detach().abs().amax(others, keepdim=True)
        c = torch.rand(largest.shape) * 0.8 + 0.3 if learned else torch.ones(largest.shape)
        kept = c.clamp(max=1)
        s = (kept * (largest / high)).clamp(min=torch.finfo(torch.float32).tiny).requires_grad_()
        zero = torch.zeros(s.numel())
        if learned and axis is None:
            y = torch._fake_quantize_learnable_per_tensor_affine(x, s.reshape(1), zero, -high, high, 1.0)
        elif learned:
            y = torch._fake_quantize_learnable_per_channel_affine(x, s.flatten(), zero, axis, -high, high, 1.0)
        elif axis is None:
            y = torch.fake_quantize_per_tensor_affine(x, float(s), 0, -high, high)
        else:
            y = torch.fake_quantize_per_channel_affine(x, s.detach().flatten(), zero.int(), axis, -high, high)
        if learned:
            to_x, to_s = torch.autograd.grad(y, [x, s], cotangent)
            gradients = [to_x, to_s * (largest / high)]
        else:
            gradients = [torch.autograd.grad(y, x, cotangent)[0]]
        originals = [x, c] if learned else [x]
        inverse = [y, torch.ones(c.shape)] if learned else [y]
        yield name, (ROWS, COLUMNS), [*originals, cotangent, y], [y, *gradients, *inverse]


def terms_of_scale(inputs, results):
    """The gradient of a learned scale is a sum that may cancel; float rounds it by its terms: the largest sum of their sizes."""
    x, c, cotangent, y = inputs
    end = max(map(abs, y))
    terms = [abs(g) * (abs(b - a) if abs(a) <= end else abs(b)) / min(*c, 1) for a, g, b in zip(x, cotangent, y)]
    each = len(terms) // results
    return max(sum(terms[k : k + each]) for k in range(0, len(terms), each))


def compare(program, cases):
    """Relative to the largest element of each result, whatever its size; of a sum that cancels, to its terms."""
    wrong, worst = 0, {}
    for name, shape, inputs, expected in cases:
        found = ready_made.answer(program, "float", name, shape, inputs)
        if len(found) != sum(map(len, expected)):
            sys.exit(f"{name}: {len(found)} numbers instead of {sum(map(len, expected))}")
        at = 0
        for k, one in enumerate(expected):
            largest = max(map(abs, one))
            bound = BOUNDS["float"]
            if k == 2 and name.startswith("learned"):
                bound = max(bound, SUM_BOUND * terms_of_scale(inputs, len(one)) / (largest or 1))
            difference = golden.largest_difference(found[at : at + len(one)], one) / (largest or 1)
            at += len(one)
            worst[name] = max(worst.get(name, 0), difference)
            if not difference <= bound:
                print(f"{name}: result {k} differs by {difference:.2e}")
                wrong += 1
    for name, difference in worst.items():
        print(f"{name:22} float {difference:.1e}")
    return 1 if wrong else 0


sys.exit(golden.main(expected_numbers, compare))
