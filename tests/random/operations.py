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
    # An operation is a struct that states its name right after its head.
    operations = re.findall(r"struct (\w+)[^;{]*\{\s*static constexpr std::string_view name", header.read_text())
    named = len(re.findall(r"static constexpr std::string_view name", header.read_text()))
    if len(operations) != named:
        missing.append(f"{header.name}: {named} operations state a name, {len(operations)} of them first of all")
    missing += [f"{header.name}: {name} has no entry in {table}" for name in operations if name not in drawn]
print("\n".join(missing))
sys.exit(1 if missing else 0)
