"""Every error that is thrown has a test that provokes it, and every mistake that is named is said: `errors.py`.

What is thrown is read from the sources: the texts in the argument of `throw error(...)`, `throw failure(...)` and `fail(...)`, with a
gap where a number or a name is put in. A test names it when a text of the test, of at least two words, stands in the
sentence, its numbers and quoted names in the gaps; or when a whole piece of the sentence, of at least two words, stands
in a text of the test. What only passes a sentence on has none of its own. In a header each `using wrong = ...` is followed by the
declaration that fails, and no `mistake<...>` stands elsewhere without being said (core/sentence.hpp). What a traced function
gives behind it is marked, `after_mistake(...)`, so that what would trace it again knows. A header that is named for a
function has it.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Sites that a test on the host cannot reach, and why.
CANNOT = {
    "without run-time type information": "only in a build without it",
    "expected an object, found": "the first byte of a header is `{` by then",
    "bounds: a box is empty": "only without exceptions, where the program stops",
    "the system takes no bytes": "a write that the system answers with zero",
    "a header has less than 2^31 bytes": "a file of two gigabytes",
    "safetensors allows 100000000": "names of a hundred megabytes",
}
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
SITE = re.compile(r"\b(?:throw (?:\w+::)*(?:error|failure)|(?<!void )(?:\w+\.)?\bfail|refuse_view)\(")
GAP = "\0"


def words(text: str) -> int:
    return len(re.findall(r"[A-Za-z]{2,}", text))


def joined(code: str) -> str:
    """Texts that stand beside one another are one."""
    return re.sub(r'(?<!\\)"\s*\n\s*"', "", code)


def plain(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\").replace("\\'", "'")


def without_comments(code: str) -> str:
    return re.sub(r"^[ \t]*//[^\n]*", "", code, flags=re.M)


def argument(code: str, begin: int) -> str:
    """What stands in the parentheses that open at `begin`."""
    depth, at, quoted = 0, begin, False
    while at < len(code):
        c = code[at]
        if quoted:
            at += c == "\\"
            quoted = c != '"'
        elif code[at : at + 3] in ("'\"'", "'('", "')'"):
            at += 2
        elif c == '"':
            quoted = True
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return code[begin + 1 : at]
        at += 1
    return ""


def sentences(code: str) -> list[tuple[int, str, list[str]]]:
    """Of each place that throws: its line, the sentence with gaps, and its pieces."""
    found = []
    for site in SITE.finditer(code):
        given = argument(code, site.end() - 1)
        pieces, text, last = [], GAP, 0
        for piece in TEXT.finditer(joined(given)):
            between = joined(given)[last : piece.start()].strip()
            text += (GAP if between not in ("", "+") else "") + plain(piece[1])
            pieces.append(plain(piece[1]).strip(" :;,."))
            last = piece.end()
        found.append((code.count("\n", 0, site.start()) + 1, text + GAP, pieces))
    return found


def tests_texts() -> list[str]:
    texts: set[str] = set()
    for file in (ROOT / "tests").rglob("*"):
        if file.suffix in (".cpp", ".hpp", ".py") and file.name != "errors.py" and "must_not_compile" not in file.parts:
            code = joined(file.read_text(errors="replace"))
            texts.update(TEXT.findall(code))
            if file.suffix == ".py":
                texts.update(re.findall(r"'((?:[^'\\\n]|\\.)*)'", code))
    return [t for t in (plain(text).strip() for text in texts) if words(t) >= 2]


def with_gaps(text: str) -> re.Pattern[str] | None:
    """Finds a test's text in a sentence; None where too little of it is certain."""
    parts = re.split(r'(\d[\d.]*|"[^"]*"|\[[^\]]*\])', text)
    if words(" ".join(parts[::2])) < 2:
        return None
    # A quote that does not end is of a name that the test puts in.
    certain = [re.escape(p).replace('"', f'(?:"|{GAP})') for p in parts]
    return re.compile("".join(p if i % 2 == 0 else f"(?:{p}|{GAP})" for i, p in enumerate(certain)))


texts = tests_texts()
patterns = [p for p in map(with_gaps, texts) if p]
everything = "\n".join(texts)
sites, wrong = 0, []
for file in sorted([*(ROOT / "include").rglob("*.hpp"), *(ROOT / "src/io").rglob("*.?pp"), *(ROOT / "src/tool").rglob("*.?pp")]):
    for line, text, pieces in sentences(without_comments(file.read_text())):
        if words(" ".join(pieces)) < 3:  # passes a sentence on
            continue
        sites += 1
        if any(words(piece) >= 2 and piece in everything for piece in pieces) or any(p.search(text) for p in patterns):
            continue
        if not any(cannot in text for cannot in CANNOT):
            wrong.append(f"{file.relative_to(ROOT)}:{line}: no test names this error: {text.replace(GAP, '*')}")
for file in sorted((ROOT / "include").rglob("*.hpp")):
    code = without_comments(file.read_text())
    named = len(re.findall(r"(?<!struct )\bmistake<", code))
    said = len(re.findall(r"using said(?: \[\[maybe_unused\]\])? = (?:typename )?wrong::type;", code))
    wrongs = len(re.findall(r"using wrong =", code))
    for unmarked in re.finditer(r"wrong::type;\s+return (?:detail::)?(?:as_operand|placeholder)\b", code):
        line = code.count("\n", 0, unmarked.end()) + 1
        wrong.append(f"{file.relative_to(ROOT)}: what is returned behind a mistake is not marked: {code.splitlines()[line - 1].strip()}")
    if (named > said or wrongs != said) and file.name != "sentence.hpp":
        wrong.append(f"{file.relative_to(ROOT)}: {named} mistakes are named, {wrongs} are wrong somewhere, and {said} are said")
# The header that is named where a function's own is not included has that function.
operations = (ROOT / "include/paramorph/nn/operations_of_arrays.hpp").read_text()
for header, name in re.findall(r"^PARAMORPH_(?:FUNCTION|OPERATION)\((\w+), (\w+)\)", operations, re.M):
    file = ROOT / f"include/paramorph/op/{header}.hpp"
    sites += 1
    if not file.exists() or not re.search(rf"^constexpr auto {name}\(", file.read_text(), re.M):
        wrong.append(f"{file.relative_to(ROOT)} is named for pm::{name}, and does not have it")
print("\n".join([*wrong, f"{sites - len(wrong)} passed, {len(wrong)} failed"]))
sys.exit(1 if wrong else 0)
