// How well can a parametrization be undone? The grade is part of its type, composes along a chain, and is checked by
// the compiler; assigning relies on it.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using square = pm::shape<3, 3>;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;

// Bijective: every original has one value and every value one original.
struct doubled {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};
// Right: every symmetric matrix can be made, by many originals; what stands below their diagonal does not count.
using symmetric = pm::param::symmetric;
// On its image only, which is what a stage is taken to be that claims nothing: a matrix whose first row is zero comes
// back, others do not.
struct headless {
    static constexpr auto forward(auto x) { return x * pm::pad<0, 1, 0>(pm::slice<0, 1, 3>(x) * 0.0 + 1.0); }
    static constexpr auto right_inverse(auto y) { return y; }
};
// None: nobody has written how to undo it.
struct gram {
    static constexpr auto forward(auto x) { return pm::matmul(x, pm::transpose(x)); }
};

static_assert(pm::inverse_grade<doubled, square> == pm::grade::bijective);
static_assert(pm::inverse_grade<symmetric, square> == pm::grade::right);
static_assert(pm::inverse_grade<headless, square> == pm::grade::on_image);
static_assert(pm::inverse_grade<gram, square> == pm::grade::none);

// A chain is as good as its worst stage; and where a stage takes more than the one before it makes, as doubled takes
// any matrix, only what the chain has made comes back.
static_assert(pm::inverse_grade<pm::chain<doubled, symmetric>, square> == pm::grade::right);
static_assert(pm::inverse_grade<pm::chain<doubled, doubled>, square> == pm::grade::bijective);
static_assert(pm::inverse_grade<pm::chain<symmetric, doubled>, square> == pm::grade::on_image);
static_assert(pm::round_trips<pm::chain<symmetric, doubled>, square>());
static_assert(!pm::right_invertible<pm::chain<symmetric, gram>, square>);

// The compiler tries what is claimed, at samples. Were doubled's right_inverse `return y;`, this would not compile.
static_assert(pm::round_trips<doubled, square>());
static_assert(pm::round_trips<symmetric, square>());
static_assert(pm::round_trips<headless, square>());

template <class Tensor>
bool takes(Tensor& t, matrix const& a) {
    pm::status const s = t.try_assign(a);  // or `t = a`, which throws pm::error
    std::printf("  %s\n", s.ok() ? "assigned" : s.failed);
    return s.ok();
}

int main() {
    matrix const any{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, mirrored{{1, 2, 3}, {2, 5, 6}, {3, 6, 9}},
        cut{{0, 0, 0}, {4, 5, 6}, {7, 8, 9}};
    bool good = true;

    std::puts("bijective takes every matrix, and its original is known:");
    pm::tensor<square, pm::chain<doubled>> a;
    good = takes(a, any) && a.original()(2, 2) == 4.5f && good;

    std::puts("right takes every element of its set, and nothing else:");
    pm::tensor<square, pm::chain<symmetric>> b;
    good = !takes(b, any) && b.empty() && takes(b, mirrored) && b()(2, 0) == 3 && good;

    std::puts("on_image takes what it can make:");
    pm::tensor<square, pm::chain<headless>> c;
    good = !takes(c, any) && takes(c, cut) && c()(1, 1) == 5 && good;

    // For none, an assignment does not compile: "a stage of this tensor's chain has no right_inverse".
    static_assert(!pm::tensor<square, pm::chain<gram>>::assignable);
    return good ? 0 : 1;
}
