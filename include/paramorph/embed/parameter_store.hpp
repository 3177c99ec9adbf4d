// Parameters that survive a loss of power: two slots of flash, written in turn, each with a sequence number and a
// checksum. What was being written when the power failed is not valid; then the slot before it is.
//
//     pm::parameter_store<float, tuner::parameter_count, my_flash> store{flash, 1};
//     pm::status s = store.save(t.parameters());
//     s = store.load(numbers);                      // the newest valid block, or a status and `numbers` as they were
//
// A flash has `slot_bytes`, and for slot 0 and 1: `std::byte const* data(int slot)`, its content; `bool erase(int
// slot)`; `bool write(int slot, int offset, std::byte const* from, int count)` of bytes that are erased, in any order
// of offsets, false when it failed.
//
// Block, the same on every machine: the numbers in IEEE 754, 4 bytes for a float and 8 for a double, then 16 bytes:
// sequence (1 for the first, one more for each after it), layout, byte count of the numbers, and the CRC-32 (IEEE
// 802.3) of all before it, each 32 bits. Everything is little-endian; there is nothing between. The checksum is written
// last. `layout` is the user's number for the kind of parameters: a block of another layout or size is not valid, so
// give another one to a new version, and to doubles where there were floats. What follows in a slot is not looked at.
// Errors, as a status: neither slot is valid (load); the flash does not hold what was written (save; the older block is
// untouched). A CRC-32 misses one torn or changed block in 2^32. Memory: none beside the store itself (64 bytes of
// stack on a machine that is not little-endian). Cost: a few passes over a slot. Source: ISO 3309 (the CRC); Gray and
// Reuter 1992, "Transaction processing", for two slots in turn.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "paramorph/core/element.hpp"
#include "paramorph/core/error.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320) of some bytes, continued from that of what stands before
// them. Source: ISO 3309.
constexpr std::uint32_t crc32(std::byte const* bytes, std::size_t count, std::uint32_t before = 0) {
    std::uint32_t crc = ~before;
    for (std::size_t i = 0; i < count; ++i) {
        crc ^= std::to_integer<std::uint32_t>(bytes[i]);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1u ? 0xEDB88320u : 0u);
    }
    return ~crc;
}

// A flash of two slots, with the three functions that the page above names.
template <class F>
concept parameter_flash = requires(F& f, F const& c, std::byte const* bytes) {
    requires F::slot_bytes > 0;
    { c.data(0) } -> std::convertible_to<std::byte const*>;
    { f.erase(0) } -> std::same_as<bool>;
    { f.write(0, 0, bytes, 1) } -> std::same_as<bool>;
};

namespace detail {

struct block_trailer {
    std::uint32_t sequence, layout, bytes, checksum;
};
inline constexpr int trailer_bytes = 16;

// The bytes of a number, the lowest first, and the number of such bytes, on every machine.
template <class T>
constexpr void to_bytes(T x, std::byte* to) {
    auto const bits = std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(x);
    for (unsigned i = 0; i < sizeof(T); ++i) to[i] = static_cast<std::byte>((bits >> (8 * i)) & 0xFFu);
}
template <class T>
constexpr T from_bytes(std::byte const* from) {
    using integer = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    integer bits = 0;
    for (unsigned i = 0; i < sizeof(T); ++i) bits |= std::to_integer<integer>(from[i]) << (8 * i);
    return std::bit_cast<T>(bits);
}

}  // namespace detail

// What a slot must have room for.
template <real T, int Count>
inline constexpr int parameter_block_bytes = Count * static_cast<int>(sizeof(T)) + detail::trailer_bytes;

// Count numbers of type T in a flash, of which `layout` says what kind they are. It refers to the flash. Native: the
// machine's order of bytes, which tests set.
template <real T, int Count, parameter_flash Flash, std::endian Native = std::endian::native>
class parameter_store {
    static constexpr int payload = Count * static_cast<int>(sizeof(T));
    using trailer = detail::block_trailer;
    static constexpr int checked = payload + detail::trailer_bytes - 4;  // all but the checksum

  public:
    static_assert(parameter_block_bytes<T, Count> <= Flash::slot_bytes,
                  "parameter_store: a slot of the flash is too small");

    constexpr parameter_store(Flash& flash, std::uint32_t layout) : flash_(&flash), layout_(layout) {}

    status load(std::span<T, std::size_t(Count)> to) const {
        int const slot = newest();
        if (slot < 0) return {"parameter_store: no slot holds a valid block"};
        if constexpr (Native == std::endian::little)
            std::memcpy(to.data(), flash_->data(slot), payload);
        else
            for (int i = 0; i < Count; ++i)
                to[static_cast<std::size_t>(i)] = detail::from_bytes<T>(flash_->data(slot) + i * int(sizeof(T)));
        return {};
    }
    status save(std::span<T const, std::size_t(Count)> from) {
        int const before = newest(), slot = before == 0 ? 1 : 0;
        std::uint32_t const sequence = before < 0 ? 1u : trailer_of(before).sequence + 1u;
        std::uint32_t checksum = 0;
        for_each_piece(from, [&](int, std::byte const* bytes, int count) {
            checksum = crc32(bytes, static_cast<std::size_t>(count), checksum);
            return true;
        });
        std::byte last[detail::trailer_bytes];
        detail::to_bytes(sequence, last);
        detail::to_bytes(layout_, last + 4);
        detail::to_bytes(static_cast<std::uint32_t>(payload), last + 8);
        detail::to_bytes(crc32(last, 12, checksum), last + 12);
        bool const written =
            flash_->erase(slot) &&
            for_each_piece(from, [&](int offset, std::byte const* bytes,
                                     int count) { return flash_->write(slot, offset, bytes, count); }) &&
            flash_->write(slot, payload, last, detail::trailer_bytes);
        bool const holds =
            written && valid(slot) && for_each_piece(from, [&](int offset, std::byte const* bytes, int count) {
                return std::memcmp(flash_->data(slot) + offset, bytes, std::size_t(count)) == 0;
            });
        return {holds ? nullptr : "parameter_store: the flash does not hold what was written"};
    }
    // The slot that `load` reads; -1 without a valid one.
    int newest() const {
        bool const first = valid(0), second = valid(1);
        if (!first || !second) return first ? 0 : second ? 1 : -1;
        // Sequence numbers may wrap around.
        return static_cast<std::int32_t>(trailer_of(1).sequence - trailer_of(0).sequence) > 0 ? 1 : 0;
    }

  private:
    // Calls f(offset, bytes, count) for the numbers as they are stored, in pieces, while it answers true.
    static bool for_each_piece(std::span<T const, std::size_t(Count)> from, auto const& f) {
        if constexpr (Native == std::endian::little) {
            return f(0, reinterpret_cast<std::byte const*>(from.data()), payload);
        } else {
            constexpr int numbers = 64 / int(sizeof(T));
            std::byte piece[64];
            for (int begin = 0; begin < Count; begin += numbers) {
                int const n = Count - begin < numbers ? Count - begin : numbers;
                for (int i = 0; i < n; ++i)
                    detail::to_bytes(from[static_cast<std::size_t>(begin + i)], piece + i * int(sizeof(T)));
                if (!f(begin * int(sizeof(T)), static_cast<std::byte const*>(piece), n * int(sizeof(T)))) return false;
            }
            return true;
        }
    }
    trailer trailer_of(int slot) const {
        std::byte const* const at = flash_->data(slot) + payload;
        return {detail::from_bytes<std::uint32_t>(at), detail::from_bytes<std::uint32_t>(at + 4),
                detail::from_bytes<std::uint32_t>(at + 8), detail::from_bytes<std::uint32_t>(at + 12)};
    }
    bool valid(int slot) const {
        trailer const t = trailer_of(slot);
        return t.layout == layout_ && t.bytes == static_cast<std::uint32_t>(payload) &&
               t.checksum == crc32(flash_->data(slot), checked);
    }

    Flash* flash_;
    std::uint32_t layout_;
};

}  // namespace paramorph::inline PARAMORPH_ABI
