"""Bounds of random networks against CROWN in float64: each interval is at most 1.1 times as wide.

The reference does not round: so what the float program's rounding alone makes, the width for the middle of the box, is added to
its width. (Two walks answer, of which one takes CROWN's lines: prove/program_walk.hpp. The other one alone is narrower in the
mean, but 1.27 times as wide, once in 60 draws, where a narrower interval makes relu take the other slope.)

`bounds.py PROGRAM [SEED]` draws networks now, `--golden FILE` takes stored ones, for machines without numpy, `--write FILE`
stores them. The reference is the published procedure without optimized slopes: every layer is bounded backward through all
layers before it, relu with the lower slope 0 or 1, tanh and sigmoid by chords and tangents.
Source: Zhang, Weng, Chen, Hsieh, Daniel 2018, "Efficient Neural Network Robustness Certification with General Activation
Functions", section 3, tables 2 and 3.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import golden  # noqa: E402

# The networks of bounds.cpp: sizes, and what stands between layers.
NETWORKS = {
    "relu": ([8, 16, 16, 4], "relu"),
    "deep_relu": ([5, 12, 12, 12, 12, 12, 3], "relu"),
    "tanh": ([8, 16, 16, 4], "tanh"),
    "sigmoid": ([8, 16, 16, 4], "sigmoid"),
    "deep_tanh": ([5, 12, 12, 12, 12, 12, 3], "tanh"),
}
RADII = [1e-3, 0.03, 0.3, 1.5]
GAINS = [0.7, 1.5]
BOUND = 1.1


def reference(np, activation, layers, low, high):
    """Lower and upper bounds of the last layer's results."""

    def tangent(f, slope, end, far):
        """The slope of the line through (end, f(end)) that touches f beyond 0; of the chord, where it touches beyond far."""
        if slope(far) * (far - end) > f(far) - f(end) if end < 0 else slope(far) * (far - end) < f(far) - f(end):
            return (f(far) - f(end)) / (far - end)
        a, b = 0.0, far
        for _ in range(100):
            d = (a + b) / 2
            below = slope(d) * (d - end) > f(d) - f(end) if end < 0 else slope(d) * (d - end) < f(d) - f(end)
            a, b = (d, b) if below else (a, d)
        return slope(b)

    def relu(l, u):
        if l >= 0 or u <= 0:
            return (float(l >= 0), 0.0) * 2
        return float(u >= -l), 0.0, u / (u - l), -l * u / (u - l)

    def curved(l, u):
        f = np.tanh if activation == "tanh" else lambda x: 1 / (1 + np.exp(-x))
        slope = (lambda x: 1 - f(x) ** 2) if activation == "tanh" else lambda x: f(x) * (1 - f(x))
        m, chord = (l + u) / 2, (f(u) - f(l)) / (u - l)
        if l >= 0:
            return chord, f(l) - chord * l, slope(m), f(m) - slope(m) * m
        if u <= 0:
            return slope(m), f(m) - slope(m) * m, chord, f(l) - chord * l
        up, down = tangent(f, slope, l, u), tangent(f, slope, u, l)
        return down, f(u) - down * u, up, f(l) - up * l

    lines = []
    for i, (weight, bias) in enumerate(layers):
        bounds = []
        for sign in (1, -1):
            a, c = sign * weight, sign * bias
            for k in reversed(range(i)):
                s0, t0, s1, t1 = lines[k].T
                c = c + np.where(a > 0, a * t0, a * t1).sum(1)
                a = np.where(a > 0, a * s0, a * s1)
                c, a = c + a @ layers[k][1], a @ layers[k][0]
            bounds.append(sign * (c + np.where(a > 0, a * low, a * high).sum(1)))
        lines.append(np.array([(relu if activation == "relu" else curved)(l, u) for l, u in zip(*bounds)]))
    return bounds


def drawn(seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    cases = []
    for name, (sizes, activation) in NETWORKS.items():
        for radius in RADII:
            for gain in GAINS:
                layers = []
                for n, m in zip(sizes, sizes[1:]):
                    weight, bias = rng.normal(size=(m, n)) * gain / n**0.5, rng.normal(size=m) * 0.2
                    layers.append([x.astype(np.float32).astype(np.float64) for x in (weight, bias)])
                center = rng.normal(size=sizes[0])
                box = [x.astype(np.float32).astype(np.float64) for x in (center - radius, center + radius)]
                expected = reference(np, activation, layers, *box)
                numbers = [x for layer in layers for t in layer for x in t.flatten().tolist()]
                cases.append((name, numbers, [b.tolist() for b in box], [b.tolist() for b in expected]))
    return cases


def compare(program, cases):
    text = "".join(f"{name} {' '.join(repr(x) for x in [*numbers, *box[0], *box[1]])}\n" for name, numbers, box, _ in cases)
    lines = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    wider, alone = {}, []
    for line, (name, _, _, (low, high)) in zip(lines, cases, strict=True):
        found = [float(x) for x in line.split()]
        for k, (l, u) in enumerate(zip(low, high)):
            affine, intervals, rounding = found[3 * k : 3 * k + 3]
            if affine == u - l == 0:  # relu stops all of it
                continue
            ratio = affine / (u - l + rounding)
            wider.setdefault(name, []).append(ratio if ratio == ratio else float("inf"))
            alone.append(intervals / (u - l + rounding))
    means = {name: sum(x) / len(x) for name, x in wider.items()}
    worst = max(max(x) for x in wider.values())
    print(f"{len(cases)} networks, {len(alone)} results: widths over those of CROWN, bound {BOUND}: at most {worst:.4f}, means "
          + ", ".join(f"{name} {m:.4f}" for name, m in means.items()) + f"; by intervals alone {sum(alone) / len(alone):.1f}")
    return 0 if set(means) == set(NETWORKS) and worst <= BOUND else 1


if __name__ == "__main__":
    sys.exit(golden.run(drawn, compare, every=3))
