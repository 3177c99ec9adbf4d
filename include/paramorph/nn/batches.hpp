// Calls of a network with a batch that is known at run time, in blocks of rows; of the rest, many rows are one more
// block, filled up, and a few are run one by one. No row may depend on another one, as it does in a softmax along the
// batch or in an attention between its rows: the compiler refuses that (nn/independent_rows.hpp). The network states
// the shape of a row of its input, `using input_shape = pm::shape<8>;`, or of each of several inputs, `using
// input_shapes = pm::shapes<pm::shape<8>, pm::shape<16>>;`. Every input then has as many rows, and so has every result.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "paramorph/nn/independent_rows.hpp"
#include "paramorph/nn/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <int Batch, class Row>
struct batched;
template <int Batch, int... E>
struct batched<Batch, shape<E...>> {
    using type = shape<Batch, E...>;
};

inline constexpr int block_rows = targets::host.rows_of_a_block;

// The inputs of a block of rows.
template <int Rows, class Row, class X>
using rows_of_input = input<typename batched<Rows, Row>::type, typename X::value_type>;

// "[batch, 18]", from "batch" and the extents behind it.
std::string in_brackets(std::string all, auto const& extents, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) all += (all.empty() ? "" : ", ") + std::to_string(extents[k]);
    return "[" + all + "]";
}
std::string and_others(auto const&... name) {
    std::string all;
    ((all += (all.empty() ? "" : " and ") + name), ...);
    return all;
}

// Arrays are taken where they are contiguous and their rows are what the network takes, all with as many rows.
template <class... Row, class... X>
std::size_t rows_of_batch(shapes<Row...>, X const&... x) {
    (require_elements(x), ...);
    auto const fits = []<class Shape>(Shape, auto const& a) {
        bool good = a.dimension() == Shape::rank + 1 && a.layout() == xt::layout_type::row_major;
        for (std::size_t k = 0; good && k < Shape::rank; ++k)
            good = a.shape()[k + 1] == static_cast<std::size_t>(Shape::value.d[k]);
        return good;
    };
    if (!(fits(Row{}, x) && ...))
        throw error("call: expected " + std::string(sizeof...(Row) == 1 ? "a row-major array " : "row-major arrays ") +
                    and_others(in_brackets("batch", Row::value.d, Row::rank)...) + ", found " +
                    and_others((in_brackets("", x.shape(), x.dimension()) +
                                (x.layout() == xt::layout_type::row_major ? "" : " that is not row-major"))...));
    std::size_t const rows[]{static_cast<std::size_t>(x.shape()[0])...};
    for (std::size_t const n : rows)
        if (n != rows[0])
            throw error("call: the inputs of a batch must have the same number of rows: " + std::to_string(rows[0]) +
                        " and " + std::to_string(n) + " are given");
    return rows[0];
}

// An array for a result, `rows` long.
template <class Symbol>
auto make_rows(std::size_t rows) {
    using shape_type = typename Symbol::shape_type;
    std::array<std::size_t, shape_type::rank> extents{};
    for (std::size_t k = 0; k < shape_type::rank; ++k) extents[k] = static_cast<std::size_t>(shape_type::value.d[k]);
    extents[0] = rows;
    return row_major_array<typename Symbol::value_type, shape_type::rank>::from_shape(extents);
}

// A block of rows, of which `rows` are there: the last one again and again behind them.
template <int Row, class T>
std::vector<T> filled_block(T const* from, std::size_t rows) {
    std::vector<T> block(static_cast<std::size_t>(block_rows * Row));
    auto at = std::copy(from, from + rows * Row, block.begin());
    for (; at != block.end(); at += Row) std::copy(at - Row, at, at);
    return block;
}

template <class M, class Way, class... Row, std::size_t N, class... X>
auto call_rows(Way const& way, shapes<Row...> rows_of_network, std::array<void const*, N> const& values,
               X const&... x) {
    using block = program::call_of<M, binding::values, rows_of_input<block_rows, Row, X>...>;
    using one = program::call_of<M, binding::values, rows_of_input<1, Row, X>...>;
    std::size_t const rows = rows_of_batch(rows_of_network, x...), blocks = rows / block_rows,
                      rest = rows - blocks * block_rows, first = rows - rest;
    return [&]<class... Symbol>(std::type_identity<std::tuple<Symbol...>>) {
        std::tuple<decltype(make_rows<Symbol>(rows))...> y{make_rows<Symbol>(rows)...};
        auto const run_rows = [&]<class P>(std::type_identity<P>, std::size_t r, std::byte* w) {
            auto const arguments = arguments_of(values, x.data() + x.data_offset() + r * Row::size...);
            auto const outputs = std::apply(
                [&](auto&... each) {
                    return std::array<void*, sizeof...(Symbol)>{each.data() +
                                                                r * (Symbol::shape_type::size / block_rows)...};
                },
                y);
            return run<P>(arguments.data(), outputs.data(), w);
        };
        throw_if_failed(way.template each<block>(blocks, [&](std::size_t k, std::byte* w) {
            return run_rows(std::type_identity<block>{}, k * block_rows, w);
        }));
        if (rest < std::size_t(targets::host.rows_for_a_block))
            throw_if_failed(way.template each<one>(
                rest, [&](std::size_t k, std::byte* w) { return run_rows(std::type_identity<one>{}, first + k, w); }));
        else {
            std::tuple out{std::vector<typename Symbol::value_type>(std::size_t(Symbol::shape_type::size))...};
            std::apply(
                [&](auto&... to) {
                    void* const outputs[]{to.data()...};
                    run_call<block>(
                        on_this_thread{}, values, outputs,
                        filled_block<Row::size>(x.data() + x.data_offset() + first * Row::size, rest).data()...);
                    std::apply(
                        [&](auto&... each) {
                            (std::copy_n(to.begin(), rest * (to.size() / block_rows),
                                         each.data() + first * (to.size() / block_rows)),
                             ...);
                        },
                        y);
                },
                out);
        }
        if constexpr (results<typename block::result>::several)
            return y;
        else
            return std::get<0>(std::move(y));
    }(std::type_identity<typename results<typename block::result>::type>{});
}

// Does every result have so many rows? Those of a block are as long as that of one.
template <int Rows, class... Symbol>
constexpr bool has_rows(std::type_identity<std::tuple<Symbol...>>) {
    return ((Symbol::rank >= 1 && Symbol::shape_type::value.d[0] == Rows) && ...);
}
template <class... OfBlock, class... OfOne>
constexpr bool are_as_long(std::type_identity<std::tuple<OfBlock...>>, std::type_identity<std::tuple<OfOne...>>) {
    return ((OfBlock::shape_type::size == block_rows * OfOne::shape_type::size) && ...);
}
// The operation that joins rows, or nothing.
template <class Block, int Parameters>
inline constexpr std::string_view rows_are_joined_by =
    row_analysis(compiled<Block>::traced, Parameters, block_rows).joined_by();
template <class... Symbol>
constexpr sentence extents_of_results(std::type_identity<std::tuple<Symbol...>>) {
    return listed(Symbol::shape_type::value...);
}

template <class M, class Way, class... Row, std::size_t N, class... X>
auto call_batch_of(Way const& way, shapes<Row...> rows, std::array<void const*, N> const& values, X const&... x) {
    if constexpr (sizeof...(Row) != sizeof...(X)) {
        using wrong = mistake<sentence(
            "call: ", short_type_name<M>(), " states the shapes of rows of ", counted(sizeof...(Row), " input").view(),
            ", and ", sizeof...(X), sizeof...(X) == 1 ? " is given" : " are given",
            ": write using input_shapes = pm::shapes<pm::shape<8>, ...>;, one for each input")>;
        using said [[maybe_unused]] = wrong::type;
        return refused_results(x...);
    } else if constexpr (!accepts<forward_of_network, M, rows_of_input<block_rows, Row, X>...>())
        return refused_results(x...);
    else {
        using results_type = typename results<forward_result<M, rows_of_input<block_rows, Row, X>...>>::type;
        using of_one_row = typename results<forward_result<M, rows_of_input<1, Row, X>...>>::type;
        if constexpr (has_rows<block_rows>(std::type_identity<results_type>{}) &&
                      has_rows<1>(std::type_identity<of_one_row>{}) &&
                      are_as_long(std::type_identity<results_type>{}, std::type_identity<of_one_row>{})) {
            using block = program::call_of<M, binding::values, rows_of_input<block_rows, Row, X>...>;
            if constexpr (rows_are_joined_by<block, static_cast<int>(N)>.empty())
                return call_rows<M>(way, rows, values, x...);
            else {
                using wrong = mistake<sentence(
                    "call: in a batch known at run time a row may depend on no other one and not on its place, as it ",
                    "does by ", rows_are_joined_by<block, static_cast<int>(N)>, " in ", short_type_name<M>(),
                    ": give an array that has its shape in its type, xt::xtensor_fixed; or, where a sequence is a ",
                    "row, state that: using input_shape = pm::shape<40, 8>;")>;
                using said [[maybe_unused]] = wrong::type;
                return refused_results(x...);
            }
        } else {
            constexpr int tried = has_rows<block_rows>(std::type_identity<results_type>{}) ? 1 : block_rows;
            using made = std::conditional_t<tried == 1, of_one_row, results_type>;
            using wrong = mistake<sentence(
                "call: a network called with a run-time batch must give one row for each row of its input: of ",
                listed(rows_of_input<tried, Row, X>::shape_type::value...).view(), " it makes ",
                extents_of_results(std::type_identity<made>{}).view())>;
            using said [[maybe_unused]] = wrong::type;
            return refused_results(x...);
        }
    }
}

template <class M, class Way, std::size_t N, class... X>
auto call_batch(Way const& way, std::array<void const*, N> const& values, X const&... x) {
    if constexpr (!(dynamic_container<X> && ...)) {
        using wrong =
            mistake<sentence("call: inputs of static shapes and batches known at run time are mixed in one call of ",
                             short_type_name<M>(), ": give all of them as xt::xtensor_fixed, or all as xt::xtensor")>;
        using said [[maybe_unused]] = wrong::type;
        return refused_results(x...);
    } else if constexpr (states_rows<M>)
        return call_batch_of<M>(way, typename stated_rows<M>::type{}, values, x...);
    else {
        if constexpr (sizeof...(X) == 1) {
            using wrong = mistake<sentence(
                "call: for a batch known at run time the network must state the shape of a row: " PARAMORPH_STATE_SHAPE
                "; ",
                short_type_name<M>(), " does not; an xt::xtensor_fixed has its shape in its type")>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            using wrong = mistake<sentence(
                "call: for a batch known at run time the network must state the shapes of rows, as in `using "
                "input_shapes = pm::shapes<pm::shape<8>, pm::shape<4>>;`; ",
                short_type_name<M>(), " does not; an xt::xtensor_fixed has its shape in its type")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return refused_results(x...);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
