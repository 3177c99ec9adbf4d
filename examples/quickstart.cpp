// Parametrizations in one page: the examples of torch.nn.utils.parametrize.register_parametrization, line for line.
// What PyTorch checks when it runs, the compiler checks here; the rest this program checks, and exits with 1 if it does
// not hold.
//
// SPDX-License-Identifier: BSL-1.0

// [readme]
#include <paramorph/paramorph.hpp>
namespace pm = paramorph;

struct symmetric {  // a parametrization is a type
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto a) { return pm::triu(a); }
};
static_assert(pm::right_invertible<symmetric, pm::shape<5, 5>>);  // so a weight of this kind can be assigned
static_assert(pm::round_trips<symmetric, pm::shape<5, 5>>());     // and assigning it gives it back: the compiler tried

// A symmetric weight, before and after a symmetric matrix is assigned to it.
bool symmetric_weight(auto const& a) {
    pm::nn::linear<5, 5, pm::weight<symmetric>> layer{pm::seed{0}};
    auto const before = layer.weight();  // computed from what the optimizer updates, layer.weight.original()
    layer.weight = a;                    // right_inverse; refuses a matrix that is not symmetric
    return xt::allclose(before, xt::transpose(before)) && xt::allclose(layer.weight(), a);
}
// [readme]

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

// Several originals: layer.weight.original<0>() and original<1>().
struct rank_one {
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
    static constexpr auto right_inverse(auto z) {  // the nearest matrix of rank 1
        auto [u, s, vh] = pm::svd(z);
        auto root = pm::sqrt(pm::select<0, 0>(s));
        return pm::originals(pm::select<1, 0>(u) * root, pm::select<0, 0>(vh) * root);
    }
};
static_assert(pm::round_trips<rank_one, pm::shape<4, 4>>());

// Chains compose, as types and as values; their sets must meet: pm::chain<symmetric, pm::param::cayley> would not
// compile.
// [chain]
using rotation = pm::chain<pm::param::skew, pm::param::cayley>;
static_assert(std::is_same_v<rotation, decltype(pm::param::skew{} | pm::param::cayley{})>);
static_assert(pm::right_invertible<rotation, pm::shape<4, 4>>);
static_assert(pm::round_trips<rotation, pm::shape<4, 4>>());
static_assert(pm::inverse_grade<rotation, pm::shape<4, 4>> == pm::grade::right);
// [chain]

// Without a right_inverse a weight cannot be assigned, and the type says so.
struct gram {
    static constexpr auto forward(auto x) { return pm::matmul(x, pm::transpose(x)); }
};
static_assert(pm::parametrization<gram, pm::shape<4, 4>>);
static_assert(!pm::right_invertible<gram, pm::shape<4, 4>>);
static_assert(!decltype(pm::nn::linear<4, 4, pm::weight<gram>>::weight)::assignable);

// How many rows are left after elimination with full pivoting.
template <class Matrix>
int matrix_rank(Matrix m) {
    int const n = static_cast<int>(m.shape()[0]);
    int rank = 0;
    for (; rank < n; ++rank) {
        int row = rank, column = rank;
        for (int i = rank; i < n; ++i)
            for (int j = rank; j < n; ++j)
                if (std::abs(m(i, j)) > std::abs(m(row, column))) row = i, column = j;
        if (std::abs(m(row, column)) < 1e-5f) break;
        for (int j = 0; j < n; ++j) std::swap(m(rank, j), m(row, j));
        for (int i = 0; i < n; ++i) std::swap(m(i, rank), m(i, column));
        for (int i = rank + 1; i < n; ++i) {
            auto const factor = m(i, rank) / m(rank, rank);
            for (int j = rank; j < n; ++j) m(i, j) -= factor * m(rank, j);
        }
    }
    return rank;
}

void expect(bool holds, char const* what) {
    std::printf("%s: %s\n", what, holds ? "yes" : "NO");
    if (!holds) std::exit(1);
}

int main() {
    pm::random numbers{pm::seed{1}};
    xt::xtensor_fixed<float, xt::xshape<5, 5>> a;
    for (auto& x : a) x = static_cast<float>(numbers.uniform(0, 1));
    xt::xtensor_fixed<float, xt::xshape<5, 5>> const b = a + xt::transpose(a);
    expect(symmetric_weight(b), "a symmetric weight stays symmetric and takes a symmetric matrix");

    // [register]
    // On a plain layer, after the fact: the original becomes right_inverse of the weight.
    pm::nn::linear<5, 5> const plain{pm::seed{0}};
    auto layer = pm::register_parametrization<pm::weight<symmetric>>(plain);
    // [register]
    expect(layer.weight.original()(1, 2) == plain.weight()(1, 2) && layer.weight.original()(2, 1) == 0 &&
               xt::allclose(layer.weight(), xt::transpose(layer.weight())),
           "a weight on which symmetric is registered becomes symmetric");
    layer.weight = b;
    bool refused = false;
    try {
        layer.weight = a;
    } catch (pm::error const& e) {
        refused = true;
        std::printf("  %s\n", e.what());
    }
    expect(refused && xt::allclose(layer.weight(), b), "a matrix that is not symmetric is refused and changes nothing");

    pm::nn::linear<4, 4, pm::weight<rank_one>> narrow{pm::seed{0}};
    expect(matrix_rank(narrow.weight()) == 1, "a weight of rank one");
    xt::xtensor_fixed<float, xt::xshape<4, 4>> c;
    for (auto& x : c) x = static_cast<float>(numbers.uniform(-1, 1));
    narrow.weight.project(c);  // = would refuse: c has rank 4
    expect(matrix_rank(c) == 4 && matrix_rank(narrow.weight()) == 1,
           "it has rank one whatever matrix it is told to come near to");

    pm::nn::linear<4, 4, pm::weight<rotation>> turn{pm::seed{0}};
    auto const q = turn.weight();
    float worst = 0;
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j) {
            float product = i == j ? -1.0f : 0.0f;
            for (int k = 0; k < 4; ++k) product += q(k, i) * q(k, j);
            if (auto const d = std::abs(product); d > worst || d != d) worst = d;
        }
    expect(worst < 1e-5f, "a weight that is a rotation");

    xt::xtensor_fixed<float, xt::xshape<5>> const x{1, 2, 3, 4, 5};
    auto const y = layer(x);
    float expected = layer.bias()(2);
    for (int k = 0; k < 5; ++k) expected += b(2, k) * x(k);
    expect(std::abs(y(2) - expected) < 1e-5f, "the layer multiplies by its weight");
}
