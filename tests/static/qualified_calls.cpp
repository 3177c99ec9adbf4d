// No call in the kernels with a batch as argument looks for functions of xsimd: here xsimd has one of the name of each
// function of the kernels' own, a better match, and deleted. (xsimd's own `store` wants alignment.)
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/compat/simd_tiles.hpp>

#ifdef PARAMORPH_XSIMD
namespace xsimd {

template <class T, class A, class... More>
void polynomial(batch<T, A>, double, More...) = delete;
template <class T, class A>
void bits(batch<T, A>) = delete;
template <class T, class A>
void power_of_two(batch<T, A>) = delete;
template <class T, class A>
void with_sign(batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void clamp(batch<T, A>, batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void two_product(batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void fast_two_sum(batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void exp_half(batch<T, A>) = delete;
template <class T, class A>
void exp_half(batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void exp_scaled(batch<T, A>, int) = delete;
template <class T, class A>
void reduce_expm1(batch<T, A>, int) = delete;
template <class T, class A>
void reduce_logarithm(batch<T, A>) = delete;
template <class T, class A>
void log_kernel(batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void log_pair(batch<T, A>) = delete;
template <class T, class A>
void pow_by_lanes(batch<T, A>, double) = delete;
template <class T, class A>
void tanh_within(batch<T, A>) = delete;
template <class T, class A>
void normal_near(batch<T, A>) = delete;
template <class T, class A>
void tail_end(batch<T, A>) = delete;
template <class T, class A>
void tail_scaled_back(batch<T, A>) = delete;
template <class T, class A>
void fast_power(batch<T, A>, batch<T, A>, int) = delete;
template <class T, class A>
void fast_tail(batch<T, A>, batch<T, A>) = delete;
template <class T, class A>
void store_some(T*, batch<T, A>, int) = delete;
template <class T, class A>
void store(T*, batch<T, A>) = delete;
template <class T, class A>
void store_partial(T*, batch<T, A>, int) = delete;
template <class T, class A, class F>
void reduce(batch<T, A>, F) = delete;
template <class T, class A>
void keep_from(batch<T, A>, std::ptrdiff_t) = delete;
template <class T, class A>
void keep_before(batch<T, A>, std::ptrdiff_t) = delete;
template <class T, class A>
void keep_only(batch<T, A>, std::ptrdiff_t) = delete;
template <class T, class A>
void choose_from(batch<T, A>, batch<T, A>, std::ptrdiff_t) = delete;
template <class T, class A>
void where_or_zero(batch_bool<T, A>, batch<T, A>) = delete;
template <class T, class A, int N>
void transpose(batch<T, A> (&)[N]) = delete;
template <class T, class A, int N, class F>
void combine_rows(batch<T, A> (&)[N], F const&) = delete;
template <class T, class A, int N>
void load_transposed(batch<T, A> (&)[N], T const*, std::ptrdiff_t, int) = delete;

}  // namespace xsimd
#endif

#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/kernel/math.hpp>
#include <paramorph/kernel/matmul.hpp>

namespace {

namespace kernel = paramorph::kernel;

// All elementary functions.
template <class M, class V>
V functions(V x) {
    V const a = M::exp(x) + M::expm1(x) + M::log(x) + M::log1p(x) + M::sin(x) + M::cos(x) + M::tanh(x) + M::sigmoid(x) +
                M::sigmoid(x, 0.5, 2) + M::silu(x);
    return a + M::softplus(x) + M::erf(x) + M::normal_cdf(x) + M::gelu(x) + M::pow(x, 2.5) + M::rsqrt(x) +
           M::where_or_zero(x > a, a) + M::min(x, a) + M::abs(x);
}

// Products of each kind.
template <class T>
void products(T const* a, T const* b, T* c) {
    using V = paramorph::simd::best<T>;
    kernel::matmul<V, 19, 37, 17>(a, b, c);
    kernel::matmul<V, 19, 37, 17, false, true>(a, b, c);
    kernel::matmul<V, 1, 37, 17>(a, b, c);
    kernel::matmul<V, 1, 37, 17, false, true>(a, b, c);
}

}  // namespace

void use_functions(float const* a, float const* b, float* c, double const* d, double const* e, double* f) {
    using V = paramorph::simd::best<float>;
    using W = paramorph::simd::best<double>;
    paramorph::simd::store(c, functions<kernel::accurate>(paramorph::simd::load<V>(a)));
    paramorph::simd::store(c, functions<kernel::fast>(paramorph::simd::load<V>(a)));
    paramorph::simd::store(c, functions<kernel::near>(paramorph::simd::load<V>(a)));
    paramorph::simd::store(f, functions<kernel::accurate>(paramorph::simd::load<W>(d)));
    paramorph::simd::store(f, functions<kernel::fast>(paramorph::simd::load<W>(d)));
    products(a, b, c);
    products(d, e, f);
}
