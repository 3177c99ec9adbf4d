"""The umbrella header reaches every header of the library but those for tests: `umbrella.py INCLUDE_FOLDER`.

embed.hpp, the umbrella for targets, is reached by nobody. What is in `testing/` is for test programs only, which include it themselves; nothing else does.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

include = pathlib.Path(sys.argv[1])
reached: set[str] = set()
waiting = ["paramorph/paramorph.hpp"]
while waiting:
    header = waiting.pop()
    if header not in reached:
        reached.add(header)
        waiting += re.findall(r'^#include "(paramorph/[^"]+)"', (include / header).read_text(), re.MULTILINE)
headers = {str(h.relative_to(include)) for h in include.rglob("*.hpp")}
headers -= {"paramorph/embed.hpp"}  # the umbrella of targets
for_tests = {header for header in headers if header.startswith("paramorph/testing/")}
missing, astray = sorted(headers - for_tests - reached), sorted(for_tests & reached)
for header in missing:
    print(f"{header} is not reached from paramorph/paramorph.hpp: include it there")
for header in astray:
    print(f"{header} is for tests only, but is reached from paramorph/paramorph.hpp")
sys.exit(1 if missing or astray else 0)
