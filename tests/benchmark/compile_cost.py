#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""What the headers and chains of stages cost to compile; `./x bench --compile` runs it.

The umbrella over what it includes of others (Hana, xtensor, xsimd), and the core (from expression to graph) over
nothing: at most 0.5 and 0.8 seconds. A chain of four stages with every check on, over the umbrella: at most 1 second.
A program that calls a network of two linear layers, and one that trains it, over those others: at most 1.2 and 2.5
seconds, by itself and with the umbrella precompiled.
Chains of 1 to 128 elementwise stages, forward and backward, each stage a struct of its own, in several mixes, over the
bare include: 64 stages take at most 3 seconds and 150 megabytes, and a stage of the last 48 or 112 takes at most 1.3
times one of the first 16. Figures are seconds of processor time and megabytes at the peak, the least of the runs;
everything is compiled in turn. Template instantiations, which repeat exactly, are counted with clang where that is
installed: of the includes, and of the chains over the umbrella; a stage of the last 48 or 64 costs at most 1.05 times
one of the 12 before the 16th. Then the ten costliest headers and templates of a program that trains. Exit status 0 when every bar holds.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

STAGES = (1, 4, 16, 64, 128)
SECONDS_OF_64 = 3.0
MEGABYTES_OF_64 = 150
GROWTH = 1.3
MORE_RUNS = 6  # at most, while a row misses its bar: everything is compiled once more, and every run counts
NOISE = 0.005  # seconds a stage: differences below this are not measured
COUNTED_BY = "clang++-19"
GROWTH_OF_COUNTS = 1.05

# The bodies of the stages, by mix; {a} and {b} differ from stage to stage, so that no two stages are equal.
MIXES = {
    "tanh": ["pm::tanh(x) * {a}f + {b}f"],
    "arithmetic": ["x * {a}f + {b}f", "x * x - {a}f", "{a}f / (x * x + {b}f)"],
    "mixed": [
        "pm::tanh(x) * {a}f + {b}f",
        "x * pm::sigmoid(x * {a}f)",
        "pm::softplus(x) - {b}f",
        "pm::exp(x * {b}f) * {a}f",
        "pm::sqrt(x * x + {a}f)",
        "pm::relu(x + {b}f) + x * {a}f",
    ],
}

BARE = "#include <paramorph/paramorph.hpp>\n"
# Includes by name: the text, what it is compared with, and the bar of the difference in seconds.
OTHERS = "".join(
    f"#include <{header}>\n"
    for header in ("boost/hana.hpp", "xtensor/xadapt.hpp", "xtensor/xfixed.hpp", "xtensor/xtensor.hpp", "xsimd/xsimd.hpp")
)
# A chain of four stages with every check on.
CHECKED = (pathlib.Path(__file__).resolve().parents[1] / "static/checked_chain.cpp").read_text()
# A program that calls a network, and one that trains it.
NETWORK = (
    BARE
    + """
namespace pm = paramorph;

int main() {
    auto net = pm::make<pm::nn::sequential<pm::nn::linear<64, 64>, pm::nn::relu, pm::nn::linear<64, 10>>>(pm::seed{0});
    xt::xtensor_fixed<float, xt::xshape<32, 64>> x;
    x.fill(1);
"""
)
INFERS = NETWORK + "    return net(x)(0, 0) > 0;\n}\n"
TRAINS = (
    NETWORK
    + """
    xt::xtensor_fixed<std::int32_t, xt::xshape<32>> t;
    t.fill(1);
    auto step = pm::value_and_grad([](auto& n, auto images, auto labels) { return pm::cross_entropy(n(images), labels); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 3e-3}};
    for (int i = 0; i < 100; ++i) {
        auto& [value, gradient] = step(x, t);
        optimizer.step(gradient);
    }
}
"""
)
# What is compiled behind the precompiled umbrella.
BEHIND = "_precompiled"
INCLUDES = {
    "others": (OTHERS, None, None),
    "umbrella": (BARE, "others", 0.5),
    "infers": (INFERS, "others", 1.2),
    "trains": (TRAINS, "others", 2.5),
    "infers" + BEHIND: (INFERS, "others", 1.2),
    "trains" + BEHIND: (TRAINS, "others", 2.5),
    "checked_chain": (CHECKED, "umbrella", 1.0),
    "core": ("#include <paramorph/parametrize/programs.hpp>\n", None, 0.8),
}

STAGE = """
struct stage_{k} {{
    static constexpr auto forward(auto x) {{ return {body}; }}
}};"""

# The whole program: the value of the chain, and the gradient of sum(g . value) with respect to x.
PROGRAM = (
    BARE
    + """
namespace pm = paramorph;
{stages}

using steps = pm::chain<{names}>;
void forward(void const* const* arguments, void* const* outputs, std::byte* workspace) {{
    pm::run<pm::program::value_of<steps, pm::shape<32, 32>>>(arguments, outputs, workspace);
}}
void backward(void const* const* arguments, void* const* outputs, std::byte* workspace) {{
    pm::run<pm::program::gradient_of<steps, pm::shape<32, 32>>>(arguments, outputs, workspace);
}}
"""
)


def program(mix: str, count: int) -> str:
    bodies = MIXES[mix]
    stages = [
        STAGE.format(k=k, body=bodies[k % len(bodies)].format(a=f"{0.7 + k / 256:.6f}", b=f"{0.1 + k / 512:.6f}"))
        for k in range(count)
    ]
    return PROGRAM.format(stages="".join(stages), names=", ".join(f"stage_{k}" for k in range(count)))


def compile_once(command: list[str], source: pathlib.Path) -> tuple[float, float]:
    """Seconds of processor time and megabytes at the peak of one compilation, the compiler's own processes included."""
    process = subprocess.Popen([*command, str(source), "-o", str(source.with_suffix(".o"))])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{source.name} does not compile")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def flags_of_dependencies() -> list[str]:
    try:
        found = subprocess.run(["pkg-config", "--cflags", "xtensor", "xsimd"], capture_output=True, text=True)
    except FileNotFoundError:
        return []
    return shlex.split(found.stdout)


def measure(mixes: list[str], command: list[str], runs: int) -> dict:
    """(mix, stages) -> [(seconds, megabytes)]; of an include (name, 0)."""
    texts = {(name, 0): text for name, (text, _, _) in INCLUDES.items()}
    texts |= {(mix, count): program(mix, count) for mix in mixes for count in STAGES}
    figures: dict = {key: [] for key in texts}
    with tempfile.TemporaryDirectory() as folder:
        umbrella = pathlib.Path(folder) / "umbrella.hpp"
        umbrella.write_text(BARE)
        made = umbrella.with_name("umbrella.hpp.gch")
        subprocess.run([*command, "-x", "c++-header", str(umbrella), "-o", str(made)], check=True)
        for _ in range(runs):
            for (mix, count), text in texts.items():
                source = pathlib.Path(folder) / f"{mix}_{count}.cpp"
                source.write_text(text)
                begin = ["-include", str(umbrella)] if mix.endswith(BEHIND) else []
                figures[mix, count].append(compile_once([*command, *begin], source))
    return figures


def rows_of(mix: str, figures: dict) -> list[dict]:
    """A row per number of stages, and two for the growth."""
    least = {key: min(seconds for seconds, _ in values) for key, values in figures.items()}
    middle = {key: statistics.median(seconds for seconds, _ in values) for key, values in figures.items()}
    peak = {key: min(megabytes for _, megabytes in values) for key, values in figures.items()}
    bare = ("umbrella", 0)
    rows = []
    for count in STAGES:
        over = least[mix, count] - least[bare]
        megabytes = peak[mix, count] - peak[bare]
        rows.append({
            "name": f"compile.{mix}", "size": count, "reference": "bare include",
            "seconds": over, "megabytes": megabytes,
            "ratio_of_minima": least[mix, count] / least[bare], "ratio_of_medians": middle[mix, count] / middle[bare],
            "bar": SECONDS_OF_64 if count == 64 else None, "bar_megabytes": MEGABYTES_OF_64 if count == 64 else None,
            "holds": count != 64 or (over <= SECONDS_OF_64 and megabytes <= MEGABYTES_OF_64),
        })  # fmt: skip

    def growth(seconds: dict, many: int) -> float:
        few, some = 4, 16
        over = {count: seconds[mix, count] - seconds[bare] for count in STAGES}
        early = max((over[some] - over[few]) / (some - few), over[some] / some, NOISE)
        return (over[many] - over[some]) / (many - some) / early

    for many in (64, 128):
        rows.append({
            "name": f"compile.{mix}.growth", "size": many, "reference": "the first 16 stages",
            "seconds": None, "megabytes": None,
            "ratio_of_minima": growth(least, many), "ratio_of_medians": growth(middle, many),
            "bar": GROWTH, "bar_megabytes": None, "holds": growth(least, many) <= GROWTH,
        })  # fmt: skip
    return rows


def rows_of_includes(figures: dict) -> list[dict]:
    rows = []
    for name, (_, reference, bar) in INCLUDES.items():
        seconds, megabytes = (min(of) for of in zip(*figures[name, 0]))
        over = [min(of) for of in zip(*figures[reference, 0])] if reference else [0, 0]
        rows.append({
            "name": f"include.{name}", "size": 0, "reference": reference or "nothing",
            "seconds": seconds - over[0], "megabytes": megabytes - over[1],
            "ratio_of_minima": None, "ratio_of_medians": None,
            "bar": bar, "bar_megabytes": None, "holds": bar is None or seconds - over[0] <= bar,
        })  # fmt: skip
    return rows


def rows_of_seconds(mixes: list[str], figures: dict) -> list[dict]:
    return rows_of_includes(figures) + [row for mix in mixes for row in rows_of(mix, figures)]


def trace(text: str, include: str) -> list[dict]:
    """What clang says of the time that it takes for this text."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "counted.cpp")
        source.write_text(text)
        subprocess.run(
            [COUNTED_BY, "-std=c++20", "-O0", "-c", str(source), "-o", str(source.with_suffix(".o")), "-I", include,
             *flags_of_dependencies(), "-ftime-trace", "-ftime-trace-granularity=0"],
            check=True,
        )  # fmt: skip
        return json.loads(source.with_suffix(".json").read_text())["traceEvents"]


def instantiations(text: str, include: str) -> int:
    """Template instantiations of functions and classes that clang takes for this text."""
    return sum(event["name"] in ("InstantiateFunction", "InstantiateClass") for event in trace(text, include))


def own_times(events: list[dict], names: tuple[str, ...], of) -> list[tuple[str, float, int]]:
    """What events of these names take themselves, without those of them inside: key, milliseconds, how many; the dearest first.

    `of(detail)` is the key. Events with a duration, or in pairs of begin and end.
    """
    spans, begun = [], {}  # begin, duration, what
    for event in events:
        if event["name"] not in names:
            continue
        detail = event.get("args", {}).get("detail", "")
        if event["ph"] == "X":
            spans.append((event["ts"], event["dur"], detail))
        elif event["ph"] == "b":
            begun.setdefault(event["id"], []).append((event["ts"], detail))
        elif event["ph"] == "e" and begun.get(event["id"]):
            ts, detail = begun[event["id"]].pop()
            spans.append((ts, event["ts"] - ts, detail))
    # What ends at a time ends before what begins there; of what begins together the longer is around the other.
    marks = [(ts, 1, -dur, detail) for ts, dur, detail in spans if dur > 0]
    marks += [(ts + dur, 0, dur, detail) for ts, dur, detail in spans if dur > 0]
    marks.sort(key=lambda m: m[:3])
    took: dict[str, float] = {}
    count: dict[str, int] = {}
    for _, _, detail in spans:
        count[of(detail)] = count.get(of(detail), 0) + 1
    open_details: list[str] = []
    since = 0
    for time, begins, _, detail in marks:
        if open_details:
            took[of(open_details[-1])] = took.get(of(open_details[-1]), 0) + time - since
        since = time
        if begins:
            open_details.append(detail)
        elif open_details:
            open_details.pop()
    return sorted(((key, us / 1000, count.get(key, 0)) for key, us in took.items()), key=lambda row: (-row[1], row[0]))


def print_costliest(root: pathlib.Path, include: str) -> None:
    """The ten headers and the ten templates that a program which trains takes longest for."""
    events = trace((root / "examples/training.cpp").read_text(), include)
    headers = own_times(events, ("Source",), lambda path: path.split("/include/")[-1])
    templates = own_times(
        events, ("InstantiateFunction", "InstantiateClass"), lambda name: re.split(r"[<(]", re.sub(r"\bv\d+_\d+_\w+?::", "", name))[0]
    )
    for what, rows in (("headers, each without what it includes", headers), ("templates, each without those inside", templates)):
        print(f"the costliest {what}, of examples/training.cpp ({COUNTED_BY} -O0):")
        for key, milliseconds, count in rows[:10]:
            print(f"  {milliseconds:8.1f} ms  {count:6}  {key}")


def rows_of_counts(mixes: list[str], include: str) -> list[dict]:
    """A row per include and chain, and two per mix for the growth."""
    rows = []

    def row(name: str, size: int, reference: str, count: int | None, ratio: float | None = None):
        rows.append({
            "name": name, "size": size, "reference": reference, "instantiations": count,
            "seconds": None, "megabytes": None, "ratio_of_minima": ratio, "ratio_of_medians": None,
            "bar": None if ratio is None else GROWTH_OF_COUNTS, "bar_megabytes": None,
            "holds": ratio is None or ratio <= GROWTH_OF_COUNTS,
        })  # fmt: skip

    of_include = {name: instantiations(text, include) for name, (text, _, _) in INCLUDES.items() if not name.endswith(BEHIND)}
    for name, (_, reference, _) in INCLUDES.items():
        if name in of_include:
            row(f"count.{name}", 0, reference or "nothing", of_include[name] - of_include.get(reference, 0))
    for mix in mixes:
        counts = {n: instantiations(program(mix, n), include) - of_include["umbrella"] for n in STAGES}
        for n in STAGES:
            row(f"count.{mix}", n, "bare include", counts[n])
        early = (counts[16] - counts[4]) / 12
        for few, many in ((16, 64), (64, 128)):
            late = (counts[many] - counts[few]) / (many - few)
            row(f"count.{mix}.growth", many, "stages 5 to 16", None, late / early)
    return rows


def print_row(row: dict):
    def number(value, form):
        return format(value, form) if value is not None else "-"

    if row.get("instantiations") is not None:
        print(f"{row['name']:<26} {row['size']:>4}  {row['reference']:<20} {row['instantiations']:>9} instantiations", flush=True)
        return
    verdict = "" if row["bar"] is None else "holds" if row["holds"] else "MISSED"
    unit = "" if row["bar"] is None else " s" if row["seconds"] is not None else "  "
    memory = f", {row['bar_megabytes']} MB" if row["bar_megabytes"] else ""
    print(
        f"{row['name']:<26} {row['size']:>4}  {row['reference']:<20} {number(row['seconds'], '9.2f'):>9}"
        f" {number(row['megabytes'], '9.0f'):>9} {number(row['ratio_of_minima'], '8.2f'):>8}"
        f" {number(row['ratio_of_medians'], '8.2f'):>8} {number(row['bar'], '.3g'):>6}{unit}{memory:<8} {verdict}",
        flush=True,
    )


def main() -> int:
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE", help="write the rows to this file")
    parser.add_argument("--filter", default="", help="only mixes whose row name contains this")
    parser.add_argument("--quick", action="store_true", help="one run instead of three")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--include", default=str(root / "include"), help="the folder with paramorph/paramorph.hpp")
    parser.add_argument("--show", type=int, metavar="STAGES", help="print the program of the mixed chain and stop")
    options = parser.parse_args()
    if options.show is not None:
        print(program("mixed", options.show), end="")
        return 0

    flags = ["-std=c++20", "-O3", "-march=x86-64-v3", "-c", "-I", options.include, *flags_of_dependencies()]
    mixes = [mix for mix in MIXES if options.filter in f"compile.{mix}"]
    figures = measure(mixes, [options.compiler, *flags], 1 if options.quick else options.runs)
    rows = rows_of_seconds(mixes, figures)
    for _ in range(0 if options.quick else MORE_RUNS):
        if all(row["holds"] for row in rows):
            break
        for key, values in measure(mixes, [options.compiler, *flags], 1).items():
            figures[key] += values
        rows = rows_of_seconds(mixes, figures)
    print(f"compiled by {options.compiler}")
    print(f"{'workload':<26} {'size':>4}  {'reference':<20} {'seconds':>9} {'megabytes':>9}", end="")
    print(f" {'minima':>8} {'medians':>8} {'bar':>6}")
    for row in rows:
        print_row(row)
    if shutil.which(COUNTED_BY):
        counts = rows_of_counts(mixes, options.include)
        for row in counts:
            print_row(row)
        rows += counts
        print_costliest(root, options.include)
    else:
        print(f"no {COUNTED_BY}: instantiations are not counted")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=4) + "\n")
    return 0 if rows and all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
