// The identity of an operation is its type: two lambdas, or two types local to functions, are two operations, though
// compilers print them alike. Elementwise, dense and reducing operations, in the interpreter and in the kernels, where
// equal nodes and instructions are merged.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/transpose.hpp"

namespace {

template <auto F>
struct mapped : pm::op::elementwise<mapped<F>, 1> {
    static constexpr std::string_view name = "mapped";
    template <class M, class V>
    static constexpr V value(V x) {
        return F(x);
    }
};
template <auto F, pm::traced X>
constexpr auto map(X const& x) {
    return pm::apply_elementwise<mapped<F>>(x);
}

template <class Gain>
struct gained : pm::op::elementwise<gained<Gain>, 1> {
    static constexpr std::string_view name = "gained";
    template <class M, class V>
    static constexpr V value(V x) {
        return x * V(Gain::by);
    }
};
template <class Gain>
struct dense_gain : pm::op::dense<dense_gain<Gain>, 1> {
    static constexpr std::string_view name = "dense_gain";
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = T(Gain::by) * x.argument[0][i];
        return true;
    }
};
// A weighted sum.
template <class Weight>
struct weighted_sum : pm::op::reduction<weighted_sum<Weight>> {
    static constexpr std::string_view name = "weighted_sum";
    static constexpr double start = 0;
    static constexpr int mask(pm::extents const&, pm::attributes) { return 15; }
    static constexpr pm::extents shape(pm::extents const (&)[pm::max_arguments], pm::attributes, int) { return {}; }
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return a + V(Weight::by) * b;
    }
};

constexpr auto lambdas = [](auto x) {
    return map<[]<class V>(V v) { return v + v; }>(x) + map<[]<class V>(V v) { return v + v + v; }>(x) * 10.0;
};
constexpr auto local_types = [](auto x) {
    auto const a = [&] {
        struct factor {
            enum : int { by = 2 };
        };
        return pm::apply_elementwise<gained<factor>>(x);
    }();
    auto const b = [&] {
        struct factor {
            enum : int { by = 3 };
        };
        return pm::apply_elementwise<gained<factor>>(x);
    }();
    return a + b * 10.0;
};
constexpr auto dense_operations = [](auto x) {
    auto const a = [&] {
        struct factor {
            enum : int { by = 2 };
        };
        return pm::apply<dense_gain<factor>>(x);
    }();
    auto const b = [&] {
        struct factor {
            enum : int { by = 3 };
        };
        return pm::apply<dense_gain<factor>>(x);
    }();
    return a + b * 10.0;
};
constexpr auto reductions = [](auto x) {
    auto const a = [&] {
        struct factor {
            enum : int { by = 2 };
        };
        return pm::apply<weighted_sum<factor>>(x);
    }();
    auto const b = [&] {
        struct factor {
            enum : int { by = 3 };
        };
        return pm::apply<weighted_sum<factor>>(x);
    }();
    return a + b * 10.0;
};
// The loop over a square is mirrored: equal instructions of an element and its mirror image are one.
constexpr auto mirrored = [](auto x) {
    auto const y = map<[]<class V>(V v) { return v + v; }>(x);
    return y + pm::transpose(map<[]<class V>(V v) { return v + v + v; }>(x)) * 10.0;
};

template <class F>
void expect_two_operations(F const&, double expected) {
    using P = test::value_program_of<F, float, pm::shape<4, 4>>;
    test::numbers const ones(16, 1);
    for (auto const* g : {&pm::compiled<P>::traced, &pm::compiled<P>::simplified})
        CHECK(test::interpret(*g, {ones}).outputs[0][0] == expected);
    CHECK(test::run_kernel<P, float>({ones}).outputs[0][0] == expected);
    CHECK(test::run_kernel<P, pm::simd::best<float>>({ones}).outputs[0][0] == expected);
}

}  // namespace

TEST_CASE("identity: two lambdas are two operations") {
    expect_two_operations(lambdas, 32);
    expect_two_operations(mirrored, 32);
}

TEST_CASE("identity: two local types of one name are two operations") {
    expect_two_operations(local_types, 32);
    expect_two_operations(dense_operations, 32);
}

TEST_CASE("identity: two reductions over local types of one name are two operations") {
    using P = test::value_program_of<std::remove_cvref_t<decltype(reductions)>, double, pm::shape<3>>;
    test::numbers const x{1, 2, 3};
    CHECK(test::interpret(test::simplified<P>(), {x}).outputs[0][0] == 12 + 180);
}

TEST_CASE("identity: one type is one operation") {
    CHECK(pm::id_of<pm::op::add> == pm::id_of<pm::op::add>);
    CHECK_FALSE(pm::id_of<pm::op::add> == pm::id_of<pm::op::transpose>);
    auto const g = std::make_unique<pm::ir::graph>(test::trace<float, pm::shape<4>>([](auto x) {
        struct factor {
            enum : int { by = 2 };
        };
        return pm::apply_elementwise<gained<factor>>(x) + pm::apply_elementwise<gained<factor>>(x);
    }));
    CHECK(g->size == 3);
}
