"""Every header compiles alone: `alone.py INCLUDE_FOLDER BUILD_FOLDER`, with the flags of the build.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import Memory, compile_command  # noqa: E402

include, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
command = [*compile_command(build), "-fsyntax-only", "-fdiagnostics-color=never"]
memory = Memory(build / "headers_alone", command)
headers = {str(h.relative_to(include)).replace("/", "."): h.relative_to(include) for h in include.rglob("*.hpp")}

for name, header in headers.items():
    source = memory.folder / (name + ".cpp")
    if not source.exists():
        source.write_text(f"#include <{header}>\n")


def complaint(name: str) -> str:
    arguments = ["-MD", "-MF", memory.depfile(name), memory.folder / (name + ".cpp")]
    result = subprocess.run([*command, *arguments], capture_output=True, text=True)
    return "" if result.returncode == 0 else f"does not compile alone\n{result.stderr}"


sys.exit(memory.run_all(sorted(headers), complaint))
