"""What the README shows is what is run: `readme.py README QUICKSTART EXPLAIN`.

The README's first C++ block and the text between the quickstart's two `// [readme]` lines must be the same, and its text
block must be what the test of `explain` expects.
SPDX-License-Identifier: BSL-1.0
"""

import difflib
import pathlib
import sys

readme, quickstart, explain = (pathlib.Path(name).read_text() for name in sys.argv[1:4])
shown = readme.split("```cpp\n", 1)[-1].split("```", 1)[0].strip().splitlines()
parts = quickstart.split("// [readme]\n")
if len(parts) != 3:
    sys.exit("the quickstart needs two lines `// [readme]`")
difference = list(difflib.unified_diff(shown, parts[1].strip().splitlines(), "README.md", "quickstart.cpp", lineterm=""))
expected = explain.split('R"(', 1)[-1].split(')"', 1)[0].splitlines()
said = readme.split("```text\n", 1)[-1].split("```", 1)[0].splitlines()
difference += difflib.unified_diff(said, expected, "README.md", "explain.cpp", lineterm="")
print("\n".join(difference))
sys.exit(1 if difference else 0)
