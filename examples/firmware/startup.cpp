// What runs before main on a Cortex-M4: the vector table, the floating-point unit, memory, the paint of the stack.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdint>

#include "board.hpp"

extern "C" {
// From link.ld.
extern std::uint32_t stack_limit, stack_top, data_load, data_begin, data_end, bss_begin, bss_end;

int program() asm("main");  // C++ does not let anyone call main by its name
[[noreturn]] void reset();
[[noreturn]] void fault();
}

namespace {

constexpr std::uint32_t paint = 0xA5A5A5A5u;

using handler = void (*)();

struct vector_table {
    std::uint32_t* stack;
    handler of[15];
};
[[gnu::section(".vectors"), gnu::used]] constexpr vector_table vectors{
    &stack_top,
    {reset, fault, fault, fault, fault, fault, nullptr, nullptr, nullptr, nullptr, fault, fault, nullptr, fault,
     fault}};

}  // namespace

namespace board {

int stack_bytes_used() {
    std::uint32_t const* p = &stack_limit;
    while (p < &stack_top && *p == paint) ++p;
    return static_cast<int>(reinterpret_cast<char const*>(&stack_top) - reinterpret_cast<char const*>(p));
}

[[gnu::noinline]] void paint_stack() {
    auto* const here = static_cast<std::uint32_t*>(__builtin_frame_address(0));
    for (std::uint32_t volatile* p = &stack_limit; p < here - 16; ++p) *p = paint;
}

}  // namespace board

// Until the floating-point unit is on, no instruction of it may run; so nothing here computes with float.
void reset() {
    auto& access_control = *reinterpret_cast<std::uint32_t volatile*>(0xE000ED88u);
    access_control = access_control | (0xFu << 20);
    asm volatile("dsb\n isb" ::: "memory");
    std::uint32_t const volatile* from = &data_load;
    for (std::uint32_t volatile* to = &data_begin; to < &data_end;) *to++ = *from++;
    for (std::uint32_t volatile* to = &bss_begin; to < &bss_end;) *to++ = 0;
    board::paint_stack();
    board::finish(program());
}

void fault() {
    board::print("fault\n");
    board::finish(255);
}
