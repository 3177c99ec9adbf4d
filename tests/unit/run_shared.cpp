// One call of a program, shared among threads: the numbers are those of one thread, to the bit, for any number of parts
// in any order; which steps are shared. (Races: threads.cpp.)
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <vector>

#include "../support.hpp"
#include "paramorph/kernel/run_shared.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

// Parts one after another, the last one first.
struct one_by_one {
    int threads;
    int calls = 0, parts = 0;
    int size() const { return threads; }
    void operator()(int n, auto const& f) {
        ++calls;
        parts += n;
        for (int k = n; k-- > 0;) f(k);
    }
};

// Is it the same on 1, 2, 3 and 7 threads, and where an executor says that it has none, and are that many of its steps
// shared?
template <class... Input>
void check(auto const& f, int steps) {
    using P = test::value_program_of<std::remove_cvref_t<decltype(f)>, float, Input...>;
    auto const arguments = test::arguments_for(test::simplified<P>(), -2, 2);
    auto const alone = test::run_kernel<P, pm::simd::best<float>>(arguments);
    REQUIRE(alone.status.ok());
    for (int const threads : {0, 1, 2, 3, 7}) {
        static one_by_one* on;
        one_by_one counted{threads};
        on = &counted;
        auto const shared = pm::testing::run_call<float>(
            [](void const* const* in, void* const* out, std::byte* w) { return pm::run<P>(in, out, w, *on); },
            pm::workspace_bytes_of<P>, pm::testing::output_sizes<P>::value.of, pm::testing::output_sizes<P>::count,
            arguments);
        CHECK(shared.status.ok());
        CHECK(shared.outputs == alone.outputs);
        CHECK(counted.calls == steps);
        CHECK(counted.parts <= steps * (threads > 1 ? 4 * threads : 1));
    }
}

}  // namespace

TEST_CASE("run shared: elements, also where the last vector is not whole") {
    auto const f = [](auto x) { return pm::sigmoid(x * 2.0) - 0.5; };
    check<pm::shape<160, 160>>(f, 1);
    check<pm::shape<163, 171>>(f, 1);
    check<pm::shape<30, 30>>(f, 0);  // too few
}
TEST_CASE("run shared: rows and their sums") {
    check<pm::shape<203, 150>>([](auto x) { return pm::sum<1>(pm::exp(x)); }, 1);
    check<pm::shape<3001, 9>>([](auto x) { return pm::sum<1>(x * x); }, 1);
    check<pm::shape<203, 150>, pm::shape<150>, pm::shape<203, 1>>(
        [](auto x, auto row, auto column) { return x * row + column; }, 1);
    check<pm::shape<203, 150>>([](auto x) { return pm::sum<0>(x); }, 0);
    check<pm::shape<203, 150>>([](auto x) { return pm::sum(x); }, 0);
    check<pm::shape<203, 150>>([](auto x) { return pm::softmax(x); }, 0);  // rows together
}
TEST_CASE("run shared: matrices with masks, read transposed, and many of them") {
    auto const symmetric = [](auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); };
    check<pm::shape<256, 256>>(symmetric, 1);
    check<pm::shape<5, 64, 64>>(symmetric, 1);
    check<pm::shape<150, 130>>([](auto x) { return pm::transpose(pm::tril(x) * 2.0); }, 1);
    check<pm::shape<150, 130>>([](auto x) { return pm::tril<-3>(pm::exp(x)); }, 1);
}
TEST_CASE("run shared: products of matrices") {
    auto const product = [](auto a, auto b) { return pm::matmul(a, b); };
    check<pm::shape<70, 80>, pm::shape<80, 90>>(product, 1);
    check<pm::shape<97, 300>, pm::shape<300, 113>>(product, 1);
    check<pm::shape<3, 70, 80>, pm::shape<3, 80, 90>>(product, 1);
    check<pm::shape<80, 70>, pm::shape<90, 80>>(
        [](auto a, auto b) { return pm::matmul(pm::transpose(a), pm::transpose(b)); }, 1);
    check<pm::shape<1, 800>, pm::shape<800, 900>>(product, 0);  // a row
    check<pm::shape<20, 20>, pm::shape<20, 20>>(product, 0);
    check<pm::shape<130, 140>, pm::shape<140, 150>>([](auto a, auto b) { return pm::exp(pm::matmul(a, b) * 0.1); }, 2);
}
