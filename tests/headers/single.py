"""The library as one header: `single.py BUILD_FOLDER HEADERS EXAMPLE...`, with the flags of the build.

src/single_header.py writes the header for the host and the one for targets. Each compiles alone; then the examples, those
that the README shows, compile with them in place of the library's headers, which the compiler does not find; those for
targets with the headers that other programs made of networks, in the folders HEADERS. The first is linked and run, too. Two
of these headers in one file, or one and the library's own, are one sentence.
SPDX-License-Identifier: BSL-1.0
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests"))
from compile_command import compile_command  # noqa: E402

build, examples = sys.argv[1], sys.argv[3:]
made = dict(pair.split("=") for pair in sys.argv[2].split(","))
KINDS = {"paramorph": ["paramorph", "invert", "print", "prove", "threads", "views"], "paramorph_embed": ["embed"]}
PAIRS = [
    ('"paramorph.hpp"', '"paramorph_embed.hpp"'),
    ('"paramorph_embed.hpp"', '"paramorph.hpp"'),
    ('"paramorph.hpp"', "<paramorph/views.hpp>"),
    ("<paramorph/paramorph.hpp>", '"paramorph.hpp"'),
    ('"paramorph_embed.hpp"', "<paramorph/embed.hpp>"),
    ("<paramorph/embed.hpp>", '"paramorph_embed.hpp"'),
]
NETWORKS = [("small_target", "digits"), ("small_target", "trained"), ("tensor_file", "originals")]
failed = 0


def run(what: str, *command: str) -> None:
    global failed
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        failed += 1
        print(f"FAILED: {what}\n{' '.join(command)}\n{(result.stdout + result.stderr)[:3000]}")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "paramorph").mkdir()
    own = (str(root / "include"), str(root / "tests"), str(root))
    flags = [w for w in compile_command(build) if not (w.startswith("-I") and str(pathlib.Path(w[2:]).resolve()) in own)]
    command = [*flags, f"-I{folder}"]
    for kind, umbrellas in KINDS.items():
        header = folder / f"{kind}.hpp"
        run(f"writing {kind}.hpp", sys.executable, str(root / "src/single_header.py"), str(header), *umbrellas)
        left = [line for line in header.read_text().splitlines() if line.startswith("#include") and "paramorph" in line]
        if left:
            failed += 1
            print(f"FAILED: {kind}.hpp includes {left}")
        for umbrella in umbrellas:
            (folder / "paramorph" / f"{umbrella}.hpp").write_text(f'#include "{header}"\n')
        networks = "".join(f'#include "{made[at]}/{network}.hpp"\n' for at, network in NETWORKS)
        (folder / "alone.cpp").write_text(f'#include "{header}"\n{networks}')
        run(f"{kind}.hpp alone, and networks behind it", *flags, "-fsyntax-only", str(folder / "alone.cpp"))
    for first, second in PAIRS:
        (folder / "two.cpp").write_text(f"#include {first}\n#include {second}\n")
        result = subprocess.run(
            [*flags, "-fdiagnostics-color=never", f"-iquote{folder}", f"-I{root / 'include'}", "-E", str(folder / "two.cpp"), "-o", os.devnull],
            capture_output=True,
            text=True,
        )
        said = re.findall(r" error: (?:#error )?(.*)", result.stderr)
        if result.returncode == 0 or not re.match(r'"paramorph\w*(\.hpp)?: this file includes the library ', "".join(said[:1])) or len(said) > 2:
            failed += 1
            print(f"FAILED: {first}, then {second}: {result.stderr[:2000]}")
    for example in examples[1:]:
        headers = made.get(pathlib.Path(example).parent.name)
        run(example, *command, *([f"-I{headers}"] if headers else []), "-fsyntax-only", example)
    run(examples[0], *command, examples[0], "-o", str(folder / "program"))
    run("running " + examples[0], str(folder / "program"))

total = 2 * len(KINDS) + len(PAIRS) + len(examples) + 1
print(f"{total - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
