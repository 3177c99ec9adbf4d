#!/usr/bin/python3
"""The library as one header: `single_header.py OUTPUT UMBRELLA...`, as in `single_header.py paramorph.hpp paramorph print`.

What a header includes of the library stands in its place, once; what it includes of others stays an include. A header that
was read under a condition (#if) and is wanted where that need not hold stands there again, and a macro keeps it from being
read twice. Whether it is for a target (PARAMORPH_EMBED) is known, so what is for the other kind of machine is left out, and
so are comments that take a whole line.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

include = pathlib.Path(__file__).resolve().parent.parent / "include"
ASIDE, BACK = "paramorph/core/macros_aside.hpp", "paramorph/core/macros_back.hpp"  # once, around everything
output, umbrellas = pathlib.Path(sys.argv[1]), sys.argv[2:]
embed = umbrellas == ["embed"]
KNOWN = {
    "ifdef PARAMORPH_EMBED": embed,
    "ifndef PARAMORPH_EMBED": not embed,
    "if defined(PARAMORPH_ABI) && !defined(PARAMORPH_EMBED)": False,
    "define PARAMORPH_EMBED 1": False,
}

written: dict[str, list[tuple[int, ...]]] = {}  # a header: the conditions under which it stands
lines: list[str] = []
conditions: list[int] = []
number = 0


def write(header: str) -> None:
    """Writes a header where the conditions do not say that it was read."""
    global number
    here = tuple(conditions)
    if header in (ASIDE, BACK) or any(here[: len(before)] == before for before in written.get(header, [])):
        return
    written.setdefault(header, []).append(here)
    name = "PARAMORPH_READ_" + re.sub(r"\W", "_", header.removeprefix("paramorph/").removesuffix(".hpp")).upper()
    lines.append(f"#ifndef {name}  // {header}\n#define {name}")
    append((include / header).read_text())
    lines.append("#endif")
    if tuple(conditions) != here:
        sys.exit(f"{header}: a condition is not closed")


def append(text: str) -> None:
    global number
    open_conditions: list[bool | None] = []  # those that are known hold or do not
    continued = False
    for line in text.splitlines():
        directive = None if continued else re.match(r"\s*#\s*((\w+).*?)\s*(//.*)?$", line)
        comment = not continued and line.lstrip().startswith("//")
        continued = line.endswith("\\") and not comment
        word = directive[2] if directive else ""
        if word in ("if", "ifdef", "ifndef"):
            known = KNOWN.get(directive[1])
            open_conditions.append(known)
            if known is not None:
                continue
            number += 1
            conditions.append(number)
        elif word in ("elif", "else"):
            if open_conditions[-1] is not None:
                open_conditions[-1] = not open_conditions[-1]
                continue
            number += 1
            conditions[-1] = number
        elif word == "endif":
            if open_conditions.pop() is not None:
                continue
            conditions.pop()
        if False in open_conditions or comment or line == "#pragma once" or (directive and directive[1] in KNOWN):
            continue
        if found := re.match(r'\s*#\s*include ["<](paramorph/[^">]+)[">]', line):
            write(found[1])
        elif line:
            lines.append(line)


# In a file that has another of the three already nothing but the error stands.
lines.append(f"#if defined(PARAMORPH_ABI) && !defined(PARAMORPH_READ_{'EMBED' if embed else 'PARAMORPH'})")
lines.append(
    f'#error "{output.name}: this file includes the library already: a file includes paramorph.hpp, or paramorph_embed.hpp, '
    'or the library\'s own headers"\n#else'
)
if embed:
    lines.append("#define PARAMORPH_EMBED 1")
append((include / ASIDE).read_text())
for umbrella in umbrellas:
    write(f"paramorph/{umbrella}.hpp")
append((include / BACK).read_text())
lines.append("#endif")
version = re.search(r"version: '([^']+)'", (include.parent / "meson.build").read_text())[1]
licence = (include.parent / "LICENSE").read_text()
head = [
    f"paramorph {version} as one header: {', '.join(f'paramorph/{u}.hpp' for u in umbrellas)}. A program includes this file or the",
    "library's own headers, not both. It needs the headers of Boost.Hana" + ("." if embed else ", xtensor and xsimd."),
    "SPDX-License-Identifier: BSL-1.0",
    "",
    *licence.strip().splitlines(),
]
text = "".join(f"// {line}".rstrip() + "\n" for line in head) + "#pragma once\n\n" + "\n".join(lines) + "\n"
output.parent.mkdir(parents=True, exist_ok=True)
output.write_text(text)
