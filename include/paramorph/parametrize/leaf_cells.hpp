// The cells of a tensor's leaves: a tuple that holds one for each original, or for each tensor of its state.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <limits>
#include <tuple>
#ifndef PARAMORPH_EMBED
#include <cstdio>
#endif

#include "paramorph/core/element.hpp"
#include "paramorph/core/error.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/core/sentence.hpp"
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
// Says that a number is not finite, or too large for its type.
template <class T>
[[noreturn, gnu::cold]] void refuse_initial([[maybe_unused]] double x) {
    constexpr char const* beyond =
        text_of<sentence("initial values: a number is beyond the range of ", name_of_element<T>)>.text;
    char const* const said = math::isfinite(x) ? beyond : "initial values: a number is not finite";
#ifdef PARAMORPH_EMBED
    fail(said);
#else
    char digits[32]{};
    std::snprintf(digits, sizeof digits, "%.6g", x);
    fail_with({said, ": ", digits});
#endif
}
// A number that a tensor begins with, as its element type has it; refused where it is none, infinite, or does not fit.
template <class T>
constexpr T fitting(double x) {
    if (!(x >= double(std::numeric_limits<T>::lowest()) && x <= double(std::numeric_limits<T>::max())))
        refuse_initial<T>(x);
    return static_cast<T>(x);
}
// Fills them with what `draw_one(numbers)` gives, element by element.
template <class T>
[[gnu::cold]] void fill_cells(auto& cells, random& numbers, auto&& draw_one) {
    make_cells(cells);
    auto const one = [&](auto& values) {
        for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = fitting<T>(draw_one(numbers));
    };
    detail::unpacked([&](auto&... c) { (one(c.data.value), ...); }, cells);
}
// Notes where their numbers are, from `to` on.
void locate_cells(auto* to, auto&... cells) {
    auto const note = [&](auto&... c) { ((*to++ = c.data.value.data()), ...); };
    (detail::unpacked(note, cells), ...);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
