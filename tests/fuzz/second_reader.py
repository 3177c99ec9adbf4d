"""A second reader of safetensors, .npy and .npz, by struct, json and zlib alone, compared with the library's own on files
that are changed at random: `second_reader.py JUDGE [COUNT]`. Accepted by both, with the same tensors, or refused by both.

The files begin as those of corpus.py. COUNT, 10000 unless it is given, of them repeat exactly.
SPDX-License-Identifier: BSL-1.0
"""

import json
import random
import re
import struct
import subprocess
import sys
import zlib

from corpus import seeds

SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I8": 1, "BOOL": 1}
DESCR = {"<f8": "F64", "<f4": "F32", "<f2": "F16", "<i8": "I64", "<i4": "I32", "|i1": "I8", "<i1": "I8", "|b1": "BOOL"}
DESCR |= {">" + d[1:]: name for d, name in DESCR.items() if d[0] == "<"}


class Refused(Exception):
    pass


def require(holds: bool) -> None:
    if not holds:
        raise Refused


def size_of(dtype: str, shape: list[int]) -> int:
    size = 0 if 0 in shape else SIZES[dtype]
    for extent in shape if size else ():
        size *= extent
        require(size < 2**64)
    return size


def without_twins(pairs: list) -> dict:
    require(len({key for key, _ in pairs}) == len(pairs))
    return dict(pairs)


def natural(text: str) -> int:
    require(not text.startswith("-") and len(text) <= 20 and int(text) < 2**64)
    return int(text)


def refuse(text: str) -> None:
    raise Refused


def safetensors(file: bytes) -> tuple[dict, list]:
    require(len(file) > 8)
    length = struct.unpack_from("<Q", file)[0]
    require(0 < length <= 100_000_000 and length <= len(file) - 8 and file[8:9] == b"{")
    text, data = file[8 : 8 + length].decode(), file[8 + length :]
    header = json.loads(text, object_pairs_hook=without_twins, parse_int=natural, parse_float=refuse, parse_constant=refuse)
    metadata, tensors, ranges = {}, [], []
    for name, entry in header.items():
        require(isinstance(entry, dict) and not re.search("[\ud800-\udfff]", name))
        if name == "__metadata__":
            for key, value in entry.items():
                require(isinstance(value, str) and not re.search("[\ud800-\udfff]", key + value))
            metadata = entry
            continue
        require(set(entry) == {"dtype", "shape", "data_offsets"} and isinstance(entry["dtype"], str) and entry["dtype"] in SIZES)
        for numbers in (entry["shape"], entry["data_offsets"]):
            require(isinstance(numbers, list) and all(isinstance(n, int) and not isinstance(n, bool) for n in numbers))
        require(len(entry["data_offsets"]) == 2)
        begin, end = entry["data_offsets"]
        require(begin <= end <= len(data) and end - begin == size_of(entry["dtype"], entry["shape"]))
        ranges.append((begin, end))
        tensors.append((name, entry["dtype"], entry["shape"], data[begin:end]))
    at = 0
    for begin, end in sorted(ranges):
        require(begin == at)
        at = end
    require(at == len(data))
    return metadata, tensors


SPACE = r"[ \t\r\n]*"
STRING = r"'([^'\\]*)'|\"([^\"\\]*)\""


def npy(file: bytes, name: str) -> tuple:
    require(len(file) >= 10 and file[:6] == b"\x93NUMPY" and file[6] in (1, 2, 3) and file[7] == 0)
    begin = 10 if file[6] == 1 else 12
    require(len(file) >= begin)
    length = struct.unpack_from("<H" if file[6] == 1 else "<I", file, 8)[0]
    require(length <= len(file) - begin)
    text, data = file[begin : begin + length].decode("latin-1"), file[begin + length :]
    found: dict = {}
    integer = "([0-9]+)" + ("L?" if file[6] < 3 else "")  # Python 2 wrote 3L

    def take(pattern: str) -> re.Match:
        nonlocal text
        match = re.match(SPACE + "(?:" + pattern + ")" + SPACE, text)
        if match is None:
            raise Refused
        text = text[match.end() :]
        return match

    take(r"\{")
    while not re.match(SPACE + r"\}", text):
        match = take(STRING)
        key = match[1] if match[1] is not None else match[2]
        require(key in ("descr", "fortran_order", "shape") and key not in found)
        take(":")
        if key == "descr":
            match = take(STRING)
            found[key] = match[1] if match[1] is not None else match[2]
        elif key == "fortran_order":
            found[key] = take("True|False")[0].strip(" \t\r\n") == "True"
        else:
            take(r"\(")
            numbers: list[int] = []
            while not re.match(SPACE + r"\)", text):
                numbers.append(natural(take(integer)[1].lstrip("0") or "0"))
                if not re.match(",", text):
                    require(len(numbers) != 1)
                    break
                take(",")
            take(r"\)")
            found[key] = numbers
        if not re.match(SPACE + ",", text):
            break
        take(",")
    take(r"\}")
    require(not text and len(found) == 3 and found["descr"] in DESCR)
    dtype, shape = DESCR[found["descr"]], found["shape"]
    require(size_of(dtype, shape) == len(data))
    if found["descr"][0] == ">":
        data = b"".join(data[k : k + SIZES[dtype]][::-1] for k in range(0, len(data), SIZES[dtype]))
    if found["fortran_order"] and len(shape) > 1 and data:
        width, order = SIZES[dtype], [0]
        for axis in range(len(shape)):
            step = width
            for extent in shape[:axis]:
                step *= extent
            order = [at + step * k for at in order for k in range(shape[axis])]
        data = b"".join(data[at : at + width] for at in order)
    return name, dtype, shape, data


def inflated(data: bytes, size: int) -> bytes:
    require(size // 1032 <= len(data))
    stream = zlib.decompressobj(-15)
    made = stream.decompress(data)
    require(stream.eof and not stream.unused_data)
    return made


def npz(file: bytes) -> list:
    end = None
    for comment in range(min(0xFFFF, len(file) - 22) + 1 if len(file) >= 22 else 0):
        at = len(file) - 22 - comment
        if file[at : at + 4] == b"PK\x05\x06" and struct.unpack_from("<H", file, at + 20)[0] == comment:
            end = at
            break
    if end is None:
        raise Refused
    disk, first, here, count, size, begin = struct.unpack_from("<HHHHII", file, end + 4)
    require(disk == 0 and first == 0 and here == count)
    stop = end
    if end >= 20 and file[end - 20 : end - 16] == b"PK\x06\x07":
        of, at, disks = struct.unpack_from("<IQI", file, end - 16)
        require(of == 0 and disks == 1 and at + 56 <= end - 20 and file[at : at + 4] == b"PK\x06\x06")
        record, _, _, disk, first, here, total, wide_size, wide_begin = struct.unpack_from("<QHHIIQQQQ", file, at + 4)
        require(record == end - 20 - at - 12 and disk == 0 and first == 0 and here == total)
        require(count in (0xFFFF, total) and size in (0xFFFFFFFF, wide_size) and begin in (0xFFFFFFFF, wide_begin))
        count, size, begin, stop = total, wide_size, wide_begin, at
    else:
        require(count != 0xFFFF and size != 0xFFFFFFFF and begin != 0xFFFFFFFF)
    require(begin + size == stop)
    tensors, names, at = [], set(), begin
    for _ in range(count):
        require(stop - at >= 46 and file[at : at + 4] == b"PK\x01\x02")
        flags, method = struct.unpack_from("<HH", file, at + 8)
        crc, packed, full, name_size, extra_size, comment = struct.unpack_from("<IIIHHH", file, at + 16)
        local = struct.unpack_from("<I", file, at + 42)[0]
        require(stop - at - 46 >= name_size + extra_size + comment)
        name = file[at + 46 : at + 46 + name_size]
        extra = file[at + 46 + name_size : at + 46 + name_size + extra_size]
        at += 46 + name_size + extra_size + comment
        wanted = [n == 0xFFFFFFFF for n in (full, packed, local)]
        while any(wanted):
            require(len(extra) >= 4)
            kind, length = struct.unpack_from("<HH", extra)
            require(length <= len(extra) - 4)
            if kind == 1:
                require(length >= 8 * sum(wanted))
                wide = list(struct.unpack_from(f"<{sum(wanted)}Q", extra, 4))
                full, packed, local = (wide.pop(0) if w else n for w, n in zip(wanted, (full, packed, local)))
                break
            extra = extra[4 + length :]
        require(name.endswith(b".npy") and not name.endswith(b"/data.pkl") and name not in names and not flags & 0x2041)
        names.add(name)
        require(local + 30 <= len(file) and file[local : local + 4] == b"PK\x03\x04")
        data = local + 30 + sum(struct.unpack_from("<HH", file, local + 26))
        require(data + packed <= begin and method in (0, 8) and (method == 8 or packed == full))
        content = file[data : data + packed]
        if method == 8:
            content = inflated(content, full)
        require(len(content) == full and (not content or zlib.crc32(content) == crc))
        tensors.append(npy(content, name[:-4].decode("latin-1")))
    require(at == stop)
    return tensors


def said_of(file: bytes) -> str:
    def name(text: str, coding: str) -> str:
        return "x" + text.encode(coding).hex()

    try:
        metadata: dict = {}
        begins_json = file[8:9] == b"{"
        if file[:6] == b"\x93NUMPY":
            tensors, coding = [npy(file, "it")], "latin-1"
        elif file[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not begins_json:
            member = file[30 : 30 + struct.unpack_from("<H", file, 26)[0]] if file[:4] == b"PK\x03\x04" and len(file) > 30 else b""
            require(not member.endswith(b"/data.pkl"))
            tensors, coding = npz(file), "latin-1"
        else:
            (metadata, tensors), coding = safetensors(file), "utf-8"
    except (Refused, ValueError, struct.error, zlib.error, RecursionError):
        return "-"
    parts = [f"{name(k, coding)}={name(v, coding)}" for k, v in sorted(metadata.items(), key=lambda p: p[0].encode())]
    for key, dtype, shape, data in tensors:
        parts.append(f"{name(key, coding)} {dtype} [{','.join(map(str, shape))}] {zlib.crc32(data) if data else 0}")
    return " ".join(["+", *parts])


TOKENS = [b"{", b"}", b"[", b"]", b'"', b":", b",", b"0", b"-0", b"1.0", b"1e3", b" ", b"\n", b"\0", b"\\u0041", b"\\ud800", b"true", b"null",
          b'"F32"', b'"I8"', b'"shape"', b'"dtype"', b"18446744073709551616", b"18446744073709551615", b"\xff", b"\xc3\xa9", b"PK\x05\x06",
          b"(", b")", b"'", b"False", b"007", b"PK\x01\x02", b"\xff\xff\xff\xff"]  # fmt: skip


def changed(file: bytes, draw: random.Random) -> bytes:
    made = bytearray(file)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        at = draw.randrange(len(made) + 1)
        kind = draw.randrange(7)
        if kind == 0 and made:
            made[at % len(made)] ^= 1 << draw.randrange(8)
        elif kind == 1 and made:
            made[at % len(made)] = draw.randrange(256)
        elif kind == 2:
            made[at:at] = draw.choice(TOKENS)
        elif kind == 3:
            del made[at : at + draw.randrange(1, 9)]
        elif kind == 4:
            token = draw.choice(TOKENS)
            made[at : at + len(token)] = token
        elif kind == 5 and len(made) >= 8:  # the length of a header, and what is near it
            length = struct.unpack_from("<Q", made)[0]
            struct.pack_into("<Q", made, 0, max(0, length + draw.randrange(-3, 4)) % 2**64)
        else:
            other = made[draw.randrange(len(made) + 1) :][: draw.randrange(1, 33)]
            made[at:at] = other
    return bytes(made)


def main() -> int:
    judge, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    draw = random.Random(17)
    beginnings = list(seeds().values())
    files = beginnings + [changed(draw.choice(beginnings), draw) for _ in range(count)]
    sent = b"".join(struct.pack("<Q", len(f)) + f for f in files)
    said = subprocess.run([judge], input=sent, stdout=subprocess.PIPE, check=True).stdout.decode("latin-1").splitlines()
    require(len(said) == len(files))
    accepted = differing = 0
    for file, first in zip(files, said):
        second = said_of(file)
        accepted += second != "-"
        if first[0] != second[0] or (first[0] == "+" and first != second):
            differing += 1
            if differing <= 5:
                print(f"{file!r}\n  the library: {first}\n  the second:  {second}")
    print(f"{len(files)} files, {accepted} accepted by both, {differing} judged differently")
    return 1 if differing or accepted < count // 50 else 0


if __name__ == "__main__":
    sys.exit(main())
