// multihead_attention<Embed, Heads, ...>: attention of a sequence to itself, or to another. Of query, key and value in
// rows, one for each place of a sequence (of one x, which is all three, in self-attention):
//
//   q, k, v = query W_q^T + b_q, key W_k^T + b_k, value W_v^T + b_v, cut into Heads parts of d = Embed / Heads numbers
//   y = (softmax(q k^T / sqrt(d) + mask) v of all heads side by side) W_o^T + b_o
//
//     pm::nn::multihead_attention<16, 4, pm::causal_mask> attend;    // each place sees itself and those before
//     auto y = attend(x);                                            // or attend(x, mask)
//     auto z = other(query, key, value);                             // or other(query, key, value, mask)
//
// Shapes: x or query [L, Embed] or [batch, L, Embed] (torch.nn's batch_first); key and value [S, Embed] or [batch, S,
// Embed], where S = L for one x; y as the query; mask [L, S], or one for each head [Heads, L, S], or for each of a
// batch [batch, Heads, L, S], where any extent may be 1, as in [batch, 1, 1, S] for sequences that are padded: added to
// the scores, row i what place i sees, -infinity where it does not see. (A mask of
// booleans in torch.nn marks what is not seen.) A mask may be trained: it has a gradient. Where a place sees nothing at
// all, its weights, and the part of the heads in its result, are 0, and gradients stay finite (torch.nn: NaN). A score
// that is not seen counts for nothing, whatever it is; a value that is not seen counts 0 times, so it must be finite
// (as in torch.nn, 0 times infinity is NaN). Options: pm::causal_mask (place i sees 0 to i); pm::no_bias;
// pm::element_type<double>. Tensors: in_proj_weight [3 Embed, Embed], the rows of q, k and v one after the other,
// in_proj_bias [3 Embed], out_proj.weight [Embed, Embed], out_proj.bias [Embed]. Initial values: in_proj_weight uniform
// within sqrt(6 / (4 Embed)), out_proj.weight within 1 / sqrt(Embed), biases 0. Errors: an embedding that Heads do not
// divide, other shapes, are the compiler's. Cost: two products beside the scores', one pass over the scores, which are
// stored [Heads, L, L]; the causal ones are computed all the same.
//
// Example: examples/transformer.cpp. Source: torch.nn.MultiheadAttention; Vaswani et al. 2017, "Attention is all you
// need".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/triangle.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of attention: no place sees those after it.
struct causal_mask {};

namespace detail {

template <class Weight, class Bias, class Output, bool HasBias>
struct attention_members {
    BOOST_HANA_DEFINE_STRUCT(attention_members, (Weight, in_proj_weight), (Bias, in_proj_bias), (Output, out_proj));
    constexpr attention_members() : in_proj_bias(full(0)) {}
    static constexpr auto projected(auto const& self, auto x) {
        return matmul(x, transpose(self.in_proj_weight)) + self.in_proj_bias;
    }
    // By some of the rows.
    template <int Begin, int End>
    static constexpr auto projected_by(auto const& self, auto x) {
        return matmul(x, transpose(slice<0, Begin, End>(self.in_proj_weight))) +
               slice<0, Begin, End>(self.in_proj_bias);
    }
    static void initialize_bias(auto& self, random& numbers) {
        if (self.out_proj.bias.empty()) self.out_proj.bias.initialize(numbers, 0);
    }
};
template <class Weight, class Bias, class Output>
struct attention_members<Weight, Bias, Output, false> {
    BOOST_HANA_DEFINE_STRUCT(attention_members, (Weight, in_proj_weight), (Output, out_proj));
    static constexpr auto projected(auto const& self, auto x) { return matmul(x, transpose(self.in_proj_weight)); }
    template <int Begin, int End>
    static constexpr auto projected_by(auto const& self, auto x) {
        return matmul(x, transpose(slice<0, Begin, End>(self.in_proj_weight)));
    }
    static void initialize_bias(auto&, random&) {}
};
template <int Embed, class Options>
using attention_of = attention_members<
    tensor<shape<3 * Embed, Embed>, chain<>, typename Options::value_type>,
    tensor<shape<3 * Embed>, chain<>, typename Options::value_type>,
    std::conditional_t<Options::has_bias, nn::linear<Embed, Embed, element_type<typename Options::value_type>>,
                       nn::linear<Embed, Embed, no_bias, element_type<typename Options::value_type>>>,
    Options::has_bias>;

// [batch, L, Heads d] as [batch, Heads, L, d], and [L, Heads d] as [Heads, L, d]; and back.
template <class X, int Heads>
struct shape_of_heads {
    static constexpr extents value() {
        extents s = X::value;
        s.d[s.rank] = s.d[s.rank - 1] / Heads;
        s.d[s.rank - 1] = Heads;
        ++s.rank;
        return s;
    }
};
template <int Heads>
constexpr auto by_heads(auto const& x) {
    auto const parts = reshape<shape_by<shape_of_heads<shape_type_of<decltype(x)>, Heads>>>(x);
    if constexpr (extents_of<decltype(parts)>.rank == 4)
        return permute<0, 2, 1, 3>(parts);
    else
        return permute<1, 0, 2>(parts);
}

// softmax along the last axis, where rows of -infinity have weights of zero; with Causal, row i has them from i + 1 on.
template <bool Causal>
constexpr auto attention_weights(auto const& scores) {
    using T = typename operand_type<decltype(scores)>::value_type;
    constexpr double least = std::numeric_limits<T>::lowest();
    auto const seen = [&] {
        if constexpr (Causal)
            return tril(scores) + triu<1>(placeholder<shape_type_of<decltype(scores)>>(scores) + least);
        else
            return as_operand(scores);
    }();
    auto const largest = unsqueeze<-1>(detach(max<-1>(seen)));
    auto const e = [&] {
        auto const all = exp(apply_elementwise<op::below_maximum>(seen, largest));
        if constexpr (Causal)
            return tril(all);
        else
            return all;
    }();
    auto const total = unsqueeze<-1>(sum<-1>(e));
    return e / where(apply_elementwise<op::equal>(total, 0.0), 1.0, total);
}

// Does a mask broadcast over the scores? Says so where not.
template <class Scores, class Mask>
constexpr bool mask_fits() {
    [[maybe_unused]] constexpr extents s = extents_of<Scores>, m = extents_of<Mask>;
    constexpr bool fits =
        extents_of<Mask>.rank > 0 && broadcast(extents_of<Mask>, extents_of<Scores>) == extents_of<Scores>;
    if constexpr (!fits) {
        using wrong = mistake<sentence("multihead_attention: the mask must be [", s.from_end(1), ", ", s.from_end(0),
                                       "], what each place sees of each, or one for each head, ", s,
                                       ", with extents of 1 where it is the same: it is ", m)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}

}  // namespace detail

namespace nn {

template <int Embed, int Heads, class... Options>
struct multihead_attention : detail::attention_of<detail::at_least_one(Embed), detail::layer_options<Options...>> {
    static_assert(
        detail::holds<(((std::is_same_v<Options, causal_mask> || std::is_same_v<Options, no_bias> ||
                         detail::is_element_type<Options>) &&
                        ...)),
                      "multihead_attention: an option must be pm::causal_mask, pm::no_bias or pm::element_type<T>; "
                      "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor">());
    static_assert(detail::given_once<"multihead_attention", Options...>());

    PARAMORPH_BEGINS_FROM_SEED(multihead_attention)

    // Of what is empty; out_proj draws its weight itself.
    void initialize(random& numbers) {
        if (this->in_proj_weight.empty()) this->in_proj_weight.initialize(numbers, std::sqrt(6.0 / (4 * Embed)));
        this->initialize_bias(*this, numbers);
    }

    constexpr auto forward(traced auto x) const { return to_itself(x, unmasked{}); }
    constexpr auto forward(traced auto x, traced auto mask) const { return to_itself(x, masked_by(mask)); }
    constexpr auto forward(traced auto query, traced auto key, traced auto value) const {
        return to_another(query, key, value, unmasked{});
    }
    constexpr auto forward(traced auto query, traced auto key, traced auto value, traced auto mask) const {
        return to_another(query, key, value, masked_by(mask));
    }
    constexpr auto operator()(auto const&... x) const { return paramorph::call(*this, x...); }

  private:
    struct unmasked {
        constexpr auto operator()(auto const& scores) const { return scores; }
    };
    static constexpr auto masked_by(auto const& mask) {
        return [mask]<class Scores>(Scores const& scores) {
            if constexpr (!detail::mask_fits<Scores, decltype(mask)>())
                return detail::after_mistake(scores);
            else
                return scores + mask;
        };
    }
    template <class X>
    static constexpr bool is_sequence =
        (extents_of<X>.rank == 2 || extents_of<X>.rank == 3) && extents_of<X>.from_end(0) == Embed;

    constexpr auto to_itself(auto x, auto masked) const {
        constexpr bool fits = is_sequence<decltype(x)>;
        if constexpr (!divides) {
            using wrong = heads_that_do_not_divide<>;
            using said [[maybe_unused]] = typename wrong::type;
        } else if constexpr (!fits) {
            using wrong =
                detail::mistake<detail::sentence("multihead_attention: the input must be [L, ", Embed,
                                                 "] or [batch, L, ", Embed, "]: it is ", extents_of<decltype(x)>)>;
            using said [[maybe_unused]] = wrong::type;
        }
        if constexpr (!divides || !fits)
            return detail::after_mistake(x);
        else {
            auto const all = this->projected(*this, x);
            return attended<decltype(x)>(slice<-1, 0, Embed>(all), slice<-1, Embed, 2 * Embed>(all),
                                         slice<-1, 2 * Embed, 3 * Embed>(all), masked);
        }
    }
    constexpr auto to_another(auto query, auto key, auto value, auto masked) const {
        constexpr extents q = extents_of<decltype(query)>, k = extents_of<decltype(key)>,
                          v = extents_of<decltype(value)>;
        constexpr bool fits = is_sequence<decltype(query)> && is_sequence<decltype(key)> && k == v &&
                              q.rank == k.rank && (q.rank == 2 || q.d[0] == k.d[0]);
        if constexpr (!divides) {
            using wrong = heads_that_do_not_divide<>;
            using said [[maybe_unused]] = typename wrong::type;
        } else if constexpr (!fits) {
            using wrong = detail::mistake<detail::sentence(
                "multihead_attention: query, key and value must be [L, ", Embed, "], [S, ", Embed, "] and [S, ", Embed,
                "], or all with one number of batches before: they are ", q, ", ", k, " and ", v)>;
            using said [[maybe_unused]] = wrong::type;
        }
        if constexpr (!divides || !fits)
            return detail::after_mistake(query);
        else
            return attended<decltype(query)>(this->template projected_by<0, Embed>(*this, query),
                                             this->template projected_by<Embed, 2 * Embed>(*this, key),
                                             this->template projected_by<2 * Embed, 3 * Embed>(*this, value), masked);
    }
    // Of what was projected; the result has the shape of X.
    template <class X>
    constexpr auto attended(auto query, auto key, auto value, auto masked) const {
        auto const q = detail::by_heads<Heads>(query * (1 / math::sqrt(double(Embed) / Heads)));
        auto const k = detail::by_heads<Heads>(key);
        auto const v = detail::by_heads<Heads>(value);
        constexpr bool causal = (std::is_same_v<Options, causal_mask> || ...);
        auto const weights = detail::attention_weights<causal>(masked(matmul(q, transpose(k))));
        return this->out_proj(reshape<shape_type_of<X>>(joined(matmul(weights, v))));
    }
    static constexpr auto joined(auto const& heads) {
        if constexpr (extents_of<decltype(heads)>.rank == 4)
            return permute<0, 2, 1, 3>(heads);
        else
            return permute<1, 0, 2>(heads);
    }
    template <int Number = Heads>
    using heads_that_do_not_divide = detail::mistake<detail::sentence(
        "multihead_attention: the number of heads must divide the width of the embedding: ", Number, " heads, ", Embed,
        " numbers")>;
    static constexpr bool divides = Embed > 0 && Heads > 0 && Embed % (Heads > 0 ? Heads : 1) == 0;
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
