"""One mistake per file, and the sentence the compiler must say: `run.py BUILD_FOLDER FOLDER [--only-mistakes] [CASE...]`.

A case holds its mistake under `#ifdef MISTAKE` and, beside the offending line, a comment `// error: <sentence>`
(`// error(gcc): ...` and `// error(clang): ...` where the two compilers cannot say the same).
It passes when it compiles with the mistake off (else a typo would pass; with --only-mistakes another build tells) and,
with the mistake on, is refused with the sentence in the first error. Another error may follow on a line of the case,
but none in a header (`// follows(clang): <why>` where it cannot be helped).
For a concept clang puts the reason into notes: there the 25 lines from the first error on count, up to the next error.
The message has at most twenty lines, or as many as longer.py allows.

Most of the time goes into what cases share. So those that can are compiled in one file, each in a namespace, and each
error belongs to the case that it names: what led to it stands before it with g++, behind it with clang. A case that does
not pass so is compiled alone, and what is said then counts.
SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from compile_command import Memory, as_if_read, compile_command, precompiled  # noqa: E402
from longer import LONGER, MOST  # noqa: E402

build, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
command = [*compile_command(build), "-fdiagnostics-color=never", "-fmessage-length=0"]
version = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
compiler = "clang" if "clang" in version else "gcc"
# Source lines are not echoed: the expected sentence stands in them.
command += ["-fno-caret-diagnostics" if compiler == "clang" else "-fno-diagnostics-show-caret"]
lines_that_count = 25 if compiler == "clang" else 1
include = pathlib.Path(__file__).resolve().parents[2] / "include"
headers = list(include.rglob("*.hpp"))
only_mistakes = "--only-mistakes" in sys.argv
memory = Memory(
    build / "must_not_compile",
    [*command, version, folder, only_mistakes, MOST, LONGER],
    lambda name: [*headers, folder / (name + ".cpp")],
)
TARGETS = "paramorph/embed.hpp"  # refuses to come after a header of the host
# Headers that take longer to read than the case that reads them.
LONG = ["paramorph/paramorph.hpp", "paramorph/nn/linear.hpp", "paramorph/nn/parametrize.hpp", "paramorph/parametrize/tensor.hpp"]


def includes(text: str) -> list[str]:
    return re.findall(r"""^#include [<"](.+)[>"]""", text, re.M)


def compile_file(source: pathlib.Path, *flags: str) -> tuple[bool, str]:
    read = includes(source.read_text())
    begin = [] if TARGETS in read else next((beginnings[header] for header in read if header in beginnings), [])
    arguments = [*command, *begin, "-fsyntax-only", *flags, str(source)]
    result = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    said = as_if_read(result.stderr, memory.folder).replace('"}, {"', "")  # where clang breaks a sentence, see core/sentence.hpp
    return result.returncode == 0, said.replace("\\'", "'")


def told_apart(said: str, names: list[str]) -> tuple[dict[str, str], bool]:
    """The errors of cases that were compiled together, by case, and whether each of them belongs to one."""
    of_case = re.compile(rf"\b({'|'.join(map(re.escape, names))})\.cpp\b")
    errors: list[tuple[list[str], list[str]]] = [([], [])]  # of each the lines that say whose it is, and all of its own
    before: list[str] = []
    for line in said.splitlines():
        if re.search(r"\berror: ", line):
            errors.append(([*before, line] if compiler == "gcc" else [line], [*before, line]))
            before = []
        elif re.search(r"\bnote: ", line) or compiler == "clang":
            errors[-1][1].append(line)
            if compiler == "clang":
                errors[-1][0].append(line)
            before = []
        else:
            before.append(line)
    lines: dict[str, list[str]] = {name: [] for name in names}
    each = True
    for whose, own in errors[1:]:
        found = of_case.findall("\n".join(whose))
        if found:
            files = r"In file included from|\s+from "
            lines[found[-1 if compiler == "gcc" else 0]] += [line for line in own if not re.match(files, line)]
        else:
            each = False
    return {name: "\n".join(own) for name, own in lines.items() if own}, each


def in_a_namespace(name: str, text: str) -> str:
    """A case among others. Members are adapted at global scope."""
    adapted = r"^BOOST_HANA_ADAPT_STRUCT\((.*?\);)"
    outside = rf"}} BOOST_HANA_ADAPT_STRUCT(case_{name}::\1 namespace case_{name} {{"
    return (
        f'namespace case_{name} {{\n#line 1 "{folder / name}.cpp"\n'
        + re.sub(adapted, outside, text, flags=re.M | re.S)
        + f'\n}}\n#line 1 "after_{name}"\n'
    )


def compile_together(names: list[str]) -> None:
    """Notes in `harmless` which cases compile with their mistakes off, and in `refused` which are refused as they should be.
    Where an error belongs to no case, those that have none are left out, as one of them is likely to have made it; else it
    is looked for in halves."""
    if len(names) < 4:
        return
    texts = [(folder / (name + ".cpp")).read_text() for name in names]
    first = dict.fromkeys(header for text in texts for header in ["paramorph/paramorph.hpp", *includes(text)])
    together = memory.folder / f"{names[0]}_and_others.cpp"
    together.write_text(
        "".join(f"#include <{header}>\n" for header in first)
        + "".join(in_a_namespace(name, text) for name, text in zip(names, texts))
    )
    if not only_mistakes and not harmless.issuperset(names) and compile_file(together)[0]:
        harmless.update(names)
    every = ["-ferror-limit=0"] if compiler == "clang" else []
    said, each = told_apart(compile_file(together, "-DMISTAKE", *every)[1], names)
    if each:
        refused.update(name for name, of_case in said.items() if not misses(name, of_case))
    elif len(said) < len(names):
        compile_together(list(said))
    else:
        for half in (names[: len(names) // 2], names[len(names) // 2 :]):
            compile_together(half)


def can_share_a_file(name: str) -> bool:
    """What must stand at global scope, other directives of the preprocessor, and the umbrella of targets want their own."""
    text = (folder / (name + ".cpp")).read_text()
    if len(sentences_of(text)) != 1:
        return False
    at_global_scope = r"int main|^template (?!<)"
    other_directives = r"^#(?!include|if(n?)def MISTAKE|else|endif)"
    return TARGETS not in includes(text) and not re.search(f"{at_global_scope}|{other_directives}", text, re.M)


def sentences_of(text: str) -> list[str]:
    comments = re.findall(r"// error(?:\((gcc|clang)\))?: (.+)", text)
    return [sentence.strip() for of, sentence in comments if of in ("", compiler)]


def lines_shown(said: str) -> int:
    """As many lines as a user sees of it: two more for each error or note, with the source and a mark under it. Of a case
    among others the files that were included are not counted: they are those of all."""
    lines = said.splitlines()
    return len(lines) + 2 * sum(bool(re.search(r"\b(error|note): ", line)) for line in lines)


def misses(name: str, said: str) -> str:
    """What the errors of a case lack; empty when they are right."""
    source = folder / (name + ".cpp")
    text = source.read_text()
    sentence = sentences_of(text)[0]
    lines = said.splitlines()
    errors = [i for i, line in enumerate(lines) if re.search(r"\berror: ", line)]
    first, second = [*errors, len(lines), len(lines)][:2]
    if not any(sentence in line for line in lines[first : min(first + lines_that_count, second)]):
        return f"should say: {sentence}\n" + "\n".join(lines[: first + 12])
    follow = [line for i, line in enumerate(lines) if i in errors[1:] and source.name not in line]
    most = LONGER[compiler].get(name, MOST)
    if lines_shown(said) > most:
        return f"the message has {lines_shown(said)} lines, at most {most} are allowed\n{said}"
    if re.search(rf"// follows(?:\({compiler}\))?: .", text):
        return "" if follow else "no other error follows any more"
    return "another error follows:\n" + "\n".join(follow) if follow else ""


def complaint(name: str) -> str:
    """What is wrong with a case; empty when it passes."""
    source = folder / (name + ".cpp")
    text = source.read_text()
    if len(sentences_of(text)) != 1 or "MISTAKE" not in text:
        return f"needs a MISTAKE and exactly one `// error:` sentence for {compiler}, has {len(sentences_of(text))}"
    if not only_mistakes and name not in harmless:
        compiled, said = compile_file(source)
        if not compiled:
            return f"does not compile with its mistake off\n{said}"
    if name in refused:
        return ""
    compiled, said = compile_file(source, "-DMISTAKE")
    return "compiles with its mistake on" if compiled else misses(name, said)


cases = [word for word in sys.argv[3:] if word != "--only-mistakes"] or sorted(file.stem for file in folder.glob("*.cpp"))
harmless: set[str] = set()
refused: set[str] = set()
beginnings: dict[str, list[str]] = {}
todo = [name for name in cases if not memory.passed(name)]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    if len(todo) > 20:  # else they take less time than what they would share
        beginnings = dict(zip(LONG, pool.map(lambda header: precompiled(command, memory.folder, header, include), LONG)))
        shared = [name for name in todo if can_share_a_file(name)]
        list(pool.map(compile_together, (shared[i : i + 20] for i in range(0, len(shared), 20))))
sys.exit(memory.run_all(cases, complaint))
