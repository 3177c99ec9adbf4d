// SPDX-License-Identifier: BSL-1.0
#include "play.hpp"

std::unique_ptr<amp::player> amp::play_a2_of_8(capture const& c) {
    return play_wavenet<a2<8>>(c);
}
