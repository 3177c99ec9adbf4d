"""Stan's transforms, and the other parametrizations with a log_abs_det, against their formulas in 200 digits: the value, log
|det J| by the Jacobian of the value's coordinates in the set's chart, its gradient, and that right_inverse of the value is the
original.

`densities.py PROGRAM [SEED]` computes the expected numbers now, from fresh random ones; `--golden FILE` compares with stored
ones; `--write FILE` stores them. The values are those of the Stan Reference Manual, Constraint transforms, and of the headers;
no formula of a determinant is taken from anywhere: Jacobians are differences of a step of 1e-30. In double, relative to the
largest element of what is compared, or to 1.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import golden  # noqa: E402
import ready_made  # noqa: E402

# Value, log |det J|, its gradient, and what comes back: where rounding of the value takes it away, see `comes_back`.
BOUNDS = {"double": 1e-12}
CASES = [
    ("lower", (3,)), ("upper", (2, 2)), ("interval", (3,)), ("exponential", (3,)), ("positive", (1, 3)),
    ("offset_multiplier", (3, 1)), ("ordered", (4,)), ("ordered", (2, 1, 3)), ("positive_ordered", (4,)),
    ("sum_to_zero", (2, 3)), ("sum_to_zero_matrix", (3, 2)), ("ilr_simplex", (4,)), ("ilr_simplex", (2, 1, 2, 3)),
    ("row_stochastic", (2, 3)), ("column_stochastic", (3, 2)), ("doubly_stochastic", (3, 3)),
    ("cholesky_factor_cov", (3, 3)), ("cov_matrix", (1, 1)), ("cov_matrix", (3, 3)), ("cholesky_factor_corr", (4, 4)),
    ("corr_matrix", (2, 2)), ("corr_matrix", (4, 4)), ("ball", (2, 3)), ("contracting", (3, 2)), ("contracting", (1, 3)),
    ("passive", (3, 3)),
]  # fmt: skip
# How large the numbers of the original are.
SCALES = [1e-30, 1e-6, 1.0, 6.0, 40.0]
# Of what squares or products must fit, or is computed by sweeps: no larger.
MOST = {"doubly_stochastic": 6.0}
# By length, in all elements.
BY_LENGTH = ("sum_to_zero", "sum_to_zero_matrix")


def rows(x, n):
    return [x[k : k + n] for k in range(0, len(x), n)]


def formulas(mp):
    def helmert(n):
        """Orthonormal columns, each j + 1 ones over -(j + 1)."""
        h = mp.matrix(n, n - 1)
        for j in range(n - 1):
            for i in range(j + 1):
                h[i, j] = 1 / mp.sqrt((j + 1) * (j + 2))
            h[j + 1, j] = -(j + 1) / mp.sqrt((j + 1) * (j + 2))
        return h

    def softmax(row):
        e = [mp.exp(y) for y in row]
        return [y / mp.fsum(e) for y in e]

    def in_plane(row):
        return list(helmert(len(row) + 1) * mp.matrix(row))

    def transposed(x, n):
        return [x[i * n + j] for j in range(n) for i in range(len(x) // n)]

    def lower_triangle(x, n, diagonal):
        a, at = mp.matrix(n, n), iter(x)
        for i in range(n):
            for j in range(i + 1 if diagonal else i):
                a[i, j] = next(at)
        return a

    def factor_cov(x, n):
        a = lower_triangle(x, n, True)
        for i in range(n):
            a[i, i] = mp.exp(a[i, i])
        return a

    def factor_corr(x, n):
        z, l = lower_triangle([mp.tanh(y) for y in x], n, False), mp.matrix(n, n)
        for i in range(n):
            left = mp.mpf(1)  # Stan: 1 less the squares of the row so far
            for j in range(i):
                l[i, j] = z[i, j] * mp.sqrt(left)
                left -= l[i, j] ** 2
            l[i, i] = mp.sqrt(left)
        return l

    def square(l):
        return l * l.T

    def value(name, shape, x):
        n = shape[-1]
        if name == "lower":
            return [mp.exp(e) - 1 for e in x]
        if name == "upper":
            return [2 - mp.exp(e) for e in x]
        if name == "interval":
            return [3 / (1 + mp.exp(-e)) - 1 for e in x]
        if name == "exponential":
            return [mp.exp(e) for e in x]
        if name == "positive":
            return [mp.log1p(mp.exp(e)) for e in x]
        if name == "offset_multiplier":
            return [1 + 3 * e for e in x]
        if name in ("ordered", "positive_ordered"):
            y = []
            for row in rows(x, n):
                for k, e in enumerate(row):
                    y.append((e if name == "ordered" else mp.exp(e)) if k == 0 else y[-1] + mp.exp(e))
            return y
        if name == "sum_to_zero":
            return [e for row in rows(x, n - 1) for e in in_plane(row)]
        if name in ("ilr_simplex", "row_stochastic"):
            return [e for row in rows(x, n - 1) for e in softmax(in_plane(row))]
        if name == "column_stochastic":
            columns = [e for row in rows(transposed(x, n), shape[0] - 1) for e in softmax(in_plane(row))]
            return transposed(columns, shape[0])
        if name in ("sum_to_zero_matrix", "doubly_stochastic"):
            y = helmert(shape[0]) * mp.matrix(rows(x, n - 1)) * helmert(n).T
            y = scaled(y, n) if name == "doubly_stochastic" else y
        elif name == "ball":
            return [2 * e / mp.sqrt(1 + mp.fsum(a * a for a in row)) for row in rows(x, n) for e in row]
        elif name == "contracting":
            w = mp.matrix(rows(x, n))
            w = w if shape[0] >= n else w.T
            # x r^-1 with the upper triangular r of I + x^T x
            y = 3 * w * mp.inverse(mp.cholesky(mp.eye(w.cols) + w.T * w).T)
            y = y if shape[0] >= n else y.T
        elif name == "passive":
            a = mp.matrix(rows(x, n))
            l = mp.matrix([[mp.exp(a[i, i]) if i == j else a[i, j] if j < i else mp.mpf(0) for j in range(n)] for i in range(n)])
            y = square(l)
            for i in range(n):
                for j in range(i + 1, n):
                    y[i, j] += a[i, j]
                    y[j, i] -= a[i, j]
        elif name == "cholesky_factor_cov":
            y = factor_cov(x, n)
        elif name == "cov_matrix":
            y = square(factor_cov(x, n))
        elif name == "cholesky_factor_corr":
            y = factor_corr(x, n)
        else:
            y = square(factor_corr(x, n))
        return [y[i, j] for i in range(shape[0]) for j in range(n)]

    def scaled(z, n):
        """exp(z_ij + u_i + v_j) whose rows and columns sum to one: sweeps, then Newton's method."""
        v = [mp.mpf(0)] * n
        for sweep in range(2000):
            y = mp.matrix([softmax([z[i, j] + v[j] for j in range(n)]) for i in range(n)])
            sums = [mp.fsum(y[i, j] for i in range(n)) for j in range(n)]
            if max(abs(s - 1) for s in sums) < mp.mpf(10) ** (10 - mp.mp.dps):
                return y
            if sweep < 50:
                v = [e - mp.log(s) for e, s in zip(v, sums)]
            else:
                slopes = mp.diag(sums) - y.T * y
                step = mp.lu_solve(slopes[: n - 1, : n - 1], mp.matrix([1 - s for s in sums[:-1]]))
                v = [e + d for e, d in zip(v, [*step, 0])]
        raise ArithmeticError("not doubly stochastic")

    return value


def count_of(name, shape):
    n, size = shape[-1], 1
    for e in shape:
        size *= e
    if name in ("sum_to_zero", "ilr_simplex", "row_stochastic"):
        return size // n * (n - 1)
    if name == "column_stochastic":
        return (shape[0] - 1) * n
    if name in ("sum_to_zero_matrix", "doubly_stochastic"):
        return (shape[0] - 1) * (n - 1)
    if name in ("cholesky_factor_cov", "cov_matrix"):
        return n * (n + 1) // 2
    return n * (n - 1) // 2 if "corr" in name else size


def in_chart(name, shape, element):
    """The coordinates of the reference measure, as the headers say."""
    i, j = element // shape[-1], element % shape[-1]
    if name in ("ilr_simplex", "row_stochastic"):
        return j + 1 < shape[-1]
    if name == "column_stochastic":
        return i + 1 < shape[0]
    if name == "doubly_stochastic":
        return i + 1 < shape[0] and j + 1 < shape[1]
    if name in ("cholesky_factor_cov", "cov_matrix"):
        return j <= i
    return j < i if "corr" in name else True


def comes_back(scale, name):
    """Is the value not rounded so that the original is lost in it?"""
    return scale <= 1 and (scale >= 1e-6 or name in ("exponential", "offset_multiplier", "sum_to_zero", "sum_to_zero_matrix"))


def expected_numbers(draw):
    import mpmath as mp

    mp.mp.dps = 200  # where correlations are 1 but for 1e-34, differences of their squares lose a hundred digits
    value = formulas(mp)
    step, outer = mp.mpf(10) ** -30, mp.mpf(10) ** -12

    def moved(x, k, by):
        return [e + by if i == k else e for i, e in enumerate(x)]

    for scale in SCALES:
        for name, shape in CASES:
            if scale > MOST.get(name, scale):
                continue
            x = [scale * draw.uniform(-1, 1) for _ in range(count_of(name, shape))]

            def log_det(x):
                columns = []
                for k in range(len(x)):
                    ahead, behind = (value(name, shape, moved(x, k, by)) for by in (step, -step))
                    columns.append([(a - b) / (2 * step) for i, (a, b) in enumerate(zip(ahead, behind)) if in_chart(name, shape, i)])
                j = mp.matrix(columns)
                return mp.log(abs(mp.det(j * j.T))) / 2 if name in BY_LENGTH else mp.log(abs(mp.det(j)))

            exact = [mp.mpf(e) for e in x]
            gradient = [(log_det(moved(exact, k, outer)) - log_det(moved(exact, k, -outer))) / (2 * outer) for k in range(len(x))]
            back = x if comes_back(scale, name) else [float("nan")] * len(x)
            results = [value(name, shape, exact), [log_det(exact)], gradient]
            yield name, shape, [x], [*([float(e) for e in one] for one in results), back]


def drawn(seed):
    return expected_numbers(random.Random(seed))


def compare(program, cases):
    return ready_made.compare(program, cases, BOUNDS)


if __name__ == "__main__":
    sys.exit(golden.run(drawn, compare))
