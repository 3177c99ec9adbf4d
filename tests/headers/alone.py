"""Every header compiles alone: `alone.py INCLUDE_FOLDER BUILD_FOLDER`, with the flags of the build.

A header that takes long to read is compiled once, for all that include it: each of those begins with it. What else it
includes is tried alone too, and its own text stands behind all of this either way: so nothing that it lacks is hidden.

SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import Memory, cached, compile_command, precompiled  # noqa: E402

include, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
command = [*compile_command(build), "-fdiagnostics-color=never"]
headers = {str(h.relative_to(include)).replace("/", "."): h.relative_to(include) for h in include.rglob("*.hpp")}
# Those that take long to read, the longest first.
LONG = [
    "paramorph/nn/module.hpp",
    "paramorph/kernel/compiled.hpp",
    "paramorph/compat/simd.hpp",
    "paramorph/expr/operation.hpp",
    "paramorph/graph/graph.hpp",
]


def included(header: pathlib.Path, known: dict[pathlib.Path, set[pathlib.Path]]) -> set[pathlib.Path]:
    """The headers of this folder that a header includes, itself or through others."""
    if header not in known:
        known[header] = set()
        named = re.findall(r'^#include [<"](paramorph/.+)[>"]', (include / header).read_text(), re.M)
        direct = {pathlib.Path(other) for other in named if (include / other).exists()}
        known[header] = direct.union(*(included(other, known) for other in direct))
    return known[header]


closure: dict[pathlib.Path, set[pathlib.Path]] = {}
for header in headers.values():
    included(header, closure)
# The depfile of a header does not name what lies in the one that is compiled.
memory = Memory(
    build / "headers_alone",
    command,
    lambda name: [*memory.reads_of_depfile(name), *(include / other for other in closure[headers[name]])],
)
for name, header in headers.items():
    source = memory.folder / (name + ".cpp")
    if not source.exists():
        source.write_text(f"#include <{header}>\n")


def complaint(name: str) -> str:
    # The umbrella of targets refuses to come after headers of the host.
    targets = name == "paramorph.embed.hpp"
    begin = [] if targets else next((flags for long, flags in beginnings.items() if long in closure[headers[name]]), [])
    source = memory.folder.resolve() / (name + ".cpp")
    arguments = ["-MD", "-MF", memory.depfile(name), "-c", source, "-o", source.with_suffix(".o")]
    result = subprocess.run([*cached(command), *begin, *arguments], capture_output=True, text=True)
    return "" if result.returncode == 0 else f"does not compile alone\n{result.stderr}"


todo = [name for name in headers if not memory.passed(name)]
beginnings: dict[pathlib.Path, list[str]] = {}
if len(todo) > 20:
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(lambda long: precompiled(command, memory.folder, long, include), LONG)
        beginnings.update(zip(map(pathlib.Path, LONG), made))

sys.exit(memory.run_all(sorted(headers), complaint))
