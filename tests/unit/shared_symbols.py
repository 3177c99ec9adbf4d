#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Files of one program may be compiled for different instruction sets, with different vectors and with either umbrella: they share no function
and no variable of the library, so that what the linker keeps of one is never called by another. Compiles a network's kernels in each way, at -O0, where every
inline function is a symbol, and compares the weak symbols of all objects.

usage: shared_symbols.py BUILD_ROOT
"""

import itertools
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from compile_command import compile_command  # noqa: E402
from symbols import tool_of  # noqa: E402

SOURCE = """
#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/kernel/run.hpp>
#include <paramorph/op/base.hpp>
#include <paramorph/op/matmul.hpp>
#include <paramorph/op/softmax.hpp>
#include <paramorph/op/tanh.hpp>
#include <paramorph/op/transpose.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;
using square = pm::shape<9, 9>;
constexpr auto network(auto w, auto x) { return pm::softmax(pm::tanh(pm::matmul(x, pm::transpose(w)))); }

struct program {
    using real = float;
    using symbol = pm::symbol<square, float>;
    using operations = pm::join<pm::base_operations, decltype(network(symbol{}, symbol{}))::operations>;
    static constexpr pm::ir::graph build() {
        pm::ir::graph g = pm::new_graph<float>();
        auto const w = pm::append_leaf<square, float>(g, 0), x = pm::append_leaf<square, float>(g, 1);
        g.output(network(w, x).id);
        return g;
    }
};
bool run(void const* const* arguments, void* const* outputs, std::byte* workspace) {
    return pm::run<program, pm::simd::best<float>>(arguments, outputs, workspace).ok();
}
"""
WAYS = {"as it is": [], "no vectors": ["-DPARAMORPH_NO_SIMD"], "16 lanes": ["-DPARAMORPH_GENERIC_SIMD=16"]}
if platform.machine() == "x86_64":
    WAYS |= {march: [f"-march={march}"] for march in ("sandybridge", "x86-64-v3", "x86-64-v4")}


def main() -> int:
    leave = re.compile(r"-O|-g|-march|-fsanitize|-D_GLIBCXX|--coverage|-fPIC|-W")
    command = [word for word in compile_command(sys.argv[1], "static/kernel_symbols.cpp") if not leave.match(word)]
    nm = tool_of(command[0], "nm")
    weak: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "network.cpp", Path(folder) / "object.o"
        source.write_text(SOURCE)
        for name, flags in WAYS.items():
            subprocess.run([*command, "-O0", *flags, "-c", str(source), "-o", str(target)], check=True)
            listing = subprocess.run([nm, "--demangle", str(target)], check=True, capture_output=True, text=True).stdout
            symbols = (line.split(maxsplit=2) for line in listing.splitlines())
            weak[name] = {s[2] for s in symbols if len(s) == 3 and s[1] in "VWu" and "paramorph::" in s[2]}
    failed = [f"{name}: no weak symbol of the library: this test sees nothing" for name in weak if len(weak[name]) < 50]
    for a, b in itertools.combinations(weak, 2):
        if shared := sorted(weak[a] & weak[b]):
            failed.append(f"{a} and {b} share {len(shared)} symbols, as {shared[0]}")
    print(*failed, sep="\n")
    print(f"{len(weak)} ways, {sum(map(len, weak.values()))} weak symbols of the library, {len(failed)} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
