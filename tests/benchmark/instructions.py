#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Instructions of paramorph's side of every workload of the benchmark, against those that are stored; they repeat exactly.

    instructions.py BUILD            compares with instructions/<compiler>-<version>.json: more than 3 % more fails
    instructions.py BUILD --update   writes that file

BUILD is a build folder of Meson with the program tests/benchmark/count_instructions, optimised for x86-64-v3. A compiler
without a file is not compared. Valgrind's callgrind counts.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

GROWTH = 0.03
STORED = pathlib.Path(__file__).resolve().parent / "instructions"


def compiler_of(program: pathlib.Path) -> str:
    """Such as gcc-12.2.0."""
    return subprocess.run([program, "--compiler"], capture_output=True, text=True, check=True).stdout.strip()


def count(program: pathlib.Path) -> dict[str, int]:
    """Instructions of one call of each workload, by its name and size."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/count", str(program)]
        # Bound before the first call, so that finding a library's function is not counted.
        ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LD_BIND_NOW": "1"})
        if ran.returncode != 0:
            sys.exit(f"{program} failed under callgrind:\n{ran.stderr}")
        counts = {}
        for file in sorted(pathlib.Path(folder).iterdir(), key=lambda file: file.stat().st_mtime_ns):
            text = file.read_text(errors="replace")
            label = re.search(r"^desc: Trigger: Client Request: (.+)$", text, re.M)
            total = re.search(r"^(?:summary|totals): (\d+)$", text, re.M)
            if label and total:
                counts[label[1]] = int(total[1])
    return counts


def compare(counts: dict[str, int], stored: dict[str, int], update: str) -> list[str]:
    """A sentence for everything that is not as it was stored, or better."""
    sentences = []
    for label, before in stored.items():
        now = counts.get(label)
        if now is None:
            sentences.append(f"{label} is stored but not measured; {update}")
        elif now > before * (1 + GROWTH):
            sentences.append(
                f"{label} takes {now} instructions, {now / before - 1:.1%} more than the {before} that are stored "
                f"(at most {GROWTH:.0%} is allowed); make it faster, or, if this is meant, {update}"
            )
    sentences += [f"{label} is measured but not stored; {update}" for label in counts if label not in stored]
    return sentences


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="store the counts instead of comparing them")
    options = parser.parse_args()
    program = options.build / "tests/benchmark/count_instructions"
    compiler = compiler_of(program)
    file = STORED / f"{compiler}.json"
    if not options.update and not file.exists():
        known = ", ".join(sorted(known.stem for known in STORED.glob("*.json"))) or "none"
        print(f"{compiler} has no stored instruction counts and is not compared (stored: {known})")
        return 0
    counts = count(program)
    if not counts:
        sys.exit("callgrind counted nothing: is valgrind installed, and was count_instructions built with its headers?")
    if options.update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(counts, indent=4) + "\n")
        print(f"{file.name}: {len(counts)} instruction counts stored")
        return 0
    stored = json.loads(file.read_text())
    sentences = compare(counts, stored, "run ./x bench --update-baselines")
    for sentence in sentences:
        print(sentence)
    fewer = sum(count < stored.get(label, 0) * (1 - GROWTH) for label, count in counts.items())
    print(f"{compiler}: {len(counts)} workloads counted, {len(sentences)} not as stored, {fewer} clearly faster")
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
