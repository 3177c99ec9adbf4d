// SPDX-License-Identifier: BSL-1.0
#include "play.hpp"

std::unique_ptr<amp::player> amp::play_a1(capture const& c) {
    return play_wavenet<a1_standard>(c);
}
