// The board, as far as this firmware needs it: text out, the end of a run, a clock, the depth of the stack. board.cpp
// does it by semihosting, for QEMU's mps2-an386 and for a debugger; replace it by your board's own.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace board {

void print(char const* text);
void print(long number);
[[noreturn]] void finish(int code);

// Ticks of the processor clock, 24 bits, counting up: subtract, then `& 0xFFFFFF`.
void start_clock();
inline std::uint32_t ticks() {
    return 0xFFFFFFu - *reinterpret_cast<std::uint32_t volatile*>(0xE000E018u);
}

// The deepest the stack has been since it was painted last, in bytes.
int stack_bytes_used();
void paint_stack();

}  // namespace board
