"""The umbrella header reaches every header of the library but those for tests: `umbrella.py INCLUDE_FOLDER`.

embed.hpp, the umbrella for targets, is reached by nobody. What is in `testing/` is for test programs only, which include it themselves; nothing else does.
io.hpp is an umbrella of its own, because it needs a compiled library: it reaches what is in `io/`, and paramorph.hpp does not.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

include = pathlib.Path(sys.argv[1])


def reached_from(umbrella: str) -> set[str]:
    reached: set[str] = set()
    waiting = [umbrella]
    while waiting:
        header = waiting.pop()
        if header not in reached:
            reached.add(header)
            waiting += re.findall(r'^#include "(paramorph/[^"]+)"', (include / header).read_text(), re.MULTILINE)
    return reached


reached, with_io = reached_from("paramorph/paramorph.hpp"), reached_from("paramorph/io.hpp")
headers = {str(h.relative_to(include)) for h in include.rglob("*.hpp")}
headers -= {"paramorph/embed.hpp"}  # the umbrella of targets
for_tests = {header for header in headers if header.startswith("paramorph/testing/")}
of_io = {header for header in headers if header.startswith("paramorph/io")}
missing, astray = sorted(headers - for_tests - of_io - reached), sorted((for_tests | of_io) & reached)
for header in sorted(of_io - with_io):
    print(f"{header} is not reached from paramorph/io.hpp: include it there")
    missing.append(header)
for header in sorted(set(missing) - of_io):
    print(f"{header} is not reached from paramorph/paramorph.hpp: include it there")
for header in astray:
    print(f"{header} is for tests only, or needs paramorph-io, but is reached from paramorph/paramorph.hpp")
sys.exit(1 if missing or astray else 0)
