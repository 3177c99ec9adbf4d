// What a tensor is made of: containers that exist outside of constant evaluation only, a count of writes, and a
// workspace for one call.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#ifndef PARAMORPH_EMBED
#include <vector>
#endif

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/kernel/run.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// A container that exists only outside constant evaluation.
template <class Container>
struct cell {
    union slot {
        char none;
        Container value;
        constexpr slot() : none{} {}
        constexpr ~slot() {}
    } data;
    bool live = false;

    constexpr cell() {}
    constexpr cell(cell const& o) {
        if (o.live) set(o.data.value);
    }
    constexpr cell& operator=(cell const& o) {
        if (o.live)
            set(o.data.value);
        else
            clear();
        return *this;
    }
    constexpr cell(cell&& o) noexcept { take(o); }
    constexpr cell& operator=(cell&& o) noexcept {
        if (this != &o) {
            clear();
            take(o);
        }
        return *this;
    }
    constexpr ~cell() { clear(); }
    constexpr void take(cell& o) noexcept {
        if (!o.live) return;
        std::construct_at(&data.value, std::move(o.data.value));
        live = true;
    }
    constexpr void set(Container const& c) {
        if (live)
            data.value = c;
        else
            std::construct_at(&data.value, c);
        live = true;
    }
    constexpr void clear() {
        if (live) std::destroy_at(&data.value);
        live = false;
    }
};

// One for a tensor of static shape.
template <class Shape, class T>
struct shaped_cell : cell<container<Shape, T>> {
    void make() { this->set(make_container<Shape, T>()); }
};

// How often a tensor was written; writing it by copying another one counts, too.
class write_count {
  public:
    constexpr write_count() = default;
    constexpr write_count(write_count const&) {}
    constexpr write_count& operator=(write_count const&) {
        ++count_;
        return *this;
    }
    constexpr void note() { ++count_; }
    constexpr std::uint64_t value() const { return count_; }

  private:
    std::uint64_t count_ = 0;
};

// Calls f with a workspace for P: on the stack while it is small, and on targets always.
template <class P, class F>
status with_workspace(F f) {
    constexpr std::int64_t bytes = workspace_bytes_of<P>;
    if constexpr (bytes <= 64 * 1024) {
        alignas(workspace_alignment) std::byte space[bytes > 0 ? bytes : 1];
        return f(space);
    } else {
#ifdef PARAMORPH_EMBED
        static_assert(bytes <= 64 * 1024, "this call needs more than 64 KiB of stack; give the network a workspace");
        return {};
#else
        struct alignas(workspace_alignment) block {
            std::byte bytes[workspace_alignment];
        };
        std::vector<block> space(static_cast<std::size_t>((bytes + workspace_alignment - 1) / workspace_alignment));
        return f(space.front().bytes);
#endif
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
