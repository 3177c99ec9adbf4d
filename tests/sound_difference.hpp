// What the tests of differences share: two networks of one kind at run time, their bounds, and the search of sound.hpp
// for an input where a(x) - b(x) lies outside.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <vector>

#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/prove/fixed_scales.hpp"
#include "sound.hpp"

namespace sound {

// A network on a target whose numbers are written at run time.
template <auto& Numbers, class Shape>
struct called_on_target {
    static constexpr pm::network_on_target<Numbers> net{};
    using T = typename std::remove_cvref_t<decltype(Numbers)>::value_type;
    using result = typename pm::network_on_target<Numbers>::template result_shape<Shape>;
    alignas(8) std::byte room[std::size_t(pm::network_on_target<Numbers>::template workspace_bytes<Shape>) + 8];
    // NaN where the program refuses.
    std::array<double, std::size_t(result::size)> operator()(T const* x) {
        T y[result::size];
        std::array<double, std::size_t(result::size)> to;
        to.fill(std::numeric_limits<double>::quiet_NaN());
        if (net.template at<Shape>(std::span<T const, std::size_t(Shape::size)>(x, Shape::size), y,
                                   std::span<std::byte>(room))
                .ok())
            std::copy(y, y + result::size, to.begin());
        return to;
    }
};

template <class M, class Shape>
using eight_bits = pm::network_int8<M, pm::input<Shape, float>>;
template <class M, class Shape>
inline eight_bits<M, Shape> stored_in_eight_bits{pm::network_values<M>{}};
template <class M, class Shape>
using at_fixed_scales = pm::network_int8<M, pm::input<Shape, float>, true>;
template <class M, class Shape>
inline at_fixed_scales<M, Shape> stored_at_fixed_scales{pm::network_values<M>{}};
template <class M>
inline pm::detail::network_constants<M, pm::binding::values, pm::bfloat16> stored_in_16_bits{};
template <class M>
inline pm::network_originals<M> stored_originals{};

// b, from network a and its values; false where it cannot be made.
template <class M, class Shape, class T>
struct with_eight_bits {
    static auto const& numbers() { return stored_in_eight_bits<M, Shape>; }
    static bool make(generator&, M const&, pm::network_values<M> const& values, auto const&) {
        if (!pm::detail::int8_sums_fit<M, pm::input<Shape, T>>(values)) return false;
        stored_in_eight_bits<M, Shape> = eight_bits<M, Shape>(values);
        return true;
    }
    called_on_target<stored_in_eight_bits<M, Shape>, Shape> call;
};
// At scales that fit a box: the one that is tried, or one half as large, outside of which rows saturate.
template <class M, class Shape, class T>
struct with_fixed_scales {
    static auto const& numbers() { return stored_at_fixed_scales<M, Shape>; }
    static bool make(generator& r, M const& net, pm::network_values<M> const& values, pm::box<Shape> box) {
        if (!pm::detail::int8_sums_fit<M, pm::input<Shape, T>>(values)) return false;
        if (r() % 4 == 0)
            for (int i = 0; i < Shape::size; ++i) box.upper[i] = box.lower[i] / 2 + box.upper[i] / 2;
        auto const ranges = pm::row_ranges_of(pm::freeze(net), box);
        if (!pm::detail::ranges_are_known<M, pm::input<Shape, T>>(ranges)) return false;
        stored_at_fixed_scales<M, Shape> = at_fixed_scales<M, Shape>(values, ranges);
        return pm::detail::fixed_scales_fit(stored_at_fixed_scales<M, Shape>);
    }
    called_on_target<stored_at_fixed_scales<M, Shape>, Shape> call;
};
template <class M, class Shape, class T>
struct with_sixteen_bits {
    static auto const& numbers() { return stored_in_16_bits<M>; }
    static bool make(generator&, M const&, pm::network_values<M> const& values, auto const&) {
        for (int i = 0; i < pm::network_values<M>::count; ++i) {
            stored_in_16_bits<M>.of[i] = pm::bfloat16(values.of[i]);
            if (!std::isfinite(float(stored_in_16_bits<M>.of[i]))) return false;
        }
        return true;
    }
    called_on_target<stored_in_16_bits<M>, Shape> call;
};
// The weights computed in each call.
template <class M, class Shape, class T>
struct live {
    static auto const& numbers() { return stored_originals<M>; }
    static bool make(generator&, M& net, pm::network_values<M> const&, auto const&) {
        T* to = stored_originals<M>.of;
        pm::for_each_parameter(net, [&](std::string const&, auto& p) { to = std::copy(p.begin(), p.end(), to); });
        return to == stored_originals<M>.of + pm::network_originals<M>::count;
    }
    called_on_target<stored_originals<M>, Shape> call;
};
// Other weights, which are near.
template <class M, class Shape, class T>
struct with_other_weights {
    using frozen = decltype(pm::freeze(std::declval<M const&>()));
    std::optional<frozen> other;
    auto const& numbers() const { return *other; }
    bool make(generator& r, M net, pm::network_values<M> const&, auto const&) {
        double const by = std::pow(10.0, uniform(r, -6, -1));
        pm::for_each_parameter(net, [&](std::string const&, auto& p) {
            for (auto& x : p) x = T(double(x) * (1 + by * uniform(r, -1, 1)));
        });
        other.emplace(pm::freeze(net));
        return true;
    }
    struct caller {
        with_other_weights const& of;
        auto operator()(T const* x) {
            auto in = pm::make_container<Shape, T>();
            std::copy_n(x, Shape::size, in.data());
            auto const y = (*of.other)(in);
            return std::vector<double>(y.data(), y.data() + y.size());
        }
    } call{*this};
};

template <class Net, class Shape, template <class, class, class> class Other, class T = float>
void try_differences(unsigned seed, int networks, double decades, int tries) {
    generator r(seed);
    found all;
    auto values = std::make_unique<pm::network_values<Net>>();
    auto b = std::make_unique<Other<Net, Shape, T>>();
    int made = 0;
    for (int k = 0; k < networks; ++k) {
        double const of_this = k % 4 == 3 ? decades : decades / 20;
        auto net = pm::make<Net>(pm::seed{seed + static_cast<unsigned>(k)});
        randomize(r, net, of_this);
        auto const frozen = pm::freeze(net);
        for (int t = 0; t < pm::detail::counts<Net>.tensors; ++t)
            std::copy_n(frozen.data(t), pm::network_values<Net>::begin(t + 1) - pm::network_values<Net>::begin(t),
                        values->of + pm::network_values<Net>::begin(t));
        auto const box = random_box<Shape, T>(r, of_this);
        if (!b->make(r, net, *values, box)) continue;
        ++made;
        auto const bounds = pm::detail::difference_of_numbers<T, pm::bounding::affine>(frozen, b->numbers(), box);
        CHECK(bounds.unknown() == "");
        using array = decltype(pm::make_container<Shape, T>());
        array x;
        auto const difference = [&](array const& in) {
            auto const y = frozen(in);
            auto z = b->call(in.data());
            for (std::size_t i = 0; i < z.size(); ++i) z[i] = double(y.data()[i]) - z[i];
            return z;
        };
        search<T>(r, x, box, bounds, difference, tries, all);
    }
    CHECK(all.outside == 0);
    CHECK(made > networks / 2);
    CHECK(all.wide > networks / 4);  // bounds that are finite, of networks that do not overflow
    if (tries > 100)
        std::printf("%ld networks, %ld inputs, %ld outside, %ld with infinite bounds; %.3f of the others is reached\n",
                    all.networks, all.points, all.outside, all.infinite, all.reach / double(all.wide));
}

}  // namespace sound
