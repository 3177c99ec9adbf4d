"""The ready-made parametrizations in float and in double against PyTorch: value, gradient of a random cotangent,
right_inverse and state; square, tall and wide matrices, one row, one element.

`ready_made.py PROGRAM [SEED]` computes the expected numbers now, from fresh random ones; `ready_made.py PROGRAM --golden
FILE` compares with stored ones and needs no PyTorch; `ready_made.py PROGRAM --write FILE` stores them. PyTorch computes
in double from numbers that float can hold. Differences are relative to the largest element of what is compared, or to 1.
SPDX-License-Identifier: BSL-1.0
"""

import array
import copy
import itertools
import os
import pathlib
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import golden  # noqa: E402

SHAPES = [(4, 4), (5, 3), (3, 5), (1, 4), (1, 1)]
# Meson's, for a program that is for another machine.
EMULATOR = shlex.split(os.environ.get("MESON_EXE_WRAPPER", ""))
BOUNDS = {"float": 1e-5, "double": 1e-11}


def expected_numbers(torch):
    """Yields (name, shape, inputs, expected), the latter two as lists of flat lists."""
    from torch.nn.utils.parametrizations import spectral_norm

    def away_from(x, least):
        return x.sign() * (x.abs() + least)

    def random(*shape):
        return held_by_float(away_from(torch.rand(shape, dtype=torch.float64) * 2 - 1, 0.05))

    def held_by_float(x):
        return x.float().double()

    def norm_except(v, dim):
        return v.norm() if dim is None else torch.norm_except_dim(v, 2, dim)

    def weight_norm(dim):
        def forward(g, v):
            return v * (g / norm_except(v, dim))

        def shapes(m, n):
            return [[(m, 1), (1, n), ()][[0, 1, None].index(dim)], (m, n)]

        return forward, lambda w: [norm_except(w, dim), w], shapes

    def low_rank_inverse(w):
        u, s, vh = torch.linalg.svd(w, full_matrices=False)
        # The sign that svd leaves open: the largest entry of a column of u is positive.
        column = u[:, 0]
        sign = column[column.abs().argmax()].sign()
        return [sign * column[:, None] * s[0].sqrt(), sign * vh[:1] * s[0].sqrt()]

    stages = {
        "weight_norm": weight_norm(0),
        "weight_norm_1": weight_norm(1),
        "weight_norm_whole": weight_norm(None),
        "unit_norm": (lambda x: torch.nn.functional.normalize(x, dim=-1), lambda y: [y], lambda m, n: [(m, n)]),
        "interval": (lambda x: 3 * x.sigmoid() - 1, lambda y: [((y + 1) / (2 - y)).log()], lambda m, n: [(m, n)]),
        "exponential": (torch.exp, lambda y: [y.log()], lambda m, n: [(m, n)]),
        "positive": (torch.nn.functional.softplus, lambda y: [y.expm1().log()], lambda m, n: [(m, n)]),
        "scale": (lambda x: 3 * x, lambda y: [y / 3], lambda m, n: [(m, n)]),
        "simplex": (lambda x: x.softmax(-1), lambda y: [y.log()], lambda m, n: [(m, n)]),
        "low_rank": (torch.matmul, low_rank_inverse, lambda m, n: [(m, 1), (1, n)]),
    }
    for name, (forward, inverse, shapes) in stages.items():
        for m, n in SHAPES:
            x = [random(*s).requires_grad_() for s in shapes(m, n)]
            cotangent, y = random(m, n), forward(*x)
            gradients = torch.autograd.grad(y, x, cotangent)
            y = y.detach()
            yield name, (m, n), [*x, cotangent, y], [y, *gradients, *inverse(y)]
    for m, n in SHAPES:
        a, b, base = random(1, n).requires_grad_(), random(m, 1).requires_grad_(), random(m, n)
        cotangent, y = random(m, n), base + 2 * b @ a
        # The leading singular vector is as well determined as its value is far from the next one: here half of it.
        u, s, vh = torch.linalg.svd(random(m, n), full_matrices=False)
        w = u * 0.5 ** torch.arange(len(s)) @ vh
        gradients = torch.autograd.grad(y, [a, b], cotangent)
        vh = torch.linalg.svd(w, full_matrices=False)[2][:1]
        first = low_rank_inverse(w)[1]
        leading = vh * (vh.flatten() @ first.flatten()).sign()
        begun = [leading, torch.zeros(m, 1), w]
        yield "lora", (m, n), [a, b, base, cotangent, w], [y, *gradients, *begun, y, base, *gradients]
    for m, n in SHAPES:
        x, cotangent = random(m, n).requires_grad_(), random(m, n)
        keep = (random(m, n) > 0).double()
        y = (x * keep).detach()
        gradient = torch.autograd.grad(x * keep, x, cotangent)[0]
        yield "mask", (m, n), [x, keep, cotangent, y], [y, gradient, y, keep, y, keep, gradient]
    for name, iterations, dim in [("spectral_norm", 1, 0), ("spectral_norm_3_1", 3, 1)]:
        for m, n in SHAPES:
            layer = torch.nn.Linear(n, m, bias=False).double()
            spectral_norm(layer, n_power_iterations=iterations, eps=1e-12, dim=dim)
            p = layer.parametrizations.weight
            x = p.original
            with torch.no_grad():
                for tensor in (x, p[0]._u, p[0]._v):
                    tensor.copy_(held_by_float(tensor))
            state = [p[0]._u.clone(), p[0]._v.clone()]
            cotangent = random(m, n)
            layer.eval()
            y = layer.weight
            gradient = torch.autograd.grad(y, x, cotangent)[0]
            layer.train()
            trained = layer.weight
            new_state = [p[0]._u.clone(), p[0]._v.clone()]
            trained_gradient = torch.autograd.grad(trained, x, cotangent)[0]
            results = [y, gradient, x, *state, trained, *new_state, trained_gradient]
            yield name, (m, n), [x, *state, cotangent, x], results
    yield from orthogonal_numbers(torch, random, held_by_float)


def orthogonal_numbers(torch, random, held_by_float):
    from torch.nn.utils.parametrizations import _Orthogonal, _OrthMaps

    for map_name in ("matrix_exp", "cayley", "householder"):
        for with_base in (True, False):
            for m, n in SHAPES:
                signed = map_name == "householder"
                long, short = max(m, n), min(m, n)
                stage = _Orthogonal(torch.zeros(m, n), _OrthMaps[map_name], use_trivialization=with_base).double()
                x = held_by_float(0.4 * random(m, n)).requires_grad_()
                signs = random(short).sign()
                state = []
                if with_base:
                    stage.base = held_by_float(torch.linalg.qr(random(long, long))[0])
                    state.append(stage.base)
                given = x
                if signed:
                    state.append(signs)
                    given = x - torch.diag_embed(x.diagonal()) if m == n else x * (torch.eye(m, n) == 0)
                    given = given.clone()
                    given.diagonal().copy_(signs)
                y = stage(given)
                cotangent = random(m, n)
                gradient = torch.autograd.grad(y, x, cotangent)[0]
                y = y.detach()
                results = [y, gradient]
                assigned = y
                if with_base:
                    # Any matrix, not too far from one with orthonormal columns: what is lost in float is its condition.
                    frame = torch.linalg.qr(random(long, short))[0]
                    frame = frame @ (torch.diag(random(short).sign()) + 0.3 * random(short, short).triu(1))
                    assigned = held_by_float(frame if m >= n else frame.T)
                    undone = copy.deepcopy(stage)
                    undone.right_inverse(assigned)
                    undone.base[:, short:] = float("nan")  # completed in some way
                    results += [torch.zeros(m, n), undone.base] + ([-torch.ones(short)] if signed else [])
                elif signed:
                    undone = stage.right_inverse(y)
                    results += [undone.tril(-1) if m >= n else undone.triu(1), undone.diagonal()]
                elif m == n:
                    results.append(x.tril(-1))
                if state:
                    results += [y, *state, gradient]
                yield f"{map_name}{'_base' if with_base else ''}", (m, n), [x, *state, cotangent, assigned], results


def answer(program, kind, name, shape, inputs):
    data = array.array("d", [number for one in inputs for number in one]).tobytes()
    result = subprocess.run([*EMULATOR, program, kind, name, *map(str, shape)], input=data, capture_output=True)
    if result.returncode != 0:
        sys.exit(f"{kind} {name} {shape}: {result.stderr.decode()} (exit code {result.returncode})")
    return array.array("d", result.stdout)


def compare(program, cases, bounds=BOUNDS):
    wrong = count = 0
    worst = {}
    for kind, (name, shape, inputs, expected) in itertools.product(bounds, cases):
        found = answer(program, kind, name, shape, inputs)
        if len(found) != sum(map(len, expected)):
            sys.exit(f"{kind} {name} {shape}: {len(found)} numbers instead of {sum(map(len, expected))}")
        at, good = 0, True
        for k, one in enumerate(expected):
            scale = max([1.0, *(abs(y) for y in one if y == y)])
            difference = golden.largest_difference(found[at : at + len(one)], one) / scale
            at += len(one)
            worst.setdefault(name, dict.fromkeys(bounds, 0.0))
            worst[name][kind] = max(worst[name][kind], difference)
            if not difference <= bounds[kind]:
                good = False
                print(f"{kind} {name} {shape}: result {k} differs by {difference:.2e}")
        wrong += not good
        count += 1
    for name, differences in worst.items():
        print(f"{name:18}", *(f"{kind} {difference:.1e}" for kind, difference in differences.items()))
    print(f"{count - wrong} passed, {wrong} failed")
    return 1 if wrong else 0



if __name__ == "__main__":
    sys.exit(golden.main(expected_numbers, compare))
