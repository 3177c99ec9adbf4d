// SHA-256 of bytes, by the compiler or at run time: what tells that numbers are the ones that were printed.
//
//     sha256 hash;
//     hash.add("abc");
//     hash.hex();            // "ba7816bf..."; the same again until more is added
//
// Cost: about 64 steps a 64 bytes; no memory. Source: FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2.2.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

class sha256 {
  public:
    constexpr void add(std::uint8_t byte) {
        block_[length_++ % 64] = byte;
        if (length_ % 64 == 0) mix();
    }
    constexpr void add(std::string_view text) {
        for (char const c : text) add(static_cast<std::uint8_t>(c));
    }
    // A number's bytes, the lowest one first, on any machine.
    template <class T>
    constexpr void add_number(T x) {
        static_assert(sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8);
        using bits = std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                        std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>;
        auto const all = std::bit_cast<bits>(x);
        for (unsigned k = 0; k < sizeof(T); ++k) add(static_cast<std::uint8_t>(all >> (8 * k)));
    }

    struct text {
        char of[65]{};
        constexpr std::string_view view() const { return {of, 64}; }
    };
    constexpr text hex() const {
        sha256 end = *this;
        std::uint64_t const bits = 8 * length_;
        end.add(std::uint8_t{0x80});
        while (end.length_ % 64 != 56) end.add(std::uint8_t{0});
        for (int k = 7; k >= 0; --k) end.add(static_cast<std::uint8_t>(bits >> (8 * k)));
        text t;
        for (int i = 0; i < 64; ++i) t.of[i] = "0123456789abcdef"[end.state_[i / 8] >> (28 - 4 * (i % 8)) & 15];
        return t;
    }

  private:
    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of
    // the first eight.
    static constexpr std::uint32_t k_[64]{
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    std::uint32_t state_[8]{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::uint8_t block_[64]{};
    std::uint64_t length_ = 0;

    constexpr void mix() {
        std::uint32_t w[64]{}, s[8]{};
        for (int t = 0; t < 16; ++t)
            for (int k = 0; k < 4; ++k) w[t] = w[t] << 8 | block_[4 * t + k];
        for (int t = 16; t < 64; ++t) {
            std::uint32_t const a = w[t - 15], b = w[t - 2];
            w[t] = w[t - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + w[t - 7] +
                   (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
        }
        for (int i = 0; i < 8; ++i) s[i] = state_[i];
        for (int t = 0; t < 64; ++t) {
            std::uint32_t const one = s[7] + (std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25)) +
                                      ((s[4] & s[5]) ^ (~s[4] & s[6])) + k_[t] + w[t],
                                two = (std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22)) +
                                      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
            for (int i = 7; i > 0; --i) s[i] = s[i - 1];
            s[4] += one;
            s[0] = one + two;
        }
        for (int i = 0; i < 8; ++i) state_[i] += s[i];
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
