// Are the checks of bounds good enough? Every rule of prove/ is broken on purpose, one way at a time (bounds_mutants.py
// compiles the headers with all of them, each behind its number); what lies outside of the bounds must notice each.
// `bounds_mutants N` runs mutant N, 0 the headers as they are: exit status 0 if nothing was found.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;

namespace {

using generator = std::mt19937_64;
long outside = 0;

double uniform(generator& r, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(r);
}

// Intervals of double against quad precision.
void check_intervals(generator& r) {
    using D = pm::interval<double>;
    using quad = __float128;
    auto const expect = [](D const& y, quad exact) { outside += quad(y.lo) <= exact && exact <= quad(y.hi) ? 0 : 1; };
    for (int k = 0; k < 4000; ++k) {
        double const a = uniform(r, -2, 2), b = uniform(r, -2, 2), c = std::abs(a) + 0x1p-20;
        expect(D(a) + D(b), quad(a) + quad(b));
        expect(D(a) * D(b), quad(a) * quad(b));
        quad const q = quad(a) / quad(c);
        expect(D(a) / D(c), q);
        D const root = pm::range_math<double>::sqrt(D(c));
        outside += quad(root.lo) * quad(root.lo) <= quad(c) && quad(c) <= quad(root.hi) * quad(root.hi) ? 0 : 1;
        // Of float, by what float computes.
        float const x = float(a), y = float(b);
        pm::interval<float> const s = pm::interval<float>(x) + pm::interval<float>(y),
                                  p = pm::interval<float>(x) * pm::interval<float>(y);
        outside += s.contains(double(x + y)) && double(x) + double(y) >= s.lo && double(x) + double(y) <= s.hi ? 0 : 1;
        outside += double(x) * double(y) >= p.lo && double(x) * double(y) <= p.hi ? 0 : 1;
    }
}

// A function of one number: its lines, by double, against long double, and its intervals; by float, what float
// computes.
template <class F>
void check_function(generator& r, F const& f, auto const& exact, double low, double high, bool intervals = true) {
    using pm::detail::curve_lines, pm::detail::function_piece;
    double const cuts[]{0};
    for (int k = 0; k < 400; ++k) {
        double const a = uniform(r, low, high),
                     b = std::fmin(high, a + std::pow(10.0, uniform(r, -3, std::log10(high - low))));
        auto const l = curve_lines::of(a, b, cuts, 1, [&](double from, double to) {
            return f(pm::slope_math<double>{}, function_piece<double>::argument(from, to));
        });
        auto const y = f(pm::range_math<double>{}, pm::interval<double>(a, b));
        for (int i = 0; i <= 60 && l.between.known; ++i) {
            long double const x = i == 60 ? b : a + (b - a) * i / 60, v = exact(x);
            long double const off = l.between.absolute + 0x1p-50L * std::abs(v);
            outside += l.between.low_slope * x + l.between.low_at - off <= v ? 0 : 1;
            outside += l.between.high_slope * x + l.between.high_at + off >= v ? 0 : 1;
            outside += l.lo - off <= v && v <= l.hi + off ? 0 : 1;
            outside += !intervals || (y.lo - off <= v && v <= y.hi + off) ? 0 : 1;
        }
    }
}
void check_functions(generator& r) {
    using std::sin, std::cos, std::exp, std::log;
    using number = long double;
    auto const of = [&](auto const& f, auto const& exact, double low, double high) {
        check_function(r, f, exact, low, high);
    };
#define OF(code, exact, low, high)   \
    of(                              \
        [](auto m, auto x) {         \
            using M = decltype(m);   \
            using V = typename M::V; \
            (void)sizeof(V);         \
            return code;             \
        },                           \
        [](number x) -> number { return exact; }, low, high)
    OF(M::sin(x), sin(x), -9, 9);
    OF(M::cos(x), cos(x), -9, 9);
    OF(M::sin(x) * M::cos(x), sin(x) * cos(x), -4, 4);
    OF(x * M::exp(x), x * exp(x), -4, 4);
    OF(M::exp(M::sin(x)), exp(sin(x)), -4, 4);
    OF(M::log(x), log(x), 0.01, 9);
    OF(M::rsqrt(x), 1 / std::sqrt(x), 0.01, 9);
    OF(M::tanh(x), std::tanh(x), -4, 4);
    OF(M::silu(x), x / (1 + exp(-x)), -9, 9);
    OF(M::gelu(x), x / 2 * std::erfc(-x / std::sqrt(2.0L)), -9, 9);
    OF(M::abs(M::sin(x)), std::abs(sin(x)), -4, 4);
    OF(M::max(M::sin(x), V(0.5) * x), std::fmax(sin(x), x / 2), -4, 4);
    OF(M::where(x > V(0), V(1), M::where(x < V(0), V(-1), x)), x > 0 ? 1 : x < 0 ? -1 : 0, -4, 4);
    OF(M::where(M::sin(x) > V(0.3), V(1), x), sin(x) > 0.3 ? 1 : x, -4, 4);
    pm::interval<double> const x[]{{-2, 3}};
    auto const negative = pm::detail::lines_of<pm::op::negate>(x, 0);
    outside +=
        negative.low_slope * 3 + negative.low_at <= -3 && negative.high_slope * -2 + negative.high_at >= 2 ? 0 : 1;
    // A float's own rounding: at a point lines are as wide as it is.
    for (int k = 0; k < 4000; ++k) {
        float const at = float(uniform(r, -4, 4)), cube = at * at * at;
        auto const l = pm::detail::curve_lines::of(double(at), double(at), nullptr, 0, [](double from, double to) {
            auto const e = pm::detail::function_piece<float>::argument(from, to);
            return e * e * e;
        });
        outside += l.between.low_at - l.between.absolute <= double(cube) &&
                           double(cube) <= l.between.high_at + l.between.absolute
                       ? 0
                       : 1;
    }
}

// A network by its kernels, at inputs of boxes from a point to a wide one.
template <int Size, class Net>
void check(unsigned seed, double gain = 1, double center = 0, double widest = 2) {
    generator r(seed);
    std::normal_distribution<double> normal;
    for (unsigned k = 0; k < 60; ++k) {
        auto net = pm::make<Net>(pm::seed{seed + k});
        pm::for_each_parameter(net, [&](std::string const&, auto& p) {
            for (auto& e : p) e = float(double(e) * 1.5 + (k % 2 ? 0.3 * normal(r) : 0)) * float(gain);
        });
        auto const frozen = pm::freeze(net);
        using shape = pm::shape<Size>;
        pm::box<shape> box{};
        double const radius = k % 4 == 0 ? 0 : std::pow(10.0, uniform(r, -5, std::log10(widest)));
        for (int i = 0; i < Size; ++i) {
            float const at = float(center + uniform(r, -1, 1));
            box.lower[i] = double(float(double(at) - radius));
            box.upper[i] = double(float(double(at) + radius));
        }
        auto const bounds = pm::bounds(frozen, box);
        auto const margin = pm::margin(frozen, 0, box);
        xt::xtensor_fixed<float, xt::xshape<std::size_t(Size)>> x;
        for (int t = 0; t < 120; ++t) {
            for (int i = 0; i < Size; ++i)
                x(std::size_t(i)) =
                    float(t % 2 ? (r() % 2 ? box.lower[i] : box.upper[i]) : uniform(r, box.lower[i], box.upper[i]));
            auto const y = frozen(x);
            double ahead = INFINITY;
            for (int j = 0; j < bounds.size; ++j) {
                outside += bounds[j].contains(double(y.data()[j])) ? 0 : 1;
                if (j > 0) ahead = std::fmin(ahead, double(y.data()[0]) - double(y.data()[j]));
            }
            // The difference of floats is exact in double.
            outside += bounds.size > 1 && margin > ahead ? 1 : 0;
        }
    }
}

template <class F>
struct applies {
    static constexpr auto forward(auto x) { return F{}(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
#define APPLIES(...) applies<decltype([](auto x) { return __VA_ARGS__; })>
template <int... At>
constexpr auto part(auto const& x) {
    return pm::slice<-1, At...>(x);
}

}  // namespace

int mutant = 0;

int main(int, char** arguments) {
    using namespace pm::nn;
    mutant = std::atoi(arguments[1]);
    generator r(1);
    check_intervals(r);
    check_functions(r);
    using in = linear<4, 6>;
    using out = linear<6, 3>;
    check<4, sequential<in, relu, linear<6, 6>, pm::nn::tanh, out>>(1);
    check<4, sequential<in, sigmoid, linear<6, 6>, APPLIES(pm::abs(x)), out>>(2, 1.5);
    check<4, sequential<in, gelu, linear<6, 6>, silu, out>>(3);
    check<4, sequential<in, softplus, linear<6, 6>, hardtanh<>, out>>(4);
    check<4, sequential<in, elu<>, linear<6, 6>, mish, out>>(5);
    // A gate between two values, and what is like one of any number.
    using chosen = linear<2, 3>;
    check<4, sequential<in,
                        APPLIES((1.0 - pm::sigmoid(part<4, 6>(x))) * pm::tanh(part<0, 2>(x)) +
                                pm::sigmoid(part<4, 6>(x)) * part<2, 4>(x)),
                        chosen>>(6);
    check<4, sequential<in, APPLIES((1.0 - part<4, 6>(x)) * part<0, 2>(x) + part<4, 6>(x) * part<2, 4>(x)), chosen>>(7);
    check<4, sequential<in, softmax<>, out>>(6, 2);
    check<4, sequential<in, log_softmax<>, out>>(7, 2);
    check<4, sequential<in, APPLIES(pm::sin(x) * pm::cos(x) + pm::erf(x)), out>>(8);
    check<4, sequential<in, APPLIES(pm::exp(x) + pm::log(pm::square(x) + 0.5) + pm::rsqrt(pm::square(x) + 0.1)), out>>(
        9);
    check<4, sequential<in, APPLIES(part<0, 3>(x) * part<3, 6>(x)), linear<3, 2>>>(10);
    check<4, sequential<in, APPLIES(part<0, 3>(x) / (pm::exp(part<3, 6>(x)) + 0.3)), linear<3, 2>>>(11);
    check<4,
          sequential<in, APPLIES(pm::maximum(part<0, 3>(x), part<3, 6>(x)) * pm::minimum(part<3, 6>(x), part<0, 3>(x))),
                     linear<3, 2>>>(12);
    check<4, sequential<in, APPLIES(pm::where(part<0, 3>(x) > 0.1, part<0, 3>(x), part<3, 6>(x))), linear<3, 2>>>(13);
    check<4, sequential<in, APPLIES(pm::unsqueeze<-1>(pm::norm<2, -1>(x)) + pm::unsqueeze<-1>(pm::max<-1>(x)) -
                                    pm::unsqueeze<-1>(pm::min<-1>(x)))>>(14);
    check<4, sequential<linear<4, 8>, APPLIES(pm::reshape<pm::shape<1, 8>>(x)),
                        APPLIES(pm::reshape<pm::shape<4>>(pm::matmul(pm::reshape<pm::shape<2, 4>>(x),
                                                                     pm::transpose(pm::reshape<pm::shape<2, 4>>(x))))),
                        linear<4, 2>>>(15);
    check<16, sequential<APPLIES(pm::reshape<pm::shape<1, 1, 4, 4>>(x)), conv2d<1, 3, 3, pm::padding<1>>, max_pool2d<2>,
                         relu, conv2d<3, 2, 2>, flatten<>, APPLIES(pm::reshape<pm::shape<2>>(x))>>(16);
    check<8, sequential<APPLIES(pm::reshape<pm::shape<1, 1, 8>>(x)), conv1d<1, 2, 3>, avg_pool1d<2>, flatten<>,
                        APPLIES(pm::reshape<pm::shape<6>>(x)), linear<6, 2>>>(17);
    check<4, sequential<residual<linear<4, 4>, leaky_relu<>>, linear<4, 2>>>(18);
    check<4, sequential<in, APPLIES(pm::where(pm::sin(x) > 0.3, 1.0, x) + pm::where(x > 0.1, 0.5, x)), out>>(19);
    // Rounding of large numbers, of which small ones are left.
    check<4, sequential<in, APPLIES((x + 1000.0) - 1000.0)>>(20);
    check<4, sequential<in, APPLIES((1000.0 * part<0, 3>(x) + part<3, 6>(x)) - 1000.0 * part<0, 3>(x))>>(21);
    check<8, sequential<APPLIES(pm::reshape<pm::shape<1, 1, 8>>(x)), avg_pool1d<2>,
                        APPLIES(pm::reshape<pm::shape<4>>(x) - 1000.0)>>(22, 1, 1000);
    // A condition is 0 or 1, the ends of its interval, and nothing between them.
    check<4, sequential<in, APPLIES(pm::where(x > 0.1, 1.0, 3.0)), out>>(23);
    // Rows that may be zero, of which one number may be all there is.
    check<2, sequential<APPLIES(pm::concatenate<0>(x, 1e-4 * x)), rms_norm<pm::shape<4>, pm::epsilon<1e-6>>>>(24);
    check<4, sequential<APPLIES(0.01 * x), rms_norm<pm::shape<4>, pm::epsilon<1e-2>>>>(25);
    // Means by shares.
    check<4, sequential<linear<4, 8>, APPLIES(pm::reshape<pm::shape<4>>(
                                          pm::matmul(pm::softmax(pm::reshape<pm::shape<2, 2>>(part<0, 4>(x))),
                                                     pm::reshape<pm::shape<2, 2>>(part<4, 8>(x)))))>>(26, 2);
    std::printf("mutant %d: %ld outside\n", mutant, outside);
    return outside == 0 ? 0 : 1;
}
