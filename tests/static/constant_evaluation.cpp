// Constant evaluation refuses an overflow and a NaN; the interpreter answers with a status before that happens. Every
// dense operation and every sum, with NaN, infinities, huge and tiny numbers at each place of its
// argument, and with a matrix of them; and the algorithms of core/ on their own.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "paramorph/core/cholesky.hpp"
#include "paramorph/core/eigh.hpp"
#include "paramorph/core/inverse_unpivoted.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/core/matrix_exponential.hpp"
#include "paramorph/core/reflectors.hpp"
#include "paramorph/core/rotation_log.hpp"
#include "paramorph/core/svd.hpp"
#include "paramorph/graph/differentiate.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/eigh.hpp"
#include "paramorph/op/householder_product.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/lu.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/op/pack.hpp"
#include "paramorph/op/power_iteration.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/qr.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/rotation_log.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace pm = paramorph;

namespace {

constexpr int n = 3;
constexpr double infinity = std::numeric_limits<double>::infinity(),
                 special[]{std::numeric_limits<double>::quiet_NaN(), infinity, -infinity, 1e300, -1e300, 1e-310, 0};

constexpr int first_id(auto const& r) {
    if constexpr (requires { r.id; })
        return r.id;
    else
        return std::get<0>(r).id;
}

// Is the program evaluated, to whatever status, for a regular matrix with one element of those above, and for a matrix
// of them? NaN must not come out as a number.
template <class F>
constexpr bool answers(F f, bool moves = false) {
    pm::ir::graph g = pm::new_graph<double>();
    auto const x = pm::append_leaf<pm::shape<n, n>, double>(g, 0);
    g.output(first_id(f(x)));
    int const size = g.shape_of(g.outputs[0]).size();
    double result[n * n * n]{};
    double* const outputs[]{result};
    for (double const s : special)
        for (int at = 0; at <= n * n; ++at) {
            double a[n * n]{4, 0.5, -0.25, 0.5, 3, 0.125, -0.25, 0.125, 2};
            for (int i = 0; i < n * n; ++i)
                if (i == at || at == n * n) a[i] = s;
            double const* const arguments[]{a};
            pm::status const status = pm::ir::evaluate(g, arguments, outputs);
            if (at == n * n && s != s && !moves && status.ok())
                for (int i = 0; i < size; ++i)
                    if (result[i] == result[i]) return false;
        }
    return true;
}

static_assert(answers([](auto x) { return pm::cholesky(x); }));
static_assert(answers([](auto x) { return pm::inverse(x); }));
static_assert(answers([](auto x) { return pm::inverse<pm::pivoting::when_needed>(x); }));
static_assert(answers([](auto x) { return pm::cayley_inverse(x); }));
static_assert(answers([](auto x) { return pm::solve(x, x); }));
static_assert(answers([](auto x) { return pm::lu(x); }));
static_assert(answers([](auto x) { return pm::eigh(x); }));
static_assert(answers([](auto x) { return pm::svd(x); }));
static_assert(answers([](auto x) { return pm::qr(x); }));
static_assert(answers([](auto x) { return pm::matrix_exp(x); }));
static_assert(answers([](auto x) { return pm::matrix_exp<pm::matrix_kind::skew>(x); }));
static_assert(answers([](auto x) { return pm::rotation_log(x); }));
static_assert(answers([](auto x) {
    return pm::householder_product(x, pm::reshape<pm::shape<n>>(pm::slice<0, 0, 1>(x)));
}));
static_assert(answers([](auto x) { return pm::triangular_solve(x, x); }));
static_assert(answers([](auto x) { return pm::matmul(x, x); }));
static_assert(answers([](auto x) { return pm::sum<0>(x); }));
static_assert(answers([](auto x) { return pm::cumsum<0>(x); }));
static_assert(answers([](auto x) {
    return pm::apply<pm::op::product_of_others, pm::attributes{{1}}>(x, pm::select<0, 0>(x));
}));
static_assert(answers([](auto x) { return pm::concatenate<0>(x, x); }));
static_assert(answers([](auto x) { return pm::pack_upper(x); }));
static_assert(answers([](auto x) { return pm::max<0>(x); }, true));
static_assert(answers([](auto x) { return pm::min<0>(x); }, true));

// What only moves or compares numbers takes every one of them.
template <class F>
constexpr bool takes_infinity(F f) {
    pm::ir::graph g = pm::new_graph<double>();
    g.output(f(pm::append_leaf<pm::shape<n, n>, double>(g, 0)).id);
    double const a[n * n]{infinity, infinity, infinity, infinity, infinity, infinity, infinity, infinity, infinity};
    double result[2 * n * n]{};
    double const* const arguments[]{a};
    double* const outputs[]{result};
    return pm::ir::evaluate(g, arguments, outputs).ok() && result[0] == infinity;
}
static_assert(takes_infinity([](auto x) { return pm::max<0>(x); }));
static_assert(takes_infinity([](auto x) { return pm::concatenate<1>(x, x); }));
static_assert(takes_infinity([](auto x) { return pm::pack_lower(x); }));

// The algorithms themselves: false, not an error.
template <class F>
constexpr bool refuses(F f) {
    for (double const s : special)
        for (int at = 0; at < 4; ++at) {
            if (!(s != s || s > 1e308 || s < -1e308)) continue;
            double a[4]{2, 0.5, 0.5, 1};
            a[at] = s;
            if (f(a) && at != 1) return false;  // of a symmetric matrix the lower triangle is read
        }
    return true;
}
namespace linalg = pm::linalg;
using blocks = linalg::scalar_blocks<double>;
static_assert(refuses([](double* a) {
    double l[4]{};
    return linalg::cholesky<blocks>(a, l, 2);
}));
static_assert(refuses([](double* a) {
    double b[4]{}, scratch[4]{}, largest = 0;
    return linalg::inverse_of_definite<blocks>(a, b, scratch, 2, largest);
}));
static_assert(refuses([](double* a) {
    double lu[4]{};
    std::int32_t pivots[2]{};
    return linalg::lu_factor(a, lu, pivots, 2);
}));
static_assert(refuses([](double* a) {
    double w[2]{}, v[4]{}, scratch[4]{};
    return linalg::eigh<blocks>(a, w, v, scratch, 2);
}));
static_assert(refuses([](double* a) {
    double u[4]{}, s[2]{}, vh[4]{};
    return linalg::svd<>(a, u, s, vh, 2, 2);
}));
static_assert(refuses([](double* a) {
    double tau[2]{}, w[2]{};
    return linalg::qr_factor<blocks>(a, tau, w, 2, 2);
}));
static_assert(refuses([](double* a) {
    double result[4]{}, tape[4 * linalg::detail::exponential_tape]{};
    int steps = 0;
    return linalg::exponential<false>(linalg::scalar_squares<double>{2}, a, result, tape, steps);
}));
static_assert(refuses([](double* a) { return linalg::detail::all_finite(a, 4); }));

}  // namespace
