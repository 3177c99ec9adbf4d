"""A 64-64-64-10 network with an orthogonal first weight against PyTorch: `network.py PROGRAM [SEED]`.

Compares the loss and every gradient of one step in float, the losses of twenty steps of adam and of sgd in double, and the
spread of initial values.
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

from torch import nn
from torch.nn.utils import parametrize

STEPS, BATCH = 20, 32


class Skew(nn.Module):
    def forward(self, x):
        return x.triu(1) - x.triu(1).transpose(-1, -2)


class Cayley(nn.Module):
    def forward(self, a):
        identity = torch.eye(len(a), dtype=a.dtype)
        return torch.linalg.solve(identity + a, identity - a)


def network():
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    parametrize.register_parametrization(net[0], "weight", Skew())
    parametrize.register_parametrization(net[0], "weight", Cayley())
    return net


def originals(net):
    """By name, in the order in which the program walks them."""
    of = dict(net.named_parameters())
    keys = ["0.parametrizations.weight.original", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]
    return {key: of[key] for key in keys}


def losses(start, optimizer_of, x, labels):
    net = network().to(x.dtype)
    net.load_state_dict(start)
    optimizer = optimizer_of(net.parameters())
    values = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), labels)
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return torch.tensor(values, dtype=torch.float64)


seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
torch.manual_seed(seed)
torch.set_num_threads(1)
print(f"seed {seed}")
net = network()
x, labels = torch.randn(BATCH, 64), torch.randint(10, (BATCH,))
data = torch.cat([p.detach().flatten() for p in originals(net).values()] + [x.flatten()])
given = data.numpy().tobytes() + labels.int().numpy().tobytes()
result = subprocess.run([sys.argv[1]], input=given, capture_output=True)
if result.returncode != 0:
    sys.exit(f"the program failed: {result.stderr.decode()}")
numbers = torch.frombuffer(bytearray(result.stdout), dtype=torch.float64)

# PyTorch goes on in double, from the same numbers.
net, x = net.double(), x.double()
start = {key: value.clone() for key, value in net.state_dict().items()}
loss = nn.functional.cross_entropy(net(x), labels)
loss.backward()
sizes = [p.numel() for p in originals(net).values()]
value, *rest = torch.split(numbers, [1, *sizes, STEPS, STEPS, *sizes])
gradients, adam, sgd, initial = rest[:6], rest[6], rest[7], rest[8:]

passed = failed = 0


def expect(name, difference, bound):
    global passed, failed
    holds = difference <= bound
    passed, failed = passed + holds, failed + (not holds)
    print(f"{name:50} {difference:9.1e}" + ("" if holds else "  WRONG"))


expect("loss", abs(value.item() - loss.item()) / loss.item(), 1e-5)
for found, (name, p) in zip(gradients, originals(net).items()):
    expect(f"gradient of {name}", ((found - p.grad.flatten()).abs().max() / p.grad.abs().max()).item(), 1e-5)
torch_adam = losses(start, lambda p: torch.optim.Adam(p, lr=3e-3), x, labels)
torch_sgd = losses(start, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=1e-4), x, labels)
print(f"adam's loss {torch_adam[0]:.3f} -> {torch_adam[-1]:.3f}, sgd's {torch_sgd[0]:.3f} -> {torch_sgd[-1]:.3f}")
expect("losses of adam", (adam - torch_adam).abs().max().item(), 1e-9)
expect("losses of sgd", (sgd - torch_sgd).abs().max().item(), 1e-9)
# All rows have 64 inputs: uniform within 1 / sqrt(64), as in PyTorch.
for found, name in zip(initial, originals(net)):
    largest, spread = found.abs().max().item(), found.std().item() * 8 * 3**0.5
    expect(f"initial {name}: beyond its bound", largest - 1 / 8, 1e-7)
    if found.numel() > 1000:
        expect(f"initial {name}: spread", abs(spread - 1), 0.05)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
