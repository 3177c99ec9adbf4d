// The laws of parametrizations as checks, for a ready-made parametrization or one's own: include this, instantiate
// `laws::expect_all<P, Shape>()`. Each check answers with a bool, so that a test can also expect it to fail.
//
//   round_trips            the declared grade of inverse, at random samples, through the float kernels
//   lands_in_codomain      forward's values are elements of the codomain
//   gradient_is_right      the vector-Jacobian product against central finite differences, in double
//   kernels_agree          interpreter, scalar kernel and SIMD kernel: value, right inverse and gradient
//   copies_are_deep        a copy of a tensor is equal and independent
//   freezes_equal          a frozen layer gives what the layer gives
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace laws {

template <class P, class Shape, class T = float>
using tensor_of = pm::tensor<Shape, pm::chain_of<P>, T>;

template <class A, class B>
bool equal(A const& a, B const& b, double tolerance) {
    return a.size() == b.size() && test::close(test::numbers(a.data(), a.data() + a.size()),
                                               test::numbers(b.data(), b.data() + b.size()), tolerance);
}
template <class Tensor>
Tensor sample(std::uint64_t seed) {
    Tensor t;
    pm::random source{seed};
    t.initialize(source, 1);
    return t;
}

// Tolerance of a round trip in T: rounding through a solve or a factorization of a small matrix.
template <class T>
inline constexpr double round_trip_tolerance = std::is_same_v<T, float> ? 1e-4 : 1e-11;

template <class P, class Shape, class T = float>
bool round_trips(std::uint64_t seed = 1) {
    using tensor = tensor_of<P, Shape, T>;
    constexpr pm::grade grade = tensor::traits::inverse;
    constexpr double tolerance = round_trip_tolerance<T>;
    if constexpr (grade == pm::grade::none)
        return false;
    else {
        tensor const x = sample<tensor>(seed);
        auto const y = x();
        tensor back;
        back.project(y);
        if (!equal(back(), y, tolerance)) return false;
        if constexpr (grade >= pm::grade::right && std::is_same_v<typename pm::chain_of<P>::codomain, pm::set::real>) {
            auto any = pm::make_container<Shape, T>();
            pm::random source{seed + 100};
            for (auto& e : any) e = static_cast<T>(source.uniform(-1, 1));
            tensor z;
            z.project(any);
            if (!equal(z(), any, tolerance)) return false;
        }
        bool same = true;
        if constexpr (grade == pm::grade::bijective)
            tensor::for_each_index([&](auto k) {
                same = same && equal(back.template original<k>(), x.template original<k>(), tolerance);
            });
        return same;
    }
}

// Is a matrix, row-major [n, n] or of any shape where the set does not care, an element of the set?
inline bool is_element(pm::set::real, test::numbers const& w, std::size_t, double) {
    return std::all_of(w.begin(), w.end(), [](double x) { return std::isfinite(x); });
}
inline bool is_element(pm::set::positive, test::numbers const& w, std::size_t, double) {
    return std::all_of(w.begin(), w.end(), [](double x) { return x > 0; });
}
inline bool is_element(pm::set::symmetric, test::numbers const& w, std::size_t n, double) {
    bool holds = true;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) holds = holds && w[i * n + j] == w[j * n + i];
    return holds;
}
inline bool is_element(pm::set::skew, test::numbers const& w, std::size_t n, double) {
    bool holds = true;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) holds = holds && w[i * n + j] == -w[j * n + i];
    return holds;
}
inline bool is_element(pm::set::orthogonal, test::numbers const& w, std::size_t n, double tolerance) {
    bool holds = true;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double total = 0;
            for (std::size_t k = 0; k < n; ++k) total += w[k * n + i] * w[k * n + j];
            holds = holds && std::abs(total - (i == j ? 1 : 0)) <= tolerance;
        }
    return holds;
}
inline bool is_element(pm::set::rank_at_most<1>, test::numbers const& w, std::size_t n, double tolerance) {
    bool holds = true;
    for (std::size_t i = 1; i < w.size() / n; ++i)
        for (std::size_t j = 1; j < n; ++j)
            holds = holds && std::abs(w[0] * w[i * n + j] - w[j] * w[i * n]) <= tolerance;
    return holds;
}

template <class P, class Shape, class T = float>
bool lands_in_codomain(std::uint64_t seed = 1) {
    auto const w = sample<tensor_of<P, Shape, T>>(seed)();
    double const tolerance = 10 * Shape::value.d[0] * double(std::numeric_limits<T>::epsilon());
    return is_element(typename pm::chain_of<P>::codomain{}, test::numbers(w.data(), w.data() + w.size()),
                      static_cast<std::size_t>(Shape::value.from_end(0)), tolerance);
}

template <class P, class Shape>
bool gradient_is_right(std::uint64_t seed = 1) {
    using tensor = tensor_of<P, Shape, double>;
    using traits = typename tensor::traits;
    auto const x = sample<tensor>(seed);
    test::arrays arguments;
    tensor::for_each_index(
        [&](auto k) { arguments.emplace_back(x.template original<k>().begin(), x.template original<k>().end()); });
    return [&]<int... K>(std::integer_sequence<int, K...>) {
        return test::gradient_is_right<typename traits::template original_shape<K>...>(
            [](auto... o) { return traits::forward(o...); }, arguments);
    }(std::make_integer_sequence<int, traits::original_count>{});
}

template <class P, class Shape, class T = float>
bool kernels_agree(std::uint64_t seed = 1) {
    using tensor = tensor_of<P, Shape, T>;
    auto const x = sample<tensor>(seed);
    test::arrays originals;
    tensor::for_each_index(
        [&](auto k) { originals.emplace_back(x.template original<k>().begin(), x.template original<k>().end()); });
    constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-12;
    using value = pm::program::value_of<P, Shape, T>;
    bool holds = test::same_on<value>(originals, tolerance);
    auto const w = test::interpret(pm::compiled<value>::simplified, originals).outputs[0];
    if constexpr (tensor::assignable)
        holds = test::same_on<pm::program::right_inverse_of<P, Shape, T>>({w}, tolerance) && holds;
    originals.push_back(test::numbers(w.rbegin(), w.rend()));
    return test::same_on<pm::program::gradient_of<P, Shape, T>>(originals, tolerance) && holds;
}

template <class P, class Shape>
bool copies_are_deep() {
    auto a = sample<tensor_of<P, Shape>>(1);
    auto const before = a();
    auto const b = a;
    bool const same = equal(a(), b(), 0);
    a.original().data()[0] += 1;
    bool const independent = equal(b(), before, 0) && !equal(a.original(), b.original(), 0);
    a = b;
    return same && independent && equal(a.original(), b.original(), 0);
}

template <class P, class Shape>
bool freezes_equal() {
    using layer = pm::nn::linear<Shape::value.d[1], Shape::value.d[0], pm::weight<P>>;
    layer const net{pm::seed{3}};
    xt::xtensor_fixed<float, xt::xshape<2, std::size_t(Shape::value.d[1])>> x;
    pm::random source{4};
    for (auto& e : x) e = static_cast<float>(source.uniform(-1, 1));
    return equal(pm::freeze(net)(x), net(x), 1e-6);
}

// All of the above, for a parametrization with a right_inverse and matrices of this shape.
template <class P, class Shape>
void expect_all() {
    for (std::uint64_t seed : {1, 2, 3}) {
        CHECK(round_trips<P, Shape>(seed));
        CHECK(lands_in_codomain<P, Shape>(seed));
        CHECK(gradient_is_right<P, Shape>(seed));
    }
    CHECK(kernels_agree<P, Shape>());
    CHECK(copies_are_deep<P, Shape>());
    CHECK(freezes_equal<P, Shape>());
}

}  // namespace laws
