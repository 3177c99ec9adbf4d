"""Parametrizations against PyTorch: forward, gradient of a random cotangent, right inverse; `parametrizations.py PROGRAM [SEED]`.

PyTorch computes in double from the same numbers. Differences are relative to the largest element
of the result and the argument.
SPDX-License-Identifier: BSL-1.0
"""

import subprocess
import sys
import time

try:
    import torch
    import torch.nn.utils.parametrize
except ImportError:
    print("PyTorch is not installed: skipped")
    sys.exit(77)

SIZES = {"float": (1, 5, 33), "double": (4, 16)}
BOUNDS = {"float": 1e-5, "double": 1e-11}
TYPES = {"float": torch.float32, "double": torch.float64}


def eye(a):
    return torch.eye(len(a), dtype=a.dtype)


def cayley(a):
    return torch.linalg.solve(eye(a) + a, eye(a) - a)


def skew(x):
    return x.triu(1) - x.triu(1).T


def rank_one_inverse(z):
    u, s, vh = torch.linalg.svd(z, full_matrices=False)
    return [u[:, 0] * s[0].sqrt(), vh[0] * s[0].sqrt()]


# name: forward, right_inverse, shapes of the originals.
CASES = {
    "symmetric": (lambda x: x.triu() + x.triu(1).T, lambda y: [y.triu()], lambda n: [(n, n)]),
    "rotation": (lambda x: cayley(skew(x)), lambda y: [cayley(y).triu(1)], lambda n: [(n, n)]),
    "rank_one": (lambda x, y: x.unsqueeze(-1) @ y.unsqueeze(-2), rank_one_inverse, lambda n: [(n,), (n,)]),
    "positive": (torch.nn.functional.softplus, lambda y: [y + torch.log(-torch.expm1(-y))], lambda n: [(n, n)]),
}


def same_sign(found, expected):
    """A pair of singular vectors is determined up to one sign."""
    return [-x for x in found] if (found[0] * expected[0]).sum() < 0 else found


def check(program, name, n, kind):
    """The largest relative differences of value, gradients and right inverse."""
    forward, inverse, shapes = CASES[name]
    given = [(torch.rand(s, dtype=torch.float64) * 2 - 1) / n**0.5 for s in shapes(n)]
    given = [x.to(TYPES[kind]).double().requires_grad_() for x in given]
    cotangent = (torch.rand(n, n, dtype=torch.float64) * 2 - 1).to(TYPES[kind]).double()
    value = forward(*given)
    gradients = torch.autograd.grad(value, given, cotangent)
    target = value.detach().to(TYPES[kind])
    undone = inverse(target.double())

    data = torch.cat([x.detach().to(TYPES[kind]).flatten() for x in [*given, cotangent, target]])
    result = subprocess.run([program, name, str(n), kind], input=data.numpy().tobytes(), capture_output=True)
    if result.returncode != 0:
        sys.exit(f"{name} {n} {kind}: {result.stderr.decode()}")
    numbers = torch.frombuffer(bytearray(result.stdout), dtype=TYPES[kind]).double()
    sizes = [n * n] + [x.numel() for x in given] * 2
    first, *rest = torch.split(numbers, sizes)
    found_gradients, found_undone = rest[: len(given)], rest[len(given) :]
    if name == "rank_one":
        found_undone = same_sign(found_undone, undone)
    differences = []
    checks = [([first], [value], given), (found_gradients, gradients, [cotangent]), (found_undone, undone, [target])]
    for found, expected, arguments in checks:
        scale = max(x.abs().max().item() for x in [*expected, *arguments])
        differences.append(max((x - y.flatten()).abs().max().item() for x, y in zip(found, expected)) / scale)
    return differences


class Symmetric(torch.nn.Module):
    """Of the first example of register_parametrization."""

    def forward(self, x):
        return x.triu() + x.triu(1).T

    def right_inverse(self, a):
        return a.triu()


def check_register(program):
    """Registering on a plain layer: original and weight, to the last bit."""
    layer = torch.nn.Linear(5, 5)
    data = layer.weight.detach().numpy().tobytes()
    torch.nn.utils.parametrize.register_parametrization(layer, "weight", Symmetric())
    result = subprocess.run([program, "register", "5", "float"], input=data, capture_output=True, check=True)
    original, weight = torch.frombuffer(bytearray(result.stdout), dtype=torch.float32).reshape(2, 5, 5)
    same = torch.equal(original, layer.parametrizations.weight.original) and torch.equal(weight, layer.weight)
    print(f"register_parametrization: {'the same bits' if same else 'WRONG'}")
    return same


seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
torch.manual_seed(seed)
torch.set_num_threads(1)
print(f"seed {seed}\n{'':10} {'n':>3} {'type':6} {'forward':>9} {'gradient':>9} {'inverse':>9}")
wrong = 0
for name in CASES:
    for kind, sizes in SIZES.items():
        for n in sizes:
            differences = check(sys.argv[1], name, n, kind)
            bad = not all(d <= BOUNDS[kind] for d in differences)
            wrong += bad
            print(f"{name:10} {n:3} {kind:6} " + " ".join(f"{d:9.1e}" for d in differences) + ("  WRONG" if bad else ""))
wrong += not check_register(sys.argv[1])
print(f"{len(CASES) * 5 + 1 - wrong} passed, {wrong} failed")
sys.exit(1 if wrong else 0)
