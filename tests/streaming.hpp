// What the tests of pm::streaming share: a network over a whole sequence, and the same frame by frame, in blocks of all
// lengths, and with other largest blocks.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "catch.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/nn/streaming.hpp"

namespace pm = paramorph;

namespace test {

template <class Stream>
using numbers_of = std::vector<typename Stream::value_type>;

// Gives a sequence to a stream in pieces of next() frames. `outer`: rows that stand before time in the layout.
template <class Stream, class F>
void run_in_blocks(Stream& s, numbers_of<Stream> const& in, numbers_of<Stream>& out, std::size_t frames,
                   std::size_t outer_in, std::size_t outer_out, F next, auto const&... condition) {
    std::size_t const inner_in = Stream::frame_size / outer_in, inner_out = Stream::result_size / outer_out;
    for (std::size_t t = 0, n = 0; t < frames; t += n) {
        n = std::min<std::size_t>(next(), frames - t);
        numbers_of<Stream> x(n * Stream::frame_size), y(n * Stream::result_size);
        for (std::size_t o = 0; o < outer_in; ++o)
            std::copy_n(&in[(o * frames + t) * inner_in], n * inner_in, &x[o * n * inner_in]);
        s.process(x.data(), y.data(), n, condition...);
        for (std::size_t o = 0; o < outer_out; ++o)
            std::copy_n(&y[o * n * inner_out], n * inner_out, &out[(o * frames + t) * inner_out]);
    }
}

template <class T>
bool same_bits(std::vector<T> const& a, std::vector<T> const& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}
template <class T>
double largest_difference(std::vector<T> const& a, std::vector<T> const& b) {
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t k = 0; k < a.size() && k < b.size(); ++k)
        if (double const d = std::abs(double(a[k]) - double(b[k])); !(d <= most)) most = d;
    return most;
}

template <class T>
std::vector<T> samples(std::size_t n) {
    pm::random numbers(pm::seed{7});
    std::vector<T> x(n);
    for (T& v : x) v = static_cast<T>(numbers.uniform(-1, 1));
    return x;
}

// `whole` is what the network makes of the sequence `in`, both in the network's layouts, with so many rows before time.
template <class Net, int Block, int OtherBlock, class Weights, class T, class... Condition>
void expect_streams(Weights const& net, std::vector<T> const& in, std::vector<T> const& whole, std::size_t outer_in,
                    std::size_t outer_out, double tolerance, Condition const&... condition) {
    using stream = pm::streaming<Net, Block, pm::static_shape_of<Condition>...>;
    std::size_t const frames = in.size() / stream::frame_size;
    REQUIRE(whole.size() == frames * stream::result_size);
    auto const once = std::make_unique<stream>(net);
    std::vector<T> first(whole.size());
    run_in_blocks(*once, in, first, frames, outer_in, outer_out, [] { return std::size_t(1); }, condition...);
    CHECK(largest_difference(first, whole) <= tolerance);

    auto const expect_same = [&](auto& s, auto const& next) {
        std::vector<T> y(whole.size());
        run_in_blocks(s, in, y, frames, outer_in, outer_out, next, condition...);
        CHECK(same_bits(y, first));
    };
    for (std::size_t const n : {2, Block - 1, Block, Block + 1, 3 * Block + 2})
        if (n > 0) {
            once->reset();
            expect_same(*once, [n] { return n; });
        }
    once->reset();
    expect_same(*once, [k = std::size_t(0)]() mutable { return 1 + (k++ * 5) % (2 * Block); });
    auto const other = std::make_unique<pm::streaming<Net, OtherBlock, pm::static_shape_of<Condition>...>>(net);
    expect_same(*other, [] { return std::size_t(OtherBlock); });
    static_assert(stream::bytes() == sizeof(stream) && noexcept(once->reset()) &&
                  noexcept(once->process(in.data(), first.data(), frames, condition...)));
}

// The same of a network and a sequence in an array of static shape.
template <class Net, class X, int Block = 16, int OtherBlock = 5, class... Condition>
void expect_streams_like_whole(Net const& net, double tolerance, Condition const&... condition) {
    using T = typename X::value_type;
    using in = typename pm::detail::frames_of<Net>::type;
    X x;
    auto const from = samples<T>(x.size());
    std::copy(from.begin(), from.end(), x.begin());
    auto const y = [&] {
        if constexpr (requires { net(x, condition...).data(); })
            return net(x, condition...);
        else
            return std::get<0>(net(x, condition...));
    }();
    std::vector<T> const whole(y.begin(), y.end());
    std::size_t const frames = x.size() / in::size, result = whole.size() / frames;
    std::size_t const outer_out = y.shape()[0] == frames ? 1 : result;
    expect_streams<Net, Block, OtherBlock>(net, from, whole, in::outer, outer_out, tolerance, condition...);
}

}  // namespace test
