#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""The workloads in PyTorch, one thread: prints {"name size": [least, median]} in nanoseconds a call, as one line of JSON.

A gradient is that of sum(g * f(x)), by autograd, with the forward pass that it needs. Results go to new tensors.
"""
import argparse
import functools
import json
import math
import statistics
import time

import torch
import torch.nn.utils.parametrizations

LOWER, UPPER, SLOPE = -1.5, 2.5, 0.8


def sigmoid(x, _):
    return torch.sigmoid(x)


def sigmoid_chain(x, _):
    return LOWER + (UPPER - LOWER) * torch.sigmoid(SLOPE * x)


def symmetric(x, _):
    return x.triu() + x.triu(1).transpose(-1, -2)


def weight_norm(v, g):
    return torch._weight_norm(v, g.unsqueeze(1), 0)


@functools.cache
def spectral_stage(size):
    return torch.nn.utils.parametrizations._SpectralNorm(torch.randn(size, size))


def spectral_norm(x, _):
    """In training: each call makes one step of power iteration."""
    return spectral_stage(len(x))(x)


def mixed_chain(x, _):
    x = 0.8 * x
    x = torch.tanh(x + 0.25 * x.transpose(-1, -2))
    x = x.tril() + 0.5 * x.triu(1)
    x = torch.sigmoid((x + 0.1).transpose(-1, -2))
    x = torch.exp(2 * x - 1)
    x = x * x + x
    return 0.5 * (x - 0.5 * x.tril(-1))


def skew(x):
    a = x.triu(1) / (4 * len(x) ** 0.5)
    return a - a.transpose(-1, -2)


def cayley(x, _):
    a, eye = skew(x), torch.eye(len(x))
    return torch.linalg.solve(eye + a, eye - a)


def matrix_exp(x, _):
    return torch.matrix_exp(skew(x))


def value(function):
    def call(x, lengths, _):
        with torch.no_grad():
            return function(x, lengths)

    return call


def gradient(function):
    def call(x, lengths, cotangent):
        x, lengths = x.detach().requires_grad_(), lengths.detach().requires_grad_()
        return torch.autograd.grad(function(x, lengths), (x, lengths), cotangent, allow_unused=True)

    return call


def product(x, _, g):
    with torch.no_grad():
        return x @ g


def product_with_vector(x, lengths, _):
    with torch.no_grad():
        return x @ lengths


@functools.cache
def conv2d_net():
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3), torch.nn.ReLU(), torch.nn.Conv2d(16, 32, 3), torch.nn.ReLU(), torch.nn.Flatten(),
        torch.nn.Linear(32 * 24 * 24, 10),
    )  # fmt: skip
    return net, torch.arange(64) * 7 % 10


def images_of(x):
    return x.flatten()[: 64 * 28 * 28].view(64, 1, 28, 28)


def conv2d_forward(x, *_):
    with torch.no_grad():
        return conv2d_net()[0](images_of(x))


def conv2d_step(x, *_):
    """The loss and the gradients of all numbers, to new tensors."""
    net, labels = conv2d_net()
    net.zero_grad(set_to_none=True)
    torch.nn.functional.cross_entropy(net(images_of(x)), labels).backward()


def density(transform):
    """The gradient of sum(c * p(y)) + log|det| in double, as transforms.hpp has it."""

    def run(x, _, c):
        y = (x.flatten() / 16).double().requires_grad_()
        loss = transform(y, len(x), c.double())
        return torch.autograd.grad(loss, y)

    return run


def simplex(y, n, c):
    t, y = torch.distributions.transforms.StickBreakingTransform(), y[: n - 1]
    p = t(y)
    return (c[0] * p).sum() + t.log_abs_det_jacobian(y, p)


def ordered(y, n, c):
    steps = y[1:n]
    return (c[0] * torch.cat((y[:1], y[0] + steps.exp().cumsum(0)))).sum() + steps.sum()


def cov_matrix(y, n, c):
    l = torch.zeros(n, n, dtype=torch.double)
    rows, columns = torch.tril_indices(n, n)
    l[rows, columns] = y[: n * (n + 1) // 2]
    diagonal = l.diagonal()
    l = l.tril(-1) + torch.diag(diagonal.exp())
    return (c * (l @ l.T)).sum() + n * math.log(2) + (torch.arange(n + 1, 1, -1) * diagonal).sum()


def corr_matrix(y, n, c):
    t, y = torch.distributions.transforms.CorrCholeskyTransform(), y[: n * (n - 1) // 2]
    l = t(y)
    weights = torch.arange(n - 1, -1, -1)  # from the factor to the matrix
    return (c * (l @ l.T)).sum() + t.log_abs_det_jacobian(y, l) + (weights[1:] * l.diagonal()[1:].log()).sum()


def orthonormal(x, columns):
    """geotorch's Stiefel: the first columns of the exponential of a skew matrix."""
    a = x.tril(-1)
    return torch.matrix_exp(a - a.T)[:, :columns]


def geotorch(value):
    """The gradient of sum(c * p(x)), x scaled as in workloads/transforms.cpp."""

    def run(x, _, c):
        x = (x / {16: 8, 64: 16, 256: 32}[len(x)]).requires_grad_()
        return torch.autograd.grad((c * value(x)).sum(), x)

    return run


def geotorch_value(value):
    """p(x), x scaled as in workloads/transforms.cpp."""
    return lambda x, _, __: value(x / {16: 8, 64: 16, 256: 32}[len(x)])


def positive_definite(x):
    u = orthonormal(x, len(x))
    return (u * torch.nn.functional.softplus(x.diagonal())) @ u.T


def fixed_rank(x):
    r = len(x) // 4
    return (orthonormal(x, r) * torch.nn.functional.softplus(x.diagonal()[:r])) @ orthonormal(x.T, r).T


def almost_orthogonal(x):
    return (orthonormal(x, len(x)) * (1 + 0.5 * torch.tanh(x.diagonal()))) @ orthonormal(x.T, len(x)).T


ALL = (16, 64, 256, 1024)
WORKLOADS = {
    "fast_sigmoid.forward": (value(sigmoid), ALL),
    "sigmoid_chain.forward": (value(sigmoid_chain), ALL),
    "sigmoid_chain.gradient": (gradient(sigmoid_chain), ALL),
    "sigmoid_chain.both": (gradient(sigmoid_chain), ALL),
    "symmetric.forward": (value(symmetric), ALL),
    "symmetric.gradient": (gradient(symmetric), ALL),
    "weight_norm.forward": (value(weight_norm), ALL),
    "weight_norm.gradient": (gradient(weight_norm), ALL),
    "spectral_norm.forward": (value(spectral_norm), (64, 256, 1024)),
    "spectral_norm.gradient": (gradient(spectral_norm), (64, 256, 1024)),
    "mixed_chain.forward": (value(mixed_chain), (64, 256)),
    "mixed_chain.gradient": (gradient(mixed_chain), (64, 256)),
    "cayley.forward": (value(cayley), (16, 64, 256)),
    "cayley.both": (gradient(cayley), (16, 64, 256)),
    "matrix_exp.forward": (value(matrix_exp), (16, 64, 256)),
    "matrix_exp.both": (gradient(matrix_exp), (16, 64, 256)),
    "simplex.density": (density(simplex), (64,)),
    "ordered.density": (density(ordered), (64,)),
    "cov_matrix.density": (density(cov_matrix), (64,)),
    "corr_matrix.density": (density(corr_matrix), (64,)),
    "positive_definite.forward": (geotorch_value(positive_definite), (16, 64, 256)),
    "positive_definite.gradient": (geotorch(positive_definite), (16, 64, 256)),
    "fixed_rank.forward": (geotorch_value(fixed_rank), (16, 64, 256)),
    "fixed_rank.gradient": (geotorch(fixed_rank), (16, 64, 256)),
    "almost_orthogonal.forward": (geotorch_value(almost_orthogonal), (16, 64, 256)),
    "almost_orthogonal.gradient": (geotorch(almost_orthogonal), (16, 64, 256)),
    "conv2d_net.forward": (conv2d_forward, (512,)),
    "conv2d_net.step": (conv2d_step, (512,)),
    "matmul": (product, (64, 256, 512)),
    "matrix_vector": (product_with_vector, (256, 1024)),
}


def measure(call, turns, seconds):
    def turn(repetitions):
        start = time.perf_counter()
        for _ in range(repetitions):
            call()
        return (time.perf_counter() - start) / repetitions

    turn(2)
    repetitions = max(1, int(seconds / turn(2)))
    times = [1e9 * turn(repetitions) for _ in range(turns)]
    return [min(times), statistics.median(times)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=2e-3, help="the length of a turn")
    parser.add_argument("--filter", default="", help='only those whose "name size" contains this')
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    times = {}
    for name, (function, sizes) in WORKLOADS.items():
        for size in sizes:
            if options.filter not in f"{name} {size}":
                continue
            x, lengths, cotangent = 4 * torch.randn(size, size), torch.randn(size), torch.randn(size, size)
            times[f"{name} {size}"] = measure(lambda: function(x, lengths, cotangent), options.turns, options.seconds)
    print(json.dumps(times))


if __name__ == "__main__":
    main()
