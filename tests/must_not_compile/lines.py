"""How long the message of a mistake is: `lines.py BUILD_FOLDER FOLDER [--all]`.

One case of 24, or all, where nothing is held, are compiled each alone, with their mistakes on and as a user compiles them, so that lines of the
source are shown, too. The lines of the whole message are counted. The median, the longest and how many have over twenty
must not grow beyond what is stated below; where they have become less, the figures are to be lowered with the change.
At most twenty lines are aimed at, and a median of twelve. clang takes three lines for each template between the user's line and the
mistake, and names ten of them.
SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import os
import pathlib
import statistics
import subprocess
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import Memory, compile_command  # noqa: E402

# Of one of 24: the median, the longest, and how many have over twenty lines.
MOST = {"gcc": (10, 15, 0), "clang": (16, 33, 4)}

build, folder = sys.argv[1], pathlib.Path(sys.argv[2])
command = compile_command(build)
version = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
compiler = "clang" if "clang" in version else "gcc"
every = "--all" in sys.argv
cases = [c for c in sorted(folder.glob("*.cpp")) if every or zlib.crc32(c.stem.encode()) % 24 == 0]


def lines_of(case: pathlib.Path) -> int:
    arguments = [*command, "-fmessage-length=0", "-fsyntax-only", "-DMISTAKE", str(case)]
    result = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    return len(result.stderr.splitlines())


def complaint(_: str) -> str:
    """Measures; what has become worse, with the longest messages."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        lines = dict(zip((c.stem for c in cases), pool.map(lines_of, cases)))
    counts = sorted(lines.values())
    found = (statistics.median_high(counts), counts[-1], sum(n > 20 for n in counts))
    stated = f"{len(lines)} messages of {compiler}: median, longest, how many over twenty lines: {found}; at most {MOST[compiler]}"
    longest = [f"{n:4} {name}" for name, n in sorted(lines.items(), key=lambda each: -each[1])[:12]]
    print("\n".join([stated, *longest]))
    worse = not every and any(n > m for n, m in zip(found, MOST[compiler]))
    return "messages have become longer" if worse else ""


include = folder.resolve().parents[1] / "include"
read = [*include.rglob("*.hpp"), *cases]
memory = Memory(pathlib.Path(build) / "lines_of_messages", [*command, version, every, MOST], lambda _: read)
sys.exit(memory.run_all(["all" if every else "one of 24"], complaint))
