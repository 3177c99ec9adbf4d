"""The umbrella header reaches every header of the library but those for tests: `umbrella.py INCLUDE_FOLDER`.

embed.hpp, the umbrella for targets, is reached by nobody. What is in `testing/` is for test programs only, which include it themselves; nothing else does.
io.hpp needs a compiled library, prove/evidence.hpp stands on print.hpp as on prove.hpp, invert.hpp, print.hpp, prove.hpp, threads.hpp and views.hpp are for those who ask: each reaches what is its own, and paramorph.hpp does not. <cmath> is reached through core/cmath.hpp alone, which says why.

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


# Beside the umbrella of the host: the umbrella, and what it alone reaches.
OTHERS = {
    "paramorph/invert.hpp": ("paramorph/invert/",),
    "paramorph/io.hpp": ("paramorph/io/",),
    "paramorph/print.hpp": ("paramorph/print/",),
    "paramorph/prove.hpp": ("paramorph/prove/",),
    "paramorph/prove/evidence.hpp": (
        "paramorph/prove/evidence_facts.hpp",
        "paramorph/print/document.hpp",
        "paramorph/core/sha256.hpp",
        "paramorph/core/version.hpp",
    ),
    "paramorph/views.hpp": ("paramorph/compat/foreign_arrays.hpp",),
    "paramorph/threads.hpp": ("paramorph/core/thread_pool.hpp", "paramorph/kernel/run_shared.hpp", "paramorph/nn/on_threads.hpp"),
}


def owner_of(header: str) -> str | None:
    """The umbrella that names it, or the longest part of its path."""
    named = {umbrella: umbrella for umbrella in OTHERS} | {part: umbrella for umbrella, own in OTHERS.items() for part in own}
    return named.get(max((part for part in named if header.startswith(part)), key=len, default=""))


wrong = []
headers = {str(h.relative_to(include)) for h in include.rglob("*.hpp")}
headers -= {"paramorph/embed.hpp"}  # the umbrella of targets
reached = reached_from("paramorph/paramorph.hpp")
apart = {header for header in headers if header.startswith("paramorph/testing/")}
for umbrella in OTHERS:
    of_it = {header for header in headers if owner_of(header) == umbrella}
    wrong += [f"{h} is not reached from {umbrella}: include it there" for h in sorted(of_it - reached_from(umbrella))]
    apart |= of_it
wrong += [f"{h} is not reached from paramorph/paramorph.hpp: include it there" for h in sorted(headers - apart - reached)]
wrong += [f"{h} stands apart, but is reached from paramorph/paramorph.hpp" for h in sorted(apart & reached)]
of_cmath = {h for h in headers if re.search(r"^#include <(cmath|math\.h)>", (include / h).read_text(), re.MULTILINE)}
wrong += [f'{h} includes <cmath>: include "paramorph/core/cmath.hpp"' for h in sorted(of_cmath - {"paramorph/core/cmath.hpp"})]
wrong += [] if of_cmath else ["no header includes <cmath>: core/cmath.hpp should"]
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
