"""Parametrizations of which PyTorch has none, against their formulas in 50 digits: value, gradient of a random cotangent
(by differences of a step of 1e-25), and that right_inverse of the value makes it again.

`formulas.py PROGRAM [SEED]` computes the expected numbers now, from fresh random ones; `--golden FILE` compares with stored
ones; `--write FILE` stores them. The formulas are those of the headers in include/paramorph/param: reflections are multiplied
out, nothing is taken from the library. In double, relative to the largest element of what is compared, or to 1.
SPDX-License-Identifier: BSL-1.0
"""

import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import golden  # noqa: E402
import ready_made  # noqa: E402

BOUNDS = {"double": 1e-13}
LAMBDA, RADIUS = 0.5, 3
# Name, rows, columns, number of singular values or eigenvalues.
CASES = [
    ("fixed_rank", 4, 3, 2),
    ("fixed_rank", 2, 3, 2),
    ("almost_orthogonal", 3, 3, 3),
    ("almost_orthogonal", 1, 3, 1),
    ("invertible", 3, 3, 3),
    ("special_linear", 3, 3, 3),
    ("positive_definite", 3, 3, 3),
    ("positive_semidefinite", 4, 4, 2),
    ("fixed_rank_semidefinite", 3, 3, 1),
    ("sphere", 2, 3, 0),
    ("ball", 2, 3, 0),
]
# How small, as large as one, and large numbers of the original are.
SCALES = [1e-6, 1.0, 6.0]


def formulas(mp):
    def reflected(x, n, k):
        """The first k columns of H_1 ... H_k; x(i, j) is read for i > j."""
        q = mp.eye(n)
        for j in range(k):
            v = mp.matrix([0] * j + [1] + [x(i, j) for i in range(j + 1, n)])
            q = q * (mp.eye(n) - v * v.T * (2 / (v.T * v)[0]))
        return q[:, :k]

    def softplus(s):
        return mp.log1p(mp.exp(s))

    def shared(name, values):
        if name in ("fixed_rank", "invertible", "positive_definite", "fixed_rank_semidefinite"):
            return [softplus(s) for s in values]
        if name == "almost_orthogonal":
            return [1 + mp.mpf(LAMBDA) * mp.tanh(s) for s in values]
        if name == "special_linear":
            # exp(s) divided by the n-th root of its product
            root = mp.exp(mp.fsum(values) / len(values))
            return [mp.exp(s) / root for s in values]
        return [abs(s) for s in values]

    def value(name, m, n, k, x, signs):
        def at(i, j):
            return x[i * n + j]

        if k == 0:
            rows = [x[i * n : i * n + n] for i in range(m)]
            squares = [mp.fsum(e * e for e in row) for row in rows]
            lengths = [mp.sqrt(s if name == "sphere" else 1 + s) for s in squares]
            return [RADIUS * e / length for row, length in zip(rows, lengths) for e in row]
        s = mp.diag(shared(name, [at(i, i) for i in range(k)]))
        u = reflected(at, m, k)
        if "definite" in name:
            w = u * s * u.T
        else:
            w = u * s * mp.diag(signs) * reflected(lambda i, j: at(j, i), n, k).T
        return [w[i, j] for i in range(m) for j in range(n)]

    return value


def has_signs(name):
    return name in ("fixed_rank", "almost_orthogonal", "invertible", "special_linear")


def expected_numbers(draw):
    import mpmath as mp

    mp.mp.dps = 50
    value = formulas(mp)
    step = mp.mpf(10) ** -25
    for scale in SCALES:
        for name, m, n, k in CASES:
            x = [scale * draw.uniform(-1, 1) for _ in range(m * n)]
            signs = [draw.choice([-1.0, 1.0]) for _ in range(k)]
            if name in ("invertible", "special_linear"):
                signs[-1] = 1.0 if sum(e < 0 for e in signs[:-1]) % 2 == 0 else -1.0
            cotangent = [draw.uniform(-1, 1) for _ in range(m * n)]

            def at(x):
                return value(name, m, n, k, x, signs)

            exact = [mp.mpf(e) for e in x]
            y = at(exact)
            gradient = []
            for i in range(len(x)):
                ends = [at([e + h * step if i == j else e for j, e in enumerate(exact)]) for h in (1, -1)]
                gradient.append(mp.fsum(c * (a - b) for c, a, b in zip(cotangent, *ends)) / (2 * step))
            state = [signs] if has_signs(name) else []
            y, gradient = [float(e) for e in y], [float(e) for e in gradient]
            # What right_inverse gives is one original of several that make the value: it is assigned below.
            unknown = [[float("nan")] * (m * n), *([float("nan")] * len(s) for s in state)]
            trained = [y, signs, gradient] if state else []
            yield name, (m, n), [x, *state, cotangent, y], [y, gradient, *unknown, *trained]


def make_again(program, cases):
    """forward(right_inverse(y)) is y."""
    wrong = 0
    for name, shape, inputs, expected in cases:
        found = ready_made.answer(program, "double", name, shape, inputs)
        size, signs = len(expected[0]), len(inputs[1]) if has_signs(name) else 0
        original, state = found[2 * size : 3 * size], found[3 * size : 3 * size + signs]
        again = [list(original), *([list(state)] if signs else []), inputs[-2], inputs[-1]]
        y = ready_made.answer(program, "double", name, shape, again)[:size]
        difference = golden.largest_difference(y, expected[0]) / max(map(abs, expected[0]))
        if not difference <= BOUNDS["double"]:
            print(f"{name} {shape}: forward(right_inverse(y)) differs from y by {difference:.2e}")
            wrong += 1
    return wrong


def main():
    program, options = sys.argv[1], sys.argv[2:]
    if options[:1] == ["--golden"]:
        with open(options[1]) as file:
            cases = json.load(file)
    else:
        seed = 1 if options[:1] == ["--write"] else int(options[0]) if options else time.time_ns() % 1_000_000
        print(f"seed {seed}")
        try:
            cases = list(expected_numbers(random.Random(seed)))
        except ImportError:
            print("mpmath is not installed: skipped")
            return 77
        if options[:1] == ["--write"]:
            golden.store(cases, options[1])
    wrong = make_again(program, cases)
    return max(ready_made.compare(program, cases, BOUNDS), 1 if wrong else 0)


sys.exit(main())
