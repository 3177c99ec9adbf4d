// dropout<P = 0.5, ...>: in training each number is zero with probability P, and else 1 / (1 - P) times itself; in
// inference it is what it was. Option: pm::element_type<double>.
//
//     using model = pm::nn::sequential<pm::nn::linear<64, 32>, pm::nn::relu, pm::nn::dropout<0.2>,
//                                      pm::nn::linear<32, 10>>;
//
// Which numbers are zero follows from a buffer, `state`, four numbers of 16 bits each, which pm::make draws and every
// use in training moves: a use takes as many of the numbers of pm::random as there are elements, row by row, and keeps
// an element where its number in [0, 1) is not below P. So steps differ, layers differ, two uses in a step differ, and
// a training that is saved and loaded goes on bit for bit. A network that shall drop others: another seed. PyTorch's
// layer has no such tensor: its checkpoints load with pm::relaxed.
//
// Shapes: any. What is dropped is 0, also of what is infinite or not a number, and so is its gradient (PyTorch: NaN).
// Errors: a P outside of [0, 1] is the compiler's. With P = 1 all is zero, with P = 0 nothing happens. A training
// program has its batch in its type. Cost in training: a hash for each element. In a stream, frozen and on targets:
// none. Source: Srivastava et al. 2014; torch.nn.Dropout; numbers: core/random.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/random.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Argument: the state of random numbers. Results: 1 where an element is kept, else 0, of the shape in the attributes;
// the state after it.
template <auto P>
struct dropout_mask : dense<dropout_mask<P>, 1, 2> {
    static constexpr std::string_view name = "dropout_mask";
    static constexpr bool flat = true;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return result == 0 ? extents_from(at) : a[0];
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        std::uint64_t state = 0;
        for (int k = 3; k >= 0; --k) state = state << 16 | (static_cast<std::uint64_t>(x.argument[0][k]) & 0xffff);
        random numbers(state);
        int const n = extents_from(x.attribute).size();
        for (int i = 0; i < n; ++i) x.result[0][i] = numbers.uniform(0, 1) < double(P) ? T(0) : T(1);
        std::uint64_t const next = numbers.state();
        for (int k = 0; k < 4; ++k) x.result[1][k] = static_cast<T>(next >> (16 * k) & 0xffff);
        return true;
    }
};

}  // namespace op

namespace detail {

template <class T>
struct dropout_members {
    BOOST_HANA_DEFINE_STRUCT(dropout_members, (buffer<shape<4>, chain<>, T>, state));
};

}  // namespace detail

namespace nn {

template <auto P = 0.5, class... Options>
struct dropout : detail::dropout_members<typename detail::layer_options<Options...>::value_type> {
    static_assert(detail::holds<(P >= 0 && P <= 1), "dropout: the probability must lie in [0, 1]">());
    static_assert(
        detail::holds<((detail::is_element_type<Options> && ...)), "dropout: an option must be pm::element_type<T>">());
    static_assert(detail::given_once<"dropout", Options...>());
    static constexpr bool keeps_shape = true;

    constexpr dropout() = default;
    explicit dropout(seed s) : dropout(make<dropout>(s)) {}
    template <std::integral I, detail::sentence Says = PARAMORPH_SEED>
    explicit dropout(I) = PARAMORPH_REFUSED(PARAMORPH_SEED);

    // Of what is empty.
    void initialize(random& numbers) {
        if (this->state.empty())
            this->state.initialize_by(numbers, [](random& r) { return static_cast<double>(r.next() >> 48); });
    }
    template <mode M>
    constexpr auto forward(auto x) const {
        if constexpr (M == mode::inference || P == 0)
            return x;
        else {
            constexpr double scale = P == 1 ? 1 : 1 / (1 - double(P));
            auto const [keep, next] =
                apply<op::dropout_mask<P>, op::attributes_of(extents_of<decltype(x)>), 2>(this->state);
            return updated(where(keep, x * scale, 0.0), this->state = next);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
