#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Whatever is wrong with the options or the data is one line on stderr, and exit status 1.

usage: errors.py PROGRAM DATA
"""
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile


def changed(lines, line, column, field):
    """The lines with one field replaced; lines and columns count from 1."""
    fields = lines[line - 1].split(",")
    fields[column - 1] = field
    return lines[:line - 1] + [",".join(fields)] + lines[line:]


def cases(lines, compressed):
    """What is wrong, the content of the file (None: there is none), and what the message must say after the file's name."""
    yield "missing", None, r": cannot be opened: No such file or directory"
    yield "empty", b"", r": expected a gzip-compressed file"
    yield "not compressed", "\n".join(lines).encode(), r": expected a gzip-compressed file"
    yield "cut short", compressed[:len(compressed) // 2], r": the gzip file is cut short"
    yield "damaged", compressed[:-8] + bytes(8), r": the gzip file is damaged"
    rows = {
        "too few rows": (lines[:500], r": expected at least 1797 digits, found 500"),
        "too few columns": ([lines[0], "1,2,3"] + lines[2:], r":2: expected 65 comma-separated integers .*, found 3 fields"),
        "too many columns": (lines[:-1] + [lines[-1] + ",0"], r":1797: expected 65 comma-separated integers .*, found 66 fields"),
        "an empty line": (lines[:4] + [""] + lines[4:], r":5: expected 65 comma-separated integers .*, found 0 fields"),
        "a word": (changed(lines, 3, 10, "ink"), r":3: field 10: expected a pixel, an integer from 0 to 16, found 'ink'"),
        "an empty field": (changed(lines, 3, 10, ""), r":3: field 10: expected a pixel, .*, found ''"),
        "a fraction": (changed(lines, 3, 1, "1.5"), r":3: field 1: expected a pixel, .*, found '1\.5'"),
        "a bright pixel": (changed(lines, 7, 64, "17"), r":7: field 64: expected a pixel, .*, found '17'"),
        "a dark pixel": (changed(lines, 7, 64, "-1"), r":7: field 64: expected a pixel, .*, found '-1'"),
        "an eleventh class": (changed(lines, 1797, 65, "10"), r":1797: field 65: expected a label, an integer from 0 to 9, found '10'"),
        "beyond int": (changed(lines, 1, 65, "9" * 30), r":1: field 65: expected a label, .*, found '9{20}\.\.\.'"),
        "control characters": (changed(lines, 1, 65, "\x1b[2J"), r":1: field 65: .*, found '\?\[2J'"),
    }
    for name, (content, message) in rows.items():
        yield name, gzip.compress("\n".join(content).encode()), message


options = {
    "--frobnicate": r".*--frobnicate.*",
    "stray": r".*stray.*",
    "--epochs=0": r"--epochs: .*",
    "--epochs=many": r".*--epochs.*",
    "--seed=-1": r"--seed: .*",
    "--bar=2": r"--bar: .*",
}


def mistake(program, arguments, expected):
    """What is wrong with how the program refuses, or nothing."""
    run = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    if run.returncode != 1:
        return f"exit status {run.returncode}, expected 1"
    if run.stdout:
        return f"printed to stdout: {run.stdout[:200]!r}"
    if not re.fullmatch(f"digits: {expected}\n", run.stderr):
        return f"said {run.stderr!r}, expected {expected!r}"
    return None


def main():
    program, data = sys.argv[1:]
    compressed = pathlib.Path(data).read_bytes()
    lines = gzip.decompress(compressed).decode().splitlines()
    problems = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, content, message in cases(lines, compressed):
            path = pathlib.Path(folder) / "digits.csv.gz"
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_bytes(content)
            problems[name] = mistake(program, ["--data", str(path)], re.escape(str(path)) + message)
        problems["a folder"] = mistake(program, ["--data", folder], re.escape(folder) + ": cannot be (read|opened): Is a directory")
        problems["with --json-time"] = mistake(program, ["--json-time", "--data", "nowhere"], "nowhere: cannot be opened: .*")
    for option, message in options.items():
        problems[option] = mistake(program, [option], message)
    helped = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=60, check=False)
    problems["--help"] = None if helped.returncode == 0 and "--json-time" in helped.stdout else "does not help"
    for name, problem in problems.items():
        if problem:
            print(f"{name}: {problem}")
    print(f"{len(problems)} cases, {sum(map(bool, problems.values()))} failed")
    return any(problems.values())


if __name__ == "__main__":
    sys.exit(main())
