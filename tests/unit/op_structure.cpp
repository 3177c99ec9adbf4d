// Operations that take tensors apart and put them together: permute, diagonal, pad, concatenate, stack, gather, cumsum.
// Value against a naive formula, derivative against finite differences, what becomes one loop. Their kernels are
// compared in op_kernels_structure.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/pack.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/stack.hpp"
#include "paramorph/op/walsh_hadamard.hpp"

using v3 = pm::shape<3>;
using m23 = pm::shape<2, 3>;
using m34 = pm::shape<3, 4>;
using t234 = pm::shape<2, 3, 4>;

namespace {

template <class Input>
pm::extents shape_of(auto const& f) {
    auto const g = std::make_unique<pm::ir::graph>(test::trace<double, Input>(f));
    return g->shape_of(g->outputs[0]);
}

constexpr double none = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("op: permute takes any order of the axes") {
    CHECK(test::of_counted<v3>([](auto x) { return pm::permute<0>(x); }) == test::counted(3));
    CHECK(test::of_counted<m23>([](auto x) { return pm::permute<-1, 0>(x); }) == test::numbers{0, 3, 1, 4, 2, 5});
    using t2345 = pm::shape<2, 3, 4, 5>;
    CHECK(shape_of<t2345>([](auto x) { return pm::permute<2, -1, 0, 1>(x); }) == pm::extents{4, {4, 5, 2, 3}});
    auto const y = test::of_counted<t2345>([](auto x) { return pm::permute<2, -1, 0, 1>(x); });
    for (std::size_t i = 0; i < 120; ++i) {
        std::size_t const a = i / 60, b = i / 20 % 3, c = i / 5 % 4, d = i % 5;
        REQUIRE(y[((c * 5 + d) * 2 + a) * 3 + b] == static_cast<double>(i));
    }
    test::expect_gradient<pm::shape<2, 1, 3, 2>>([](auto x) { return pm::exp(pm::permute<3, 0, 2, 1>(x)) * 2.0; });
}

TEST_CASE("op: diagonal") {
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal(x); }) == test::numbers{0, 5, 10});
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal<1>(x); }) == test::numbers{1, 6, 11});
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal<3>(x); }) == test::numbers{3});
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal<-1>(x); }) == test::numbers{4, 9});
    CHECK(test::of_counted<t234>([](auto x) { return pm::diagonal<2>(x); }) == test::numbers{2, 7, 14, 19});
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal<-1>(pm::exp(pm::tril(x)) * 0.0 + pm::tril(x)); }) ==
          test::numbers{4, 9});
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal<1>(pm::tril(x)); }) == test::numbers{0, 0, 0});
    CHECK(test::of_counted<m34>([](auto x) { return pm::diagonal<-1>(pm::transpose(x)); }) == test::numbers{1, 6, 11});
    test::expect_gradient<t234, pm::shape<5, 2>>([](auto x, auto y) {
        return std::tuple{pm::diagonal(x * x), pm::diagonal<2>(pm::exp(x)), pm::diagonal<-1>(x),
                          pm::diagonal<-3>(y) * pm::diagonal<0>(y)};
    });
}

TEST_CASE("op: from_diagonal") {
    CHECK(test::of_counted<v3>([](auto x) { return pm::from_diagonal(x + 1.0); }) ==
          test::numbers{1, 0, 0, 0, 2, 0, 0, 0, 3});
    CHECK(test::of_counted<pm::shape<2>>([](auto x) { return pm::from_diagonal<1>(x + 1.0); }) ==
          test::numbers{0, 1, 0, 0, 0, 2, 0, 0, 0});
    CHECK(test::of_counted<pm::shape<2>>([](auto x) { return pm::from_diagonal<-1>(x + 1.0); }) ==
          test::numbers{0, 0, 0, 1, 0, 0, 0, 2, 0});
    CHECK(test::of_counted<pm::shape<2, 2>>([](auto x) { return pm::from_diagonal(x + 1.0); }) ==
          test::numbers{1, 0, 0, 2, 3, 0, 0, 4});
    // Beside the diagonal there are zeros, whatever stands on it.
    auto const odd = test::interpret<pm::shape<2>>([](auto x) { return pm::from_diagonal(x); }, {{infinite, none}});
    CHECK(test::close(odd.outputs[0], {infinite, 0, 0, none}, 0));
    CHECK(test::of_counted<v3>([](auto x) { return pm::diagonal<-2>(pm::from_diagonal<-2>(x)); }) == test::counted(3));
    test::expect_gradient<v3, pm::shape<2, 2>>([](auto x, auto y) {
        return std::tuple{pm::from_diagonal(x * x) * 2.0, pm::from_diagonal<2>(pm::exp(x)), pm::from_diagonal<-1>(x),
                          pm::from_diagonal<-1>(y) * pm::from_diagonal<-1>(y)};
    });
}

TEST_CASE("op: what becomes of diagonals in loops") {
    // From a vector to what is done with the matrix: one loop, forward and backward.
    auto const scaled = [](auto v, auto x) { return pm::from_diagonal(v) * 2.0 + x; };
    auto const p = test::passes<pm::shape<8>, pm::shape<8, 8>>(scaled);
    CHECK(p.plan->step_count == 1);
    CHECK(p.memory->bytes == 0);
    CHECK(p.plan->steps[0].masked);
    auto const q = test::gradient_passes<pm::shape<8>, pm::shape<8, 8>>(scaled);
    CHECK(q.plan->dense_steps == 0);
    CHECK(q.memory->bytes == 0);
    // Only the diagonal is computed, not the matrix.
    auto const r = test::passes<pm::shape<8, 8>>([](auto x) { return pm::diagonal(pm::exp(pm::triu(x) * 1.0)) * 2.0; });
    CHECK(r.sound());
    auto const s = test::passes<pm::shape<8, 8>>([](auto x) { return pm::diagonal(pm::exp(x)) * 2.0; });
    CHECK(s.plan->step_count == 1);
    CHECK(s.memory->bytes == 0);
    CHECK(s.plan->steps[0].space[2] == 1);
}

TEST_CASE("op: packed triangles") {
    using m3 = pm::shape<3, 3>;
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_upper(x); }) == test::numbers{0, 1, 2, 4, 5, 8});
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_upper<1>(x); }) == test::numbers{1, 2, 5});
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_upper<-1>(x); }) == test::numbers{0, 1, 2, 3, 4, 5, 7, 8});
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_upper<-2>(x); }) == test::counted(9));
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_lower(x); }) == test::numbers{0, 3, 4, 6, 7, 8});
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_lower<-2>(x); }) == test::numbers{6});
    CHECK(test::of_counted<m3>([](auto x) { return pm::pack_lower<1>(x); }) == test::numbers{0, 1, 3, 4, 5, 6, 7, 8});
    CHECK(test::of_counted<pm::shape<2, 2, 2>>([](auto x) { return pm::pack_upper(x); }) ==
          test::numbers{0, 1, 3, 4, 5, 7});
    CHECK(test::of_counted<pm::shape<6>>([](auto v) { return pm::unpack_upper<3>(v + 1.0); }) ==
          test::numbers{1, 2, 3, 0, 4, 5, 0, 0, 6});
    CHECK(test::of_counted<pm::shape<3>>([](auto v) { return pm::unpack_upper<3, 1>(v + 1.0); }) ==
          test::numbers{0, 1, 2, 0, 0, 3, 0, 0, 0});
    CHECK(test::of_counted<pm::shape<6>>([](auto v) { return pm::unpack_lower<3>(v + 1.0); }) ==
          test::numbers{1, 0, 0, 2, 3, 0, 4, 5, 6});
    CHECK(test::of_counted<pm::shape<2, 1>>([](auto v) { return pm::unpack_lower<2, -1>(v + 1.0); }) ==
          test::numbers{0, 0, 1, 0, 0, 0, 2, 0});
    // The other triangle is not read.
    auto const odd =
        test::interpret<pm::shape<2, 2>>([](auto x) { return pm::pack_upper(x); }, {{1, infinite, none, 3}});
    CHECK(test::close(odd.outputs[0], {1, infinite, 3}, 0));
    // One undoes the other.
    auto const back = test::passes<pm::shape<6>>([](auto v) { return pm::pack_lower(pm::unpack_lower<3>(v)) * 2.0; });
    CHECK((back.count("pack_triangle") == 0 && back.count("unpack_triangle") == 0));
    auto const again = test::passes<m3>([](auto x) { return pm::unpack_upper<3, 1>(pm::pack_upper<1>(x)) * 2.0; });
    CHECK((again.count("pack_triangle") == 0 && again.count("triangle") == 1));
    CHECK(test::of_counted<m3>([](auto x) { return pm::unpack_upper<3, 1>(pm::pack_upper<1>(x)); }) ==
          test::numbers{0, 1, 2, 0, 0, 5, 0, 0, 0});
    // Another triangle of the same size does not.
    CHECK(test::of_counted<m3>([](auto x) { return pm::unpack_lower<3>(pm::pack_upper(x)); }) ==
          test::numbers{0, 0, 0, 1, 2, 0, 4, 5, 8});
    CHECK(test::of_counted<pm::shape<6>>([](auto v) { return pm::pack_upper(pm::unpack_lower<3>(v + 1.0)); }) ==
          test::numbers{1, 0, 0, 3, 0, 6});
    test::expect_gradient<m3, pm::shape<2, 3>>([](auto x, auto v) {
        return std::tuple{pm::pack_upper(x * x), pm::pack_lower<-1>(pm::exp(x)), pm::unpack_upper<2>(v * v),
                          pm::unpack_lower<3, -1>(pm::exp(v))};
    });
}

TEST_CASE("op: pad") {
    CHECK(test::of_counted<m23>([](auto x) { return pm::pad<1, 1, 0>(x + 1.0); }) ==
          test::numbers{0, 1, 2, 3, 0, 4, 5, 6});
    CHECK(test::of_counted<m23>([](auto x) { return pm::pad<-2, 0, 1>(x + 1.0); }) ==
          test::numbers{1, 2, 3, 4, 5, 6, 0, 0, 0});
    CHECK(test::of_counted<m23>([](auto x) { return pm::pad<0, 0, 0>(x); }) == test::counted(6));
    CHECK(test::of_counted<pm::shape<1>>([](auto x) { return pm::pad<0, 2, 1>(x + 1.0); }) ==
          test::numbers{0, 0, 1, 0});
    auto const undone = test::passes<m23>([](auto x) { return pm::slice<1, 1, 4>(pm::pad<1, 1, 5>(x)) * 2.0; });
    CHECK(undone.count("pad") == 0);
    auto const part = test::passes<m23>([](auto x) { return pm::slice<1, 0, 3>(pm::pad<1, 1, 5>(x)) * 2.0; });
    CHECK(part.count("pad") == 1);
    test::expect_gradient<t234>([](auto x) { return pm::pad<2, 0, 3>(pm::pad<0, 2, 1>(x * x)); });
}

TEST_CASE("op: concatenate and stack") {
    auto const two = [](auto const& f, test::numbers const& a, test::numbers const& b) {
        return test::interpret<m23, m23>(f, {a, b}).outputs[0];
    };
    test::numbers const a = test::counted(6), b{10, 11, 12, 13, 14, 15};
    CHECK(two([](auto x, auto y) { return pm::concatenate<0>(x, y); }, a, b) ==
          test::numbers{0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15});
    CHECK(two([](auto x, auto y) { return pm::concatenate<-1>(x, y); }, a, b) ==
          test::numbers{0, 1, 2, 10, 11, 12, 3, 4, 5, 13, 14, 15});
    CHECK(two([](auto x, auto y) { return pm::stack<1>(x, y); }, a, b) ==
          test::numbers{0, 1, 2, 10, 11, 12, 3, 4, 5, 13, 14, 15});
    CHECK(two([](auto x, auto y) { return pm::stack<-1>(x, y); }, a, b) ==
          test::numbers{0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15});
    CHECK(shape_of<pm::shape<>>([](auto x) { return pm::stack<0>(x, x, x); }) == pm::extents{1, {3}});
    CHECK(test::of_counted<m23>([](auto x) { return pm::concatenate<1>(x); }) == test::counted(6));
    // Any number of arguments, of different lengths.
    CHECK(test::of_counted<v3>([](auto x) {
              auto const one = pm::slice<0, 1, 2>(x);
              auto const both = pm::slice<0, 1, 3>(x);
              return pm::concatenate<0>(x, one, both, x, one, one, both, x, x);
          }) == test::numbers{0, 1, 2, 1, 1, 2, 0, 1, 2, 1, 1, 1, 2, 0, 1, 2, 0, 1, 2});
    test::expect_gradient<m23, pm::shape<2, 1>, m23>([](auto x, auto y, auto z) {
        return std::tuple{pm::concatenate<1>(x * x, y, pm::exp(z), y, x) * 2.0, pm::concatenate<0>(x, z),
                          pm::stack<0>(x, z * x), pm::stack<2>(x, x)};
    });
}

TEST_CASE("op: gather by constant indices") {
    CHECK(test::of_counted<m34>([](auto x) { return pm::gather<1, 3, 0, 1>(x); }) ==
          test::numbers{3, 0, 1, 7, 4, 5, 11, 8, 9});
    CHECK(test::of_counted<m34>([](auto x) { return pm::gather<-2, 2, 2, 0>(x); }) ==
          test::numbers{8, 9, 10, 11, 8, 9, 10, 11, 0, 1, 2, 3});
    CHECK(test::of_counted<t234>([](auto x) { return pm::gather<1, 2, 0>(x); }) ==
          test::numbers{8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15});
    CHECK(shape_of<t234>([](auto x) { return pm::gather<1, 2, 0, 1, 1>(x); }) == pm::extents{3, {2, 4, 4}});
    CHECK(test::of_counted<v3>([](auto x) { return pm::gather<0, 1, 2>(x); }) == test::numbers{1, 2});
    CHECK(test::passes<v3>([](auto x) { return pm::gather<0, 1, 2>(x); }).count("gather") == 0);
    // Two lists of indices are two operations.
    CHECK(test::passes<v3>([](auto x) { return pm::gather<0, 2, 0>(x) + pm::gather<0, 0, 2>(x); }).count("gather") ==
          2);
    test::expect_gradient<t234>([](auto x) {
        return std::tuple{pm::gather<1, 2, 0, 2, 2>(x * x), pm::gather<2, 3, 1>(pm::exp(x)), pm::gather<0, 1, 0>(x)};
    });
    // A part that no index names has no gradient; one named twice has two.
    auto const g = std::make_unique<pm::ir::graph>(
        pm::ir::simplify(test::trace_gradient<double, pm::shape<4>>([](auto x) { return pm::gather<0, 3, 1, 3>(x); })));
    CHECK(test::interpret(*g, {test::counted(4), {1, 10, 100}}).outputs[1] == test::numbers{0, 10, 0, 101});
}

TEST_CASE("op: cumsum") {
    CHECK(test::of_counted<pm::shape<5>>([](auto x) { return pm::cumsum<0>(x); }) == test::numbers{0, 1, 3, 6, 10});
    CHECK(test::of_counted<m23>([](auto x) { return pm::cumsum<-1>(x); }) == test::numbers{0, 1, 3, 3, 7, 12});
    CHECK(test::of_counted<m23>([](auto x) { return pm::cumsum<0>(x); }) == test::numbers{0, 1, 2, 3, 5, 7});
    CHECK(test::of_counted<pm::shape<1>>([](auto x) { return pm::cumsum<0>(x + 3.0); }) == test::numbers{3});
    auto const odd =
        test::interpret<pm::shape<5>>([](auto x) { return pm::cumsum<0>(x); }, {{1, infinite, 2, -infinite, 3}});
    CHECK(test::close(odd.outputs[0], {1, infinite, infinite, none, none}, 0));
    test::expect_gradient<t234>(
        [](auto x) { return std::tuple{pm::cumsum<0>(x * x), pm::cumsum<1>(pm::exp(x)), pm::cumsum<2>(x)}; });
}

TEST_CASE("op: walsh_hadamard") {
    CHECK(test::of_counted<pm::shape<4>>([](auto x) { return pm::walsh_hadamard(x); }) == test::numbers{6, -2, -4, 0});
    CHECK(test::of_counted<pm::shape<1>>([](auto x) { return pm::walsh_hadamard(x + 3.0); }) == test::numbers{3});
    CHECK(test::of_counted<pm::shape<2, 2>>([](auto x) { return pm::walsh_hadamard(x); }) ==
          test::numbers{1, -1, 5, -1});
    CHECK(test::of_counted<pm::shape<2, 8>>([](auto x) { return pm::walsh_hadamard(pm::walsh_hadamard(x)) * 0.125; }) ==
          test::counted(16));
    test::expect_gradient<pm::shape<3, 4>>([](auto x) { return pm::walsh_hadamard(pm::exp(x)); });
}

TEST_CASE("op: parts are written where they belong") {
    using m68 = pm::shape<6, 8>;
    // Computed for this alone: no temporary, and nothing is left to copy.
    auto const p = test::passes<m68, m68>([](auto x, auto y) { return pm::concatenate<1>(pm::exp(x), y * 2.0); });
    CHECK(p.plan->subview_count == 2);
    CHECK(p.memory->bytes == 0);
    CHECK(p.plan->step_count == 2);  // one loop for both, and the concatenation, which has nothing to do
    CHECK(p.sound());
    // One run of the result: dense results, and what others read as well.
    auto const q = test::passes<m68, pm::shape<8, 8>>([](auto x, auto y) {
        auto const z = pm::exp(x);
        return std::tuple{pm::concatenate<0>(pm::matmul(x, y), z), pm::matmul(z, y)};
    });
    CHECK(q.plan->subview_count == 2);
    CHECK(q.memory->bytes == 0);
    CHECK(q.sound());
    // Several runs, and read elsewhere too, or an argument, or twice the same: a copy.
    auto const r = test::passes<m68>([](auto x) {
        auto const z = pm::exp(x);
        return std::tuple{pm::concatenate<1>(z, x), pm::matmul(pm::transpose(z), x)};
    });
    CHECK(r.plan->subview_count == 0);
    CHECK(r.sound());
    auto const t = test::passes<m68>([](auto x) {
        auto const z = pm::exp(x);
        return pm::concatenate<1>(z, z) * 2.0;
    });
    CHECK(t.plan->subview_count == 0);
    CHECK(t.sound());
    // A part of a part, between zeros.
    auto const u = test::passes<m68>([](auto x) {
        auto const both = pm::concatenate<0>(pm::exp(x), pm::slice<0, 0, 2>(x));
        return pm::matmul(pm::pad<0, 1, 1>(both), pm::transpose(x));
    });
    CHECK(u.plan->subview_count == 3);
    CHECK(u.memory->bytes == 10 * 8 * 4);
    CHECK(u.sound());
    // A vector as the column of a matrix has runs of one element.
    auto const w = test::passes<pm::shape<8>>([](auto x) { return pm::stack<1>(pm::exp(x), x * 2.0); });
    CHECK(w.plan->subview_count == 0);
    CHECK(w.sound());
    auto const v = test::gradient_passes<m68, pm::shape<3, 6, 2>>([](auto x, auto y) {
        auto const columns =
            pm::stack<1>(pm::slice<1, 1, 3>(x), pm::slice<1, 2, 4>(x * x), pm::exp(pm::slice<1, 0, 2>(x)));
        return std::tuple{pm::pad<1, 1, 2>(x * x), pm::concatenate<1>(y * y, pm::permute<1, 0, 2>(columns))};
    });
    CHECK(v.sound());
}
