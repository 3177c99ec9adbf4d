"""Fuzzes the readers of safetensors, .npy and .npz under the address and undefined-behaviour sanitizers:
`fuzz.py FOLDER [SECONDS]`; FOLDER is where everything goes. Ends with `N passed, N failed`.

It begins with what corpus.py makes and what corpus.tar.xz has, which earlier runs found; `fuzz.py FOLDER SECONDS --keep` adds to
the latter what this one finds. What fails stays in FOLDER/failed.
SPDX-License-Identifier: BSL-1.0
"""

import io
import pathlib
import shutil
import subprocess
import sys
import tarfile

from corpus import seeds

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
folder, seconds = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "30"
stored = here / "corpus.tar.xz"
fuzzer, corpus, failures = folder / "read", folder / "corpus", folder / "failed"
FLAGS = ["-std=c++20", "-O1", "-g", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", "-I" + str(root / "include")]
WORDS = ["dtype", "shape", "data_offsets", "__metadata__", "F32", "BF16", "BOOL", "descr", "fortran_order", "True", "'<f4'"]


def sources() -> list[pathlib.Path]:
    return [here / "read.cpp", *sorted((root / "src" / "io").glob("*.cpp"))]


def keep() -> None:
    """The least files that reach what all reach, as one archive that repeats exactly."""
    least = folder / "least"
    shutil.rmtree(least, ignore_errors=True)
    least.mkdir()
    subprocess.run([fuzzer, "-merge=1", least, corpus], check=True, stderr=subprocess.DEVNULL)
    with tarfile.open(stored, "w:xz", preset=9) as archive:
        for number, content in enumerate(sorted(file.read_bytes() for file in least.iterdir())):
            member = tarfile.TarInfo(str(number))
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


shutil.rmtree(corpus, ignore_errors=True)
for needed in (corpus, failures):
    needed.mkdir(parents=True, exist_ok=True)
for name, content in seeds().items():
    (corpus / name).write_bytes(content)
if stored.exists():
    with tarfile.open(stored) as archive:
        archive.extractall(corpus)
(folder / "words").write_text("".join(f'"{word}"\n' for word in [*WORDS, r"PK\x01\x02", r"PK\x05\x06", r"PK\x06\x06", r"PK\x06\x07"]))
subprocess.run(["clang++-19", *FLAGS, *map(str, sources()), "-lz", "-o", fuzzer], check=True)
options = [f"-max_total_time={seconds}", f"-dict={folder / 'words'}", f"-artifact_prefix={failures}/", "-max_len=4096"]
# A file of 4096 bytes justifies a thousand times as many, as what was deflated, and what the sanitizers keep of that.
limits = ["-rss_limit_mb=1024", "-malloc_limit_mb=16", "-timeout=10", "-verbosity=1", "-print_final_stats=1"]
ended = subprocess.run([fuzzer, *options, *limits, corpus], stderr=subprocess.PIPE, text=True, errors="replace")
if ended.returncode != 0:
    print(ended.stderr[-4000:])
runs = next((line.split()[-1] for line in ended.stderr.splitlines() if "number_of_executed_units" in line), "0")
print(f"{runs} files in {seconds} s, {len(list(corpus.iterdir()))} kept")
if ended.returncode == 0 and "--keep" in sys.argv:
    keep()
print("1 passed, 0 failed" if ended.returncode == 0 and int(runs) > 0 else "0 passed, 1 failed")
