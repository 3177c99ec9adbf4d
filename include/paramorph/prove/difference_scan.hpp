// The difference of two scans, of recurrent layers as of pm::scan, for the pass that makes one graph of two programs
// (prove/difference_pass.hpp): a scan whose step is the difference of both steps (prove/difference_step.hpp). Errors go
// from step to step as intervals, each step refined in itself (prove/range_scan.hpp). Eight bits run a scan by frames
// (embed/int8_scan.hpp); then both sides are taken by frames.
//
// Two scans stand beside one another whose states, frames, results and parameters have the same sizes, and whose
// arguments are paired. Any other one of eight bits has no rule.
//
// Cost: that of the walk through the graph of a step, for each step. Source: prove/difference_rules.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/difference_step.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Can operations A and B stand beside one another?
template <class A, class B>
constexpr bool scans_are_alike() {
    using a = side_of_scan<A>;
    using b = side_of_scan<B>;
    if constexpr (a::exists && b::exists)
        return a::by_frames == b::by_frames && a::state_size == b::state_size && a::input_size == b::input_size &&
               a::output_size == b::output_size && a::parameters == b::parameters;
    else
        return false;
}

// What the pass does with the scans of two programs, whose operations these are.
template <class OfA, class OfB>
struct scans_of_two;
template <class... A, class... B>
struct scans_of_two<ops<A...>, ops<B...>> {
    // Puts a's scan n in the graph, where it is one by frames.
    static constexpr bool copy(auto& pass, node const& n) { return (copy_as<A>(pass, n) || ...); }
    // The same of b's scan n, and its error; one by frames without a partner is unmatched.
    static constexpr bool follow(auto& pass, node const& n) { return (follow_as<B>(pass, n) || ...); }

    template <class Op>
    struct alone {
        using type = ops<>;
    };
    template <class P, int Node, class Frame>
    struct alone<op::scan_by_frames<P, Node, Frame>> {
        using type = ops<op::scan_in_proof<program::step_alone<side_of_scan<op::scan_by_frames<P, Node, Frame>>>>>;
    };
    template <class X, class Y>
    static constexpr auto beside() {
        if constexpr (scans_are_alike<X, Y>())
            return ops<op::scan_in_proof<program::difference_of_steps<side_of_scan<X>, side_of_scan<Y>>>>{};
        else
            return ops<>{};
    }
    template <class X>
    using beside_all = join<ops<>, decltype(beside<X, B>())...>;
    using operations = join<ops<op::reshape, op::unpacked, op::packed<2>, op::concatenate<2>, op::slice, op::unmatched>,
                            typename alone<A>::type..., beside_all<A>...>;

  private:
    static constexpr int flat(graph& g, int v) {
        return push_with<op::reshape>(g, attributes{{g.shape_of(v).size(), -1, -1, -1}}, v);
    }
    static constexpr int as(graph& g, int v, extents const& s) {
        return push_with<op::reshape>(g, op::attributes_of(s), v);
    }
    // Values in one row.
    static constexpr int row(graph& g, int const* v, int count) {
        if (count == 0) return as(g, append_constant(g, 0), {1, {1}});
        if (count == 1) return flat(g, *v);
        int const half = count / 2, first = row(g, v, half);
        return push<op::packed<2>>(g, first, row(g, v + half, count - half));
    }
    // Of a node that is Op: the value of its program that argument k is, 0 the state and 1 the frames; -1: a number.
    template <class Op>
    static constexpr int argument_of(node const& n, int k) {
        using side = side_of_scan<Op>;
        if constexpr (!side::by_frames)
            return n.argument[k];
        else
            return k == 1 ? n.argument[0] : side::scan::parts.begins_with_number ? -1 : n.argument[1];
    }
    template <class Op>
    static constexpr int begin(graph& g) {
        using side = side_of_scan<Op>;
        int number = -1;
        if constexpr (side::by_frames) number = append_constant(g, side::scan::parts.number);
        return push_with<op::broadcast_to>(g, attributes{{side::state_size, -1, -1, -1}}, number);
    }
    // Its parameters, as values of the new graph: of(v), of a value v of the program.
    template <class Op>
    static constexpr int parameters_of(graph& g, graph const& from, node const& n, auto const& of) {
        using side = side_of_scan<Op>;
        if constexpr (side::parameters == 0)
            return row(g, nullptr, 0);
        else if constexpr (!side::by_frames)
            return flat(g, of(n.argument[2]));
        else {
            using scan = typename side::scan;
            int all[side::parameters]{};
            for (int k = 0; k < side::parameters; ++k) {
                int const v = scan::given.of[k];
                if (!scan::is_leaf(v)) {
                    all[k] = of(n.argument[scan::args.find(v)]);
                    continue;
                }
                for (int i = 0; i < from.size; ++i)
                    if (from.nodes[i].operation->kind == category::leaf &&
                        from.nodes[i].attribute.v[0] == scan::leaf_of(v))
                        all[k] = of(from.nodes[i].first);
            }
            return row(g, all, side::parameters);
        }
    }

    template <class Op>
    static constexpr bool copy_as(auto& pass, node const& n) {
        using side = side_of_scan<Op>;
        if constexpr (!side::exists)
            return false;
        else if constexpr (!side::by_frames)
            return false;
        else {
            if (n.operation->id != id_of<Op>) return false;
            graph& g = pass.to;
            auto const of = [&](int v) { return pass.of_a_.data[v]; };
            int const first = argument_of<Op>(n, 0), frames = of(argument_of<Op>(n, 1)),
                      state = first < 0 ? begin<Op>(g) : flat(g, of(first)),
                      steps = g.shape_of(frames).size() / side::input_size,
                      of_steps = as(g, frames, {2, {steps, side::input_size}}),
                      parameters = parameters_of<Op>(g, pass.a, n, of),
                      scan = push<op::scan_in_proof<program::step_alone<side>>>(g, state, of_steps, parameters);
            for (int r = 0; r < 2; ++r) {
                pass.of_a_.data[n.first + r] = as(g, scan + r, pass.a.shape_of(n.first + r));
                pass.moved_a_.data[n.first + r] =
                    pass.moved_a_.data[argument_of<Op>(n, 1)] || (first >= 0 && pass.moved_a_.data[first]);
            }
            return true;
        }
    }
    template <class Op>
    static constexpr bool follow_as(auto& pass, node const& n) {
        using side = side_of_scan<Op>;
        if constexpr (!side::exists)
            return false;
        else {
            if (n.operation->id != id_of<Op>) return false;
            for (int i = 0; i < pass.a.size; ++i)
                if (!pass.paired_.data[i] && (pair<A, Op>(pass, pass.a.nodes[i], i, n) || ...)) return true;
            if constexpr (side::by_frames)
                for (int r = 0; r < 2; ++r) {
                    pass.moved_b_.data[n.first + r] = true;
                    pass.own_.data[n.first + r] =
                        push_with<op::unmatched>(pass.to, op::attributes_of(pass.b.shape_of(n.first + r)),
                                                 pass.value_of_b(argument_of<Op>(n, 1)));
                }
            return side::by_frames;
        }
    }
    // Is node i of a, m, an operation X that node n of b, a Y, stands beside?
    template <class X, class Y>
    static constexpr bool pair(auto& pass, node const& m, int i, node const& n) {
        if constexpr (!scans_are_alike<X, Y>())
            return false;
        else {
            using of_a = side_of_scan<X>;
            if (m.operation->id != id_of<X> || pass.a.shape_of(m.first + 1) != pass.b.shape_of(n.first + 1))
                return false;
            if (!of_a::by_frames && is_read(pass.b, n.first + 2)) return false;
            int x[2]{}, e[2]{};
            bool moves = false;
            for (int k = 0; k < 2; ++k) {
                int const v = argument_of<X>(m, k), w = argument_of<Y>(n, k);
                if ((v < 0) != (w < 0)) return false;
                if (v < 0) continue;
                if (pass.moved_a_.data[v] != pass.moved_b_.data[w]) return false;
                if (pass.moved_a_.data[v] && pass.partner_.data[w] != v) return false;
                moves = moves || pass.moved_a_.data[v];
            }
            if (!moves) return false;
            graph& g = pass.to;
            for (int k = 0; k < 2; ++k) {
                int const v = argument_of<X>(m, k), w = argument_of<Y>(n, k);
                if (v < 0) {
                    x[k] = begin<X>(g);
                    e[k] = push<op::subtract>(g, begin<Y>(g), x[k]);
                    continue;
                }
                x[k] = pass.of_a_.data[v];
                int const error = pass.moved_b_.data[w]        ? pass.error_.data[w]
                                  : x[k] == pass.value_of_b(w) ? -1
                                                               : push<op::subtract>(g, pass.value_of_b(w), x[k]);
                e[k] = pass.of_shape(error < 0 ? pass.zero() : error, g.shape_of(x[k]));
            }
            int const steps = g.shape_of(x[1]).size() / of_a::input_size;
            extents const of_steps{2, {steps, of_a::input_size}};
            int const rows[]{parameters_of<X>(g, pass.a, m, [&](int v) { return pass.of_a_.data[v]; }),
                             parameters_of<Y>(g, pass.b, n, [&](int v) { return pass.value_of_b(v); })};
            int const state = push<op::packed<2>>(g, flat(g, x[0]), flat(g, e[0])),
                      frames = push_with<op::concatenate<2>>(g, attributes{{1}}, as(g, x[1], of_steps),
                                                             as(g, e[1], of_steps)),
                      parameters = of_a::parameters == 0 ? rows[0] : push<op::packed<2>>(g, rows[0], rows[1]);
            using step = program::difference_of_steps<of_a, side_of_scan<Y>>;
            int const scan = push<op::scan_in_proof<step>>(g, state, frames, parameters);
            attributes const last{{of_a::state_size, of_a::state_size}},
                all{{1, of_a::output_size, 2 * of_a::output_size}};
            int const errors[]{push_with<op::unpacked>(g, last, scan), push_with<op::slice>(g, all, scan + 1)};
            pass.paired_.data[i] = true;
            for (int r = 0; r < 2; ++r) {
                int const v = n.first + r;
                pass.moved_b_.data[v] = true;
                pass.partner_.data[v] = m.first + r;
                pass.error_.data[v] = as(g, errors[r], pass.b.shape_of(v));
            }
            return true;
        }
    }
    static constexpr bool is_read(graph const& g, int v) {
        for (int i = 0; i < g.size; ++i)
            for (int k = 0; k < range_places::arity_of(g.nodes[i]); ++k)
                if (g.nodes[i].argument[k] == v) return true;
        for (int k = 0; k < g.output_count; ++k)
            if (g.outputs[k] == v) return true;
        return false;
    }
};

// Program P with its scans by frames; as it is, where it has none.
template <class P>
struct program_by_frames {
    using type = P;
};
template <class P>
    requires(has_scan(typename P::operations{}) && !requires { P::scan_count; })
struct program_by_frames<P> {
    using type = program::scans_by_frames<P>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
