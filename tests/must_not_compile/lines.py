"""How long the message of a mistake is: `lines.py BUILD_FOLDER FOLDER [--all] [CASE...]`.

One case of twelve (all, or those that are named) is compiled alone, with its mistake on and as a user compiles it, so that
lines of the source are shown, too. The lines of the whole message are counted: at most twenty, but for those of longer.py.
The median must only become less; where it has, it is to be lowered with the change. Prints it, and the longest messages,
with --all those of every case.
SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import os
import pathlib
import re
import statistics
import subprocess
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import Memory, as_if_read, compile_command, precompiled  # noqa: E402
from longer import LONGER, MOST  # noqa: E402

# Of one case of twelve.
MEDIAN = {"gcc": 10, "clang": 13}
# Headers that take longer to read than the case that reads them; what is said is the same.
LONG = ["paramorph/paramorph.hpp", "paramorph/nn/linear.hpp", "paramorph/nn/parametrize.hpp", "paramorph/parametrize/tensor.hpp"]

build, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
command = [*compile_command(build), "-fmessage-length=0"]
version = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
compiler = "clang" if "clang" in version else "gcc"
every = "--all" in sys.argv
named = [word for word in sys.argv[3:] if word != "--all"]
sample = [c for c in sorted(folder.glob("*.cpp")) if every or zlib.crc32(c.stem.encode()) % 12 == 0]
cases = [folder / (name + ".cpp") for name in named] or sample
include = folder.parents[1] / "include"
read = [*include.rglob("*.hpp"), *cases]
memory = Memory(build / "lines_of_messages", [*command, version, MEDIAN, MOST, LONGER, [c.stem for c in cases]], lambda _: read)


def lines_of(case: pathlib.Path) -> int:
    headers = re.findall(r"^#include <(.+)>", case.read_text(), re.M)
    begin = [] if "paramorph/embed.hpp" in headers else next((begins[h] for h in headers if h in begins), [])
    arguments = [*command, *begin, "-fsyntax-only", "-DMISTAKE", str(case)]
    result = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    return len(as_if_read(result.stderr, memory.folder).splitlines())


def complaint(_: str) -> str:
    """Measures; what has become worse."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        begins.update(zip(LONG, pool.map(lambda h: precompiled(command, memory.folder, h, include), LONG)))
        lines = dict(zip((c.stem for c in cases), pool.map(lines_of, cases)))
    median = statistics.median_high(lines.values())
    print(f"{len(lines)} messages of {compiler}: {median} lines in the middle, at most {MEDIAN[compiler]} allowed")
    longest = sorted(lines.items(), key=lambda each: -each[1])
    for name, n in longest if every else longest[:12]:
        print(f"{n:4} {name}")
    worse = [
        f"{name} has {n} lines, at most {most} are allowed"
        for name, n in longest
        if n > (most := LONGER[compiler].get(name, MOST))
    ]
    worse += [
        f"{name} has {n} lines: lower its bar in longer.py, {LONGER[compiler][name]}, or take it out"
        for name, n in longest
        if n < LONGER[compiler].get(name, 0)
    ]
    if not named and median > MEDIAN[compiler]:
        worse.append("messages have become longer")
    return "\n".join(worse)


begins: dict[str, list[str]] = {}
sys.exit(memory.run_all(["all" if every else "one of 12"], complaint))
