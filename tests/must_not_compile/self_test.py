"""The runner of this folder must itself be able to fail: `self_test.py BUILD_FOLDER` gives it good and bad cases.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import subprocess
import sys
import tempfile

GOOD = """
template <class T> constexpr int size_of_four(T) {
    static_assert(sizeof(T) == 4, "size_of_four: four bytes are required");
    return 0;
}
int main() {
#ifdef MISTAKE
    return size_of_four('c');  // error: size_of_four: four bytes are required
#else
    return size_of_four(1);
#endif
}
"""
# What the runner must say about a case, and the case; nothing for a good one.
CASES = {
    "good": ("", GOOD),
    "typo": ("does not compile with its mistake off", GOOD.replace("return size_of_four(1)", "retrun 1")),
    "harmless": ("compiles with its mistake on", GOOD.replace("'c'", "2")),
    "other_sentence": ("should say", GOOD.replace("error: size_of", "error: sizes_of")),
    "no_sentence": ("exactly one", GOOD.replace("// error:", "//")),
    "long": ("at most 20", GOOD.replace("('c')", "('c') + size_of_four(short(1)) + size_of_four(1LL)")),
    "late_sentence": ("should say", GOOD.replace("return size_of_four('c')", "int x = nothing; return size_of_four('c')")),
}

runner, wrong = pathlib.Path(__file__).with_name("run.py"), 0
for name, (expected, text) in CASES.items():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / f"{name}.cpp").write_text(text)
        result = subprocess.run([sys.executable, runner, sys.argv[1], folder], capture_output=True, text=True)
    if (result.returncode == 0) != (expected == "") or expected not in result.stdout:
        wrong += 1
        print(f"{name}: the runner should say '{expected}', says\n{result.stdout}{result.stderr}")
# Many at once compile together with their mistakes off; the bad ones among them are found all the same.
BAD = [name for name, (expected, _) in CASES.items() if expected]
MANY = {name: text for name, (_, text) in CASES.items()} | {f"good_{i}": GOOD for i in range(24)}
with tempfile.TemporaryDirectory() as folder:
    for name, text in MANY.items():
        (pathlib.Path(folder) / f"{name}.cpp").write_text(text.replace("int main()", "inline int f()"))
    result = subprocess.run([sys.executable, runner, sys.argv[1], folder], capture_output=True, text=True)
if any(f"{name}: " not in result.stdout for name in BAD) or f"25 passed, {len(BAD)} failed" not in result.stdout:
    wrong += 1
    print(f"among many the runner should find {BAD}, says\n{result.stdout}{result.stderr}")
print(f"{len(CASES) + 1 - wrong} passed, {wrong} failed")
sys.exit(1 if wrong else 0)
