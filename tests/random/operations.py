"""Every operation of op/ and param/ has an entry in the table of random graphs: `operations.py FOLDER... TABLE`.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

*folders, table = map(pathlib.Path, sys.argv[1:])
drawn = set(re.findall(r"(?:elementwise|custom|typed)<op::(\w+)", table.read_text()))
missing = []
for header in sorted(header for folder in folders for header in folder.glob("*.hpp")):
    text = header.read_text()
    for name in re.finditer(r"static constexpr std::string_view name", text):
        operation = re.findall(r"struct (\w+)[^;{]*\{", text[: name.start()])[-1]
        if operation not in drawn:
            missing.append(f"{header.name}: {operation} has no entry in {table}")
print("\n".join(missing))
sys.exit(1 if missing else 0)
