"""What gdb shows of networks by src/debug/paramorph_gdb.py, in batch mode: `printers.py BUILD_FOLDER`. Skipped without gdb.

And paramorph.natvis is well-formed, and names members that there are.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests"))
from compile_command import compile_command  # noqa: E402

passed = failed = 0


def check(holds: bool, what: str) -> None:
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print("FAILED:", what)


natvis = xml.etree.ElementTree.parse(root / "src/debug/paramorph.natvis").getroot()
space = "{http://schemas.microsoft.com/vstudio/debugger/natvis/2010}"
holders = [*(root / "include/paramorph/parametrize").glob("*.hpp"), *(root / "include/paramorph/nn" / h for h in ("materialized.hpp", "sequential.hpp"))]
headers = "".join(h.read_text() for h in holders)
for kind in natvis.iter(space + "Type"):
    if kind.get("Name").startswith("paramorph::"):
        texts = "".join(e.text or "" for e in kind.iter()) + "".join(e.get("Condition", "") for e in kind.iter())
        for word in set(re.findall(r"\b(leaves_|originals|states|state_count|requires_gradient_|live|data|layers|values_|offsets_)\b", texts)):
            check(re.search(rf"\b{word}\b", headers) is not None, f"natvis: {word}")
        check(kind.get("Name").split("::")[-1].split("<")[0] in headers, f"natvis: {kind.get('Name')}")

if shutil.which("gdb") is None:
    print("no gdb: skipped")
    sys.exit(77)

names = ["net", "normed", "own", "overlaid", "empty", "fixed", "dynamic", "reference", "columns", "view", "number", "frozen", "cached", "moved"]
with tempfile.TemporaryDirectory() as folder:
    program = pathlib.Path(folder) / "program"
    flags = [w for w in compile_command(sys.argv[1]) if not re.match(r"-O|-g|-f.*sanitize", w)]
    subprocess.run([*flags, "-g", "-O0", str(root / "tests/debug/program.cpp"), "-o", str(program)], check=True)
    commands = [f"source {root / 'src/debug/paramorph_gdb.py'}", "break stop", "run", "up"]
    commands += [f'python print("{n} <<" + gdb.parse_and_eval("{n}").format_string(max_elements=8) + ">>")' for n in names]
    words = [w for c in commands for w in ("-ex", c)]
    result = subprocess.run(["gdb", "-nx", "-q", "-batch", *words, str(program)], capture_output=True, text=True, timeout=240)
said = dict(re.findall(r"(\w+) <<(.*?)>>$", result.stdout, re.M | re.S))
check(set(said) == set(names), f"gdb says {result.stdout[-2000:]} {result.stderr[-2000:]}")


def says(name: str, *parts: str) -> None:
    text = " ".join(said.get(name, "").split())
    for part in parts:
        check(part in text, f"{name}: expected {part!r} in {text[:400]}")


says("net", "sequential = {0 = linear<3, 2> = {weight = tensor [2, 3] float, original | weight_norm<0> = {original0 = [2, 1] float = {")
says("net", "original1 = [2, 3] float = {", "bias = tensor [2] float = {original = [2] float = {1, 2}}", "1 = relu")
says("net", "2 = linear<2, 400, no_bias> = {weight = tensor [400, 2] float = {original = [400, 2] float = {", "...}")
says("normed", "linear<2, 2, element_type<double>> = {weight = tensor [2, 2] double, original | spectral_norm")
says("normed", "state0 = [2] double = {", "state1 = [2] double = {")
says("own", "inner = linear<2, 2, no_bias> = {", "gain = tensor [2] float = {original = [2] float = {3, 4}}")
says("overlaid", "overlay = {module = {", "tensor [2] float, original | positive = {original = [2] float = {", "gain = tensor [2] float, empty")
says("empty", "tensor [2, 2] float, empty")
says("fixed", "[2, 2] float = {1, 2, 3, 4}")
says("dynamic", "[2, 3] double = {1, 1, 1, 1, 1, 1}")
says("reference", "linear<2, 2, element_type<double>> = {weight = tensor [2, 2] double, original | spectral_norm")
says("columns", "[2, 3] float = {1, 2, 3, 4, 5, 6}")
says("view", "[2, 2] float = {1, 2, 3, 4}")
says("number", "[] double = {2}")
says("frozen", "frozen sequential = {0 = {", "}, 1 = {1, 2}, 2 = {", "...}")
says("cached", "cached linear<2, 2, element_type<double>> = {0 = {", "}, 1 = {5, 6}}")
says("moved", "frozen gated, empty")
check("v0_1" not in said.get("net", ""), "names are without the inline namespace")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
