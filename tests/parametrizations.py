"""The guide's table of parametrizations: `parametrizations.py PROGRAM` checks it, `parametrizations.py PROGRAM --write`
writes it.

PROGRAM (parametrizations.cpp) says what the types say; the formula is in the header's comment, behind `name: `, up to the
shapes. Every header of include/paramorph/param that declares a parametrization must be in the table, and have a test in
tests/laws and an example in examples/param: of its name, or of a family, where one includes it. The guide in CONTRIBUTING.md shows a struct that stands
in its header.
SPDX-License-Identifier: BSL-1.0
"""

import difflib
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADERS = ROOT / "include/paramorph/param"
PAGE = ROOT / "examples/guide/parametrizations.md"
BEGIN, END = "<!-- parametrizations -->\n", "<!-- /parametrizations -->\n"
HEAD = ["name", "formula", "shape", "takes", "set", "grade", "originals", "state"]


def formula_of(name: str, header: pathlib.Path) -> tuple[str, bool]:
    """The formula, and whether it is for any shape."""
    comments = " ".join(line[2:].strip() for line in header.read_text().splitlines() if line.startswith("//"))
    found = re.search(rf"(?:^|\s){re.escape(name.split('<')[0])}(?:<[^>]*>)?: (.+?)(, any|, \[|; )", comments)
    if not found:
        sys.exit(f"{header.name}: its comment must begin `// {name}: formula, [shape] -> [shape]`, or `formula, any shape`")
    return found[1], found[2] == ", any"


def table(program: str) -> tuple[str, set[str]]:
    rows = [HEAD, ["---"] * len(HEAD)]
    shown = set()
    for line in subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines():
        name, header, domain, members, grade, originals, shape, state = line.split("\t")
        shown.add(header)
        file = HEADERS / f"{header}.hpp"
        formula, any_shape = formula_of(name, file)
        if any_shape:
            shape += ", any"
        rows.append([f"[`{name}`](../../{file.relative_to(ROOT)})", f"`{formula}`", shape, domain, members, grade, originals, state])
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows), shown


def main() -> int:
    wanted, shown = table(sys.argv[1])
    wrong = []
    for header in sorted(HEADERS.glob("*.hpp")):
        if "grade::" not in header.read_text():
            continue  # it helps others
        if header.stem not in shown:
            wrong.append(f"param/{header.name} has no row: add one to tests/parametrizations.cpp")
        for folder in ("tests/laws", "examples/param"):
            shares = any(f"paramorph/param/{header.name}" in file.read_text() for file in (ROOT / folder).glob("*.cpp"))
            if not (shares or (ROOT / folder / f"{header.stem}.cpp").exists()):
                wrong.append(f"no file of {folder} is named {header.stem}.cpp or includes param/{header.name}")
    guide = (ROOT / "CONTRIBUTING.md").read_text().split("## A parametrization in ten minutes", 1)[-1]
    shown_struct = textwrap.dedent(guide.split("```cpp\n", 1)[-1].split("```", 1)[0]).strip()
    if shown_struct not in (HEADERS / "simplex.hpp").read_text():
        wrong.append("CONTRIBUTING.md: the struct of the guide is not the one in param/simplex.hpp")
    text = PAGE.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{PAGE.name} must have the lines {BEGIN.strip()} and {END.strip()} once")
    before, rest = text.split(BEGIN)
    found, after = rest.split(END)
    if sys.argv[2:] == ["--write"]:
        PAGE.write_text(before + BEGIN + wanted + END + after)
    elif found != wanted:
        wrong += difflib.unified_diff(found.splitlines(), wanted.splitlines(), PAGE.name, "the code", lineterm="")
        wrong.append("the table of parametrizations is not what the code says: write it with --write")
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
