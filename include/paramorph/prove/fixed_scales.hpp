// quantize<values, box>(): the network in eight bits whose rows have fixed scales, from bounds over a box of inputs.
//
//     constexpr auto pixels = pm::box<pm::shape<64>>::of(0, 1);
//     constexpr auto net = pm::quantize<digits::values, pixels>();     // called like pm::quantize<digits::values>()
//     auto const ranges = pm::row_ranges_of(pm::freeze(trained), pixels);  // at run time, to be written into a header
//     constexpr auto same = pm::quantize<digits::values, ranges>();        // of ranges that are a constant
//
// A fixed scale saves the pass over each row that finds its largest element, and a multiplication for each result. No
// data is needed: a range is what the row of the network in eight bits may reach for any input of the box, its rounding
// included, so for inputs of the box nothing saturates, and errors are at most those that pm::difference proves (of the
// same order as with scales found in each call; of a row that is far below its range they are larger). Inputs outside
// of the box are taken, too; what then lies beyond 127 scales, or -128, saturates there. Steps of recurrent layers find
// their scales in each call.
//
// Errors: those of pm::quantize and pm::bounds; by the compiler: nothing bounds a row; ranges of another network. Cost:
// a walk through the difference of both networks (prove/difference.hpp), by the compiler; at run time, none. Source:
// Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-only inference".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/quantization_error.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Asked of a walk through the difference of a network and the same one in eight bits: how far each row reaches that is
// rounded there.
template <class P, class M>
struct asks_row_ranges {
    int first_tensor;
    constexpr row_ranges<M> operator()(auto& walk) const {
        graph const& g = compiled<P>::simplified;
        row_ranges<M> ranges{};
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            if (n.operation->id != id_of<op::rounding_to_eight_bits>) continue;
            double largest = 0;
            int const count = g.shape_of(n.first).size();
            bool const single = g.shape_of(n.argument[1]).size() != count;
            for (int k = 0; k < count; ++k) {
                auto const b = walk.at(n.argument[0])[k] + walk.at(n.argument[1])[single ? 0 : k];
                largest = b.finite() && !b.nan ? math::max(largest, b.size()) : math::infinity;
            }
            for (int j = i + 1; j < g.size; ++j) {
                int const tensor = multiplied_by(g, g.nodes[j], n.first) - first_tensor;
                if (tensor < 0 || tensor >= counts<M>.tensors) continue;
                auto& range = ranges.of[tensor];
                if (!(double(range) >= largest)) range = static_cast<module_value_type<M>>(largest);
            }
        }
        return ranges;
    }

  private:
    // The leaf that node n multiplies a row by, to which `rounding` was added; or -1.
    static constexpr int multiplied_by(graph const& g, node const& n, int rounding) {
        if (n.operation->id != id_of<op::matmul> && n.operation->id != id_of<op::convolution>) return -1;
        node const &row = g.producer_of(n.argument[0]), &weight = g.producer_of(n.argument[1]);
        bool const has = n.argument[0] == rounding || (row.operation->id == id_of<op::add> &&
                                                       (row.argument[0] == rounding || row.argument[1] == rounding));
        return has && weight.operation->kind == category::leaf ? weight.attribute.v[0] : -1;
    }
};

template <auto const& Values, auto const& Box>
constexpr auto row_ranges_in_steps() {
    using M = typename std::remove_cvref_t<decltype(Values)>::module_type;
    using network = network_of_difference<network_on_target<Values>,
                                          network_on_target<int8_numbers<Values, typename int8_input<Values>::type>>>;
    using proof_of = proof<typename network::type, false, Box>;
    return proof_of::answer(asks_row_ranges<typename proof_of::P, M>{counts<M>.tensors});
}
template <class X>
inline constexpr bool is_box = false;
template <class Shape>
inline constexpr bool is_box<box<Shape>> = true;

}  // namespace detail

// How far the rows reach that weights multiply, for any input of a box.
template <auto const& Values, auto const& Box>
inline constexpr auto proved_row_ranges = detail::row_ranges_in_steps<Values, Box>();

template <auto const& Values, auto const& Box>
    requires(detail::is_box<std::remove_cvref_t<decltype(Box)>>)
consteval auto quantize() {
    if constexpr (detail::can_quantize<Values>())
        return quantize<Values, proved_row_ranges<Values, Box>>();
    else
        return detail::refused_network{};
}

#ifndef PARAMORPH_EMBED
template <class M, class Of>
row_ranges<M> row_ranges_of(materialized<M> const& net, box<Of> const& input) {
    auto const eight_bits = detail::quantized_at_run_time<Of>(net);
    using in = paramorph::input<Of, module_value_type<M>>;
    using P = detail::program_of_difference<materialized<M>, network_int8<M, in>, in>;
    return detail::walk_program<P>(
        detail::asks_row_ranges<P, M>{detail::counts<M>.tensors}, true,
        [&](int k, int i) { return detail::leaf_of_difference(net, *eight_bits, k, i); }, input);
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
