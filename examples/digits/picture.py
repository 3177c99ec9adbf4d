"""The pictures of the digits network: `picture.py PROGRAM [--write]` runs it twice, and looks at what it wrote.

Each SVG is well-formed, the same both times, names its modules, chains and steps, and everything drawn lies inside of it.
call.svg, which lies beside this file and which the README shows, is what the program draws; --write renews it. With
`--other-machine` the plan is one for a machine with other registers, and only what stands above the steps is compared.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

program, options = sys.argv[1], sys.argv[2:]
SVG = "{http://www.w3.org/2000/svg}"
passed = failed = 0


def check(holds: bool, what: str) -> None:
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print("FAILED:", what)


def look_at(name: str, text: str) -> None:
    root = xml.fromstring(text)
    width, height = float(root.get("width")), float(root.get("height"))
    words = [e.text for e in root.iter(SVG + "text")]
    check(root.tag == SVG + "svg" and root.find(SVG + "title") is not None, f"{name} is an SVG with a title")
    for word in ("0: linear<64, 64>", "1: relu", "4: linear<64, 10>"):
        check(words.count(word) == 1, f"{name} has the module {word} once")
    check(any("skew | cayley; special_orthogonal, inverse right" in w for w in words), f"{name} names chain, set and grade")
    check(any(w.startswith("loop over 64 x 64: ") for w in words), f"{name} has a fused loop")
    blocks = [e for e in root.iter(SVG + "rect") if e.get("class") == "block"]
    check(len(blocks) > 5, f"{name} shows the workspace")
    # Everything is inside: boxes by their sizes, words by those of their letters.
    for group in root.findall(SVG + "g"):
        dx, dy = map(float, re.fullmatch(r"translate\((\S+) (\S+)\)", group.get("transform")).groups())
        for e in group.iter():
            if e.tag not in (SVG + "rect", SVG + "text"):
                continue
            long = float(e.get("width", 0)) if e.tag == SVG + "rect" else 7.25 * len(e.text)
            x, y = float(e.get("x")) + dx, float(e.get("y")) + dy
            inside = 0 <= x and x + long <= width + 1 and 0 <= y and y + float(e.get("height", 0)) <= height
            check(inside, f"{name}: {xml.tostring(e)!r} lies inside")
    # Nothing of the workspace is in use twice at a time.
    corners = [tuple(int(b.get(k)) for k in ("x", "y", "width", "height")) for b in blocks]
    for k, (x, y, w, h) in enumerate(corners):
        for u, v, s, r in corners[:k]:
            apart = x + w <= u + 1 or u + s <= x + 1 or y + h <= v or v + r <= y
            check(apart, f"{name}: blocks at {x}, {y} and {u}, {v} are apart")


with tempfile.TemporaryDirectory() as once, tempfile.TemporaryDirectory() as again:
    for folder in (once, again):
        subprocess.run([program, folder], check=True)
    for name in ("call.svg", "step.svg", "call.dot", "step.dot"):
        text = (pathlib.Path(once) / name).read_text()
        check(text == (pathlib.Path(again) / name).read_text(), f"{name} is the same both times")
        if name.endswith(".svg"):
            look_at(name, text)
        else:
            check(text.startswith("digraph network {\n") and text.endswith("}\n"), f"{name} is a graph")
            check(text.replace('\\"', "").count('"') % 2 == 0, f"{name} closes its quotation marks")
    kept, drawn = pathlib.Path(__file__).parent / "call.svg", (pathlib.Path(once) / "call.svg").read_text()
    if "--write" in options:
        kept.write_text(drawn)
    compared = (lambda t: t[t.index("<g "):t.index("steps, in the order")]) if "--other-machine" in options else str
    check(compared(kept.read_text()) == compared(drawn), "call.svg, which the README shows, is up to date: picture.py PROGRAM --write")
    check("gradient of 0.weight.original" in (pathlib.Path(once) / "step.svg").read_text(), "step.svg has the gradient")
check(subprocess.run([program], capture_output=True).returncode == 1, "without a folder it says what is missing")
check(subprocess.run([program, "/nowhere"], capture_output=True).returncode == 1, "a folder that is not there is an error")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
