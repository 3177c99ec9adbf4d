"""bfloat16 and float16 against PyTorch, all patterns and floats of every size: `stored_numbers.py PROGRAM`.

SPDX-License-Identifier: BSL-1.0
"""

import subprocess
import sys

try:
    import torch
except ImportError:
    print("PyTorch is not installed: skipped")
    sys.exit(77)

COUNT = 1 << 20
TYPES = (torch.bfloat16, torch.float16)


def taken(data: bytes, dtype: torch.dtype) -> torch.Tensor:
    return torch.frombuffer(bytearray(data), dtype=dtype)


def main() -> int:
    # Random patterns: every exponent, subnormal numbers, infinities and NaN among them; and what lies near ties.
    bits = torch.randint(-(1 << 31), 1 << 31, (COUNT,), generator=torch.Generator().manual_seed(1), dtype=torch.int64)
    near = torch.cat([bits & ~0xFFFF | 0x8000, bits & ~0x1FFF | 0x1000])
    x = torch.cat([bits, near, near + 1, near - 1]).to(torch.int32).view(torch.float32)
    program = subprocess.run([sys.argv[1]], input=bytes(x.numpy().tobytes()), capture_output=True, check=True).stdout
    wrong = 0
    for k, dtype in enumerate(TYPES):
        ours = taken(program[2 * k * len(x) : 2 * (k + 1) * len(x)], torch.int16)
        theirs = x.to(dtype)
        number = ~torch.isnan(x)
        wrong += int((ours != theirs.view(torch.int16))[number].sum())
        wrong += int((~torch.isnan(ours.view(dtype)))[~number].sum())
        begin = 4 * len(x) + k * 4 * 65536
        every = taken(program[begin : begin + 4 * 65536], torch.float32)
        expected = torch.arange(65536).to(torch.int16).view(dtype).to(torch.float32)
        number = ~torch.isnan(expected)
        wrong += int((every.view(torch.int32) != expected.view(torch.int32))[number].sum())
        wrong += int((~torch.isnan(every))[~number].sum())
    print(f"{len(TYPES)} types, {len(x)} floats, 65536 patterns: {wrong} differ from PyTorch")
    return 1 if wrong else 0


sys.exit(main())
