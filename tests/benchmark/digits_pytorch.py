#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""The digits network in PyTorch: what paramorph's training time is compared with.

64-64-64-10, relu; the first weight is kept orthogonal by torch.nn.utils.parametrize (skew, then cayley).
adam, learning rate 3e-3, batches of 32, 40 epochs, the last partial batch of an epoch dropped, one fifth held out,
pixels / 16, one thread. Prints one line of JSON: seconds of training and accuracy on the held-out digits.
"""
import argparse
import gzip
import json
import time

import torch
from torch import nn
from torch.nn.utils import parametrize


class Skew(nn.Module):
    def forward(self, x):
        upper = x.triu(1)
        return upper - upper.transpose(-1, -2)


class Cayley(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.register_buffer("identity", torch.eye(size))

    def forward(self, a):
        return torch.linalg.solve(self.identity + a, self.identity - a)


def read_digits(path):
    """Every row of the file as (pixels / 16, label)."""
    with gzip.open(path, "rt") as file:
        rows = torch.tensor([[float(field) for field in line.split(",")] for line in file])
    return rows[:, :64] / 16, rows[:, 64].long()


def network():
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    parametrize.register_parametrization(net[0], "weight", Skew())
    parametrize.register_parametrization(net[0], "weight", Cayley(64))
    return net


def train(net, pixels, labels, epochs, batch):
    """The training loop; its seconds."""
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    start = time.perf_counter()
    for _ in range(epochs):
        order = torch.randperm(len(labels))
        for first in range(0, len(labels) - batch + 1, batch):
            rows = order[first:first + batch]
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(pixels[rows]), labels[rows]).backward()
            optimizer.step()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="digits.csv.gz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--batch", type=int, default=32)
    options = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    pixels, labels = read_digits(options.data)
    order = torch.randperm(len(labels))
    held_out, kept = order[:len(order) // 5], order[len(order) // 5:]
    net = network()
    seconds = train(net, pixels[kept], labels[kept], options.epochs, options.batch)
    with torch.no_grad():
        accuracy = (net(pixels[held_out]).argmax(1) == labels[held_out]).float().mean().item()
    print(json.dumps({"seconds": round(seconds, 3), "accuracy": round(accuracy, 4)}))


if __name__ == "__main__":
    main()
