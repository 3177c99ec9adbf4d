// The handwritten digits of tests/data: reading a gzip-compressed file of comma-separated integers, a digit a line.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace digits {

inline constexpr int side = 8;
inline constexpr int pixel_count = side * side;
inline constexpr int classes = 10;
inline constexpr int brightest = 16;

// Every digit of a file: its pixels, row by row from 0 (paper) to 1 (ink), and what it is.
struct dataset {
    std::vector<float> pixels;
    std::vector<std::int32_t> labels;

    int size() const { return static_cast<int>(labels.size()); }
    std::span<float const, pixel_count> image(int digit) const {
        return std::span<float const, pixel_count>(pixels.data() + digit * pixel_count, pixel_count);
    }
};

// Reads a file. Errors: std::runtime_error with one line that names the file, the line and what was expected there.
dataset read_digits(std::string const& path);

}  // namespace digits
