"""The tool `paramorph`: what each command says, its exit codes, its errors, its completion: `tool.py PROGRAM SOURCE_FOLDER`.

SPDX-License-Identifier: BSL-1.0
"""

import json
import os
import pathlib
import re
import resource
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
passed = failed = 0


def check(holds: bool, what: str) -> None:
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"FAILED: {what}")


def tool(*words, **options) -> tuple[int, str, str]:
    r = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=60, **options)
    return r.returncode, r.stdout, r.stderr


def is_error(what: str, said: str, *words, **options) -> None:
    """One line on standard error, nothing on standard output, the code 2."""
    code, out, err = tool(*words, **options)
    one_line = err.count("\n") == 1 and err.endswith("\n") and err.startswith("paramorph: ")
    check(code == 2 and one_line and not out and said in err, f"{what}: {code} {out!r} {err!r}")


def write(path: pathlib.Path, tensors: dict, metadata: dict | None = None) -> pathlib.Path:
    codes = {"F64": "d", "F32": "f", "F16": "e", "I64": "q", "I32": "i", "I8": "b"}
    header, data = {} if metadata is None else {"__metadata__": metadata}, b""
    for name, (dtype, shape, numbers) in tensors.items():
        content = numbers if isinstance(numbers, bytes) else struct.pack(f"<{len(numbers)}{codes[dtype]}", *numbers)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def read(path: pathlib.Path) -> dict:
    content = path.read_bytes()
    size = struct.unpack_from("<Q", content)[0]
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__", None)
    for entry in header.values():
        begin, end = entry["data_offsets"]
        entry["bytes"] = content[8 + size + begin : 8 + size + end]
    return header


def inspect(at: pathlib.Path) -> None:
    nan, inf = float("nan"), float("inf")
    file = write(
        at / "a.safetensors",
        {
            "0.weight": ("F32", [2, 2], [0.6, -0.8, 0.8, 0.6]),
            "1.parametrizations.weight.original0": ("F32", [2, 1], [1, 2]),
            "1.parametrizations.weight.original1": ("F32", [2, 2], [1, 2, 3, 4]),
            "parametrizations.gain.original": ("F64", [], [1.5]),
            "odd": ("F32", [5], [nan, inf, -inf, 3, -1]),
            "large": ("F64", [2], [1.7e308, 1.7e308]),
            "tiny": ("F64", [2], [5e-324, 5e-324]),
            "none": ("F16", [0, 3], []),
            "n": ("I64", [], [7]),
            "deep": ("I8", [1, 1, 1, 1, 1], [1]),
            "a\nname": ("F32", [1, 1], [2]),
        },
        {"format": "pt"},
    )
    code, out, err = tool("inspect", "--json", file)
    j = json.loads(out)
    t = {e["name"]: e for e in j["tensors"]}
    check(code == 0 and not err and j["metadata"] == {"format": "pt"} and j["numbers"] == 23, f"inspect: {out}")
    check({"stiefel", "orthogonal", "special_orthogonal", "invertible", "unit_rows"} <= set(t["0.weight"]["sets"]), "inspect: sets")
    check("sets" in t["odd"] and t["odd"]["sets"] == [] and t["odd"]["nan"] == 1 and t["odd"]["inf"] == 2, "inspect: NaN and inf")
    check(t["odd"]["min"] == -1 and t["odd"]["max"] == 3 and t["odd"]["mean"] == 1, "inspect: of what is finite")
    check(t["large"]["mean"] == 1.7e308, "inspect: a mean of large numbers")
    check(t["tiny"]["mean"] == 5e-324, "inspect: a mean of subnormal numbers")
    check(t["none"]["min"] is None and t["none"]["bytes"] == 0 and t["n"]["max"] == 7, "inspect: empty and integers")
    check(t["1.parametrizations.weight.original1"]["of"] == "1.weight", "inspect: of")
    check(j["parametrized"] == {"1.weight": ["original0", "original1"], "gain": ["original"]}, f"inspect: {j['parametrized']}")
    code, out, err = tool("inspect", file)
    row = next(line for line in out.splitlines() if line.startswith("0.weight"))
    check(code == 0 and row.split()[-1] == "special_orthogonal" and "[2, 2]" in row, f"inspect: {row}")
    check("a\\x0aname" in out and "parametrized: 1.weight (original0, original1)" in out, f"inspect: {out}")
    check("special_orthogonal" not in tool("inspect", "--no-sets", file)[1], "inspect: --no-sets")
    for command in (["inspect"], ["check", "--finite"], ["picture", "-o", "-"], ["header", "-o", "-", "--name", "n"], ["diff", file]):
        is_error(f"{command[0]}: a path", "odd\\x1b[31m\\x0apath", *command, at / "odd\x1b[31m\npath")
    write(at / "\x1b\n", {"a": ("F32", [1], [1])})
    is_error("header: a path that there is", "/\\x1b\\x0a: --keep", "header", at / "\x1b\n", "-o", at / "x.hpp", "--as", "int8", "--keep", "b")
    is_error("an argument", "\\x1b[31m", "inspect", file, "\x1b[31m")


def diff(at: pathlib.Path) -> None:
    nan = float("nan")
    first = write(at / "a", {"w": ("F32", [3], [1, 2, nan]), "n": ("I64", [2], [2**60, 5]), "x": ("F32", [1], [1])})
    same = write(at / "b", {"x": ("F32", [1], [1]), "n": ("I64", [2], [2**60, 5]), "w": ("F32", [3], [1, 2, nan])})
    check(tool("diff", first, same)[0] == 0, "diff: the order of names does not matter, NaN is NaN")
    near = write(at / "c", {"w": ("F32", [3], [1, 2.0009765625, nan]), "n": ("I64", [2], [2**60 + 1, 5]), "x": ("F32", [1], [1])})
    code, out, _ = tool("diff", "--json", first, near)
    j = json.loads(out)
    v = {e["name"]: e for e in j["values"]}
    check(code == 1 and not j["equal"] and v["w"]["max_absolute"] == 0.0009765625 and v["w"]["element"] == 1, f"diff: {out}")
    check(v["w"]["count"] == 1 and abs(v["w"]["max_relative"] - 0.0009765625 / 2.0009765625) < 1e-12, f"diff: {out}")
    check("n" in v, "diff: integers beyond 2^53 are told apart")
    close = write(at / "d", {"w": ("F32", [3], [1, 2.0009765625, nan]), "n": ("I64", [2], [2**60, 5]), "x": ("F32", [1], [1])})
    check(tool("diff", "--rtol", "1e-3", first, close)[0] == 0 and tool("diff", "--atol", "1e-3", first, close)[0] == 0, "diff: tolerances")
    check(tool("diff", "--atol", "1e-4", first, close)[0] == 1, "diff: a tolerance that is too small")
    other = write(at / "e", {"w": ("F64", [3], [1, 2, 3]), "n": ("I64", [1, 2], [1, 5]), "y": ("F32", [1], [1])})
    code, out, _ = tool("diff", first, other)
    for line in ("missing: x: F32 [1]", "extra: y: F32 [1]", "shape: n: [2], then [1, 2]", "type: w: F32, then F64"):
        check(code == 1 and line in out, f"diff: {line}: {out}")
    check("values: w: 1 of 3 differ" in out, f"diff: a NaN is no number: {out}")
    net = {"0.w": ("F32", [1], [1]), "0.b": ("F32", [1], [2])}
    plain, below = write(at / "plain", net), write(at / "below", {f"module.{k}": v for k, v in net.items()})
    within = write(at / "within", {k.replace(".", "._orig_mod."): v for k, v in net.items()})
    for a, b, said in (
        (below, plain, f"the names of {below} begin with `module.`, which DataParallel puts there: `paramorph convert --strip-prefix module.` writes"),
        (plain, below, f"the names of {below} begin with `module.`, which DataParallel puts there: `paramorph convert --strip-prefix module.` writes"),
        (within, plain, f"the names of {within} have `_orig_mod` in them, which torch.compile puts there: `paramorph convert --strip-part _orig_mod`"),
    ):
        code, out, _ = tool("diff", a, b)
        check(code == 1 and out.splitlines()[-2].startswith(said) and out.endswith("0 tensors are the same; the files differ\n"), f"diff: {out}")
        check(json.loads(tool("diff", "--json", a, b)[1])["advice"].startswith(said), "diff --json: advice")
    check("advice" not in json.loads(tool("diff", "--json", first, other)[1]), "diff: no advice where none is known")


def many_tensors(at: pathlib.Path) -> None:
    """Ten times the tensors take some ten times as long, not a hundred times."""

    def seconds(count: int) -> float:
        names = [f"layers.{k}.parametrizations.weight.original{i}" for k in range(count) for i in range(2)]
        one = write(at / "one", {n: ("F32", [1, 1], [1]) for n in names})
        write(at / "two", {n: ("F32", [1, 1], [1]) for n in [f"module.{m}" for m in reversed(names)]})
        before = os.times()
        check(tool("diff", one, at / "two")[0] == 1 and tool("diff", one, one)[0] == 0, "diff: many tensors")
        check(tool("convert", "--names", "old", one, at / "old")[0] == 0 and "layers.0.weight_g" in read(at / "old"), "convert: many tensors")
        after = os.times()
        return after.children_user - before.children_user

    few = seconds(3000)
    many = seconds(30000)
    check(many < 40 * few, f"many tensors: {few:.2f} s, then {many:.2f} s for ten times as many")


def convert(at: pathlib.Path) -> None:
    file = write(at / "a", {"module.w": ("F32", [2], [1.0009765625, 2]), "module.n": ("I64", [], [3])})
    code, out, _ = tool("convert", "--to", "float16", "--strip-prefix", "module.", "--rename", "w=v", file, at / "b")
    made = read(at / "b")
    check(code == 0 and set(made) == {"v", "n"} and made["v"]["dtype"] == "F16" and made["n"]["dtype"] == "I64", f"convert: {out}")
    check(made["v"]["bytes"] == struct.pack("<2e", 1.0009765625, 2), "convert: numbers")
    check(tool("convert", "--to", "F16", at / "a", at / "short")[0] == 0 and read(at / "short")["module.w"]["dtype"] == "F16", "convert: F16")
    check(tool("convert", "--add-prefix", "m.", at / "b", at / "b")[0] == 0 and set(read(at / "b")) == {"m.v", "m.n"}, "convert: onto itself")
    within = write(at / "within", {"a._orig_mod.w": ("F32", [1], [1]), "_orig_mod.b": ("F32", [1], [2]), "c": ("F32", [1], [3])})
    check(tool("convert", "--strip-part", "_orig_mod", within, at / "s")[0] == 0 and set(read(at / "s")) == {"a.w", "b", "c"}, "convert: --strip-part")
    is_error("convert: all parts", "--strip-part: nothing is left of the name c", "convert", "--strip-part", "c", within, at / "d")
    before = (at / "b").read_bytes()
    large = write(at / "c", {"w": ("F32", [2], [1, 1e6])})
    is_error("convert: too large", "w: element 1 (row-major), 1000000, is beyond what a F16 holds", "convert", "--to", "float16", large, at / "b")
    check((at / "b").read_bytes() == before, "convert: what fails changes nothing")
    is_error("convert: rename", '--rename: expected OLD=NEW, found "w"', "convert", "--rename", "w", file, at / "d")
    is_error("convert: no tensor", "--rename: no tensor is called q", "convert", "--rename", "q=r", file, at / "d")
    is_error("convert: a name like it", "--rename: no tensor is called w; there is module.w", "convert", "--rename", "w=r", file, at / "d")
    is_error("convert: all of a name", "--strip-prefix: nothing is left of the name w", "convert", "--strip-prefix", "w", large, at / "d")
    is_error("convert: prefix", "w does not begin with x", "convert", "--strip-prefix", "x", large, at / "d")
    is_error("convert: twice", "twice", "convert", "--rename", "module.w=module.n", file, at / "d")
    is_error("convert: type", 'expected the type float64, float32, float16 or bfloat16, found "int4"', "convert", "--to", "int4", file, at / "d")
    is_error("convert: names", '--names: expected new or old, found "middle"', "convert", "--names", "middle", file, at / "d")
    check(not (at / "d").exists(), "convert: nothing is written")

    tensors = {"w_g": ("F32", [2, 1], [1, 2]), "w_v": ("F32", [2, 2], [1, 2, 3, 4]), "0.x_orig": ("F32", [1, 2], [1, 2])}
    tensors |= {"0.x_u": ("F32", [1], [1]), "0.x_v": ("F32", [2], [1, 0]), "big_g": ("F32", [1], [1]), "_g": ("F32", [1], [1])}
    tool("convert", "--names", "new", write(at / "old", tensors), at / "new")
    expected = {"parametrizations.w.original0", "parametrizations.w.original1", "0.parametrizations.x.original"}
    expected |= {"0.parametrizations.x.0._u", "0.parametrizations.x.0._v", "big_g", "_g"}
    check(set(read(at / "new")) == expected, f"convert --names new: {set(read(at / 'new'))}")
    tool("convert", "--names", "old", at / "new", at / "back")
    check({k: v["bytes"] for k, v in read(at / "back").items()} == {k: v["bytes"] for k, v in read(at / "old").items()}, "convert --names old")
    npy = at / "w.npy"
    text = b"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }\n"
    npy.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + struct.pack("<4f", 1, 3, 2, 4))
    tool("convert", npy, at / "f")
    check(read(at / "f")["w"]["bytes"] == struct.pack("<4f", 1, 2, 3, 4), "convert: .npy")
    with zipfile.ZipFile(at / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(npy, "first.npy")
    code, out, _ = tool("convert", at / "x.npz")
    check(code == 0 and "x.safetensors: 1 tensor" in out and set(read(at / "x.safetensors")) == {"first"}, f"convert: .npz alone: {out}")
    is_error("convert: there already", f"{at / 'x.safetensors'} is there already: name the file to write", "convert", at / "x.npz")
    is_error("convert: no output", f"convert: name the file to write: paramorph convert {file} OUT", "convert", file)
    for ending in (".npz", ".npy", ".pt", ".gguf"):
        is_error(f"convert: {ending}", "writes safetensors, found the name", "convert", file, at / f"d{ending}")


def check_command(at: pathlib.Path) -> None:
    file = write(
        at / "a",
        {
            "0.weight": ("F32", [2, 2], [0.6, -0.8, 0.8, 0.6002]),
            "p": ("F32", [3], [0.2, 0.3, 0.5]),
            "r": ("F64", [2, 2], [1, 2, 2, 4]),
            "1.parametrizations.weight.original": ("F32", [1], [1]),
            "n": ("I64", [1], [1]),
            "bad": ("F32", [2], [1, float("inf")]),
            "h": ("F16", [2, 2], [0.6, -0.8, 0.8, 0.6]),
            "none": ("F32", [0], []),
            "no_columns": ("F32", [2, 0], []),
            "no_rows": ("F32", [0, 2], []),
        },
    )
    for wish, code in {
        "p=simplex": 0, "p=positive": 0, "p=interval<0,0.5>": 0, "p=interval<0, 0.4>": 1, "p=at_least<0.2>": 0, "p=at_most<0.4>": 1,
        "p=at_least<0.3>": 1, "r=rank_at_most<1>": 0, "r=rank_at_most<0>": 1, "r=symmetric": 0, "r=invertible": 1, "r=positive_semidefinite": 0,
        "none=simplex": 1, "none=unit_rows": 1, "none=positive": 0, "none=sum_to_zero": 0, "no_columns=row_stochastic": 1, "no_columns=simplex": 1,
        "no_columns=column_stochastic": 0, "no_rows=row_stochastic": 0, "no_rows=column_stochastic": 1, "no_rows=simplex": 0, "no_rows=unit_rows": 0,
        "r=spd": 1, "0.weight=orthogonal": 1, "h=orthogonal": 0, "[pr]=nonnegative": 0, "0.weight=skew": 1,
    }.items():  # fmt: skip
        check(tool("check", "--set", wish, file)[0] == code, f"check {wish}: {code}")
    check(tool("check", "--tolerance", "1e-3", "--set", "0.weight=orthogonal", file)[0] == 0, "check: --tolerance")
    code, out, _ = tool("check", "--set", "0.weight=orthogonal", "--set", "p=simplex", file)
    check(code == 1 and "0.weight: not in orthogonal, with the tolerance 0.0001; it is with 0.001" in out and "p: in simplex" in out, f"check: {out}")
    code, out, _ = tool("check", "--finite", "--json", file)
    j = json.loads(out)
    check(code == 1 and [r["name"] for r in j["results"] if not r["finite"]] == ["bad"], f"check --finite: {out}")
    check(tool("check", file)[0] == 0, "check: that a file can be read")
    is_error("check: no tensor", "no tensor is called q", "check", "--set", "q=simplex", file)
    is_error("check: a name like it", "no tensor is called weight; there is 0.weight", "check", "--set", "weight=simplex", file)
    within = write(at / "within", {"0._orig_mod.weight": ("F32", [1], [1])})
    is_error("check: a name with a part", "no tensor is called 0.weight; there is 0._orig_mod.weight", "check", "--set", "0.weight=simplex", within)
    is_error("check: no set", 'no set is called "orthodox"; there are nonnegative', "check", "--set", "p=orthodox", file)
    for wish in ("p=interval<1,0>", "p=interval<0>", "p=at_least<x>", "p=rank_at_most<1.5>", "p=rank_at_most<-1>", "p=at_least<1"):
        is_error(f"check: {wish}", "no set is called", "check", "--set", wish, file)
    is_error("check: integers", "n: cannot be in a set: I64 is no type of real numbers", "check", "--set", "n=positive", file)
    is_error("check: originals", "the file has what was trained of it", "check", "--set", "1.weight=orthogonal", file)
    is_error("check: form", "--set: expected KEY=SET, as in 0.weight=orthogonal, found", "check", "--set", "p", file)


def picture(at: pathlib.Path) -> None:
    file = write(
        at / "net.safetensors",
        {
            "0.parametrizations.weight.original0": ("F32", [2, 1], [1, 2]),
            "0.bias": ("F32", [2], [float("nan"), 2]),
            "0.parametrizations.weight.original1": ("F32", [2, 2], [1, 2, 3, 4]),
            "<&\">.weight": ("F32", [2, 2], [0, 1, -1, 0]),
            "gain": ("F64", [], [3]),
        },
    )
    code, out, err = tool("picture", file)
    root = xml.etree.ElementTree.fromstring(out)
    words = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    check(code == 0 and not err and words[0] == "net.safetensors: 5 tensors, 13 numbers, 56 bytes", f"picture: {words}")
    check("0" in words and '<&">' in words and "(top)" in words, f"picture: modules {words}")
    check("bias F32 [2]" in words, f"picture: a tensor that is not finite is in no set {words}")
    check(any(w.startswith("weight F32 [2, 2], ") and "special_orthogonal" in w for w in words), f"picture: sets {words}")
    together = [w for w in words if w.startswith("weight of original0 F32 [2, 1]") and "; original1 F32 [2, 2]" in w]
    check(len(together) == 1, f"picture: what is of one weight stands together {words}")
    check(not any("class" in e.attrib and e.get("class") == "edge" for e in root.iter()), "picture: nothing joins modules")
    check(tool("picture", file)[1] == out, "picture: the same twice")
    code, said, _ = tool("picture", "-o", at / "net.svg", file)
    check(code == 0 and not said and (at / "net.svg").read_text() == out, "picture: -o")
    code, dot, _ = tool("picture", "--dot", "--no-sets", file)
    check(code == 0 and dot.startswith("digraph network {") and "special_orthogonal" not in dot and "style=invis" in dot, f"picture: {dot}")
    code, said, _ = tool("picture", "--json", file)
    j = json.loads(said)
    check(code == 0 and [m["name"] for m in j["modules"]] == ["0", '<&">', ""], f"picture --json: {said}")
    code, out, _ = tool("picture", write(at / "none", {}))
    check(code == 0 and xml.etree.ElementTree.fromstring(out) is not None, "picture: of nothing")
    is_error("picture: folder", "No such file or directory", "picture", file, "-o", at / "no" / "net.svg")
    is_error("picture: no file", "no-such", "picture", at / "no-such")


def header(at: pathlib.Path) -> None:
    file = write(at / "net.safetensors", {"w": ("F32", [1, 2], [1, 2]), "n": ("I64", [], [3])})
    code, out, _ = tool("header", file, "-o", at / "net.hpp")
    text = (at / "net.hpp").read_text()
    check(code == 0 and not out and "namespace net {" in text and '"net.safetensors"' in text, f"header: {text}")
    check(text.isascii() and max(map(len, text.splitlines())) < 1000, "header: lines that editors show")
    check("#if defined(PARAMORPH_READ_PARAMORPH) || defined(PARAMORPH_READ_EMBED)\n#elif" in text, "header: behind the one header it includes no other")
    code, out, _ = tool("header", file, "-o", "-", "--name", "a::b")
    check(code == 0 and "namespace a::b {" in out, "header: on the standard output")
    before = (at / "net.hpp").read_bytes()
    for what, said, content in (
        ("not finite", "w: element 1 (row-major) is not finite: nan", {"w": ("F32", [2], [1, float("nan")])}),
        ("float64", "w: element 0 (row-major), 1.0000000000000001e+300, is beyond what a F32 holds", {"w": ("F64", [1], [1e300])}),
        ("axes", "along at most four axes, as tensors of networks have, found [1, 1, 1, 1, 1]", {"w": ("F32", [1] * 5, [1])}),
        ("empty", "one to 2^31 - 1 elements", {"w": ("F32", [0], [])}),
        ("nothing", "it holds no tensors", {}),
        ("an empty name", "a tensor has an empty name", {"": ("F32", [1], [1])}),
    ):
        is_error(f"header: {what}", said, "header", write(at / "x", content), "-o", at / "net.hpp")
    is_error("header: float16", "--as bfloat16 has the range of float", "header", write(at / "x", {"w": ("F32", [1], [7e4])}), "-o", at / "net.hpp", "--as", "float16")
    is_error("header: int8", "weights of row 0 are so large", "header", write(at / "x", {"w": ("F32", [1, 2], [3e38, 1])}), "-o", at / "net.hpp", "--as", "int8")
    is_error("header: type", 'found "int4"', "header", file, "-o", at / "net.hpp", "--as", "int4")
    is_error("header: name", "'new' is no name for a namespace", "header", file, "-o", at / "net.hpp", "--name", "new")
    is_error("header: no name", "header: what is written to the standard output needs a --name", "header", file, "-o", "-")
    is_error("header: two outputs", "header: --json and the header are both for the standard output", "header", file, "-o", "-", "--name", "net", "--json")
    is_error("header: keep", "it is of --as int8", "header", file, "-o", at / "net.hpp", "--keep", "w")
    is_error("header: a name like it", "--keep: no tensor is called w; there is module.w", "header", write(at / "x", {"module.w": ("F32", [1], [1])}), "-o", at / "net.hpp", "--as", "int8", "--keep", "w")
    is_error("header: keep", "--keep: no tensor is called q", "header", file, "-o", at / "net.hpp", "--as", "int8", "--keep", "q")
    is_error("header: all of a name", "--strip-prefix: nothing is left of the name w", "header", file, "-o", at / "net.hpp", "--strip-prefix", "w")
    is_error("header: folder", "No such file or directory", "header", file, "-o", at / "no" / "net.hpp")
    check((at / "net.hpp").read_bytes() == before, "header: what fails changes nothing")
    if pathlib.Path("/dev/full").exists():
        is_error("a full disk", 'header: cannot write "/dev/full": No space left on device', "header", file, "-o", "/dev/full", "--name", "full")


def outputs(at: pathlib.Path) -> None:
    """What is read is never written, and what is written is replaced as a whole, with its permissions."""
    file = write(at / "p.st", {"w": ("F32", [1, 2], [1, 2])})
    before = file.read_bytes()
    (at / "link.st").symlink_to(file)
    os.link(file, at / "hard.st")
    for command in ("header", "picture"):
        for read_as, written_as in (("p.st", "p.st"), ("p.st", "link.st"), ("link.st", "p.st"), ("p.st", "hard.st"), ("p.st", "./p.st")):
            said = f"{command}: {at}/{written_as} is the file that is read: name another one"
            is_error(f"{command} of {read_as} into {written_as}", said, command, at / read_as, "-o", f"{at}/{written_as}")
        check(file.read_bytes() == before and (at / "link.st").is_symlink(), f"{command}: the file that is read stays")
        out = at / f"{command}.hpp"
        for mode in (0o600, 0o640, 0o755):
            out.write_text("older")
            out.chmod(mode)
            code, _, err = tool(command, file, "-o", out)
            check(code == 0 and out.stat().st_mode & 0o777 == mode and out.read_text() != "older", f"{command}: keeps the mode {mode:o} {err}")
        (at / "to").unlink(missing_ok=True)
        (at / "to").symlink_to(out)
        check(tool(command, file, "-o", at / "to")[0] == 0 and (at / "to").is_symlink(), f"{command}: a link is followed")
        written, _ = tool(command, file, "-o", "/dev/stdout", *(["--name", "net"] if command == "header" else []))[1:]
        check("namespace net" in written or "<svg" in written, f"{command}: /dev/stdout is written as it stands")
        is_error(f"{command}: folder", "expected a file, found a folder", command, file, "-o", at, *(["--name", "net"] if command == "header" else []))
        check(not list(at.glob(".*")), f"{command}: no temporary file stays")
        protected = at / f"protected_{command}.hpp"
        protected.write_text("older")
        protected.chmod(0o444)
        os.chmod(at, 0o777)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            subprocess.run([program, "--version"], check=True, capture_output=True, **nobody)
        except (OSError, subprocess.SubprocessError):
            print("the program cannot be run by another user: permissions are not tried")
        else:
            is_error(f"{command}: protected", f'{command}: cannot replace "{protected}": Permission denied', command, file, "-o", protected, **nobody)
            check(protected.read_text() == "older", f"{command}: what is protected stays")


def bad_files(at: pathlib.Path) -> None:
    """One line each, and no more memory than the file justifies: 512 MB of addresses are all there is."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))

    os.mkfifo(at / "pipe")
    good = write(at / "good", {"w": ("F32", [2], [1, 2])}).read_bytes()
    gigantic = b'{"w":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,36893488147419103228]}}'
    files = {
        "truncated": (good[:-1], "expected a range of the 7 bytes behind the header"),
        "cut": (good[:20], "the file is cut short"),
        "empty": (b"", "found 0 bytes"),
        "long header": (struct.pack("<Q", 2**63) + b"{}", "at most 100000000"),
        "longest header": (struct.pack("<Q", 100_000_000) + b"{}", "cut short"),
        "gigantic": (struct.pack("<Q", len(gigantic)) + gigantic, "expected two integers from 0 to 2^64 - 1"),
        "text": (b"hello, this is no file of tensors", "is it safetensors, .npy or .npz?"),
        "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "it is a pointer of Git LFS: get the file by `git lfs pull`"),
        "an index": (b'{"metadata": {"total_size": 8}, "weight_map": {}}', "it is JSON, as the index of a checkpoint in several files is"),
        "GGUF": (b"GGUF\x03" + bytes(40), "it is GGUF"),
        "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(40), "it is HDF5"),
        "gzip": (b"\x1f\x8b\x08" + b"\x01" * 40, "gzip packed it: unpack it"),
        "a page": (b"<!DOCTYPE html><html>404", "it is a page of the web"),
        "pickle": (b"\x80\x04\x95" + b"\x01" * 40, "it is a pickle"),
        "zeros": (good[:8].replace(good[:1], bytes([good[0] + 3])) + good[8:-8] + bytes(3) + good[-8:], "it is filled up with zeros, where safetensors has spaces"),
    }
    for name, (content, said) in files.items():
        (at / "bad").write_bytes(content)
        is_error(name, said, "inspect", at / "bad", preexec_fn=limited)
    twins = b'{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}'
    (at / "bad").write_bytes(struct.pack("<Q", len(twins)) + twins + b"\0\0")
    is_error("overlapping", "it overlaps another tensor", "inspect", at / "bad", preexec_fn=limited)
    with open(at / "sparse", "wb") as sparse:  # a header that the file has, all of it zeros
        sparse.write(struct.pack("<Q", 99_999_999) + b"{")
        sparse.truncate(100_000_007)
    is_error("a header of zeros", "found a zero at byte 9", "inspect", at / "sparse", preexec_fn=limited)
    deep = struct.pack("<Q", 50_000_000) + b'{"w":' + b"[" * 49_999_995
    (at / "deep").write_bytes(deep)
    is_error("deep nesting", 'expected an object for "w", found an array', "inspect", at / "deep", preexec_fn=limited)
    is_error("missing", "No such file", "inspect", at / "nothing")
    is_error("folder", "found a folder", "inspect", at)
    is_error("pipe", "found a pipe", "inspect", at / "pipe")
    is_error("device", "found a device", "inspect", "/dev/null")
    is_error("device", "found a device", "inspect", "/dev/zero", preexec_fn=limited)
    secret = write(at / "secret", {"w": ("F32", [1], [1])})
    secret.chmod(0)
    os.chmod(at, 0o755)
    # Whoever may read everything becomes somebody else, who may still run the program.
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, **nobody)
    except (OSError, subprocess.SubprocessError):
        print("the program cannot be run by another user: permissions are not tried")
    else:
        is_error("permission", "Permission denied", "inspect", secret, **nobody)


def command_line() -> None:
    code, out, err = tool("--help")
    check(code == 0 and "examples:" in out and "exit codes:" in out and not err, "--help")
    for command in ("inspect", "diff", "convert", "header", "check", "picture"):
        code, out, _ = tool(command, "--help")
        check(code == 0 and "examples:" in out and "exit codes:" in out and "--json" in out, f"{command} --help")
        options = set(re.findall(r"(--[a-z-]+)", out.split("examples:")[0])) - {"--help", "--output"}
        manual = (source / "paramorph.1").read_text().replace("\\-", "-")
        for script in ("paramorph.bash", "_paramorph"):
            completion = (source / script).read_text()
            check(all(o in completion for o in options), f"{script}: an option of {command} is missing: {options}")
        check(all(o in manual for o in options), f"paramorph.1: an option of {command} is missing: {options}")
    check(re.fullmatch(r"\d+\.\d+\.\d+\n", tool("--version")[1]) is not None, "--version")
    is_error("no command", "subcommand is required", *[])
    is_error("another command", 'no command is called "inspekt"; there are inspect, diff, convert, header, check, picture', "inspekt", "x")
    is_error("unknown option", "--what", "inspect", "--what", "x")
    for option in ("--atol", "--rtol"):
        for text in ("-1", "nan", "-nan", "x", "1e-3x", "-inf"):
            is_error(f"{option} {text}", f'{option}: expected a number of at least 0, found "{text}"', "diff", "a", "b", f"{option}={text}")
    for text in ("-1", "nan", "x"):
        is_error(f"--tolerance {text}", f'--tolerance: expected a number of at least 0, found "{text}"', "check", "a", f"--tolerance={text}")
    if pathlib.Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            r = subprocess.run([program, "--help"], stdout=full, stderr=subprocess.PIPE)
            check(r.returncode in (0, 2), "--help on a full disk")
    words = {"paramorph ins": ["inspect"], "paramorph header --as b": ["bfloat16"], "paramorph check --f": ["--finite"]}
    for line, expected in words.items():
        parts = line.split()
        script = f"source {source / 'paramorph.bash'}; COMP_WORDS=({line}); COMP_CWORD={len(parts) - 1}; _paramorph; echo ${{COMPREPLY[@]}}"
        said = subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout.split()
        check(said == expected, f"completion of `{line}`: {said}")


def progress(at: pathlib.Path) -> None:
    """Nothing of it where standard error is no terminal."""
    file = write(at / "large", {"w": ("F32", [1 << 22], bytes(1 << 24))})
    check(tool("inspect", "--no-sets", file)[2] == "", "progress is only for terminals")


for part in (inspect, diff, many_tensors, convert, check_command, picture, header, outputs, bad_files, progress):
    with tempfile.TemporaryDirectory() as folder:
        part(pathlib.Path(folder))
command_line()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
