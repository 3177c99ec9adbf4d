// embedding<Count, Dim, ...>: rows of a table, at indices known at run time: y[i] = weight[x[i]]; weight [Count, Dim].
//
//     pm::nn::embedding<100, 16> words;                              // pm::make<...>(pm::seed{0})
//     auto y = words(xt::xtensor_fixed<std::int32_t, xt::xshape<7>>{3, 1, 4, 1, 5, 99, 2});   // [7, 16]
//
// Shapes: std::int32_t [i...] -> [i..., Dim], one to three axes. In a network it is the first layer, since indices come
// as they are; int64 and float are refused, convert them: xt::cast<std::int32_t>(x). Options: pm::padding_idx<k>, a row
// that begins as zeros and gets no gradient (its numbers are otherwise as any row's; -1 is the last one), and
// pm::element_type<double>. Initial values: normal, with deviation 1.
// Errors: an index outside [0, Count) is pm::error, on targets a status; no row is read there. Indices that are not
// int32 are the compiler's. Gradient: that of a row is the sum over the places where it was taken, the others' is zero
// (optimizers with momentum move rows that are not taken, too, as with PyTorch's dense gradients). Cost: one copy.
//
// Example: examples/transformer.cpp. Source: torch.nn.Embedding.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/take.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of embedding.
template <int Row>
struct padding_idx {};

namespace detail {

template <class Option>
inline constexpr bool is_padding = false;
template <int Row>
inline constexpr bool is_padding<padding_idx<Row>> = true;

// The row that the option names, counted from 0, or -1.
template <int Count, class... Options>
struct padding_among {
    static constexpr bool is_a_row() { return true; }
    static constexpr int row = -1;
};
template <int Count, int Row, class... Rest>
struct padding_among<Count, padding_idx<Row>, Rest...> {
    static constexpr bool is_a_row() {
        if constexpr (Row >= Count || Row < -Count) {
            using wrong = mistake<sentence("embedding: pm::padding_idx names no row of the table: row ", Row, " of ",
                                           Count, " rows, which count from 0, or from -1 downwards")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static constexpr int row = Row < 0 ? Row + Count : Row;
};
template <int Count, class Other, class... Rest>
struct padding_among<Count, Other, Rest...> : padding_among<Count, Rest...> {};

template <class Tensor>
struct table_member {
    BOOST_HANA_DEFINE_STRUCT(table_member, (Tensor, weight));
};

}  // namespace detail

namespace nn {

template <int Count, int Dim = 0, class... Options>
struct embedding : detail::table_member<tensor<shape<detail::at_least_one(Count), detail::at_least_one(Dim)>, chain<>,
                                               typename detail::layer_options<Options...>::value_type>> {
    static_assert(
        detail::are_positive<"embedding: the number of rows and their width must be positive: embedding<rows, width>",
                             Count, Dim>());
    static_assert(detail::holds<(((detail::is_padding<Options> || detail::is_element_type<Options>) && ...)),
                                "embedding: an option must be pm::padding_idx<row> or pm::element_type<T>; "
                                "pm::parametrize<layer, pm::weight<stages...>> parametrizes the table">());
    static_assert(detail::given_once<"embedding", Options...>());
    static_assert(detail::padding_among<Count, Options...>::is_a_row());
    static constexpr int padding = detail::padding_among<Count, Options...>::row;

    PARAMORPH_BEGINS_FROM_SEED(embedding)

    // Of what is empty.
    void initialize(random& numbers) {
        if (!this->weight.empty()) return;
        int drawn = 0;
        this->weight.initialize_by(numbers, [&](random& r) {
            double const radius = math::sqrt(-2 * math::log(1 - r.uniform(0, 1))),
                         angle = r.uniform(0, 6.283185307179586);
            return drawn++ / Dim == padding ? 0 : radius * math::cos(angle);
        });
    }

    constexpr auto forward(traced auto x) const {
        using element = typename decltype(x)::value_type;
        constexpr extents s = extents_of<decltype(x)>;
        if constexpr (!std::is_same_v<element, std::int32_t>) {
            using wrong = detail::mistake<detail::sentence(
                "embedding: indices must be std::int32_t, they are ", name_of_element<element>, " ", s,
                ": give the rows' numbers as xt::xtensor_fixed<std::int32_t, ...>; convert others by "
                "xt::cast<std::int32_t>(x)")>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else if constexpr (s.rank < 1 || s.rank >= max_rank) {
            using wrong = detail::mistake<detail::sentence(
                "embedding: the indices must have one to three axes, and the result one more: they are ", s)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(this->weight);
        } else
            return take<padding>(this->weight, x);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
