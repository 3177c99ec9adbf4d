// Conversions to and from 16 bits, for stored_numbers.py: of the floats that it reads from standard input, as binary
// numbers, their patterns as bfloat16, then as float16; then the floats that all patterns of each type are.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <cstdio>
#include <vector>

#include <paramorph/core/storage.hpp>

namespace pm = paramorph;

template <class S>
void write_rounded(std::vector<float> const& x) {
    std::vector<std::uint16_t> bits;
    for (float const e : x) bits.push_back(S(e).bits);
    std::fwrite(bits.data(), sizeof(bits[0]), bits.size(), stdout);
}
template <class S>
void write_all() {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        S stored;
        stored.bits = static_cast<std::uint16_t>(bits);
        float const x = stored;
        std::fwrite(&x, sizeof x, 1, stdout);
    }
}

int main() {
    std::vector<float> x;
    for (float e; std::fread(&e, sizeof e, 1, stdin) == 1;) x.push_back(e);
    write_rounded<pm::bfloat16>(x);
    write_rounded<pm::float16>(x);
    write_all<pm::bfloat16>();
    write_all<pm::float16>();
}
