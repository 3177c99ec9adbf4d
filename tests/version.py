"""The version is the same wherever it stands: `version.py ROOT VERSION`, the latter that of meson.build.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

root, version = pathlib.Path(sys.argv[1]), sys.argv[2]
failed = 0


def check(holds: object, what: str) -> None:
    global failed
    if not holds:
        failed += 1
        print(f"FAILED: {what}; the version is {version}")


check(re.fullmatch(r"\d+\.\d+\.\d+", version), "it is major.minor.patch")
major, minor, _ = version.split(".")
spaces = set(re.findall(r"\bv(\d+_\d+)_", (root / "include/paramorph/core/abi.hpp").read_text()))
check(spaces == {f"{major}_{minor}"}, f"core/abi.hpp has the namespaces {spaces}")
stated = re.findall(r'version = "(.*?)"', (root / "include/paramorph/core/version.hpp").read_text())
check(stated == [version], f"core/version.hpp says {stated}")
cited = re.findall(r"^version: (\S+)$", (root / "CITATION.cff").read_text(), re.M)
check(cited == [version], f"CITATION.cff says {cited}")
first = re.search(r"^## (\S+)", (root / "CHANGELOG.md").read_text(), re.M)
check(first and first[1] == version, f"CHANGELOG.md begins with {first and first[1]}")
# CITATION.cff: what the format demands, in the form that readers take.
keys = re.findall(r"^([a-z-]+):", (root / "CITATION.cff").read_text(), re.M)
check({"cff-version", "message", "title", "authors"} <= set(keys) and len(keys) == len(set(keys)), f"CITATION.cff has {keys}")
# What is deprecated says what to write.
for header in (root / "include").rglob("*.hpp"):
    for said in re.findall(r"\[\[deprecated(.*?)\]\]", header.read_text(), re.S):
        check("write " in said, f"{header.name}: [[deprecated{said}]] says what to write")
sys.exit(1 if failed else 0)
