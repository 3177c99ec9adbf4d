"""What macros and options do to the headers: `macros.py INCLUDE_FOLDER BUILD_FOLDER`, with the flags of the build.

The umbrellas, read where each name of core/macros_aside.hpp is a macro that no code survives, compile and leave the
macros as they were. A single header says that it cannot be read so. Arithmetic that options change is refused, and so
are headers for the host behind the umbrella for targets.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import compile_command  # noqa: E402

include, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
command = [*compile_command(build), "-fsyntax-only", "-Wfatal-errors", "-fdiagnostics-color=never", "-x", "c++", "-"]
clang = "clang" in subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
aside, back = ((include / f"paramorph/core/macros_{f}.hpp").read_text() for f in ("aside", "back"))
names = re.findall(r'push_macro\("(\w+)"\)\n#undef (\w+)\n', aside)
failed = 0


def check(holds: bool, what: str, said: str = "") -> None:
    global failed
    if not holds:
        failed += 1
        print(f"FAILED: {what}\n{said[:2000]}")


def compile_text(text: str, *flags: str) -> str:
    """What the compiler says of a program; nothing where it compiles."""
    result = subprocess.run([*command[:-3], *flags, *command[-3:]], input=text, capture_output=True, text=True)
    return "" if result.returncode == 0 else result.stderr


check(len(names) > 100 and all(a == b for a, b in names), "each name that is pushed is undefined")
check([a for a, _ in names] == re.findall(r'pop_macro\("(\w+)"\)', back), "what is set aside is given back")

defined = "".join(f"#define {name} !{name}!\n" for name, _ in names)
kept = "".join(f"#ifndef {name}\n#error {name} is lost\n#endif\n" for name, _ in names)
none = "".join(f"#ifdef {name}\n#error {name} is new\n#endif\n" for name, _ in names)
programs = 0
for header in ("paramorph.hpp", "embed.hpp", "testing/laws.hpp"):
    inclusion = f"#include <paramorph/{header}>\n"
    for what, text in (("with macros", defined + inclusion + kept), ("without", inclusion + none)):
        said = compile_text(text)
        check(not said, f"{header}, {what}", said)
        programs += 1

for macro in ("abs(x) x", "near", "small char", "I 1"):
    said = compile_text(f"#define {macro}\n#include <paramorph/param/interval.hpp>\n")
    first = next((line for line in said.splitlines() if "error:" in line), "")
    check("paramorph: a macro has the name of something in its headers" in first, f"a single header after {macro}", said)
    programs += 1

refused = ["-ffast-math", "-Ofast -Wno-deprecated" if clang else "-Ofast", "-ffinite-math-only"]
if not clang:  # which says nothing of this one to the preprocessor
    refused.append("-fassociative-math -fno-signed-zeros -fno-trapping-math")
for header in ("paramorph.hpp", "embed.hpp", "op/exp.hpp"):
    for flags in refused:
        said = compile_text(f"#include <paramorph/{header}>\n", *flags.split())
        first = next((line for line in said.splitlines() if "error:" in line), "")
        check("paramorph: -ffast-math" in first, f"{header} with {flags}", said)
        programs += 1
for flags in [] if clang else ["-freciprocal-math", "-mfpmath=387"]:
    said = compile_text("#include <paramorph/embed.hpp>\n#include <paramorph/prove.hpp>\n", flags)
    first = next((line for line in said.splitlines() if "error:" in line), "")
    check("paramorph: proofs rest on quotients" in first, f"prove.hpp with {flags}", said)
    programs += 1
if not clang:  # which does not know it
    said = compile_text("#include <paramorph/embed.hpp>\n", "-fsingle-precision-constant", "-Wno-overflow")
    first = next((line for line in said.splitlines() if "error:" in line), "")
    check("paramorph: -fsingle-precision-constant" in first, "literals of single precision", said)
    programs += 1
said = compile_text("#include <paramorph/paramorph.hpp>\n", "-fno-exceptions", "-Wno-fatal-errors")
check("paramorph.hpp: it throws pm::error" in said and said.count(" error: ") == 1, "no exceptions", said)
programs += 1
said = compile_text("#include <paramorph/embed.hpp>\n", "-fno-math-errno", "-fno-trapping-math")
check(not said, "options that change no result", said)

# Each header for the host says that it stands behind the umbrella for targets, and nothing else is said.
host = ("paramorph", "invert", "io", "print", "threads", "views", "testing/laws", "prove/evidence")
text = "#include <paramorph/embed.hpp>\n" + "".join(f"#include <paramorph/{header}.hpp>\n" for header in host)
errors = [line for line in compile_text(text, "-Wno-fatal-errors").splitlines() if " error: " in line]
for header, error in zip(host, errors):
    name = header.split("/")[-1]
    check(f"{name}.hpp: embed.hpp is included before it in this file; " in error, f"{header} behind embed.hpp", error)
check(len(errors) == len(host), "headers for the host behind embed.hpp", "\n".join(errors))
programs += len(host)

print(f"{programs + 3 - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
