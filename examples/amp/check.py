#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""amp against the same formulas in double, with captures that are made here, and what it says of files that are none.

usage: check.py AMP
"""
import copy
import json
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

A2_SIZES = [6] * 14 + [15, 15] + [6] * 7
A2_DILATIONS = [1, 3, 7, 17, 41, 101, 239] * 2 + [1, 13] + [1, 3, 7, 17, 41, 101, 239]


# --- captures with random numbers -------------------------------------------------------------------------------------

def uniform(numbers, count, fan_in):
    bound = 1 / math.sqrt(fan_in)
    return [struct.unpack("f", struct.pack("f", numbers.uniform(-bound, bound)))[0] for _ in range(count)]


def wavenet(arrays, head_scale, seed, rate=48000):
    numbers = random.Random(seed)
    weights = []
    for a in arrays:
        c, size = a["channels"], a["input_size"]
        head, head_size, bias = head_of(a)
        weights += uniform(numbers, c * size, size)
        for k in sizes_of(a):
            weights += uniform(numbers, c * c * k, c * k) + uniform(numbers, c, c * k)
            weights += uniform(numbers, c, 4) + uniform(numbers, c * c, c) + uniform(numbers, c, c)
        weights += uniform(numbers, head * c * head_size, c * head_size) + uniform(numbers, head if bias else 0, c)
    return {"version": "0.5.0", "architecture": "WaveNet", "sample_rate": rate, "weights": weights + [head_scale],
            "config": {"layers": arrays, "head": None, "head_scale": head_scale}}


def a1(seed):
    both = {"condition_size": 1, "kernel_size": 3, "dilations": [2 ** k for k in range(10)], "activation": "Tanh", "gated": False}
    return wavenet([dict(both, input_size=1, channels=16, head_size=8, head_bias=False),
                    dict(both, input_size=16, channels=8, head_size=1, head_bias=True)], 0.25, seed)


def a2(channels, seed):
    return wavenet([{
        "input_size": 1, "condition_size": 1, "channels": channels, "bottleneck": channels, "kernel_sizes": A2_SIZES,
        "dilations": A2_DILATIONS, "head": {"out_channels": 1, "kernel_size": 16, "bias": True},
        "activation": [{"type": "LeakyReLU", "negative_slope": 0.01}] * 23, "gating_mode": ["none"] * 23, "groups_input": 1,
        "head1x1": {"active": False, "out_channels": 1, "groups": 1}, "layer1x1": {"active": True, "groups": 1},
        "conv_pre_film": {"active": False, "shift": True, "groups": 1}}], 0.25, seed)


def container(*models):
    rates = [(k + 1) / len(models) for k in range(len(models))]
    return {"version": "0.7.0", "architecture": "SlimmableContainer", "weights": [], "sample_rate": 48000,
            "config": {"submodels": [{"max_value": r, "model": m} for r, m in zip(rates, models)]}}


def lstm(layers, hidden, seed, rate=2000):
    numbers = random.Random(seed)
    weights = []
    for layer in range(layers):
        size = (hidden if layer else 1) + hidden
        weights += uniform(numbers, 4 * hidden * size, 2) + uniform(numbers, 4 * hidden, 2) + uniform(numbers, 2 * hidden, 1)
    weights += uniform(numbers, hidden + 1, 1)
    return {"version": "0.5.4", "architecture": "LSTM", "sample_rate": rate, "weights": weights,
            "config": {"input_size": 1, "hidden_size": hidden, "num_layers": layers}}


def sizes_of(a):
    return a.get("kernel_sizes", [a.get("kernel_size")] * len(a["dilations"]))


def head_of(a):
    h = a.get("head")
    return (h["out_channels"], h["kernel_size"], h["bias"]) if h else (a["head_size"], 1, a["head_bias"])


# --- the formulas, in double ------------------------------------------------------------------------------------------

class Conv:
    """Causal; begins as after a long silence: what is first pushed is its past."""

    def __init__(self, take, inputs, outputs, size, dilation=1, bias=True):
        self.weight = [[take(size) for _ in range(inputs)] for _ in range(outputs)]
        self.bias = take(outputs) if bias else [0.0] * outputs
        self.size, self.dilation, self.past = size, dilation, None

    def __call__(self, x):
        back = (self.size - 1) * self.dilation + 1
        if self.past is None:
            self.past = [x] * back
        self.past = self.past[1:] + [x] if back > 1 else [x]
        taps = self.past[::self.dilation]
        return [b + math.fsum(w * tap[i] for i, row in enumerate(of) for w, tap in zip(row, taps))
                for b, of in zip(self.bias, self.weight)]


def taker(weights):
    rest = iter(weights)
    return lambda n: [next(rest) for _ in range(n)]


def play_wavenet(model, x):
    take = taker(model["weights"])
    arrays = []
    for a in model["config"]["layers"]:
        c = a["channels"]
        name = a["activation"] if isinstance(a["activation"], str) else a["activation"][0]["type"]
        rechannel = Conv(take, a["input_size"], c, 1, bias=False)
        layers = [(Conv(take, c, c, k, d), Conv(take, 1, c, 1, bias=False), Conv(take, c, c, 1))
                  for k, d in zip(sizes_of(a), a["dilations"])]
        head, size, bias = head_of(a)
        arrays.append((rechannel, layers, Conv(take, c, head, size, bias=bias), math.tanh if name == "Tanh" else leaky))
    scale, = take(1)

    def frame(sample):
        condition, to_next, sums = [sample], [sample], None
        for rechannel, layers, head, f in arrays:
            to_next = rechannel(to_next)
            for conv, mixin, mix in layers:
                z = [f(u + v) for u, v in zip(conv(to_next), mixin(condition))]
                sums = z if sums is None else [u + v for u, v in zip(sums, z)]
                to_next = [u + v for u, v in zip(to_next, mix(z))]
            sums = head(sums)
        return scale * sums[0]

    frame(0.0)
    return [frame(sample) for sample in x]


def leaky(v):
    return v if v > 0 else 0.01 * v


def sigmoid(v):
    return 1 / (1 + math.exp(-v))


def play_lstm(model, x):
    take = taker(model["weights"])
    hidden = model["config"]["hidden_size"]
    layers = []
    for layer in range(model["config"]["num_layers"]):
        rows = [take((hidden if layer else 1) + hidden) for _ in range(4 * hidden)]
        layers.append([rows, take(4 * hidden), take(hidden), take(hidden)])
    head, (bias,) = take(hidden), take(1)

    def frame(sample):
        v = [sample]
        for layer in layers:
            rows, b, h, c = layer
            gates = [d + math.fsum(w * e for w, e in zip(row, v + h)) for row, d in zip(rows, b)]
            i, f, g, o = (gates[k * hidden:(k + 1) * hidden] for k in range(4))
            c = [sigmoid(f[k]) * c[k] + sigmoid(i[k]) * math.tanh(g[k]) for k in range(hidden)]
            v = layer[2] = [sigmoid(o[k]) * math.tanh(c[k]) for k in range(hidden)]
            layer[3] = c
        return bias + math.fsum(w * e for w, e in zip(head, v))

    for _ in range(-(-int(0.5 * model["sample_rate"]) // 64) * 64):
        frame(0.0)
    return [frame(sample) for sample in x]


# --- WAV files --------------------------------------------------------------------------------------------------------

def wav(samples, bits, rate=48000, channels=1, form=None, extensible=False):
    form = form or (3 if bits == "float" else 1)
    width = 4 if bits == "float" else bits // 8
    data = b"".join(struct.pack("<f", s) if bits == "float" else round(s * 2 ** (bits - 1)).to_bytes(width, "little", signed=True)
                    for s in samples)
    fmt = struct.pack("<HHIIHH", 0xFFFE if extensible else form, channels, rate, rate * width, width, 8 * width)
    if extensible:
        fmt += struct.pack("<HHIH", 22, 8 * width, 4, form) + bytes.fromhex("000000001000800000aa00389b71")
    chunks = [(b"fmt ", fmt), (b"LIST", b"odd"), (b"data", data)]
    body = b"WAVE" + b"".join(name + struct.pack("<I", len(c)) + c + bytes(len(c) % 2) for name, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read_floats(path):
    data = path.read_bytes()
    return struct.unpack(f"<{(len(data) - 44) // 4}f", data[44:])


def signal(count, seed):
    numbers = random.Random(seed)
    return [round(2 ** 14 * (0.6 * math.sin(0.11 * k) + 0.3 * numbers.uniform(-1, 1))) / 2 ** 15 for k in range(count)]


# --- the checks -------------------------------------------------------------------------------------------------------

class Bench:
    def __init__(self, amp, folder):
        self.amp, self.folder, self.bad, self.done = amp, pathlib.Path(folder), 0, 0

    def fail(self, name, what):
        self.bad += 1
        print(f"{name}: {what}")

    def run(self, model, sound, *more):
        capture, source, result = (self.folder / n for n in ("a.nam", "in.wav", "out.wav"))
        result.unlink(missing_ok=True)
        if model is not None:
            capture.write_bytes(model if isinstance(model, bytes) else json.dumps(model).encode())
        else:
            capture.unlink(missing_ok=True)
        source.write_bytes(sound)
        self.done += 1
        return subprocess.run([self.amp, capture, source, result, *more], capture_output=True, text=True, timeout=300, check=False), result

    def plays(self, name, model, expected, sound, *more):
        run, result = self.run(model, sound, *more)
        if run.returncode != 0 or "times faster than real time" not in run.stdout:
            return self.fail(name, f"status {run.returncode}: {run.stdout}{run.stderr}")
        got = read_floats(result)
        worst = max(abs(a - b) for a, b in zip(got, expected))
        if len(got) != len(expected) or not worst <= 1e-5:
            self.fail(name, f"{len(got)} samples of {len(expected)}, the largest error is {worst:.3g}, at most 1e-5 is right")
        elif max(expected) - min(expected) < 0.05:
            self.fail(name, "the test is none: hardly anything is heard")
        else:
            print(f"{name}: largest error {worst:.2g}")

    def refuses(self, name, model, sound, message, *more):
        run, result = self.run(model, sound, *more)
        if run.returncode != 1 or run.stdout or len(run.stderr.splitlines()) != 1 or message not in run.stderr:
            self.fail(name, f"status {run.returncode}, expected one line with {message!r}: {run.stdout}{run.stderr}")
        elif result.exists():
            self.fail(name, "a result was written")


def changed(model, path, value):
    m = copy.deepcopy(model)
    at = m
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return m


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(sys.argv[1], folder)
        x = signal(250, 1)
        small, large, first = a2(3, 1), a2(8, 2), a1(3)
        heard = play_wavenet(small, x)
        bench.plays("A1 standard", first, play_wavenet(first, x), wav(x, 16))
        bench.plays("A2, 8 channels", large, play_wavenet(large, x), wav(x, 24))
        bench.plays("A2, 3 channels", small, heard, wav(x, 32))
        bench.plays("of floats", small, heard, wav(x, "float"))
        bench.plays("an extensible WAV", small, heard, wav(x, 16, extensible=True))
        both = container(small, large)
        bench.plays("the small one of two", both, heard, wav(x, 16), "0.3")
        bench.plays("the large one of two", both, play_wavenet(large, x[:80]), wav(x[:80], 16))
        for layers, hidden in ((1, 3), (1, 16), (2, 8)):
            model = lstm(layers, hidden, 6)
            bench.plays(f"LSTM {layers} of {hidden}", model, play_lstm(model, x), wav(x, 16, 2000))

        sound = wav(x[:10], 16)
        text = json.dumps(small).encode()
        layers = ("config", "layers", 0)
        bench.refuses("no capture", None, sound, "a.nam: cannot be opened: No such file or directory")
        bench.refuses("empty", b"", sound, "a.nam: is no JSON from byte 1 of 0 on")
        bench.refuses("cut short", text[:1000], sound, "a.nam: is no JSON from byte 1001 of 1000 on")
        bench.refuses("a list", b"[1, 2]", sound, "a.nam: there is no architecture in it")
        bench.refuses("no weights", changed(small, ("weights",), None), sound, "a.nam: there is no weights in it")
        bench.refuses("a weight less", changed(small, ("weights",), small["weights"][1:]), sound,
                      "a.nam: this network has 1871 numbers, the file 1870")
        bench.refuses("a weight more", changed(first, ("weights",), first["weights"] + [1]), sound,
                      "a.nam: this network has 13802 numbers, the file 13803")
        bench.refuses("a rate as a word", changed(small, ("sample_rate",), "48000"), sound,
                      'a.nam: sample_rate must be a positive number, it is "48000"')
        bench.refuses("a rate below 0", changed(small, ("sample_rate",), -48000), sound, "a.nam: sample_rate must be a positive number, it is -48000")
        bench.refuses("half a sample more", changed(small, ("sample_rate",), 48000.5), sound, "in.wav: has 48000 samples a second, the capture is of 48000.5")
        bench.refuses("a dilation that is cut", changed(small, layers + ("dilations", 0), 1.9), sound,
                      "a.nam: dilations[0] must be a positive whole number, it is 1.9")
        bench.refuses("a size that wraps", changed(small, layers + ("kernel_sizes", 2), 2**32 + 6), sound,
                      "a.nam: kernel_sizes[2] must be a positive whole number, it is 4294967302")
        bench.refuses("a number beyond all", text.replace(b'"weights": [', b'"weights": [-1e999, '), sound, "a.nam: a number in it is too large")
        nested = b"[" * 200000 + b"]" * 200000
        for path in (("weights", 3), layers + ("channels",), layers + ("dilations", 0), ("sample_rate",)):
            deep = json.dumps(changed(small, path, "deep")).encode().replace(b'"deep"', nested)
            bench.refuses(f"nested lists as {path[-1]}", deep, sound, ", it is a list")
        bench.refuses("a name of two lines", changed(small, ("architecture",), "one\ntwo"), sound, "a.nam: has the architecture one?two")
        bench.refuses("weights that overflow", changed(small, ("weights",), [3e38] * 1871), sound, "of the result is not a finite number")
        bench.refuses("a word as weight", changed(small, ("weights", 5), "loud"), sound,
                      'a.nam: weights[5] must be a finite number, it is "loud"')
        bench.refuses("a huge weight", changed(small, ("weights", 7), 1e300), sound, "a.nam: weights[7] must be a finite number")
        bench.refuses("another width", changed(small, layers + ("channels",), 5), sound, "a.nam: has a bottleneck")
        bench.refuses("another dilation", changed(first, layers + ("dilations", 9), 500), sound,
                      "a.nam: is a WaveNet of 10 layers of 16 channels and 10 layers of 8 channels, which amp has no type for")
        bench.refuses("gates", changed(first, layers + ("gated",), True), sound, "a.nam: has gated layers, which amp has no type for")
        bench.refuses("FiLM", changed(small, layers + ("conv_pre_film", "active"), True), sound, "a.nam: has conv_pre_film")
        bench.refuses("another architecture", changed(small, ("architecture",), "ConvNet"), sound, "a.nam: has the architecture ConvNet")
        bench.refuses("an LSTM of another size", lstm(1, 5, 1, 48000), sound, "a.nam: is a LSTM of 1 layers of 5")
        bench.refuses("a word as channels", changed(small, layers + ("channels",), "three"), sound, "a.nam: channels must be a positive whole number")
        bench.refuses("words as dilations", changed(small, layers + ("dilations",), ["far"] * 23), sound,
                      'a.nam: dilations[0] must be a positive whole number, it is "far"')
        bench.refuses("a list as activation's slope", changed(small, layers + ("activation", 0, "negative_slope"), [1]), sound,
                      "a.nam: is no capture: a value has another type than the format says")
        bench.refuses("an empty container", changed(both, ("config", "submodels"), []), sound, "a.nam: its submodels must be a list")
        bench.refuses("another rate", small, wav(x[:10], 16, 44100), "in.wav: has 44100 samples a second, the capture is of 48000")
        bench.refuses("no WAV", small, b"ID3" + bytes(100), "in.wav: is no WAV file")
        bench.refuses("a WAV cut short", small, sound[:-5], "in.wav: is cut short: its data chunk has 20 bytes, 15 are there")
        bench.refuses("a WAV without data", small, sound[:44], "in.wav: has no data chunk")
        bench.refuses("a WAV without samples", small, wav([], 16), "in.wav: has no samples: its data chunk is empty")
        bench.refuses("a WAV without a rate", changed(small, ("sample_rate",), None), wav(x[:10], 16, 0), "in.wav: has 0 samples a second")
        bench.refuses("a WAV of an unknown form", small, sound.replace(b"fmt \x10\0\0\0\1", b"fmt \x10\0\0\0\0"), "in.wav: format 0 of 16 bits")
        bench.refuses("samples that overflow", small, wav([3e38, -3e38] * 5, "float"), "in.wav: sample 0 of the result is not a finite number")
        bench.refuses("a WAV of 8 bits", small, wav([0.5], 8), "in.wav: format 1 of 8 bits")
        bench.refuses("stereo", small, wav(x[:10], 16, channels=2), "in.wav: 2 channels; amp takes one")
        bench.refuses("a sample that is no number", small, wav([0, math.nan], "float"), "in.wav: sample 1 is not a finite number")
        bench.refuses("a size that is none", both, sound, "amp: SIZE must be a number from 0 to 1, it is large", "large")
        bench.refuses("too much", both, sound, "amp: usage: amp CAPTURE.nam IN.wav OUT.wav [SIZE]", "1", "2")
        print(f"{bench.done} runs, {bench.bad} of them wrong")
        return 1 if bench.bad else 0


if __name__ == "__main__":
    sys.exit(main())
