#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""No heap, no exception, no virtual call, no run-time type in a kernel: compiles static/kernel_symbols.cpp as the build does, at -O2, and reads
the object's symbols.

usage: symbols.py BUILD_ROOT
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from compile_command import compile_command  # noqa: E402

FORBIDDEN = re.compile(
    r"^(_Zn[wa]|_Zd[la]|__cxa_|_Unwind|_ZTV|_ZTI|_ZTS|__dynamic_cast|(malloc|calloc|realloc|free|aligned_alloc|posix_memalign)$"
    r"|_ZSt\d+__throw)"
)


def tool_of(compiler: str, name: str) -> str:
    """The program that reads what the compiler writes, which may be for another machine."""
    return subprocess.run([compiler, f"-print-prog-name={name}"], check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    source = Path(__file__).parent.parent / "static/kernel_symbols.cpp"
    leave = re.compile(r"-O|-g|-fsanitize|-D_GLIBCXX|--coverage|-fPIC|-Werror|-Winvalid-pch")
    command = [word for word in compile_command(sys.argv[1], "static/kernel_symbols.cpp") if not leave.match(word)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "kernel.o"
        subprocess.run([*command, "-O2", "-c", str(source), "-o", str(target)], check=True)
        nm, objdump = (tool_of(command[0], name) for name in ("nm", "objdump"))
        listing = subprocess.run([nm, "--format=posix", str(target)], check=True, capture_output=True, text=True).stdout
        sections = subprocess.run([objdump, "-h", str(target)], check=True, capture_output=True, text=True).stdout
    symbols = [line.split()[:2] for line in listing.splitlines() if line.strip()]
    kernels = [name for name, kind in symbols if kind in "TtWw" and name.startswith("kernel_under_test")]
    bad = [name for name, _ in symbols if FORBIDDEN.match(name)]
    if not kernels:
        print("the object holds no kernel_under_test")
    if bad:
        print("a kernel must not refer to:", *bad, sep="\n  ")
    if ".gcc_except_table" in sections:
        print("a kernel has exception tables")
    return 0 if kernels and not bad and ".gcc_except_table" not in sections else 1


if __name__ == "__main__":
    sys.exit(main())
