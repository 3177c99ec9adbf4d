// The laws of packed parametrizations, that they make what the full ones make of half the numbers, and conversions of
// originals.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

template <class P>
using packed = pm::param::packed<P>;
using pm::param::lower_triangular;
using pm::param::skew;
using pm::param::symmetric;
using pm::param::upper_triangular;

// Half the numbers.
template <class P, int N>
constexpr int originals_of = pm::tensor<pm::shape<N, N>, pm::chain<P>>::traits::template original_shape<0>::size;
static_assert(originals_of<packed<symmetric>, 9> == 45 && originals_of<symmetric, 9> == 81);
static_assert(originals_of<packed<skew>, 9> == 36 && originals_of<packed<skew>, 2> == 1);
static_assert(originals_of<packed<upper_triangular>, 4> == 10 && originals_of<packed<lower_triangular>, 1> == 1);
static_assert(pm::inverse_grade<packed<skew>, pm::shape<3, 3>> == pm::grade::bijective);
static_assert(pm::round_trips<packed<upper_triangular>, pm::shape<2, 2>>());

// Originals convert in the compiler too.
constexpr bool converts() {
    double const full[]{1, 2, 3, 9, 4, 5, 9, 9, 6};
    double half[6]{}, again[9]{}, strict[3]{};
    pm::param::pack_original<symmetric>(full, half, 3);
    pm::param::unpack_original<symmetric>(half, again, 3);
    pm::param::pack_original<skew>(full, strict, 3);
    for (int k = 0; k < 6; ++k)
        if (half[k] != k + 1) return false;
    return again[2] == 3 && again[3] == 0 && again[8] == 6 && strict[0] == 2 && strict[1] == 3 && strict[2] == 5;
}
static_assert(converts());

TEST_CASE("laws: packed symmetric and skew", "[behaviour-j]") {
    CHECK(pm::laws<packed<symmetric>, pm::shape<9, 9>>::check() == "");
    CHECK(pm::laws<packed<skew>, pm::shape<9, 9>>::check() == "");
}
TEST_CASE("laws: packed triangular") {
    CHECK(pm::laws<packed<lower_triangular>, pm::shape<5, 5>>::check() == "");
    CHECK(pm::laws<packed<upper_triangular>, pm::shape<3, 3>>::check() == "");
}
TEST_CASE("laws: packed skew then cayley") {
    CHECK(pm::laws<pm::chain<packed<skew>, pm::param::cayley>, pm::shape<4, 4>>::check() == "");
}
TEMPLATE_TEST_CASE("packed: the same value from a converted original", "", symmetric, skew, upper_triangular,
                   lower_triangular) {
    using square = pm::shape<4, 4>;
    pm::tensor<square, pm::chain<TestType>> full;
    pm::random numbers{pm::seed{1}};
    full.initialize(numbers, 1);
    auto half = pm::make_container<pm::shape<originals_of<packed<TestType>, 4>>, float>();
    pm::param::pack_original<TestType>(full.original().data(), half.data(), 4);
    pm::tensor<square, pm::chain<packed<TestType>>> small;
    small.initialize(numbers, 1);
    small.original() = half;
    CHECK((small() == full()));
    pm::param::unpack_original<TestType>(half.data(), full.original().data(), 4);
    CHECK((small() == full()));
}
