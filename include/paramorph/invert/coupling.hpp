// coupling<Width, Kept, Net, Most = 2>: of the last axis, Width numbers long, the first Kept numbers a pass, and a
// network of them says what becomes of the others, b; where Kept is negative the last -Kept pass. It is invertible
// whatever the network is, which is not undone itself.
//
//   affine     b' = b exp(l) + t, l = Most tanh(s / Most), where Net gives s and t, one after the other, of a
//   additive   b' = b + t, where Net gives t alone: as many numbers as b has
//   inverse    b = (b' - t) exp(-l)
//   log |det|  the sum of l, 0 of an additive one
//
//     using net = pm::nn::sequential<pm::nn::linear<1, 16>, pm::nn::tanh, pm::nn::linear<16, 2>>;
//     using flow = pm::nn::sequential<pm::nn::coupling<2, 1, net>, pm::nn::coupling<2, -1, net>>;
//
// Shapes: [Width] or [batch, ..., Width], the result the same. Each l lies within -Most and Most, so that no number
// grows or shrinks by more than exp(Most) in a layer; Most is a number greater than 0. inverse and log_abs_det are
// traced functions; pm::inverse and pm::log_abs_det of a whole network call them (paramorph/invert.hpp). Tensors: those
// of Net, "net.0.weight". Errors: another width, or a network that gives another number of results, is the compiler's.
// Cost: that of Net, and one pass over x.
//
// Source: Dinh et al. 2017, "Density estimation using Real NVP", equations 4 to 8; additive: Dinh et al. 2015, "NICE".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

#include "paramorph/invert/each_sample.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/nn/initialize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::nn {

template <int Width, int Kept, class Net, auto Most = 2>
struct coupling {
    static constexpr int kept = Kept < 0 ? -Kept : Kept, moved = Width - kept;  // how many numbers pass and move
    static_assert(kept > 0 && moved > 0,
                  "coupling: of the numbers of the last axis some must pass and some must move: 0 < |Kept| < Width");
    static_assert(Most > 0, "coupling: the largest logarithm of a scale must be greater than 0");
    using input_shape = shape<(Width > 0 ? Width : 1)>;
    BOOST_HANA_DEFINE_STRUCT(coupling, (Net, net));

    PARAMORPH_BEGINS_FROM_SEED(coupling)

    constexpr auto forward(auto x) const {
        if constexpr (!takes<decltype(x)>())
            return x;
        else {
            auto const numbers = numbers_of(x);
            auto const b = moving(x);
            if constexpr (is_affine<decltype(numbers)>)
                return joined(x, b * exp(scale_of(numbers)) + shift_of(numbers));
            else
                return joined(x, b + numbers);
        }
    }
    constexpr auto inverse(auto y) const {
        if constexpr (!takes<decltype(y)>())
            return y;
        else {
            auto const numbers = numbers_of(y);  // what passes is the same in x and y
            auto const b = moving(y);
            if constexpr (is_affine<decltype(numbers)>)
                return joined(y, (b - shift_of(numbers)) * exp(-scale_of(numbers)));
            else
                return joined(y, b - numbers);
        }
    }
    // One number for each sample.
    constexpr auto log_abs_det(auto x) const {
        if constexpr (!takes<decltype(x)>())
            return paramorph::detail::no_log_abs_det(x);
        else {
            auto const numbers = numbers_of(x);
            if constexpr (is_affine<decltype(numbers)>)
                return paramorph::detail::sum_of_each_sample(scale_of(numbers));
            else
                return paramorph::detail::no_log_abs_det(x);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST

  private:
    static constexpr auto passing(auto x) { return slice < -1, Kept < 0 ? moved : 0, Kept<0 ? Width : kept>(x); }
    static constexpr auto moving(auto x) { return slice < -1, Kept < 0 ? 0 : kept, Kept<0 ? moved : Width>(x); }
    static constexpr auto joined(auto x, auto b) {
        if constexpr (Kept < 0)
            return concatenate<-1>(b, passing(x));
        else
            return concatenate<-1>(passing(x), b);
    }
    template <class Numbers>
    static constexpr bool is_affine = extents_of<Numbers>.from_end(0) == 2 * moved;
    static constexpr auto scale_of(auto numbers) {
        return double(Most) * paramorph::tanh((1 / double(Most)) * slice<-1, 0, moved>(numbers));
    }
    static constexpr auto shift_of(auto numbers) { return slice<-1, moved, 2 * moved>(numbers); }
    constexpr auto numbers_of(auto x) const { return paramorph::call(net, passing(x)); }

    // Does the width fit, and what the network gives? Says what met where not.
    template <class X>
    static constexpr bool takes() {
        constexpr extents s = extents_of<X>;
        if constexpr (s.rank < 1 || s.from_end(0) != Width) {
            using wrong [[maybe_unused]] = paramorph::detail::mistake<paramorph::detail::sentence(
                "coupling: ", Width, " numbers expected along the last axis, the input is ", s)>;
            return false;
        } else {
            constexpr extents given = extents_of<decltype(std::declval<coupling const&>().numbers_of(X{}))>;
            constexpr bool rows = [&] {
                bool same = given.rank == s.rank;
                for (int k = 0; same && k + 1 < s.rank; ++k) same = given.d[k] == s.d[k];
                return same;
            }();
            constexpr int last = given.from_end(0);
            if constexpr (!rows || (last != moved && last != 2 * moved))
                using wrong [[maybe_unused]] = paramorph::detail::mistake<paramorph::detail::sentence(
                    "coupling: of an input ", s, " the network must give ", moved, " numbers in each row, to add, or ",
                    2 * moved, ", to scale and to add: it gives ", given)>;
            return rows && (last == moved || last == 2 * moved);
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::nn
