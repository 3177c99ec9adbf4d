// Running functions of a network on arrays of samples: on arrays of static shape as a whole, else row by row, in blocks
// of rows as a network's call does (nn/batches.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "paramorph/invert/layers.hpp"
#include "paramorph/nn/call.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Where the values of a network's tensors are while something is computed with them.
template <class M>
struct values_of_network {
    using module_type = M;
    M const* net;
    auto computed() const { return values_of_a_call<M>(*net); }
};
// Of one whose values are computed already, materialized or cached.
template <class Values>
struct values_of_values {
    using module_type = typename Values::module_type;
    Values const* net;
    auto const& computed() const { return *net; }
};

// F: a function of the network and of inputs of the shapes F::inputs, all of element type T; its result goes to `to`.
template <class F, class M, class T, std::size_t N, class... X>
void run_program_of(std::array<void const*, N> const& values, T* to, X const*... x) {
    [&]<class... Shape>(shapes<Shape...>) {
        using P = program::function_of<F, M, binding::values, mode::inference, input<Shape, T>...>;
        void* const outputs[]{to};
        run_call<P>(on_this_thread{}, values, outputs, x...);
    }(typename F::inputs{});
}

// Family::of<M, T, Shape> is F for arrays that the network takes in this shape.
template <class M, class T, class Shape>
struct whole_array {
    using element = T;
    using shape_of_input = Shape;
    static constexpr int samples_in_shape = 1;

    template <class Family, std::size_t N>
    static void run(std::array<void const*, N> const& values, std::size_t, T* to, auto const*... x) {
        run_program_of<typename Family::template of<M, T, Shape>, M>(values, to, x...);
    }
};
template <class M, class T, class Row>
struct rows_of_array {
    using element = T;
    using shape_of_input = typename batched<block_rows, Row>::type;
    static constexpr int samples_in_shape = block_rows;

    template <class Family, std::size_t N>
    static void run(std::array<void const*, N> const& values, std::size_t rows, T* to, auto const*... x) {
        using block = typename Family::template of<M, T, shape_of_input>;
        using one = typename Family::template of<M, T, typename batched<1, Row>::type>;
        constexpr auto results = std::size_t(one::results);
        [&]<class... Shape>(shapes<Shape...>) {
            std::size_t r = 0;
            for (; r + block_rows <= rows; r += block_rows)
                run_program_of<block, M>(values, to + r * results, x + r * std::size_t(Shape::size)...);
            std::size_t const rest = rows - r;
            if (rest >= std::size_t(targets::host.rows_for_a_block)) {
                std::vector<T> out(results * block_rows);
                run_program_of<block, M>(values, out.data(),
                                         filled_block<Shape::size>(x + r * std::size_t(Shape::size), rest).data()...);
                std::copy_n(out.begin(), rest * results, to + r * results);
            } else
                for (; r < rows; ++r)
                    run_program_of<one, M>(values, to + r * results, x + r * std::size_t(Shape::size)...);
        }(typename one::inputs{});
    }
};

// "[1, 2]", the place of an element in an array whose extents behind the first are those of Shape.
template <class Shape>
std::string place_in(std::size_t element) {
    std::string all;
    for (int k = Shape::rank - 1; k >= 0; --k) {
        auto const n = static_cast<std::size_t>(Shape::value.d[k]);
        std::size_t const index = k == 0 ? element : element % n;
        all = (k == 0 ? "" : ", ") + std::to_string(index) + all;
        element /= n;
    }
    return "[" + all + "]";
}

// How many rows a batch has, each of them as one of Shape, whose first extent does not count.
template <class Shape>
std::size_t rows_like(std::string const& who, auto const& y) {
    require_elements(y);
    bool good = y.dimension() == Shape::rank && y.layout() == xt::layout_type::row_major;
    for (std::size_t k = 1; good && k < Shape::rank; ++k)
        good = y.shape()[k] == static_cast<std::size_t>(Shape::value.d[k]);
    if (!good)
        throw error(who + ": expected a row-major array " +
                    in_brackets("batch", Shape::value.d + 1, std::size_t(Shape::rank) - 1) + ", found " +
                    in_brackets("", y.shape(), y.dimension()) +
                    (y.layout() == xt::layout_type::row_major ? "" : " that is not row-major"));
    return y.shape()[0];
}

// Are the elements of an array of the network's type? Says so where not.
template <class M, class T>
constexpr bool is_number_of() {
    constexpr bool same = real<T> && (counts<M>.tensors == 0 || std::is_same_v<T, module_value_type<M>>);
    if constexpr (!same) {
        using wrong = mistake<sentence("the tensors of the network are ", name_of_element<module_value_type<M>>,
                                       ", the elements of the array ", short_type_name<T>(), ": convert it, xt::cast<",
                                       name_of_element<module_value_type<M>>, ">(x)")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return same;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
