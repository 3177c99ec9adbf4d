"""The exporter, examples/export_torch.py: `export.py PROGRAM [SEED]`.

Each module of export_modules.py is exported; what is written compiles, loads, and gives what PyTorch gives to 1e-5; what
pm::save writes is read by load_state_dict(strict=True), and the module gives the same to the last bit. Some train on: after
a step of both, the tensors agree, and the frozen network gives what the network gives. What cannot be exported is refused
with the reason, all at once, and nothing is written. The modules in `exported/` are what the exporter writes today; PROGRAM
is made of them.
SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import json
import os
import pathlib
import resource
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import time

try:
    import torch
except ImportError:
    print("PyTorch is not installed: skipped")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent / "examples")]

import export_torch  # noqa: E402
from compile_command import compile_command  # noqa: E402
from export_modules import MODULES, STORED, TRAINED, UNFINISHED, REFUSED, Changing, Computes, parts_of_forward  # noqa: E402

RATE = 0.1
PROGRAMS = 6  # that all modules are compiled into
TRAIN = """
static int train(std::string const& folder, char const* out) {
    static model net;
    pm::load(net, folder + "/model.safetensors");
    auto const golden = pm::io::read(folder + "/golden.safetensors");
@INPUTS@
    constexpr auto loss = [](auto& n, auto... x) {
        return [](auto const&... y) { return (pm::mean(y * y) + ...); }(@RESULTS@);
    };
    auto step = pm::value_and_grad(loss, net);
    pm::optim::sgd optimizer{net, {.learning_rate = @RATE@}};
    optimizer.step(step(@ARGUMENTS@).gradient);
    pm::save(net, out);
    auto const frozen = pm::freeze(net);
    auto const y = net(@ARGUMENTS@), z = frozen(@ARGUMENTS@);
    double worst = 0;
@COMPARISONS@
    return worst <= 1e-5 ? 0 : 1;
}
"""


def check(holds, what):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print("FAILED:", what, flush=True)


def build(name):
    torch.manual_seed(seed)
    return MODULES[name]()


def tensors(value):
    return [t for t in export_torch.flat(value) if isinstance(t, torch.Tensor)]


def results(module, given):
    args = given if isinstance(given, tuple) else (given,)
    return tensors(module(*export_torch.copied(args)))


def training_part(name, program, count):
    """`train`, with the inputs and arguments of a written check.cpp."""
    inputs = "\n".join(line for line in program.split("\n") if "static auto const x" in line)
    arguments = program.split("net(")[1].split(")")[0]
    of_net = "n(x...)" if count == 1 else ", ".join(f"std::get<{k}>(n(x...))" for k in range(count))
    pairs = ["y, z"] if count == 1 else [f"std::get<{k}>(y), std::get<{k}>(z)" for k in range(count)]
    compared = "\n".join(f"    if (double const d = apart({pair}); d > worst || d != d) worst = d;" for pair in pairs)
    text = TRAIN.replace("@INPUTS@", inputs).replace("@ARGUMENTS@", arguments).replace("@RATE@", str(RATE))
    return f"namespace {name} {{\n{text.replace('@RESULTS@', of_net).replace('@COMPARISONS@', compared)}\n}}  // namespace {name}\n"


def write_program(path, names, counts):
    text = "#include <cstring>\n#include <paramorph/io.hpp>\n#include <paramorph/paramorph.hpp>\n"
    text += "[[maybe_unused]] static double apart(auto const& a, auto const& b) {\n    double worst = 0;\n"
    text += "    for (std::size_t i = 0; i < a.size(); ++i) if (double const d = std::abs(double(a.data()[i]) - double(b.data()[i])); d > worst || d != d) worst = d;\n"
    text += "    return worst;\n}\n"
    for name in names:
        text += f'#define main check_{name}\n#include "{work}/{name}/check.cpp"\n#undef main\n'
        if name in TRAINED:
            text += training_part(name, (work / name / "check.cpp").read_text(), counts[name])
    text += "int main(int count, char** arguments) {\n    std::string const name = count > 4 ? arguments[1] : \"\";\n"
    for name in names:
        text += f'    if (name == "{name}") {{\n'
        train = f"{name}::train(arguments[2], arguments[4])" if name in TRAINED else "0"
        text += f"        if (int const wrong = check_{name}(3, arguments + 1)) return wrong;\n        return {train};\n    }}\n"
    path.write_text(text + "    return 2;\n}\n")


def compiled(source, program=None):
    """The compiler's words, where it refuses; without a program it only reads. Optimized, it takes less time: it writes less."""
    command = [*compile, *(["-O1", str(source), "-o", str(program), *link] if program else ["-fsyntax-only", str(source)])]
    started = time.time()
    result = subprocess.run(command, capture_output=True, text=True)
    print(f"{source.name}: compiled in {time.time() - started:.0f} s", flush=True)
    return result.stderr if result.returncode else ""


def there_and_back(name, program):
    module, given, _ = build(name)
    out, trained = work / name / "out.safetensors", work / name / "trained.safetensors"
    result = subprocess.run([program, name, work / name, out, trained], capture_output=True, text=True)
    print(f"{name:24} {result.stdout.strip()} {result.stderr.strip()}".replace("\n", "; "), flush=True)
    check(result.returncode == 0, f"{name}: agrees with PyTorch")
    if not out.exists():
        return
    module.eval()
    torch.manual_seed(seed + 1)  # another one, whose numbers are all replaced
    other = MODULES[name]()[0].eval()
    export_torch.load_back(other, out)
    with torch.no_grad():
        same = all(torch.equal(a, b) for a, b in zip(results(module, given), results(other, given)))
    check(same, f"{name}: goes back to PyTorch, to the last bit")
    if name not in TRAINED:
        return
    module.train()
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE)
    sum(y.square().mean() for y in results(module, given)).backward()
    optimizer.step()
    check(trained.exists(), f"{name}: trains and freezes")
    if trained.exists():
        export_torch.load_back(other, trained)
        ours, theirs = other.state_dict(), module.state_dict()
        for key, expected in theirs.items():
            if expected.is_floating_point():
                worst = (ours[key] - expected).abs().max().item() / max(1, expected.abs().max().item())
                check(worst <= 1e-5, f"{name}: {key} differs by {worst:.1e} after a step of training")


def agree_with_stored():
    """What is stored is what is written today; numbers may differ in their last bits from one PyTorch to another."""
    for name in STORED:
        folder = HERE / "exported" / name
        for file in ("model.hpp", "check.cpp"):
            check((folder / file).read_text() == (work / name / file).read_text(), f"exported/{name}/{file} is what is written today: --write")
        for file in ("model.safetensors", "golden.safetensors"):
            a, b = export_torch.read(folder / file), export_torch.read(work / name / file)
            close = list(a) == list(b) and all(a[k].dtype == b[k].dtype and torch.allclose(a[k], b[k], atol=1e-6) for k in a)
            check(close, f"exported/{name}/{file} has the numbers of today: --write")


def unfinished(name):
    """A forward to be written is said by its name; returns what is to be written into its header, and in its place."""
    torch.manual_seed(seed)
    module, given, text, before, after = UNFINISHED[name]()
    _, to_do = export_torch.export(module, given, work / name)
    check(len(to_do) == 1 and text in to_do[0], f"{name}: {to_do}")
    return before, after


def finished(name, before, after):
    """Whether it compiles and agrees once it is written, as arguments of `check`. It runs beside others, so it draws no
    numbers (PyTorch has one generator for all threads) and counts none."""
    folder = work / name
    program, header = folder / "check", folder / "model.hpp"
    said = compiled(folder / "check.cpp")
    errors = [line for line in said.split("\n") if "error:" in line]
    found = [(len(errors) == 1 and "write what the forward of PyTorch" in errors[0], f"{name}: {errors}")]
    written = header.read_text()
    begin = written.index("        static_assert(sizeof(")
    end = written.index("        return", begin)
    header.write_text((written[:begin] + written[end:]).replace(before, after))
    said = compiled(folder / "check.cpp", program)
    agrees = not said and subprocess.run([program, folder], stdout=subprocess.DEVNULL).returncode == 0
    return [*found, (not said, f"{name}: {said[:2000]}"), (agrees, f"{name}: agrees once it is written")]


def refused(name):
    torch.manual_seed(seed)
    module, given, *sentences = REFUSED[name]()
    folder, modes = work / "refused", [m.training for m in module.modules()]
    try:
        export_torch.export(module, given, folder)
        check(False, f"{name}: is refused")
    except export_torch.Refused as e:
        said = [f"{path}: {reason}" for path, reason in e.problems]
        check(len(said) == len(sentences), f"{name}: {len(sentences)} sentences, not {said}")
        for sentence in sentences:
            check(any(sentence in s for s in said), f"{name}: no {sentence!r} in {said}")
    check(not folder.exists(), f"{name}: nothing is written")
    check(modes == [m.training for m in module.modules()], f"{name}: the module is as it was")


def untranslated():
    """What a forward has that no operation of pm is, is named in the place to fill in."""
    _, to_do = export_torch.export(Changing(), torch.randn(2, 3), work / "untranslated")
    check(to_do == ["Changing::forward: add_ changes count in place; a forward of pm changes nothing"], f"untranslated: {to_do}")
    for k, (function, given, text) in enumerate(parts_of_forward()):
        _, to_do = export_torch.export(Computes(function), given, work / "untranslated")
        check(len(to_do) == 1 and f"Computes::forward: {text}" in to_do[0], f"untranslated {k}: {to_do}")


def frozen():
    """What PyTorch does not train is said, by the name that it has in pm."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.utils.weight_norm(torch.nn.Linear(3, 2)), torch.nn.Linear(2, 2))
    torch.nn.utils.parametrize.register_parametrization(net[2], "weight", torch.nn.Tanh())
    for p in (net[0].weight, net[1].weight_g, net[2].parametrizations.weight.original):
        p.requires_grad_(False)
    says = [n.split(": ") for n in export_torch.export(net, torch.randn(3), work / "frozen")[0] if "requires_grad is False" in n]
    check([n[0] for n in says] == ["0.weight", "1.weight", "2.weight"], f"frozen: {says}")
    check(all(n[2] == f'write pm::get<"{n[0]}">(net).requires_gradient(false)' for n in says), f"frozen: {says}")
    notes = export_torch.export(net.requires_grad_(False), torch.randn(3), work / "frozen")[0]
    check(sum("no parameter requires its gradient" in n for n in notes) == 1, f"frozen: {notes}")
    check(not any("requires_grad is False" in n for n in notes), f"frozen: {notes}")


def command_line():
    source = work / "net.py"
    source.write_text(
        "from torch import nn\nclass Net(nn.Sequential):\n    pass\n"
        "def good():\n    return Net(nn.Embedding(5, 4), nn.Linear(4, 2))\n"
        "def needs(a):\n    return None\ndef text():\n    return 'x'\nnumber = 1\ndef bad():\n    return nn.Sequential(nn.Linear(4, 2), nn.RReLU(), nn.RReLU(0.1))\n"
    )

    def run(*arguments):
        output = [] if "-o" in arguments else ["-o", work / "made"]
        command = [sys.executable, HERE.parent.parent / "examples/export_torch.py", *arguments, *output]
        return subprocess.run(command, capture_output=True, text=True)

    bad = run(f"{source}:bad", "--input", "4")
    check(bad.returncode == 1 and "1: torch.nn.RReLU" in bad.stderr and "2: torch.nn.RReLU" in bad.stderr, f"command line: {bad.stderr}")
    check(not (work / "made").exists(), "command line: nothing is written")
    good = run(f"{source}:good", "--input", "3,2:int")
    check(good.returncode == 0 and not good.stderr, f"command line: {good.stderr}")
    written = sorted(os.listdir(work / "made")) if good.returncode == 0 else []
    check(written == ["check.cpp", "golden.safetensors", "model.hpp", "model.safetensors"], f"command line: writes {written}")
    check(run(f"{source}:good").returncode == 2, "command line: no example input")

    def one_line(said, *arguments):
        r = run(*arguments)
        check(r.returncode == 2 and r.stderr.count("\n") == 1 and said in r.stderr, f"command line: {r.returncode} {r.stderr}")

    one_line("net.py has no 'none'", f"{source}:none")
    for nameless in (source, f"{source}:", "net", ":good"):
        one_line(f"{nameless}: expected module.py:name, the name of a module in the file", nameless)
    for no_file in (work / "gone.py", work, work / "made" / "model.hpp"):
        one_line(f"expected module.py:name, found no file of Python '{no_file}'", f"{no_file}:good")
    for text in ("a", "1,x", "-1", "0,2", "3:float"):
        one_line(f"--input {text}: write positive extents", f"{source}:good", f"--input={text}")
    one_line("--stage X: expected CLASS=TYPE", f"{source}:good", "--input", "3,2:int", "--stage", "X")
    (work / "a_file").write_text("older")
    one_line("a_file: expected a folder, found a file", f"{source}:good", "--input", "3,2:int", "-o", work / "a_file")
    one_line("-o: expected a folder, found an empty name", f"{source}:good", "--input", "3,2:int", "-o", "")
    one_line("needs: expected a function without parameters", f"{source}:needs", "--input", "3")
    one_line("text: expected a module, or (module, example input), found str", f"{source}:text", "--input", "3")
    one_line("number: expected a module or a function that gives one, found int", f"{source}:number", "--input", "3")
    one_line("--input: ", f"{source}:good", "--input", "99999999999,99999999999:int")
    one_line("cannot write", f"{source}:good", "--input", "3,2:int", "-o", work / "a_file" / "below")


def says(text, action, kind, what):
    """One line, which holds the text."""
    try:
        action()
    except kind as e:
        check(text in str(e) and "\n" not in str(e), f"{what}: {e}")
    else:
        check(False, f"{what}: is refused")


def strict_reader():
    def file(header, data=b""):
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    def entry(begin, end, dtype="F32", shape=(1,), **more):
        return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end], **more}

    whole = file({"weight": entry(0, 8, shape=(1, 2)), "bias": entry(8, 12)}, bytes(12))
    same = b'{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    files = {
        "nothing": (b"", "expected safetensors, whose first 8 bytes are the header's length, found 0 bytes"),
        "text": (b"hello, this is no file of tensors", "expected safetensors, found a file that begins with b'hello"),
        "pickle": (b"PK\x03\x04" + bytes(60), "expected safetensors, found a file that begins with"),
        "long header": (struct.pack("<Q", 2**63) + b"{}", "expected safetensors"),
        "cut header": (whole[:40], f"header: expected {len(whole) - 20} bytes, found 32: the file is cut short"),
        "cut": (whole[:-1], 'tensor "bias": data_offsets: expected a range of the 11 bytes'),
        "longer": (whole + b"\0", "expected 12 bytes of tensors behind the header, found 13"),
        "no JSON": (file(b"{nonsense}"), "header: expected JSON"),
        "no UTF-8": (file(b'{"\xff":1}'), "header: expected JSON"),
        "deep": (file(b'{"w":' + b"[" * 100000), "header: expected JSON"),
        "twice": (file(same, bytes(4)), 'header: the key "weight" is there twice'),
        "overlap": (file({"weight": entry(0, 8, shape=(1, 2)), "bias": entry(4, 8)}, bytes(8)), 'tensor "bias": data_offsets: expected a begin of 8, where the bytes before it end, found 4: it overlaps'),
        "hole": (file({"weight": entry(0, 8, shape=(1, 2)), "bias": entry(12, 16)}, bytes(16)), 'tensor "bias": data_offsets: expected a begin of 8, where the bytes before it end, found 12: there is a hole'),
        "unknown dtype": (file({"weight": entry(0, 1, "F8_E4M3")}, b"0"), 'tensor "weight": dtype: expected F64, F32, F16, BF16, I64, I32, I8, BOOL, found "F8_E4M3"'),
        "size": (file({"weight": entry(0, 4, shape=(2,))}, bytes(4)), 'tensor "weight": data_offsets: expected 8 bytes for F32 [2], found 4'),
        "backwards": (file({"weight": entry(4, 0)}, bytes(4)), 'tensor "weight": data_offsets: expected a range'),
        "negative": (file({"weight": entry(-4, 0)}, bytes(4)), 'tensor "weight": data_offsets: expected integers from 0 to 2^64 - 1'),
        "a truth": (file({"weight": entry(0, 4, shape=(True,))}, bytes(4)), 'tensor "weight": shape: expected integers from 0 to 2^64 - 1'),
        "a field": (file({"weight": entry(0, 4, more=1)}, bytes(4)), 'tensor "weight": expected the fields dtype, shape and data_offsets'),
        "no object": (file({"weight": [0]}), 'tensor "weight": expected the fields'),
        "metadata": (file({"__metadata__": {"a": 1}}), "header: __metadata__: expected an object of strings"),
        "shape": (file({"weight": entry(0, 8, shape=(2, 1)), "bias": entry(8, 12)}, bytes(12)), 'tensor "weight": expected the shape [1, 2], found [2, 1]'),
        "integers": (file({"weight": entry(0, 8, shape=(1, 2)), "bias": entry(8, 12, "I32")}, bytes(12)), 'tensor "bias": expected float32, found int32'),
        "large": (file({"bias": entry(0, 8, "F64"), "weight": entry(8, 16, shape=(1, 2))}, struct.pack("<d2f", 1e300, 1, 2)), 'tensor "bias": has a number that is beyond what float32 holds'),
    }  # fmt: skip
    path = work / "strict.safetensors"
    for what, (content, said) in files.items():
        net = torch.nn.Linear(2, 1)
        before = {k: v.clone() for k, v in net.state_dict().items()}
        path.write_bytes(content)
        says(f"{path}: {said}", lambda: export_torch.load_back(net, path), ValueError, f"strict reader: {what}")
        check(all(torch.equal(v, before[k]) for k, v in net.state_dict().items()), f"strict reader: {what} changes nothing")
    path.write_bytes(whole)
    export_torch.load_back(net, path)
    check(not net.weight.any() and not net.bias.any(), "strict reader: a file that is right")


def all_or_none():
    """A failure in the last of the files leaves the older ones, and nothing else."""
    folder = work / "kept"
    files = {"a": b"a" * 10, "b": b"b" * 10}
    export_torch.write_all(folder, files)
    (folder / "a").chmod(0o640)
    (folder / "link").symlink_to("b")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def unchanged(what):
        check({p.name: p.read_bytes() for p in folder.iterdir()} == before, f"{what}: the older files stay, and no others")

    def limited():
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            export_torch.write_all(folder, {"a": b"new", "b": b"c" * 100000})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, old)

    says(f"cannot write {folder}/b: File too large", limited, export_torch.Unwritten, "a full disk")
    unchanged("a full disk")
    (folder / "c").mkdir()
    says(f"cannot write {folder}/c: it is there and no file", lambda: export_torch.write_all(folder, {"a": b"new", "c": b""}), export_torch.Unwritten, "a folder")
    (folder / "c").rmdir()
    unchanged("a folder")
    says("Not a directory", lambda: export_torch.write_all(folder / "a" / "d", files), export_torch.Unwritten, "a folder in a file")
    unchanged("a folder in a file")
    export_torch.write_all(folder, {"a": b"new", "link": b"through"})
    check((folder / "a").stat().st_mode & 0o777 == 0o640 and (folder / "a").read_bytes() == b"new", "permissions stay")
    check((folder / "link").is_symlink() and (folder / "b").read_bytes() == b"through", "a link is followed")


def main():
    global passed, failed, seed, work, compile, link
    passed = failed = 0
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["--write"]:
        seed = 1
        for name in STORED:
            module, given, options = build(name)
            export_torch.export(module, given, HERE / "exported" / name, namespace=name, **options)
        return 0
    program = pathlib.Path(sys.argv[1]).resolve()
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    print("seed", seed, "PyTorch", torch.__version__)
    root = program.parent.parent
    library = next(f for f in sorted((root / "src/io").glob("libparamorph-io.*")) if f.suffix != ".p" and f.is_file())
    compile = [w for w in compile_command(str(root), "parity/export.cpp") if not w.startswith(("-O", "-fdiagnostics"))]
    compile += ["-fdiagnostics-color=never"]
    link = [str(library), f"-Wl,-rpath,{library.parent}", *shlex.split(os.environ.get("LDFLAGS", ""))]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        counts = {}
        for name in MODULES:
            module, given, options = build(name)
            modes, before = [m.training for m in module.modules()], {k: v.clone() for k, v in module.state_dict().items()}
            notes, to_do = export_torch.export(module, given, work / name, namespace=name, **options)
            check(not to_do, f"{name}: all is translated: {to_do}")
            check(modes == [m.training for m in module.modules()], f"{name}: the mode stays")
            check(all(torch.equal(v, before[k]) for k, v in module.state_dict().items()), f"{name}: the numbers stay")
            twice = export_torch.held_twice(module)
            check(bool(twice) == (name == "held_twice"), f"{name}: {twice}")
            keys = {key for key in before if export_torch.standing(twice, key) == key}
            check(export_torch.read(work / name / "model.safetensors").keys() == keys, f"{name}: the keys are PyTorch's")
            counts[name] = len(results(module.eval(), given))
        agree_with_stored()
        to_write = {name: unfinished(name) for name in UNFINISHED}
        for name in REFUSED:
            refused(name)
        untranslated()
        frozen()
        command_line()
        strict_reader()
        all_or_none()
        names, jobs = sorted(MODULES), []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for k in range(PROGRAMS):
                source, made = work / f"program{k}.cpp", work / f"program{k}"
                write_program(source, names[k::PROGRAMS], counts)
                jobs.append((names[k::PROGRAMS], made, pool.submit(compiled, source, made)))
            alone = pool.submit(compiled, work / names[0] / "check.cpp", work / "alone")
            others = [pool.submit(finished, name, *texts) for name, texts in to_write.items()]
            for mine, made, job in jobs:
                said = job.result()
                check(not said, f"{', '.join(mine)}: {said[:4000]}")
                for name in mine if not said else []:
                    there_and_back(name, made)
            check(not alone.result(), f"check.cpp alone: {alone.result()[:2000]}")
            for job in others:
                for holds, what in job.result():
                    check(holds, what)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
