// Your own operations, in your own file, written as the library writes its own: one that works element by element, and
// one that makes a tensor of another shape. Each states its value and its derivative once; the fused loops, the
// constant evaluation and the gradients come from that. This program checks both gradients against finite differences,
// and exits with 1 if they differ.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// Elementwise: 0 below 0, 1 above 1, x^2 (3 - 2 x) between. The derivative is 6 x (1 - x) there, which is negative
// elsewhere, where it must be 0.
struct smooth_step_of : pm::op::elementwise<smooth_step_of, 1> {
    static constexpr std::string_view name = "smooth_step";
    using uses = pm::ops<pm::op::multiply, pm::op::subtract, pm::op::relu>;  // what `derive` appends
    template <class M, class V>  // M is the mathematics, V a number or a vector of them
    static constexpr V value(V x) {
        V const inside = M::min(V(1), M::max(V(0), x));  // in this order they keep a NaN
        return inside * inside * (V(3) - V(2) * inside);
    }
    // g is the graph, a pm::ir::graph; `auto`, because what is a template is compiled only where the operation is used.
    static constexpr void derive(auto& g, pm::ir::node const& n, pm::adjoint& a) {
        using namespace pm::op;
        int const x = n.argument[0], parabola = push<multiply>(g, x, push<subtract>(g, pm::append_constant(g, 1), x));
        int const slope = push<multiply>(g, pm::append_constant(g, 6), push<relu>(g, parabola));
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], slope);
    }
};
constexpr auto smooth_step(auto const& x) {
    return pm::apply_elementwise<smooth_step_of>(x);
}

// A shape rule and a loop of its own: the circulant matrix of a vector, c[i][j] = x[(i - j) mod n]. It is linear, so
// its adjoint is another operation, whose adjoint it is in turn: the sums along the diagonals, which wrap around.
struct circulant_of : pm::op::dense<circulant_of, 1> {
    static constexpr std::string_view name = "circulant";
    using uses = pm::ops<struct wrapped_sums_of>;
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) {
        return {2, {a[0].d[0], a[0].d[0]}};
    }
    template <class M, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) x.result[0][i * n + j] = x.argument[0][(i - j + n) % n];
        return true;  // false would say that a requirement does not hold
    }
    static constexpr void derive(auto& g, pm::ir::node const&, pm::adjoint& a) {
        a.of_argument[0] = push<wrapped_sums_of>(g, a.cotangent[0]);
    }
};
struct wrapped_sums_of : pm::op::dense<wrapped_sums_of, 1> {
    static constexpr std::string_view name = "wrapped_sums";
    using uses = pm::ops<circulant_of>;
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) {
        return {1, {a[0].d[0]}};
    }
    template <class M, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        for (int k = 0; k < n; ++k) {
            x.result[0][k] = 0;
            for (int j = 0; j < n; ++j) x.result[0][k] += x.argument[0][(j + k) % n * n + j];
        }
        return true;
    }
    static constexpr void derive(auto& g, pm::ir::node const&, pm::adjoint& a) {
        a.of_argument[0] = push<circulant_of>(g, a.cotangent[0]);
    }
};
constexpr auto circulant(auto const& x) {
    static_assert(pm::extents_of<decltype(x)>.rank == 1, "circulant: the argument must be a vector");
    return pm::apply<circulant_of>(x);
}

// In use: a weight that is a circulant matrix, n numbers instead of n^2, and an activation.
struct as_circulant {
    static constexpr auto forward(auto x) { return circulant(x); }
    static constexpr auto right_inverse(auto a) { return pm::select<1, 0>(a); }
    static constexpr pm::grade inverse = pm::grade::on_image;
};
static_assert(pm::round_trips<as_circulant, pm::shape<5, 5>>());  // the compiler runs them, too

using network = pm::nn::linear<5, 5, pm::weight<as_circulant>, pm::no_bias, pm::element_type<double>>;

int main() {
    network net{pm::seed{0}};
    xt::xtensor_fixed<double, xt::xshape<3, 5>> x;
    pm::random numbers{pm::seed{1}};
    for (double& e : x) e = numbers.uniform(-2, 2);
    auto const loss = [](auto& n, auto input) { return pm::sum(smooth_step(n(input)) * input); };
    auto step = pm::value_and_grad(loss, net);
    double const* const gradient = step(x).gradient.data(0);
    double exact[5];
    for (int k = 0; k < 5; ++k) exact[k] = gradient[k];

    auto& original = net.weight.original();
    double worst = 0, largest = 0;
    for (std::size_t k = 0; k < 5; ++k) {
        constexpr double h = 1e-6;
        double const kept = original(k);
        original(k) = kept + h;
        double const above = step(x).value;
        original(k) = kept - h;
        double const below = step(x).value;
        original(k) = kept;
        if (auto const d = std::fabs((above - below) / (2 * h) - exact[k]); d > worst || d != d) worst = d;
        largest = std::fmax(largest, std::fabs(exact[k]));
    }
    auto const w = net.weight();
    bool const wraps = w(0, 4) == original(1) && w(4, 0) == original(4) && w(2, 2) == original(0);
    std::printf("gradient up to %g, off by %g; the weight is %scirculant\n", largest, worst, wraps ? "" : "NOT ");
    return worst < 1e-8 && largest > 0.1 && wraps ? 0 : 1;
}
