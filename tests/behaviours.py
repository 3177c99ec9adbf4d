"""How many of the behaviours in behaviours.txt tests cover: `behaviours.py`; prints one line, preceded by what is wrong.

A test covers behaviour N by the tag [behaviour-N], or, where it is only compiled, by the comment `// behaviour-N`. It is
wrong if a behaviour has neither a test nor a reason why it has none, or both; or if a test names one that is not listed.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys

tests = pathlib.Path(__file__).resolve().parent
ONLY_COMPILED = {"must_not_compile", "static"}

reasons: dict[str, bool] = {}
wrong = []
for number, line in enumerate((tests / "behaviours.txt").read_text().splitlines(), 1):
    if not line or line.startswith("#"):
        continue
    entry = re.fullmatch(r"(\d+|[a-z]) +[SKR](?:/[SKR])* +\S[^\[\]]*?(?: +\[not covered: ([^\]]+)\])?", line)
    if not entry or entry[1] in reasons:
        wrong.append(f"behaviours.txt, line {number}: {'listed twice' if entry else 'not of the form of the others'}")
    else:
        reasons[entry[1]] = entry[2] is not None

covered: dict[str, str] = {}
for folder in (tests, tests.parent / "examples"):
    for file in sorted(folder.rglob("*.cpp")):
        compiled = folder == tests and file.relative_to(tests).parts[0] in ONLY_COMPILED
        form = r"// behaviour-(\w+)" if compiled else r"\[behaviour-(\w+)\]"
        for named in re.findall(form, file.read_text()):
            covered.setdefault(named, str(file.relative_to(tests.parent)))

for named, file in covered.items():
    if named not in reasons:
        wrong.append(f"behaviour {named} is not listed, but named in {file}")
for behaviour, excused in reasons.items():
    if behaviour in covered and excused:
        wrong.append(f"behaviour {behaviour} has a reason why it is not covered, and a test: {covered[behaviour]}")
    elif behaviour not in covered and not excused:
        wrong.append(f"behaviour {behaviour} has neither a test nor a reason")
print("".join(line + "\n" for line in wrong), end="")
with_test = sum(behaviour in covered for behaviour in reasons)
with_reason = sum(excused and behaviour not in covered for behaviour, excused in reasons.items())
rest = len(reasons) - with_test
why = "each with its reason" if rest == with_reason else f"{rest - with_reason} of them without a reason"
print(f"behaviours: {with_test} of {len(reasons)} covered, {rest} not, {why}")
sys.exit(1 if wrong else 0)
