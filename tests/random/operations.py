"""Every operation of op/ has an entry in the table of random graphs: `operations.py OP_FOLDER TABLE`.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

folder, table = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
drawn = set(re.findall(r"(?:elementwise|custom|typed)<op::(\w+)", table.read_text()))
missing = []
for header in sorted(folder.glob("*.hpp")):
    text = header.read_text()
    for name in re.finditer(r"static constexpr std::string_view name", text):
        operation = re.findall(r"struct (\w+)[^;{]*\{", text[: name.start()])[-1]
        if operation not in drawn:
            missing.append(f"{header.name}: {operation} has no entry in {table}")
print("\n".join(missing))
sys.exit(1 if missing else 0)
