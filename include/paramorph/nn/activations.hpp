// Activations as modules, elementwise but for the last three, without tensors of their own (nn/prelu.hpp has one).
// Their numbers are template arguments, with PyTorch's defaults.
//
//   tanh, relu, sigmoid, softplus, gelu, silu    the functions of these names in op/
//   gelu_tanh                                    x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
//   elu<Alpha = 1>                               x above 0, else Alpha (exp(x) - 1)
//   leaky_relu<Slope = 0.01>                     x above 0, else Slope x
//   hardtanh<Low = -1, High = 1>, relu6          x within [Low, High]; relu6 is hardtanh<0, 6>
//   hardsigmoid, hardswish                       hardtanh<0, 6>(x + 3) / 6, and x times it
//   mish                                         x tanh(softplus(x))
//   identity                                     x itself
//   glu<Axis = -1>                               a sigmoid(b), a and b the halves of x along the axis
//   softmax<Axis = -1>, log_softmax<Axis = -1>   along the axis
//
// Gradients where a function has a kink are PyTorch's: Slope at 0; 0 at both bounds of hardtanh, relu6 and hardsigmoid;
// -1/2 and 3/2 at -3 and 3 of hardswish. NaN stays NaN, and lets a cotangent pass or makes NaN of it.
// At -infinity hardswish, mish and gelu_tanh are 0, their gradients, too, and at infinity the gradient is 1 (PyTorch:
// NaN). gelu_tanh is gelu with PyTorch's approximate="tanh", exact in its left tail, too. Errors: bounds in the wrong
// order, and an odd extent for glu, are the compiler's. Cost: that of the functions, in the loop that computes their
// input; no memory. glu reads its input in two halves, softmax takes three passes over each row. Source: torch.nn.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/call.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/gelu.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/tanh.hpp"

namespace paramorph::inline PARAMORPH_ABI::nn {

// Not called as a function of PyTorch's torch.nn.functional.
#define PARAMORPH_MODULE_OF(name)                                                      \
    "pm::nn::" #name " is a module, a type: in forward write the function, pm::" #name \
    "(x), in place of pm::nn::" #name "(x); of an array write pm::nn::" #name "{}(array)"
#define PARAMORPH_IS_NO_FUNCTION(name)                                                 \
    constexpr name() = default;                                                        \
    template <class X, ::paramorph::detail::sentence Says = PARAMORPH_MODULE_OF(name)> \
        requires(!std::is_base_of_v<name, X>)                                          \
    constexpr explicit name(X const&) = PARAMORPH_REFUSED(PARAMORPH_MODULE_OF(name));

struct tanh {
    static constexpr bool keeps_shape = true;
    PARAMORPH_IS_NO_FUNCTION(tanh)
    static constexpr auto forward(auto x) { return paramorph::tanh(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct relu {
    static constexpr bool keeps_shape = true;
    PARAMORPH_IS_NO_FUNCTION(relu)
    static constexpr auto forward(auto x) { return paramorph::relu(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct sigmoid {
    static constexpr bool keeps_shape = true;
    PARAMORPH_IS_NO_FUNCTION(sigmoid)
    static constexpr auto forward(auto x) { return paramorph::sigmoid(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct softplus {
    static constexpr bool keeps_shape = true;
    PARAMORPH_IS_NO_FUNCTION(softplus)
    static constexpr auto forward(auto x) { return paramorph::softplus(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct gelu {
    static constexpr bool keeps_shape = true;
    PARAMORPH_IS_NO_FUNCTION(gelu)
    static constexpr auto forward(auto x) { return paramorph::gelu(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct gelu_tanh {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) {
        auto const inside = clamp(x, -1000, 1000);  // beyond, it is 0 and x; (1 + tanh(u)) / 2 is sigmoid(2 u)
        constexpr double linear = 1.5957691216057308, cubic = 0.044715 * linear;  // 2 sqrt(2 / pi)
        return where(x > 1000, x, inside * paramorph::sigmoid(inside * (linear + cubic * square(inside))));
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct silu {
    static constexpr bool keeps_shape = true;
    PARAMORPH_IS_NO_FUNCTION(silu)
    static constexpr auto forward(auto x) { return paramorph::silu(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Alpha = 1>
struct elu {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) { return paramorph::elu(x, double(Alpha)); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Slope = 0.01>
struct leaky_relu {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) {
        if constexpr (double(Slope) == 0)
            return paramorph::relu(x);  // 0 times -infinity is NaN
        else
            return where(x > 0, x, double(Slope) * x);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Low = -1, auto High = 1>
struct hardtanh {
    static constexpr bool keeps_shape = true;
    static constexpr bool say() {
        if constexpr (!(Low < High)) {
            using wrong = detail::mistake<detail::sentence(
                "hardtanh: the lower bound must be less than the upper one: they are ", Low, " and ", High)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(say());
    static constexpr auto forward(auto x) {
        return where(x <= double(Low), double(Low), where(x >= double(High), double(High), x));
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct relu6 {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) { return hardtanh<0, 6>::forward(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct hardsigmoid {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) { return where(x <= -3, 0.0, where(x >= 3, 1.0, (x + 3) * (1.0 / 6))); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct hardswish {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) {
        auto const inside = clamp(x, -3, 3);  // so that the gradient is finite where x is not
        return where(x > 3, x, inside * (inside + 3) * (1.0 / 6));
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct mish {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) {
        auto const inside = clamp(x, -1000, 1000);  // beyond, mish is 0 and x
        return where(x > 1000, x, inside * paramorph::tanh(paramorph::softplus(inside)));
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

struct identity {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) { return x; }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <int Axis = -1>
struct glu {
    static constexpr auto forward(auto x) {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr int axis = normal_axis(Axis, s.rank);
        constexpr bool exists = axis >= 0 && axis < s.rank;
        constexpr int extent = exists ? s.d[axis] : 0;
        if constexpr (extent > 0 && extent % 2 == 0)
            return slice<axis, 0, extent / 2>(x) * paramorph::sigmoid(slice<axis, extent / 2, extent>(x));
        else {
            using wrong = detail::mistake<detail::sentence(
                "glu: the extent along the axis must be even, since one half of it is multiplied by the sigmoid of the "
                "other: axis ",
                Axis, " of ", s)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <int Axis = -1>
struct softmax {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) { return paramorph::softmax<Axis>(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <int Axis = -1>
struct log_softmax {
    static constexpr bool keeps_shape = true;
    static constexpr auto forward(auto x) { return paramorph::log_softmax<Axis>(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

#undef PARAMORPH_IS_NO_FUNCTION
#undef PARAMORPH_MODULE_OF

}  // namespace paramorph::inline PARAMORPH_ABI::nn
