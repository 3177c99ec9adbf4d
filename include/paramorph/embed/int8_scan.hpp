// Scans of a network in eight bits: by frames (nn/scan_by_frames.hpp), with products of integers in each step. The
// frame and the state are rounded in each step. Cost: that of the scan, with products of integers; one pass over the
// frame and the state in each step to round them. Source: embed/int8_product.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_graph.hpp"
#include "paramorph/nn/scan_by_frames.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace program {

// A step of which Plan says which tensors are quantized: their leaves are words, and their scales are further
// arguments.
template <class Plan, class P, int Node>
struct int8_frame_of_scan : frame_of_scan<P, Node> {
    using plain = frame_of_scan<P, Node>;
    using scan = typename plain::scan;
    using operations = join<typename plain::operations, ops<op::int8_product>>;
    static constexpr graph from = simplify(plain::build());
    static constexpr int leaves = 2 + scan::given.count;

    // The tensor that leaf k of the step is, where it is a quantized one; else -1.
    static constexpr int quantized(int k) {
        if (k < 2) return -1;
        int const v = scan::given.of[k - 2];
        return scan::is_leaf(v) && Plan::chosen.quantized[scan::leaf_of(v)] ? scan::leaf_of(v) : -1;
    }
    static constexpr int more = [] {
        int n = 0;
        for (int k = 0; k < leaves; ++k) n += quantized(k) >= 0 ? 1 : 0;
        return n;
    }();
    static constexpr int more_at(int i) {
        int k = 0;
        while (quantized(k) < 0 || i-- > 0) ++k;
        return Plan::position_of_scales(quantized(k));
    }
    static constexpr graph build() {
        return detail::int8_graph(
            from, leaves, [](int k) { return quantized(k) >= 0 ? from.shape_of(k).d[0] : 0; },
            [](node const&, int k) { return k >= 0 ? &describe<op::int8_product> : nullptr; });
    }
};

}  // namespace program

namespace detail {

// Of a program: its scans, which are by frames whatever the machine is.
template <class P>
struct scans_for_int8 {
    using type = P;
    static constexpr void restrict_choice(bool*, bool*) {}
    template <class Plan>
    static constexpr descriptor const* in_eight_bits(node const&) {
        return nullptr;
    }
    template <class Plan>
    using operations = ops<>;
};
template <class P>
    requires(has_scan(typename P::operations{}))
struct scans_for_int8<P> {
    using type = program::scans_by_frames<P>;
    using each = std::make_index_sequence<std::size_t(type::scan_count)>;
    template <class Plan, int Node>
    using in_integers = op::scan_by_frames<P, Node, program::int8_frame_of_scan<Plan, P, Node>>;
    template <class Plan, class K>
    struct all;
    template <class Plan, std::size_t... K>
    struct all<Plan, std::index_sequence<K...>> {
        using operations = ops<in_integers<Plan, type::scan_at(int(K))>...>;
    };
    template <class Plan>
    using operations = typename all<Plan, each>::operations;

    // Of the tensors: which scans read, and which may be quantized.
    static constexpr void restrict_choice(bool* read, bool* quantized) {
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            (restrict_by<type::scan_at(int(K))>(read, quantized), ...);
        }(each{});
    }
    template <class Plan>
    static constexpr descriptor const* in_eight_bits(node const& n) {
        descriptor const* found = nullptr;
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            ((n.operation->id == id_of<op::scan_by_frames<P, type::scan_at(int(K))>>
                  ? void(found = &describe<in_integers<Plan, type::scan_at(int(K))>>)
                  : void()),
             ...);
        }(each{});
        return found;
    }

  private:
    template <int Node>
    static constexpr void restrict_by(bool* read, bool* quantized) {
        using of = scan_in_program<P, Node>;
        if (!of::replaced) return;
        graph const frame = simplify(program::frame_of_scan<P, Node>::build());
        for (int k = 0; k < of::given.count; ++k) {
            int const v = of::given.of[k];
            if (!of::is_leaf(v)) continue;
            int const tensor = of::leaf_of(v);
            read[tensor] = true;
            for (int i = 0; i < frame.size; ++i) {
                node const& n = frame.nodes[i];
                for (int a = 0; a < n.operation->arity; ++a)
                    if (n.argument[a] == 2 + k)
                        quantized[tensor] = quantized[tensor] && a == 1 && n.operation->id == id_of<op::matmul> &&
                                            op::matmul::row_product(frame, n);
            }
        }
    }
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
