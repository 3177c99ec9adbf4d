// A pointer to the network that an optimizer, a step or a cached network belongs to. What was moved from points to
// none, and refuses by a sentence to be used.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

#include "paramorph/core/error.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

[[noreturn]] inline void fail_as_moved_from() {
    fail(
        "an object that was moved from was used (an optimizer, a step, its gradient, a function, a cached or a frozen "
        "network): use the one that it was moved to");
}

template <class M>
class network_pointer {
  public:
    explicit network_pointer(M& m) : to_(&m) {}
    network_pointer(network_pointer const&) = default;
    network_pointer& operator=(network_pointer const&) = default;
    network_pointer(network_pointer&& o) noexcept : to_(std::exchange(o.to_, nullptr)) {}
    network_pointer& operator=(network_pointer&& o) noexcept {
        M* const to = std::exchange(o.to_, nullptr);
        to_ = this == &o ? nullptr : to;  // vectors beside it, moved to themselves, are empty
        return *this;
    }
    M& operator*() const {
        if (to_ == nullptr) fail_as_moved_from();
        return *to_;
    }

  private:
    M* to_;
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
