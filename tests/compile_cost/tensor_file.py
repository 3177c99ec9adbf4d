#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Seconds that g++ takes for a network on a header of `paramorph header`: 1 MB of weights in at most 3, 10 MB in at most 10.

The program reads the umbrella for targets, checks keys and shapes, and calls the network; the best of up to three runs counts. The
tool is that of .build/gcc, which is built if it is not there.
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
build = root / ".build" / "gcc"
PROGRAM = """#include "weights.hpp"
namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<{inputs}, {outputs}>>;
constexpr pm::frozen<pm::values_from<model, weights::file>> net;
static pm::workspace<net> space;
pm::status run(float const (&x)[{inputs}], float (&y)[{outputs}]) {{ return net(x, y, space.bytes); }}
"""
BARS = {(512, 511): 3.0, (1600, 1599): 10.0}  # 1.05 MB and 10.2 MB


def write_safetensors(path: pathlib.Path, inputs: int, outputs: int) -> int:
    draw = random.Random(1)
    bytes_of = {"0.weight": 4 * inputs * outputs, "0.bias": 4 * outputs}
    header, data, at = {}, [], 0
    for name, size in bytes_of.items():
        header[name] = {
            "dtype": "F32",
            "shape": [outputs, inputs] if name == "0.weight" else [outputs],
            "data_offsets": [at, at + size],
        }
        # Any bits but those of what is not finite.
        data.append(b"".join(struct.pack("<I", draw.getrandbits(32) & 0xBFFFFFFF) for _ in range(size // 4)))
        at += size
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))
    return at


def seconds(inputs: int, outputs: int, bar: float) -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as folder:
        at = pathlib.Path(folder)
        size = write_safetensors(at / "weights.safetensors", inputs, outputs)
        tool = build / "src" / "tool" / "paramorph"
        subprocess.run([tool, "header", at / "weights.safetensors", "-o", at / "weights.hpp"], check=True)
        (at / "program.cpp").write_text(PROGRAM.format(inputs=inputs, outputs=outputs))
        command = ["g++", "-std=c++20", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + str(root / "include")]
        command += ["-c", str(at / "program.cpp"), "-o", str(at / "program.o")]
        best = float("inf")
        for _ in range(3):
            begin = time.monotonic()
            subprocess.run(command, check=True)
            best = min(best, time.monotonic() - begin)
            if best <= bar:
                break
    return size, best


subprocess.run(["ninja", "-C", build, "src/tool/paramorph"], check=True, stdout=subprocess.DEVNULL)
failed = False
for (inputs, outputs), bar in BARS.items():
    size, took = seconds(inputs, outputs, bar)
    print(f"{size / 1e6:.2f} MB of weights: {took:.2f} s; bar {bar} s")
    failed = failed or took > bar
sys.exit(failed)
