"""Compiles a header beforehand for the programs that begin with it: `precompile.py BUILD_FOLDER HEADER OUTPUT DEPFILE`, in the
build folder, with the flags of the first of these programs. Beside OUTPUT stands OUTPUT.sum, what ccache knows it by, which
is the same in another folder; ccache keeps no copy of OUTPUT itself, as what clang writes holds paths of this folder.

SPDX-License-Identifier: BSL-1.0
"""

import json
import pathlib
import shlex
import sys

from compile_command import flags_of, precompile

build, header, output, depfile = sys.argv[1:]
entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
included = {output, output.removesuffix(".gch")}
command = flags_of(next(e for e in entries if included & {*shlex.split(e["command"])}))

precompile(command, header, output, depfile, "-MQ", output)
