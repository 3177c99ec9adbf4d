// WAV files of one channel: 16, 24 and 32 bit integers and 32 bit floats are read, floats are written.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace amp {

struct wave {
    std::uint32_t rate;
    std::vector<float> samples;  // integers are divided by 2^(bits - 1)
};

// Throw std::runtime_error: the path, and what is wrong.
wave read_wave(std::string const& path);
void write_wave(std::string const& path, wave const& w);

// All bytes of a file.
std::vector<unsigned char> read_file(std::string const& path);

}  // namespace amp
