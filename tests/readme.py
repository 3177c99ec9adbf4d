"""What the README shows is what the quickstart runs: `readme.py README QUICKSTART`.

The README's first C++ block and the text between the quickstart's two `// [readme]` lines must be the same.
SPDX-License-Identifier: BSL-1.0
"""

import difflib
import pathlib
import sys

readme, quickstart = (pathlib.Path(name).read_text() for name in sys.argv[1:3])
shown = readme.split("```cpp\n", 1)[-1].split("```", 1)[0].strip().splitlines()
parts = quickstart.split("// [readme]\n")
if len(parts) != 3:
    sys.exit("the quickstart needs two lines `// [readme]`")
difference = list(difflib.unified_diff(shown, parts[1].strip().splitlines(), "README.md", "quickstart.cpp", lineterm=""))
print("\n".join(difference))
sys.exit(1 if difference else 0)
