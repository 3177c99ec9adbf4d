"""Compilers and machines are told apart where a header says why it must: `machines.py INCLUDE_FOLDER`. What a pass or a
kernel decides follows from a target (core/target.hpp), which any host can plan for and test; a condition of the
preprocessor that decides would hold on the machine alone that it is compiled for.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

include = pathlib.Path(sys.argv[1]) / "paramorph"
WHERE = {
    "compat/": "the instructions of each machine, and what a compiler does to them",
    "core/abi.hpp": "names of what is compiled for each machine",
    "core/target.hpp": "the target of the host",
    "core/storage.hpp": "instructions that convert float16",
    "core/thread_pool.hpp": "the instruction that waits",
    "core/sentence.hpp": "how each compiler prints a mistake",
    "expr/takes.hpp": "what each compiler answers when asked which overload wins",
    "embed/int8_product.hpp": "instructions on integers of eight bits",
    "embed/int8_words.hpp": "instructions that saturate",
    "prove/evidence_facts.hpp": "what a proof was compiled by",
}
CONDITION = re.compile(r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b(.*(?:\\\n.*)*)", re.MULTILINE)
TOLD_APART = re.compile(r"__(?:clang|GNUC|AVX|SSE|FMA|F16C|ARM|aarch64|arm|x86_64|i386|VSX|wasm|riscv)|_MSC_VER")

found = {
    str(h.relative_to(include))
    for h in include.rglob("*.hpp")
    if any(TOLD_APART.search(condition) for condition in CONDITION.findall(h.read_text()))
}
allowed = {where: [name for name in found if name == where or (where[-1] == "/" and name.startswith(where))] for where in WHERE}
failed = 0
for name in sorted(found - {name for names in allowed.values() for name in names}):
    print(f"{name} tells compilers or machines apart: let a target say it, as core/target.hpp does")
    failed += 1
for where in (where for where, names in allowed.items() if not names):
    print(f"{where} ({WHERE[where]}) does so no more: it needs no exception")
    failed += 1
print(f"{len(WHERE)} places, {failed} failed")
sys.exit(1 if failed else 0)
