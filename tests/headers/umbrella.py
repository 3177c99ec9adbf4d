"""The umbrella header reaches every header of the library: `umbrella.py INCLUDE_FOLDER`.

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
missing = sorted({str(h.relative_to(include)) for h in include.rglob("*.hpp")} - reached)
for header in missing:
    print(f"{header} is not reached from paramorph/paramorph.hpp: include it there")
sys.exit(1 if missing else 0)
