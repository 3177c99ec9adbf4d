"""Checkpoints there and back: `checkpoints.py PROGRAM [SEED]`.

A network with parametrizations that PyTorch trained is loaded here, has PyTorch's weights, and what is saved here is loaded
there by strict=True, bit for bit; under the older names of weight_norm, and in float64, float16 and bfloat16, too. Files of
numpy are read. And 10,000 files with changes are accepted by the library and by a reader of Python's struct and json, or
refused by both.
SPDX-License-Identifier: BSL-1.0
"""

import copy
import json
import random
import struct
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import torch
except ImportError:
    print("PyTorch is not installed: skipped")
    sys.exit(77)

from torch import nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import orthogonal, spectral_norm

DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
DTYPES |= {"I32": torch.int32, "I8": torch.int8, "BOOL": torch.bool}
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I8": 1, "BOOL": 1}


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)


class WeightNorm(nn.Module):
    """As torch.nn.utils.parametrizations.weight_norm, which this PyTorch may lack."""

    def forward(self, g, v):
        return torch._weight_norm(v, g, 0)

    def right_inverse(self, w):
        return torch.norm_except_dim(w, 2, 0), w


def network():
    linear = nn.Linear
    net = nn.Sequential(linear(3, 4), linear(4, 3), nn.BatchNorm1d(3), linear(3, 2), linear(2, 4), linear(4, 4), linear(4, 4))
    orthogonal(net[0])
    orthogonal(net[1], orthogonal_map="householder", use_trivialization=False)
    spectral_norm(net[3])
    parametrize.register_parametrization(net[4], "weight", WeightNorm())
    parametrize.register_parametrization(net[5], "weight", Symmetric())
    orthogonal(net[6])
    return net


def trained():
    net = network()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(5):
        optimizer.zero_grad()
        net(torch.randn(8, 3)).square().sum().backward()
        optimizer.step()
    return net.eval()


def to_bytes(tensors, metadata=None):
    header, data = {} if metadata is None else {"__metadata__": metadata}, b""
    for name, x in tensors.items():
        dtype = next(k for k, v in DTYPES.items() if v == x.dtype)
        raw = bytes(x.detach().contiguous().reshape(-1).view(torch.uint8).tolist()) if x.numel() else b""
        header[name] = {"dtype": dtype, "shape": list(x.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def natural(x):
    if type(x) is not int or not 0 <= x < 2**64:
        raise ValueError("no natural number")
    return x


def from_bytes(raw):
    """The format by its definition; raises ValueError for all else."""
    if len(raw) < 8:
        raise ValueError("short")
    (length,) = struct.unpack("<Q", raw[:8])
    if length > 100_000_000 or length > len(raw) - 8 or raw[8:9] != b"{":
        raise ValueError("header")

    def refuse(text):
        raise ValueError(text)

    text = raw[8 : 8 + length].decode("utf-8")  # UnicodeDecodeError is a ValueError
    header = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    json.dumps(header, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair
    json.loads(text, parse_int=lambda digits: refuse(digits) if digits[0] == "-" else int(digits))  # nor -0
    metadata, data, ranges, tensors = header.pop("__metadata__", {}), raw[8 + length :], [], {}
    if type(metadata) is not dict or any(type(x) is not str for x in metadata.values()):
        raise ValueError("metadata")
    for name, entry in header.items():
        if type(entry) is not dict or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise ValueError("fields")
        if type(entry["dtype"]) is not str or entry["dtype"] not in WIDTHS:
            raise ValueError("dtype")
        if type(entry["shape"]) is not list or type(entry["data_offsets"]) is not list or len(entry["data_offsets"]) != 2:
            raise ValueError("lists")
        size = WIDTHS[entry["dtype"]]
        for extent in entry["shape"]:
            size *= natural(extent)
        begin, end = map(natural, entry["data_offsets"])
        if begin > end or end - begin != size:
            raise ValueError("size")
        ranges.append((begin, end))
        tensors[name] = (entry["dtype"], entry["shape"], data[begin:end])
    covered = 0
    for begin, end in sorted(ranges):
        if begin != covered:
            raise ValueError("hole or overlap")
        covered = end
    if covered != len(data):
        raise ValueError("bytes behind the tensors")
    return tensors, metadata


def read(path):
    with open(path, "rb") as file:
        tensors, metadata = from_bytes(file.read())
    return {
        name: torch.frombuffer(bytearray(raw), dtype=DTYPES[dtype]).reshape(shape) if raw else torch.zeros(shape, dtype=DTYPES[dtype])
        for name, (dtype, shape, raw) in tensors.items()
    }, metadata


def write(path, raw):
    with open(path, "wb") as file:
        file.write(raw)


def run(*arguments):
    result = subprocess.run([program, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)}: {result.stderr}")


def check(holds, what):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print("FAILED:", what)


def same(a, b):
    return set(a) == set(b) and all(a[k].dtype == b[k].dtype and torch.equal(a[k], b[k]) for k in a)


def there_and_back(folder):
    net = trained()
    state = dict(net.state_dict())
    write(f"{folder}/in", to_bytes(state))
    run("load", f"{folder}/in", f"{folder}/out", f"{folder}/values")
    values, _ = read(f"{folder}/values")
    check(len(values) == 6, "all weights are there")
    exact = copy.deepcopy(net).double()  # PyTorch's matrix_exp in float is off by up to 1e-5
    for name, value in values.items():
        expected = exact[int(name[0])].weight
        check((value - expected).abs().max() < 2e-6, f"{name} is PyTorch's")
    back, metadata = read(f"{folder}/out")
    check(metadata == {"format": "pt"}, "the metadata says who can read it")
    state["2.num_batches_tracked"] = torch.tensor(0)  # nothing counts them here
    check(same(back, state), "what was loaded is saved, bit for bit, under the same keys")
    other = network().eval()
    other.load_state_dict(back, strict=True)
    x = torch.randn(7, 3)
    check(torch.equal(other(x), net(x)), "PyTorch goes on with it")

    older = {k.replace("4.parametrizations.weight.original0", "4.weight_g"): v for k, v in state.items()}
    older = {k.replace("4.parametrizations.weight.original1", "4.weight_v"): v for k, v in older.items()}
    write(f"{folder}/in", to_bytes(older, {"from": "older"}))
    run("load", f"{folder}/in", f"{folder}/out", f"{folder}/values")
    check(same(read(f"{folder}/out")[0], state), "weight_g and weight_v")
    for dtype in (torch.float64, torch.float16, torch.bfloat16):
        signs = {k: v.to(dtype) if v.is_floating_point() else v for k, v in state.items()}
        write(f"{folder}/in", to_bytes(signs))
        run("load", f"{folder}/in", f"{folder}/out", f"{folder}/values")
        expected = {k: v.float() if v.is_floating_point() else v for k, v in signs.items()}
        check(same(read(f"{folder}/out")[0], expected), f"from {dtype}")


def numpy_files(folder):
    arrays = {
        "c": numpy.arange(6, dtype=numpy.float32).reshape(2, 3),
        "f": numpy.asfortranarray(numpy.random.randn(3, 4, 2)),
        "half": numpy.array([0.1, -2], dtype=numpy.float16),
        "scalar": numpy.array(7, dtype=numpy.int64),
        "none": numpy.zeros((2, 0), dtype=numpy.int32),
        "bool": numpy.array([True, False]),
        "zeros": numpy.zeros(5000, dtype=numpy.int8),
    }
    for save in (numpy.savez, numpy.savez_compressed):
        save(f"{folder}/a.npz", **arrays)
        run("convert", f"{folder}/a.npz", f"{folder}/out")
        back, _ = read(f"{folder}/out")
        check(set(back) == set(arrays), "the names of an .npz")
        check(all(numpy.array_equal(back[k].numpy(), v) for k, v in arrays.items()), save.__name__)
    for name, a in arrays.items():
        numpy.save(f"{folder}/{name}.npy", a)
        run("convert", f"{folder}/{name}.npy", f"{folder}/out")
        check(numpy.array_equal(read(f"{folder}/out")[0][name].numpy(), a), f"{name}.npy")


def two_readers(generator):
    """Changes of one to three bytes, of digits most often, so that many a file is still one."""
    seeds = [
        to_bytes({"a": torch.zeros(2, 3), "b": torch.zeros(0), "c": torch.tensor(1), "d": torch.zeros(3, dtype=torch.bool)}, {"k": "v"}),
        to_bytes({"\u00e9": torch.zeros(1, dtype=torch.int8), "x": torch.zeros(11, dtype=torch.int8)}),
        struct.pack("<Q", 2) + b"{}",
    ]
    files = []
    for _ in range(10000):
        raw = bytearray(generator.choice(seeds))
        for _ in range(generator.randint(1, 3)):
            kind, at = generator.random(), generator.randrange(len(raw))
            if kind < 0.1:
                raw[at : at + 1] = b""
            elif kind < 0.2:
                raw.insert(at, generator.choice(b' 01,{}[]"\\-.e'))
            elif kind < 0.6:
                digits = [i for i, byte in enumerate(raw) if 48 <= byte < 58] or [at]
                raw[generator.choice(digits)] = generator.choice(b"0123456789-.")
            else:
                raw[at] = generator.choice(b'{}[]":, 0aA\\u') if kind < 0.8 else generator.randrange(256)
        if generator.random() < 0.5 and len(raw) > 8:  # the length that was right is often the only mistake
            end = raw.rfind(b"}")
            raw[:8] = struct.pack("<Q", max(0, end + 1 - 8))
        files.append(bytes(raw))
    stream = b"".join(struct.pack("<Q", len(f)) + f for f in files)
    said = subprocess.run([program, "judge"], input=stream, capture_output=True).stdout.decode().split("\n")
    check(len(said) == len(files) + 1, "an answer for each file")
    accepted = 0
    for raw, sentence in zip(files, said):
        try:
            from_bytes(raw)
            accepts = True
        except (ValueError, RecursionError):
            accepts = False
        accepted += accepts
        if accepts != (sentence == ""):
            check(False, f"{raw!r}: Python {'accepts' if accepts else 'refuses'} it, here: {sentence or 'accepted'}")
    check(accepted > 500, f"files are accepted, {accepted}")


program = sys.argv[1]
seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
print("seed", seed)
torch.manual_seed(seed)
numpy.random.seed(seed % 2**32)
passed = failed = 0
with tempfile.TemporaryDirectory() as work:
    there_and_back(work)
    numpy_files(work)
two_readers(random.Random(seed))
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
