// What a step of a scan computes of the parameters alone, such as tanh(w) or an inverse: it is the same in every step,
// so the program around the scan computes it once, before the first step, and the steps are given it as a parameter.
//
// Such a value is moved out of the step where that saves arithmetic or a copy in every step and takes no more memory
// than what it is computed of: reductions, masks, operations with kernels of their own, and elementwise ones whose
// result is no larger than their largest argument. Views stay in the step, which reads through them, but for the
// transpose of a small matrix that nothing but rows is multiplied with (`target::keeps_transposed`): results then lie
// in lanes, and none is a sum over the lanes of a vector. The gradient flows through what was moved once, after the
// last step. The numbers are those of the step as it is written, to rounding; where a moved operation fails (an inverse
// of a singular matrix), its own sentence says so. Cost to the compiler: a walk over the step's graph, and nothing else
// where nothing is moved. Source: loop-invariant code motion, Allen and Cocke 1971, "A catalogue of optimizing
// transformations".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <utility>

#include "paramorph/nn/scan_programs.hpp"
#include "paramorph/op/matmul.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Of a step's graph, whose leaves are the state, the input and the parameters.
struct scan_invariants {
    static constexpr int most = 32;
    int moved = 0, value[most]{};           // values that are computed once
    int parameters = 0, parameter[most]{};  // parameters that a step still reads; beyond `most` nothing is moved
    bool before[max_nodes]{};               // nodes that what is moved needs, and those that make it
    bool within[max_nodes]{};               // nodes that a step computes
};

// Is n the transpose of a matrix that nothing but rows is multiplied with, and that a target keeps transposed?
constexpr bool is_transposed_for_rows(graph const& g, node const& n) {
    extents const& s = g.shape_of(n.first);
    if (n.operation->id != id_of<op::transpose> || s.rank != 2 || n.attribute.v[0] != 1 ||
        !targets::host.keeps_transposed(g.real, s.size()))
        return false;
    for (int i = 0; i < g.size; ++i) {
        node const& reader = g.nodes[i];
        for (int k = 0; k < reader.operation->arity; ++k)
            if (reader.argument[k] == n.first && (reader.operation->id != id_of<op::matmul> || k != 1 ||
                                                  g.shape_of(reader.argument[0]).from_end(1) != 1))
                return false;
    }
    for (int k = 0; k < g.output_count; ++k)
        if (g.outputs[k] == n.first) return false;
    return true;
}

// Does a node's result, of parameters alone, save something where it is computed once?
constexpr bool is_worth_moving(graph const& g, node const& n) {
    switch (n.operation->kind) {
        case category::view:
            return is_transposed_for_rows(g, n);
        case category::reduction:
        case category::mask:
        case category::dense:
            return true;
        case category::elementwise: {
            int largest = 0;
            for (int k = 0; k < n.operation->arity; ++k) {
                int const size = g.shape_of(n.argument[k]).size();
                largest = size > largest ? size : largest;
            }
            return g.shape_of(n.first).size() <= largest;
        }
        default:
            return false;
    }
}

constexpr scan_invariants find_invariants(graph const& g) {
    scan_invariants found;
    bool fixed[max_nodes]{}, of_parameters[max_nodes]{}, read[max_values]{};
    for (int i = 0; i < g.size; ++i) {
        node const& n = g.nodes[i];
        fixed[i] = n.operation->kind != category::leaf || n.attribute.v[0] >= 2;
        of_parameters[i] = n.operation->kind == category::leaf && n.attribute.v[0] >= 2;
        for (int k = 0; k < n.operation->arity; ++k) {
            int const a = g.values[n.argument[k]].producer;
            fixed[i] = fixed[i] && fixed[a];
            of_parameters[i] = of_parameters[i] || of_parameters[a];
        }
    }
    for (int k = 0; k < g.output_count; ++k) read[g.outputs[k]] = true;
    for (int i = g.size - 1; i >= 0; --i) {
        node const& n = g.nodes[i];
        bool needed = false;
        for (int r = 0; r < n.operation->results; ++r) needed = needed || read[n.first + r];
        if (!needed) continue;
        if (n.operation->kind == category::leaf) {
            if (n.attribute.v[0] < 2) continue;
            if (found.parameters == scan_invariants::most) return {};
            found.parameter[found.parameters++] = n.attribute.v[0] - 2;
        } else if (fixed[i] && of_parameters[i] && found.moved + n.operation->results <= scan_invariants::most &&
                   is_worth_moving(g, n)) {
            for (int r = 0; r < n.operation->results; ++r)
                if (read[n.first + r]) found.value[found.moved++] = n.first + r;
            found.before[i] = true;
        } else {
            found.within[i] = true;
            for (int k = 0; k < n.operation->arity; ++k) read[n.argument[k]] = true;
        }
    }
    for (int i = g.size - 1; i >= 0; --i)
        for (int k = 0; found.before[i] && k < g.nodes[i].operation->arity; ++k)
            found.before[g.values[g.nodes[i].argument[k]].producer] = true;
    return found;
}
template <class Step>
inline constexpr scan_invariants invariants_of = find_invariants(compiled<Step>::traced);

}  // namespace detail

namespace program {

// Step, given what is computed once. Its parameters: those of Step that it reads, then what was moved out of it.
template <class Step>
struct step_without_invariants {
    using real = typename Step::real;
    using operations = typename Step::operations;
    static constexpr detail::scan_invariants const& of = detail::invariants_of<Step>;
    static constexpr int parameters = of.parameters + of.moved;
    static constexpr extents output_shape = Step::output_shape;
    static constexpr int state_size = Step::state_size, input_size = Step::input_size, output_size = Step::output_size;

    // The value of Step's graph that parameter k is.
    static constexpr int value_of(int k) {
        return k < of.parameters ? 2 + of.parameter[k] : of.value[k - of.parameters];  // leaves come first
    }
    static constexpr extents const& shape_of(int k) { return compiled<Step>::traced.shape_of(value_of(k)); }
    static constexpr std::array<int, parameters + 1> begins = [] {
        std::array<int, parameters + 1> all{};
        for (int k = 0; k < parameters; ++k)
            all[static_cast<std::size_t>(k) + 1] = all[static_cast<std::size_t>(k)] + shape_of(k).size();
        return all;
    }();
    static constexpr int parameter_size = begins[parameters];

    static constexpr graph build() {
        graph const& from = compiled<Step>::traced;
        detail::copier copy(from);
        graph& g = copy.to;
        auto const leaf = [&](int position, int v) {
            int const to = push_with<op::leaf>(g, attributes{{position}});
            g.values[to] = value{from.shape_of(v), g.real, g.values[to].producer};
            copy.moved[v] = static_cast<std::int16_t>(to);
        };
        for (int k = 0; k < 2; ++k) leaf(k, k);
        for (int k = 0; k < parameters; ++k) leaf(2 + k, value_of(k));
        for (int i = 0; i < from.size; ++i) {
            if (!of.within[i]) continue;
            node const& n = from.nodes[i];
            int const first = g.push(copy.remapped(n));
            for (int r = 0; r < n.operation->results; ++r)
                copy.moved[n.first + r] = static_cast<std::int16_t>(first + r);
        }
        copy.finish();
        return g;
    }
};

}  // namespace program

namespace detail {

// Appends what Step has computed once to the graph around the scan, where the parameters are `given`; `to` is what the
// parameters of step_without_invariants are there.
template <class Step>
constexpr void compute_invariants(graph& g, int const* given, int* to) {
    graph const& from = compiled<Step>::traced;
    scan_invariants const& of = invariants_of<Step>;
    std::int16_t moved[max_values]{};
    for (int i = 0; i < from.size; ++i) {
        if (!of.before[i]) continue;
        node n = from.nodes[i];
        int const first = n.first;
        if (n.operation->kind == category::leaf) {
            moved[first] = static_cast<std::int16_t>(given[n.attribute.v[0] - 2]);
            continue;
        }
        for (int k = 0; k < n.operation->arity; ++k) n.argument[k] = moved[n.argument[k]];
        int const there = g.push(n);
        for (int r = 0; r < n.operation->results; ++r) moved[first + r] = static_cast<std::int16_t>(there + r);
    }
    for (int k = 0; k < of.parameters; ++k) *to++ = given[of.parameter[k]];
    for (int k = 0; k < of.moved; ++k) *to++ = moved[of.value[k]];
}

template <class Step, int K>
struct parameter_of_step {
    static constexpr extents value() { return program::step_without_invariants<Step>::shape_of(K); }
};

// Calls f with Step and its parameters; where some of it is computed once, with the step and the parameters without.
template <class Step, class... Parameter>
constexpr auto with_invariants_before(graph* g, auto const& f, Parameter const&... parameters) {
    if constexpr (sizeof...(Parameter) == 0)
        return f(std::type_identity<Step>{});
    else if constexpr (invariants_of<Step>.moved == 0)
        return f(std::type_identity<Step>{}, parameters...);
    else {
        using step = program::step_without_invariants<Step>;
        using operations = join<typename Step::operations, typename Parameter::operations...>;
        int const given[]{parameters.id...};
        int to[step::parameters]{};
        if (g) compute_invariants<Step>(*g, given, to);  // not in a rehearsal
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return f(std::type_identity<step>{},
                     symbol<shape_by<parameter_of_step<Step, K>>, typename Step::real, operations>{g, to[K]}...);
        }(std::make_integer_sequence<int, step::parameters>{});
    }
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
