// Reproducible random numbers, the same on every machine and in constant evaluation.
// Source: splitmix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a layer's random initial values follow from.
struct seed {
    std::uint64_t value = 0;
};

class random {
  public:
    constexpr explicit random(std::uint64_t s) : state_(s) {}
    constexpr explicit random(seed s) : state_(s.value) {}

    // What it goes on from: random(numbers.state()) gives the numbers that come next.
    constexpr std::uint64_t state() const { return state_; }
    constexpr std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    // Uniform in [low, high).
    constexpr double uniform(double low, double high) {
        return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1p-53);
    }
    // Uniform among 0, ..., n - 1.
    constexpr int below(int n) { return static_cast<int>(uniform(0, 1) * n); }

  private:
    std::uint64_t state_;
};

}  // namespace paramorph::inline PARAMORPH_ABI
