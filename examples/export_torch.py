#!/usr/bin/env python3
"""A PyTorch network as C++: the numbers, the type, and a test of both. One file, which needs nothing but torch.

    python3 export_torch.py module.py:factory --input 1,28,28 -o out/

`factory` is a module, or a function without parameters that gives one, or (module, example input). From Python:

    from export_torch import export, load_back
    export(module, example_input, "out")           # a tensor, or a tuple of what forward takes
    load_back(module, "out/trained.safetensors")   # what pm::save wrote; load_state_dict(strict=True)

Written are
    model.safetensors    state_dict() under its own keys, which pm::load takes
    model.hpp            `model`: pm::nn::sequential<...>, a layer, or a struct, with the chains of its parametrizations
    golden.safetensors   the example input, and what the module gives of it in eval(), computed in double where a copy can be:
                         rounding of PyTorch's own, up to 1e-5 in matrix_exp of float, is then no part of the comparison
    check.cpp            a program that loads the file, runs the input and compares; link paramorph-io:
                         g++ -std=c++20 -O2 check.cpp -lparamorph-io -o check && ./check .

What is translated: the layers of pm::nn (their options are compared one by one); Sequential, ModuleList and ModuleDict;
encoder and decoder of Transformer; modules of one's own, whose forward is traced by torch.fx and written as operations
of pm, what works in place included; orthogonal, spectral_norm and weight_norm, as parametrizations and, of the last
two, as the older hooks; one's own parametrizations, traced likewise; several on one tensor, parametrized originals,
several originals. A forward that cannot be traced or has an operation without counterpart is written as a place to fill
in, where a static_assert says what to write. Dropout is its input, as in eval(). A module in double is exported in
double. What requires no gradient is said in a note; the type does not say it.

What cannot be expressed is said, all of it at once, each with its path and the reason; then nothing is written, and the
exit code is 1 (export raises Refused). So are: layers and options that pm::nn has not, what a program added to a layer or a
list (parameters, buffers, modules), a forward that was replaced in an object, a __call__ of one's own, modules that a
forward calls by their numbers, a forward that gives another result each time, hooks, tensors that share memory, buffers
that are not persistent, half, complex and quantized tensors, a parametrization with parameters of its own. All files are
written or none is, and what is wrong with the command line or the disk is said in one line, with the exit code 2 (export
raises Unwritten). num_batches_tracked of a BatchNorm is in the file and is kept only where momentum=None reads it.
SPDX-License-Identifier: BSL-1.0
"""

import argparse
import contextlib
import copy
import ctypes
import errno
import fractions
import importlib.util
import inspect
import json
import math
import operator
import os
import re
import stat
import struct
import sys
import textwrap

import torch
import torch.fx
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrize
from torch.nn.utils import parametrizations as ready_made
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

WeightNormParametrization = getattr(ready_made, "_WeightNorm", ())  # PyTorch 2
KEYWORDS = set(
    """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl
    concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do
    double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace
    new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires return
    short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef
    typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq pm std paramorph""".split()
)
MOST_AXES = 4  # of a tensor, in pm


class Refused(Exception):
    """What cannot be exported: `problems`, a list of (path, reason)."""

    def __init__(self, problems):
        self.problems = list(dict.fromkeys(problems))
        super().__init__("the module cannot be exported, and nothing is written:\n" + "\n".join(f"  {p}: {r}" for p, r in self.problems))


class Unwritten(Exception):
    """A file that cannot be written, and why; all files are as they were."""


class Untranslatable(Exception):
    """A forward that has to be written by hand, and why."""


# --- safetensors ------------------------------------------------------------------------------------------------------

DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
DTYPES |= {"I64": torch.int64, "I32": torch.int32, "I8": torch.int8, "BOOL": torch.bool}
LONGEST_HEADER = 100_000_000


def to_bytes(tensors, metadata):
    """The file of some tensors: u64 length, a header in JSON, numbers row by row, little-endian."""
    header, data = {"__metadata__": metadata}, []
    at = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: -item[1].element_size()):
        tensor = tensor.detach().cpu().contiguous()
        size = tensor.numel() * tensor.element_size()
        dtype = next(key for key, value in DTYPES.items() if value == tensor.dtype)
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        data.append(ctypes.string_at(tensor.data_ptr(), size) if size else b"")
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data)


def read(path):
    """The tensors of a safetensors file. As strict as pm::load: ValueError, with the file and the tensor, where it is not that
    to the byte."""
    with open(path, "rb") as file:
        raw = file.read()

    def refuse(reason, name=None):
        raise ValueError(f"{path}: {reason}" if name is None else f"{path}: tensor {json.dumps(name)}: {reason}")

    def once(pairs):
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            refuse(f"header: the key {json.dumps(next(key for key in keys if keys.count(key) > 1))} is there twice")
        return made

    def numbers(found, name, field):
        if not isinstance(found, list) or any(type(n) is not int or not 0 <= n < 2**64 for n in found):
            refuse(f"{field}: expected integers from 0 to 2^64 - 1, found {json.dumps(found)[:80]}", name)
        return found

    if len(raw) < 8:
        refuse(f"expected safetensors, whose first 8 bytes are the header's length, found {len(raw)} bytes")
    (length,) = struct.unpack("<Q", raw[:8])
    if length > LONGEST_HEADER or raw[8:9] != b"{":
        refuse(f"expected safetensors, found a file that begins with {raw[:16]!r}")
    if length > len(raw) - 8:
        refuse(f"header: expected {length} bytes, found {len(raw) - 8}: the file is cut short")
    try:
        header = json.loads(raw[8 : 8 + length].decode("utf-8"), object_pairs_hook=once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as e:
        refuse(f"header: expected JSON: {str(e).splitlines()[0]}")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        refuse("header: __metadata__: expected an object of strings")
    data, ranges, tensors = memoryview(raw)[8 + length :], [], {}
    for name, entry in header.items():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            refuse("expected the fields dtype, shape and data_offsets", name)
        kind, shape, offsets = entry["dtype"], numbers(entry["shape"], name, "shape"), numbers(entry["data_offsets"], name, "data_offsets")
        if not isinstance(kind, str) or kind not in DTYPES:
            refuse(f"dtype: expected {', '.join(DTYPES)}, found {json.dumps(kind)[:80]}", name)
        if len(offsets) != 2 or not offsets[0] <= offsets[1] <= len(data):
            refuse(f"data_offsets: expected a range of the {len(data)} bytes behind the header, found {offsets[:3]}", name)
        dtype, (begin, end) = DTYPES[kind], offsets
        size = math.prod(shape) * torch.empty(0, dtype=dtype).element_size()
        if size != end - begin:
            refuse(f"data_offsets: expected {size} bytes for {kind} {shape}, found {end - begin}, {offsets}", name)
        ranges.append((begin, end, name))
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=dtype) if end > begin else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(shape)
    covered = 0
    for begin, end, name in sorted(ranges):
        if begin != covered:
            what = "it overlaps another tensor" if begin < covered else "there is a hole"
            refuse(f"data_offsets: expected a begin of {covered}, where the bytes before it end, found {begin}: {what}", name)
        covered = end
    if covered != len(data):
        refuse(f"expected {covered} bytes of tensors behind the header, found {len(data)}")
    return tensors


def require_fit(path, state, module):
    """Refuses what load_state_dict would round to infinity, cast or have changed in part before it fails."""
    wanted = module.state_dict()
    for name, tensor in state.items():
        to = wanted.get(name)
        if to is None:
            continue  # load_state_dict says so
        if tensor.shape != to.shape:
            raise ValueError(f"{path}: tensor {json.dumps(name)}: expected the shape {list(to.shape)}, found {list(tensor.shape)}")
        both_real = tensor.is_floating_point() and to.is_floating_point()
        if tensor.dtype != to.dtype and not both_real:
            raise ValueError(f"{path}: tensor {json.dumps(name)}: expected {str(to.dtype)[6:]}, found {str(tensor.dtype)[6:]}")
        if both_real and bool((tensor.isfinite() & ~tensor.to(to.dtype).isfinite()).any()):
            raise ValueError(f"{path}: tensor {json.dumps(name)}: has a number that is beyond what {str(to.dtype)[6:]} holds")


def load_back(module, path):
    """load_state_dict(strict=True) of a file that pm::save wrote; where the module has weight_norm or spectral_norm in the
    form of hooks, under the names that these give their tensors. ValueError where the file is not safetensors to the byte, or
    a tensor has another shape, or a type or number that the module's does not hold."""
    state, older, twice = read(path), {}, held_twice(module)
    for prefix, child in module.named_modules(remove_duplicate=False):
        dot = prefix + "." if prefix else ""
        for hook in child._forward_pre_hooks.values():
            if isinstance(hook, WeightNorm):
                new = f"{dot}parametrizations.{hook.name}."
                older |= {new + "original0": dot + hook.name + "_g", new + "original1": dot + hook.name + "_v"}
            elif isinstance(hook, SpectralNorm):
                new = f"{dot}parametrizations.{hook.name}."
                older |= {new + "original": dot + hook.name + "_orig"}
                older |= {new + "0._u": dot + hook.name + "_u", new + "0._v": dot + hook.name + "_v"}
    state = {older.get(name, name): tensor for name, tensor in state.items()}
    for name in module.state_dict():
        if name not in state and standing(twice, name) in state:
            state[name] = state[standing(twice, name)]
    require_fit(path, state, module)
    return module.load_state_dict(state, strict=True)


# --- modules that are held twice ------------------------------------------------------------------------------------------


def held_twice(module):
    """{path: where it stands}, of members that are members of a member, too: self.conv1, of self.net = Sequential(self.conv1)."""
    made = {}
    for path, owner in module.named_modules():
        dot = path + "." if path else ""
        if isinstance(owner, torch.jit.ScriptModule) or class_of_layer(owner) is not None:
            continue
        for name, child in owner._modules.items():
            for other, same in owner.named_modules(remove_duplicate=False):
                if same is child is not None and "." in other and not other.startswith(name + ".") and dot + other.split(".")[0] not in made:
                    made[dot + name] = dot + other
                    break
    return made


def standing(twice, path):
    """Of a path, or of a tensor's name."""
    for name, place in twice.items():
        if path == name or path.startswith(name + "."):
            return place + path[len(name) :]
    return path


# --- memory -----------------------------------------------------------------------------------------------------------


def bytes_of(tensor):
    """The first byte of a tensor's elements, and the one behind the last."""
    begin, size = tensor.data_ptr(), tensor.element_size()
    return begin, begin + size * (1 + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride())))


def elements_of(tensor):
    """The address of each."""
    made = torch.full((), tensor.data_ptr(), dtype=torch.int64)
    for n, step in zip(tensor.shape, tensor.stride()):
        made = made.unsqueeze(-1) + torch.arange(n) * step * tensor.element_size()
    return made.flatten()


def has_one_memory_twice(tensor):
    begin, end = bytes_of(tensor)
    dense = end - begin == tensor.numel() * tensor.element_size()
    return not (dense and 0 not in tensor.stride()) and elements_of(tensor).unique().numel() < tensor.numel()


def overlap(a, b):
    """Have two tensors an element in common? Columns of one matrix have not."""
    if a.is_contiguous() and b.is_contiguous():
        (begin, end), (other_begin, other_end) = bytes_of(a), bytes_of(b)
        return begin < other_end and other_begin < end
    both = torch.cat((elements_of(a).unique(), elements_of(b).unique()))
    return both.unique().numel() < both.numel()


# --- words of C++ -----------------------------------------------------------------------------------------------------


def name_of(module):
    return class_of(module).__name__


def class_of(module):
    return parametrize.type_before_parametrizations(module)


def number(x):
    """A number as template argument or operand."""
    if isinstance(x, bool) or not isinstance(x, (int, float)):
        raise Untranslatable(f"{x!r} is no number")
    if isinstance(x, float) and not math.isfinite(x):
        limits = "std::numeric_limits<double>::"
        return limits + "quiet_NaN()" if math.isnan(x) else ("-" if x < 0 else "") + limits + "infinity()"
    return repr(x)


def template(name, *arguments):
    return f"{name}<{', '.join(map(str, arguments))}>"


def layer(name, *arguments):
    return template("pm::nn::" + name, *arguments)


def shape_of(extents):
    return template("pm::shape", *extents)


def pair(x, axes):
    """PyTorch's number or tuple, as one number where all are the same."""
    numbers = list(x) if isinstance(x, (tuple, list)) else [x] * axes
    return numbers[:1] if len(set(numbers)) == 1 else numbers


def comment(text, width=112):
    return "\n".join("// " + line if line else "//" for part in text.split("\n") for line in textwrap.wrap(part, width) or [""])


def source_of(function):
    try:
        return textwrap.dedent(inspect.getsource(function)).rstrip()
    except (OSError, TypeError):
        return "(its source is not at hand)"


def flat(value):
    """The leaves of nested tuples and lists."""
    if isinstance(value, (tuple, list)):
        return [leaf for part in value for leaf in flat(part)]
    return [value]


def as_built(value, leaves):
    """`value` with its leaves replaced."""
    if isinstance(value, (tuple, list)):
        return tuple(as_built(part, leaves) for part in value)
    return next(leaves)


def copied(value):
    """For a forward, which may work in place."""
    return as_built(value, iter([leaf.detach().clone() if isinstance(leaf, torch.Tensor) else leaf for leaf in flat(value)]))


# --- the layers of pm::nn -----------------------------------------------------------------------------------------------

LAYERS = {}


def of(*names):
    def note(function):
        for name in names:
            if getattr(nn, name, None) is not None:
                LAYERS[getattr(nn, name)] = function
        return function

    return note


class Options:
    """Compares what a layer is with what its counterpart can be."""

    def __init__(self, exporter, module, path):
        self.exporter, self.module, self.path = exporter, module, path

    def refuse(self, reason):
        self.exporter.problem(self.path, f"{name_of(self.module)}: {reason}")

    def only(self, name, value, why=""):
        found = getattr(self.module, name, value)
        if found != value:
            self.refuse(f"{name}={found!r}; the counterpart in pm::nn has {name}={value!r} only{why}")

    def dtype(self):
        return ["pm::element_type<double>"] if self.exporter.dtype == torch.float64 else []

    def chains(self):
        """{name: stages} of the parametrized tensors."""
        return self.exporter.chains(self.module, self.path)

    def weight_and_bias(self):
        """The options pm::weight and pm::bias, pm::no_bias, pm::element_type."""
        chains, options = self.chains(), []
        if "weight" in chains:
            options.append(template("pm::weight", *chains["weight"]))
        if "bias" in chains:
            options.append(template("pm::bias", *chains["bias"]))
        elif self.module.bias is None:
            options.append("pm::no_bias")
        return options + self.dtype()

    def later(self, type_name, prefix=""):
        """The type with its chains laid over it."""
        chains = {prefix + name: stages for name, stages in self.chains().items()}
        at = [template("pm::at", f'"{name}"', *stages) for name, stages in chains.items()]
        return template("pm::parametrize", type_name, *at) if at else type_name


@of("Linear")
def linear(m, o):
    return layer("linear", m.in_features, m.out_features, *o.weight_and_bias())


def kernel(m, axes):
    size = pair(m.kernel_size, axes)
    return size[0] if len(size) == 1 else template("pm::kernel_size", *size)


def windows(m, axes, names):
    """Options of numbers, those that are not their defaults."""
    options = []
    for name, default in names.items():
        found = getattr(m, name)
        numbers = pair(default if found is None else found, axes)
        if numbers != [default]:
            options.append(template("pm::" + name, *numbers))
    return options


@of("Conv1d", "Conv2d")
def convolution(m, o):
    axes = 1 if isinstance(m, nn.Conv1d) else 2
    o.only("padding_mode", "zeros")
    options = windows(m, axes, {"stride": 1, "dilation": 1})
    if m.padding == "same":
        options.append("pm::padding<pm::same>")
    elif m.padding != "valid":
        options += windows(m, axes, {"padding": 0})
    if m.groups != 1:
        options.append(template("pm::groups", m.groups))
    return layer(f"conv{axes}d", m.in_channels, m.out_channels, kernel(m, axes), *options, *o.weight_and_bias())


@of("ConvTranspose1d", "ConvTranspose2d")
def conv_transpose(m, o):
    axes = 1 if isinstance(m, nn.ConvTranspose1d) else 2
    options = windows(m, axes, {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1})
    if m.groups != 1:
        options.append(template("pm::groups", m.groups))
    return layer(f"conv_transpose{axes}d", m.in_channels, m.out_channels, kernel(m, axes), *options, *o.weight_and_bias())


@of("MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d")
def pooling(m, o):
    axes = 1 if isinstance(m, (nn.MaxPool1d, nn.AvgPool1d)) else 2
    options, is_max = [], isinstance(m, (nn.MaxPool1d, nn.MaxPool2d))
    if m.stride is not None and pair(m.stride, axes) != pair(m.kernel_size, axes):
        options.append(template("pm::stride", *pair(m.stride, axes)))
    options += windows(m, axes, {"padding": 0, "dilation": 1} if is_max else {"padding": 0})
    if m.ceil_mode:
        options.append("pm::ceil_mode")
    if is_max:
        o.only("return_indices", False)
    else:
        o.only("divisor_override", None)
        if not m.count_include_pad:
            options.append("pm::count_include_pad<false>")
    return layer(f"{'max' if is_max else 'avg'}_pool{axes}d", kernel(m, axes), *options)


@of("AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d")
def adaptive_pooling(m, o):
    axes = 1 if isinstance(m, (nn.AdaptiveMaxPool1d, nn.AdaptiveAvgPool1d)) else 2
    is_max = isinstance(m, (nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d))
    if is_max:
        o.only("return_indices", False)
    size = list(m.output_size) if isinstance(m.output_size, (tuple, list)) else [m.output_size] * axes
    if None in size:
        if o.exporter.input_of(o.path) is None:
            o.refuse("output_size has None, and the example does not reach the layer: give numbers")
            return "void"
        given = o.exporter.input_of(o.path).shape[-axes:]
        size = [given[k] if n is None else n for k, n in enumerate(size)]
    size = pair(size, axes)
    kind = "max" if is_max else "avg"
    return layer(f"adaptive_{kind}_pool{axes}d", size[0] if len(size) == 1 else template("pm::output_size", *size))


@of("RNN", "GRU", "LSTM")
def recurrent(m, o):
    options = []
    if m.mode == "RNN_RELU":
        options.append("pm::nn::relu")
    if m.num_layers != 1:
        options.append(template("pm::num_layers", m.num_layers))
    if m.bidirectional:
        options.append("pm::bidirectional")
    if m.batch_first:
        options.append("pm::batch_first")
    if m.proj_size:
        options.append(template("pm::proj_size", m.proj_size))
    if not m.bias:
        options.append("pm::no_bias")
    if m.dropout:
        o.exporter.note(o.path, f"dropout={m.dropout} between its layers is left out, as in eval(): to train on with it, write pm::dropout<{m.dropout}>")
    for name, used in zip(m._flat_weights_names, m._flat_weights):
        if not torch.equal(used, getattr(m, name)):
            o.refuse(f"its forward does not use {name}: PyTorch keeps the tensor of before it was parametrized; use cells")
    return o.later(layer(class_of_layer(m).__name__.lower(), m.input_size, m.hidden_size, *options, *o.dtype()))


@of("RNNCell", "GRUCell", "LSTMCell")
def recurrent_cell(m, o):
    options = ["pm::nn::relu"] if getattr(m, "nonlinearity", "tanh") == "relu" else []
    if not m.bias:
        options.append("pm::no_bias")
    name = {nn.RNNCell: "rnn_cell", nn.GRUCell: "gru_cell", nn.LSTMCell: "lstm_cell"}[class_of_layer(m)]
    return o.later(layer(name, m.input_size, m.hidden_size, *options, *o.dtype()))


@of("Embedding")
def embedding(m, o):
    o.only("max_norm", None)
    o.only("scale_grad_by_freq", False)
    options = [] if m.padding_idx is None else [template("pm::padding_idx", m.padding_idx)]
    return o.later(layer("embedding", m.num_embeddings, m.embedding_dim, *options, *o.dtype()))


@of("MultiheadAttention")
def attention(m, o):
    if not m._qkv_same_embed_dim:
        o.refuse("kdim and vdim must be embed_dim")
    o.only("add_zero_attn", False)
    if m.bias_k is not None:
        o.refuse("add_bias_kv=True has no counterpart in pm::nn")
    if m.dropout:
        o.exporter.note(o.path, f"dropout={m.dropout} of its weights is left out, as in eval()")
    options = [] if m.in_proj_bias is not None else ["pm::no_bias"]
    outer = o.later(layer("multihead_attention", m.embed_dim, m.num_heads, *options, *o.dtype()))
    inner = Options(o.exporter, m.out_proj, o.path + ".out_proj")
    return inner.later(outer, "out_proj.")


def affine(m, bias=True):
    has_bias = getattr(m, "bias", None) is not None
    return ["pm::no_affine"] if m.weight is None else ["pm::no_bias"] if bias and not has_bias else []


@of("LayerNorm")
def layer_norm(m, o):
    options = affine(m) + ([] if m.eps == 1e-5 else [template("pm::epsilon", number(m.eps))])
    return o.later(layer("layer_norm", shape_of(m.normalized_shape), *options, *o.dtype()))


@of("RMSNorm")
def rms_norm(m, o):
    options = affine(m, bias=False) + ([] if m.eps is None else [template("pm::epsilon", number(m.eps))])
    return o.later(layer("rms_norm", shape_of(m.normalized_shape), *options, *o.dtype()))


@of("GroupNorm")
def group_norm(m, o):
    options = affine(m) + ([] if m.eps == 1e-5 else [template("pm::epsilon", number(m.eps))])
    return o.later(layer("group_norm", m.num_groups, m.num_channels, *options, *o.dtype()))


@of("InstanceNorm1d", "InstanceNorm2d")
def instance_norm(m, o):
    o.only("track_running_stats", False)
    x = o.exporter.input_of(o.path)
    if x is not None and x.dim() != (3 if isinstance(m, nn.InstanceNorm1d) else 4):
        o.refuse(f"its input is {list(x.shape)}, without a batch; pm::nn::group_norm, one group for each channel, takes batches only")
    options = affine(m) + ([] if m.eps == 1e-5 else [template("pm::epsilon", number(m.eps))])
    return o.later(layer("group_norm", m.num_features, m.num_features, *options, *o.dtype()))


@of("BatchNorm1d", "BatchNorm2d")
def batch_norm(m, o):
    o.only("track_running_stats", True)
    options = affine(m)
    if m.eps != 1e-5:
        options.append(template("pm::epsilon", number(m.eps)))
    if m.momentum != 0.1:
        options.append(template("pm::momentum", "pm::cumulative" if m.momentum is None else number(m.momentum)))
    return o.later(layer("batch_norm", m.num_features, *options, *o.dtype()))


@of("Tanh", "ReLU", "Sigmoid", "SiLU", "Mish", "Hardsigmoid", "Hardswish", "ReLU6")
def activation(m, o):
    return "pm::nn::" + class_of_layer(m).__name__.lower()


@of("Softplus")
def softplus(m, o):
    o.only("beta", 1)
    if m.threshold < 20:
        o.refuse(f"threshold={m.threshold!r}; pm::nn::softplus is exact everywhere, as with 20 and more")
    return "pm::nn::softplus"


@of("GELU")
def gelu(m, o):
    return "pm::nn::gelu" if m.approximate == "none" else "pm::nn::gelu_tanh"


@of("ELU")
def elu(m, o):
    return layer("elu", *([] if m.alpha == 1 else [number(m.alpha)]))


@of("LeakyReLU")
def leaky_relu(m, o):
    return layer("leaky_relu", *([] if m.negative_slope == 0.01 else [number(m.negative_slope)]))


@of("Hardtanh")
def hardtanh(m, o):
    return layer("hardtanh", *([] if (m.min_val, m.max_val) == (-1, 1) else [number(m.min_val), number(m.max_val)]))


@of("Softmax", "LogSoftmax", "GLU")
def along_an_axis(m, o):
    if m.dim is None:
        o.refuse("dim is None: name the axis")
        return "void"
    name = {nn.Softmax: "softmax", nn.LogSoftmax: "log_softmax", nn.GLU: "glu"}[class_of_layer(m)]
    return layer(name, *([] if m.dim == -1 else [m.dim]))


@of("PReLU")
def prelu(m, o):
    return o.later(layer("prelu", m.num_parameters, *o.dtype()))


@of("Flatten")
def flatten(m, o):
    return layer("flatten", *([] if (m.start_dim, m.end_dim) == (1, -1) else [m.start_dim, m.end_dim]))


@of("Unflatten")
def unflatten(m, o):
    if not isinstance(m.dim, int) or any(not isinstance(n, int) for n in m.unflattened_size):
        o.refuse("named axes have no counterpart in pm::nn")
        return "void"
    sizes, x = list(m.unflattened_size), o.exporter.input_of(o.path)
    if -1 in sizes and x is not None:
        known = -math.prod(sizes)
        sizes = [x.shape[m.dim] // known if n == -1 else n for n in sizes]
    return layer("unflatten", m.dim, *sizes)


@of("Identity")
def identity(m, o):
    return "pm::nn::identity"


@of("Dropout", "Dropout1d", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout")
def dropout(m, o):
    o.exporter.note(o.path, f"{name_of(m)}(p={m.p}) is its input, as in eval()")
    return "pm::nn::identity"


# Layers without parameters of their own that are written as what their forward computes.
TRACED = {getattr(nn, name): None for name in ("PixelShuffle", "PixelUnshuffle", "Upsample", "UpsamplingNearest2d", "CosineSimilarity")}
TRACED |= {getattr(nn, name): None for name in ("PairwiseDistance", "ZeroPad2d", "ConstantPad1d", "ConstantPad2d", "Softmin", "Softsign")}
TRACED |= {getattr(nn, name): None for name in ("LogSigmoid", "Tanhshrink", "CELU", "SELU", "Softmax2d", "Hardshrink")}
TRACED |= {getattr(nn, name): None for name in ("Softshrink", "Threshold", "ReflectionPad1d", "ReflectionPad2d", "ReplicationPad1d", "ReplicationPad2d")}


def computes(cls):
    """Of a layer of torch.nn with layers in it: what its forward computes, without the ways that are for speed."""

    def note(function):
        TRACED[cls] = function
        return function

    return note


@computes(nn.TransformerEncoderLayer)
def encoder_layer(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
    def attend(x):
        return self.self_attn(x, x, x, attn_mask=src_mask, key_padding_mask=src_key_padding_mask, need_weights=False)[0]

    def feed(x):
        return self.linear2(self.activation(self.linear1(x)))

    if self.norm_first:
        x = src + attend(self.norm1(src))
        return x + feed(self.norm2(x))
    x = self.norm1(src + attend(src))
    return self.norm2(x + feed(x))


@computes(nn.TransformerEncoder)
def encoder(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
    for each in self.layers:
        src = each(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask)
    return src if self.norm is None else self.norm(src)


@computes(nn.TransformerDecoderLayer)
def decoder_layer(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None):
    def attend(x):
        return self.self_attn(x, x, x, attn_mask=tgt_mask, key_padding_mask=tgt_key_padding_mask, need_weights=False)[0]

    def read(x):
        given = {"attn_mask": memory_mask, "key_padding_mask": memory_key_padding_mask, "need_weights": False}
        return self.multihead_attn(x, memory, memory, **given)[0]

    def feed(x):
        return self.linear2(self.activation(self.linear1(x)))

    if self.norm_first:
        x = tgt + attend(self.norm1(tgt))
        x = x + read(self.norm2(x))
        return x + feed(self.norm3(x))
    x = self.norm1(tgt + attend(tgt))
    x = self.norm2(x + read(x))
    return self.norm3(x + feed(x))


@computes(nn.TransformerDecoder)
def decoder(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None):
    masks = {"tgt_mask": tgt_mask, "memory_mask": memory_mask}
    masks |= {"tgt_key_padding_mask": tgt_key_padding_mask, "memory_key_padding_mask": memory_key_padding_mask}
    for each in self.layers:
        tgt = each(tgt, memory, **masks)
    return tgt if self.norm is None else self.norm(tgt)


@computes(nn.Transformer)
def transformer(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None):
    memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask)
    padding = {"tgt_key_padding_mask": tgt_key_padding_mask, "memory_key_padding_mask": memory_key_padding_mask}
    return self.decoder(tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask, **padding)


def forward_of(module):
    return TRACED.get(class_of(module)) or class_of(module).forward


def class_of_layer(module):
    """The layer of torch.nn that a module is, or None: its class, or one that adds nothing to what it computes."""
    harmless = {"__init__", "__repr__", "extra_repr", "reset_parameters", "__getstate__"}
    for cls in class_of(module).__mro__:
        if cls in LAYERS or cls in (nn.Sequential, nn.ModuleList, nn.ModuleDict):
            return cls
        if any(callable(value) and name not in harmless for name, value in vars(cls).items()):
            return None
    return None


def tensors_of_layer(module, cls):
    """The names of what a class of LAYERS, or a container, has."""
    if cls in (nn.Sequential, nn.ModuleList, nn.ModuleDict):
        return set()
    if cls in (nn.RNN, nn.GRU, nn.LSTM):
        return set(module._flat_weights_names)
    if cls in (nn.RNNCell, nn.GRUCell, nn.LSTMCell):
        return {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}
    if cls is nn.MultiheadAttention:
        return {"in_proj_weight", "in_proj_bias", "q_proj_weight", "k_proj_weight", "v_proj_weight", "bias_k", "bias_v"}
    running = {"running_mean", "running_var", "num_batches_tracked"}
    if LAYERS[cls] in (batch_norm, instance_norm):
        return {"weight", "bias"} | running
    with_bias = (linear, convolution, conv_transpose, layer_norm, group_norm)
    with_weight = (embedding, prelu, rms_norm)
    return {"weight", "bias"} if LAYERS[cls] in with_bias else {"weight"} if LAYERS[cls] in with_weight else set()


# --- forward, traced --------------------------------------------------------------------------------------------------


class Constant:
    """A tensor that is computed of nothing that is traced."""

    def __init__(self, tensor):
        self.tensor = tensor

    def uniform(self):
        """Its number, where all of its elements are the same, or None."""
        t = self.tensor
        return t.flatten()[0].item() if t.numel() and bool((t == t.flatten()[0]).all()) else None


class Wide:
    """A traced tensor of more axes than pm has: the text of one with the same elements, row by row, and the axes."""

    def __init__(self, text, shape):
        self.text, self.shape = text, list(shape)


class Indices:
    """A part of a traced tensor of indices, which pm takes whole: the tensor, and what is to be done with the rows that an
    embedding makes of it, where they are called @."""

    def __init__(self, name, form):
        self.name, self.form = name, form


# Of a tensor, what its shape and type say.
ASKED = {"size", "dim", "ndimension", "numel", "nelement", "stride", "is_floating_point", "is_complex", "is_contiguous", "get_device"}


class Known(torch.fx.Proxy):
    """A tensor that is traced, or a tuple of such, with what the example makes of it: shapes are numbers."""

    def __getattr__(self, name):
        found = getattr(self.node.meta["example"], name)
        if callable(found) and not isinstance(found, torch.Tensor):
            return super().__getattr__(name)
        if isinstance(found, torch.Tensor):
            return self.tracer.create_proxy("call_function", getattr, (self, name), {})
        return found

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def __len__(self):
        return len(self.node.meta["example"])

    def __setitem__(self, index, value):
        self.tracer.create_proxy("call_function", assigned, (self, index, value), {})


def in_place(name):
    operation = getattr(operator, name)
    return lambda self, other: self.tracer.create_proxy("call_function", operation, (self, other), {})


for word in ("iadd", "isub", "imul", "itruediv", "ipow"):  # torch.fx has no += of its own
    setattr(Known, f"__{word}__", in_place(word))


def assigned(x, index, value):
    x[index] = value
    return x


def versions(node):
    """Of the example's tensors, which count what works in place on their memory."""
    return [leaf._version for leaf in flat(node.meta["example"]) if isinstance(leaf, torch.Tensor)]


class Tracer(torch.fx.Tracer):
    """Computes the example along with the graph, whose nodes have it as meta["example"], and a copy as meta["value"]. Where an
    operation works in place, what reads its tensor afterwards reads its result, meta["now"]; what shares memory with that
    tensor must not be read any more."""

    proxy_buffer_attributes = True

    def __init__(self, tensors):
        super().__init__()
        self.given, self.is_running = iter(tensors), False

    def is_leaf_module(self, module, path):
        return True

    def call_module(self, module, forward, args, kwargs):
        return forward(*args, **kwargs) if self.is_running else super().call_module(module, forward, args, kwargs)

    def getattr(self, name, value, cache):
        return value if self.is_running else super().getattr(name, value, cache)

    def proxy(self, node):
        return Known(node, self)

    @staticmethod
    def newest(node):
        while "now" in node.meta:
            node = node.meta["now"]
        if "changed_by" in node.meta:
            by = node.meta["changed_by"].name
            raise Untranslatable(f"{by} works in place on memory that {node.name} shares, which is read later: let it work on a clone()")
        return node

    @staticmethod
    def is_added_to_a_part(target, args):
        """x[index] += value: a part is changed in place, and then assigned to where it was."""
        if target is not assigned or not isinstance(args[2], torch.fx.Node):
            return False
        x, part = args[0], args[2].args[0] if args[2].args else None
        while "now" in x.meta:
            x = x.meta["now"]
        is_part = isinstance(part, torch.fx.Node) and part.target is operator.getitem and part.args == (x, args[1])
        if is_part and x.meta.get("changed_by") is args[2]:
            del x.meta["changed_by"]
        return is_part

    def note_changes(self, node, before):
        """Of what was computed already."""
        changed = [n for n in before if n is not node and versions(n) != before[n]]
        if not changed:
            return
        leaves = {n: [t for t in flat(n.meta["example"]) if isinstance(t, torch.Tensor)] for n in changed}
        given = [n for n in node.all_input_nodes if n in changed]
        for n in changed:
            result = node.meta["example"]
            if n.op == "get_attr":
                raise Untranslatable(f"{node.name} changes {n.target} in place; a forward of pm changes nothing")
            if n.meta["example"] is result:
                n.meta["now"] = node
            elif any(overlap(a, b) for a in leaves[n] for m in given for b in leaves[m]):
                n.meta["changed_by"] = node

    def create_node(self, kind, target, args, kwargs, name=None, type_expr=None):
        self.is_added_to_a_part(target, args)
        args, kwargs = torch.fx.node.map_arg((args, kwargs), self.newest)
        node = super().create_node(kind, target, args, kwargs, name, type_expr)
        before = {n: versions(n) for n in self.graph.nodes if "example" in n.meta and "now" not in n.meta}
        args, kwargs = torch.fx.node.map_arg((args, kwargs), lambda n: n.meta["example"])
        running, self.is_running = self.is_running, True
        try:
            if kind == "placeholder":
                made = next(self.given).clone()
            elif kind == "get_attr":
                made = attribute(self.root, target).detach().clone()
            elif kind == "call_module":
                made = attribute(self.root, target)(*args, **kwargs)
            elif kind == "call_method":
                made = getattr(args[0], target)(*args[1:], **kwargs)
            else:
                made = target(*args, **kwargs) if kind == "call_function" else None
        finally:
            self.is_running = running
        node.meta["example"], node.meta["value"] = made, copied(made)  # as it is here; what follows may work in place
        self.note_changes(node, before)
        return node

    def create_proxy(self, kind, target, args, kwargs, *more, **named):
        proxy = super().create_proxy(kind, target, args, kwargs, *more, **named)
        made = proxy.node.meta["example"]
        if any(isinstance(leaf, torch.Tensor) for leaf in flat(made)):
            return proxy
        if made is None and target is operator.getitem:
            return None  # the weights that attention is not asked for
        name = target if isinstance(target, str) else target.__name__
        if kind == "call_module" or name not in ASKED:
            raise Untranslatable(f"what it does depends on the numbers of a tensor: {name} gives {type(made).__name__}")
        return made


UNARY = {"tanh", "relu", "sigmoid", "gelu", "silu", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "sin", "cos"}
UNARY |= {"abs", "square", "erf", "sign", "round"}
# By others; x is the argument, a name or a call.
WRITTEN = {"log2": "(pm::log({x}) * 1.4426950408889634)", "log10": "(pm::log({x}) * 0.4342944819032518)"}
WRITTEN |= {"exp2": "pm::exp({x} * 0.6931471805599453)", "logsigmoid": "(-pm::softplus(-{x}))", "log_sigmoid": "(-pm::softplus(-{x}))"}
WRITTEN |= {"tanhshrink": "({x} - pm::tanh({x}))", "softsign": "({x} / (1.0 + pm::abs({x})))", "logit": "(pm::log({x}) - pm::log1p(-{x}))"}
WRITTEN |= {"floor": "pm::where(pm::round({x}) > {x}, pm::round({x}) - 1.0, pm::round({x}))", "trace": "pm::sum(pm::diagonal({x}))"}
WRITTEN |= {"ceil": "pm::where(pm::round({x}) < {x}, pm::round({x}) + 1.0, pm::round({x}))", "fliplr": "pm::flip<1>({x})", "flipud": "pm::flip<0>({x})"}
WRITTEN |= {"selu": "(1.0507009873554805 * pm::nn::elu<1.6732632423543772>::forward({x}))"}
BINARY = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "div": "/"}
COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
TWO = {"matmul", "maximum", "minimum"}
ACTIVATIONS = {"leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "hardtanh": nn.Hardtanh, "relu6": nn.ReLU6, "glu": nn.GLU}
ACTIVATIONS |= {"hardswish": nn.Hardswish, "hardsigmoid": nn.Hardsigmoid, "mish": nn.Mish}
POOLS = {"max_pool1d": nn.MaxPool1d, "max_pool2d": nn.MaxPool2d, "avg_pool1d": nn.AvgPool1d, "avg_pool2d": nn.AvgPool2d}
POOLS |= {"adaptive_avg_pool1d": nn.AdaptiveAvgPool1d, "adaptive_avg_pool2d": nn.AdaptiveAvgPool2d}
POOLS |= {"adaptive_max_pool1d": nn.AdaptiveMaxPool1d, "adaptive_max_pool2d": nn.AdaptiveMaxPool2d}
REDUCTIONS = {"sum": "sum", "mean": "mean", "amax": "max", "amin": "min", "logsumexp": "logsumexp"}
# Tensors of constants, in the shape of a traced one.
FILLED = {"new_zeros", "new_ones", "new_full", "new_tensor", "zeros_like", "ones_like", "full_like"}
# Functions on weights, which pm has as layers.
AS_LAYERS = {"conv1d": "Conv1d", "conv2d": "Conv2d", "conv_transpose1d": "ConvTranspose1d", "conv_transpose2d": "ConvTranspose2d"}
AS_LAYERS |= {"batch_norm": "BatchNorm1d", "embedding": "Embedding"}
SAME = {"contiguous", "clone"}
ALIASES = {"subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "rsub": "rsub", "absolute": "abs"}
ALIASES |= {"iadd": "add", "isub": "sub", "imul": "mul", "itruediv": "truediv", "concat": "cat", "concatenate": "cat"}
ALIASES |= {"negative": "neg", "bmm": "matmul", "mm": "matmul", "mv": "matmul", "greater": "gt", "less": "lt", "sgn": "sign"}
ALIASES |= {"greater_equal": "ge", "less_equal": "le", "swapaxes": "transpose", "view": "reshape", "clip": "clamp"}
ALIASES |= {"hardtanh_": "hardtanh", "true_div": "truediv", "imatmul": "matmul", "view_as": "reshape_as", "ipow": "pow"}
ALIASES |= {"dot": "matmul", "ger": "outer", "swapdims": "transpose", "moveaxis": "movedim", "broadcast_to": "expand"}
ALIASES |= {"logical_and": "and", "bitwise_and": "and", "logical_or": "or", "bitwise_or": "or", "logical_not": "invert", "bitwise_not": "invert"}
ALIASES |= {"not_equal": "ne"}
# What may have more than MOST_AXES axes, and what may be done with a part of a tensor of indices.
AXES_ONLY = {"reshape", "flatten", "unflatten", "reshape_as", "squeeze", "unsqueeze", "transpose", "permute", "movedim", "select"}
AXES_ONLY |= {"unbind", "getitem", "contiguous", "clone"}
OF_INDICES = {"select", "narrow", "unsqueeze", "squeeze", "getitem", "unbind"}


class Translator:
    """Statements of C++ for a forward: `function` of `owner`, called with `args`; its tensors are called `names`."""

    def __init__(self, exporter, owner, path, function, args, kwargs, members):
        self.exporter, self.owner, self.path, self.function = exporter, owner, path, function
        self.members = members  # C++ expressions of the owner's tensors, by their paths
        self.calls, self.lines, self.values, self.parameters = {}, [], {}, []
        self.taken = set(KEYWORDS) | set(members) | {name.split(".")[0] for name in owner._modules}
        self.pending = None
        bound = inspect.signature(function).bind(owner, *args, **kwargs)
        bound.apply_defaults()
        self.arguments, tensors = [], []
        for name, value in list(bound.arguments.items())[1:]:
            if inspect.signature(function).parameters[name].kind is inspect.Parameter.VAR_KEYWORD and value:
                raise Untranslatable("it takes **" + name)
            leaves = flat(value)
            several = isinstance(value, (tuple, list))
            for k, leaf in enumerate(leaves):
                if isinstance(leaf, torch.Tensor):
                    self.parameters.append(self.fresh(f"{name}_{k}" if several else name, "in"))
                    tensors.append(leaf)
            self.arguments.append((name, value))
        self.tensors = tensors

    def fresh(self, name, suffix="y"):
        name = re.sub(r"\W", "_", name).strip("_") or "value"
        if name[0].isdigit() or name.startswith("_"):
            name = "x" + name
        name = re.sub("__+", "_", name)
        made, k = name, 1
        while made in self.taken:
            k += 1
            made = f"{name}_{k}" if k > 2 else f"{name}_{suffix}"
        self.taken.add(made)
        return made

    # Tracing, with the arguments that are no tensors fixed.
    def graph(self):
        function, owner, arguments = self.function, self.owner, self.arguments
        kinds = inspect.signature(function).parameters

        def call(self_, *given):
            given = iter(given)
            positional, named = [], {}
            for name, value in arguments:
                leaves = iter([next(given) if isinstance(leaf, torch.Tensor) else leaf for leaf in flat(value)])
                value = as_built(value, leaves)
                if kinds[name].kind is inspect.Parameter.VAR_POSITIONAL:
                    positional += value
                elif kinds[name].kind is inspect.Parameter.KEYWORD_ONLY:
                    named[name] = value
                elif kinds[name].kind is not inspect.Parameter.VAR_KEYWORD:
                    positional.append(value)
            return function(self_, *positional, **named)

        scope = {"call": call}
        names = ", ".join(self.parameters)
        exec(f"def forward(self, {names}): return call(self, {names})", scope)
        cls, before = type(owner), set(vars(owner))
        owner.__class__ = type(cls.__name__, (cls,), {"forward": scope["forward"], "__module__": cls.__module__})
        try:
            return Tracer(self.tensors).trace(owner)
        except Untranslatable:
            raise
        except Exception as e:  # whatever a forward does when it is traced
            raise Untranslatable(f"torch.fx cannot trace it: {type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}") from e
        finally:
            owner.__class__ = cls
            for name in set(vars(owner)) - before:  # constants that the tracer keeps
                delattr(owner, name)

    def run(self):
        """Translates; returns what is to be returned, nested as in PyTorch."""
        graph, names = self.graph(), iter(self.parameters)
        concrete = {node: node.meta["value"] for node in graph.nodes}
        for node in graph.nodes:
            if node.op == "call_module":
                node.target = self.exporter.within(self.path, node.target)
            if node.op == "placeholder":
                self.values[node] = next(names)
            elif node.op == "output":
                result = self.result(node.args[0])
                self.leave_out_unused(flat(result))
                return result
            elif node.op == "get_attr":
                self.values[node] = self.tensor_named(node.target, concrete[node])
            else:
                if node.op == "call_module" and node.target not in self.calls:
                    self.calls[node.target] = torch.fx.node.map_arg((node.args, node.kwargs), lambda n: concrete[n])
                self.values[node] = self.translated(node, concrete)
        raise Untranslatable("it returns nothing")

    def leave_out_unused(self, results):
        """What is computed and not read, a compiler warns of."""
        kept, below = [], "\n".join(results)
        for line in reversed(self.lines):
            made = re.match(r"auto const (\w+|\[[\w, ]*\]) = ", line)
            if not made or any(re.search(rf"\b{name}\b", below) for name in re.findall(r"\w+", made[1])):
                kept.append(line)
                below += "\n" + line
        unused = [f"(void){name};" for name in self.parameters if not re.search(rf"\b{name}\b", below)]
        self.lines = unused + kept[::-1]

    def result(self, value):
        if isinstance(value, dict):
            raise Untranslatable("it returns a dict; a forward of pm returns a tensor or a std::tuple")
        if isinstance(value, (tuple, list)):
            return tuple(self.result(v) for v in value)
        made = self.value(value)
        return self.result(made) if isinstance(made, tuple) else self.text(made)

    def value(self, argument):
        """What stands for an argument of a node."""
        if isinstance(argument, torch.fx.Node):
            return self.values[argument]
        if isinstance(argument, (tuple, list)):
            return tuple(self.value(a) for a in argument)
        return argument

    def text(self, value):
        """A value as an operand."""
        if isinstance(value, str):
            return value
        if isinstance(value, Constant):
            if value.uniform() is not None and value.tensor.is_floating_point():
                return number(value.uniform())
            raise Untranslatable("it computes with a tensor of constants: register it as a buffer")
        if isinstance(value, Wide):
            raise Untranslatable(f"it computes with {len(value.shape)} axes; tensors of pm have {MOST_AXES} at most")
        if isinstance(value, Indices):
            raise Untranslatable("a part of a tensor of indices is no argument in pm: make it an input")
        return number(value)

    def argument(self, value):
        """A value as an argument of a function."""
        return bare(self.text(value))

    def operand(self, value):
        """A value as an argument that must be a tensor, also where all of its numbers are the same."""
        if not isinstance(value, Constant) or value.uniform() is None or not value.tensor.is_floating_point():
            return self.argument(value)
        given = next(((n, t) for n, t in zip(self.parameters, self.tensors) if t.is_floating_point()), None)
        if given is None:
            raise Untranslatable("it makes a tensor of constants, and none of its inputs is of numbers: register it as a buffer")
        one = f"{given[0]}"
        for _ in given[1].shape:
            one = f"pm::select<0, 0>({one})"
        x = number(value.uniform())
        return f"pm::broadcast_to<{shape_of(value.tensor.shape)}>(pm::where({one}, {x}, {x}))"

    def tensor_named(self, target, tensor):
        if target in self.members:
            return self.members[target]
        holder, _, name = target.rpartition(".")
        is_attribute = name in vars(attribute(self.owner, holder) if holder else self.owner)  # no parameter, no buffer
        if target.startswith("_tensor_constant") or is_attribute:
            return Constant(tensor)
        raise Untranslatable(f"it reads {target}, which is no tensor of a member")

    def translated(self, node, concrete):
        result = concrete[node]
        if node.op == "call_module" and node.target.split(".")[-2:-1] == ["parametrizations"] and not node.args:
            path = node.target.split(".")
            return self.members[".".join(path[:-2] + path[-1:])]
        if not any(isinstance(leaf, torch.Tensor) for leaf in flat(result)):
            return result  # a number, a shape
        if not node.all_input_nodes or not any(self.is_traced(n) for n in node.all_input_nodes):
            if isinstance(result, torch.Tensor) and node.op != "call_module":
                return Constant(result)
        if node.op == "call_module":
            return self.module_call(node, concrete)
        expression = self.operation(node, concrete)
        if expression is None or isinstance(expression, (tuple, Constant, Wide, Indices)):
            return expression
        constants = [concrete[n] for n in node.all_input_nodes if isinstance(self.values[n], Constant)]
        if constants and any(math.prod(t.shape) > 1 for t in constants) and self.is_elementwise(node):  # its shape counts
            traced = [concrete[n].shape for n in node.all_input_nodes if self.is_traced(n)]
            if torch.broadcast_shapes(*traced) != result.shape:
                expression = f"pm::broadcast_to<{shape_of(result.shape)}>({bare(expression)})"
        return self.named(node, expression)

    @staticmethod
    def is_elementwise(node):
        name = node.target if isinstance(node.target, str) else node.target.__name__
        name = name.strip("_")
        return ALIASES.get(name, name) in {*BINARY, *COMPARISONS, "maximum", "minimum", "eq", "where", "masked_fill", "rsub"}

    def is_traced(self, node):
        return any(isinstance(leaf, (str, Wide, Indices)) for leaf in flat(self.values[node]))

    def named(self, node, expression):
        """The expression, or a name for it where it is long or used more than once."""
        users = list(node.users)
        following = node.next
        inlined = users == [following] and flat(following.args).count(node) == 1 and len(expression) < 60
        if re.fullmatch(r"[\w.]+", expression) or (inlined and following.op != "call_module"):
            return expression
        if inlined and re.fullmatch(r"[\w.:<>, ]+\([\w., ]*\)", expression):
            return expression
        name = self.fresh(node.name)
        self.lines.append(f"auto const {name} = {bare(expression)};")
        return name

    def with_name(self, node, expression):
        """What is read several times."""
        if re.fullmatch(r"[\w.]+", self.text(expression)):
            return self.text(expression)
        name = self.fresh(node.name)
        self.lines.append(f"auto const {name} = {self.argument(expression)};")
        return name

    # Calls of members.
    def module_call(self, node, concrete):
        child = attribute(self.owner, node.target)
        callee, cls, result = self.exporter.expression(node.target), class_of_layer(child), concrete[node]
        args = [self.value(a) for a in node.args]
        named = {k: self.value(v) for k, v in node.kwargs.items()}
        if len(args) == 1 and (LAYERS.get(cls) in (identity, dropout) or (cls is nn.Sequential and not len(child))):
            return args[0]
        if cls is nn.MultiheadAttention:
            return self.attention_call(node, child, callee, concrete, args, named)
        if cls in (nn.RNN, nn.GRU, nn.LSTM, nn.RNNCell, nn.GRUCell, nn.LSTMCell):
            states = flat(list(args[1:]) + list(named.values()))
            zero = all(s is None or (isinstance(s, Constant) and s.uniform() == 0) for s in states)
            operands = [args[0]] + ([] if zero else states)
        elif cls is nn.Embedding and isinstance(args[0], Constant):
            return self.constant_rows(node, child, args[0].tensor)
        elif cls is nn.Embedding and isinstance(args[0], Indices):
            return self.named(node, args[0].form.replace("@", f"{callee}({args[0].name})"))
        elif cls is not None and (len(args) != 1 or named):
            raise Untranslatable(f"{node.target} is called with more than its input")
        else:
            try:
                bound = inspect.signature(forward_of(child)).bind(child, *node.args, **node.kwargs)
            except TypeError as e:
                raise Untranslatable(f"the call of {node.target}: {e}") from e
            values = [self.value(v) for v in list(bound.arguments.values())[1:]]
            operands = [v for v in flat(values) if isinstance(v, (str, Constant, Wide, Indices))]
        call = f"{callee}({', '.join(self.operand(v) for v in operands)})"
        return self.results_of(node, call, result)

    def results_of(self, node, call, result):
        if isinstance(result, torch.Tensor):
            return self.named(node, call)
        tensors = flat(result)
        if any(not isinstance(t, torch.Tensor) for t in tensors):
            raise Untranslatable(f"{node.target} gives other things than tensors")
        words = ["h", "c"] if LAYERS.get(class_of_layer(attribute(self.owner, node.target))) is recurrent_cell else ["y", "h", "c"]
        names = [self.fresh(f"{node.name}_{words[k] if len(tensors) <= len(words) else k}") for k in range(len(tensors))]
        if len(names) == 1:
            self.lines.append(f"auto const {names[0]} = {call};")
        else:
            self.lines.append(f"auto const [{', '.join(names)}] = {call};")
        return as_built(result, iter(names))

    def attention_call(self, node, child, callee, concrete, args, named):
        signature = inspect.signature(nn.MultiheadAttention.forward).bind(child, *args, **named).arguments
        sequences = [signature["query"], signature["key"], signature["value"]]
        if sequences[0] == sequences[1] == sequences[2]:
            sequences = sequences[:1]  # of a sequence to itself
        if signature.get("key_padding_mask") is not None or signature.get("is_causal"):
            raise Untranslatable(f"{node.target} is called with key_padding_mask or is_causal; add a mask of numbers as attn_mask")
        for user in node.users:
            if user.target is not operator.getitem or (user.args[1] != 0 and user.users):
                raise Untranslatable(f"the weights that {node.target} gives beside its result are read; pm::nn::multihead_attention gives the result alone")
        x = next(a for a in list(node.args) + list(node.kwargs.values()) if isinstance(a, torch.fx.Node))
        swaps = concrete[x].dim() == 3 and not child.batch_first
        operands = [f"pm::permute<1, 0, 2>({each})" if swaps else each for each in sequences]
        mask = signature.get("attn_mask")
        if mask is not None:
            value = next((a for a in [*node.args, *node.kwargs.values()] if self.value(a) is mask or self.value(a) == mask), None)
            tensor = mask.tensor if isinstance(mask, Constant) else concrete[value]
            if not isinstance(mask, str) or not tensor.is_floating_point() or tensor.dim() != 2:
                raise Untranslatable(f"the attn_mask of {node.target} must be a buffer of numbers, [L, S]")
            operands.append(mask)
        call = f"{callee}({', '.join(operands)})"
        name = self.fresh(node.name)
        self.lines.append(f"auto const {name} = {f'pm::permute<1, 0, 2>({call})' if swaps else call};")
        return name, Constant(concrete[node][1]) if concrete[node][1] is not None else None

    def constant_rows(self, node, child, indices):
        """An embedding of 0, 1, ..., such as that of positions."""
        count = indices.numel()
        if indices.dim() > 2 or (indices.dim() == 2 and indices.shape[0] != 1) or indices.flatten().tolist() != list(range(count)):
            raise Untranslatable(f"{node.target} is given constants; only 0, 1, ..., as torch.arange gives, are translated")
        rows = self.exporter.expression(node.target + ".weight")
        if count < child.num_embeddings:
            rows = f"pm::slice<0, 0, {count}>({rows})"
        return self.named(node, rows)

    # Operations.
    def operation(self, node, concrete):
        name = node.target if isinstance(node.target, str) else node.target.__name__
        name = name.strip("_").removeprefix("linalg_")
        name = ALIASES.get(name, name)
        args = [self.value(a) for a in node.args]
        kwargs = {k: self.value(v) for k, v in node.kwargs.items()}
        first = node.args[0] if node.args else None
        x = concrete[first] if isinstance(first, torch.fx.Node) else None
        result = concrete[node]
        shape_only = name in AXES_ONLY and isinstance(x, torch.Tensor)
        if isinstance(result, torch.Tensor) and result.dim() > MOST_AXES and not shape_only:
            raise Untranslatable(f"{node.name} has {result.dim()} axes; tensors of pm have {MOST_AXES} at most")
        if name in OF_INDICES and isinstance(x, torch.Tensor) and x.dtype in (torch.int64, torch.int32) and self.is_traced(first):
            return self.part_of_indices(name, node, x, args, kwargs, result)
        for argument in node.all_input_nodes:
            t = concrete[argument]
            if isinstance(t, torch.Tensor) and t.dtype not in (self.exporter.dtype, torch.bool) and self.is_traced(argument):
                raise Untranslatable(f"{name} of {str(t.dtype)[6:]}; operations of pm are on {str(self.exporter.dtype)[6:]}")
        if shape_only and (x.dim() > MOST_AXES or any(t.dim() > MOST_AXES for t in flat(result))):
            return self.with_many_axes(name, node, x, args, kwargs, result)
        method = getattr(self, "of_" + name, None)
        if method is not None:
            return method(node, x, args, kwargs, result)
        if name in FILLED and isinstance(result, torch.Tensor):
            return Constant(result)
        if name in AS_LAYERS:
            raise Untranslatable(f"{name} is called with tensors: make it a member, nn.{AS_LAYERS[name]}, which is called")
        if name in TWO:
            return f"pm::{name}({self.operand(args[0])}, {self.operand(args[1])})"
        if name in ACTIVATIONS:
            return self.activated(ACTIVATIONS[name], args, kwargs)
        if name in POOLS:
            return self.pooled(POOLS[name], args, kwargs)
        if name in REDUCTIONS:
            return self.reduced(REDUCTIONS[name], x, args, kwargs)
        if name in ("softmax", "log_softmax"):
            return self.softmax(name, args, kwargs)
        if name in ("triu", "tril"):
            return self.triangle(name, args, kwargs)
        if name in ("max", "min"):
            return self.extremum(name, node, args, kwargs)
        if name in SAME:
            return self.text(args[0])
        if name in UNARY:
            if name == "gelu" and kwargs.get("approximate") == "tanh":
                return f"pm::nn::gelu_tanh::forward({self.argument(args[0])})"
            if kwargs.get("approximate", "none") != "none" or len(args) > (2 if name == "relu" else 1) or not set(kwargs) <= {"approximate", "inplace"}:
                raise Untranslatable(f"{name} with {node.args[1:]} {node.kwargs}")
            return f"pm::{name}({self.argument(args[0])})"
        if name in WRITTEN:
            if len(args) > 1 or not set(kwargs) <= {"inplace"}:
                raise Untranslatable(f"{name} with {node.args[1:]} {node.kwargs}")
            return WRITTEN[name].format(x=self.with_name(node.args[0], args[0]))
        if name in BINARY:
            if kwargs.get("rounding_mode") is not None:
                raise Untranslatable(f"{name} with rounding_mode")
            b = self.text(args[1] if len(args) > 1 else kwargs["other"])
            alpha = kwargs.get("alpha", 1)
            b = b if alpha == 1 else f"{b} * {number(float(alpha))}"
            return f"({self.text(args[0])} {BINARY[name]} {b})"
        if name in COMPARISONS:
            return f"({self.text(args[0])} {COMPARISONS[name]} {self.text(args[1])})"
        raise Untranslatable(f"{name} has no translation")

    def part_of_indices(self, name, node, x, args, kwargs, result):
        source = args[0] if isinstance(args[0], Indices) else Indices(self.text(args[0]), "@")
        made = getattr(self, "of_" + name)(node, x, [source.form, *args[1:]], kwargs, result)
        return tuple(Indices(source.name, form) for form in made) if isinstance(made, tuple) else Indices(source.name, made)

    # More axes than pm has: elements are the same row by row, so that axes side by side count as one.
    def with_many_axes(self, name, node, x, args, kwargs, result):
        text, shape = (args[0].text if isinstance(args[0], Wide) else self.text(args[0])), list(x.shape)
        if name == "unbind":
            axis = self.axes(kwargs.get("dim", args[1] if len(args) > 1 else 0), x.dim())[0]
            if not re.fullmatch(r"\w+", text):
                whole, text = text, self.fresh(node.args[0].name)
                self.lines.append(f"auto const {text} = {bare(whole)};")
            return tuple(self.of_shape(self.selected(text, shape, axis, k), t.shape) for k, t in enumerate(result))
        if name == "select":
            axis = self.axes(args[1], x.dim())[0]
            text = self.selected(text, shape, axis, args[2] % shape[axis])
        elif name == "getitem":
            axis = 0
            for i in self.each_index(x, args[1]):
                if isinstance(i, int):
                    text = self.selected(text, shape, axis, i % shape[axis])
                    shape.pop(axis)
                elif i is None:
                    shape.insert(axis, 1)
                    axis += 1
                else:
                    begin, end, step = i.indices(shape[axis])
                    if (begin, end, step) != (0, shape[axis], 1):
                        middle = shape_of([math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])])
                        text = f"pm::slice<1, {begin}, {end}, {step}>(pm::reshape<{middle}>({text}))"
                        shape[axis] = len(range(begin, end, step))
                    axis += 1
        elif name in ("permute", "transpose", "movedim"):
            text = self.moved(text, shape, self.order_of(name, x, args, kwargs))
        made = self.of_shape(text, result.shape)
        if len(node.users) > 1 and isinstance(made, Wide) and not re.fullmatch(r"\w+", made.text):
            short = self.fresh(node.name)
            self.lines.append(f"auto const {short} = {bare(made.text)};")
            made.text = short
        return made

    @staticmethod
    def of_shape(text, shape):
        return Wide(text, shape) if len(shape) > MOST_AXES else f"pm::reshape<{shape_of(shape)}>({bare(text)})"

    @staticmethod
    def selected(text, shape, axis, k):
        middle = shape_of([math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])])
        return f"pm::select<1, {k}>(pm::reshape<{middle}>({bare(text)}))"

    @staticmethod
    def moved(text, shape, order):
        """The axes in another order, by exchanging runs of axes that are side by side."""
        now = list(range(len(shape)))
        for i in range(len(order)):
            j, run = now.index(order[i]), 1
            if j == i:
                continue
            while i + run < len(order) and j + run < len(now) and order[i + run] == now[j + run]:
                run += 1
            parts = [now[:i], now[i:j], now[j : j + run], now[j + run :]]
            extents = [math.prod(shape[a] for a in part) for part in parts]
            text = f"pm::permute<0, 2, 1, 3>(pm::reshape<{shape_of(extents)}>({bare(text)}))"
            now = parts[0] + parts[2] + parts[1] + parts[3]
        return text

    def order_of(self, name, x, args, kwargs):
        """Of a permutation: the axes that come first, second, ..."""
        order = list(range(x.dim()))
        if name == "permute":
            return self.axes(tuple(flat(kwargs.get("dims", args[1:]))), x.dim())
        a, b = (kwargs.get(word, args[k] if len(args) > k else None) for k, word in ((1, "dim0"), (2, "dim1")))
        if name == "transpose":
            a, b = a % x.dim(), b % x.dim()
            order[a], order[b] = order[b], order[a]
            return order
        a, b = (self.axes(kwargs.get(word, args[k] if len(args) > k else None), x.dim()) for k, word in ((1, "source"), (2, "destination")))
        left = iter([axis for axis in order if axis not in a])
        return [a[b.index(k)] if k in b else next(left) for k in order]

    def of_movedim(self, node, x, args, kwargs, result):
        return self.permuted(self.text(args[0]), self.order_of("movedim", x, args, kwargs))

    # Sums of products, as torch.einsum writes them: two operands after the other, each pair as one product of matrices.
    def of_einsum(self, node, x, args, kwargs, result):
        equation, operands = args[0], list(args[1:])
        nodes = list(node.args[1:])
        if len(operands) == 1 and isinstance(operands[0], tuple):
            operands, nodes = list(operands[0]), list(nodes[0])
        if not isinstance(equation, str):
            raise Untranslatable("einsum without an equation")
        shapes = [n.meta["example"].shape for n in nodes]
        given, _, wanted = equation.replace(" ", "").partition("->")
        terms, dots, sizes = [], "", {}
        for term, shape in zip(given.split(","), shapes):
            more = len(shape) - len(term.replace("...", ""))
            if "..." in term:  # the axes that are not named, which no letter of the alphabet can be
                own = "".join(chr(0x3B1 + k) for k in range(more))[::-1]
                dots = max(dots, own, key=len)
                term = term.replace("...", own)
            if len(set(term)) < len(term):
                raise Untranslatable(f"einsum {equation!r} reads a diagonal: write torch.diagonal before it")
            for letter, n in zip(term, shape):
                if sizes.setdefault(letter, n) != n:
                    raise Untranslatable(f"einsum {equation!r} broadcasts an axis of 1: write expand before it")
            terms.append(term)
        letters = [c for c in "".join(terms) if c not in dots]
        wanted = wanted.replace("...", dots) if "->" in equation else dots + "".join(sorted(c for c in letters if letters.count(c) == 1))
        value = (self.operand(operands[0]), terms[0], True)
        for k in range(1, len(terms)):
            needed = set(wanted).union(*terms[k + 1 :])
            value = self.contracted(value, (self.operand(operands[k]), terms[k], True), needed, sizes)
        value = self.summed(value, [c for c in value[1] if c not in wanted], sizes)
        return self.arranged(value, wanted, sizes)[0]

    @staticmethod
    def exact(value, sizes):
        """As a tensor that has the axes that its letters name."""
        text, letters, is_exact = value
        if not is_exact and len(letters) > MOST_AXES:
            raise Untranslatable(f"einsum has a product of {len(letters)} axes on the way; tensors of pm have {MOST_AXES} at most")
        return value if is_exact else (f"pm::reshape<{shape_of([sizes[c] for c in letters])}>({bare(text)})", letters, True)

    def summed(self, value, over, sizes):
        if not over:
            return value
        text, letters, _ = self.exact(value, sizes)
        axes = ", ".join(str(letters.index(c)) for c in over)
        return f"pm::sum<{axes}>({bare(text)})", "".join(c for c in letters if c not in over), True

    def arranged(self, value, order, sizes):
        text, letters, is_exact = value
        if letters == order:
            return self.exact(value, sizes) if len(letters) <= MOST_AXES else value
        axes = [letters.index(c) for c in order]
        if len(letters) > MOST_AXES:
            return self.moved(text, [sizes[c] for c in letters], axes), order, False
        return self.permuted(self.exact(value, sizes)[0], axes), order, True

    def contracted(self, a, b, needed, sizes):
        """The product of two, summed over the letters that nothing else needs."""
        a = self.summed(a, [c for c in a[1] if c not in b[1] and c not in needed], sizes)
        b = self.summed(b, [c for c in b[1] if c not in a[1] and c not in needed], sizes)
        both = "".join(c for c in a[1] if c in b[1] and c in needed)
        inner = "".join(c for c in a[1] if c in b[1] and c not in needed)
        left, right = ("".join(c for c in x[1] if c not in y[1]) for x, y in ((a, b), (b, a)))
        if not (inner or left or right):
            a = self.exact(a, sizes)
            return f"({a[0]} * {self.arranged(b, a[1], sizes)[0]})", a[1], True
        extents = [math.prod(sizes[c] for c in part) for part in (both, left, inner, right)]
        as_is = len(both) <= MOST_AXES - 2 and len(left) == len(inner) == len(right) == 1
        a, b = self.arranged(a, both + left + inner, sizes)[0], self.arranged(b, both + inner + right, sizes)[0]
        if not as_is:
            batch = [extents[0]] if both else []
            a = f"pm::reshape<{shape_of([*batch, *extents[1:3]])}>({bare(a)})"
            b = f"pm::reshape<{shape_of([*batch, *extents[2:]])}>({bare(b)})"
        return f"pm::matmul({bare(a)}, {bare(b)})", both + left + right, as_is

    def of_outer(self, node, x, args, kwargs, result):
        return f"pm::outer({self.operand(args[0])}, {self.operand(args[1])})"

    def of_baddbmm(self, node, x, args, kwargs, result):
        return self.of_addmm(node, x, args, kwargs, result)

    def of_lerp(self, node, x, args, kwargs, result):
        a, b = self.with_name(node.args[0], args[0]), self.text(args[1])
        return f"({a} + {self.text(args[2] if len(args) > 2 else kwargs['weight'])} * ({b} - {a}))"

    def of_addcmul(self, node, x, args, kwargs, result):
        factor = kwargs.get("value", 1)
        product = f"{self.text(args[1])} * {self.text(args[2])}"
        return f"({self.text(args[0])} + {product if factor == 1 else f'{number(float(factor))} * {product}'})"

    def of_roll(self, node, x, args, kwargs, result):
        shifts, dims = (kwargs.get(word, args[k] if len(args) > k else None) for k, word in ((1, "shifts"), (2, "dims")))
        if dims in (None, ()):
            raise Untranslatable("roll without dims")
        made = self.argument(args[0])
        for shift, axis in zip(flat(shifts), self.axes(tuple(flat(dims)), x.dim())):
            n = x.shape[axis]
            if shift % n:
                whole = self.fresh(node.name)
                self.lines.append(f"auto const {whole} = {made};")
                parts = [f"pm::slice<{axis}, {begin}, {end}>({whole})" for begin, end in ((n - shift % n, n), (0, n - shift % n))]
                made = f"pm::concatenate<{axis}>({', '.join(parts)})"
        return made

    def of_prod(self, node, x, args, kwargs, result):
        return self.reduced("prod", x, args, kwargs)

    def of_pairwise_distance(self, node, x, args, kwargs, result):
        given = inspect.signature(lambda x1, x2, p=2.0, eps=1e-6, keepdim=False: 0).bind(*args, **kwargs)
        given.apply_defaults()
        a, b, order, eps, keep = given.arguments.values()
        if order not in (1, 2, math.inf):
            raise Untranslatable(f"pairwise_distance with p={order}")
        norm = template("pm::norm", {1: "1", math.inf: "pm::infinity"}.get(order, "2"), "-1")
        made = f"{norm}({self.text(a)} - {self.text(b)} + {number(eps)})"
        return self.kept(made, [result.dim() - 1]) if keep else made

    def of_cosine_similarity(self, node, x, args, kwargs, result):
        given = inspect.signature(lambda x1, x2, dim=1, eps=1e-8: 0).bind(*args, **kwargs)
        given.apply_defaults()
        a, b, dim, eps = given.arguments.values()
        nodes = [*node.args, *node.kwargs.values()]
        a, b = self.with_name(nodes[0], a), self.with_name(nodes[1], b)
        axis = self.axes(dim, max(nodes[0].meta["example"].dim(), nodes[1].meta["example"].dim()))[0]
        if nodes[0].meta["example"].dim() != nodes[1].meta["example"].dim():
            raise Untranslatable("cosine_similarity of tensors of different ranks")
        lengths = [f"pm::maximum(pm::norm<2, {axis}>({t}), {number(eps)})" for t in (a, b)]
        return f"(pm::sum<{axis}>({a} * {b}) / ({' * '.join(lengths)}))"

    # Copies of elements.
    def of_repeat(self, node, x, args, kwargs, result):
        counts = list(flat(kwargs.get("repeats", kwargs.get("dims", args[1:]))))
        made, shape = self.argument(args[0]), [1] * (len(counts) - x.dim()) + list(x.shape)
        counts = [1] * (len(shape) - len(counts)) + counts
        if all(n == 1 or count == 1 for n, count in zip(shape, counts)):  # the leading axes come of themselves
            return f"pm::broadcast_to<{shape_of(result.shape)}>({made})"
        for axis in reversed(range(len(shape))):
            if counts[axis] > 1:
                made = self.copies(made, shape[:axis], shape[axis:], counts[axis])
                shape[axis] *= counts[axis]
        return f"pm::reshape<{shape_of(result.shape)}>({made})"

    of_tile = of_repeat

    @staticmethod
    def copies(text, before, behind, count):
        """A run of axes `count` times, one copy behind the other."""
        a, b = math.prod(before), math.prod(behind)
        return f"pm::broadcast_to<{shape_of([a, count, b])}>(pm::reshape<{shape_of([a, 1, b])}>({text}))"

    def of_repeat_interleave(self, node, x, args, kwargs, result):
        count, dim = (kwargs.get(word, args[k] if len(args) > k else None) for k, word in ((1, "repeats"), (2, "dim")))
        if not isinstance(count, int):
            raise Untranslatable("repeat_interleave with a tensor of numbers of copies")
        axis = self.axes(dim, x.dim())[0] if dim is not None else x.dim() - 1
        made = self.copies(self.argument(args[0]), x.shape[: axis + 1], x.shape[axis + 1 :], count)
        return f"pm::reshape<{shape_of(result.shape)}>({made})"

    def of_interpolate(self, node, x, args, kwargs, result):
        given = inspect.signature(F.interpolate).bind(*args, **kwargs)
        given.apply_defaults()
        mode = given.arguments["mode"]
        if mode not in ("nearest", "nearest-exact") or x.dim() not in (3, 4):
            raise Untranslatable(f"interpolate with mode={mode!r} of {x.dim()} axes; nearest of 3 or 4 axes is translated")
        factors = [after / before for before, after in zip(x.shape[2:], result.shape[2:])]
        if any(f != int(f) for f in factors):
            raise Untranslatable(f"interpolate of {list(x.shape[2:])} to {list(result.shape[2:])}; whole factors are translated")
        height, width = ([1, *x.shape[2:]] if x.dim() == 3 else x.shape[2:])
        up, wide = [1, *map(int, factors)][-2:]
        lines = x.shape[0] * x.shape[1] * height
        read = f"pm::reshape<{shape_of([lines, 1, width, 1])}>({self.argument(args[0])})"
        return f"pm::reshape<{shape_of(result.shape)}>(pm::broadcast_to<{shape_of([lines, up, width, wide])}>({read}))"

    of_upsample = of_upsample_nearest = of_interpolate

    def of_pixel_shuffle(self, node, x, args, kwargs, result):
        r = kwargs.get("upscale_factor", args[1] if len(args) > 1 else None)
        *batch, channels, height, width = x.shape
        shape = [math.prod(batch), channels // r**2, r, r, height, width]
        return f"pm::reshape<{shape_of(result.shape)}>({self.moved(self.argument(args[0]), shape, [0, 1, 4, 2, 5, 3])})"

    def of_pixel_unshuffle(self, node, x, args, kwargs, result):
        r = kwargs.get("downscale_factor", args[1] if len(args) > 1 else None)
        *batch, channels, height, width = x.shape
        shape = [math.prod(batch), channels, height // r, r, width // r, r]
        return f"pm::reshape<{shape_of(result.shape)}>({self.moved(self.argument(args[0]), shape, [0, 1, 3, 5, 2, 4])})"

    # Activations that are written by others.
    def of_celu(self, node, x, args, kwargs, result):
        alpha = kwargs.get("alpha", args[1] if len(args) > 1 else 1.0)
        return f"({number(alpha)} * pm::nn::elu<>::forward({self.text(args[0])} / {number(alpha)}))"

    def option(self, k, word, default, args, kwargs):
        """A number that an operation is given at a place or by a name."""
        return number(kwargs.get(word, args[k] if len(args) > k else default))

    def of_softshrink(self, node, x, args, kwargs, result):
        whole, least = self.with_name(node.args[0], args[0]), self.option(1, "lambd", 0.5, args, kwargs)
        return f"({whole} - pm::clamp({whole}, -{least}, {least}))"

    def of_hardshrink(self, node, x, args, kwargs, result):
        whole = self.with_name(node.args[0], args[0])
        return f"pm::where(pm::abs({whole}) <= {self.option(1, 'lambd', 0.5, args, kwargs)}, 0.0, {whole})"

    def of_threshold(self, node, x, args, kwargs, result):
        whole, least, value = self.with_name(node.args[0], args[0]), *(self.option(k, w, 0.0, args, kwargs) for k, w in ((1, "threshold"), (2, "value")))
        return f"pm::where({whole} <= {least}, {value}, {whole})"

    def of_softplus(self, node, x, args, kwargs, result):
        beta = kwargs.pop("beta", args.pop(1) if len(args) > 1 else 1)
        if beta == 1:
            return self.activated(nn.Softplus, [args[0], 1, *args[1:]], kwargs)
        if kwargs.get("threshold", args[1] if len(args) > 1 else 20) < 20:
            raise Untranslatable("softplus with a threshold below 20; pm::softplus is exact everywhere")
        return f"(pm::softplus({self.text(args[0])} * {number(float(beta))}) / {number(float(beta))})"

    # Conditions are 0 and 1 in pm.
    def of_and(self, node, x, args, kwargs, result):
        if result.dtype != torch.bool:
            raise Untranslatable("bits of integers")
        return f"({self.text(args[0])} * {self.text(args[1])})"

    def of_or(self, node, x, args, kwargs, result):
        if result.dtype != torch.bool:
            raise Untranslatable("bits of integers")
        return f"pm::maximum({self.argument(args[0])}, {self.argument(args[1])})"

    def of_invert(self, node, x, args, kwargs, result):
        if x.dtype != torch.bool:
            raise Untranslatable("bits of integers")
        return f"(1.0 - {self.text(args[0])})"

    def of_ne(self, node, x, args, kwargs, result):
        return f"(1.0 - {self.of_eq(node, x, args, kwargs, result)})"

    # Others of PyTorch's names.
    def of_clamp_min(self, node, x, args, kwargs, result):
        return f"pm::maximum({self.argument(args[0])}, {self.argument(args[1] if len(args) > 1 else kwargs['min'])})"

    def of_clamp_max(self, node, x, args, kwargs, result):
        return f"pm::minimum({self.argument(args[0])}, {self.argument(args[1] if len(args) > 1 else kwargs['max'])})"

    def of_var_mean(self, node, x, args, kwargs, result):
        dim = kwargs.get("dim", args[1] if len(args) > 1 and not isinstance(args[1], bool) else None)
        keep = list(result[1].shape) != [n for k, n in enumerate(x.shape) if k not in (self.axes(dim, x.dim()) if dim is not None else range(x.dim()))]
        return self.of_var(node, x, args, kwargs, result), self.reduced("mean", x, args[:1], {"dim": dim, "keepdim": keep})

    def of_std_mean(self, node, x, args, kwargs, result):
        spread, mean = self.of_var_mean(node, x, args, kwargs, result)
        return f"pm::sqrt({bare(spread)})", mean

    def of_diff(self, node, x, args, kwargs, result):
        if len(args) > 1 and args[1] != 1 or not set(kwargs) <= {"dim"}:
            raise Untranslatable("diff with more than its axis")
        axis, whole = self.axes(kwargs.get("dim", args[2] if len(args) > 2 else -1), x.dim())[0], self.with_name(node.args[0], args[0])
        return f"(pm::slice<{axis}, 1, {x.shape[axis]}>({whole}) - pm::slice<{axis}, 0, {x.shape[axis] - 1}>({whole}))"

    def of_index_select(self, node, x, args, kwargs, result):
        axis = self.axes(kwargs.get("dim", args[1] if len(args) > 1 else None), x.dim())[0]
        return self.picked(node, args[0], axis, kwargs.get("index", args[2] if len(args) > 2 else None), x.shape[axis])

    def picked(self, node, value, axis, indices, n):
        """Some of an axis, by numbers that are known."""
        indices = indices.tensor.tolist() if isinstance(indices, Constant) and indices.tensor.dim() == 1 else indices
        if not isinstance(indices, (list, tuple)) or not indices or any(type(i) is not int for i in indices):
            raise Untranslatable("an index that is no number, slice or None, nor a list of numbers that are known")
        whole = self.with_name(node.args[0], value)
        parts = [f"pm::slice<{axis}, {i % n}, {i % n + 1}>({whole})" for i in indices]
        return parts[0] if len(parts) == 1 else f"pm::concatenate<{axis}>({', '.join(parts)})"

    def of_tensordot(self, node, x, args, kwargs, result):
        dims = kwargs.get("dims", args[2] if len(args) > 2 else 2)
        a, b = (n.meta["example"].dim() for n in node.args[:2])
        dims = ([*range(a - dims, a)], [*range(dims)]) if isinstance(dims, int) else [self.axes(tuple(flat(d)), n) for d, n in zip(dims, (a, b))]
        left, right = [chr(97 + k) for k in range(a)], [chr(65 + k) for k in range(b)]
        for i, j in zip(*dims):
            right[j] = left[i]
        out = [c for k, c in enumerate(left) if k not in dims[0]] + [c for k, c in enumerate(right) if k not in dims[1]]
        equation = f"{''.join(left)},{''.join(right)}->{''.join(out)}"
        return self.of_einsum(torch.fx.Node(node.graph, "einsum", "call_function", torch.einsum, (equation, *node.args[:2]), {}), x, [equation, *args[:2]], {}, result)

    def of_inner(self, node, x, args, kwargs, result):
        return self.of_tensordot(node, x, [*args[:2], ([-1], [-1])], {}, result)

    def of_multi_dot(self, node, x, args, kwargs, result):
        made = self.operand(args[0][0])
        for factor in args[0][1:]:
            made = f"pm::matmul({made}, {self.operand(factor)})"
        return made

    def of_addmv(self, node, x, args, kwargs, result):
        return self.of_addmm(node, x, args, kwargs, result)

    def of_prelu(self, node, x, args, kwargs, result):
        weight = args[1] if len(args) > 1 else kwargs["weight"]
        if not isinstance(weight, str):
            raise Untranslatable("prelu is called with tensors: make it a member, nn.PReLU, which is called")
        whole, n = self.with_name(node.args[0], args[0]), (node.args[1] if len(node.args) > 1 else node.kwargs["weight"]).meta["example"].numel()
        slope = weight if n == 1 or x.dim() < 3 else f"pm::reshape<{shape_of([n] + [1] * (x.dim() - 2))}>({weight})"
        return f"pm::where({whole} > 0, {whole}, {slope} * {whole})"

    def of_group_norm(self, node, x, args, kwargs, result):
        given = inspect.signature(F.group_norm).bind(*args, **kwargs)
        given.apply_defaults()
        groups, weight, bias, eps = (given.arguments[name] for name in ("num_groups", "weight", "bias", "eps"))
        options = ["pm::no_affine", *([] if eps == 1e-5 else [template("pm::epsilon", number(eps))])]
        options += ["pm::element_type<double>"] if self.exporter.dtype == torch.float64 else []
        made = f"{layer('group_norm', groups, x.shape[1], *options)}{{}}.forward({self.argument(args[0])})"
        each = shape_of([x.shape[1]] + [1] * (x.dim() - 2))
        made = made if weight is None else f"({made} * pm::reshape<{each}>({self.argument(weight)}))"
        return made if bias is None else f"({made} + pm::reshape<{each}>({self.argument(bias)}))"

    def of_softmin(self, node, x, args, kwargs, result):
        dim = kwargs.get("dim", args[1] if len(args) > 1 else None)
        if dim is None:
            raise Untranslatable("softmin without dim")
        return f"pm::softmax<{dim}>(-{self.text(args[0])})"

    def axes(self, dim, rank):
        """One axis or several, counted from 0."""
        return [d % rank for d in (dim if isinstance(dim, (tuple, list)) else [dim])]

    def of_dropout(self, node, x, args, kwargs, result):
        given = inspect.signature(node.target).bind(*args, **kwargs)
        given.apply_defaults()
        if given.arguments.get("training") and given.arguments.get("p") != 0:
            raise Untranslatable(f"{node.name} is called with training=True, also in eval(): write F.dropout(x, p, self.training)")
        return self.text(args[0])

    of_dropout1d = of_dropout2d = of_alpha_dropout = of_feature_alpha_dropout = of_dropout

    def of_rsub(self, node, x, args, kwargs, result):
        return f"({self.text(args[1])} - {self.text(args[0])})"

    def of_neg(self, node, x, args, kwargs, result):
        return f"(-{self.text(args[0])})"

    def of_reciprocal(self, node, x, args, kwargs, result):
        return f"(1.0 / {self.text(args[0])})"

    def of_linear(self, node, x, args, kwargs, result):
        weight = kwargs.get("weight", args[1] if len(args) > 1 else None)
        bias = kwargs.get("bias", args[2] if len(args) > 2 else None)
        product = f"pm::matmul({self.argument(args[0])}, pm::transpose({self.argument(weight)}))"
        return product if bias is None else f"({product} + {self.text(bias)})"

    def of_addmm(self, node, x, args, kwargs, result):
        if kwargs:
            raise Untranslatable("addmm with beta or alpha")
        return f"({self.text(args[0])} + pm::matmul({self.argument(args[1])}, {self.argument(args[2])}))"

    def of_pow(self, node, x, args, kwargs, result):
        if isinstance(args[0], str) and not isinstance(args[1], str):
            return f"pm::pow({self.argument(args[0])}, {number(args[1])})"
        if isinstance(args[0], (int, float)) and args[0] > 0:
            return f"pm::exp({self.text(args[1])} * {number(math.log(args[0]))})"
        raise Untranslatable("pow with a tensor as exponent")

    def of_where(self, node, x, args, kwargs, result):
        return f"pm::where({', '.join(self.argument(a) for a in args)})"

    def of_eq(self, node, x, args, kwargs, result):
        return f"pm::equal({self.argument(args[0])}, {self.argument(args[1] if len(args) > 1 else kwargs['other'])})"

    def of_masked_fill(self, node, x, args, kwargs, result):
        mask, fill = [*args[1:], *(kwargs[name] for name in ("mask", "value") if name in kwargs)]
        if isinstance(fill, (int, float)) and not math.isfinite(fill):
            if fill > 0 or not self.leaves_some(node, node.args[1] if len(node.args) > 1 else node.kwargs["mask"], result):
                raise Untranslatable(f"masked_fill with {fill}; numbers in an expression of pm are finite: add a buffer of 0 and {fill}")
            fill = torch.finfo(result.dtype).min
        return f"pm::where({self.argument(mask)}, {self.argument(fill)}, {self.argument(args[0])})"

    @staticmethod
    def leaves_some(node, mask, result):
        """Whether softmax takes what was filled with -inf, and has numbers in every row, whatever the inputs are: then the
        least number of its type has the same effect."""
        waiting, seen = [mask], set()
        while waiting:
            n = waiting.pop()
            if not isinstance(n, torch.fx.Node) or n in seen:
                continue
            if n.op == "placeholder" or n.op == "call_module":
                return False
            seen.add(n)
            waiting += n.all_input_nodes
        for user in node.users:
            name = user.target if isinstance(user.target, str) else getattr(user.target, "__name__", "")
            dim = user.kwargs.get("dim", user.args[1] if len(user.args) > 1 else None)
            if name not in ("softmax", "log_softmax") or not isinstance(dim, int) or bool((result == -math.inf).all(dim).any()):
                return False
        return bool(node.users)

    def of_clamp(self, node, x, args, kwargs, result):
        low = kwargs.get("min", kwargs.get("min_val", args[1] if len(args) > 1 else None))
        high = kwargs.get("max", kwargs.get("max_val", args[2] if len(args) > 2 else None))
        if low is None:
            return f"pm::minimum({self.argument(args[0])}, {self.text(high)})"
        if high is None:
            return f"pm::maximum({self.argument(args[0])}, {self.text(low)})"
        return f"pm::clamp({self.argument(args[0])}, {number(low)}, {number(high)})"

    def as_layer(self, module, operand):
        """An activation with its options, as a module."""
        options = Options(self.exporter.trial(), module, self.path)
        made = LAYERS[type(module)](module, options)
        if options.exporter.problems:
            raise Untranslatable(options.exporter.problems[0][1])
        return f"{made}::forward({operand})"

    def activated(self, cls, args, kwargs):
        kwargs = {k: v for k, v in kwargs.items() if k not in ("inplace", "_stacklevel")}
        return self.as_layer(cls(*args[1:], **kwargs), self.text(args[0]))

    def softmax(self, name, args, kwargs):
        dim = kwargs.get("dim", args[1] if len(args) > 1 else None)
        if dim is None:
            raise Untranslatable(f"{name} without dim")
        return f"pm::{name}<{dim}>({self.argument(args[0])})"

    def pooled(self, cls, args, kwargs):
        kwargs = {k: v for k, v in kwargs.items() if k != "return_indices" or v}
        names = ["kernel_size", "stride", "padding", "dilation", "ceil_mode"] if cls in (nn.MaxPool1d, nn.MaxPool2d) else None
        kwargs |= dict(zip(names, args[1:])) if names else {}
        return self.as_layer(cls(**kwargs) if names else cls(*args[1:], **kwargs), self.text(args[0]))

    def reduced(self, name, x, args, kwargs):
        dim = kwargs.get("dim", kwargs.get("axis", args[1] if len(args) > 1 else None))
        keep = kwargs.get("keepdim", args[2] if len(args) > 2 else False)
        if kwargs.get("dtype") is not None:
            raise Untranslatable(f"{name} with dtype")
        if dim is None or dim == ():
            return f"pm::{name}({self.argument(args[0])})"
        axes = sorted(self.axes(dim, x.dim()))
        made = f"pm::{name}<{', '.join(map(str, axes))}>({self.argument(args[0])})"
        return self.kept(made, axes) if keep else made

    def extremum(self, name, node, args, kwargs):
        if kwargs or len(args) > 2 or (len(args) == 2 and not isinstance(node.args[1], torch.fx.Node)):
            for user in node.users:
                is_value = user.target is operator.getitem and user.args[1] == 0 or user.target is getattr and user.args[1] == "values"
                if not is_value and user.users:
                    raise Untranslatable(f"the indices that {name} along an axis gives are read; pm::{name} gives the values alone")
            return self.reduced(name, node.args[0].meta["example"], args, kwargs), None
        if len(args) == 2:
            return f"pm::{name}imum({self.argument(args[0])}, {self.argument(args[1])})"
        return f"pm::{name}({self.argument(args[0])})"

    def kept(self, text, axes):
        """What was reduced along axes, with these of extent 1."""
        for axis in axes:
            text = f"pm::unsqueeze<{axis}>({text})"
        return text

    def of_norm(self, node, x, args, kwargs, result):
        order = kwargs.get("p", kwargs.get("ord", args[1] if len(args) > 1 else None))
        dim = kwargs.get("dim", args[2] if len(args) > 2 else None)
        keep = kwargs.get("keepdim", args[3] if len(args) > 3 else False)
        axes = sorted(self.axes(dim, x.dim())) if dim not in (None, ()) else []
        is_plain = order is None or (order == "fro" and len(axes) in (0, 2))
        if kwargs.get("dtype") is not None or not (is_plain or order in (1, 2, math.inf)):
            raise Untranslatable(f"norm with {node.args[1:]} {node.kwargs}")
        of_matrix = node.target is torch.linalg.norm and not is_plain and (len(axes) == 2 or (not axes and x.dim() == 2))
        if of_matrix:
            raise Untranslatable("linalg.norm of a matrix with ord: write torch.linalg.vector_norm")
        word = {1: "1", math.inf: "pm::infinity"}.get(order, "2")
        made = f"{template('pm::norm', word, *axes)}({self.argument(args[0])})"
        return self.kept(made, axes or range(x.dim())) if keep else made

    of_vector_norm = of_norm

    def of_normalize(self, node, x, args, kwargs, result):
        given = inspect.signature(F.normalize).bind(*args, **kwargs)
        given.apply_defaults()
        order, dim, eps = (given.arguments[name] for name in ("p", "dim", "eps"))
        if order not in (1, 2, math.inf) or given.arguments["out"] is not None:
            raise Untranslatable(f"normalize with p={order}")
        whole = self.with_name(node.args[0], args[0])
        axes = sorted(self.axes(dim, x.dim()))
        norm = template("pm::norm", {1: "1", math.inf: "pm::infinity"}.get(order, "2"), *axes)
        return f"({whole} / pm::maximum({self.kept(f'{norm}({whole})', axes)}, {number(eps)}))"

    def of_var(self, node, x, args, kwargs, result):
        """The mean of squares of what is centred, times n / (n - correction)."""
        args = list(args[1:])
        unbiased = args.pop(0) if args and isinstance(args[0], bool) else True  # x.var(True)
        dim = kwargs.get("dim", kwargs.get("axis", args.pop(0) if args else None))
        unbiased = kwargs.get("unbiased", args.pop(0) if args else unbiased)
        keep = kwargs.get("keepdim", args.pop(0) if args else False)
        correction = kwargs.get("correction", 1 if unbiased else 0)
        axes = sorted(self.axes(dim, x.dim())) if dim not in (None, ()) else list(range(x.dim()))
        count = math.prod(x.shape[a] for a in axes)
        if count <= correction:
            raise Untranslatable(f"{node.name} of {count} numbers with a correction of {correction}")
        whole = self.with_name(node.args[0], self.value(node.args[0]))
        along = f"<{', '.join(map(str, axes))}>"
        centred = self.fresh(node.name + "_centred")
        self.lines.append(f"auto const {centred} = {whole} - {self.kept(f'pm::mean{along}({whole})', axes)};")
        factor = "" if correction == 0 else f" * {number(count / (count - correction))}"
        made = f"pm::mean{along}(pm::square({centred})){factor}"
        return self.kept(made, axes) if keep else f"({made})"

    def of_std(self, node, x, args, kwargs, result):
        return f"pm::sqrt({bare(self.of_var(node, x, args, kwargs, result))})"

    def of_layer_norm(self, node, x, args, kwargs, result):
        given = inspect.signature(F.layer_norm).bind(*args, **kwargs)
        given.apply_defaults()
        shape, weight, bias, eps = (given.arguments[name] for name in ("normalized_shape", "weight", "bias", "eps"))
        options = ["pm::no_affine", *([] if eps == 1e-5 else [template("pm::epsilon", number(eps))])]
        options += ["pm::element_type<double>"] if self.exporter.dtype == torch.float64 else []
        made = f"{layer('layer_norm', shape_of(flat(shape)), *options)}{{}}.forward({self.argument(args[0])})"
        made = made if weight is None else f"({made} * {self.text(weight)})"
        return made if bias is None else f"({made} + {self.text(bias)})"

    def of_pad(self, node, x, args, kwargs, result):
        given = dict(zip(("input", "pad", "mode", "value"), args)) | kwargs
        made, pads, mode, value = self.argument(args[0]), list(given["pad"]), given.get("mode", "constant"), given.get("value") or 0
        if mode != "constant" or value != 0:
            return self.padded(node, made, list(x.shape), pads, mode, value)
        for k in range(len(pads) // 2):
            axis, before, after = x.dim() - 1 - k, *pads[2 * k : 2 * k + 2]
            if before < 0 or after < 0:  # cut
                made = f"pm::slice<{axis}, {max(-before, 0)}, {x.shape[axis] - max(-after, 0)}>({made})"
            if before > 0 or after > 0:
                made = f"pm::pad<{axis}, {max(before, 0)}, {max(after, 0)}>({made})"
        return made

    def padded(self, node, made, shape, pads, mode, value):
        """By other things than zeros."""
        if any(p < 0 for p in pads):
            raise Untranslatable(f"pad with mode={mode!r}, value={value} and a negative number")
        for k in range(len(pads) // 2):
            axis, n, counts = len(shape) - 1 - k, shape[len(shape) - 1 - k], pads[2 * k : 2 * k + 2]
            whole = self.fresh(node.name)
            self.lines.append(f"auto const {whole} = {made};")
            parts = []
            for before, count in zip((True, False), counts):
                part = shape[:axis] + [count] + shape[axis + 1 :]
                if count == 0:
                    text = ""
                elif mode == "constant":
                    text = self.operand(Constant(torch.full(part, float(value), dtype=self.exporter.dtype)))
                elif mode == "circular":
                    text = f"pm::slice<{axis}, {n - count if before else 0}, {n if before else count}>({whole})"
                elif mode == "reflect":
                    begin, end = (1, count + 1) if before else (n - 1 - count, n - 1)
                    text = f"pm::flip<{axis}>(pm::slice<{axis}, {begin}, {end}>({whole}))"
                else:  # replicate
                    text = f"pm::broadcast_to<{shape_of(part)}>(pm::slice<{axis}, {0 if before else n - 1}, {1 if before else n}>({whole}))"
                parts.append(text)
            listed = [text for text in (parts[0], whole, parts[1]) if text]
            made = f"pm::concatenate<{axis}>({', '.join(listed)})" if len(listed) > 1 else whole
            shape[axis] += sum(counts)
        return made

    def of_cumsum(self, node, x, args, kwargs, result):
        return f"pm::cumsum<{kwargs.get('dim', args[1] if len(args) > 1 else 0)}>({self.argument(args[0])})"

    def of_flip(self, node, x, args, kwargs, result):
        axes = kwargs.get("dims", args[1:])
        return f"pm::flip<{', '.join(map(str, flat(axes)))}>({self.argument(args[0])})"

    def triangle(self, name, args, kwargs):
        diagonal = kwargs.get("diagonal", args[1] if len(args) > 1 else 0)
        return f"pm::{name}{f'<{diagonal}>' if diagonal else ''}({self.argument(args[0])})"

    def permuted(self, operand, order):
        if order == list(range(len(order))):
            return operand
        if order == list(range(len(order) - 2)) + [len(order) - 1, len(order) - 2]:
            return f"pm::transpose({operand})"
        return f"pm::permute<{', '.join(map(str, order))}>({operand})"

    def of_transpose(self, node, x, args, kwargs, result):
        return self.permuted(self.text(args[0]), self.order_of("transpose", x, args, kwargs))

    def of_t(self, node, x, args, kwargs, result):
        return self.text(args[0]) if x.dim() < 2 else f"pm::transpose({self.argument(args[0])})"

    def of_getattr(self, node, x, args, kwargs, result):
        if args[1] in ("values", "indices") and isinstance(args[0], tuple):
            return args[0][0] if args[1] == "values" else None
        if args[1] == "T":
            return self.permuted(self.text(args[0]), list(reversed(range(x.dim()))))
        if args[1] in ("mT", "mH"):
            return f"pm::transpose({self.argument(args[0])})"
        if args[1] == "data":
            return f"pm::detach({self.argument(args[0])})"
        raise Untranslatable(f"the attribute {args[1]} has no translation")

    def of_detach(self, node, x, args, kwargs, result):
        return f"pm::detach({self.argument(args[0])})"

    def of_permute(self, node, x, args, kwargs, result):
        return self.permuted(self.text(args[0]), self.order_of("permute", x, args, kwargs))

    def reshaped(self, operand, before, after):
        before, after = list(before), list(after)
        if before == after:
            return operand
        # As flatten, so that it holds for other batches, too, where one run of axes becomes one.
        for first in range(len(after)):
            last = first + len(before) - len(after)
            if first < last and before[:first] == after[:first] and before[last + 1 :] == after[first + 1 :]:
                if math.prod(before[first : last + 1]) == after[first]:
                    arguments = "" if (first, last) == (1, len(before) - 1) else f"{first}, {last}"
                    return f"pm::nn::flatten<{arguments}>::forward({operand})"
        for first in range(len(before)):
            count = len(after) - len(before) + 1
            if count > 1 and before[:first] == after[:first] and before[first + 1 :] == after[first + count :]:
                return f"pm::nn::unflatten<{first}, {', '.join(map(str, after[first : first + count]))}>::forward({operand})"
        return f"pm::reshape<{shape_of(after)}>({operand})"

    def of_reshape(self, node, x, args, kwargs, result):
        if any(isinstance(a, torch.dtype) for a in args):
            raise Untranslatable("view of another dtype")
        return self.reshaped(self.text(args[0]), x.shape, result.shape)

    of_flatten = of_unflatten = of_reshape_as = of_reshape

    def of_squeeze(self, node, x, args, kwargs, result):
        dim = kwargs.get("dim", args[1] if len(args) > 1 else tuple(range(x.dim())))
        made = self.argument(args[0])
        for axis in sorted(self.axes(dim, x.dim()), reverse=True):
            made = f"pm::select<{axis}, 0>({made})" if x.shape[axis] == 1 else made
        return made

    def of_unsqueeze(self, node, x, args, kwargs, result):
        axis = kwargs.get("dim", args[1] if len(args) > 1 else None)
        return f"pm::unsqueeze<{axis % (x.dim() + 1)}>({self.argument(args[0])})"

    def of_expand(self, node, x, args, kwargs, result):
        return f"pm::broadcast_to<{shape_of(result.shape)}>({self.argument(args[0])})"

    of_expand_as = of_expand

    def of_cat(self, node, x, args, kwargs, result):
        axis = kwargs.get("dim", args[1] if len(args) > 1 else 0)
        return f"pm::concatenate<{axis}>({', '.join(self.operand(v) for v in kwargs.get('tensors', args[0] if args else ()))})"

    def of_stack(self, node, x, args, kwargs, result):
        axis = kwargs.get("dim", args[1] if len(args) > 1 else 0)
        return f"pm::stack<{axis}>({', '.join(self.operand(v) for v in kwargs.get('tensors', args[0] if args else ()))})"

    def of_chunk(self, node, x, args, kwargs, result):
        axis = self.axes(kwargs.get("dim", args[2] if len(args) > 2 else 0), x.dim())[0]
        at, parts, whole = 0, [], self.with_name(node.args[0], args[0])
        for part in result:
            parts.append(f"pm::slice<{axis}, {at}, {at + part.shape[axis]}>({whole})")
            at += part.shape[axis]
        return tuple(parts)

    of_split = of_tensor_split = of_chunk

    def of_unbind(self, node, x, args, kwargs, result):
        axis = self.axes(kwargs.get("dim", args[1] if len(args) > 1 else 0), x.dim())[0]
        whole = self.with_name(node.args[0], args[0])
        return tuple(f"pm::select<{axis}, {k}>({whole})" for k in range(len(result)))

    def of_select(self, node, x, args, kwargs, result):
        axis = self.axes(args[1], x.dim())[0]
        return f"pm::select<{axis}, {args[2] % x.shape[axis]}>({self.argument(args[0])})"

    def of_narrow(self, node, x, args, kwargs, result):
        axis = self.axes(args[1], x.dim())[0]
        return f"pm::slice<{axis}, {args[2]}, {args[2] + args[3]}>({self.argument(args[0])})"

    def of_assigned(self, node, x, args, kwargs, result):
        """x[index] = value: the parts of x before, the value, the parts behind."""
        whole, value, n = self.operand(args[0]), args[2], node.args[2]
        if isinstance(args[1], str) and node.args[1].meta["example"].dtype == torch.bool:
            if isinstance(n, torch.fx.Node) and n.meta["example"].dim():
                raise Untranslatable("an assignment of a tensor where a condition holds: write torch.where")
            return f"pm::where({args[1]}, {self.argument(value)}, {whole})"
        index = self.each_index(x, args[1])
        if None in index:
            raise Untranslatable("an assignment with None in its index")
        ranges = [range(n)[i] if isinstance(i, slice) else range(i % n, i % n + 1) for i, n in zip(index, x.shape)]
        if any(r.step != 1 for r in ranges):
            raise Untranslatable("an assignment with a step")
        ranges += [range(n) for n in x.shape[len(ranges) :]]
        if not all(ranges):
            return whole
        region = [len(r) for r in ranges]
        selected = [m for m, i in zip(region, index + [slice(None)] * x.dim()) if isinstance(i, slice)]
        if isinstance(n, torch.fx.Node) and self.is_traced(n):
            value = self.argument(value)
            if list(n.meta["example"].shape) != selected:
                value = f"pm::broadcast_to<{shape_of(selected)}>({value})"
            value = value if selected == region else f"pm::reshape<{shape_of(region)}>({value})"
        else:
            number_of = value.tensor if isinstance(value, Constant) else torch.tensor(value)
            value = self.operand(Constant(number_of.to(x.dtype).broadcast_to(selected).reshape(region)))
        if not re.fullmatch(r"[\w.]+", whole):
            text, whole = whole, self.fresh(node.args[0].name)
            self.lines.append(f"auto const {whole} = {text};")

        def put(text, axis):
            if axis == x.dim():
                return value
            r, n = ranges[axis], x.shape[axis]
            inside = put(text if len(r) == n else f"pm::slice<{axis}, {r.start}, {r.stop}>({text})", axis + 1)
            before = [f"pm::slice<{axis}, 0, {r.start}>({text})"] if r.start else []
            behind = [f"pm::slice<{axis}, {r.stop}, {n}>({text})"] if r.stop < n else []
            return f"pm::concatenate<{axis}>({', '.join([*before, inside, *behind])})" if before or behind else inside

        return put(whole, 0)

    @staticmethod
    def each_index(x, given):
        """Numbers, slices and None, one for each axis that is named."""
        index = list(given) if isinstance(given, tuple) else [given]
        at = next((k for k, i in enumerate(index) if i is Ellipsis), None)
        if at is not None:
            index[at : at + 1] = [slice(None)] * (x.dim() - sum(i is not None for i in index) + 1)
        if any(not (i is None or isinstance(i, slice) or (isinstance(i, int) and not isinstance(i, bool))) for i in index):
            raise Untranslatable("an index that is no number, slice or None")
        return index

    def of_getitem(self, node, x, args, kwargs, result):
        if not isinstance(x, torch.Tensor):
            return args[0][args[1]]
        index = list(args[1]) if isinstance(node.args[1], tuple) else [args[1]]
        lists = [k for k, i in enumerate(index) if isinstance(i, (tuple, Constant))]
        if len(lists) == 1 and all(isinstance(i, (slice, tuple, Constant)) for i in index):
            picked = self.picked(node, args[0], lists[0], index[lists[0]], x.shape[lists[0]])
            index[lists[0]] = slice(None)
            args = [picked, tuple(index)]
        made, axis, extents = self.text(args[0]), 0, list(x.shape)
        for i in self.each_index(x, args[1]):
            if i is None:
                made = f"pm::unsqueeze<{axis}>({made})"
                extents.insert(axis, 1)
                axis += 1
            elif isinstance(i, slice):
                begin, end, step = i.indices(extents[axis])
                if (begin, end, step) != (0, extents[axis], 1):
                    arguments = [axis, begin, end] + ([step] if step != 1 else [])
                    made = f"pm::slice<{', '.join(map(str, arguments))}>({made})"
                axis += 1
            else:
                made = f"pm::select<{axis}, {i % extents[axis]}>({made})"
                extents.pop(axis)
        return made

    def of_float(self, node, x, args, kwargs, result):
        if result.dtype != x.dtype and (x.dtype != torch.bool or result.dtype != self.exporter.dtype):
            raise Untranslatable(f"a conversion to {str(result.dtype)[6:]}")
        return self.text(args[0])

    of_double = of_to = of_type_as = of_type = of_float

    def of_diagonal(self, node, x, args, kwargs, result):
        if kwargs.get("dim1", -2) != -2 or kwargs.get("dim2", -1) != -1 or len(args) > 2 or (x.dim() != 2 and not kwargs):
            raise Untranslatable("diagonal of other axes than the last two")
        offset = kwargs.get("offset", args[1] if len(args) > 1 else 0)
        return f"pm::diagonal{f'<{offset}>' if offset else ''}({self.argument(args[0])})"

    def of_diag(self, node, x, args, kwargs, result):
        offset = kwargs.get("diagonal", args[1] if len(args) > 1 else 0)
        return f"pm::{'diagonal' if x.dim() == 2 else 'from_diagonal'}{f'<{offset}>' if offset else ''}({self.argument(args[0])})"

    def of_diag_embed(self, node, x, args, kwargs, result):
        if len(args) > 1 or kwargs:
            raise Untranslatable("diag_embed with more than its input")
        return f"pm::from_diagonal({self.argument(args[0])})"

    def of_matrix_exp(self, node, x, args, kwargs, result):
        return f"pm::matrix_exp({self.argument(args[0])})"

    def of_inv(self, node, x, args, kwargs, result):
        return f"pm::inverse({self.argument(args[0])})"

    of_inverse = of_inv

    def of_solve(self, node, x, args, kwargs, result):
        if kwargs or len(args) > 2 or result.dim() != 2:
            raise Untranslatable("solve of other things than two matrices")
        return f"pm::solve({self.argument(args[0])}, {self.argument(args[1])})"


def bare(expression):
    """Without parentheses around all of it."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth = 0
    for k, c in enumerate(expression):
        depth += (c == "(") - (c == ")")
        if depth == 0 and k < len(expression) - 1:
            return expression
    return expression[1:-1]


def attribute(owner, path):
    for part in path.split("."):
        owner = getattr(owner, part)
    return owner


# --- the module ---------------------------------------------------------------------------------------------------------


class Trial:
    """Stands for the exporter where a layer is only tried."""

    def __init__(self, dtype):
        self.dtype, self.problems = dtype, []

    def problem(self, path, reason):
        self.problems.append((path, reason))

    def note(self, path, text):
        pass

    def chains(self, module, path):
        return {}

    def input_of(self, path):
        return None


def observed(module, args, kwargs):
    """{path: what the module there is called with}, where a forward cannot be traced."""
    calls, hooks = {}, []
    for path, child in module.named_modules(remove_duplicate=False):
        if path and not (path + ".").startswith("parametrizations."):
            hooks.append(child.register_forward_pre_hook(lambda m, given, path=path: calls.setdefault(path, (copied(given), {})) and None))
    try:
        module(*copied(args), **kwargs)
    finally:
        for hook in hooks:
            hook.remove()
    return calls


class Exporter:
    def __init__(self, namespace, stages):
        self.namespace, self.known_stages = namespace, stages or {}
        self.problems, self.notes, self.inputs, self.declarations, self.fill_in = [], [], {}, [], []
        self.dtype, self.twice = torch.float32, {}

    def problem(self, path, reason):
        self.problems.append((path or "(the module)", reason))

    def note(self, path, text):
        text = f"{path or '(the module)'}: {text}"
        if text not in self.notes:
            self.notes.append(text)

    def to_do(self, text):
        if text not in self.fill_in:
            self.fill_in.append(text)

    def trial(self):
        return Trial(self.dtype)

    def input_of(self, path):
        return self.inputs.get(path)

    def within(self, owner, path):
        """Where a member of the owner stands, from there."""
        whole = standing(self.twice, f"{owner}.{path}".strip("."))
        return whole[len(owner) + 1 :] if owner else whole

    @staticmethod
    def expression(path):
        """A member, or one of a member's, as C++ names it."""
        made = ""
        for part in path.split("."):
            made = f"pm::get<{part}>({made})" if part.isdigit() else f"{made}.{part}" if made else part
        return made

    def declare(self, name, text, members=()):
        """Declares a struct; `text` has @ for its name. The same one is declared once."""
        for declared, other, its_members in self.declarations:
            if (other, its_members) == (text, list(members)) and re.sub(r"_\d+$", "", declared) == name:
                return declared
        taken = {declared for declared, _, _ in self.declarations} | KEYWORDS | {"model"}
        made, k = name, 1
        while made in taken:
            k += 1
            made = f"{name}_{k}"
        self.declarations.append((made, text, list(members)))
        return made

    # What holds for all of its tensors.
    def check_tensors(self, module):
        owners, places, floats, known = {}, [], {}, set()
        self.twice = held_twice(module)
        for name, place in self.twice.items():
            if attribute(module, name).state_dict():
                self.note(name, f"is the module {place}, and stands there; the file has it once, and load_back() fills both")
        for path, child in module.named_modules(remove_duplicate=False):
            if standing(self.twice, path) != path:
                continue
            dot = path + "." if path else ""
            if isinstance(child, torch.jit.ScriptModule):
                self.problem(path, "is compiled by TorchScript: export the module that it was made of")
            is_lazy = isinstance(child, nn.modules.lazy.LazyModuleMixin)  # its hooks go with the first call
            for hook in [] if is_lazy else [*child._forward_pre_hooks.values(), *child._forward_hooks.values()]:
                if not isinstance(hook, (WeightNorm, SpectralNorm)):
                    name = getattr(hook, "__name__", type(hook).__name__)
                    self.problem(path, f"the hook {name} runs with its forward, and is not translated: remove it, or write it in a forward")
            self.check_members(child, path)
            for name in sorted(child._non_persistent_buffers_set):
                self.problem(dot + name, "the buffer is not persistent, so that state_dict() and the file lack it: register it with persistent=True")
            for name, tensor in [*child._parameters.items(), *child._buffers.items()]:
                if tensor is None or name in child._non_persistent_buffers_set:
                    continue
                known.add(dot + name)
                has_numbers = self.check_tensor(dot + name, tensor, floats)
                if has_numbers and tensor.numel():
                    owners.setdefault((tensor.data_ptr(), tensor.dtype), []).append(dot + name)
                    places.append((*bytes_of(tensor), dot + name, tensor))
        for name in sorted(known ^ {key for key in module.state_dict() if standing(self.twice, key) == key}):
            self.problem(name, "is in state_dict() and no tensor of a module, or the other way: get_extra_state and hooks of state_dict are not translated")
        frozen = [self.path_in_pm(module, standing(self.twice, name)) for name, p in module.named_parameters() if not p.requires_grad]
        if frozen and len(frozen) == len(list(module.parameters())):
            self.note("", "no parameter requires its gradient, which the type does not say: an optimizer of pm would move all of them")
        else:
            for name in frozen:
                self.note(name, f'requires_grad is False, which the type does not say: write pm::get<"{name}">(net).requires_gradient(false)')
        for names in owners.values():
            if len(names) > 1:
                self.problem(names[0], f"has the same memory as {', '.join(names[1:])}; each tensor of pm is its own: use copies, or call one module twice")
        said = {name for names in owners.values() if len(names) > 1 for name in names}
        places.sort(key=lambda place: place[:2])
        for k, (begin, end, name, tensor) in enumerate(places):
            if name not in said and has_one_memory_twice(tensor):
                self.problem(name, "has several elements in the same memory, as expand() makes them: use a copy, by contiguous() or clone()")
            for other_begin, _, other, its in places[k + 1 :]:
                if other_begin >= end:
                    break
                if not {name, other} <= said and overlap(tensor, its):
                    self.problem(name, f"has a part of its memory in common with {other}; each tensor of pm is its own: use copies")
        if len(floats) > 1:
            self.problem("", "float and double are mixed: " + ", ".join(f"{k} {str(t)[6:]}" for t, k in floats.items()) + "; call module.float() or module.double()")
        elif floats:
            self.dtype = next(iter(floats))

    @staticmethod
    def path_in_pm(module, name):
        """Of a parameter: the weight, where it is an original."""
        holder, _, own = name.rpartition(".")
        for hook in attribute(module, holder)._forward_pre_hooks.values() if holder else module._forward_pre_hooks.values():
            if isinstance(hook, (WeightNorm, SpectralNorm)) and own in (hook.name + "_g", hook.name + "_v", hook.name + "_orig"):
                return f"{holder}.{hook.name}".strip(".")
        return re.sub(r"(^|\.)parametrizations\.(\w+)\..*", r"\1\2", name)

    # A layer has the tensors of its class; what a program added to it, no type of pm would have.
    def check_members(self, module, path):
        if isinstance(module, torch.jit.ScriptModule):
            return
        dot = path + "." if path else ""
        if "forward" in vars(module):
            self.problem(path, "its forward was replaced in the object, so that its class does not say what it computes: write a class with that forward")
        if type(module).__call__ is not nn.Module.__call__ and not isinstance(module, torch.fx.GraphModule):
            self.problem(path, f"{name_of(module)} has a __call__ of its own, which is not translated: write it as forward")
        cls = class_of_layer(module)
        if cls is None:
            return
        called = f"torch.nn.{cls.__name__}"
        instead = f"which {called} does not have, so that no type of pm has it: remove it, or write a module of your own that holds it"
        tensors = tensors_of_layer(module, cls)
        if any(not isinstance(hook, (WeightNorm, SpectralNorm)) for hook in module._forward_pre_hooks.values()):
            tensors |= {name + end for name in tensors for end in ("_orig", "_mask")}  # of pruning, whose hook is said
        for kind, named in (("parameter", module._parameters), ("buffer", module._buffers)):
            for name, tensor in named.items():
                if tensor is not None and not (name in tensors or name in module._non_persistent_buffers_set or self.is_of_hook(module, name)):
                    self.problem(dot + name, f"is a {kind} {instead}")
        for name in self.parametrized_names(module):
            if name not in tensors:
                self.problem(dot + name, f"is a parametrized tensor {instead}")
        if cls in LAYERS:
            parts = {"out_proj"} if cls is nn.MultiheadAttention else set()
            parts |= {"parametrizations"} if parametrize.is_parametrized(module) else set()
            for name, child in module._modules.items():
                if child is not None and name not in parts:
                    self.problem(dot + name, f"is a module {instead}")

    def check_tensor(self, name, tensor, floats):
        kind = str(tensor.dtype)[6:]
        if tensor.is_meta or isinstance(tensor, nn.parameter.UninitializedTensorMixin):
            self.problem(name, "has no numbers yet: it is on the device meta, or lazy; run the module once")
            return False
        if tensor.layout != torch.strided or tensor.is_quantized:
            self.problem(name, "is sparse or quantized; pm has dense tensors of float or double: convert it")
        elif tensor.is_complex():
            self.problem(name, f"is {kind}; pm has no complex numbers: split it into real and imaginary parts")
        elif tensor.dtype in (torch.float32, torch.float64):
            floats.setdefault(tensor.dtype, name)
        elif tensor.is_floating_point():
            self.problem(name, f"is {kind}; networks of pm compute in float or double: call module.float(); pm::load takes such a file, too")
        elif name.split(".")[-1] != "num_batches_tracked":
            self.problem(name, f"is a buffer of {kind}; tensors of pm are float or double")
        if tensor.dim() > MOST_AXES:
            self.problem(name, f"has {tensor.dim()} axes; tensors of pm have {MOST_AXES} at most")
        elif tensor.numel() == 0:
            self.problem(name, f"is empty, {list(tensor.shape)}; extents of pm are positive")
        return tensor.layout == torch.strided and not tensor.is_quantized

    # Types of modules. args is None where the example does not reach the module.
    def type_of(self, module, path, args=None, kwargs=None):
        cls = class_of_layer(module)
        if isinstance(module, torch.jit.ScriptModule) or isinstance(module, nn.modules.lazy.LazyModuleMixin):
            return "void"  # check_tensors has said it
        if cls in LAYERS:
            if args and isinstance(args[0], torch.Tensor):
                self.inputs[path] = args[0]
            return LAYERS[cls](module, Options(self, module, path))
        if cls in (nn.Sequential, nn.ModuleList):
            return self.sequence(module, path, args if cls is nn.Sequential else None, cls is nn.Sequential)
        if cls is nn.ModuleDict:
            children = {name: self.type_of(child, f"{path}.{name}".strip(".")) for name, child in module.items()}
            return self.struct(module, path, children, {}, None)
        if class_of(module) in TRACED:
            return self.own(module, path, args, kwargs or {})
        if class_of(module).__module__.startswith("torch.") and type(module).__module__.startswith("torch."):
            cls = class_of(module)
            full = f"torch.nn.{name_of(module)}" if getattr(nn, name_of(module), None) is cls else f"{cls.__module__}.{name_of(module)}"
            if isinstance(module, torch.fx.GraphModule):
                self.problem(path, "is a graph of torch.fx: export the module that it was made of")
                return "void"
            inner = next((n for n in ("module", "_orig_mod") if isinstance(module._modules.get(n), nn.Module)), None)
            self.problem(path, f"{full} holds the network: export its {inner}" if inner else f"{full} has no counterpart in pm::nn")
            return "void"
        return self.own(module, path, args, kwargs or {})

    def sequence(self, module, path, args, is_called):
        names, types = list(module._modules), []
        for name, child in module._modules.items():
            types.append(self.type_of(child, f"{path}.{name}".strip("."), args))
            if args is not None:
                try:
                    args = (child(*args),)
                except Exception as e:
                    args, where = None, f"{path}.{name}".strip(".")
                    if all(not p.startswith(where) for p, _ in self.problems):
                        self.problem(where, f"its forward fails: {e}")
        if names == [str(k) for k in range(len(names))]:
            return layer("sequential", *types) if names else "pm::nn::identity"
        text = "x"
        for name, made in zip(names, types):
            text = text if made == "pm::nn::identity" else f"{name}({text})"
        forward = (["x"], [], text) if is_called else None
        return self.struct(module, path, dict(zip(names, types)), {}, forward)

    def struct(self, module, path, children, tensors, forward, fill=None):
        """A struct of modules and tensors; `forward` is (parameters, statements, result)."""
        members = {**tensors, **{name: made for name, made in children.items() if made != "pm::nn::identity"}}
        for name in members:
            if name.isdigit():
                says = "has a forward of its own" if class_of_layer(module) is None else "has modules with names, too"
                reason = f"is called by its number in {name_of(module)}, which {says}; members of a struct in C++ have names"
                self.problem(f"{path}.{name}".strip("."), f"{reason}: hold the numbered ones in a Sequential that is a member")
            elif name in KEYWORDS or not re.fullmatch(r"[A-Za-z_]\w*", name) or "__" in name:
                self.problem(f"{path}.{name}".strip("."), f"{name!r} cannot be the name of a member in C++: rename it")
        declared = {name for name, _, _ in self.declarations}
        lines = [fill + "\nstruct @ {" if fill else "struct @ {"]
        for name, made in members.items():
            for other in declared & set(members):  # a member that is called as a type
                made = re.sub(rf"(?<![\w:]){other}\b", f"::{self.namespace}::{other}" if self.namespace else f"::{other}", made)
            lines.append(indented(f"{laid_out(made)} {name};"))
        if forward is not None:
            parameters, statements, result = forward
            arguments = ", ".join(f"auto {p}" for p in parameters)
            lines.append(f"    constexpr auto forward({arguments}) const {{")
            lines += [f"        {s}" for s in statements] + [f"        return {result};", "    }"]
            operands = ", ".join(f"auto const& {p}" for p in parameters)
            call = f"return {', '.join(['pm::call(*this'] + parameters)});"
            one_line = f"    constexpr auto operator()({operands}) const {{ {call} }}"
            lines += [one_line] if len(one_line) <= 120 else [f"    constexpr auto operator()({operands}) const {{", f"        {call}", "    }"]
        name = name_of(module)
        if class_of_layer(module) in (nn.Sequential, nn.ModuleList, nn.ModuleDict):  # called after its place
            name = next((part for part in reversed(path.split(".")) if part and not part.isdigit()), "all") + "_layers"
        return self.declare(name, "\n".join(lines + ["};"]), list(members))

    def own(self, module, path, args, kwargs):
        tensors, expressions = {}, {}
        chains = self.chains(module, path, own=True)
        for name, stages in chains.items():
            tensors[name] = self.tensor_type(module, name, stages)
        for kind, named in (("tensor", module._parameters), ("buffer", module._buffers)):
            for name, tensor in named.items():
                if tensor is not None and not self.is_of_hook(module, name):
                    tensors[name] = template(f"pm::{kind}", shape_of(tensor.shape), *self.typed([]))
        for child_path, child in module.named_modules(remove_duplicate=False):
            dot = child_path + "." if child_path else ""
            for name in [*child._parameters, *child._buffers, *self.parametrized_names(child)]:
                expressions[dot + name] = self.expression(self.within(path, dot + name))
        calls, forward, fill = {}, None, None
        if args is not None:
            translator = None
            try:
                translator = Translator(self, module, path, forward_of(module), args, kwargs, expressions)
                result = flat(translator.run())
                forward = (translator.parameters, translator.lines, bare(result[0]) if len(result) == 1 else f"std::tuple{{{', '.join(result)}}}")
            except Untranslatable as e:
                parameters = translator.parameters if translator else [f"x{k}" for k in range(len(args))]
                if class_of(module) in TRACED:
                    self.problem(path, f"torch.nn.{name_of(module)}: {e}")
                else:
                    forward, fill = self.to_fill_in(module, path, parameters, args, str(e))
                calls = observed(module, args, kwargs)
            else:
                calls = translator.calls
        children = {}
        for name, child in module._modules.items():
            if isinstance(child, nn.ModuleDict) and name == "parametrizations":
                continue
            if child is None or f"{path}.{name}".strip(".") in self.twice:
                continue
            children[name] = self.child_type(child, name, path, calls)
        return self.struct(module, path, children, tensors, forward, fill)

    def child_type(self, child, name, path, calls):
        """A member's type; a list's modules are called each by itself."""
        whole = f"{path}.{name}".strip(".")
        if class_of_layer(child) in (nn.ModuleList, nn.ModuleDict, nn.Sequential) and name not in calls:
            types = {key: self.child_type(c, f"{name}.{key}", path, calls) for key, c in child._modules.items()}
            if list(types) == [str(k) for k in range(len(types))]:
                return layer("sequential", *types.values())
            return self.struct(child, whole, types, {}, None)
        args, kwargs = calls.get(name, (None, None))
        return self.type_of(child, whole, args, kwargs)

    def to_fill_in(self, module, path, parameters, args, reason):
        where = f"{name_of(module)}::forward"
        self.to_do(f"{where}: {reason}")
        sentence = f"{where}: write what the forward of PyTorch's {name_of(module)} computes, by functions of pm, in place of this line"
        shapes = ", ".join(str(list(a.shape)) for a in flat(args) if isinstance(a, torch.Tensor))
        fill = comment(f"{where} is to be written: {reason}. It is called with {shapes}. In PyTorch:") + "\n//\n"
        fill += "\n".join(("//     " + line).rstrip() for line in source_of(class_of(module).forward).split("\n"))
        return (parameters, [f"static_assert(sizeof({parameters[0]}) == 0,", f'              "{sentence}");'], parameters[0]), fill

    def typed(self, stages):
        """The last arguments of a tensor: chain and element type, where they are not the defaults."""
        chain = [template("pm::chain", *stages)] if stages or self.dtype == torch.float64 else []
        return chain + (["double"] if self.dtype == torch.float64 else [])

    def tensor_type(self, module, name, stages):
        if parametrize.is_parametrized(module, name):
            originals = module.parametrizations[name]
            shape = (originals.original if hasattr(originals, "original") else getattr(module, name)).shape
            is_parameter = any(True for _ in originals.parameters(recurse=False)) or parametrize.is_parametrized(originals)
        else:
            shape, is_parameter = getattr(module, name).shape, True
        return template("pm::tensor" if is_parameter else "pm::buffer", shape_of(shape), *self.typed(stages))

    @staticmethod
    def parametrized_names(module):
        hooks = [h.name for h in module._forward_pre_hooks.values() if isinstance(h, (WeightNorm, SpectralNorm))]
        return hooks + (list(module.parametrizations) if parametrize.is_parametrized(module) else [])

    @staticmethod
    def is_of_hook(module, name):
        """Is a tensor one of those that weight_norm or spectral_norm, as hooks, made of another?"""
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, WeightNorm) and name in (hook.name + "_g", hook.name + "_v"):
                return True
            if isinstance(hook, SpectralNorm) and name in (hook.name + "_orig", hook.name + "_u", hook.name + "_v"):
                return True
        return False

    # Parametrizations.
    def chains(self, module, path, own=False):
        """{name of a tensor: its stages}."""
        made = {}
        for hook in module._forward_pre_hooks.values():
            where = f"{path}.{hook.name}".strip(".") if isinstance(hook, (WeightNorm, SpectralNorm)) else path
            if isinstance(hook, WeightNorm):
                made[hook.name] = [self.weight_norm(hook.dim, where)]
            elif isinstance(hook, SpectralNorm):
                made[hook.name] = [self.spectral_norm(hook.n_power_iterations, hook.dim, hook.eps, where)]
            else:
                continue
            self.note(where, f"{type(hook).__name__} is a hook; pm::save writes the names of the parametrization, and load_back() reads them")
            if isinstance(hook, SpectralNorm):
                self.note(where, "in training the hook's power iteration begins with u, the parametrization's, here, with v: the first steps differ")
        if parametrize.is_parametrized(module):
            for name, originals in module.parametrizations.items():
                made[name] = self.stages_of(originals, f"{path}.parametrizations.{name}".strip("."), own)
        return made

    def stages_of(self, originals, path, own):
        names = ["original"] if hasattr(originals, "original") else [f"original{k}" for k in range(originals.ntensors)]
        x, stages = [getattr(originals, name).detach() for name in names], []
        nested = {}
        listed = []
        while str(len(listed)) in originals._modules:  # as PyTorch calls them
            listed.append(originals._modules[str(len(listed))])
        for name in originals._modules:
            if name.isdigit() and int(name) >= len(listed):
                self.problem(f"{path}.{name}", "is never called by PyTorch, as it was registered after an original was parametrized: register it before")
        if parametrize.is_parametrized(originals):
            nested = {name: self.stages_of(below, f"{path}.parametrizations.{name}", False) for name, below in originals.parametrizations.items()}
        for k, p in enumerate(listed):
            try:
                y = p(*x)
            except Exception as e:
                self.problem(f"{path}.{k}", f"its forward fails: {e}")
                return stages
            stage = self.stage(p, f"{path}.{k}", x, y)
            if k == 0 and nested:
                stage = template("pm::nested", stage, *(template("pm::chain", *nested.get(name, [])) for name in names))
            if len(x) == 1 and y.shape != x[0].shape:
                stage = template("pm::unsafe", stage)
                if not own:
                    self.problem(f"{path}.{k}", f"makes {list(y.shape)} of {list(x[0].shape)}; a layer's tensor and its original have one shape")
            stages.append(stage)
            x = [y.detach()]
        if not torch.allclose(originals().detach(), x[0], rtol=1e-4, atol=1e-6, equal_nan=True):
            self.problem(path, "what its stages give, called one after the other, is not what PyTorch computes")
        return stages

    def spectral_norm(self, iterations, dim, eps, path):
        arguments = [iterations, dim]
        ratio = fractions.Fraction(repr(float(eps)))
        if max(ratio.numerator, ratio.denominator) >= 2**63:
            self.problem(path, f"spectral_norm: eps={eps!r} is no std::ratio")
        if eps != 1e-12:
            arguments.append(template("std::ratio", ratio.numerator, ratio.denominator))
        elif dim == 0:
            arguments = [] if iterations == 1 else [iterations]
        return template("pm::param::spectral_norm", *arguments)

    def weight_norm(self, dim, path):
        if dim < -1:
            self.problem(path, f"weight_norm: dim={dim} counts from the end: name the axis by a number from 0")
        return template("pm::param::weight_norm", *(["pm::param::whole_tensor"] if dim == -1 else [] if dim == 0 else [dim]))

    def stage(self, p, path, x, y):
        if type(p).__name__ in self.known_stages:
            return self.known_stages[type(p).__name__]
        if isinstance(p, ready_made._Orthogonal):
            if x[0].dim() > 2:
                self.problem(path, "orthogonal of more than two axes is a stack of matrices in PyTorch, one matrix [out, the rest] in pm")
            base = ["pm::param::without_base"] if not hasattr(p, "base") else []
            return template("pm::param::orthogonal", "pm::param::orthogonal_map::" + p.orthogonal_map.name, *base)
        if isinstance(p, ready_made._SpectralNorm):
            return self.spectral_norm(getattr(p, "n_power_iterations", 1), p.dim, p.eps, path)
        if WeightNormParametrization and isinstance(p, WeightNormParametrization):
            return self.weight_norm(p.dim, path)
        for name, _ in p.named_parameters():
            why = "what a stage of pm has beside its originals is not trained: make it an original"
            self.problem(path, f"{type(p).__name__} has a parameter of its own, {name}; {why}")
        if any(True for name, _ in p.named_buffers() if "." in name):
            self.problem(path, f"{type(p).__name__} has modules with buffers; a stage of pm has buffers of its own")
        cls = class_of_layer(p)
        if cls in LAYERS and not list(p.parameters()):
            trial = Options(self.trial(), p, path)
            made = LAYERS[cls](p, trial)
            for where, reason in trial.exporter.problems:
                self.problem(where, reason)
            return made
        return self.own_stage(p, path, x, y)

    def own_stage(self, p, path, x, y):
        states = {name: buffer for name, buffer in p._buffers.items() if buffer is not None}
        lines, name = [], type(p).__name__
        if states:
            listed = ", ".join(template("pm::state", f'"{n}"', shape_of(b.shape)) for n, b in states.items())
            lines += ["    template <class>", f"    using state = pm::states<{listed}>;"]
        state_names = {n: re.sub(r"\W", "_", n).strip("_") or "state" for n in states}

        def function(which, function, arguments, always_state):
            translator = StageTranslator(self, p, path, function, arguments, {}, state_names)
            result = translator.run()
            tensors = flat(result)
            text = bare(tensors[0]) if not isinstance(result, tuple) else f"pm::originals({', '.join(tensors)})"
            used = always_state or any(re.search(rf"\b{n}\b", "\n".join([*translator.lines, text])) for n in state_names.values())
            parameters = translator.parameters + (list(state_names.values()) if used else [])
            signature = f"    static constexpr auto {which}({', '.join('auto ' + q for q in parameters)}) {{"
            unused = [f"        (void){q};" for q in state_names.values() if used and not re.search(rf"\b{q}\b", "\n".join([*translator.lines, text]))]
            return [signature, *unused, *(f"        {line}" for line in translator.lines), f"        return {text};", "    }"]

        says, inverse = [], []
        if hasattr(p, "right_inverse"):
            try:
                inverse = function("right_inverse", type(p).right_inverse, [y.detach()], False)
            except Untranslatable as e:
                says.append(f"right_inverse is not translated, so that the weight cannot be assigned: {e}.")
                self.note(path, f"{name}: right_inverse is not translated: {e}")
        if not inverse and len(x) > 1:
            lines += ["    template <class>", f"    using original_shapes = pm::shapes<{', '.join(shape_of(t.shape) for t in x)}>;"]
        try:
            lines += function("forward", type(p).forward, x, True)
        except Untranslatable as e:
            parameters = [f"x{k}" for k in range(len(x))] if len(x) > 1 else ["x"]
            self.to_do(f"{name}::forward: {e}")
            shapes = ", ".join(str(list(t.shape)) for t in x)
            says.insert(0, f"{name}::forward is to be written: {e}. It makes {list(y.shape)} of {shapes}. In PyTorch:")
            says += ["", *("    " + line for line in source_of(type(p)).split("\n"))]
            sentence = f"{name}::forward: write what the forward of PyTorch's {name} computes, by functions of pm, in place of this line"
            signature = ", ".join("auto " + q for q in [*parameters, *state_names.values()])
            lines += [f"    static constexpr auto forward({signature}) {{", f"        static_assert(sizeof({parameters[0]}) == 0,"]
            lines += [f'                      "{sentence}");', f"        return {parameters[0]};", "    }"]
        text = "\n".join(("// " + line).rstrip() if line[:1] == " " else comment(line) for line in says)
        return self.declare(name, (text + "\n" if text else "") + "\n".join(["struct @ {", *lines, *inverse, "};"]))


class StageTranslator(Translator):
    """Of a parametrization, whose functions are static and take its buffers as arguments."""

    def __init__(self, exporter, owner, path, function, args, kwargs, states):
        super().__init__(exporter, owner, path, function, args, kwargs, dict(states))
        self.taken |= set(states.values())

    def module_call(self, node, concrete):
        child = attribute(self.owner, node.target)
        cls = class_of_layer(child)
        if cls not in LAYERS or len(node.args) != 1 or list(child.parameters()) or list(child.buffers()):
            raise Untranslatable(f"{node.target} is no activation of pm::nn")
        if LAYERS[cls] in (identity, dropout):
            return self.value(node.args[0])
        return self.named(node, self.as_layer(child, self.text(self.value(node.args[0]))))


# --- what is written ----------------------------------------------------------------------------------------------------


def laid_out(made, indent="", width=112):
    """A type over several lines, where it is long."""
    if len(indent + made) <= width or "<" not in made:
        return indent + made
    head, inside, tail = made[: made.index("<")], made[made.index("<") + 1 : made.rindex(">")], made[made.rindex(">") :]
    parts, depth, begin = [], 0, 0
    for k, c in enumerate(inside):
        depth += (c in "<(") - (c in ">)")
        if c == "," and depth == 0:
            parts.append(inside[begin:k].strip())
            begin = k + 1
    lines, inner = [], indent + "    "
    for part in [*parts, inside[begin:].strip()]:
        if lines and len(lines[-1]) + len(part) + 3 <= width:
            lines[-1] += f" {part},"
        else:
            lines.append(laid_out(part, inner, width) + ",")
    return f"{indent}{head}<\n" + "\n".join(lines)[:-1] + tail


def indented(text):
    return textwrap.indent(text, "    ")


def header(exporter, module, made):
    about = [f"PyTorch's {name_of(module)} as a type, written by export_torch.py. Its numbers are in model.safetensors:"]
    text = comment(about[0]) + "\n//\n//     model net;\n//     pm::load(net, \"model.safetensors\");  // paramorph/io.hpp\n"
    if exporter.notes:
        text += "//\n" + "\n".join(comment(n) for n in exporter.notes) + "\n"
    text += "#pragma once\n\n#include <paramorph/paramorph.hpp>\n\nnamespace pm = paramorph;\n"
    space, is_open = exporter.namespace, False
    for name, body, members in exporter.declarations:
        if space and not is_open:
            text += f"\nnamespace {space} {{\n"
        is_open = bool(space)
        text += "\n" + body.replace("@", name) + "\n"
        if members:
            if space:
                text += f"\n}}  // namespace {space}\n\n"
                is_open = False
            text += f"BOOST_HANA_ADAPT_STRUCT({space + '::' if space else ''}{name}, {', '.join(members)});\n"
    if space and not is_open:
        text += f"\nnamespace {space} {{\n"
    flat_model = f"using model = {made};"
    text += "\n" + (flat_model if len(flat_model) <= 112 else "using model =\n" + laid_out(made, "    ") + ";") + "\n"
    return text + (f"\n}}  // namespace {space}\n" if space else "")


CHECK = """\
// Loads model.safetensors, runs the input of golden.safetensors and compares with what PyTorch gave:
//
//     check FOLDER [OUT]     exits with 0 where all agree to 1e-5; OUT: what was loaded is saved there, for PyTorch
//
// Written by export_torch.py. Links paramorph-io.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <string>

#include <paramorph/io.hpp>

#include "model.hpp"

namespace @SPACE@ {

template <class T, std::size_t... N>
static auto array_of(pm::io::tensor_dict const& from, char const* name) {
    xt::xtensor_fixed<T, xt::xshape<N...>> a;
    auto const numbers = from.values<T>(name);
    if (numbers.size() != a.size()) throw pm::error(std::string(name) + " of golden.safetensors has another shape");
    std::copy(numbers.begin(), numbers.end(), a.data());
    return a;
}

// The numbers of a result; one without axes is a number.
static auto const* numbers_of(auto const& y) {
    if constexpr (requires { y.data(); })
        return y.data();
    else
        return &y;
}
static std::size_t count_of(auto const& y) {
    if constexpr (requires { y.size(); })
        return y.size();
    else
        return 1;
}

// How far a result is from the expected one, relative to its largest number, or to 1.
static double difference(pm::io::tensor_dict const& golden, char const* name, auto const& y) {
    auto const expected = golden.values<double>(name);
    double worst = 0, scale = 1;
    if (expected.size() != count_of(y)) return std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        double const a = static_cast<double>(numbers_of(y)[i]), b = expected[i];
        if (a == b || (std::isnan(a) && std::isnan(b))) continue;
        double const d = std::abs(a - b);
        worst = std::isfinite(d) ? std::max(worst, d) : std::numeric_limits<double>::infinity();
        scale = std::isfinite(b) ? std::max(scale, std::abs(b)) : scale;
    }
    std::printf("%s: differs by %.1e\\n", name, worst / scale);
    return worst / scale;
}

static int check(std::string const& folder, char const* out) {
    static model net;
    pm::load(net, folder + "/model.safetensors");
    auto const golden = pm::io::read(folder + "/golden.safetensors");
@INPUTS@
    auto const y = net(@ARGUMENTS@);
    double worst = 0;
@COMPARISONS@
    if (out) pm::save(net, out);
    return worst <= 1e-5 ? 0 : 1;
}

}  // namespace @SPACE@

int main(int count, char** arguments) {
    try {
        return @SPACE@::check(count > 1 ? arguments[1] : ".", count > 2 ? arguments[2] : nullptr);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\\n", e.what());
        return 1;
    }
}
"""


def check_program(exporter, inputs, outputs):
    words = {torch.float32: "float", torch.float64: "double", torch.int32: "std::int32_t"}
    given = [
        f'    static auto const x{k} = array_of<{", ".join([words[t.dtype], *map(str, t.shape)])}>(golden, "input.{k}");' for k, t in enumerate(inputs)
    ]
    results = ["y"] if len(outputs) == 1 else [f"std::get<{k}>(y)" for k in range(len(outputs))]
    compared = [f'    worst = std::max(worst, difference(golden, "output.{k}", {y}));' for k, y in enumerate(results)]
    text = CHECK.replace("@SPACE@", exporter.namespace or "exported").replace("@INPUTS@", "\n".join(given))
    arguments = ", ".join(f"x{k}" for k in range(len(inputs)))
    return text.replace("@ARGUMENTS@", arguments).replace("@COMPARISONS@", "\n".join(compared))


@contextlib.contextmanager
def in_eval(module):
    modes = [(m, m.training) for m in module.modules()]
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for m, mode in modes:
            m.training = mode


def in_double(module, args, results):
    """The same results from a copy in double, or those that are there, where there is no such copy."""
    try:
        twin = copy.deepcopy(module).double().eval()
        given = [t.double() if isinstance(t, torch.Tensor) and t.is_floating_point() else t for t in flat(copied(args))]
        with torch.no_grad():
            exact = flat(twin(*as_built(args, iter(given))))
        close = [torch.allclose(a, b.double(), rtol=1e-2, atol=1e-3, equal_nan=True) for a, b in zip(exact, results)]
        return exact if all(close) else results
    except Exception:  # hooks cannot be copied, a forward may insist on float
        return results


def write_all(folder, files):
    """Writes {name: bytes} into a folder, all or none: each to a temporary file beside it, which then takes its place. What is
    there keeps its permissions; a symbolic link is followed."""
    target, waiting, made = folder, [], []
    try:
        parent = os.path.abspath(folder)
        while not os.path.lexists(parent):
            made.append(parent)
            parent = os.path.dirname(parent)
        os.makedirs(folder, exist_ok=True)
        for name, content in files.items():
            target = os.path.join(folder, name)
            real = os.path.realpath(target)
            there = os.stat(real) if os.path.exists(real) else None
            if there and not stat.S_ISREG(there.st_mode):
                raise OSError(errno.EISDIR if stat.S_ISDIR(there.st_mode) else errno.EINVAL, "it is there and no file")
            if there and not os.access(real, os.W_OK):
                raise OSError(errno.EACCES, os.strerror(errno.EACCES))
            temporary = os.path.join(os.path.dirname(real), f".{name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            waiting.append((temporary, real))
            with open(descriptor, "wb") as file:
                if there:
                    os.chmod(temporary, stat.S_IMODE(there.st_mode))
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        while waiting:
            os.replace(*waiting[0])
            del waiting[0]
        made.clear()
        with contextlib.suppress(OSError):  # some file systems and systems know no fsync of folders
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    except OSError as e:
        raise Unwritten(f"cannot write {target}: {e.strerror or e}") from e
    finally:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        for empty in made:
            with contextlib.suppress(OSError):
                os.rmdir(empty)


def export(module, example_input, folder, *, namespace=None, stages=None):
    """Writes `module` into `folder`; returns (notes, what is to be filled in), two lists of sentences.

    example_input: a tensor, or a tuple of what forward takes. namespace: of the C++ that is written. stages: types of pm
    for parametrizations, by their class names: {"Symmetric": "pm::param::symmetric"}. Raises Refused, with all that cannot
    be exported, or Unwritten, with the file and the reason; then nothing is written. The module stays as it is."""
    args = tuple(example_input) if isinstance(example_input, (tuple, list)) else (example_input,)
    exporter = Exporter(namespace, stages)
    exporter.check_tensors(module)
    if exporter.problems:
        with contextlib.suppress(Exception), in_eval(module):  # what else there is
            exporter.type_of(module, "", copied(args))
        unknown = [path + "." for path, reason in exporter.problems if "has no counterpart" in reason]
        follows = ("its forward fails", "is in state_dict()")  # from what is said anyhow
        rest = [p for p in exporter.problems if not p[1].startswith(follows[0])]
        raise Refused([p for p in rest if not (p[1].startswith(follows[1]) and p[0].startswith(tuple(unknown)))])
    inputs = [t.detach() for t in flat(args) if isinstance(t, torch.Tensor)]
    if not list(module.parameters()) and inputs and inputs[0].dtype == torch.float64:
        exporter.dtype = torch.float64
    with in_eval(module):
        try:
            result, again = module(*copied(args)), module(*copied(args))
        except Exception as e:
            raise Refused([("(the module)", f"its forward fails on the example input: {e}")]) from e
        pairs = [(a, b) for a, b in zip(flat(result), flat(again)) if isinstance(a, torch.Tensor) and a.is_floating_point()]
        if not all(a.shape == b.shape and torch.allclose(a, b, rtol=1e-4, atol=1e-5, equal_nan=True) for a, b in pairs):
            exporter.problem("", "its forward gives another result when it is called again, also in eval(): random numbers or a counter have no counterpart in pm")
        if class_of_layer(module) is nn.MultiheadAttention:
            exporter.problem("", "MultiheadAttention gives its weights, too: export a module whose forward calls it and returns the result alone")
        made = exporter.type_of(module, "", copied(args))
    if isinstance(result, dict) or not all(isinstance(t, torch.Tensor) and t.is_floating_point() for t in flat(result)):
        exporter.problem("", "its result must be a tensor of numbers, or a tuple of such")
    if not inputs:
        exporter.problem("", "its forward takes no tensor")
    for k, t in enumerate(inputs):
        if t.dtype not in (exporter.dtype, torch.int64, torch.int32) or t.dim() > MOST_AXES:
            exporter.problem(f"input {k}", f"is {str(t.dtype)[6:]} {list(t.shape)}; inputs of pm are {str(exporter.dtype)[6:]} or int32, of {MOST_AXES} axes at most")
    if exporter.problems:
        unknown = [path + "." for path, reason in exporter.problems if "has no counterpart" in reason]
        follows = ("its forward fails", "is in state_dict()")  # from what is said anyhow
        rest = [p for p in exporter.problems if not p[1].startswith(follows[0])]
        raise Refused([p for p in rest if not (p[1].startswith(follows[1]) and p[0].startswith(tuple(unknown)))])
    inputs = [t if t.is_floating_point() else t.int() for t in inputs]
    outputs = in_double(module, args, flat(result))
    stored = {k: t for k, t in module.state_dict().items() if standing(exporter.twice, k) == k}
    golden = {f"input.{k}": t for k, t in enumerate(inputs)} | {f"output.{k}": t for k, t in enumerate(outputs)}
    files = {
        "model.safetensors": to_bytes(stored, {"format": "pt"}),
        "golden.safetensors": to_bytes(golden, {"format": "pt"}),
        "model.hpp": header(exporter, module, made).encode(),
        "check.cpp": check_program(exporter, inputs, outputs).encode(),
    }
    write_all(folder, files)
    return exporter.notes, exporter.fill_in


# --- the command line ---------------------------------------------------------------------------------------------------


def example(text, module):
    """A random tensor of a shape, "1,28,28"; of indices, "7:int"."""
    shape, _, kind = text.partition(":")
    try:
        extents = [int(n) for n in shape.split(",") if n.strip()]
    except ValueError:
        extents = [0]
    if kind not in ("", "int", "int64", "int32") or any(n < 1 for n in extents):
        raise ValueError(f"--input {text}: write positive extents, 1,28,28, and :int behind them for indices")
    if kind in ("int", "int64", "int32"):
        counts = [m.num_embeddings for m in module.modules() if isinstance(m, nn.Embedding)]
        return torch.randint(0, min(counts, default=2), extents)
    first = next((p for p in module.parameters() if p.is_floating_point()), torch.zeros(()))
    return torch.randn(extents, dtype=first.dtype)


def main():
    parser = argparse.ArgumentParser(description="Writes a PyTorch network as C++.", epilog="The top of this file says what is written.")
    parser.add_argument("factory", help="module.py:name, a function that gives the module, or (module, example input)")
    parser.add_argument("--input", action="append", default=[], metavar="SHAPE", help="of an example input, 1,28,28; 7:int for indices; once for each")
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER")
    parser.add_argument("--namespace", help="of the C++ that is written")
    parser.add_argument("--stage", action="append", default=[], metavar="CLASS=TYPE", help="what a parametrization is: Symmetric=pm::param::symmetric")
    given = parser.parse_args()

    def wrong(text):
        print(f"{parser.prog}: {text}", file=sys.stderr)
        return 2

    if not given.output:
        return wrong("-o: expected a folder, found an empty name")
    if os.path.exists(given.output) and not os.path.isdir(given.output):
        return wrong(f"-o {given.output}: expected a folder, found a file")
    for text in given.stage:
        if "=" not in text:
            return wrong(f"--stage {text}: expected CLASS=TYPE, as in Symmetric=pm::param::symmetric")
    path, _, name = given.factory.rpartition(":")
    if os.path.isfile(given.factory) or not path or not name:
        return wrong(f"{given.factory}: expected module.py:name, the name of a module in the file, or of a function that gives one")
    if not os.path.isfile(path) or not path.endswith(".py"):
        return wrong(f"{given.factory}: expected module.py:name, found no file of Python {path!r}")
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
    source = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = source
    spec.loader.exec_module(source)
    if not hasattr(source, name):
        return wrong(f"{path} has no {name!r}")
    made = getattr(source, name)
    if not isinstance(made, nn.Module):
        if not callable(made):
            return wrong(f"{given.factory}: expected a module or a function that gives one, found {type(made).__name__}")
        try:
            inspect.signature(made).bind()
        except TypeError as e:
            return wrong(f"{given.factory}: expected a function without parameters: {e}")
        except ValueError:
            pass  # one without a signature
        made = made()
    module, inputs = made if isinstance(made, tuple) and len(made) == 2 else (made, None)
    if not isinstance(module, nn.Module):
        return wrong(f"{given.factory}: expected a module, or (module, example input), found {type(module).__name__}")
    if given.input:
        try:
            inputs = tuple(example(text, module) for text in given.input)
        except ValueError as e:
            return wrong(e)
        except (RuntimeError, MemoryError) as e:
            return wrong(f"--input: {str(e).splitlines()[0] if str(e) else 'not enough memory'}")
    if inputs is None:
        parser.error("name the shape of an example input: --input 1,28,28")
    stages = dict(text.split("=", 1) for text in given.stage)
    try:
        notes, fill_in = export(module, inputs, given.output, namespace=given.namespace, stages=stages)
    except Refused as e:
        print(e, file=sys.stderr)
        return 1
    except Unwritten as e:
        return wrong(e)
    for text in notes:
        print("note:", text)
    for text in fill_in:
        print("to fill in, in model.hpp:", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
