// Scans where memory is small (`target::scans_by_frames`): the products of the inputs with their weight, which a
// recurrent layer forms for all steps before the scan, become part of the step, so that none has memory, and they are
// completed with those of the state by one loop (graph/row_products.hpp); the parameters are read where they lie, and
// are not put into one row; a state that is a number begins in the memory of states.
//
// A pass over a program: `scans_by_frames<P>` is P with its scans replaced. Memory: two states, or one where the
// results of all steps, which hold the states, are kept; what a step needs. The numbers are those of the scan, to
// rounding. Cost: the scan's operations; the products of the inputs are one matrix by vector a step in place of one
// product of matrices. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/scan_parts.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace program {

// A step on a frame. Arguments: the state, the frame, the weight and the bias of its products where there are any, the
// parameters of the scan. Outputs: the next state, and the step's result where it is wanted and another one.
template <class P, int Node>
struct frame_of_scan {
    using scan = detail::scan_in_program<P, Node>;
    using real = typename scan::step::real;
    using operations = join<typename scan::step::operations, ops<op::matmul, op::add, op::reshape, op::transpose>>;
    static constexpr bool fuses_row_products = true;
    static constexpr bool gives_result = scan::parts.wants_all && !scan::has_one_result;
    // Leaves of P that are further arguments, behind those (embed/int8_scan.hpp).
    static constexpr int more = 0;
    static constexpr int more_at(int) { return -1; }

    static constexpr graph build() {
        graph const from = scan::step::build();
        detail::copier copy(from);
        graph& g = copy.to;
        int position = 0;
        auto const leaf = [&](extents const& s) {
            int const v = push_with<op::leaf>(g, attributes{{position++}});
            g.values[v] = value{s, g.real, g.values[v].producer};
            return v;
        };
        copy.moved[0] = static_cast<std::int16_t>(leaf(from.shape_of(0)));
        int const frame = leaf(scan::has_product ? extents{2, {1, scan::frame_size}} : from.shape_of(1)),
                  weight = scan::has_product ? leaf(scan::g.shape_of(scan::parts.weight)) : -1,
                  bias = scan::parts.bias >= 0 ? leaf({1, {scan::step::input_size}}) : -1;
        for (int k = 0; k < scan::step::parameters; ++k) {
            bool const transposed = scan::parts.transposed[k];
            int v = leaf(transposed ? scan::g.shape_of(scan::parts.parameter[k]) : from.shape_of(2 + k));
            if (transposed) {
                v = push_with<op::transpose>(g, op::transpose::last_two(2), v);
                if (g.shape_of(v) != from.shape_of(2 + k))
                    v = push_with<op::reshape>(g, op::attributes_of(from.shape_of(2 + k)), v);
            }
            copy.moved[2 + k] = static_cast<std::int16_t>(v);
        }
        int input = frame;
        if (weight >= 0) {
            input = push_with<op::matmul>(g, attributes{{0, 1}}, frame, weight);
            input = push_with<op::reshape>(g, op::attributes_of(from.shape_of(1)), input);
            if (bias >= 0) input = push<op::add>(g, input, bias);
        }
        copy.moved[1] = static_cast<std::int16_t>(input);
        for (int i = 2 + scan::step::parameters; i < from.size; ++i) {
            node const& n = from.nodes[i];
            int const first = g.push(copy.remapped(n));
            for (int r = 0; r < n.operation->results; ++r)
                copy.moved[n.first + r] = static_cast<std::int16_t>(first + r);
        }
        g.output(copy.moved[from.outputs[0]]);
        if (gives_result) g.output(copy.moved[from.outputs[1]]);
        return g;
    }
};

}  // namespace program

namespace op {

// Arguments: those of scan_in_program. Results: the last state, the results of all steps; of both only what is read.
template <class P, int Node, class Frame = program::frame_of_scan<P, Node>>
struct scan_by_frames
    : dense<scan_by_frames<P, Node, Frame>, paramorph::detail::scan_in_program<P, Node>::args.count, 2> {
    static constexpr std::string_view name = "scan by frames";
    static constexpr int optional_results = 0b11;
    static constexpr bool reads_leaves = true;
    using in_program = paramorph::detail::scan_in_program<P, Node>;
    using frame = Frame;
    using step = typename in_program::step;
    using real = typename step::real;
    // States that have memory of their own: where results are the states, only the first one, and that only if it is a
    // number.
    static constexpr bool states_are_results = in_program::has_one_result && in_program::parts.wants_all;
    static constexpr int states = states_are_results ? (in_program::parts.begins_with_number ? 1 : 0)
                                                     : 2 - (in_program::parts.wants_last ? 1 : 0);
    static constexpr std::int64_t state_bytes = states * std::int64_t(step::state_size) * sizeof(real);

    static constexpr extents shape(extents const (&)[max_arguments], attributes, int result) {
        return in_program::g.shape_of(in_program::call.first + result);
    }
    static constexpr double flops(auto const&, node const&) {
        return in_program::parts.steps * paramorph::detail::flops_of(compiled<frame>::simplified);
    }
    static constexpr std::int64_t workspace(target const& machine) {
        return paramorph::detail::workspace_on<frame>(machine) + state_bytes;
    }
    // It is made for kernels: an interpreter evaluates the scan itself.
    template <class M, class T>
    static constexpr bool compute(operands<T> const&) noexcept {
        return false;
    }
};

}  // namespace op

namespace kernel {

template <class P, int Node, class Frame>
struct dense_kernel<op::scan_by_frames<P, Node, Frame>> {
    using operation = op::scan_by_frames<P, Node, Frame>;
    using scan = typename operation::in_program;
    using step = typename operation::step;
    using frame = typename operation::frame;
    using T = typename operation::real;
    static constexpr int size = step::state_size, steps = scan::parts.steps;

    template <class, class V>
    static status run(leaf_operands<T> const& x) noexcept {
        auto* const own = reinterpret_cast<std::byte*>(x.panels);
        auto* const states = reinterpret_cast<T*>(own + paramorph::detail::aligned_bytes(workspace_bytes_of<frame>));
        void const* arguments[2 + scan::given.count + frame::more];
        unrolled<scan::given.count>([&](auto k) {
            constexpr int v = scan::given.of[k];
            if constexpr (scan::is_leaf(v))
                arguments[2 + k] = x.leaves[scan::leaf_of(v)];
            else
                arguments[2 + k] = x.argument[scan::args.find(v)];
        });
        unrolled<frame::more>([&](auto k) {
            constexpr int at = frame::more_at(k);
            arguments[2 + scan::given.count + k] = x.leaves[at];
        });
        // State t is in the one of two places, or in the other; the last one in the first, the result.
        T* const place[2]{operation::states_are_results || !scan::parts.wants_last ? states : x.result[0],
                          states + (scan::parts.wants_last ? 0 : size)};
        T* const begin = operation::states_are_results ? states : place[steps % 2];
        T const* state = begin;
        if constexpr (scan::parts.begins_with_number)
            for (int i = 0; i < size; ++i) begin[i] = T(scan::parts.number);
        else
            state = x.argument[1];
        T const* input = x.argument[0];
        T* y = x.result[1];
        for (int t = 1; t <= steps;
             ++t, input += scan::frame_size, y += scan::parts.wants_all ? step::output_size : 0) {
            arguments[0] = state;
            arguments[1] = input;
            T* const next = operation::states_are_results ? y : place[(steps - t) % 2];
            void* const outputs[]{next, y};
            if (status const ended = paramorph::run<frame, V>(arguments, outputs, own); !ended) return ended;
            state = next;
        }
        if constexpr (operation::states_are_results && scan::parts.wants_last)
            paramorph::detail::copy_elements(state, x.result[0], size);
        return {};
    }
};

}  // namespace kernel

namespace program {

template <class P>
struct scans_by_frames : P {
    using with_scans = P;
    static constexpr graph const& from = detail::simplified_program<P>;
    static constexpr int scan_count = [] {
        int n = 0;
        for (int i = 0; i < from.size; ++i) n += from.nodes[i].operation->family == operation_family::scan;
        return n;
    }();
    // The node of scan k.
    static constexpr int scan_at(int k) {
        for (int i = 0;; ++i)
            if (from.nodes[i].operation->family == operation_family::scan && k-- == 0) return i;
    }
    template <class K>
    struct each;
    template <std::size_t... K>
    struct each<std::index_sequence<K...>> {
        using operations = join<typename P::operations, ops<op::scan_by_frames<P, scan_at(int(K))>...>>;
        // The operation in place of node i, or -1.
        static constexpr int push(detail::copier& copy, int i) {
            int first = -1;
            ((i == scan_at(int(K)) ? void(first = push_scan<scan_at(int(K))>(copy)) : void()), ...);
            return first;
        }
    };
    using all = each<std::make_index_sequence<std::size_t(scan_count)>>;
    using operations = typename all::operations;

    template <int Node>
    static constexpr int push_scan(detail::copier& copy) {
        using scan = detail::scan_in_program<P, Node>;
        if (!scan::replaced) return -1;
        node n{&describe<op::scan_by_frames<P, Node>>, {}, {}, 0, nullptr, 0};
        for (int k = 0; k < scan::args.count && k < max_arguments; ++k) n.argument[k] = copy.moved[scan::args.of[k]];
        return copy.to.push(n);
    }
    static constexpr graph build() {
        detail::copier copy(from);
        for (int i = 0; i < from.size; ++i) {
            node const& n = from.nodes[i];
            int first = all::push(copy, i);
            int const results = first >= 0 ? 2 : n.operation->results;
            if (first < 0) first = copy.to.push(copy.remapped(n));
            if (n.operation->kind == category::leaf)
                copy.to.values[first] =
                    value{from.shape_of(n.first), from.values[n.first].type, copy.to.values[first].producer};
            for (int r = 0; r < results; ++r) copy.moved[n.first + r] = static_cast<std::int16_t>(first + r);
        }
        copy.finish();
        return copy.to;
    }
};

}  // namespace program

namespace detail {

// P, its scans by frames where the machine has them so.
template <class P>
struct program_on_machine {
    using type = P;
};
template <class P>
    requires(kernel::target_of<simd::best<typename P::real>>.scans_by_frames && has_scan(typename P::operations{}))
struct program_on_machine<P> {
    using type = program::scans_by_frames<P>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
