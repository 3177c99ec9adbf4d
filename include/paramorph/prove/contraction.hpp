// Contractions in other norms than the 2-norm of pm::contraction<Cell> (prove/properties.hpp), where a cell forgets its
// state and that norm does not show it.
//
//     pm::contraction_within<Cell, Bound>   of a gru_cell: for inputs whose elements lie within -Bound and Bound, and
//                                           states within -1 and 1, which no step leaves: do the largest elements of
//                                           two states come closer by a factor, the same for all of them?
//     pm::forgets<Cell>                     for each value of the weights, is there a norm in which two states come
//                                           closer by a factor in each step, whatever the input?
//     static_assert(pm::proved<pm::claim::contraction_within<1>, Cell>);  // else a sentence says why not
//
// A GRU h' = (1 - z) n + z h keeps its state where z is near 1, and some input makes it so: for all inputs it is no
// contraction. With |x| <= Bound, a, c the largest sums of magnitudes along a row of weight_ih and weight_hh, b and d
// the largest magnitudes of bias_ih and bias_hh, all gates lie within 1 - s and s = sigmoid(a Bound + b + c + d), n
// within f = tanh(a Bound + b + s (c + d)), and n moves by k = s c + c (c + d) / 4 at most for a state that moves by 1.
// Two next states differ by z (h1 - h2) + (1 - z) (n1 - n2) + (z1 - z2) (h2 - n2); so they come closer if
//
//     c (1 + f) / 4 < (1 - s) (1 - k)
//
// which is the sufficient condition of Bonassi et al. 2021, "On the stability properties of gated recurrent units
// neural networks", theorem 2, for PyTorch's GRU, whose reset gate stands outside of the product. Sets that bound
// elements or norms give a, b, c, d: interval, unit_norm, ball, contracting, lipschitz.
//
// forgets: a contraction in the 2-norm, or a linear recurrence h' = A h + u(x) with A of the set stable, whose spectral
// radius is below 1: then the norm sum over k of |A^k h|^2 is one (Stein 1952), another one for each A. Behind tanh, as
// in an rnn_cell, a spectral radius proves nothing: the slopes of tanh multiply A by a diagonal matrix, and the
// product's powers need not vanish. Errors: the compiler's where a claim is not proved; the sentence names the tensor,
// or the factor. Cost: a walk through the traced graph, in the compiler. Source: Bonassi et al. 2021; Stein 1952, "Some
// general theorems on iterants".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/overlay.hpp"
#include "paramorph/nn/recurrent_cells.hpp"
#include "paramorph/prove/properties.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <int In, int Hidden, class... Options>
inline constexpr bool is_gru_cell<nn::gru_cell<In, Hidden, Options...>> = true;
template <class M, class... Slots>
inline constexpr bool is_gru_cell<overlay<M, Slots...>> = is_gru_cell<M>;

// Rounded away from zero, by more than the functions of core/math/ round.
constexpr double a_little_more(double x) {
    return up_product(x, 1 + 0x1p-40);
}
constexpr double a_little_less(double x) {
    return down_product(x, 1 - 0x1p-40);
}
// The largest sum of magnitudes along a row of a matrix, or the largest magnitude of a vector.
constexpr double row_sum_of(weight_facts const& w, extents const& s) {
    double const columns = s.rank == 2 ? s.d[1] : 1, each = up_product(math::max(-w.low, w.high), columns);
    return s.rank == 2 ? math::min(each, up_product(w.norm, up_root(columns))) : each;
}

struct gru_facts {
    double of[4]{};      // a, c, b, d, in the order of the tensors
    int unbounded = -1;  // the first tensor of which none is known
    double apart = math::infinity;
};
template <class M>
constexpr gru_facts facts_of_gru(double inputs) {
    constexpr auto weights = weights_of<M>();
    gru_facts r;
    int k = 0;
    traced_module<M> const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        r.of[k] = row_sum_of(weights.of[k], Tensor::shape_type::value);
        if (!math::isfinite(r.of[k]) && r.unbounded < 0) r.unbounded = k;
        ++k;
    });
    if (r.unbounded >= 0) return r;
    double const a = r.of[0], c = r.of[1], b = r.of[2], d = r.of[3], cd = up_sum(c, d),
                 of_input = up_sum(up_product(a, inputs), b), gates = up_sum(of_input, cd),
                 s = math::min(1.0, a_little_more(math::sigmoid(gates))), rest = a_little_less(math::sigmoid(-gates)),
                 f = math::min(1.0, a_little_more(math::tanh(up_sum(of_input, up_product(s, cd))))),
                 k_of_n = up_sum(up_product(s, c), up_product(up_product(c, cd), 0.25)),
                 by_gate = up_product(up_product(c, up_sum(1, f)), 0.25);
    // 1 - (1 - s) (1 - k) + c (1 + f) / 4
    r.apart =
        k_of_n < 1 ? up_sum(up_sum(1, -down_product(rest, -up_sum(-1, k_of_n))), by_gate) : up_sum(k_of_n, by_gate);
    return r;
}

// Is the value the product of the state (leaf `state`) with a matrix, itself or transposed, plus what does not depend
// on it? Which tensor, of those before the other input, is the matrix; -1 where it is not so, -2 where the value does
// not depend on the state.
constexpr int linear_in_state(graph const& g, int v, int state) {
    constexpr int not_linear = -1, independent = -2;
    node const& n = g.producer_of(v);
    if (n.operation->kind == category::leaf) return n.attribute.v[0] == state ? not_linear : independent;
    if (n.operation->kind == category::alias) return linear_in_state(g, n.argument[0], state);
    if (n.operation->id == id_of<op::matmul>) {
        for (int k = 0; k < 2; ++k) {
            int h = n.argument[k], w = n.argument[1 - k];
            while (g.producer_of(h).operation->kind == category::alias) h = g.producer_of(h).argument[0];
            while (g.producer_of(w).operation->id == id_of<op::transpose>) w = g.producer_of(w).argument[0];
            node const &from = g.producer_of(h), &matrix = g.producer_of(w);
            if (from.operation->kind == category::leaf && from.attribute.v[0] == state &&
                matrix.operation->kind == category::leaf && matrix.attribute.v[0] < state - 1)
                return matrix.attribute.v[0];
        }
    }
    int found = independent;
    bool const adds = n.operation->id == id_of<op::add> && g.shape_of(n.first) == g.shape_of(n.argument[0]) &&
                      g.shape_of(n.first) == g.shape_of(n.argument[1]);
    bool const broadcasts = n.operation->id == id_of<op::add> && !adds;
    for (int k = 0; k < n.operation->arity; ++k) {
        int const one = linear_in_state(g, n.argument[k], state);
        if (one == independent) continue;
        if (found != independent || !(adds || (broadcasts && g.shape_of(n.first) == g.shape_of(n.argument[k]))))
            return not_linear;
        found = one;
    }
    return found;
}
template <class M, class Set>
constexpr bool tensor_is_of(int which) {
    bool is = false;
    int k = 0;
    traced_module<M> const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        constexpr extents s = Tensor::shape_type::value;
        if (k++ == which) is = s.rank == 2 && s.d[0] == s.d[1] && subset<typename Tensor::chain_type::codomain, Set>;
    });
    return is;
}
// The matrix of a linear recurrence of one state, input 1; -1.
template <class Of>
inline constexpr int matrix_of_recurrence =
    Of::program_type::inputs == 2 && Of::traced.output_count == 1
        ? linear_in_state(Of::traced, Of::traced.outputs[0], Of::weights.count + 1)
        : -1;

}  // namespace detail

namespace claim {

template <auto Bound>
struct contraction_within {
    template <class Net>
    using module_of = typename detail::asked_network<Net>::module_type;
    template <class Net>
    static constexpr bool has_inputs = detail::has_input<"contraction_within", 1, Net>();
    template <class Net>
    static constexpr bool holds = [] {
        if constexpr (!has_inputs<Net>)
            return false;
        else if constexpr (detail::is_gru_cell<module_of<Net>>) {
            constexpr double apart = detail::facts_of_gru<module_of<Net>>(double(Bound)).apart;
            return double(Bound) >= 0 && 0 <= apart && apart < 1;
        } else
            return contraction::holds<Net>;
    }();
    template <class Net>
    static constexpr detail::sentence why_not() {
        using M = module_of<Net>;
        if constexpr (!detail::is_gru_cell<M>)
            return contraction::why_not<Net>();
        else {
            if (!(double(Bound) >= 0))
                return detail::sentence("contraction_within: the bound of the inputs is negative");
            constexpr detail::gru_facts f = detail::facts_of_gru<M>(double(Bound));
            if (f.unbounded >= 0)
                return detail::sentence(
                    "contraction_within: not proved: nothing bounds ", detail::path_of_tensor<M>(f.unbounded).view(),
                    ", for its set is ", detail::weights_of<M>().of[f.unbounded].set, ": parametrize it, as pm::at<\"",
                    detail::path_of_tensor<M>(f.unbounded).view(), "\", pm::param::interval<-1, 1>>");
            return detail::sentence("contraction_within: not proved: a state may move by ", f.apart,
                                    " times what the one before it moved by, with inputs up to ", double(Bound),
                                    ": smaller bounds of the weights, of weight_hh first, make that less than 1");
        }
    }
};

struct forgets {
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs - 1>;
    template <class Net>
    static constexpr bool holds = [] {
        if constexpr (!detail::has_input<"forgets", 1, Net>())
            return false;
        else if constexpr (contraction::holds<Net>)
            return true;
        else {
            constexpr int matrix = detail::matrix_of_recurrence<of<Net>>;
            return matrix >= 0 && detail::tensor_is_of<typename of<Net>::M, set::stable>(matrix);
        }
    }();
    template <class Net>
    static constexpr detail::sentence why_not() {
        using M = typename of<Net>::M;
        constexpr int matrix = detail::matrix_of_recurrence<of<Net>>;
        if constexpr (matrix >= 0)
            return detail::sentence("forgets: not proved: the eigenvalues of ",
                                    detail::path_of_tensor<M>(matrix).view(), " may lie anywhere, for its set is ",
                                    of<Net>::weights.of[matrix].set,
                                    ": parametrize it, as pm::weight<pm::param::stable>");
        else
            return detail::sentence(
                "forgets: not proved: the next state is no linear function of the state, of which eigenvalues would "
                "tell, and why the cell is no contraction in the 2-norm says pm::why_not<pm::claim::contraction, "
                "cell>");
    }
};

}  // namespace claim

template <class Net, auto Bound>
inline constexpr bool contraction_within = claim::contraction_within<Bound>::template holds<Net>;
template <class Net>
inline constexpr bool forgets = claim::forgets::holds<Net>;

}  // namespace paramorph::inline PARAMORPH_ABI
