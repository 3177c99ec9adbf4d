// One program for every instruction set (run.py compiles it): the SIMD vocabulary, every elementary function, and each
// kind of kernel once, in float and double. What the kernels must give is read from a file that this program writes
// when it is compiled with WRITES_EXPECTED: so the interpreter, with the passes and rules that its graphs point to, is
// compiled once, and not for every instruction set.
//
// SPDX-License-Identifier: BSL-1.0
#define PARAMORPH_PLAIN_CHECKS
#ifndef WRITES_EXPECTED
#include "../unit/simd.cpp"
#else
#include "../catch.hpp"

#include <paramorph/compat/simd_tiles.hpp>
namespace simd = paramorph::simd;
#endif
// ---
#include "../support.hpp"
#include "../vector_math.hpp"
#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/power_iteration.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/round.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace {

// --- elementary functions -----------------------------------------------------------------------------------------

// Some arguments, special ones among them; in any number of lanes.
template <class T>
std::vector<T> some_arguments() {
    using limits = std::numeric_limits<T>;
    std::vector<T> x{T(0),          T(-0.0),       limits::infinity(), -limits::infinity(),  limits::quiet_NaN(),
                     limits::min(), limits::max(), limits::lowest(),   limits::denorm_min(), -limits::denorm_min()};
    for (int i = 0; i < 500; ++i) {
        double const u = i / 500.0;
        for (double a : {1e-30 * u, u * u * u, 3 * u, 12 * u, 110 * u, 750 * u, 1e4 * u, 1e6 * u})
            x.insert(x.end(), {T(a), T(-a)});
    }
    return x;
}

template <class V>
void expect_function(auto const& f, auto const& exact, double most = 4) {
    using T = simd::value_t<V>;
    std::vector<T> x = some_arguments<T>();
    while (x.size() % simd::width<V> != 0) x.push_back(T(1));
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); i += simd::width<V>) {
        T y[simd::width<V>];
        simd::store(y, f(simd::load<V>(&x[i])));
        for (std::size_t l = 0; l < simd::width<V>; ++l)
            if (auto const d = test::ulps(y[l], exact(test::exact_type<T>(x[i + l]))); d > worst || d != d) worst = d;
    }
    CHECK(worst <= most);
}

template <class V>
void check_functions() {
    using M = pm::kernel::accurate;
    using X = test::exact_type<simd::value_t<V>>;
    expect_function<V>([](V x) { return M::exp(x); }, [](X x) { return std::exp(x); });
    expect_function<V>([](V x) { return M::expm1(x); }, [](X x) { return std::expm1(x); });
    expect_function<V>([](V x) { return M::log(x); }, [](X x) { return std::log(x); });
    expect_function<V>([](V x) { return M::log1p(x); }, [](X x) { return std::log1p(x); });
    expect_function<V>([](V x) { return M::sin(x); }, [](X x) { return std::sin(x); });
    expect_function<V>([](V x) { return M::cos(x); }, [](X x) { return std::cos(x); });
    expect_function<V>([](V x) { return M::tanh(x); }, [](X x) { return std::tanh(x); });
    expect_function<V>([](V x) { return M::sigmoid(x); }, [](X x) { return 1 / (1 + std::exp(-x)); });
    expect_function<V>([](V x) { return M::sigmoid(x, -0.5, 2); }, [](X x) { return 2 / (1 + std::exp(x / 2)); });
    expect_function<V>([](V x) { return M::silu(x); },
                       [](X x) { return x == -INFINITY ? X(-0.0) : x / (1 + std::exp(-x)); });
    expect_function<V>([](V x) { return M::softplus(x); },
                       [](X x) { return std::max(x, X(0)) + std::log1p(std::exp(-std::fabs(x))); });
    expect_function<V>([](V x) { return M::erf(x); }, [](X x) { return std::erf(x); });
    expect_function<V>([](V x) { return M::normal_cdf(x); }, [](X x) { return test::normal_cdf(x); });
    expect_function<V>([](V x) { return M::pow(x, 2.5); }, [](X x) { return std::pow(x, X(2.5)); });
    expect_function<V>([](V x) { return M::pow(x, -3); }, [](X x) { return std::pow(x, X(-3)); });
    expect_function<V>([](V x) { return pm::op::negate::value<M>(x); }, [](X x) { return -x; }, 0);
    // What depends on the range of the element type.
    expect_function<V>([](V x) { return pm::op::round::value<M>(x); }, [](X x) { return std::nearbyint(x); }, 0);
    expect_function<V>([](V x) { return pm::op::root_of_squares::value<M>(pm::op::square_of_one::value<M>(x)); },
                       [](X x) { return std::fabs(x); }, 1);
}

// --- kernels: vectors and the interpreter agree -------------------------------------------------------------------

std::FILE* expected_file = nullptr;

#ifdef WRITES_EXPECTED
void write_arrays(test::arrays const& a) {
    for (auto const& x : a) CHECK(std::fwrite(x.data(), sizeof(double), x.size(), expected_file) == x.size());
}
#endif
template <int Count>
test::arrays read_arrays(std::size_t const (&sizes)[Count], int count) {
    test::arrays a;
    for (int k = 0; k < count; ++k) {
        auto& x = a.emplace_back(sizes[k]);
        CHECK(std::fread(x.data(), sizeof(double), x.size(), expected_file) == x.size());
    }
    return a;
}

// `near_identity` is added to the diagonal of a first argument [19, 19].
template <class T, class... Input, class F>
void expect_kernel(F const&, [[maybe_unused]] double near_identity) {
    using P = test::value_program_of<F, T, Input...>;
#ifdef WRITES_EXPECTED
    double const reach = near_identity == 0 ? 2 : 0.2;
    test::arrays a = test::arguments_for(test::simplified<P>(), -reach, reach);
    if (near_identity != 0)
        for (std::size_t i = 0; i < 19; ++i) a[0][i * 20] += near_identity;
    for (auto& x : a)
        for (double& e : x) e = static_cast<T>(e);
    test::outcome const expected = test::interpret(test::simplified<P>(), a);
    CHECK(expected.status.ok());
    write_arrays(a);
    write_arrays(expected.outputs);
#else
    using of = test::detail::interface<P>;
    static constexpr std::size_t arguments[]{std::size_t(Input::size)...};
    test::arrays const a = read_arrays(arguments, sizeof...(Input)),
                       expected = read_arrays(of::value.size, of::outputs);
    test::outcome const got = test::run_kernel<P, simd::best<T>>(a);
    CHECK(got.status.ok());
    for (std::size_t k = 0; k < expected.size(); ++k)
        CHECK(test::close(got.outputs[k], expected[k], 4 * test::kernel_tolerance<T>));
#endif
}
template <class... Input>
void expect_kernels(auto const& f, double near_identity = 0) {
    expect_kernel<float, Input...>(f, near_identity);
    expect_kernel<double, Input...>(f, near_identity);
}

}  // namespace

#ifndef WRITES_EXPECTED
TEST_CASE("elementary functions") {
    check_functions<simd::best<float>>();
    check_functions<simd::best<double>>();
    check_functions<float>();
}
#endif
TEST_CASE("flat loops") {
    expect_kernels<pm::shape<5, 9>>([](auto x) { return pm::tanh(x) * pm::exp(x); });
}
TEST_CASE("reductions of rows, of short ones side by side, of columns and of everything") {
    expect_kernels<pm::shape<35, 9>>([](auto x) { return std::tuple{pm::softmax(x), pm::sum<0>(x), pm::sum(x * x)}; });
    expect_kernels<pm::shape<3, 70>>([](auto x) { return pm::max<1>(x); });
}
TEST_CASE("tiles: whole and mirrored, ragged, masked") {
    auto const symmetric = [](auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); };
    expect_kernels<pm::shape<32, 32>>(symmetric);
    expect_kernels<pm::shape<19, 19>>(symmetric);
    expect_kernels<pm::shape<17, 37>>([](auto x) { return pm::transpose(x) * 2.0; });
}
TEST_CASE("rows of 4 KiB, which share a set of the cache") {
    expect_kernel<float, pm::shape<18, 1024>>([](auto x) { return pm::transpose(x) * 2.0; }, 0);
    expect_kernel<float, pm::shape<1, 1024>, pm::shape<21, 1024>>(
        [](auto a, auto b) { return pm::matmul(a, pm::transpose(b)); }, 0);
}
TEST_CASE("products: blocked, of a row, of a column, and the loop that completes them") {
    expect_kernels<pm::shape<19, 37>, pm::shape<37, 35>>([](auto a, auto b) { return pm::matmul(a, b); });
    expect_kernels<pm::shape<1, 37>, pm::shape<21, 37>>(
        [](auto a, auto b) { return pm::tanh(pm::matmul(a, pm::transpose(b))); });
}
TEST_CASE("parts") {
    expect_kernels<pm::shape<5, 19>, pm::shape<3, 19>>([](auto a, auto b) { return pm::concatenate<0>(a, b * 2.0); });
}
TEST_CASE("dense kernels") {
    using square = pm::shape<19, 19>;
    expect_kernels<square>([](auto a) { return std::tuple{pm::inverse(a), pm::matrix_exp(a)}; }, 1.5);
    expect_kernels<square, pm::shape<19>>([](auto a, auto v) { return pm::power_iteration(a, v); }, 1.5);
    expect_kernel<float, square, pm::shape<19, 7>>([](auto a, auto b) { return pm::solve(a, b); }, 1.5);
    expect_kernel<double, square>([](auto a) { return pm::cholesky(pm::matmul(a, pm::transpose(a))); }, 1.5);
    expect_kernel<float, square, pm::shape<19, 7>>([](auto a, auto b) { return pm::triangular_solve(a, b); }, 1.5);
    expect_kernel<double, square>([](auto a) { return pm::svd(a); }, 1.5);
}

int main(int count, char** arguments) {
#ifdef WRITES_EXPECTED
    expected_file = count == 2 ? std::fopen(arguments[1], "wb") : nullptr;
#else
    expected_file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
#endif
    if (expected_file == nullptr) return 2;
    int failed = checks::run_all();
#ifndef WRITES_EXPECTED
    if (std::fgetc(expected_file) != EOF) ++failed;  // all that was written has been compared
#endif
    if (std::fclose(expected_file) != 0) ++failed;
    std::printf("%d lanes, %d failed\n", simd::width<simd::best<float>>, failed);
    return failed == 0 ? 0 : 1;
}
