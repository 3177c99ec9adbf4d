// A flash in memory, whose power can fail: after `limit` bytes, where that is not 0, nothing is written any more.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace test {

template <int Bytes>
struct ram_flash {
    static constexpr int slot_bytes = Bytes;
    std::byte slots[2][Bytes]{};
    int limit = 0, written = 0;

    constexpr std::byte const* data(int slot) const { return slots[slot]; }
    constexpr bool erase(int slot) {
        if (!powered()) return false;
        for (std::byte& b : slots[slot]) b = std::byte{0xFF};
        return true;
    }
    constexpr bool write(int slot, int offset, std::byte const* from, int count) {
        for (int i = 0; i < count; ++i) {
            if (!powered()) return false;
            ++written;
            slots[slot][offset + i] = from[i];
        }
        return true;
    }
    constexpr bool powered() const { return limit == 0 || written < limit; }
};

}  // namespace test
