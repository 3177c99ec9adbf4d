// Which tensors of a network pm::quantize has in eight bits, where its numbers lie, and the program of a call.
//
// Errors: a call on inputs of another shape than the network states is the compiler's. Cost: none at run time. Source:
// embed/int8.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_convolution.hpp"
#include "paramorph/embed/int8_scan.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Which tensors of a network are quantized, and the graph that says so.
template <class M, class Input, bool Fixed = false>
struct int8_plan {
    using scans = scans_for_int8<program::call_of<M, binding::values, Input>>;
    using call = typename scans::type;
    static constexpr graph simplified = simplify(call::build());
    static constexpr int tensors = counts<M>.tensors;

    struct choice {
        bool quantized[tensors + 1]{};
        bool fixed[tensors + 1]{};  // is the scale of what it multiplies, too
        int words[tensors + 2]{}, scales[tensors + 2]{}, plain[tensors + 2]{};  // where a tensor's numbers begin
        int count = 0;
    };
    // Is a tensor, argument k of a node, only multiplied there? What stands for the node, or null.
    static constexpr descriptor const* in_eight_bits(node const& n, int k, bool fixed) {
        if (k != 1) return nullptr;
        if (n.operation->id == id_of<op::matmul>)
            return !op::matmul::row_product(simplified, n) ? nullptr
                   : fixed                                 ? &describe<op::int8_product_fixed>
                                                           : &describe<op::int8_product>;
        if (n.operation->id != id_of<op::convolution> || !op::int8_convolution::takes(simplified, n)) return nullptr;
        return fixed ? &describe<op::int8_convolution_fixed> : &describe<op::int8_convolution>;
    }
    static constexpr int row_words(extents const& s) { return int8_row_words(s); }
    static constexpr choice chosen = [] {
        choice c;
        for (int k = 0; k < tensors; ++k) {
            int const rank = simplified.shape_of(k).rank;
            c.quantized[k] = rank == 2 || rank == 3;
        }
        bool read[max_values]{}, in_scans[max_values]{};
        for (int i = 0; i < simplified.size; ++i) {
            node const& n = simplified.nodes[i];
            for (int a = 0; a < n.operation->arity; ++a) {
                int const v = n.argument[a];
                if (v >= tensors) continue;
                read[v] = true;
                c.quantized[v] = c.quantized[v] && in_eight_bits(n, a, false) != nullptr;
            }
        }
        for (int k = 0; k < simplified.output_count; ++k)
            if (simplified.outputs[k] < tensors) c.quantized[simplified.outputs[k]] = false;
        scans::restrict_choice(in_scans, c.quantized);
        for (int k = 0; k < tensors; ++k) {
            c.quantized[k] = c.quantized[k] && (read[k] || in_scans[k]);
            c.fixed[k] = Fixed && c.quantized[k] && !in_scans[k];
            extents const& s = simplified.shape_of(k);
            c.words[k + 1] = c.words[k] + (c.quantized[k] ? s.d[0] * row_words(s) : 0);
            c.scales[k + 1] = c.scales[k] + (c.quantized[k] ? s.d[0] + (c.fixed[k] ? 1 : 0) : 0);
            c.plain[k + 1] = c.plain[k] + (c.quantized[k] ? 0 : s.size());
            c.count += c.quantized[k] ? 1 : 0;
        }
        return c;
    }();
    // How many numbers are the scales of tensor k?
    static constexpr int scale_count(int k) { return chosen.scales[k + 1] - chosen.scales[k]; }
    static constexpr int position_of_scales(int tensor) { return tensors + 1 + quantized_before(tensor); }
    static constexpr int quantized_before(int tensor) {
        int n = 0;
        for (int k = 0; k < tensor; ++k) n += chosen.quantized[k] ? 1 : 0;
        return n;
    }
};

}  // namespace detail

namespace program {

// Arguments: the tensors, words of integers where they are quantized; the input; the scales of the quantized ones.
template <class M, class Input, bool Fixed = false>
struct int8_call {
    using plan = detail::int8_plan<M, Input, Fixed>;
    using result = typename plan::call::result;
    using real = typename plan::call::real;
    using of_products = join<typename plan::call::operations, ops<op::int8_product, op::int8_convolution>,
                             std::conditional_t<Fixed, ops<op::int8_product_fixed, op::int8_convolution_fixed>, ops<>>>;
    using operations = join<of_products, typename plan::scans::template operations<plan>>;
    static constexpr bool fuses_row_products = true;

    static constexpr graph build() {
        return detail::int8_graph(
            plan::simplified, plan::tensors + 1, [](int k) { return k < plan::tensors ? plan::scale_count(k) : 0; },
            [](node const& n, int k) {
                return k >= 0 ? plan::in_eight_bits(n, 1, plan::chosen.fixed[k])
                              : plan::scans::template in_eight_bits<plan>(n);
            });
    }
};

}  // namespace program

namespace detail {

// The program of a call on inputs of types Other.
template <class M, class Input, bool Fixed, class... Other>
struct int8_call_at {
    static_assert(
        std::is_same_v<std::tuple<Other...>, std::tuple<Input>>,
        "quantize: a network in eight bits takes one input of the shape that it states (its input_shape), for "
        "which its matrices were chosen; call it for each row, or use pm::frozen for other shapes");
    using type = program::int8_call<M, Input, Fixed>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
