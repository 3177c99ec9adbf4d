"""What a run of `meson test` amounts to, in cases: `tally.py BUILD_FOLDER` prints `PASSED FAILED NAME...`, the
names those of the tests that failed.

A program that reports its own cases (Catch2, or a last line `N passed, N failed`) counts with these; any other is one.
SPDX-License-Identifier: BSL-1.0
"""

import json
import pathlib
import re
import sys

passed, failed, names = 0, 0, []
for line in (pathlib.Path(sys.argv[1]) / "meson-logs" / "testlog.json").read_text().splitlines():
    test = json.loads(line)
    output, good = test.get("stdout") or "", test["result"] in ("OK", "EXPECTEDFAIL")
    counted = re.search(r"^(\d+) passed, (\d+) failed\s*\Z", output, re.M)
    all_good = re.search(r"^All tests passed \(.* in (\d+) test cases?\)", output, re.M)
    cases = re.search(r"^test cases:\s*(\d+)(.*)$", output, re.M)
    if test["result"] == "SKIP":
        continue
    if counted:
        test_passed, test_failed = int(counted[1]), int(counted[2])
    elif all_good:
        test_passed, test_failed = int(all_good[1]), 0
    elif cases:
        found = re.search(r"(\d+) failed", cases[2])
        test_failed = int(found[1]) if found else 0
        test_passed = int(cases[1]) - test_failed
    else:
        test_passed, test_failed = int(good), int(not good)
    if not good and test_failed == 0:  # it crashed, or timed out, after its report
        test_failed = 1
    passed, failed = passed + test_passed, failed + test_failed
    if test_failed:
        names.append(test["name"].split(" / ")[-1].replace(" ", "_"))
print(passed, failed, *names)
