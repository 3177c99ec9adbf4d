// The cells of a tensor's leaves: a tuple that holds one for each original, or for each tensor of its state.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <tuple>

#include "paramorph/core/random.hpp"
#include "paramorph/core/unpacked.hpp"
#include "paramorph/parametrize/cell.hpp"
#include "paramorph/parametrize/stage.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// A cell for each tensor.
template <class List, class T>
struct cells_of;
template <class... Symbol, class T>
struct cells_of<std::tuple<Symbol...>, T> {
    using type = std::tuple<shaped_cell<typename Symbol::shape_type, T>...>;
};
template <class... State, class T>
struct cells_of<states<State...>, T> {
    using type = std::tuple<shaped_cell<typename State::shape_type, T>...>;
};

// Containers for all of them, which are yet to be written.
void make_cells(auto& cells) {
    detail::unpacked([](auto&... c) { (c.make(), ...); }, cells);
}
// Does each have its shape, where it holds a container?
bool all_intact(auto const& cells) {
    return detail::unpacked([](auto const&... c) { return (c.intact() && ...); }, cells);
}
// Fills them with what `draw_one(numbers)` gives, element by element.
template <class T>
[[gnu::cold]] void fill_cells(auto& cells, random& numbers, auto&& draw_one) {
    make_cells(cells);
    auto const one = [&](auto& values) {
        for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<T>(draw_one(numbers));
    };
    detail::unpacked([&](auto&... c) { (one(c.data.value), ...); }, cells);
}
// Notes where their numbers are, from `to` on.
void locate_cells(auto* to, auto&... cells) {
    auto const note = [&](auto&... c) { ((*to++ = c.data.value.data()), ...); };
    (detail::unpacked(note, cells), ...);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
