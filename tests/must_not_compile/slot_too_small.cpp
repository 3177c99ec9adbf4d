// Parameters that do not fit into a slot of the flash.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/parameter_store.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int bytes = 415;  // error: parameter_store: a slot of the flash is too small
#else
constexpr int bytes = pm::parameter_block_bytes<float, 100>;
#endif
struct flash {
    static constexpr int slot_bytes = bytes;
    std::byte const* data(int) const { return nullptr; }
    bool erase(int) { return false; }
    bool write(int, int, std::byte const*, int) { return false; }
};
template class pm::parameter_store<float, 100, flash>;
