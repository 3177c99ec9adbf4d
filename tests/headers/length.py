"""No header is longer than 300 lines: `length.py INCLUDE_FOLDER`. One that grows longer is split by what it is about.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import sys

include = pathlib.Path(sys.argv[1])
# A list with two lines for each name, which tests/headers/macros.py compares with its counterpart, macros_back.hpp.
LISTS = {"paramorph/core/macros_aside.hpp"}
lengths = {str(h.relative_to(include)): len(h.read_text().splitlines()) for h in sorted(include.rglob("*.hpp"))}
too_long = [name for name, lines in lengths.items() if (lines > 300) != (name in LISTS)]
for name in too_long:
    print(f"{name} has {lengths[name]} lines" + ("; it needs no exception" if name in LISTS else ", 300 at most: split it"))
print(f"{len(lengths) - len(too_long)} passed, {len(too_long)} failed")
sys.exit(1 if too_long or len(lengths) < 100 else 0)
