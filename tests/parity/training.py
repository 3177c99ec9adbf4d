"""Losses, optimizers, clipping and schedules against PyTorch: `training.py PROGRAM [--golden FILE | --write FILE]`.

SPDX-License-Identifier: BSL-1.0
"""

import json
import subprocess
import sys


def numbers(count, by, modulus, factor, shift):
    return [(by * i % modulus) * factor + shift for i in range(count)]


def from_torch():
    import torch
    from torch.nn import functional

    def tensor(values, *shape):
        return torch.tensor(values, dtype=torch.float64).reshape(shape)

    result = {}

    def losses(name, of, x):
        """The elements of all losses of x, and the gradient of the sum of k times the sum of loss k."""
        x = x.clone().requires_grad_()
        found = of(x)
        sum(k * loss.sum() for k, loss in enumerate(found, 1)).backward()
        result[name] = [v for loss in [*found, x.grad] for v in loss.flatten().tolist()]

    mse, l1, huber = functional.mse_loss, functional.l1_loss, functional.huber_loss
    y, t, p, w = (
        tensor(numbers(7, *n), 7) for n in ((5, 7, 0.75, -2.5), (3, 7, 0.125, 0), (3, 7, 0.15, 0.05), (2, 7, 0.5, 0))
    )
    sums, each = dict(reduction="sum"), dict(reduction="none")

    def of_differences(y):
        reduced = [f(y, t, **options) for f in (mse, l1) for options in ({}, sums, each)]
        return reduced + [huber(y, t), huber(y, t, **sums), huber(y, t, delta=0.5, **each), huber(y, t, delta=2.5)]

    losses("of_differences", of_differences, y)
    options = ({}, sums, dict(weight=w), dict(weight=w, **each))
    losses("of_probabilities", lambda p: [functional.binary_cross_entropy(p, t, **o) for o in options], p)
    z, u = tensor(numbers(12, 5, 7, 0.75, -2.5), 3, 4), tensor(numbers(12, 3, 7, 0.125, 0), 3, 4)
    positive, rows = tensor(numbers(4, 3, 5, 0.75, 0.25), 4), tensor(numbers(3, 2, 3, 0.5, 0), 3, 1)
    of_logits = [{}, each, dict(pos_weight=positive), dict(weight=rows, pos_weight=positive, **sums)]
    of_logits += [dict(pos_weight=torch.tensor(3.0), weight=positive, **each)]
    losses("of_logits", lambda z: [functional.binary_cross_entropy_with_logits(z, u, **o) for o in of_logits], z)
    z, weights = tensor(numbers(12, 7, 11, 0.7, -3.5), 4, 3), tensor(numbers(3, 2, 3, 0.75, 0.25), 3)
    labels, some = torch.tensor([2, 0, 1, 1]), torch.tensor([2, -100, 1, 0])
    entropy, nll, smoothed = functional.cross_entropy, functional.nll_loss, dict(label_smoothing=0.25)

    def of_labels(z):
        options = ({}, smoothed, smoothed | sums, each)
        return [entropy(z, labels, **o) for o in options] + [nll(z, labels, **each)]

    losses("of_labels", of_labels, z)

    def of_some_labels(z):
        return [entropy(z, some, **o) for o in ({}, smoothed, each)] + [nll(z, some, **sums), nll(z, some)]

    losses("of_some_labels", of_some_labels, z)

    def of_weighed_labels(z):
        options = ({}, smoothed, smoothed | each, sums)
        return [entropy(z, labels, weights, **o) for o in options] + [nll(z, labels, weights)]

    losses("of_weighed_labels", of_weighed_labels, z)

    def of_some_weighed_labels(z):
        options = ({}, each, smoothed | sums)
        return [entropy(z, some, weights, **o) for o in options] + [nll(z, some, weights)]

    losses("of_some_weighed_labels", of_some_weighed_labels, z)

    x, target = tensor(numbers(12, 7, 11, 0.25, -1), 4, 3), tensor(numbers(8, 3, 7, 0.5, -1), 4, 2)

    def steps(name, optimizer_of, before_step=lambda net: None, schedule_of=None):
        net = torch.nn.Linear(3, 2).double()
        with torch.no_grad():
            net.weight.copy_(tensor(numbers(6, 5, 7, 0.25, -0.5), 2, 3))
            net.bias.copy_(tensor(numbers(2, 3, 5, 0.5, -0.25), 2))
        optimizer = optimizer_of(net.parameters())
        schedule = schedule_of(optimizer) if schedule_of else None
        for _ in range(30):
            optimizer.zero_grad()
            functional.mse_loss(net(x), target).backward()
            before_step(net)
            optimizer.step()
            if schedule:
                schedule.step()
        result[name] = [*net.weight.flatten().tolist(), *net.bias.tolist()]

    optim, rates = torch.optim, torch.optim.lr_scheduler
    steps("adamw", lambda w: optim.AdamW(w, lr=0.05))
    steps("adamw_decay", lambda w: optim.AdamW(w, lr=0.05, weight_decay=0.3))
    steps("rmsprop", optim.RMSprop)
    steps("rmsprop_all", lambda w: optim.RMSprop(w, lr=0.02, alpha=0.9, weight_decay=0.1, momentum=0.5, centered=True))
    steps("nesterov", lambda w: optim.SGD(w, lr=0.05, momentum=0.8, weight_decay=0.1, nesterov=True))

    steps("adam_amsgrad", lambda w: optim.Adam(w, lr=0.1, betas=(0.9, 0.6), amsgrad=True))
    steps("adam_maximize", lambda w: optim.Adam(w, lr=0.01, weight_decay=0.1, maximize=True))
    everything = dict(lr=0.1, betas=(0.9, 0.6), weight_decay=0.3, amsgrad=True, maximize=True)
    steps("adamw_all", lambda w: optim.AdamW(w, **everything))
    steps("rmsprop_maximize", lambda w: optim.RMSprop(w, lr=0.01, weight_decay=0.1, maximize=True))
    steps("dampening", lambda w: optim.SGD(w, lr=0.05, momentum=0.8, weight_decay=0.1, dampening=0.3))
    steps("sgd_maximize", lambda w: optim.SGD(w, lr=0.01, momentum=0.5, weight_decay=0.1, maximize=True))

    def sgd(w):
        return optim.SGD(w, lr=0.2)

    steps("clip_by_norm", sgd, lambda net: torch.nn.utils.clip_grad_norm_(net.parameters(), 0.3))
    steps("clip_by_value", sgd, lambda net: torch.nn.utils.clip_grad_value_(net.parameters(), 0.1))
    steps("step_schedule", sgd, schedule_of=lambda o: rates.StepLR(o, 7, 0.5))
    # SequentialLR of PyTorch 1.13 begins the second schedule at a wrong rate; so its two parts by their formulas.
    cosine = rates.CosineAnnealingLR(sgd([torch.zeros(1)]), 20, 0.2 * 0.125)
    warm = rates.LinearLR(sgd([torch.zeros(1)]), 1 / 3, total_iters=6)
    factors = []
    for schedule, count in ((warm, 6), (cosine, 24)):
        for k in range(count):
            rate = schedule.get_last_lr()[0] if k <= 20 else 0.2 * 0.125
            factors.append(rate / 0.2)
            schedule.optimizer.step()
            schedule.step()
    steps("cosine_schedule", sgd, schedule_of=lambda o: rates.LambdaLR(o, lambda k: factors[min(k, 29)]))
    plateau_optimizer = optim.SGD([torch.zeros(1)], lr=1.0)
    plateau = rates.ReduceLROnPlateau(plateau_optimizer, factor=0.5, threshold=0.01, min_lr=0.1, patience=2, cooldown=1)
    result["reduce_on_plateau"] = []
    for k in range(40):
        plateau.step(2.0 - 0.25 * k if k < 5 else 1 - 0.001 * k + (-0.5 if k == 20 else 0))
        result["reduce_on_plateau"].append(plateau_optimizer.param_groups[0]["lr"])
    return result


def main():
    program, *options = sys.argv[1:]
    if options[:1] == ["--golden"]:
        with open(options[1]) as file:
            expected = json.load(file)
    else:
        try:
            expected = from_torch()
        except ImportError:
            print("PyTorch is not installed: skipped")
            return 77
        if options[:1] == ["--write"]:
            with open(options[1], "w") as file:
                json.dump(expected, file, indent=1)
    lines = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    ours = {name: [float(v) for v in values] for name, *values in map(str.split, lines)}
    wrong = 0
    for name in sorted(expected.keys() | ours.keys()):
        a, b = ours.get(name, []), expected.get(name, [])
        worst = max((abs(u - v) for u, v in zip(a, b)), default=float("inf"))
        good = len(a) == len(b) and worst <= 1e-12
        wrong += not good
        print(f"{name}: {worst:.2g}{'' if good else '  WRONG'}")
    return 1 if wrong else 0


sys.exit(main())
