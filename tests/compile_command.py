"""For the tests that compile something themselves: how the build compiles, and what has passed since it last changed.

SPDX-License-Identifier: BSL-1.0
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

# Flags with an argument of their own that belong to the one file, not to the way of compiling.
PER_FILE = {"-o", "-MF", "-MQ", "-MT", "-include", "-include-pch"}


def flags_of(entry: dict, path=lambda name: name) -> list[str]:
    """The compiler of an entry of compile_commands.json and its flags, without source, outputs, cache, and what the file
    begins with. Folders of headers are named by `path`."""
    words, kept = iter(shlex.split(entry["command"])), []
    for word in words:
        if word in PER_FILE:
            next(words)
        elif word == entry["file"] or word in ("-c", "-MD", "-MMD") or (not kept and word.endswith("ccache")):
            continue
        elif word == "-isystem":
            kept += [word, path(next(words))]
        elif word.startswith(("-I", "-isystem")):
            flag = "-I" if word.startswith("-I") else "-isystem"
            kept.append(flag + path(word[len(flag) :]))
        else:
            kept.append(word)
    return kept


def compile_command(build: str, source_suffix: str = "headers/first.cpp") -> list[str]:
    """The command that compiles the file whose name ends in `source_suffix`, to be called in any folder."""
    build_path = pathlib.Path(build).resolve()
    entries = json.loads((build_path / "compile_commands.json").read_text())
    entry = next(e for e in entries if e["file"].endswith(source_suffix))
    return flags_of(entry, lambda name: str(build_path / name))


def cached(command: list[str]) -> list[str]:
    """The command, through ccache where there is one: for what is compiled into an object file (`-c`), and unlikely to change."""
    return ["ccache", *command] if shutil.which("ccache") else command


def precompile(command: list[str], header: str, output: str, depfile: str, *flags: str) -> None:
    """Compiles a header beforehand. Beside `output` stands output.sum, what ccache knows it by: what it was made of, which is
    the same in another folder."""
    subprocess.run([*command, "-MD", "-MF", depfile, *flags, "-x", "c++-header", header, "-o", output], check=True)
    read = set(pathlib.Path(depfile).read_text().replace("\\\n", " ").split()[1:])
    version = subprocess.run([command[0], "--version"], capture_output=True, check=True).stdout
    here = os.environ.get("CCACHE_BASEDIR", "")
    contents = sorted(hashlib.sha256(pathlib.Path(file).read_bytes()).digest() for file in read)
    sum_of_all = hashlib.sha256(b"".join([version, shlex.join(command).replace(here, "").encode(), *contents]))
    pathlib.Path(output + ".sum").write_text(sum_of_all.hexdigest())


def precompiled(command: list[str], folder: pathlib.Path, header: str, include: pathlib.Path) -> list[str]:
    """Flags that make `command` begin with `header`, which is compiled once, and again for another command or where a header
    in `include` is newer."""
    first = folder.resolve() / header.replace("/", "_")
    made = first.with_name(first.name + (".pch" if "clang" in command[0] else ".gch"))
    by = made.with_suffix(".command")
    newest = max(file.stat().st_mtime for file in include.rglob("*.hpp"))
    if not made.exists() or made.stat().st_mtime < newest or not by.exists() or by.read_text() != shlex.join(command):
        first.write_text(f"#include <{header}>\n")
        precompile(command, str(first), str(made), f"{made}.d")
        by.write_text(shlex.join(command))
    return ["-include-pch", str(made)] if "clang" in command[0] else ["-include", str(first)]


def as_if_read(said: str, folder: pathlib.Path) -> str:
    """What a compiler says without the lines that name the file of a header precompiled in `folder`: one more than where
    the header itself is read."""
    return "".join(line for line in said.splitlines(True) if not re.search(rf"\bfrom {re.escape(str(folder.resolve()))}/", line))


class Memory:
    """Remembers what passed: it need not be tried again until something it read, or the command, has changed. What it read
    says `reads(name)`, or else its depfile, which does not name what lies in a precompiled header."""

    def __init__(self, folder: pathlib.Path, key: object, reads=None):
        self.folder, self.key, self.reads = folder, repr(key), reads or self.reads_of_depfile
        folder.mkdir(exist_ok=True)

    def depfile(self, name: str) -> pathlib.Path:
        return self.folder / (name + ".d")

    def reads_of_depfile(self, name: str) -> list[str]:
        depfile = self.depfile(name)
        return depfile.read_text().replace("\\\n", " ").split()[1:] if depfile.exists() else [str(depfile)]

    def passed(self, name: str) -> bool:
        stamp = self.folder / (name + ".passed")
        if not stamp.exists() or stamp.read_text() != self.key:
            return False
        since, read = stamp.stat().st_mtime, [*self.reads(name), sys.argv[0], __file__]
        return all(os.path.exists(file) and os.stat(file).st_mtime < since for file in read)

    def run_all(self, names: list[str], attempt) -> int:
        """Calls `attempt(name)` for all that has not passed; says what is wrong with each, and the sum. The exit code."""

        def one(name: str) -> bool:
            if self.passed(name):
                return True
            stamp, started = self.folder / (name + ".passed"), time.time()
            stamp.unlink(missing_ok=True)
            what = attempt(name)
            if what:
                print(f"{name}: {what}", flush=True)
                return False
            stamp.write_text(self.key)
            os.utime(stamp, (started, started))
            return True

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(one, names))
        print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
        return 0 if all(results) else 1
