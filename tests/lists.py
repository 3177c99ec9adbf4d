"""A test file that no list in a meson.build names would never run: `lists.py FOLDER PATTERN,... LISTED...` finds it.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import sys

folder, patterns, listed = pathlib.Path(sys.argv[1]), sys.argv[2].split(","), set(sys.argv[3:])
present = {str(file.relative_to(folder)) for pattern in patterns for file in folder.glob(pattern)}
forgotten = sorted(present - listed)
for name in forgotten:
    print(f"{folder.name}/{name} is in no list: name it in {folder.name}/meson.build")
sys.exit(1 if forgotten else 0)
