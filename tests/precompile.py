"""Compiles a header beforehand for the programs that begin with it: `precompile.py BUILD_FOLDER HEADER OUTPUT DEPFILE`, in the
build folder, with the flags of the first of these programs. Beside OUTPUT stands OUTPUT.sum, what ccache knows it by, which
is the same in another folder; ccache keeps no copy of OUTPUT itself, as what clang writes holds paths of this folder.

SPDX-License-Identifier: BSL-1.0
"""

import hashlib
import json
import pathlib
import shlex
import subprocess
import sys

from compile_command import flags_of

build, header, output, depfile = sys.argv[1:]
entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
included = {output, output.removesuffix(".gch")}
command = flags_of(next(e for e in entries if included & {*shlex.split(e["command"])}))

subprocess.run([*command, "-MD", "-MF", depfile, "-MQ", output, "-x", "c++-header", header, "-o", output], check=True)
read = set(pathlib.Path(depfile).read_text().replace("\\\n", " ").split()[1:])
version = subprocess.run([command[0], "--version"], capture_output=True, check=True).stdout
contents = sorted(hashlib.sha256(pathlib.Path(file).read_bytes()).digest() for file in read)
sum_of_all = hashlib.sha256(b"".join([version, shlex.join(command).encode(), *contents]))
pathlib.Path(output + ".sum").write_text(sum_of_all.hexdigest())
