// Initial values: `auto net = pm::make<Net>(pm::seed{0});`. A seed draws the same numbers on every machine.
//
// Weights and biases of layers are uniform within 1 / sqrt(fan in), as PyTorch's; what a layer draws in another way its
// own header says. A tensor of one's own module is uniform within 1 / sqrt(last extent), unless the module has
// `initialize(pm::random&)`, or the tensor is declared with pm::full. A parametrized tensor gets its value through
// right_inverse where that takes any tensor, else the numbers are its originals.
//
// Errors: a type that is no module, an initialize of another signature, and a seed that is a plain number, are the
// compiler's. Cost: one random number for each element that is drawn, once. Source: torch.nn.Module.reset_parameters,
// torch.manual_seed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>
#include <utility>

#include "paramorph/core/cmath.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/nn/module.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Does a class have a member called initialize? Asked as has_a_forward is.
struct another_initialize {
    int initialize;
};
template <class M>
struct with_another_initialize : M, another_initialize {};
template <class M>
constexpr bool has_an_initialize() {
    if constexpr (std::is_class_v<M> && !std::is_final_v<M>)
        return !requires { &with_another_initialize<M>::initialize; };
    else
        return false;
}
// Binds to a reference, and is no value.
struct reference_to_random {
    operator random&() const;
    operator random() const = delete;
};
template <class M>
concept copies_random = requires(M& m, random r) { m.initialize(std::move(r)); } &&
                        !requires(M& m, reference_to_random r) { m.initialize(r); };

// Draws what a module's own initialize draws.
template <class M>
void initialize_as_said(M& m, random& numbers) {
    if constexpr (requires { m.initialize(numbers); } && !copies_random<M>)
        m.initialize(numbers);
    else if constexpr (has_an_initialize<M>()) {
        using wrong = mistake<sentence("initialize: initialize of ", short_type_name<M>(),
                                       " must be public and take a reference to the numbers that are drawn: write "
                                       "`void initialize(pm::random& numbers)`")>;
        using said [[maybe_unused]] = wrong::type;
    }
}

}  // namespace detail

// Fills every tensor of a module that is empty. Those of a module with a member function `initialize(pm::random&)`, as
// layers have one, first by that. Then those declared with pm::full as they are declared, other buffers with zeros, and
// what is left, which is trained, uniformly within 1 / sqrt(last extent). Source: torch.nn.Module.register_buffer.
// It runs once: `cold` has the compiler spend no time on it, here and where a tensor draws its numbers.
template <class M>
[[gnu::cold]] void initialize(M& m, random& numbers) {
    if constexpr (is_tensor<M>) {
        if (!m.empty()) return;
        if (m.declares_begin() || !M::trained)
            m.initialize_as_declared(numbers);
        else
            m.initialize(numbers, 1 / std::sqrt(double(M::declared_shape::value.from_end(0))));
    } else {
        detail::initialize_as_said(m, numbers);
        if constexpr (!detail::is_overlay<M>)
            detail::for_each_member<M>(
                [&]<fixed_string>(auto const& member) { paramorph::initialize(member(m), numbers); });
    }
}

#define PARAMORPH_SEED "initial values need a seed, and a number alone is none: write pm::make<net>(pm::seed{0})"
// A network with reproducible initial values.
template <class M>
[[gnu::cold]] M make(seed s) {
    constexpr bool is_module = module<M>;
    static_assert(is_module,
                  "make: this type is no module: a struct of tensors and modules that BOOST_HANA_ADAPT_STRUCT lists");
    M m;
    random numbers{s};
    if constexpr (module<M>) paramorph::initialize(m, numbers);
    return m;
}
template <class M, detail::sentence Says = PARAMORPH_SEED>
M make() = PARAMORPH_REFUSED(PARAMORPH_SEED);
template <class M, std::integral N, detail::sentence Says = PARAMORPH_SEED>
M make(N) = PARAMORPH_REFUSED(PARAMORPH_SEED);
template <class M>
    requires(!std::is_arithmetic_v<M>)
M make(M const&, auto const&...) {
    using wrong =
        detail::mistake<detail::sentence("make: the network is given as a type, not as a value: write pm::make<",
                                         detail::short_type_name<M>(), ">(pm::seed{0})")>;
    using said [[maybe_unused]] = wrong::type;
    return {};
}

// `Layer layer{pm::seed{0}}`: initial values; a number alone is refused, and a seed in the braces of what has the layer
// as its first member.
#define PARAMORPH_SEED_OF_MEMBER                                                                                     \
    "initial values: a struct of layers takes no seed in braces, which would be its first member's: write auto net " \
    "= pm::make<net_type>(pm::seed{0})"
#define PARAMORPH_BEGINS_FROM_SEED(Layer)                                                                       \
    constexpr Layer() = default;                                                                                \
    explicit Layer(::paramorph::seed s) : Layer(paramorph::make<Layer>(s)) {}                                   \
    template <std::integral N, ::paramorph::detail::sentence Says = PARAMORPH_SEED>                             \
    explicit Layer(N) = PARAMORPH_REFUSED(PARAMORPH_SEED);                                                      \
    template <std::same_as<::paramorph::seed> S, ::paramorph::detail::sentence Says = PARAMORPH_SEED_OF_MEMBER> \
    Layer(S) = PARAMORPH_REFUSED(PARAMORPH_SEED_OF_MEMBER);

}  // namespace paramorph::inline PARAMORPH_ABI
