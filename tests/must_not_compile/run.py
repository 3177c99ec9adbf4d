"""One mistake per file, and the sentence the compiler must say: `run.py BUILD_FOLDER FOLDER [CASE...]`.

A case holds its mistake under `#ifdef MISTAKE` and, beside the offending line, a comment `// error: <sentence>`
(`// error(gcc): ...` and `// error(clang): ...` where the two compilers cannot say the same).
It passes when it compiles with the mistake off (else a typo would pass) and, with the mistake on, is refused
with the sentence in the first error. For a concept clang puts the reason into notes: there the 25 lines from the
first error on count, up to the next error.
SPDX-License-Identifier: BSL-1.0
"""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import Memory, compile_command, precompiled  # noqa: E402

build, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
command = [*compile_command(build), "-fdiagnostics-color=never", "-fmessage-length=0"]
version = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
compiler = "clang" if "clang" in version else "gcc"
# Source lines are not echoed: the expected sentence stands in them.
command += ["-fno-caret-diagnostics" if compiler == "clang" else "-fno-diagnostics-show-caret"]
lines_that_count = 25 if compiler == "clang" else 1
memory = Memory(build / "must_not_compile", [*command, folder])
include = pathlib.Path(__file__).resolve().parents[2] / "include"
command += [*precompiled(command, memory.folder, include), "-fsyntax-only"]


def compile_case(name: str, *flags: str) -> tuple[bool, str]:
    environment = {**os.environ, "LC_ALL": "C"}
    arguments = [*command, *flags, str(folder / (name + ".cpp"))]
    result = subprocess.run(arguments, capture_output=True, text=True, env=environment)
    said = result.stderr.replace('"}, {"', "")  # where clang breaks a sentence, see core/sentence.hpp
    return result.returncode == 0, said.replace("\\'", "'")


def complaint(name: str) -> str:
    """What is wrong with a case; empty when it passes."""
    text = (folder / (name + ".cpp")).read_text()
    comments = re.findall(r"// error(?:\((gcc|clang)\))?: (.+)", text)
    sentences = [sentence.strip() for of, sentence in comments if of in ("", compiler)]
    if len(sentences) != 1 or "MISTAKE" not in text:
        return f"needs a MISTAKE and exactly one `// error:` sentence for {compiler}, has {len(sentences)}"
    compiled, said = compile_case(name, "-MD", "-MF", str(memory.depfile(name)))
    if not compiled:
        return f"does not compile with its mistake off\n{said}"
    compiled, said = compile_case(name, "-DMISTAKE")
    if compiled:
        return "compiles with its mistake on"
    lines = said.splitlines()
    errors = [i for i, line in enumerate(lines) if re.search(r"\berror: ", line)] + [len(lines)] * 2
    first, second = errors[:2]
    if any(sentences[0] in line for line in lines[first : min(first + lines_that_count, second)]):
        return ""
    return f"should say: {sentences[0]}\n" + "\n".join(lines[: first + 12])


cases = sys.argv[3:] or sorted(file.stem for file in folder.glob("*.cpp"))
sys.exit(memory.run_all(cases, complaint))
