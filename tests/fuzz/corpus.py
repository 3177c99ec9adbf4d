"""Files of tensors that fuzzing begins with. What it found in addition is in corpus.tar.xz (fuzz.py).

SPDX-License-Identifier: BSL-1.0
"""

import io
import json
import struct
import zipfile
import zlib


def safetensors(tensors: dict, metadata: dict | None = None, header: str | None = None, tail: bytes = b"") -> bytes:
    at, described, data = 0, {}, b""
    if metadata is not None:
        described["__metadata__"] = metadata
    for name, (dtype, shape, content) in tensors.items():
        described[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(content)]}
        at, data = at + len(content), data + content
    text = (header if header is not None else json.dumps(described)).encode()
    return struct.pack("<Q", len(text)) + text + data + tail


def npy(descr: str, shape: str, content: bytes, fortran: bool = False, version: int = 1) -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + content


def npz(members: dict[str, bytes], deflated: bool, large: bool = False) -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as z:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = z.compression
            with z.open(info, "w", force_zip64=large) as member:
                member.write(content)
    return to.getvalue()


def wide_npz(members: dict[str, bytes]) -> bytes:
    """With every number of the directory in ZIP64's fields."""
    data, directory = b"", b""
    for name, content in members.items():
        same = struct.pack("<HHHHHI", 45, 0, 0, 0, 0, zlib.crc32(content))
        begin = len(data)
        data += b"PK\x03\x04" + same + struct.pack("<IIHH", len(content), len(content), len(name), 0) + name.encode() + content
        extra = struct.pack("<HHH", 9, 2, 0) + struct.pack("<HHQQQ", 1, 24, len(content), len(content), begin)
        directory += b"PK\x01\x02" + struct.pack("<H", 45) + same + struct.pack("<IIHH", *[0xFFFFFFFF] * 2, len(name), len(extra))
        directory += struct.pack("<HHHII", 0, 0, 0, 0, 0xFFFFFFFF) + name.encode() + extra
    end = len(data) + len(directory)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, *[len(members)] * 2, len(directory), len(data))
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    last = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data + directory + record + locator + last


def seeds() -> dict[str, bytes]:
    f = struct.pack("<4f", 1, -2, 0.5, float("nan"))
    two = {"0.weight": ("F32", [2, 2], f), "n": ("I64", [], struct.pack("<q", 3)), "none": ("BF16", [0, 3], b"")}
    made = {
        "safetensors_empty": safetensors({}),
        "safetensors_metadata": safetensors({}, {"format": "pt", "\u00e9": "\ud83d\ude00"}),
        "safetensors_two": safetensors(two, {"format": "pt"}),
        "safetensors_types": safetensors(
            {t: (t, [1], bytes(n)) for t, n in {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I8": 1, "BOOL": 1}.items()}
        ),
        "safetensors_spaces": safetensors({}, header='{ "a" : {"shape":[ ],\t"data_offsets":[0,2] ,"dtype":"F16"}}  ', tail=b"\0\0"),
        "safetensors_hole": safetensors({}, header='{"a":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}}', tail=b"\0\0"),
        "safetensors_overlap": safetensors(
            {},
            header='{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}',
            tail=b"\0\0",
        ),
        "safetensors_large": safetensors({}, header='{"a":{"dtype":"F32","shape":[8589934592,2147483648],"data_offsets":[0,0]}}'),
        "safetensors_long": struct.pack("<Q", 2**64 - 3) + b"{}",
        "safetensors_twice": safetensors(
            {}, header='{"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}'
        ),
        "safetensors_minus": safetensors({}, header='{"a":{"dtype":"I8","shape":[-0],"data_offsets":[0,0]}}'),
        "safetensors_point": safetensors({}, header='{"a":{"dtype":"I8","shape":[1.0],"data_offsets":[0,1e0]}}', tail=b"\0"),
        "npy_1": npy("<f4", "(2, 2)", f),
        "npy_fortran": npy("<f4", "(2, 2)", f, True),
        "npy_big": npy(">f4", "(2, 2)", f, True),
        "npy_2": npy("<f8", "()", bytes(8), version=2),
        "npy_3": npy("|b1", "(3,)", b"\0\1\1", version=3),
        "npy_empty": npy("<i4", "(0, 5)", b""),
        "npz_stored": npz({"a.npy": npy("<f4", "(4,)", f), "b.npy": npy("|i1", "()", b"\7")}, False),
        "npz_deflated": npz({"a.npy": npy("<f4", "(64,)", f * 16)}, True),
        "npz_zip64": npz({"a.npy": npy("<f4", "(4,)", f)}, False, True),
        "npz_wide": wide_npz({"a.npy": npy("<f4", "(4,)", f), "b.npy": npy("|i1", "()", b"\7")}),
        "npz_empty": npz({}, False),
        "npz_empty_stored": npz({"a.npy": b""}, False),
        "npz_empty_deflated": npz({"a.npy": b""}, True),
        "torch": npz({"archive/data.pkl": b"\x80\x02}."}, False),
    }
    return made

