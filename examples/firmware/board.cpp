// SPDX-License-Identifier: BSL-1.0
#include "board.hpp"

namespace board {
namespace {

// Semihosting: the debugger, or QEMU, does what register 0 names.
std::uint32_t host(std::uint32_t operation, void const* argument) {
    register std::uint32_t r0 asm("r0") = operation;
    register void const* r1 asm("r1") = argument;
    asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

}  // namespace

void print(char const* text) {
    host(0x04, text);
}

void print(long number) {
    char digits[12];
    char* p = digits + 11;
    *p = '\0';
    auto rest = number < 0 ? 0UL - static_cast<unsigned long>(number) : static_cast<unsigned long>(number);
    do *--p = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0) *--p = '-';
    print(p);
}

void finish(int code) {
    std::uint32_t const reason[2]{0x20026u, static_cast<std::uint32_t>(code)};
    host(0x20, reason);
    for (;;) asm volatile("wfi");
}

void start_clock() {
    *reinterpret_cast<std::uint32_t volatile*>(0xE000E014u) = 0xFFFFFFu;  // reload
    *reinterpret_cast<std::uint32_t volatile*>(0xE000E018u) = 0;
    *reinterpret_cast<std::uint32_t volatile*>(0xE000E010u) = 5;  // on, from the processor clock, no interrupt
}

}  // namespace board
