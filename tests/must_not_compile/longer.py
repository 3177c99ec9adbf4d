"""How many lines a message may have at most, and which may have more: for run.py and lines.py. The list must only shrink.

SPDX-License-Identifier: BSL-1.0
"""

MOST = 20
LONGER = {
    "gcc": {},
    "clang": {},
}
