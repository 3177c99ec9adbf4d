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
// Block: the numbers, then 16 bytes: sequence, layout, byte count, and the CRC-32 (IEEE 802.3) of all before it, each
// 32 bits, little-endian. The checksum is written last. `layout` is the user's number for the kind of parameters:
// a block of another layout or size is not valid. Errors, as a status: neither slot is valid (load); the flash does not
// hold what was written (save; the older block is untouched). A CRC-32 misses one torn or changed block in 2^32.
// Memory: none beside the store itself. Cost: a few passes over a slot.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

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

}  // namespace detail

// What a slot must have room for.
template <real T, int Count>
inline constexpr int parameter_block_bytes = Count * static_cast<int>(sizeof(T)) + int(sizeof(detail::block_trailer));

template <real T, int Count, parameter_flash Flash>
class parameter_store {
    static constexpr int payload = Count * static_cast<int>(sizeof(T));
    using trailer = detail::block_trailer;
    static constexpr int checked = payload + static_cast<int>(offsetof(trailer, checksum));

  public:
    static_assert(parameter_block_bytes<T, Count> <= Flash::slot_bytes,
                  "parameter_store: a slot of the flash is too small");

    constexpr parameter_store(Flash& flash, std::uint32_t layout) : flash_(&flash), layout_(layout) {}

    status load(std::span<T, std::size_t(Count)> to) const {
        int const slot = newest();
        if (slot < 0) return {"parameter_store: no slot holds a valid block"};
        std::memcpy(to.data(), flash_->data(slot), payload);
        return {};
    }
    status save(std::span<T const, std::size_t(Count)> from) {
        int const before = newest(), slot = before == 0 ? 1 : 0;
        trailer t{before < 0 ? 1u : trailer_of(before).sequence + 1u, layout_, static_cast<std::uint32_t>(payload), 0};
        auto const* const numbers = reinterpret_cast<std::byte const*>(from.data());
        auto const* const last = reinterpret_cast<std::byte const*>(&t);
        t.checksum = crc32(last, offsetof(trailer, checksum), crc32(numbers, payload));
        bool const written = flash_->erase(slot) && flash_->write(slot, 0, numbers, payload) &&
                             flash_->write(slot, payload, last, sizeof(trailer));
        if (!written || !valid(slot) || std::memcmp(flash_->data(slot), numbers, payload) != 0)
            return {"parameter_store: the flash does not hold what was written"};
        return {};
    }
    // The slot that `load` reads; -1 without a valid one.
    int newest() const {
        bool const first = valid(0), second = valid(1);
        if (!first || !second) return first ? 0 : second ? 1 : -1;
        // Sequence numbers may wrap around.
        return static_cast<std::int32_t>(trailer_of(1).sequence - trailer_of(0).sequence) > 0 ? 1 : 0;
    }

  private:
    trailer trailer_of(int slot) const {
        trailer t;
        std::memcpy(&t, flash_->data(slot) + payload, sizeof(trailer));
        return t;
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
