"""A network of paramorph in Python, by ctypes and numpy alone: `use.py LIBRARY`, which network.cpp makes.

The network is trained from here on numpy's arrays, which are not copied; its parameters are numpy's arrays, too, and what is
written to them is written to the network. Exit status 0 if the network learns, its first weight stays a rotation, and the
frozen network gives what numpy computes of the parameters.
SPDX-License-Identifier: BSL-1.0
"""

import ctypes
import math
import sys
import weakref

try:
    import numpy as np
except ImportError:
    print("no numpy: skipped")
    sys.exit(77)

INPUTS, OUTPUTS, BATCH = 4, 3, 16
reads = np.ctypeslib.ndpointer(dtype=np.float32, flags="C_CONTIGUOUS,ALIGNED")
writes = np.ctypeslib.ndpointer(dtype=np.float32, flags="C_CONTIGUOUS,ALIGNED,WRITEABLE")
handle = ctypes.c_void_p

library = ctypes.CDLL(sys.argv[1])
for name, result, arguments in (
    ("network_error", ctypes.c_char_p, []),
    ("network_new", handle, [ctypes.c_uint64]),
    ("network_free", None, [handle]),
    ("network_train", ctypes.c_int, [handle, reads, reads, ctypes.POINTER(ctypes.c_float)]),
    ("network_parameter", ctypes.c_int, [handle, ctypes.c_int] + [ctypes.c_void_p] * 4),
    ("network_freeze", handle, [handle]),
    ("frozen_free", None, [handle]),
    ("frozen_call", ctypes.c_int, [handle, reads, ctypes.c_int64, writes]),
):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


def checked(answer):
    if answer in (-1, None):
        raise RuntimeError(library.network_error().decode())
    return answer


class Network:
    handle = None

    def __init__(self, seed: int = 0):
        self.handle = checked(library.network_new(seed))

    def __del__(self):
        library.network_free(self.handle)

    def train(self, x: np.ndarray, t: np.ndarray) -> float:
        if x.shape != (BATCH, INPUTS) or t.shape != (BATCH, OUTPUTS):
            raise ValueError(f"expected {(BATCH, INPUTS)} and {(BATCH, OUTPUTS)}, found {x.shape} and {t.shape}")
        value = ctypes.c_float()
        checked(library.network_train(self.handle, x, t, ctypes.byref(value)))
        return value.value

    def parameters(self) -> dict[str, np.ndarray]:
        """Views of the network's own memory, which they keep alive."""
        found, rank, extents = {}, ctypes.c_int(), (ctypes.c_int64 * 4)()
        name, data = ctypes.c_char_p(), ctypes.POINTER(ctypes.c_float)()
        arguments = [ctypes.addressof(o) for o in (name, data, rank, extents)]
        while library.network_parameter(self.handle, len(found), *arguments) == 0:
            shape = tuple(extents[: rank.value])
            memory = (ctypes.c_float * math.prod(shape)).from_address(ctypes.addressof(data.contents))
            memory.network = self  # numpy keeps the memory, and that the network
            found[name.value.decode()] = np.frombuffer(memory, np.float32).reshape(shape)
        return found

    def freeze(self) -> "Frozen":
        return Frozen(checked(library.network_freeze(self.handle)))


class Frozen:
    handle = None

    def __init__(self, handle):
        self.handle = handle

    def __del__(self):
        library.frozen_free(self.handle)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        if x.ndim != 2 or x.shape[1] != INPUTS:
            raise ValueError(f"expected (rows, {INPUTS}), found {x.shape}")
        y = np.empty((x.shape[0], OUTPUTS), np.float32)
        checked(library.frozen_call(self.handle, x, x.shape[0], y))
        return y


def rotation(original: np.ndarray) -> np.ndarray:
    """skew, then cayley: (I + A)^-1 (I - A), A being the strict upper triangle minus its transpose."""
    a, i = np.triu(original, 1) - np.triu(original, 1).T, np.eye(INPUTS)
    return np.linalg.solve(i + a, i - a)


def main() -> None:
    draw = np.random.default_rng(1)
    net = Network(seed=3)
    first = last = 0.0
    for step in range(300):
        x = draw.uniform(-1, 1, (BATCH, INPUTS)).astype(np.float32)
        t = np.stack([x[:, 0] * x[:, 1], x[:, 2], -x[:, 3]], axis=1)
        last = net.train(x, t)
        first = first or last
    print(f"loss {first:.4f}, after 300 steps {last:.4f}")
    assert last < 0.2 * first, "the network does not learn"

    parameters = net.parameters()
    print(", ".join(f"{name} {list(value.shape)}" for name, value in parameters.items()))
    assert list(parameters) == ["0.parametrizations.weight.original", "0.bias", "2.weight", "2.bias"]
    frozen = net.freeze()
    x = draw.uniform(-1, 1, (7, INPUTS)).astype(np.float32)
    original, b, v, c = (p.astype(np.float64) for p in parameters.values())
    w = rotation(original)
    assert np.abs(w @ w.T - np.eye(INPUTS)).max() < 1e-12, "the weight is no rotation"
    expected = np.tanh(x @ w.T + b) @ v.T + c
    found = frozen(x)
    assert np.abs(found - expected).max() < 1e-5, "the library and numpy differ"
    assert frozen(x[:0]).shape == (0, OUTPUTS)

    # What is written here is written to the network; a frozen one stays as it was.
    parameters["2.bias"] += 1
    assert np.allclose(net.freeze()(x), found + 1, atol=1e-6) and np.array_equal(frozen(x), found)

    # A parameter keeps its network, and nothing else does.
    other = Network(seed=3)
    there, bias = weakref.ref(other), other.parameters()["2.bias"]
    del other
    assert there() is not None and bias.shape == (OUTPUTS,)
    del bias
    assert there() is None

    odd = np.zeros(x.nbytes + 1, np.uint8)[1:].view(np.float32).reshape(x.shape)  # no multiple of four
    for wrong in (x.astype(np.float64), x.T.copy().T, x[:, :3].copy(), odd):
        try:
            frozen(wrong)
        except (ctypes.ArgumentError, ValueError):
            continue
        raise AssertionError(f"{wrong.dtype} {wrong.shape} was taken")
    y = np.empty((1, OUTPUTS), np.float32)
    assert library.frozen_call(frozen.handle, x, -1, y) == -1
    assert b"an extent is negative: [-1, 4]" in library.network_error(), library.network_error()


main()
