"""Layers, in double by the interpreter and in float by kernels, against PyTorch: results, and gradients of inputs, weights and states; odd sizes, batches,
numbers on the kinks of activations.

`layers.py PROGRAM [SEED]` computes the expected numbers now, from fresh random ones; `layers.py PROGRAM --golden FILE`
compares with stored ones and needs no PyTorch; `layers.py PROGRAM --write FILE` stores them. PyTorch computes in double
from numbers that float can hold. Differences are relative to the largest element of what is compared, or to 1.
SPDX-License-Identifier: BSL-1.0
"""

import array
import os
import pathlib
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import golden  # noqa: E402

# Meson's, for a program that is for another machine.
EMULATOR = shlex.split(os.environ.get("MESON_EXE_WRAPPER", ""))
BOUNDS = {"float": 1e-5, "double": 1e-11}
# In float by kernels; in double all of them by the interpreter.
IN_FLOAT = ["sequences", "lstms", "activations", "normalizations", "one_of_each", "attentions"]


def expected_numbers(torch):
    """Yields (case, names, inputs, expected): a name and two flat lists of numbers for each tensor of the case, in the
    order of layers*.cpp. Of a cotangent the expected gradient is the result that it is multiplied with."""
    nn = torch.nn

    def random(*shape):
        return (torch.rand(shape, dtype=torch.float64) * 3 - 1.5).float().double()

    def finished(case, inputs, modules, results):
        """Tensors in the order: inputs, the modules' parameters, a cotangent for each result."""
        parameters = [(f"{k}.{name}", p) for k, m in modules.items() for name, p in m.named_parameters()]
        tensors = [*inputs.items(), *parameters]
        cotangents = [random(*y.shape) for y in results.values()]
        total = sum((y * c).sum() for y, c in zip(results.values(), cotangents))
        gradients = torch.autograd.grad(total, [t for _, t in tensors])
        names = [name for name, _ in tensors] + list(results)
        return case, names, [t for _, t in tensors] + cotangents, [*gradients, *results.values()]

    def prepared(**modules):
        for m in modules.values():
            m.double()
            with torch.no_grad():
                for p in m.parameters():
                    p.copy_(random(*p.shape) * 0.5)
        return modules

    def inputs(**shapes):
        return {name: random(*shape).requires_grad_() for name, shape in shapes.items()}

    i, m = inputs(x=(5, 3), h=(1, 4)), prepared(rnn=nn.RNN(3, 4), gru=nn.GRU(3, 4))
    (y, y_h), (z, z_h) = m["rnn"](i["x"], i["h"]), m["gru"](i["x"], i["h"])
    yield finished("sequences", i, m, {"of rnn": y, "of rnn's state": y_h, "of gru": z, "of gru's state": z_h})

    i = inputs(x=(2, 3), h=(2, 4), c=(2, 4))
    m = prepared(rnn=nn.RNNCell(3, 4, nonlinearity="relu"), gru=nn.GRUCell(3, 4, bias=False), lstm=nn.LSTMCell(3, 4))
    h, c = m["lstm"](i["x"], (i["h"], i["c"]))
    results = {"of rnn": m["rnn"](i["x"], i["h"]), "of gru": m["gru"](i["x"]), "of lstm's h": h, "of lstm's c": c}
    yield finished("cells", i, m, results)

    i = inputs(x=(5, 3), h=(2, 2), c=(2, 4))
    m = prepared(lstm=nn.LSTM(3, 4, bidirectional=True, proj_size=2))
    y, (h, c) = m["lstm"](i["x"], (i["h"], i["c"]))
    yield finished("lstms", i, m, {"of lstm": y, "of its h": h, "of its c": c})

    i, m = inputs(x=(3, 2, 3), h=(1, 2, 5)), prepared(gru=nn.GRU(3, 5, bias=False))
    y, h = m["gru"](i["x"], i["h"])
    yield finished("batches", i, m, {"of gru": y, "of its state": h})

    def hardsigmoid(x):  # the library's has a sixth that is rounded to float
        return nn.functional.relu6(x + 3) / 6

    layers = [nn.Tanh(), nn.ReLU(), nn.Sigmoid(), nn.Softplus(), nn.GELU(), nn.SiLU(), nn.ELU(0.5), nn.LeakyReLU()]
    layers += [nn.Hardtanh(-0.5, 2), nn.ReLU6(), hardsigmoid, nn.Hardswish(), nn.Mish()]
    layers += [nn.Softmax(-1), nn.LogSoftmax(-1)]
    x = 4 * random(len(layers), 7)
    x[:, :5] = torch.tensor([0.0, -0.5, 2.0, 6.0, 30.0])
    x[10:12, :2] = torch.tensor([-3.0, 3.0])
    i = {"x": x.requires_grad_()}
    yield finished("activations", i, {}, {"y": torch.cat([f(x[k : k + 1]) for k, f in enumerate(layers)])})

    i = inputs(x=(3, 6, 5))
    m = prepared(layer=nn.LayerNorm(5), two_axes=nn.LayerNorm((6, 5), eps=0.5), rms=nn.Linear(5, 1), group=nn.GroupNorm(3, 6))
    for name in ("two_axes", "rms"):  # without bias; the weight of what this version of PyTorch has not
        del m[name].bias
        m[name].bias = None
    x, scale = i["x"], m["rms"].weight
    m["rms"].weight = nn.Parameter(scale.detach().flatten())
    rms = x * (x.square().mean(-1, keepdim=True) + 1e-3).rsqrt() * m["rms"].weight
    two_axes = nn.functional.layer_norm(x, (6, 5), m["two_axes"].weight, None, 0.5)
    results = {"of layer": m["layer"](x), "of two axes": two_axes, "of rms": rms, "of group": m["group"](x)}
    yield finished("normalizations", i, m, results)

    i = inputs(x=(2, 3, 6))
    m = prepared(first=nn.Linear(6, 4), second=nn.Linear(6, 2), one=nn.PReLU(), prelu=nn.PReLU(3))
    x = i["x"]
    inner = m["one"](torch.cat([m["first"](x), m["second"](x)], -1))
    results = {"of residual": x + inner, "of prelu": m["prelu"](x), "of glu": nn.GLU()(x).flatten(1)}
    yield finished("containers", i, m, results)

    i = inputs(x=(2, 4, 19), images=(3, 4, 6, 5), image=(4, 3, 3))
    m = prepared(
        in_groups=nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2),
        even=nn.Conv1d(4, 2, 2, padding="same"),
        past=nn.Conv1d(4, 4, 3, dilation=2, groups=4, bias=False),
        long_steps=nn.Conv1d(4, 3, 2, stride=5),
        oblong=nn.Conv2d(4, 3, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
        depthwise=nn.Conv2d(4, 8, 3, groups=4, padding=2, dilation=2),
        whole=nn.Conv2d(4, 2, 3),
    )
    x, images = i["x"], i["images"]
    results = {name: m[name](x) for name in ("in_groups", "even")}
    results["past"] = m["past"](nn.functional.pad(x, (4, 0)))  # before the input alone
    results["long_steps"] = m["long_steps"](x)
    results |= {"oblong": m["oblong"](images), "depthwise": m["depthwise"](images), "whole": m["whole"](i["image"])}
    yield finished("convolutions", i, m, {f"of {name}": y for name, y in results.items()})

    i = {"x": random(2, 3, 11), "images": random(2, 3, 7, 6).mul(2).round()}  # with ties
    i = {name: x.requires_grad_() for name, x in i.items()}
    pools = [nn.MaxPool1d(3), nn.MaxPool1d(3, ceil_mode=True), nn.AvgPool1d(3, 2, 1)]
    pools += [nn.AvgPool1d(3, 2, 1, count_include_pad=False), nn.AdaptiveAvgPool1d(4)]
    planes = [nn.MaxPool2d(2), nn.MaxPool2d(3, (1, 2), 1, ceil_mode=True), nn.AvgPool2d((3, 2), 2, (1, 0))]
    planes += [nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)]
    planes += [nn.AdaptiveAvgPool2d((3, 5)), nn.AdaptiveAvgPool2d(1)]
    results = [f(i["x"]) for f in pools] + [f(i["images"]) for f in planes]
    yield finished("poolings", i, {}, {f"of pooling {k}": y for k, y in enumerate(results)})

    i = {"x": random(2, 3, 11).mul(2).round(), "images": random(2, 3, 7, 6).mul(2).round()}  # with ties
    i = {name: x.requires_grad_() for name, x in i.items()}
    pools = [nn.MaxPool1d(3, 2, 1, 2), nn.MaxPool1d(2, 1, 0, 4), nn.MaxPool1d(3, None, 1, 3, ceil_mode=True)]
    pools += [nn.AdaptiveMaxPool1d(4), nn.AdaptiveMaxPool1d(15)]
    planes = [nn.MaxPool2d((3, 2), (1, 2), 1, (2, 3)), nn.AdaptiveMaxPool2d((3, 4)), nn.AdaptiveMaxPool2d(1)]
    results = [f(i["x"]) for f in pools] + [f(i["images"]) for f in planes]
    yield finished("maxima", i, {}, {f"of pooling {k}": y for k, y in enumerate(results)})

    i = inputs(x=(2, 4, 7), images=(2, 4, 3, 5), image=(4, 1, 1))
    m = prepared(
        dilated=nn.ConvTranspose1d(4, 3, 3, stride=2, padding=4, dilation=3),
        grouped=nn.ConvTranspose1d(4, 6, 4, stride=3, groups=2, padding=1, output_padding=2),
        future=nn.ConvTranspose1d(4, 2, 4, stride=2, bias=False),
        oblong=nn.ConvTranspose2d(4, 3, (3, 2), stride=(2, 1), padding=(1, 0), output_padding=(1, 0)),
        whole=nn.ConvTranspose2d(4, 4, 3, groups=4),
    )
    x = i["x"]
    results = {"dilated": m["dilated"](x), "grouped": m["grouped"](x), "future": m["future"](x)[..., :14]}
    results |= {"oblong": m["oblong"](i["images"]), "whole": m["whole"](i["image"])}
    yield finished("transposed", i, m, {f"of {name}": y for name, y in results.items()})

    i = inputs(x=(2, 4, 19))
    m = prepared(
        conv=nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2),
        back=nn.ConvTranspose1d(6, 3, 3, stride=2, padding=1),
    )
    y = nn.AvgPool1d(2)(m["back"](nn.MaxPool1d(3, 2, 1)(m["conv"](i["x"]))))
    yield finished("one_of_each", i, m, {"y": y})
    i = inputs(x=(3, 2, 3), h=(4, 2, 2), c=(4, 2, 4), h_of_gru=(3, 2, 2))
    both = dict(bidirectional=True)
    layers = dict(lstm=nn.LSTM(3, 4, 2, proj_size=2, **both), gru=nn.GRU(3, 2, 3, bias=False))
    m = prepared(**layers, rnn=nn.RNN(3, 3, nonlinearity="relu", **both), plain=nn.LSTM(3, 2, 2))
    y, (h, c) = m["lstm"](i["x"], (i["h"], i["c"]))
    (z, z_h), (r, r_h) = m["gru"](i["x"], i["h_of_gru"]), m["rnn"](i["x"])
    results = {"of lstm": y, "of its h": h, "of its c": c, "of gru": z, "of gru's state": z_h}
    results |= {"of rnn": r, "of rnn's state": r_h, "of plain": m["plain"](i["x"])[0]}
    yield finished("stacks", i, m, results)

    i = inputs(
        x=(5, 6), mask=(5, 5), batch=(2, 3, 6), condition=(2, 5), key=(4, 6), value=(4, 6), of_key=(5, 4), keys=(2, 4, 6), there=(2, 1, 1, 4)
    )
    m = prepared(
        plain=nn.MultiheadAttention(6, 2),
        masked=nn.MultiheadAttention(6, 3, bias=False, batch_first=True),
        film=nn.Linear(5, 6),
        cross=nn.MultiheadAttention(6, 2, batch_first=True),
    )
    x, rows, later = i["x"], i["batch"], torch.full((3, 3), -torch.inf, dtype=torch.float64).triu(1)
    gamma, beta = m["film"](i["condition"])[..., None].chunk(2, 1)
    results = {"of plain": m["plain"](x, x, x, attn_mask=i["mask"])[0]}
    results |= {"of masked": m["masked"](rows, rows, rows, attn_mask=later)[0], "of film": gamma * rows + beta}
    results |= {"of cross": m["cross"](x, i["key"], i["value"], attn_mask=i["of_key"])[0]}
    results |= {"of crossed rows": m["cross"](rows, i["keys"], i["keys"])[0]}
    of_heads = i["there"].expand(2, 2, 3, 4).flatten(0, 1)  # the same for each head and place
    results |= {"of padded rows": m["cross"](rows, i["keys"], i["keys"], attn_mask=of_heads)[0]}
    yield finished("attentions", i, m, results)


def answer(program, kind, case, inputs):
    data = array.array("d", [number for one in inputs for number in one]).tobytes()
    result = subprocess.run([*EMULATOR, program, kind, case], input=data, capture_output=True)
    if result.returncode != 0:
        sys.exit(f"{kind} {case}: {result.stderr.decode()} (exit code {result.returncode})")
    return array.array("d", result.stdout)


def compare(program, cases):
    wrong = count = 0
    for kind in BOUNDS:
        for case, names, inputs, expected in cases:
            if kind == "float" and case not in IN_FLOAT:
                continue
            found, at, worst = answer(program, kind, case, inputs), 0, 0.0
            if len(found) != sum(map(len, expected)):
                sys.exit(f"{kind} {case}: {len(found)} numbers instead of {sum(map(len, expected))}")
            for name, one in zip(names, expected):
                scale = max(1.0, *map(abs, one)) if len(one) > 1 else max(1.0, abs(one[0]))
                difference = golden.largest_difference(found[at : at + len(one)], one) / scale
                at, count, worst = at + len(one), count + 1, max(worst, difference)
                if not difference <= BOUNDS[kind]:
                    wrong += 1
                    print(f"{kind} {case}: {name} differs by {difference:.2e}")
            print(f"{kind:7}{case:16}{worst:.1e}")
    print(f"{count - wrong} passed, {wrong} failed")
    return 1 if wrong else 0



sys.exit(golden.main(expected_numbers, compare))
