// laws<P, Shape>: does a parametrization, ready-made or one's own, keep what it declares? For any test framework; not
// part of the umbrella.
//
//     CHECK(pm::laws<my_parametrization, pm::shape<4, 4>>::hold());
//     std::string const broken = pm::laws<my_parametrization, pm::shape<4, 4>>::check();   // empty, or a sentence
//
// The sentence names the law, the seed of the sample, the largest error and where it is, and what to correct. A sample
// is uniform in (-1, 1) for each element of the originals. Each law can also be asked for alone:
//
//   round_trip(seed)   the declared grade of inverse, through the kernels in T: on_image, f(r(f(x))) == f(x); right,
//                      also f(r(y)) == y for samples y where the codomain is real; bijective, also r(f(x)) == x.
//                      A parametrization without right_inverse promises nothing
//   codomain(seed)     forward's value is an element of the codomain (pm::contains)
//   gradient(seed)     the vector-Jacobian product against central finite differences, in double
//   kernels(seed)      the scalar and the SIMD kernels against the interpreter: value, right inverse and gradient
//   copies(seed)       a copy of a tensor is equal and independent
//   frozen(seed)       a frozen module gives what the live one gives
//
// Differences are relative to the largest element in round trips and for the codomain (pm::contains), to the larger of
// 1 and the largest element otherwise, where what is compared may be a difference of larger numbers. A stage that takes
// only a special set (its `domain`) is checked behind a stage that makes it: laws<chain<skew, cayley>, Shape>. Where
// forward has a kink the finite differences of a sample beside it fail: choose another seed. Errors: a first stage that
// does not take every tensor is the compiler's; a law that does not hold is the sentence that check gives. Cost:
// compiles five programs, each for two kernels. Source: torch.autograd.gradcheck, for the gradient; the laws of
// retractions.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "laws.hpp: embed.hpp is included before it in this file; laws are tried on the host"
#else

#include "paramorph/core/macros_aside.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "paramorph/core/cmath.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/testing/finite_differences.hpp"
#include "paramorph/testing/outcome.hpp"
#include "paramorph/testing/samples.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace testing {

// The least module with a parametrized tensor.
template <class Tensor>
struct scaled_weight {
    BOOST_HANA_DEFINE_STRUCT(scaled_weight, (Tensor, weight));
    constexpr auto forward(auto x) const { return x * weight; }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

template <class P, class Shape, real T = float>
struct laws {
    using chain = chain_of<P>;  // its programs are those of the tensor, and compiled once
    using tensor_type = tensor<Shape, chain, T>;
    using codomain_set = typename chain::codomain;
    static constexpr grade inverse = tensor_type::traits::inverse;
    static constexpr bool in_float = std::is_same_v<T, float>;
    // What rounding may do: through a solve or a factorization of a small matrix; in one kernel; in a difference
    // quotient.
    static constexpr double round_trip_tolerance = in_float ? 1e-4 : 1e-11, kernel_tolerance = in_float ? 1e-5 : 1e-12,
                            gradient_tolerance = 1e-7;

    static bool hold(std::uint64_t seed = 1, int samples = 3) { return check(seed, samples).empty(); }

    // All laws, at `samples` samples from `seed` on.
    static std::string check(std::uint64_t seed = 1, int samples = 3) {
        static_assert(
            subset<set::real, typename detail::first_stage<chain>::domain>,
            "laws: the first stage takes elements of its domain only; check it in a chain, behind a stage that "
            "makes them, as in laws<chain<skew, cayley>, Shape>");
        for (int k = 0; k < samples; ++k)
            for (auto law : {&laws::round_trip, &laws::codomain, &laws::gradient})
                if (std::string broken = law(seed + static_cast<std::uint64_t>(k)); !broken.empty()) return broken;
        for (auto law : {&laws::kernels, &laws::copies, &laws::frozen})
            if (std::string broken = law(seed); !broken.empty()) return broken;
        return "";
    }

    static std::string round_trip(std::uint64_t seed = 1) {
        if constexpr (inverse == grade::none)
            return "";
        else
            return attempt("round trip", seed, [&]() -> std::string {
                tensor_type const x = sampler::sample(seed);
                numbers const y = elements(x());
                tensor_type back = x;  // with its state
                back.project(x());
                if (auto const d = far(elements(back()), y, round_trip_tolerance, Shape::value, 0); !d.empty())
                    return "forward(right_inverse(y)) differs from y, a value of forward, " + d +
                           "; correct right_inverse";
                if constexpr (inverse == grade::bijective) {
                    std::string d;
                    tensor_type::for_each_index([&](auto k) {
                        if (d.empty())
                            d = far(elements(back.template original<k>()), elements(x.template original<k>()),
                                    round_trip_tolerance, sampler::template original_extents<k>, 0);
                    });
                    if (!d.empty())
                        return "right_inverse(forward(x)) differs from x " + d +
                               "; correct right_inverse, or declare `inverse = pm::grade::right`";
                }
                if constexpr (inverse >= grade::right && std::is_same_v<codomain_set, set::real>) {
                    random source{seed + 100};
                    auto any = make_container<Shape, T>();
                    for (auto& e : any) e = static_cast<T>(source.uniform(-1, 1));
                    back.project(any);
                    if (auto const d = far(elements(back()), elements(any), round_trip_tolerance, Shape::value, 0);
                        !d.empty())
                        return "forward(right_inverse(y)) differs from y " + d +
                               "; correct right_inverse, name the codomain, or declare `inverse = pm::grade::on_image`";
                }
                return "";
            });
    }

    static std::string codomain(std::uint64_t seed = 1) {
        return attempt("codomain", seed, [&]() -> std::string {
            auto const w = sampler::sample(seed)();
            double largest = 1;
            for (T const e : w) largest = std::fmax(largest, std::abs(static_cast<double>(e)));
            double const tolerance = largest * 10 * (Shape::value.from_end(0) + Shape::value.from_end(1)) *
                                     static_cast<double>(std::numeric_limits<T>::epsilon());
            if (contains<codomain_set>(w.data(), Shape::value, tolerance)) return "";
            double needed = tolerance;
            while (needed < 1e6 && !contains<codomain_set>(w.data(), Shape::value, needed)) needed *= 10;
            return "forward's value is no element of `" + std::string(set_name<codomain_set>()) +
                   "` within a tolerance of " + text_of(tolerance) +
                   (needed < 1e6 ? " (it is within " + text_of(needed) + ")" : "") +
                   "; correct forward, or name another codomain";
        });
    }

    static std::string gradient(std::uint64_t seed = 1) {
        return attempt("gradient", seed, [&]() -> std::string {
            auto const value = std::make_unique<ir::graph>(simplify(program::value_of<chain, Shape, double>::build()));
            auto const adjoint =
                std::make_unique<ir::graph>(simplify(program::gradient_of<chain, Shape, double>::build()));
            random source{seed};
            arrays x = sampler::draw_leaves(source, seed);
            x.push_back(drawn(source, Shape::size));
            auto const exact = interpret(*adjoint, x);
            numbers const cotangent = std::move(x.back());
            x.pop_back();
            auto const weighted = [&] {
                numbers const y = interpret(*value, x).outputs[0];
                double total = 0;
                for (std::size_t i = 0; i < y.size(); ++i) total += y[i] * cotangent[i];
                return total;
            };
            if (!exact.status.ok()) return exact.status.failed;
            for (std::size_t k = 0; k < static_cast<std::size_t>(tensor_type::original_count); ++k) {
                numbers const expected = slopes(x[k], weighted);
                if (auto const d = far(exact.outputs[k], expected, gradient_tolerance, sampler::extents_of_original(k));
                    !d.empty())
                    return "the gradient of original " + std::to_string(k) + " differs from finite differences " + d +
                           "; correct the derivative of an operation in forward";
            }
            return "";
        });
    }

    static std::string kernels(std::uint64_t seed = 1) {
        return attempt("kernels", seed, [&]() -> std::string {
            using value = program::value_of<chain, Shape, T>;
            random source{seed};
            arrays x = sampler::draw_leaves(source, seed);
            if (auto const d = disagreement<value>("the value", x, kernel_tolerance); !d.empty()) return d;
            arrays y = interpret(simplified<value>(), x).outputs;
            y.insert(y.end(), x.begin() + tensor_type::original_count, x.end());
            if constexpr (inverse != grade::none)
                if (auto const d =
                        disagreement<program::right_inverse_of<chain, Shape, T>>("right_inverse", y, kernel_tolerance);
                    !d.empty())
                    return d;
            x.push_back(drawn(source, Shape::size));
            return disagreement<program::gradient_of<chain, Shape, T>>("the gradient", x, kernel_tolerance);
        });
    }

    static std::string copies(std::uint64_t seed = 1) {
        return attempt("copies", seed, [&]() -> std::string {
            tensor_type a = sampler::sample(seed);
            numbers const before = elements(a()), original = elements(a.original());
            tensor_type const b = a;
            if (elements(b()) != before) return "a copy's value is another";
            a.original().data()[0] += 1;
            if (elements(b()) != before || elements(b.original()) != original)
                return "a copy changes with what it was copied from";
            a = b;
            return elements(a.original()) == original ? "" : "an assigned copy has another original";
        });
    }

    static std::string frozen(std::uint64_t seed = 1) {
        return attempt("frozen", seed, [&]() -> std::string {
            scaled_weight<tensor_type> net;
            net.weight = sampler::sample(seed);
            xt::xtensor_fixed<T, xt::xshape<1>> x;
            x(0) = T(0.75);
            auto const d = far(elements(paramorph::freeze(net)(x)), elements(net(x)), kernel_tolerance, Shape::value);
            return d.empty() ? "" : "a frozen module's result differs from the module's " + d;
        });
    }

  private:
    using sampler = testing::sampler<tensor_type>;

    // The whole sentence; what is thrown breaks the law too.
    static std::string attempt(char const* law, std::uint64_t seed, auto const& f) {
        std::string broken;
        try {
            broken = f();
        } catch (error const& e) {
            broken = e.what();
        }
        if (broken.empty()) return "";
        return "laws of " + std::string(detail::short_type_name<P>()) + ": " + law + ", seed " + std::to_string(seed) +
               ": " + broken;
    }
};

}  // namespace testing

using testing::laws;

}  // namespace paramorph::inline PARAMORPH_ABI

#include "paramorph/core/macros_back.hpp"

#endif
