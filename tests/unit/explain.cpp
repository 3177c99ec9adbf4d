// explain says what the schedule holds: kernels, passes, bytes, operations, and where fusion stopped and why.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/kernel/explain.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/toeplitz.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

struct squashed_product {
    static constexpr auto forward(auto x) { return pm::tanh(pm::matmul(x * 2.0, x)); }
};
constexpr auto joined = [](auto x) { return pm::concatenate<0>(pm::tanh(x), pm::slice<0, 0, 4>(x)); };
constexpr auto padded = [](auto x) { return pm::pad<1, 1, 1>(pm::tanh(x)); };
constexpr auto backwards = [](auto x) { return pm::flip<1>(x) * x + pm::slice<1, 7, -1, -1>(pm::flip<0>(x)); };
constexpr auto there_and_back = [](auto x) { return pm::tanh(x) - pm::flip<1>(pm::tanh(x)); };
constexpr auto pooled = [](auto x) { return pm::sum<-1>(pm::window<3>(x) * pm::window<3>(x * 1.0)); };
constexpr auto convolved = [](auto x) { return pm::matmul(pm::window<3>(pm::select<0, 0>(x)), pm::slice<0, 0, 3>(x)); };
constexpr auto fourth_powers = [](auto x) {
    auto const square = x * x;
    return square * square * pm::unsqueeze<1>(pm::sum<1>(square * square));
};
// Four gates, the parts of one tensor.
constexpr auto gated = [](auto x) {
    auto const a = pm::tanh(pm::slice<1, 0, 8>(x)), b = pm::tanh(pm::slice<1, 8, 16>(x)),
               c = pm::tanh(pm::slice<1, 16, 24>(x)), d = pm::tanh(pm::slice<1, 24, 32>(x));
    return a * b + c * d;
};
struct weight_norm {
    static constexpr auto forward(auto v, auto g) { return v * pm::unsqueeze<1>(g / pm::sqrt(pm::sum<1>(v * v))); }
    static constexpr auto right_inverse(auto w) { return pm::originals(w, pm::norm<2, 1>(w)); }
};
struct solved {
    static constexpr auto forward(auto x) { return pm::solve(x, x); }
};
struct of_columns {
    static constexpr auto forward(auto x) { return x * pm::unsqueeze<0>(pm::sum<0>(x)); }
};
struct unit_rows {
    static constexpr auto forward(auto x) { return x / pm::unsqueeze<1>(pm::norm<2, 1>(x)); }
};

}  // namespace

TEST_CASE("explain: a chain of masks and transposes is one kernel and one pass") {
    auto const text = pm::explain<pm::program::value_of<pm::param::symmetric, pm::shape<64, 64>>>(pm::targets::avx2);
    CHECK(text ==
          "1 kernel, 1 pass over memory, 33 kB moved, 4096 flop, workspace 0 bytes, for AVX2\n"
          "  loop over 64 x 64, split at its masks: mask, add; reads transposed argument 0 [64, 64]; writes output 0 "
          "[64, 64]; by tiles of 8 x 8, each with its mirror image\n");
}

TEST_CASE("explain: a product ends the loop before it, and says so") {
    auto const text = pm::explain<pm::program::value_of<squashed_product, pm::shape<8, 8>>>();
    CHECK_THAT(text, ContainsSubstring("3 kernels, 3 passes over memory, 1792 B moved, 1152 flop"));
    CHECK_THAT(text, ContainsSubstring("matmul: reads value"));
    CHECK_THAT(text, ContainsSubstring("multiply: a dense operation reads it"));
}

// As the guide shows it.
TEST_CASE("explain: weight normalisation is one pass, by rows") {
    CHECK(pm::explain<pm::program::value_of<weight_norm, pm::shape<64, 64>>>(pm::targets::avx2) ==
          R"(3 kernels, 1 pass over memory, 34 kB moved, 8320 flop, workspace 512 bytes, for AVX2
  together, 32 rows at a time:
    loop over 64 x 64: multiply; reads argument 0 [64, 64]; writes sum in value 3 [64]; 8 rows at a time, one in each lane
    loop over 64: sqrt, divide; reads value 3 [64], argument 1 [64]; writes value 6 [64, 1]; a vector at a time
    loop over 64 x 64: multiply; reads value 6 [64, 1], argument 0 [64, 64]; writes output 0 [64, 64]; 4 vectors at a time
kept in memory, so that a loop ends there
  value 3 [64], sum: a reduction, complete only after its loop
  value 6 [64, 1], unsqueeze: it is broadcast: each element is used several times
)");
}

TEST_CASE("explain: what is read twice costs what one reading costs") {
    auto const text = pm::explain<test::value_program_of<decltype(fourth_powers), float, pm::shape<16, 16>>>();
    CHECK_THAT(text, !ContainsSubstring("computing it again would cost more"));
    CHECK_THAT(text, ContainsSubstring("multiply; reads value 3 [16], argument 0 [16, 16]; writes output 0"));
}

TEST_CASE("explain: steps that run together by rows are one pass") {
    auto const text = pm::explain<pm::program::value_of<unit_rows, pm::shape<512, 512>>>();
    CHECK_THAT(text, ContainsSubstring("3 kernels, 1 pass over memory"));
    CHECK_THAT(text, ContainsSubstring("together, 4 rows at a time:"));
    CHECK_THAT(text, ContainsSubstring("sum_of_squares: a reduction, complete only after its loop"));
}

TEST_CASE("explain: parts are written in place") {
    using square = pm::shape<8, 8>;
    auto const text = pm::explain<test::value_program_of<decltype(joined), float, square>>();
    CHECK_THAT(text, ContainsSubstring("3 kernels, 2 passes over memory, 896 B moved, 64 flop, workspace 0 bytes"));
    CHECK_THAT(text, ContainsSubstring("tanh; reads argument 0 [8, 8]; writes part of output 0 [8, 8]"));
    CHECK_THAT(text, ContainsSubstring("concatenate: nothing to do, output 0 [12, 8] is written part by part"));
    auto const zeros = pm::explain<test::value_program_of<decltype(padded), float, square>>();
    CHECK_THAT(zeros, ContainsSubstring("2 kernels, 2 passes over memory, 576 B moved"));
    CHECK_THAT(zeros, ContainsSubstring("pad: reads nothing; writes the rest of output 0 [8, 10]"));
}

TEST_CASE("explain: the gradient of slices is written part by part") {
    auto const text = pm::explain<test::program_of<decltype(gated), float, pm::shape<8, 32>>>(pm::targets::avx2);
    CHECK_THAT(text, ContainsSubstring("concatenate: nothing to do, output 1 [8, 32] is written part by part"));
    CHECK_THAT(text, !ContainsSubstring("pad"));
    CHECK_THAT(text, ContainsSubstring("2 kernels, 1 pass over memory"));
}

TEST_CASE("explain: strided readings and windows are no copies, but for what a product reads") {
    auto const of = []<class F>(F const&) {
        return pm::explain<test::value_program_of<F, float, pm::shape<8, 8>>>(pm::targets::avx2);
    };
    CHECK(of(backwards) ==
          "1 kernel, 1 pass over memory, 512 B moved, 128 flop, workspace 0 bytes, for AVX2\n"
          "  loop over 8 x 8: multiply, add; reads reversed argument 0 [8, 8]; writes output 0 [8, "
          "8]; "
          "4 vectors at a time\n");
    CHECK_THAT(of(there_and_back), ContainsSubstring("tanh: a loop reads it at several places"));
    CHECK_THAT(of(pooled), ContainsSubstring("1 kernel, 1 pass over memory"));
    CHECK_THAT(of(pooled), ContainsSubstring("multiply; reads windows of argument 0 [8, 8]; writes sum in output 0"));
    auto const product = of(convolved);
    CHECK_THAT(product, ContainsSubstring("loop over 6 x 3: copy; reads windows of value 1 [8]"));
    CHECK_THAT(product, ContainsSubstring("window: a dense operation reads it"));
}

TEST_CASE("explain: the same program on other machines") {
    using P = pm::program::value_of<unit_rows, pm::shape<512, 512>>;
    auto const here = pm::explain<P>();
    CHECK(here == pm::explain<P>(pm::targets::host));
    CHECK_THAT(here, ContainsSubstring(", for " + std::string(pm::targets::host.name) + "\n"));
    auto const small = pm::explain<P>(pm::targets::cortex_m4);
    CHECK_THAT(small, ContainsSubstring(", for Cortex-M4\n"));
    CHECK_THAT(small, ContainsSubstring("together, 32 rows at a time:"));
    CHECK_THAT(small, ContainsSubstring("number by number"));
}

TEST_CASE("explain: what a kernel packs, and where") {
    using P = pm::program::value_of<solved, pm::shape<120, 120>>;
    CHECK_THAT(pm::explain<P>(pm::targets::neon), ContainsSubstring("; packs 8704 B on the stack\n"));
    CHECK_THAT(pm::explain<P>(pm::targets::avx512), ContainsSubstring("; packs 35 kB in the workspace\n"));
}

TEST_CASE("explain: sums over many rows") {
    using sums = pm::program::value_of<of_columns, pm::shape<512, 700>>;
    CHECK_THAT(pm::explain<sums>(pm::targets::avx2),
               ContainsSubstring("4 vectors at a time, sums in strips of 336 columns on the stack"));
    CHECK_THAT(pm::explain<sums>(pm::targets::cortex_m4), ContainsSubstring("number by number, sums in strips of 340"));
}

TEST_CASE("explain: bands of a matrix beyond the first cache") {
    using P = pm::program::value_of<pm::param::symmetric, pm::shape<256, 256>>;
    CHECK_THAT(pm::explain<P>(pm::targets::avx2),
               ContainsSubstring("by tiles of 8 x 8 in squares of 32 rows, each followed by its mirror image"));
    CHECK_THAT(pm::explain<P>(pm::targets::neon), ContainsSubstring("by tiles of 4 x 4 in squares of 32 rows"));
}
