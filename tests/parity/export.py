"""The exporter, examples/export_torch.py: `export.py PROGRAM [SEED]`.

Each module of export_modules.py is exported; what is written compiles, loads, and gives what PyTorch gives to 1e-5; what
pm::save writes is read by load_state_dict(strict=True), and the module gives the same to the last bit. Some train on: after
a step of both, the tensors agree, and the frozen network gives what the network gives. What cannot be exported is refused
with the reason, all at once, and nothing is written. The modules in `exported/` are what the exporter writes today; PROGRAM
is made of them.
SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import os
import pathlib
import shlex
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
from export_modules import MODULES, STORED, TRAINED, UNFINISHED, REFUSED  # noqa: E402

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


def compiled(source, program):
    """The compiler's words, where it refuses."""
    command = [*compile, "-O0", str(source), "-o", str(program), *link]
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
    """A forward to be written is said by its name; once it is written, it compiles and agrees."""
    torch.manual_seed(seed)
    module, given, text, before, after = UNFINISHED[name]()
    folder = work / name
    _, to_do = export_torch.export(module, given, folder)
    check(len(to_do) == 1 and text in to_do[0], f"{name}: {to_do}")
    program, header = folder / "check", folder / "model.hpp"
    said = compiled(folder / "check.cpp", program)
    errors = [line for line in said.split("\n") if "error:" in line]
    check(errors and "write what the forward of PyTorch" in errors[0] and len(errors) == 1, f"{name}: {errors}")
    written = header.read_text()
    begin = written.index("        static_assert(sizeof(")
    end = written.index("        return", begin)
    header.write_text((written[:begin] + written[end:]).replace(before, after))
    said = compiled(folder / "check.cpp", program)
    check(not said, f"{name}: {said[:2000]}")
    check(not said and subprocess.run([program, folder], stdout=subprocess.DEVNULL).returncode == 0, f"{name}: agrees once it is written")


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


def command_line():
    source = work / "net.py"
    source.write_text(
        "from torch import nn\nclass Net(nn.Sequential):\n    pass\n"
        "def good():\n    return Net(nn.Embedding(5, 4), nn.Linear(4, 2))\n"
        "def bad():\n    return nn.Sequential(nn.Linear(4, 2), nn.CELU(), nn.SELU())\n"
    )

    def run(*arguments):
        command = [sys.executable, HERE.parent.parent / "examples/export_torch.py", *arguments, "-o", work / "made"]
        return subprocess.run(command, capture_output=True, text=True)

    bad = run(f"{source}:bad", "--input", "4")
    check(bad.returncode == 1 and "1: torch.nn.CELU" in bad.stderr and "2: torch.nn.SELU" in bad.stderr, f"command line: {bad.stderr}")
    check(not (work / "made").exists(), "command line: nothing is written")
    good = run(f"{source}:good", "--input", "3,2:int")
    check(good.returncode == 0 and not good.stderr, f"command line: {good.stderr}")
    written = sorted(os.listdir(work / "made")) if good.returncode == 0 else []
    check(written == ["check.cpp", "golden.safetensors", "model.hpp", "model.safetensors"], f"command line: writes {written}")
    check(run(f"{source}:none").returncode == 2, "command line: no such factory")
    check(run(f"{source}:good").returncode == 2, "command line: no example input")


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
            check(export_torch.read(work / name / "model.safetensors").keys() == before.keys(), f"{name}: the keys are PyTorch's")
            counts[name] = len(results(module.eval(), given))
        agree_with_stored()
        for name in REFUSED:
            refused(name)
        command_line()
        names, jobs = sorted(MODULES), []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for k in range(PROGRAMS):
                source, made = work / f"program{k}.cpp", work / f"program{k}"
                write_program(source, names[k::PROGRAMS], counts)
                jobs.append((names[k::PROGRAMS], made, pool.submit(compiled, source, made)))
            alone = pool.submit(compiled, work / names[0] / "check.cpp", work / "alone")
            others = [pool.submit(unfinished, name) for name in UNFINISHED]
            for mine, made, job in jobs:
                said = job.result()
                check(not said, f"{', '.join(mine)}: {said[:4000]}")
                for name in mine if not said else []:
                    there_and_back(name, made)
            check(not alone.result(), f"check.cpp alone: {alone.result()[:2000]}")
            for job in others:
                job.result()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
