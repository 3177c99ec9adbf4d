"""The programs that run what the headers have: the examples, and tests where no example names it.

SPDX-License-Identifier: BSL-1.0
"""

import collections
import pathlib
import re

import reference

# Folders of programs, those first that are to be read as examples.
FOLDERS = ("examples", "tests/unit", "tests/laws", "tests/io", "tests/static", "tests")
# What is no program, or must fail.
LEFT_OUT = {"must_not_compile", "written"}
INCLUDE = re.compile(r'^#include ["<]paramorph/([^">]+)[">]', re.M)
LINE_COMMENT = re.compile(r"//[^\n]*")
QUALIFIED = re.compile(r"(?<![\w:])(?:::)?(?:pm|paramorph)::((?:\w+::)*\w+)|(?<![\w:])(\w+(?:::\w+)+)")
OPENED = re.compile(r"using namespace (?:pm|paramorph)(?:::(\w+))?;")


class Programs:
    def __init__(self, root: pathlib.Path) -> None:
        self.text: dict[str, str] = {}
        for folder in FOLDERS:
            for file in sorted((root / folder).rglob("*.[ch]pp")):
                path = file.relative_to(root).as_posix()
                if path not in self.text and not LEFT_OUT & set(file.parts):
                    self.text[path] = file.read_text()
        self.order = {path: k for k, path in enumerate(self.text)}
        self.readers: dict[str, list[str]] = {}  # by header: the headers that include it
        headers = root / "include/paramorph"
        for file in sorted(headers.rglob("*.hpp")):
            for inside in INCLUDE.findall(file.read_text()):
                self.readers.setdefault(inside, []).append(file.relative_to(headers).as_posix())
        self.including: dict[str, list[str]] = {}  # by header: the programs that include it
        for path, text in self.text.items():
            for inside in set(INCLUDE.findall(text)):
                self.including.setdefault(inside, []).append(path)
        self.of: dict[str, list[str]] = {}  # by name, as an Entity has it
        for path, text in self.text.items():
            for name in names_in(text):
                self.of.setdefault(name, []).append(path)

    def running(self, entity: reference.Entity) -> list[str]:
        """Those that name an entity, or what it is run by, or take one from what gives it: examples first, then those with
        the stem of its header."""
        stem = pathlib.Path(entity.header).stem
        named, given = self.naming([entity.name]), self.naming(entity.given_by)

        def rank(path: str) -> tuple[bool, bool, bool, bool, int]:
            return path.startswith("tests/"), path not in named, not path.endswith(".cpp"), pathlib.Path(path).stem != stem, self.order[path]

        return sorted(named | given, key=rank)

    def naming(self, names: list[str]) -> set[str]:
        return {path for name in names for spelled in (name, *namesakes(name)) for path in self.of.get(spelled, [])}

    def using(self, header: str, entities: dict[str, list[str]]) -> list[str]:
        """At most three that run a header, those that use most of its names first, or what the headers are run by that include it.

        `entities`: by header, the names that it has.
        """
        stem, seen, waiting = pathlib.Path(header).stem, {header}, collections.deque([header])
        while waiting:
            at, uses = waiting.popleft(), collections.Counter()
            for name in entities.get(at, []):
                uses.update(self.of.get(name, []))
            uses.update(self.including.get(at, []))
            if uses:
                return [row[-1] for row in sorted((p.startswith("tests/"), pathlib.Path(p).stem != stem, -n, p) for p, n in uses.items())[:3]]
            waiting.extend(h for h in self.readers.get(at, []) if h not in seen)
            seen.update(self.readers.get(at, []))
        return []


def namesakes(entity: str) -> list[str]:
    """An operation is run by the function of its name, a claim by the question, a tag by its value, options in braces by what takes them."""
    return [name for name in (re.sub(r"^(?:op|claim)::", "", entity), re.sub(r"_(?:t|options)$", "", entity)) if name != entity]


def names_in(text: str) -> set[str]:
    """The library's names in a program, without pm:: in front; of `pm::io::dtype::f32` also io::dtype."""
    text = LINE_COMMENT.sub("", text)
    found: set[str] = set()
    for inside, other in QUALIFIED.findall(text):
        parts = (inside or other).split("::")
        found |= {"::".join(parts[:k]) for k in range(1 if inside else 2, len(parts) + 1)}
    opened = OPENED.findall(text)
    if opened:
        words = set(re.findall(r"(?<![\w:.])[A-Za-z_]\w*", text))
        found |= {f"{space}::{word}" if space else word for space in opened for word in words}
    return found
