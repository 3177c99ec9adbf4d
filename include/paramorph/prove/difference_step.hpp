// The step of the difference of two scans: the graph of the difference of both steps (prove/difference_pass.hpp). Its
// state is [a; e], the state of one network and by how much the other one's is off; so are its frame and its result.
// Which scans stand beside one another: prove/difference_scan.hpp.
//
// Cost: none but where a difference is asked for. Source: prove/difference_rules.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_scan.hpp"
#include "paramorph/op/packed.hpp"
#include "paramorph/prove/difference_pass.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// A scan of a step that is made for proofs. Arguments: the first state, the frames [steps, n], the parameters in one
// row. Results: the last state, the results of all steps.
template <class Step>
struct scan_in_proof : dense<scan_in_proof<Step>, 3, 2> {
    static constexpr std::string_view name = "scan";
    using step = Step;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        if (result == 0) return {1, {Step::state_size}};
        return {2, {a[1].d[0], Step::output_size}};
    }
};

}  // namespace op

template <class Step>
inline constexpr auto ir::family_of<op::scan_in_proof<Step>> = ir::operation_family::scan;

namespace detail {

// Of an operation of a program: the step that it runs, and what it is given.
template <class Op>
struct side_of_scan {
    static constexpr bool exists = false;
};
template <class Step, int Every>
struct side_of_scan<op::scan<Step, Every>> {
    static constexpr bool exists = true, by_frames = false, gives_result = true;
    using step = Step;
    using shapes = Step;
    static constexpr int state_size = Step::state_size, input_size = Step::input_size, output_size = Step::output_size,
                         parameters = Step::parameters;
};
template <class P, int Node, class Frame>
struct side_of_scan<op::scan_by_frames<P, Node, Frame>> {
    static constexpr bool exists = true, by_frames = true, gives_result = Frame::gives_result;
    using step = Frame;
    using shapes = program::frame_of_scan<P, Node>;  // whose parameters are numbers
    using scan = scan_in_program<P, Node>;
    static constexpr int state_size = scan::step::state_size, input_size = scan::frame_size,
                         output_size = scan::step::output_size, parameters = scan::given.count;
};

// Where each parameter of a step begins in a row of all of them.
template <class Shapes, int Count>
inline constexpr std::array<int, Count + 1> parameters_begin = [] {
    graph const& g = compiled<Shapes>::simplified;
    std::array<int, Count + 1> all{};
    for (std::size_t k = 0; k < Count; ++k) all[k + 1] = all[k] + g.shape_of(2 + static_cast<int>(k)).size();
    return all;
}();

}  // namespace detail

namespace program {

// A step of one program, with both results.
template <class Side>
struct step_alone {
    using real = typename Side::step::real;
    using operations = typename Side::step::operations;
    static constexpr int state_size = Side::state_size, input_size = Side::input_size, output_size = Side::output_size;
    static constexpr auto const& begins = detail::parameters_begin<typename Side::shapes, Side::parameters>;

    static constexpr graph build() {
        graph g = compiled<typename Side::step>::simplified;
        if (!Side::gives_result) g.output(g.outputs[0]);
        return g;
    }
};

// A step of the difference. Arguments: the states, the frames; the parameters of A, those of B.
template <class A, class B>
struct difference_of_steps {
    using real = typename A::step::real;
    using operations = join<typename A::step::operations, typename B::step::operations,
                            detail::operations_of_difference, ops<op::reshape, op::unpacked, op::packed<2>>>;
    static constexpr int state_size = 2 * A::state_size, input_size = 2 * A::input_size,
                         output_size = 2 * A::output_size, parameters = A::parameters + B::parameters;
    static constexpr auto begins = [] {
        std::array<int, parameters + 1> all{};
        auto const &a = detail::parameters_begin<typename A::shapes, A::parameters>,
                   &b = detail::parameters_begin<typename B::shapes, B::parameters>;
        for (std::size_t k = 0; k <= A::parameters; ++k) all[k] = a[k];
        for (std::size_t k = 0; k <= B::parameters; ++k) all[A::parameters + k] = a[A::parameters] + b[k];
        return all;
    }();

    static constexpr graph build() {
        graph const &a = compiled<typename A::step>::simplified, &b = compiled<typename B::step>::simplified,
                    &shapes_of_a = compiled<typename A::shapes>::simplified,
                    &shapes_of_b = compiled<typename B::shapes>::simplified;
        graph to = new_graph<real>();
        int leaves[2 + parameters]{};
        for (int k = 0; k < 2; ++k) leaves[k] = append_leaf(to, k, {1, {k == 0 ? state_size : input_size}});
        for (int k = 0; k < A::parameters; ++k) leaves[2 + k] = append_leaf(to, 2 + k, shapes_of_a.shape_of(2 + k));
        for (int k = A::parameters; k < parameters; ++k)
            leaves[2 + k] = append_leaf(to, 2 + k, shapes_of_b.shape_of(2 + k - A::parameters));

        detail::difference_pass<> pass(a, b, to);
        int moved[2]{}, error[2]{};
        for (int i = 0; i < a.size; ++i) {
            node const& n = a.nodes[i];
            if (n.operation->kind != category::leaf) continue;
            int const k = n.attribute.v[0];
            if (k < 2) {
                extents const& s = a.shape_of(n.first);
                auto const part = [&](int which) {
                    return push_with<op::reshape>(
                        to, op::attributes_of(s),
                        push_with<op::unpacked>(to, attributes{{which * s.size(), s.size()}}, leaves[k]));
                };
                moved[k] = n.first;
                pass.leaf_of_a(n.first, part(0), true);
                error[k] = part(1);
            } else
                pass.leaf_of_a(n.first, leaves[k], false);
        }
        for (int i = 0; i < b.size; ++i) {
            node const& n = b.nodes[i];
            if (n.operation->kind != category::leaf) continue;
            int const k = n.attribute.v[0];
            if (k < 2)
                pass.input_of_b(n.first, moved[k], error[k]);
            else if (k < 2 + B::parameters)
                pass.leaf_of_b(n.first, leaves[A::parameters + k], -1);
        }
        pass.follow_all();
        for (int k = 0; k < 2; ++k) {
            int const of_a = k < a.output_count ? k : 0, of_b = k < b.output_count ? k : 0;
            auto const [x, e] = pass.result(of_a, of_b);
            auto const flat = [&](int v) {
                return push_with<op::reshape>(to, attributes{{to.shape_of(v).size(), -1, -1, -1}}, v);
            };
            to.output(push<op::packed<2>>(to, flat(x), flat(e)));
        }
        return to;
    }
};

}  // namespace program

// As that of a difference, it stays as it is.
template <class A, class B>
struct compiled<program::difference_of_steps<A, B>> {
    using P = program::difference_of_steps<A, B>;
    using real = typename P::real;
    using operations = operation_closure<typename P::operations>;
    static constexpr ir::graph simplified = P::build();
};

}  // namespace paramorph::inline PARAMORPH_ABI
