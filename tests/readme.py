"""What the README shows is what is run: `readme.py README EXPLAIN EXAMPLE...`.

Each C++ block of the README is what stands in one example, in the same order, between pairs of `// [readme]` lines: parts
are joined by an empty line. The text block must be what the test of `explain` expects.
SPDX-License-Identifier: BSL-1.0
"""

import difflib
import pathlib
import sys
import textwrap

MARK = "// [readme]"


def blocks_of(readme: str, language: str) -> list[list[str]]:
    return [part.split("```", 1)[0].strip().splitlines() for part in readme.split(f"```{language}\n")[1:]]


def marked_in(file: pathlib.Path) -> list[str]:
    parts, inside = [[]], False
    for line in file.read_text().splitlines():
        if line.strip() == MARK:
            inside = not inside
            parts.append([])
        elif inside:
            parts[-1].append(line)
    if inside or len(parts) == 1:
        sys.exit(f"{file.name} needs pairs of lines `{MARK}`")
    return "\n\n".join(textwrap.dedent("\n".join(part)).strip() for part in parts if part).splitlines()


readme = pathlib.Path(sys.argv[1]).read_text()
explain, *examples = map(pathlib.Path, sys.argv[2:])
shown, said = blocks_of(readme, "cpp"), blocks_of(readme, "text")
if len(shown) != len(examples):
    sys.exit(f"the README has {len(shown)} blocks of C++ for {len(examples)} examples: name each one's example in tests/meson.build")
expected = explain.read_text().split('R"(', 1)[-1].split(')"', 1)[0].splitlines()
difference = list(difflib.unified_diff(said[0], expected, "README.md", explain.name, lineterm=""))
for block, example in zip(shown, examples):
    difference += difflib.unified_diff(block, marked_in(example), "README.md", example.name, lineterm="")
print("\n".join(difference))
sys.exit(1 if difference else 0)
