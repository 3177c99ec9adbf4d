"""Parametrizations of which PyTorch has none, against their formulas in 50 digits: value, gradient of a random cotangent
(by differences of a step of 1e-25), and that right_inverse of the value makes it again.

`formulas.py PROGRAM [SEED]` computes the expected numbers now, from fresh random ones; `--golden FILE` compares with stored
ones; `--write FILE` stores them. The formulas are those of the headers in include/paramorph/param: reflections are multiplied
out, nothing is taken from the library. In double, relative to the largest element of what is compared, or to 1.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import random
import sys

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
    ("passive", 3, 3, 0),
    ("doubly_stochastic", 3, 3, 0),
    ("doubly_stochastic", 2, 2, 0),
    ("sum_to_zero_matrix", 3, 4, 0),
    ("hadamard_diagonal", 4, 4, 0),
    ("almost_orthogonal_lipschitz", 3, 2, 0),
    ("almost_orthogonal_lipschitz", 2, 3, 0),
    ("operator_norm", 3, 2, 0),
]
# Of those: what has fewer numbers than the value; and what has no right_inverse.
NUMBERS = {
    "doubly_stochastic": lambda m, n: (m - 1) * (n - 1),
    "sum_to_zero_matrix": lambda m, n: (m - 1) * (n - 1),
    "hadamard_diagonal": lambda m, n: n,
}
NOT_INVERTED = ["almost_orthogonal_lipschitz"]
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

    def helmert(n):
        """Orthonormal columns, each j + 1 ones over -(j + 1)."""
        h = mp.matrix(n, n - 1)
        for j in range(n - 1):
            length = mp.sqrt((j + 1) * (j + 2))
            for i in range(j + 1):
                h[i, j] = 1 / length
            h[j + 1, j] = -(j + 1) / length
        return h

    def sum_to_zero(x, m, n):
        return helmert(m) * mp.matrix([x[i * (n - 1) : (i + 1) * (n - 1)] for i in range(m - 1)]) * helmert(n).T

    def doubly_stochastic(z, n):
        """Rows by division, columns by sweeps and then by Newton's method, to 45 digits."""
        v = [mp.mpf(0)] * n
        for sweep in range(2000):
            y = mp.matrix(n, n)
            for i in range(n):
                row = [mp.exp(z[i, j] + v[j]) for j in range(n)]
                for j in range(n):
                    y[i, j] = row[j] / mp.fsum(row)
            sums = [mp.fsum(y[i, j] for i in range(n)) for j in range(n)]
            if max(abs(s - 1) for s in sums) < mp.mpf(10) ** -47:
                return y
            if sweep < 100:
                v = [e - mp.log(s) for e, s in zip(v, sums)]
            else:
                slopes = mp.diag(sums) - y.T * y
                step = mp.lu_solve(slopes[: n - 1, : n - 1], mp.matrix([1 - s for s in sums[:-1]]))
                v = [e + d for e, d in zip(v, [*step, 0])]
        raise ArithmeticError("not doubly stochastic")

    def direct(name, m, n, x):
        """Those without reflections."""
        if name == "passive":
            lower = mp.matrix(n, n)
            for i in range(n):
                for j in range(i + 1):
                    lower[i, j] = mp.exp(x[i * n + i]) if i == j else x[i * n + j]
            square = lower * lower.T
            skew = lambda i, j: x[i * n + j] if j > i else -x[j * n + i] if j < i else 0  # noqa: E731
            return mp.matrix([[square[i, j] + skew(i, j) for j in range(n)] for i in range(n)])
        if name == "sum_to_zero_matrix":
            return sum_to_zero(x, m, n)
        if name == "doubly_stochastic":
            return doubly_stochastic(sum_to_zero(x, n, n), n)
        if name == "hadamard_diagonal":
            h = mp.matrix([[(-1) ** bin(i & j).count("1") for j in range(n)] for i in range(n)])
            return h * mp.diag(x) * h / n
        w = mp.matrix([x[i * n : i * n + n] for i in range(m)])
        if name == "almost_orthogonal_lipschitz":
            w = w if m >= n else w.T
            square = w.T * w
            d = [mp.fsum(abs(square[j, k]) for k in range(w.cols)) for j in range(w.cols)]
            y = w * mp.diag([1 / mp.sqrt(e) for e in d])
            return y if m >= n else y.T
        # operator_norm<2> of a matrix: the fourth root of the largest sum of a row of the square of its Gram matrix
        square = (w.T * w) ** 2
        rows = [mp.fsum(abs(square[i, j]) for j in range(n)) for i in range(n)]
        return w / mp.root(max(rows), 4)

    def value(name, m, n, k, x, signs):
        def at(i, j):
            return x[i * n + j]

        if k == 0 and name not in ("sphere", "ball"):
            y = direct(name, m, n, x)
            return [y[i, j] for i in range(m) for j in range(n)]
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
            x = [scale * draw.uniform(-1, 1) for _ in range(NUMBERS.get(name, lambda m, n: m * n)(m, n))]
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
            unknown = [] if name in NOT_INVERTED else [[float("nan")] * len(s) for s in [x, *state]]
            trained = [y, signs, gradient] if state else []
            yield name, (m, n), [x, *state, cotangent, y], [y, gradient, *unknown, *trained]


def make_again(program, cases):
    """forward(right_inverse(y)) is y."""
    wrong = 0
    for name, shape, inputs, expected in cases:
        found = ready_made.answer(program, "double", name, shape, inputs)
        if name in NOT_INVERTED:
            continue
        size, numbers, signs = len(expected[0]), len(inputs[0]), len(inputs[1]) if has_signs(name) else 0
        at = size + 2 * numbers
        original, state = found[size + numbers : at], found[at : at + signs]
        again = [list(original), *([list(state)] if signs else []), inputs[-2], inputs[-1]]
        y = ready_made.answer(program, "double", name, shape, again)[:size]
        difference = golden.largest_difference(y, expected[0]) / max(map(abs, expected[0]))
        if not difference <= BOUNDS["double"]:
            print(f"{name} {shape}: forward(right_inverse(y)) differs from y by {difference:.2e}")
            wrong += 1
    return wrong


def drawn(seed):
    return expected_numbers(random.Random(seed))


def compare(program, cases):
    wrong = make_again(program, cases)
    return max(ready_made.compare(program, cases, BOUNDS), 1 if wrong else 0)


sys.exit(golden.run(drawn, compare))
