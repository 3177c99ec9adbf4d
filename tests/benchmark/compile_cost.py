#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""What a chain of stages costs to compile, forward and backward, over the bare include; `./x bench --compile` runs it.

Chains of 4, 16 and 64 elementwise stages, each stage a struct of its own, in several mixes. Figures are seconds of
processor time and megabytes at the peak, the least of the runs; the bare include and the chains are compiled in turn.
Bars: 64 stages take at most 5 seconds, and a stage of the last 48 takes at most 1.3 times one of the first 16.
Exit status 0 when every bar holds.
"""
import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

STAGES = (4, 16, 64)
SECONDS_OF_64 = 5.0
GROWTH = 1.3
NOISE = 0.005  # seconds a stage: differences below this are not measured

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
    """(mix, stages) -> [(seconds, megabytes)]; (None, 0) is the bare include."""
    texts = {(None, 0): BARE} | {(mix, count): program(mix, count) for mix in mixes for count in STAGES}
    figures: dict = {key: [] for key in texts}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            for (mix, count), text in texts.items():
                source = pathlib.Path(folder) / f"{mix or 'bare'}_{count}.cpp"
                source.write_text(text)
                figures[mix, count].append(compile_once(command, source))
    return figures


def rows_of(mix: str, figures: dict) -> list[dict]:
    """A row per number of stages, and one for the growth."""
    least = {key: min(seconds for seconds, _ in values) for key, values in figures.items()}
    middle = {key: statistics.median(seconds for seconds, _ in values) for key, values in figures.items()}
    peak = {key: min(megabytes for _, megabytes in values) for key, values in figures.items()}
    bare = (None, 0)
    rows = []
    for count in STAGES:
        over = least[mix, count] - least[bare]
        bar = SECONDS_OF_64 if count == STAGES[-1] else None
        rows.append({
            "name": f"compile.{mix}", "size": count, "reference": "bare include",
            "seconds": over, "megabytes": peak[mix, count] - peak[bare],
            "ratio_of_minima": least[mix, count] / least[bare], "ratio_of_medians": middle[mix, count] / middle[bare],
            "bar": bar, "holds": bar is None or over <= bar,
        })  # fmt: skip

    def growth(seconds: dict) -> float:
        few, some, many = STAGES
        over = {count: seconds[mix, count] - seconds[bare] for count in STAGES}
        early = max((over[some] - over[few]) / (some - few), over[some] / some, NOISE)
        return (over[many] - over[some]) / (many - some) / early

    rows.append({
        "name": f"compile.{mix}.growth", "size": STAGES[-1], "reference": "the first 16 stages",
        "seconds": None, "megabytes": None,
        "ratio_of_minima": growth(least), "ratio_of_medians": growth(middle),
        "bar": GROWTH, "holds": growth(least) <= GROWTH,
    })  # fmt: skip
    return rows


def print_row(row: dict):
    def number(value, form):
        return format(value, form) if value is not None else "-"

    verdict = "" if row["bar"] is None else "holds" if row["holds"] else "MISSED"
    unit = "" if row["bar"] is None else " s" if row["seconds"] is not None else "  "
    print(
        f"{row['name']:<26} {row['size']:>4}  {row['reference']:<20} {number(row['seconds'], '9.2f'):>9}"
        f" {number(row['megabytes'], '9.0f'):>9} {row['ratio_of_minima']:>8.2f} {row['ratio_of_medians']:>8.2f}"
        f" {number(row['bar'], '.1f'):>6}{unit:<2} {verdict}"
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
    bare = figures[None, 0]
    print(f"the bare include: {min(s for s, _ in bare):.2f} s, {min(m for _, m in bare):.0f} MB, {options.compiler}")
    print(f"{'workload':<26} {'size':>4}  {'reference':<20} {'seconds':>9} {'megabytes':>9}", end="")
    print(f" {'minima':>8} {'medians':>8} {'bar':>6}")
    rows = [row for mix in mixes for row in rows_of(mix, figures)]
    for row in rows:
        print_row(row)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=4) + "\n")
    return 0 if rows and all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
