// A capture that is played: one of the types of captures.hpp with the numbers of a file, as a stream.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "capture_file.hpp"

namespace amp {

class player {
  public:
    virtual ~player() = default;
    // As it is after a long silence.
    virtual void settle() = 0;
    virtual void process(float const* in, float* out, std::size_t count) noexcept = 0;
    virtual std::size_t bytes() const = 0;
};

// Of a capture that is of this family, else null. Throws std::runtime_error where the numbers are not as many as the
// type has. Each is compiled in a file of its own.
std::unique_ptr<player> play_a1(capture const&);
std::unique_ptr<player> play_a2_of_3(capture const&);
std::unique_ptr<player> play_a2_of_8(capture const&);
std::unique_ptr<player> play_lstm(capture const&);

}  // namespace amp
