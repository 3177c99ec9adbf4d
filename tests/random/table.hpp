// The table of all operations: one entry each, which says how to draw it. `operations.py` fails for an operation of op/
// or param/ that has none, the test "every operation is drawn" for an entry that never comes to anything.
//
// An elementwise operation needs one line, `elementwise<op>(domain of each argument...)`. Any other is
// `custom<op>([](drawing& d, entry const& e) { return d.push<op>(attributes, argument...); })`: draw the arguments with
// `d.some(lowest rank, highest rank, domain)`, `d.matrix(rows, columns)` or `d.leaf(shape)`, the attributes with
// `d.below` and `d.between`; an argument of -1 makes the whole -1. Then, as designated members of `more`: what must
// hold of the values (`fits`), which results have no derivative (`opaque`), why the operation has none
// (`no_derivative`).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "generator.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/bounded_layer.hpp"
#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/convert.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/determinant.hpp"
#include "paramorph/op/deviation.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/eigh.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/gelu.hpp"
#include "paramorph/op/householder_product.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/lu.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/normal_cdf.hpp"
#include "paramorph/op/pack.hpp"
#include "paramorph/op/packed.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/pooling.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/power_iteration.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/qr.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/rotation_log.hpp"
#include "paramorph/op/round.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/op/rsqrt_or_zero.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/take.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/toeplitz.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/triangular_solve.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/op/walsh_hadamard.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/param/codebook.hpp"
#include "paramorph/param/helmert.hpp"
#include "paramorph/param/increasing.hpp"
#include "paramorph/param/log_cosh.hpp"
#include "paramorph/param/sinkhorn.hpp"
#include "paramorph/param/stable.hpp"

namespace random_graphs {

namespace op = pm::op;

// An entry that remembers its operation's type, for lists of types.
template <class Op>
struct typed : entry {
    using type = Op;
};
struct more {
    bool (*fits)(drawing const&, pm::ir::node const&) = &always;
    int opaque = 0;
    char const* no_derivative = nullptr;
    int spelled_out = 0;
};
inline constexpr char const* step_function = "its result is constant wherever it is differentiable";
inline constexpr char const* no_argument = "it has no real argument";

// Arguments broadcast.
constexpr int draw_elementwise(drawing& d, entry const& e) {
    pm::ir::node n{};
    n.operation = e.operation;
    int const arity = e.operation->arity, leading = arity > 1 ? d.below(arity) : 0;
    n.argument[leading] = d.some(0, 4, e.argument[leading]);
    if (n.argument[leading] < 0) return -1;
    for (int k = 0; k < arity; ++k) {
        if (k == leading) continue;
        n.argument[k] = d.chance(0.05) && d.fits(n.argument[leading], e.argument[k])
                            ? n.argument[leading]
                            : d.partner(d.g.shape_of(n.argument[leading]), e.argument[k]);
        if (n.argument[k] < 0) return -1;
    }
    return d.push(n);
}
template <class Op, class... Domain>
constexpr typed<Op> elementwise(Domain const&... argument) {
    return {{&pm::ir::describe<Op>, &draw_elementwise, {argument...}}};
}
template <class Op, class... Domain>
constexpr typed<Op> elementwise(more const& m, Domain const&... argument) {
    return {
        {&pm::ir::describe<Op>, &draw_elementwise, {argument...}, m.fits, m.opaque, m.no_derivative, m.spelled_out}};
}
template <class Op>
constexpr typed<Op> custom(int (*make)(drawing&, entry const&), more const& m = {}) {
    return {{&pm::ir::describe<Op>, make, {}, m.fits, m.opaque, m.no_derivative, m.spelled_out}};
}

// --- what must hold of a node's values ----------------------------------------------------------------------------

// No comparison is decided by rounding; equal are only what is the same value.
constexpr bool arguments_apart(drawing const& d, pm::ir::node const& n) {
    if (n.argument[0] == n.argument[1]) return true;
    for (int i = 0; i < d.g.shape_of(n.first).size(); ++i)
        if (pm::math::abs(d.meets(n, 0, i) - d.meets(n, 1, i)) < 0.05) return false;
    return true;
}
// Is no element near the middle of two integers?
constexpr bool halves_apart(drawing const& d, pm::ir::node const& n) {
    for (int i = 0; i < d.g.shape_of(n.first).size(); ++i) {
        double const x = d.meets(n, 0, i), half = pm::math::floor(x) + 0.5;
        if (pm::math::abs(x - half) < 0.05) return false;
    }
    return true;
}
// Along the axes no other element is near what was chosen. Exact ties are copies of one element, or numbers.
constexpr bool one_is_chosen(drawing const& d, pm::ir::node const& n) {
    pm::extents const &from = d.g.shape_of(n.argument[0]), &to = d.g.shape_of(n.first);
    for (int i = 0; i < from.size(); ++i) {
        numbers::coordinates const c(from, i);
        int at[pm::max_rank]{}, rank = 0;
        for (int k = 0; k < from.rank; ++k)
            if (!(n.attribute.v[0] >> k & 1)) at[rank++] = c.at[k];
        double const distance =
            pm::math::abs(d.computed.of(n.argument[0])[i] - d.computed.of(n.first)[numbers::index_of(to, at)]);
        if (distance < 0.05 && distance != 0) return false;
    }
    return true;
}
// The first argument lies at a distance from the bounds, which are numbers.
constexpr bool apart_from_bounds(drawing const& d, pm::ir::node const& n) {
    for (int i = 0; i < d.g.shape_of(n.first).size(); ++i)
        for (int k : {1, 2})
            if (pm::math::abs(d.meets(n, 0, i) - d.meets(n, k, i)) < 0.05) return false;
    return true;
}
// No pivot is small.
constexpr bool regular(drawing const& d, pm::ir::node const& n) {
    int const rows = d.g.shape_of(n.argument[0]).d[0];
    for (int k = 0; k < rows; ++k)
        if (pm::math::abs(d.computed.of(n.first + 1)[k * rows + k]) < 0.2) return false;
    return true;
}
// The same of an inverse whose elements are small.
constexpr bool well_conditioned(drawing const& d, pm::ir::node const& n) {
    for (int i = 0; i < d.g.shape_of(n.first).size(); ++i)
        if (pm::math::abs(d.computed.of(n.first)[i]) > 3) return false;
    return true;
}
// No element on the diagonal of result `Result` is small.
template <int Result>
constexpr bool regular_factor(drawing const& d, pm::ir::node const& n) {
    pm::extents const& s = d.g.shape_of(n.first + Result);
    for (int i = 0; i < s.d[0] && i < s.d[1]; ++i)
        if (pm::math::abs(d.computed.of(n.first + Result)[i * s.d[1] + i]) < 0.3) return false;
    return true;
}
// The sign of column j is that of its largest element: is it not decided by rounding which one that is?
constexpr bool sign_is_clear(double const* v, int rows, int columns, int j) {
    double first = 0, second = 0;
    for (int i = 0; i < rows; ++i) {
        double const m = pm::math::abs(v[i * columns + j]);
        if (m > first)
            second = first, first = m;
        else if (m > second)
            second = m;
    }
    return first - second >= 0.02;
}
// Eigenvalues lie apart, and no sign of an eigenvector is decided by rounding.
constexpr bool eigenvalues_apart(drawing const& d, pm::ir::node const& n) {
    int const order = d.g.shape_of(n.first).d[0];
    double const *w = d.computed.of(n.first), *v = d.computed.of(n.first + 1);
    for (int j = 0; j < order; ++j) {
        if (j + 1 < order && w[j + 1] - w[j] < 0.2) return false;
        if (!sign_is_clear(v, order, order, j)) return false;
    }
    return true;
}
// Singular values lie apart and away from zero, and the sign of each singular vector is not decided by rounding.
constexpr bool well_separated(drawing const& d, pm::ir::node const& n) {
    pm::extents const& s = d.g.shape_of(n.first);
    double const *u = d.computed.of(n.first), *sigma = d.computed.of(n.first + 1);
    for (int j = 0; j < s.d[1]; ++j) {
        if (sigma[j] - (j + 1 < s.d[1] ? sigma[j + 1] : 0) < 0.2) return false;
        if (!sign_is_clear(u, s.d[0], s.d[1], j)) return false;
    }
    return true;
}

// --- how operations of other kinds are drawn ----------------------------------------------------------------------

constexpr pm::attributes shape_attribute(pm::extents const& s) {
    return op::attributes_of(s);
}
constexpr pm::extents shape_or_none(drawing& d, int v) {
    return v < 0 ? pm::extents{} : d.g.shape_of(v);
}
constexpr int longest_axis(pm::extents const& s) {
    int axis = 0;
    for (int k = 1; k < s.rank; ++k)
        if (s.d[k] >= s.d[axis]) axis = k;
    return axis;
}
// Attribute: the set of axes.
template <class Op>
constexpr int draw_reduction(drawing& d, entry const& e) {
    int const x = d.some(1, 4, e.argument[0]);
    if (x < 0) return -1;
    int const rank = d.g.shape_of(x).rank, one = 1 << d.below(rank), several = d.between(1, (1 << rank) - 1);
    return d.push<Op>({{d.chance(0.5) ? one : several}}, x);
}
// The same, sometimes along an axis of copies.
template <class Op>
constexpr int draw_with_ties(drawing& d, entry const& e) {
    if (d.chance(0.7)) return draw_reduction<Op>(d, e);
    int const x = d.some(0, 3);
    if (x < 0) return -1;
    pm::extents copies = d.g.shape_of(x);
    for (int k = copies.rank++; k > 0; --k) copies.d[k] = copies.d[k - 1];
    copies.d[0] = d.extent();
    int const axes = 1 | (d.chance(0.5) ? d.below(1 << copies.rank) : 0);
    return d.push<Op>({{axes}}, d.push<op::broadcast_to>(shape_attribute(copies), x));
}
// Rows over their lengths, times a number for each.
constexpr int draw_along(drawing& d, entry const&) {
    int const rows = d.between(1, 5), columns = d.between(2, 6);
    int const x = d.matrix(rows, columns);
    if (x < 0 || !d.fits(x, away_from_zero)) return -1;
    int const squares = d.push<op::sum_of_squares>({{2}}, x);
    int const r = d.push<op::unsqueeze>({{1}}, d.push<op::inverse_root_of_squares>({}, squares));
    int const s = d.push<op::unsqueeze>({{1}}, d.push<op::scale_of_root>({}, squares));
    int const number = d.leaf({2, {d.g.shape_of(x).d[0], 1}});
    return d.push<op::along>({}, x, number, r, s);
}
// Rows over their lengths.
constexpr int draw_over_length(drawing& d, entry const&) {
    int const rows = d.between(1, 5), columns = d.between(2, 6);
    int const x = d.matrix(rows, columns);
    if (x < 0 || !d.fits(x, away_from_zero)) return -1;
    int const squares = d.push<op::sum_of_squares>({{2}}, x);
    int const s = d.push<op::unsqueeze>({{1}}, d.push<op::scale_of_root>({}, squares));
    int const n = d.push<op::unsqueeze>({{1}}, d.push<op::scaled_root>({}, squares));
    return d.push<op::over_length>({}, x, s, n);
}
// Rows over the roots of their mean squares and a number.
constexpr int draw_over_deviation(drawing& d, entry const&) {
    int const rows = d.between(1, 5), columns = d.between(2, 6);
    int const x = d.matrix(rows, columns);
    if (x < 0) return -1;
    int const squares = d.push<op::sum_of_squares>({{2}}, x), share = d.number(1.0 / d.g.shape_of(x).d[1]);
    int const r = d.push<op::inverse_deviation>({}, squares, share, d.number(0.25));
    return d.push<op::over_deviation>({}, x, d.push<op::unsqueeze>({{1}}, r));
}
// The length of each row.
constexpr int draw_length(drawing& d, entry const&) {
    int const rows = d.between(1, 5), columns = d.between(2, 6);
    int const x = d.matrix(rows, columns);
    if (x < 0 || !d.fits(x, away_from_zero)) return -1;
    return d.push<op::length>({{1 + d.below(3)}}, x);
}
// A reduction, often of a leaf with zeros. Nothing else reads the leaf, nor what is made of it: zeros would tie in a
// maximum.
template <class Op>
constexpr int draw_with_zeros(drawing& d, entry const& e) {
    if (d.chance(0.5)) return draw_reduction<Op>(d, e);
    int const x = d.leaf(d.shape(1, 3));
    if (x < 0) return -1;
    pm::extents const s = d.g.shape_of(x);
    for (int i = 0; i < s.size(); ++i)
        if (d.chance(0.3)) d.computed.of(x)[i] = 0;
    d.usable[x] = false;
    int const all = (1 << s.rank) - 1, y = d.push<Op>({{d.chance(0.5) ? all : d.between(1, all)}}, x);
    if (y >= 0) d.usable[y] = false;
    return y;
}
// Rows in one.
template <int Count>
constexpr int draw_packed_rows(drawing& d, entry const&) {
    pm::ir::node n{};
    n.operation = &pm::ir::describe<op::packed<Count>>;
    for (int k = 0; k < Count; ++k) {
        n.argument[k] = d.some(1, 1);
        if (n.argument[k] < 0) return -1;
    }
    return d.push(n);
}
// Tensors that agree but for one axis.
template <int Count>
constexpr int draw_concatenate(drawing& d, entry const&) {
    pm::ir::node n{};
    n.operation = &pm::ir::describe<op::concatenate<Count>>;
    n.argument[0] = d.some(1, 4);
    if (n.argument[0] < 0) return -1;
    pm::extents const s = d.g.shape_of(n.argument[0]);
    int const axis = n.attribute.v[0] = d.below(s.rank);
    for (int k = 1; k < Count; ++k) {
        auto const agrees = [&](pm::extents o) {
            if (o.rank == s.rank) o.d[axis] = s.d[axis];
            return o == s;
        };
        int const v = d.find(agrees);
        pm::extents fresh = s;
        fresh.d[axis] = d.between(1, 3);
        n.argument[k] = d.chance(0.5) ? v : d.leaf(fresh);
        if (n.argument[k] < 0) return -1;
    }
    return d.push(n);
}
// Stacks of matrices; leading axes broadcast.
constexpr int draw_matmul(drawing& d, entry const&) {
    int const a = d.some(2, 4), ta = d.below(2), tb = d.below(2);
    if (a < 0) return -1;
    pm::extents s = d.g.shape_of(a);
    int const inner = s.from_end(ta ? 1 : 0);
    if (s.rank == 2 || d.chance(0.4)) {
        int const third = s.rank == 2 ? d.below(2) : 0, b = tb ? d.matrix(0, inner) : d.matrix(inner, 0);
        return d.push<op::matmul>({{ta, tb, third}}, a, b);
    }
    int const columns = d.extent(), leading = d.between(0, s.rank - 2), dropped = s.rank - 2 - leading;
    pm::extents b{leading + 2, {}};
    for (int k = 0; k < leading; ++k) b.d[k] = d.chance(0.3) ? 1 : s.d[k + dropped];
    b.d[leading] = tb ? columns : inner;
    b.d[leading + 1] = tb ? inner : columns;
    return d.push<op::matmul>({{ta, tb}}, a, d.leaf(b));
}
// A vector on a diagonal: its rows are used through the two triangles only.
constexpr int draw_rows_of_diagonal(drawing& d, entry const&) {
    int const x = d.some(1, 3);
    if (x < 0) return -1;
    int const rows = d.extent(), columns = d.g.shape_of(x).from_end(0), k = d.between(1 - rows, columns - 1);
    int const all = d.push<op::rows_of_diagonal>({{rows, k}}, x);
    if (all < 0) return -1;
    d.usable[all] = false;
    int const below = d.push<op::triangle>({{k, -1}}, all);
    if (below < 0) return -1;
    d.usable[below] = false;
    return d.push<op::triangle>({{k, 1}}, below);
}
// A triangle of a square matrix as a vector, and back.
constexpr int pack_of(drawing& d, int diagonal, int side, int n) {
    int const x = d.find([n](pm::extents const& s) { return s.rank >= 2 && s.from_end(0) == n && s.from_end(1) == n; });
    return d.push<op::pack_triangle>({{diagonal, side}}, x < 0 ? d.leaf({2, {n, n}}) : x);
}
constexpr int unpack_of(drawing& d, int diagonal, int side, int n) {
    int const count = op::packed_rows{n, diagonal, side}.count();
    int v = d.find([count](pm::extents const& s) { return s.rank >= 1 && s.rank <= 3 && s.from_end(0) == count; });
    if (v < 0) v = d.chance(0.3) ? d.leaf({2, {2, count}}) : d.leaf({1, {count}});
    return d.push<op::unpack_triangle>({{diagonal, side, n}}, v);
}
template <bool Unpacks>
constexpr int draw_packed(drawing& d, entry const&) {
    int const n = d.between(1, 5), side = d.chance(0.5) ? 1 : -1;
    int const diagonal = d.chance(0.5) ? 0 : d.between(1 - n, n - 1);
    if (d.chance(0.3)) {  // of what was just done the other way
        int const v = Unpacks ? pack_of(d, diagonal, side, n) : unpack_of(d, diagonal, side, n);
        return Unpacks ? d.push<op::unpack_triangle>({{diagonal, side, n}}, v)
                       : d.push<op::pack_triangle>({{diagonal, side}}, v);
    }
    return Unpacks ? unpack_of(d, diagonal, side, n) : pack_of(d, diagonal, side, n);
}
// At times by numbers, which meet.
constexpr int draw_times_number(drawing& d, int v) {
    int const number = d.number(d.draw_in(away_from_zero));
    return d.push<op::multiply>({}, v, number);
}
constexpr int draw_multiply(drawing& d, entry const& e) {
    if (d.chance(0.7)) return draw_elementwise(d, e);
    int const x = d.some(0, 4), scaled = draw_times_number(d, x);
    return draw_times_number(d, d.chance(0.5) ? scaled : d.push<op::multiply>({}, scaled, x));
}
constexpr int draw_scaled_sigmoid(drawing& d, entry const&) {
    int const x = d.some(0, 4), factor = d.number(d.draw_in(any));
    int const height = d.number(d.chance(0.5) ? 1 : d.draw_in(away_from_zero));
    int const y = d.push<op::scaled_sigmoid<>>({}, x, factor, height);
    return d.chance(0.5) ? y : draw_times_number(d, y);
}
constexpr int draw_pow(drawing& d, entry const&) {
    constexpr double special[]{2, 3, 4, 5, 0.5, -0.5, -1, -2, 1, 0};
    int const x = d.some(0, 4, positive);
    return d.push<op::pow>({}, x, d.number(d.chance(0.6) ? special[d.below(10)] : d.draw_in(any)));
}
// 2 I + y, which is far from singular for small y.
constexpr int draw_regular_matrix(drawing& d) {
    int const y = d.find([](pm::extents const& s) { return s.rank == 2 && s.d[0] == s.d[1]; });
    int const n = y < 0 ? d.extent() : d.g.shape_of(y).d[0];
    int const ones = d.push<op::identity>({{n, n, 0}});
    int const eye = d.push<op::multiply>({}, d.number(2), ones);
    return d.push<op::add>({}, eye, y < 0 || d.chance(0.3) ? d.leaf({2, {n, n}}) : y);
}
constexpr int draw_solve(drawing& d, entry const&) {
    int const m = draw_regular_matrix(d);
    return m < 0 ? -1 : d.push<op::solve>({}, m, d.matrix(d.g.shape_of(m).d[0], 0));
}
// A node whose result `k` is memory that it works in: nothing may read it.
constexpr int without_scratch(drawing& d, int first, int k) {
    if (first >= 0) d.usable[first + k] = false;
    return first;
}
// A cell over time, whose program is in double, whatever the graph is of: for the interpreter alone.
struct drawn_cell {
    constexpr auto operator()(auto h, auto x, auto w) const {
        auto const next = pm::tanh(h * w + pm::sum(x));
        return std::tuple{next, pm::sum(next) * x};
    }
};
template <int Every>
using drawn_scan =
    op::scan<pm::program::scan_step<drawn_cell, double, pm::shape<3>, pm::shape<2>, pm::shape<3>>, Every>;
template <int Every>
constexpr int draw_scan(drawing& d, entry const&) {
    if (!d.limit.iterative) return -1;
    auto const three = [&] {
        int const v = d.find([](pm::extents const& s) { return s.rank == 1 && s.d[0] == 3; });
        return v >= 0 ? v : d.leaf({1, {3}});
    };
    int const state = three(), parameter = three();
    return without_scratch(d, d.push<drawn_scan<Every>>({}, state, d.matrix(0, 2), parameter), 2);
}
// Of a small square matrix, or of its skew part.
constexpr int draw_matrix_exp(drawing& d, entry const&) {
    int const skew = d.below(2);
    int const n = d.between(1, 4), x = d.matrix(n, n);
    int const a = skew ? d.push<op::subtract>({}, x, d.push<op::transpose>({{1, 0, 2, 3}}, x)) : x;
    return without_scratch(d, d.push<op::matrix_exp>({{skew}}, a), 1);
}
// The logarithm of a rotation that turns by less than pi.
constexpr int draw_rotation_log(drawing& d, entry const&) {
    if (!d.limit.iterative) return -1;
    int const n = d.between(1, 4), x = d.leaf({2, {n, n}});
    if (x < 0) return -1;
    int const a = d.push<op::subtract>({}, x, d.push<op::transpose>({{1, 0, 2, 3}}, x));
    int const small = d.push<op::multiply>({}, a, d.number(0.25));
    int const q = without_scratch(d, d.push<op::matrix_exp>({{1}}, small), 1);
    return without_scratch(d, without_scratch(d, d.push<op::rotation_log>({}, q), 1), 2);
}
// Reflections that are far from singular: tau |v|^2 is 1.5 at least.
constexpr int draw_householder_product(drawing& d, entry const&) {
    int const n = d.between(1, 4), m = n + d.below(3), k = d.between(1, n);
    int const a = d.matrix(m, n), raw = d.leaf({1, {k}});
    int const squares = d.push<op::multiply>({}, raw, raw);
    int const tau = d.push<op::add>({}, squares, d.number(1.5));
    return without_scratch(d, d.push<op::householder_product>({}, a, tau), 1);
}
// Of a matrix of rank one and its singular vector: there the vectors stand still, as the derivative has it.
constexpr int draw_power_iteration(drawing& d, entry const&) {
    int const rows = d.extent(), columns = d.extent();
    int const m = d.leaf({2, {rows, columns}}), v = d.leaf({1, {columns}});
    if (m < 0 || v < 0) return -1;
    double *const a = d.computed.of(m), *const b = d.computed.of(v);
    double squares = 0;
    for (int j = 0; j < columns; ++j) squares += b[j] * b[j];
    for (int j = 0; j < columns; ++j) b[j] /= pm::math::sqrt(squares);
    for (int i = 0; i < rows; ++i)
        for (int j = columns - 1; j >= 0; --j) a[i * columns + j] = a[i * columns] * b[j];
    return d.push<op::power_iteration<std::pico>>({}, m, v);
}
// y y^T + I, which is symmetric and positive definite.
constexpr int draw_definite_matrix(drawing& d) {
    int const y = d.matrix(0, 0);
    if (y < 0) return -1;
    int const n = d.g.shape_of(y).d[0], ones = d.push<op::identity>({{n, n, 0}});
    return d.push<op::add>({}, ones, d.push<op::matmul>({{0, 1}}, y, y));
}
constexpr int draw_triangular_solve(drawing& d, entry const&) {
    int const m = draw_regular_matrix(d), upper = d.below(2), transposed = d.below(2), unit = d.below(2);
    return m < 0 ? -1 : d.push<op::triangular_solve>({{upper, transposed, unit}}, m, d.matrix(d.g.shape_of(m).d[0], 0));
}

// How filters meet images, and their windows on n elements of an axis: at least one.
struct drawn_convolution {
    op::convolution_numbers by;
    int size[2]{1, 1};

    constexpr drawn_convolution(drawing& d, int rank, int channels) {
        by.groups = channels % 2 == 0 && d.chance(0.5) ? 2 : 1;
        for (int k = rank < 4 ? 1 : 0; k < 2; ++k) {
            size[k] = d.between(1, 3);
            by.stride[k] = d.between(1, 2);
            by.dilation[k] = d.between(1, 2);
            by.padding[k] = d.below(3);
        }
    }
    constexpr int span(int k) const { return (size[k] - 1) * by.dilation[k] + 1; }
    constexpr void fit(int k, int n) {
        if (n + 2 * by.padding[k] < span(k)) size[k] = 1;
        by.size[k] = (n + 2 * by.padding[k] - span(k)) / by.stride[k] + 1;
    }
    // Two extents, and those of the axes behind them.
    constexpr pm::extents shape(int rank, int outer, int inner, int const (&n)[2]) const {
        return rank < 4 ? pm::extents{3, {outer, inner, n[1]}} : pm::extents{4, {outer, inner, n[0], n[1]}};
    }
};
constexpr int draw_convolution(drawing& d, entry const&) {
    int const x = d.some(3, 4);
    if (x < 0) return -1;
    pm::extents const s = d.g.shape_of(x);
    drawn_convolution c(d, s.rank, s.d[1]);
    for (int k = 0; k < 2; ++k) c.fit(k, k == 0 && s.rank < 4 ? 1 : s.from_end(1 - k));
    int const filters = d.leaf(c.shape(s.rank, c.by.groups * d.between(1, 2), s.d[1] / c.by.groups, c.size));
    return d.push<op::convolution>(c.by.pack(s.rank), x, filters);
}
constexpr int draw_convolution_to_images(drawing& d, entry const&) {
    int const y = d.some(3, 4);
    if (y < 0) return -1;
    pm::extents const s = d.g.shape_of(y);
    drawn_convolution c(d, s.rank, s.d[1]);
    for (int k = s.rank < 4 ? 1 : 0; k < 2; ++k) {
        int const full = (s.from_end(1 - k) - 1) * c.by.stride[k] + c.span(k) + d.below(2);
        if (full <= 2 * c.by.padding[k]) c.by.padding[k] = 0;
        c.by.size[k] = full - 2 * c.by.padding[k];
    }
    int const filters = d.leaf(c.shape(s.rank, s.d[1], d.between(1, 2), c.size));
    return d.push<op::convolution_to_images>(c.by.pack(s.rank), y, filters);
}
constexpr int draw_convolution_to_filters(drawing& d, entry const&) {
    int const x = d.some(3, 4);
    if (x < 0) return -1;
    pm::extents const s = d.g.shape_of(x);
    drawn_convolution c(d, s.rank, s.d[1]);
    for (int k = 0; k < 2; ++k) c.fit(k, k == 0 && s.rank < 4 ? 1 : s.from_end(1 - k));
    int const y = d.leaf(c.shape(s.rank, s.d[0], c.by.groups * d.between(1, 2), c.by.size));
    for (int k = 0; k < 2; ++k) c.by.size[k] = c.size[k];
    return d.push<op::convolution_to_filters>(c.by.pack(s.rank), x, y);
}

// Windows on n elements of an axis.
constexpr op::pooling_numbers draw_windows(drawing& d, int axis, int n) {
    op::pooling_numbers by{axis, 1, d.between(1, n < 3 ? n : 3), d.between(1, 2), 0};
    by.padding = d.below(by.size / 2 + 1);
    by.extent = (n + 2 * by.padding - by.size) / by.stride + 1;
    return by;
}
// The same, perhaps with elements that are apart, or adaptive ones; each has an element.
constexpr op::pooling_numbers draw_windows_of_maxima(drawing& d, int axis, int n) {
    op::pooling_numbers by = draw_windows(d, axis, n);
    if (d.chance(0.3)) {
        by.over = op::window_over::adaptive;
        by.extent = d.between(1, n + 1);
    } else if (by.size > 1 && d.chance(0.5)) {
        op::pooling_numbers apart = by;
        apart.dilation = d.between(2, 3);
        int const room = n + 2 * by.padding - (by.size - 1) * apart.dilation - 1;
        if (room < 0) return by;
        apart.extent = room / by.stride + 1;
        for (int i = 0; i < apart.extent; ++i)
            if (apart.window(i, n, apart.extent).elements < 1) return by;
        return apart;
    }
    return by;
}
template <class Op>
constexpr int draw_at_max(drawing& d, entry const&) {
    int const x = d.some(1, 4);
    if (x < 0) return -1;
    pm::extents const s = d.g.shape_of(x);
    int const axis = d.below(s.rank);
    op::pooling_numbers const by = draw_windows_of_maxima(d, axis, s.d[axis]);
    if constexpr (std::is_same_v<Op, op::take_at_max>)
        return d.push<Op>(by.pack(), x, d.chance(0.5) ? x : d.leaf(s));
    else
        return without_scratch(d, d.push<Op>(by.pack(), x, d.leaf(by.shape(s))), 1);
}
// No other element of a window is near its largest one.
constexpr bool one_is_largest(drawing const& d, pm::ir::node const& n) {
    op::pooling_numbers const by = op::pooling_numbers::from(n.attribute);
    double const* const x = d.computed.of(n.argument[0]);
    bool apart = true;
    by.each(d.g.shape_of(n.argument[0]), by.extent, [&](int, int from, auto const& w, int step) {
        int const best = op::largest_in(x, from, w.elements, step);
        for (int k = 0; k < w.elements; ++k)
            apart = apart && (from + k * step == best || x[best] - x[from + k * step] >= 0.05);
    });
    return apart;
}
constexpr int draw_window_mean(drawing& d, entry const&) {
    int const x = d.some(1, 4);
    if (x < 0) return -1;
    pm::extents const s = d.g.shape_of(x);
    int const axis = d.below(s.rank);
    op::pooling_numbers by = draw_windows(d, axis, s.d[axis]);
    by.over = static_cast<op::window_over>(d.below(3));
    if (by.over == op::window_over::adaptive) by.extent = d.between(1, s.d[axis] + 1);
    return d.push<op::window_mean>(by.pack(), x);
}
constexpr int draw_spread_of_mean(drawing& d, entry const&) {
    int const n = d.between(2, 5);
    op::pooling_numbers by = draw_windows(d, 0, n);
    by.over = static_cast<op::window_over>(d.below(3));
    int const windows = by.over == op::window_over::adaptive ? d.between(1, n) : by.extent;
    int const c = d.chance(0.5) ? d.leaf({1, {windows}}) : d.leaf({2, {windows, d.extent()}});
    by.extent = n;
    return without_scratch(d, d.push<op::spread_of_mean>(by.pack(), c), 1);
}

// The condition is often a comparison, which is zero in some places. Another one is not: where a leaf is zero, a step
// along it would change what is taken.
constexpr int draw_where(drawing& d, entry const& e) {
    if (d.chance(0.5)) return draw_elementwise(d, e);
    int const x = d.chance(0.2) ? d.leaf({}) : d.some(0, 4);
    if (x < 0) return -1;
    pm::extents const s = d.g.shape_of(x);
    int const threshold = d.partner(s, any), condition = d.push<op::greater>({}, x, threshold);
    int const one = d.partner(s, any), other = d.partner(s, any);
    return d.push<op::where>({}, condition, one, other);
}

inline constexpr std::tuple entries{
    elementwise<op::abs>(away_from_zero),
    elementwise<op::add>(),
    elementwise<op::divide>(any, domain{-1e9, 1e9, 0.3}),
    elementwise<op::equal>(more{.fits = &arguments_apart, .no_derivative = step_function}),
    elementwise<op::exp<>>(domain{-1e9, 3}),
    elementwise<op::expm1>(domain{-1e9, 3}),
    elementwise<op::greater>(more{.fits = &arguments_apart, .no_derivative = step_function}),
    elementwise<op::log>(positive),
    custom<op::multiply>(&draw_multiply),
    elementwise<op::negate>(),
    elementwise<op::relu>(away_from_zero),
    elementwise<op::sigmoid<>>(),
    elementwise<op::signed_as>(any, away_from_zero),
    elementwise<op::sign>(more{.no_derivative = step_function}, zero_or_away),
    elementwise<op::round>(more{.fits = &halves_apart, .no_derivative = step_function}),
    elementwise<op::log_cosh>(),
    elementwise<op::bounded>(domain{-1, 1}, domain{-1e9, -1.1}, domain{1.1}),
    elementwise<op::softplus<>>(),
    elementwise<op::sqrt>(positive),
    elementwise<op::subtract>(),
    elementwise<op::tanh<>>(),
    elementwise<op::cos>(),
    elementwise<op::detach>(more{.opaque = 1, .no_derivative = "it stops the gradient"}),
    elementwise<op::convert>(more{.opaque = 1, .no_derivative = "a network that is stored in 16 bits is not trained"}),
    elementwise<op::erf>(),
    elementwise<op::gelu<>>(),
    elementwise<op::greater_equal>(more{.fits = &arguments_apart, .no_derivative = step_function}),
    elementwise<op::log1p>(domain{-0.7}),
    elementwise<op::maximum>(more{.fits = &arguments_apart}),
    elementwise<op::minimum>(more{.fits = &arguments_apart}),
    elementwise<op::normal_cdf<>>(),
    elementwise<op::not_equal>(more{.fits = &arguments_apart, .no_derivative = step_function}),
    elementwise<op::rsqrt>(positive),
    elementwise<op::rsqrt_or_zero>(positive),
    elementwise<op::square_of_one>(),
    elementwise<op::root_of_squares>(positive),
    elementwise<op::scale_of_root>(more{.no_derivative = step_function}, positive),
    elementwise<op::scaled_root>(more{.opaque = 1, .no_derivative = "over_length and length have the derivative"},
                                 positive),
    elementwise<op::inverse_root_of_squares>(
        more{.opaque = 1, .no_derivative = "what is scaled by it has the derivative, along"}, positive),
    custom<op::along>(&draw_along, {.spelled_out = 2}),
    custom<op::over_length>(&draw_over_length, {.spelled_out = 1}),
    elementwise<op::inverse_deviation>(positive, positive, positive),
    custom<op::over_deviation>(&draw_over_deviation),
    custom<op::length>(&draw_length, {.spelled_out = 2}),
    elementwise<op::multiply_add>(),
    elementwise<op::scale_apart>(more{.opaque = 3, .no_derivative = "it is 1 wherever nothing overflows"}),
    elementwise<op::scaled_apart>(),
    elementwise<op::below_maximum>(),
    elementwise<op::silu<>>(),
    elementwise<op::sin>(),
    elementwise<op::smaller_part>(more{.fits = &arguments_apart}),
    elementwise<op::whole_power<3>>(),
    elementwise<op::whole_power<4>>(),
    elementwise<op::whole_power<5>>(),
    custom<op::clamp>(
        [](drawing& d, entry const&) {
            int const x = d.chance(0.3) ? d.leaf({}) : d.some(0, 4), low = d.number(-0.5), high = d.number(0.75);
            return d.push<op::clamp>({}, x, low, high);
        },
        {.fits = &apart_from_bounds}),
    custom<op::elu>([](drawing& d, entry const&) {
        int const x = d.some(0, 4, away_from_zero);
        return d.push<op::elu>({}, x, d.number(d.draw_in({0.3})));
    }),
    custom<op::pow>(&draw_pow, {.spelled_out = 2}),
    typed<op::where>{{&pm::ir::describe<op::where>, &draw_where, {away_from_zero}}},
    custom<op::scaled_sigmoid<>>(&draw_scaled_sigmoid),

    // A number, which only a scalar operation makes worth drawing.
    custom<op::constant>(
        [](drawing& d, entry const&) { return d.number(d.chance(0.5) ? d.below(3) - 1 : d.draw_in(any)); },
        {.no_derivative = no_argument}),
    custom<op::identity>(
        [](drawing& d, entry const&) {
            int const rows = d.extent(), columns = d.chance(0.5) ? rows : d.extent();
            return d.push<op::identity>({{rows, columns, d.chance(0.7) ? 0 : d.between(-2, 2)}});
        },
        {.no_derivative = no_argument}),
    custom<op::triangle>([](drawing& d, entry const&) {
        int const x = d.some(2, 4);
        return d.push<op::triangle>({{d.chance(0.5) ? 0 : d.between(-4, 4), d.chance(0.5) ? 1 : -1}}, x);
    }),

    // Views and shapes.
    custom<op::transpose>([](drawing& d, entry const&) {
        int const x = d.some(2, 4), rank = shape_or_none(d, x).rank;
        pm::attributes p{{0, 1, 2, 3}};
        for (int k = rank - 1; k > 0; --k)
            if (int const j = d.chance(0.5) ? k - 1 : d.below(k + 1); k == rank - 1 || d.chance(0.5)) {
                int const axis = p.v[k];
                p.v[k] = p.v[j];
                p.v[j] = axis;
            }
        return d.push<op::transpose>(p, x);
    }),
    custom<op::unsqueeze>([](drawing& d, entry const&) {
        int const x = d.some(0, 3);
        return d.push<op::unsqueeze>({{d.below(shape_or_none(d, x).rank + 1)}}, x);
    }),
    custom<op::broadcast_to>([](drawing& d, entry const&) {
        int const x = d.some(0, 4);
        pm::extents const from = shape_or_none(d, x);
        pm::extents to{d.between(from.rank, 4), {}};
        for (int k = 0; k < to.rank; ++k) {
            int const own = from.from_end(to.rank - 1 - k);
            to.d[k] = own == 1 && d.chance(0.7) ? d.extent() : own;
        }
        return d.push<op::broadcast_to>(shape_attribute(to), x);
    }),
    custom<op::reshape>([](drawing& d, entry const&) {
        int const x = d.some(0, 4);
        pm::extents to = shape_or_none(d, x);
        int const way = d.below(3), rank = to.rank;
        if (way == 0)  // flat
            to = {1, {to.size()}};
        else if (way == 1 && rank < 4) {  // one more axis, somewhere
            int const at = d.below(rank + 1);
            for (int k = rank; k > at; --k) to.d[k] = to.d[k - 1];
            to.d[at] = 1;
            ++to.rank;
            if (at < rank && to.d[at + 1] % 2 == 0) to.d[at] = 2, to.d[at + 1] /= 2;
        } else if (rank > 1) {  // two axes become one
            int const at = d.below(rank - 1);
            to.d[at] *= to.d[at + 1];
            for (int k = at + 1; k < rank; ++k) to.d[k] = k + 1 < rank ? to.d[k + 1] : 0;
            --to.rank;
        }
        return d.push<op::reshape>(shape_attribute(to), x);
    }),
    custom<op::slice>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        if (x < 0) return -1;
        int const axis = d.below(d.g.shape_of(x).rank), begin = d.below(d.g.shape_of(x).d[axis]);
        return d.push<op::slice>({{axis, begin, d.between(begin + 1, d.g.shape_of(x).d[axis])}}, x);
    }),
    custom<op::pad>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        if (x < 0) return -1;
        int const axis = d.below(d.g.shape_of(x).rank), begin = d.below(3);
        return d.push<op::pad>({{axis, begin, begin + d.g.shape_of(x).d[axis] + d.below(3)}}, x);
    }),

    custom<op::strided>([](drawing& d, entry const&) {
        int const x = d.find([](pm::extents const& s) { return s.rank > 0 && s.d[s.rank - 1] > 1; });
        if (x < 0) return -1;
        int const axis = longest_axis(d.g.shape_of(x)), extent = d.g.shape_of(x).d[axis];
        if (d.chance(0.4)) return d.push<op::strided>({{axis, extent - 1, -1, extent}}, x);
        int const count = d.between(2, extent), longest = (extent - 1) / (count - 1), step = d.between(1, longest),
                  first = d.below(extent - (count - 1) * step);
        bool const back = step == 1 || d.chance(0.5);
        return d.push<op::strided>({{axis, back ? first + (count - 1) * step : first, back ? -step : step, count}}, x);
    }),
    custom<op::spread>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        if (x < 0) return -1;
        int const axis = d.below(d.g.shape_of(x).rank), span = 2 * (d.g.shape_of(x).d[axis] - 1), first = d.below(2),
                  extent = first + span + (first + span == 0 ? 2 : d.between(1, 2));
        return d.chance(0.5) ? d.push<op::spread>({{axis, first, 2, extent}}, x)
                             : d.push<op::spread>({{axis, first + span, -2, extent}}, x);
    }),
    custom<op::window>([](drawing& d, entry const&) {
        // Never one of all elements: its cotangent is its adjoint, under another shape.
        int const x = d.find([](pm::extents const& s) { return s.rank > 0 && s.rank < 4 && s.d[s.rank - 1] > 1; });
        if (x < 0) return -1;
        int const axis = longest_axis(d.g.shape_of(x)), extent = d.g.shape_of(x).d[axis],
                  size = d.between(1, extent - 1), longest = size > 1 ? (extent - 1) / (size - 1) : 1,
                  dilation = d.chance(0.5) ? 1 : d.between(1, longest);
        return d.push<op::window>({{axis, size, d.between(1, 3), dilation}}, x);
    }),
    custom<op::overlap_add>([](drawing& d, entry const&) {
        int const x = d.some(2, 4);
        if (x < 0) return -1;
        pm::extents const s = d.g.shape_of(x);
        int const axis = d.below(s.rank - 1), step = d.between(1, 2), dilation = d.between(1, 2),
                  span = (s.d[axis] - 1) * step + (s.from_end(0) - 1) * dilation + 1;
        return without_scratch(d, d.push<op::overlap_add>({{axis, span + d.below(step), step, dilation}}, x), 1);
    }),

    custom<op::diagonal>([](drawing& d, entry const&) {
        int const x = d.some(2, 4);
        if (x < 0) return -1;
        pm::extents const s = d.g.shape_of(x);
        return d.push<op::diagonal>({{d.between(1 - s.from_end(1), s.from_end(0) - 1)}}, x);
    }),
    custom<op::rows_of_diagonal>(&draw_rows_of_diagonal),
    custom<op::pack_triangle>(&draw_packed<false>),
    custom<op::unpack_triangle>(&draw_packed<true>),
    custom<op::concatenate<2>>(&draw_concatenate<2>),
    custom<op::concatenate<3>>(&draw_concatenate<3>),
    custom<op::concatenate<4>>(&draw_concatenate<4>),
    custom<op::packed<2>>(&draw_packed_rows<2>),
    custom<op::packed<4>>(&draw_packed_rows<4>),
    custom<op::unpacked>([](drawing& d, entry const&) {
        int const x = d.some(1, 1), size = shape_or_none(d, x).size(), begin = d.below(size);
        return d.push<op::unpacked>({{begin, d.between(1, size - begin)}}, x);
    }),
    custom<drawn_scan<1>>(&draw_scan<1>),
    custom<drawn_scan<2>>(&draw_scan<2>),
    custom<op::gather<2, 0, 0, 1>>([](drawing& d, entry const&) {
        int const x = d.find([](pm::extents const& s) { return s.rank > 0 && s.d[0] >= 3; });
        return d.push<op::gather<2, 0, 0, 1>>({{0}}, x);
    }),
    custom<op::scatter_add<2, 0, 0, 1>>([](drawing& d, entry const&) {
        pm::extents s = d.shape(1, 3);
        int const axis = d.below(s.rank);
        s.d[axis] = 4;
        int const x = d.leaf(s), extent = d.between(3, 5);
        return without_scratch(d, d.push<op::scatter_add<2, 0, 0, 1>>({{axis, extent}}, x), 1);
    }),

    custom<op::convolution>(&draw_convolution, {.spelled_out = 1}),
    custom<op::convolution_to_images>(&draw_convolution_to_images),
    custom<op::convolution_to_filters>(&draw_convolution_to_filters),
    custom<op::take_at_max>(&draw_at_max<op::take_at_max>, {.fits = &one_is_largest}),
    custom<op::add_at_max>(&draw_at_max<op::add_at_max>, {.fits = &one_is_largest}),
    custom<op::window_mean>(&draw_window_mean),
    custom<op::spread_of_mean>(&draw_spread_of_mean),

    // Reductions.
    custom<op::sum>(&draw_reduction<op::sum>),
    custom<op::sum_of_squares>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        if (x < 0) return -1;
        pm::extents const s = d.g.shape_of(x);
        int const axis = d.below(s.rank);
        return s.d[axis] == 1 ? -1 : d.push<op::sum_of_squares>({{1 << axis}}, x);
    }),
    custom<op::max>(&draw_with_ties<op::max>, {.fits = &one_is_chosen}),
    custom<op::min>(&draw_with_ties<op::min>, {.fits = &one_is_chosen}),
    custom<op::prod>(&draw_with_zeros<op::prod>),
    custom<op::product_of_others>(
        [](drawing& d, entry const& e) {
            int const p = draw_with_zeros<op::prod>(d, e);
            if (p < 0) return -1;
            pm::ir::node const n = d.g.producer_of(p);
            int const cotangent = d.leaf(d.g.shape_of(p));
            return d.push<op::product_of_others>(n.attribute, n.argument[0], cotangent);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of prod only"}),
    custom<op::cumsum>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        return x < 0 ? -1 : d.push<op::cumsum>({{d.below(d.g.shape_of(x).rank), d.below(2)}}, x);
    }),
    custom<op::increasing>([](drawing& d, entry const&) {
        int const x = d.some(1, 4, positive);
        return x < 0 ? -1 : d.push<op::increasing>({}, x);
    }),
    custom<op::from_plane>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        return x < 0 ? -1 : d.push<op::from_plane>({}, x);
    }),
    custom<op::to_plane>([](drawing& d, entry const&) {
        int const x = d.some(1, 4);
        return x < 0 || d.g.shape_of(x).from_end(0) < 2 ? -1 : d.push<op::to_plane>({}, x);
    }),
    custom<op::walsh_hadamard>([](drawing& d, entry const&) {
        constexpr int orders[]{1, 2, 4, 8};
        return d.push<op::walsh_hadamard>({}, d.leaf({2, {d.between(1, 3), orders[d.below(4)]}}, any));
    }),
    custom<op::look_up>([](drawing& d, entry const&) {
        int const x = d.some(1, 1);
        return x < 0 ? -1 : d.push<op::look_up>({}, x, d.leaf({2, {d.between(1, 3), d.between(1, 3)}}, domain{-1, 4}));
    }),
    custom<op::add_up>([](drawing& d, entry const&) {
        int const x = d.some(0, 4), rows = d.between(1, 4);
        return x < 0 ? -1 : d.push<op::add_up>({{rows}}, x, d.leaf(d.g.shape_of(x), domain{-1, 4}));
    }),
    custom<op::share_numbers>(
        [](drawing& d, entry const&) {
            int const x = d.leaf({2, {d.between(1, 3), d.between(1, 3)}}, any);
            return without_scratch(d, d.push<op::share_numbers>({{d.between(1, 3)}}, x), 3);
        },
        {.opaque = 0b111, .no_derivative = "right_inverse alone is made of it"}),
    // Of one value it is right, too, that the gradient is that of the second argument.
    custom<op::straight_through>([](drawing& d, entry const&) {
        int const x = d.some(0, 4);
        return x < 0 ? -1 : d.push<op::straight_through>({}, x, x);
    }),
    custom<op::reduce_to>([](drawing& d, entry const&) {
        int const x = d.some(0, 4);
        pm::extents const from = shape_or_none(d, x);
        pm::extents to{d.between(0, from.rank), {}};
        for (int k = 0; k < to.rank; ++k) to.d[k] = d.chance(0.4) ? 1 : from.d[k + from.rank - to.rank];
        return d.push<op::reduce_to>(shape_attribute(to), x);
    }),

    // Labels.
    custom<op::pick>([](drawing& d, entry const&) {
        int const x = d.matrix(0, 0);
        return x < 0 ? -1 : d.push<op::pick>({}, x, d.labels(d.g.shape_of(x).d[0], d.g.shape_of(x).d[1]));
    }),
    custom<op::one_hot>(
        [](drawing& d, entry const&) {
            int const classes = d.extent();
            return d.push<op::one_hot>({{classes}}, d.labels(d.extent(), classes));
        },
        {.no_derivative = no_argument}),
    // The row that gets no gradient is read as zeros, so that nothing depends on it.
    custom<op::take>([](drawing& d, entry const&) {
        int const x = d.matrix(0, 0), rows = shape_or_none(d, x).d[0], zeros = d.chance(0.5);
        if (x < 0) return -1;
        int const row = zeros ? d.below(rows) : -1, labels = d.labels(d.extent(), rows);
        return d.push<op::take>({{row, zeros}}, x, labels);
    }),
    custom<op::add_at>([](drawing& d, entry const&) {
        int const x = d.matrix(0, 0), rows = d.extent();
        if (x < 0) return -1;
        int const padding = d.chance(0.5) ? d.below(rows) : -1;
        return without_scratch(d, d.push<op::add_at>({{padding, rows}}, x, d.labels(d.g.shape_of(x).d[0], rows)), 1);
    }),

    // Products, solves, factorizations, requirements.
    custom<op::matmul>(&draw_matmul, {.spelled_out = 2}),
    custom<op::solve>(&draw_solve, {.fits = &regular, .opaque = 0b110}),
    custom<op::lu_solve>(
        [](drawing& d, entry const& e) {
            int const s = draw_solve(d, e);
            if (s < 0) return -1;
            int const transposed = d.below(2), right = d.matrix(d.g.shape_of(s).d[0], 0);
            return d.push<op::lu_solve>({{transposed}}, s + 1, s + 2, right);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of solve only"}),
    custom<op::triangular_solve>(&draw_triangular_solve),
    custom<op::inverse>(
        [](drawing& d, entry const&) {
            int const tried = d.below(2), m = draw_regular_matrix(d);
            return without_scratch(d, d.push<op::inverse>({{tried}}, m), 1);
        },
        {.fits = &well_conditioned}),
    custom<op::cholesky<>>([](drawing& d, entry const&) { return d.push<op::cholesky<>>({}, draw_definite_matrix(d)); }),
    custom<op::lost_energy<false>>(
        [](drawing& d, entry const&) {
            int const n = 1 + d.below(4);
            int const p = d.push<op::lost_energy<false>>({}, d.leaf({2, {n, n}}, domain{-0.2, 0.2}));
            return without_scratch(d, without_scratch(d, p, 1), 2);
        },
        {.opaque = 1, .no_derivative = "right_inverse alone is made of it"}),
    custom<op::sinkhorn>([](drawing& d, entry const&) {
        int const n = d.between(1, 4);
        return without_scratch(d, d.push<op::sinkhorn>({}, d.leaf({2, {n, n}}, domain{-2, 2})), 2);
    }),
    custom<op::sinkhorn_adjoint>(
        [](drawing& d, entry const&) {
            int const n = d.between(1, 4), x = d.leaf({2, {n, n}}, domain{-2, 2});
            int const y = without_scratch(d, d.push<op::sinkhorn>({}, x), 2);
            return without_scratch(d, d.push<op::sinkhorn_adjoint>({}, y, d.matrix(n, n)), 1);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of sinkhorn only"}),
    custom<op::det>([](drawing& d, entry const&) { return d.push<op::det>({}, draw_regular_matrix(d)); },
                    {.fits = &regular_factor<1>, .opaque = 0b010}),
    custom<op::slogdet>([](drawing& d, entry const&) { return d.push<op::slogdet>({}, draw_regular_matrix(d)); },
                        {.fits = &regular_factor<2>, .opaque = 0b100}),
    custom<op::transposed_inverse>(
        [](drawing& d, entry const& e) {
            int const s = draw_solve(d, e);
            return s < 0 ? -1 : d.push<op::transposed_inverse>({}, s + 1, s + 2);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of slogdet only"}),
    custom<op::cofactors>(
        [](drawing& d, entry const& e) {
            int const s = draw_solve(d, e);
            if (s < 0) return -1;
            return without_scratch(d, d.push<op::cofactors>({}, d.g.producer_of(s + 1).argument[0], s + 1, s + 2), 1);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of det only"}),
    custom<op::matrix_exp>(&draw_matrix_exp),
    custom<op::matrix_exp_adjoint>(
        [](drawing& d, entry const& e) {
            int const s = draw_matrix_exp(d, e);
            if (s < 0) return -1;
            int const n = d.g.shape_of(s).d[0], cotangent = d.matrix(n, n);
            pm::attributes const kind = d.g.producer_of(s).attribute;
            return without_scratch(d, d.push<op::matrix_exp_adjoint>(kind, s + 1, s + 2, cotangent), 1);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of matrix_exp only"}),
    custom<op::lu>(
        [](drawing& d, entry const&) {
            int const first = d.push<op::lu>({}, draw_regular_matrix(d));
            return first < 0 ? -1 : first + 2;
        },
        {.fits = &regular_factor<2>}),
    custom<op::qr>(
        [](drawing& d, entry const&) {
            int const first = d.push<op::qr>({}, d.matrix(0, 0));
            return without_scratch(d, without_scratch(d, first, 2), 3);
        },
        {.fits = &regular_factor<1>}),
    custom<op::independent_columns>(
        [](drawing& d, entry const&) { return d.push<op::independent_columns>({}, draw_definite_matrix(d)); },
        {.fits = &regular_factor<0>}),
    custom<op::householder_product>(&draw_householder_product),
    custom<op::householder_product_adjoint>(
        [](drawing& d, entry const& e) {
            int const q = draw_householder_product(d, e);
            if (q < 0) return -1;
            pm::ir::node const& n = d.g.producer_of(q);
            pm::extents const s = d.g.shape_of(q);
            int const a = n.argument[0], tau = n.argument[1], cotangent = d.leaf(s);
            return without_scratch(d, d.push<op::householder_product_adjoint>({}, a, tau, q, cotangent), 2);
        },
        {.opaque = 0b11, .no_derivative = "it is pushed by the derivative of householder_product only"}),
    custom<op::eigh>(
        [](drawing& d, entry const&) {
            if (!d.limit.iterative) return -1;
            int const n = d.between(1, 4), x = d.matrix(n, n);
            int const a = d.push<op::add>({}, x, d.push<op::transpose>({{1, 0, 2, 3}}, x));
            return without_scratch(d, without_scratch(d, d.push<op::eigh>({}, a), 2), 3);
        },
        {.fits = &eigenvalues_apart}),
    custom<op::fitting_scale>(
        [](drawing& d, entry const&) {
            int const cotangent = d.some(0, 4), other = d.some(2, 2);
            return cotangent < 0 || other < 0 ? -1 : d.push<op::fitting_scale>({{d.below(3)}}, cotangent, other);
        },
        {.opaque = 1, .no_derivative = "it is 1 wherever nothing is near the ends of the range"}),
    custom<op::rotation_log>(&draw_rotation_log),
    custom<op::rotation_log_adjoint>(
        [](drawing& d, entry const& e) {
            int const a = draw_rotation_log(d, e);
            if (a < 0) return -1;
            int const n = d.g.shape_of(a).d[0], q = d.g.producer_of(a).argument[0], cotangent = d.matrix(n, n);
            return without_scratch(d, d.push<op::rotation_log_adjoint>({}, q, a, a + 1, cotangent), 1);
        },
        {.opaque = 1, .no_derivative = "it is pushed by the derivative of rotation_log only"}),
    custom<op::svd>(
        [](drawing& d, entry const&) {
            if (!d.limit.iterative) return -1;
            return without_scratch(d, d.push<op::svd>({}, d.matrix(0, 0)), 3);
        },
        {.fits = &well_separated}),
    custom<op::power_iteration<std::pico>>(&draw_power_iteration, {.opaque = 0b011}),
    custom<op::scale_of_size<std::pico>>(
        [](drawing& d, entry const&) { return d.push<op::scale_of_size<std::pico>>({}, d.some(0, 4)); },
        {.no_derivative = step_function}),
    custom<op::bounded_layer>([](drawing& d, entry const&) {
        int const x = d.some(0, 4);
        return x < 0 ? -1 : d.push<op::bounded_layer>({}, x, x, x);
    }),
    custom<op::require>([](drawing& d, entry const&) {
        pm::ir::node n{};
        n.operation = &pm::ir::describe<op::require>;
        n.argument[0] = d.some(0, 4);
        n.argument[1] = d.some(0, 2, away_from_zero);
        n.attribute.v[3] = d.g.size;
        n.text = "the sentence of a random requirement";
        return n.argument[0] < 0 || n.argument[1] < 0 ? -1 : d.push(n);
    }),
};

// Other spellings of what the table holds: its entries as an array, its operations as a list of types.
inline constexpr auto table =
    std::apply([](auto const&... e) { return std::array<entry, sizeof...(e)>{e...}; }, entries);
using operations = decltype(std::apply(
    [](auto const&... e) { return pm::ops<typename std::remove_cvref_t<decltype(e)>::type...>{}; }, entries));

constexpr entry const& entry_of(pm::ir::descriptor const& op) {
    for (entry const& e : table)
        if (e.operation->id == op.id) return e;
    return table[0];  // a leaf: like any operation that has nothing to say
}

// Draws the graph of `seed` into `g`, whose leaves come first; `computed` holds their elements, leaf k's at k.
constexpr void draw(pm::ir::graph& g, numbers& computed, std::uint64_t seed, limits const& limit = {}) {
    drawing d(g, computed, seed, limit, table.data(), static_cast<int>(table.size()));
    d.grow();
}

}  // namespace random_graphs
