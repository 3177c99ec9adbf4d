"""What README.md and the guide show is what is run: `snippets.py` checks it, `snippets.py --write` writes it.

A block says behind its language where it comes from, from the top folder on:

    ```cpp examples/training.cpp            what stands there between pairs of `// [readme]` lines, parts joined by an empty line
    ```cpp examples/training.cpp frozen     between pairs of `// [frozen]` lines
    ```text tests/unit/explain.cpp          lines of a raw string of that test, which --write leaves alone
    ```error tests/must_not_compile/x.cpp   a message that has the sentence that the case expects, at a line of a header that says one

A block of C++ without a place fails, and so does a marked part that no page shows. The README has at most 150 lines, and
its figures are those of the guide. The number of mistakes that the guide names is the number of cases.
SPDX-License-Identifier: BSL-1.0
"""

import difflib
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES, CASES = ROOT / "examples", ROOT / "tests/must_not_compile"
README, GUIDE = ROOT / "README.md", ROOT / "examples/guide"
BLOCK = re.compile(r"^```(\w+)(?: ([^\s`]+))?(?: (\w+))?\n(.*?)^```$", re.M | re.S)
MARK = re.compile(r"^\s*// \[(\w+)\]$")
COUNT = re.compile(r"holds (\d+) mistakes")


def marked_in(file: pathlib.Path) -> dict[str, str]:
    """What stands between pairs of `// [name]` lines, by name."""
    parts: dict[str, list[list[str]]] = {}
    inside = ""
    for line in file.read_text().splitlines():
        mark = MARK.match(line)
        if mark and inside and mark[1] != inside:
            sys.exit(f"{file.relative_to(ROOT)}: [{mark[1]}] begins within [{inside}]")
        if mark:
            inside = "" if inside else mark[1]
            if inside:
                parts.setdefault(inside, []).append([])
        elif inside:
            parts[inside][-1].append(line)
    if inside:
        sys.exit(f"{file.relative_to(ROOT)}: [{inside}] does not end")
    return {n: "\n\n".join(textwrap.dedent("\n".join(p)).strip() for p in all_) + "\n" for n, all_ in parts.items()}


def sentence_of(case: pathlib.Path) -> str:
    return re.findall(r"// error(?:\(gcc\))?: (.+)", case.read_text())[0]


def said_at(message: str) -> bool:
    """Whether a message names no header, or the line of one that takes the type of a mistake."""
    place = re.match(r"(include/\S+):(\d+):\d+: ", message)
    lines = (ROOT / place[1]).read_text().splitlines() if place else []
    return place is None or (int(place[2]) <= len(lines) and "::type;" in lines[int(place[2]) - 1])


def numbers_of(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,]*\.\d+", text))


def main() -> int:
    write = sys.argv[1:] == ["--write"]
    wrong: list[str] = []
    marked = {file.relative_to(ROOT).as_posix(): marked_in(file) for file in sorted(EXAMPLES.rglob("*.[ch]pp"))}
    unseen = {(file, name) for file, names in marked.items() for name in names}
    cases = len(list(CASES.glob("*.cpp")))
    pages = [README, *sorted(GUIDE.glob("*.md"))]
    for page in pages:
        text, name = page.read_text(), page.relative_to(ROOT).as_posix()

        def block(match: re.Match) -> str:
            language, file, mark, shown = match[1], match[2], match[3] or "readme", match[4]
            if language == "cpp":
                if not file:
                    wrong.append(f"{name}: a block of C++ must name the example it comes from: {shown.splitlines()[0]}")
                    return match[0]
                unseen.discard((file, mark))
                expected = marked.get(file, {}).get(mark)
                if expected is None:
                    wrong.append(f"{name}: {file} has no part between `// [{mark}]` lines")
                    return match[0]
                if expected != shown:
                    wrong.extend(difflib.unified_diff(shown.splitlines(), expected.splitlines(), name, file, lineterm=""))
                head = " ".join(word for word in (file, match[3]) if word)
                return f"```cpp {head}\n{expected}```"
            if language == "text" and file and shown.rstrip("\n") not in (ROOT / file).read_text():
                wrong.append(f"{name}: {file} does not have the lines: {shown}")
            if language == "error" and (not file or sentence_of(ROOT / file) not in shown):
                wrong.append(f"{name}: {file} expects another sentence than: {shown}")
            if language == "error" and not said_at(shown):
                wrong.append(f"{name}: the compiler says no mistake at the line that is named: {shown}")
            return match[0]

        result = BLOCK.sub(block, text)
        for found in COUNT.findall(text):
            if int(found) != cases:
                wrong.append(f"{name}: {found} mistakes are named, tests/must_not_compile has {cases}")
        result = COUNT.sub(f"holds {cases} mistakes", result)
        if write and result != text:
            page.write_text(result)
    for file, mark in sorted(unseen):
        wrong.append(f"{file}: no page shows what stands between its `// [{mark}]` lines")
    readme = README.read_text()
    if len(readme.splitlines()) > 150:
        wrong.append(f"README.md has {len(readme.splitlines())} lines; at most 150 are wanted: move some to {GUIDE.relative_to(ROOT)}")
    stated = set().union(*(numbers_of(page.read_text()) for page in pages[1:]))
    table = "\n".join(line for line in readme.splitlines() if line.startswith("|"))
    for number in sorted(numbers_of(table) - stated):
        wrong.append(f"README.md: the figure {number} stands on no page of the guide")
    print("\n".join(wrong))
    return 1 if wrong and not write else 0


sys.exit(main())
