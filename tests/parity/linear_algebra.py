"""Linear algebra against PyTorch: value and gradient of a random cotangent; `linear_algebra.py PROGRAM [SEED]`.

PyTorch computes in double from the same numbers. Differences are relative to the largest element of the results (of the
gradients) and of what they are made from.
SPDX-License-Identifier: BSL-1.0
"""

import subprocess
import sys
import time

try:
    import torch
except ImportError:
    print("PyTorch is not installed: skipped")
    sys.exit(77)

SIZES = {"float": 17, "double": 9}
BOUNDS = {"float": 1e-5, "double": 1e-11}
TYPES = {"float": torch.float32, "double": torch.float64}
# How many bounds are allowed. Eigenvectors follow an error by the norm over the gap of eigenvalues, 16 for eigh here; of
# the logarithm of a rotation the gradient goes through two maps one after the other, eigenvectors among them.
WIDER = {"eigh": 2, "rotation_log": 2}

linalg = torch.linalg


def eye(a):
    return torch.eye(len(a), dtype=a.dtype)


def skew(x):
    return x.triu(1) - x.triu(1).T


def symmetric(x):
    return x + x.T


def near_identity(*shape):
    n = shape[0]
    return 2 * torch.eye(*shape, dtype=torch.float64) + (torch.rand(*shape, dtype=torch.float64) * 2 - 1) / n**0.5


def anything(*shape):
    return torch.rand(*shape, dtype=torch.float64) * 2 - 1


def small(n):
    return anything(n, n) / n**0.5


def spread(n):
    """Once its transpose is added, its eigenvalues are one apart."""
    q = linalg.qr(anything(n, n))[0]
    return q @ torch.diag(torch.arange(n, dtype=torch.float64)) @ q.T / 2


def signed(w, v):
    """Signs as ours: the largest entry of every eigenvector is positive."""
    top = v.gather(0, v.abs().argmax(0, keepdim=True))
    return w, v * top.sign()


def solve(upper, transposed, unit):
    def call(a, b):
        t = a.T if transposed else a
        return linalg.solve_triangular(t, b, upper=upper != transposed, unitriangular=unit)

    return call


# name: the function in PyTorch, its arguments for an order n.
CASES = {
    "inverse": (linalg.inv, lambda n: [near_identity(n, n)]),
    "cayley": (lambda x: linalg.solve(eye(x) + skew(x), eye(x) - skew(x)), lambda n: [small(n)]),
    "lower": (solve(False, False, False), lambda n: [near_identity(n, n), anything(n, 5)]),
    "upper_transposed": (solve(True, True, False), lambda n: [near_identity(n, n), anything(n, 5)]),
    "unit_upper": (solve(True, False, True), lambda n: [small(n), anything(n, 5)]),
    "cholesky": (lambda a: linalg.cholesky(symmetric(a)), lambda n: [near_identity(n, n)]),
    "det": (linalg.det, lambda n: [near_identity(n, n) / 2]),
    "slogdet": (lambda a: tuple(linalg.slogdet(a)), lambda n: [near_identity(n, n)]),
    "lu": (linalg.lu, lambda n: [near_identity(n, n)[torch.randperm(n)]]),
    "qr": (linalg.qr, lambda n: [near_identity(n, n)]),
    "qr_tall": (linalg.qr, lambda n: [anything(n, 6)]),
    "qr_wide": (linalg.qr, lambda n: [near_identity(6, n)]),
    "householder_product": (linalg.householder_product, lambda n: [anything(n, 6), 1 + torch.rand(4).double()]),
    "eigh": (lambda a: signed(*linalg.eigh(symmetric(a))), lambda n: [spread(n)]),
    "matrix_exp": (torch.matrix_exp, lambda n: [2 * small(n)]),
    "rotation": (lambda x: torch.matrix_exp(skew(x)), lambda n: [3 * small(n)]),
    "rotation_log": (skew, lambda n: [small(n)]),
    "singular_values_tall": (linalg.svdvals, lambda n: [anything(n, 4)]),
    "singular_values_wide": (linalg.svdvals, lambda n: [anything(4, n)]),
}


def difference(found, expected, made_from):
    scale = max(x.abs().max().item() for x in [*expected, *made_from])
    return max((x - y.flatten()).abs().max().item() for x, y in zip(found, expected)) / scale


def check(program, name, kind):
    """The largest relative differences of values and gradients."""
    function, arguments = CASES[name]
    given = [x.to(TYPES[kind]).double().requires_grad_() for x in arguments(SIZES[kind])]
    values = function(*given)
    values = list(values) if isinstance(values, tuple) else [values]
    cotangents = [(torch.rand_like(v) * 2 - 1).to(TYPES[kind]).double().detach() for v in values]
    through = [(v, c) for v, c in zip(values, cotangents) if v.requires_grad]
    gradients = torch.autograd.grad([v for v, _ in through], given, [c for _, c in through])
    data = torch.cat([x.detach().to(TYPES[kind]).flatten() for x in [*given, *cotangents]])
    result = subprocess.run([program, name, kind], input=data.numpy().tobytes(), capture_output=True)
    if result.returncode != 0:
        sys.exit(f"{name} {kind}: {result.stderr.decode()}")
    numbers = torch.frombuffer(bytearray(result.stdout), dtype=TYPES[kind]).double()
    parts = torch.split(numbers, [x.numel() for x in [*values, *given]])
    return [
        difference(parts[: len(values)], [v.detach() for v in values], [x.detach() for x in given]),
        difference(parts[len(values) :], gradients, cotangents),
    ]


seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
torch.manual_seed(seed)
torch.set_num_threads(1)
print(f"seed {seed}\n{'':20} {'type':6} {'value':>9} {'gradient':>9}")
wrong = 0
for name in CASES:
    for kind in SIZES:
        differences = check(sys.argv[1], name, kind)
        bad = not all(d <= WIDER.get(name, 1) * BOUNDS[kind] for d in differences)
        wrong += bad
        print(f"{name:20} {kind:6} " + " ".join(f"{d:9.1e}" for d in differences) + ("  WRONG" if bad else ""))
print(f"{2 * len(CASES) - wrong} passed, {wrong} failed")
sys.exit(1 if wrong else 0)
