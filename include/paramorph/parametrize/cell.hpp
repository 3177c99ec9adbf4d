// What a tensor is made of: containers that exist outside of constant evaluation only, what is known of writes to them,
// and a workspace for one call.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#ifndef PARAMORPH_EMBED
#include <atomic>
#include <cstdint>
#include <vector>
#endif

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/kernel/run.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// A container that exists only outside constant evaluation. One that was moved from holds none.
template <class Container>
struct cell {
    using container_type = Container;
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
        if (this == &o) return *this;
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
        o.clear();
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
struct shaped_cell : cell<kept_container<Shape, T>> {
    static constexpr std::size_t size = static_cast<std::size_t>(Shape::size);
    // The elements are yet to be written.
    void make() {
        if (this->live && this->data.value.has_own_shape()) return;
        this->clear();
        std::construct_at(&this->data.value, make_container<Shape, T>());
        this->live = true;
    }
    // Does a live one have its shape?
    bool intact() const { return !this->live || this->data.value.has_own_shape(); }
    void fill(T x) { std::fill_n(this->data.value.data(), Shape::size, x); }
};

// What is known of the writes to a tensor. Each write has a number of its own among all writes to all tensors, so that
// what was computed from a tensor recognises it even where another one took its place; copying and moving are writes.
// Through a reference that was handed out a tensor is written without notice: only its numbers tell.
#ifdef PARAMORPH_EMBED
struct write_history {
    constexpr void note() {}
    constexpr void hand_out() {}
    static constexpr bool handed_out() { return false; }
};
#else
inline constinit std::atomic<std::uint64_t> writes_so_far{0};

class write_history {
  public:
    constexpr write_history() = default;
    constexpr write_history(write_history const&) { note(); }
    constexpr write_history& operator=(write_history const&) {
        note();
        return *this;
    }
    constexpr write_history(write_history&& o) noexcept { take(o); }
    constexpr write_history& operator=(write_history&& o) noexcept {
        take(o);
        return *this;
    }
    constexpr void note() {
        if (!std::is_constant_evaluated())
            last_.store(writes_so_far.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    // A reference through which the tensor can be written is given away, for good.
    constexpr void hand_out() {
        if (!std::is_constant_evaluated()) handed_out_.store(true, std::memory_order_relaxed);
        note();
    }
    // The number of the last write; 0 before the first.
    std::uint64_t last() const { return last_.load(std::memory_order_relaxed); }
    bool handed_out() const { return handed_out_.load(std::memory_order_relaxed); }

  private:
    // Memory moves along, and with it whoever points into it.
    constexpr void take(write_history& o) {
        if (std::is_constant_evaluated()) return;
        if (o.handed_out()) handed_out_.store(true, std::memory_order_relaxed);
        note();
        o.note();
    }
    std::atomic<std::uint64_t> last_{0};
    std::atomic<bool> handed_out_{false};
};
#endif

// Calls f with a workspace for P: on the stack while it is small, and on targets always.
template <class P, class F>
status with_workspace(F f) {
    constexpr std::int64_t bytes = workspace_bytes_of<P>;
    if constexpr (constexpr int most = targets::host.stack_bytes; bytes <= most) {
        alignas(workspace_alignment) std::byte space[bytes > 0 ? bytes : 1];
        return f(space);
    } else {
#ifdef PARAMORPH_EMBED
        {
            using wrong = mistake<sentence("this call needs more than ", most / 1024, " KiB of stack: ", bytes,
                                           " bytes; give the network a workspace")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return {};
#else
        std::vector<workspace_block> space(workspace_blocks(bytes));
        return f(space.front().bytes);
#endif
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
