"""What ninja has to build for some of the tests: `needed.py BUILD_FOLDER SUITE...` prints the targets of every test that is in
none of the suites.

SPDX-License-Identifier: BSL-1.0
"""

import json
import os
import pathlib
import sys

build, left_out = pathlib.Path(sys.argv[1]).resolve(), set(sys.argv[2:])
facts = build / "meson-info"
files = {target["id"]: target["filename"] for target in json.loads((facts / "intro-targets.json").read_text())}
needed = set()
for test in json.loads((facts / "intro-tests.json").read_text()):
    if not left_out & {suite.split(":")[-1] for suite in test["suite"]}:
        needed.update(os.path.relpath(file, build) for target in test["depends"] for file in files[target])
print(*sorted(needed))
