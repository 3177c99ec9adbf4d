// Frozen networks whose weights are stored in eight bits, a scale for each row, and whose arithmetic stays in float:
//
//     constexpr auto net = pm::stored_as<std::int8_t, digits::values>();   // called like a pm::frozen
//     static pm::workspace<net> space;
//     static_assert(pm::flash_bytes<net> < pm::flash_bytes<digits::network> / 3);
//
// Stored so is every tensor of two axes or more; one of fewer (a bias, a gain) stays in the network's own type.
// Formula: w[j, ...] is stored as q[j, ...] = round(w[j, ...] / s[j]), an integer of at most 127 in magnitude, where
// s[j] is max |w[j, ...]| / 127, rounded up to seven significant bits fewer than the type has. So each product s[j]
// q[j, ...] is exact, and the result is, to the bit, that of a pm::frozen of those products,
// `pm::rounded_values<std::int8_t, Values>`; pm::bounds and pm::difference prove of it what holds for that one. No data
// is needed, and no input is rounded: pm::quantize (embed/int8.hpp) is the other way, which multiplies integers. Values
// are those of pm::write_header, of the compiler, or of a file that `paramorph header` wrote in another type than int8,
// `pm::stored_as<std::int8_t, pm::values_from<model, digits::file>>()`; what it wrote with --as int8 is for
// pm::quantize's products.
//
// Accuracy: at most half a scale for each weight; a row of zeros stays zeros. Memory: a quarter of the weights of
// float, a number for each row. A matrix that a single row is multiplied by is read where it lies, as are tensors in
// loops; what another operation reads as a whole (rows of a batch times a matrix, filters, the weights of a recurrent
// layer) is a copy in the network's type, in the workspace: `ram_bytes` has it. Errors: those of stored_as
// (embed/storage.hpp). Cost: a conversion and a multiplication for each weight. Source: Jacob et al. 2018,
// "Quantization and training of neural networks for efficient integer-arithmetic-only inference"; weights alone:
// Dettmers et al. 2022, "LLM.int8()".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_words.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/embed/scaled_row_product.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

constexpr bool has_scales(extents const& s) {
    return s.rank > 1;
}

// Where the integers, scales and other numbers of each tensor begin.
template <class M>
struct int8_layout {
    static constexpr int tensors = counts<M>.tensors;
    extents shape[tensors + 1]{};
    int integers[tensors + 1]{}, scales[tensors + 1]{}, plain[tensors + 1]{}, scaled[tensors + 1]{};
    constexpr int8_layout() {
        int k = 0;
        traced_module<M> const m{};
        for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
            extents const& s = shape[k] = Tensor::shape_type::value;
            bool const has = has_scales(s);
            integers[k + 1] = integers[k] + (has ? s.size() : 0);
            scales[k + 1] = scales[k] + (has ? s.d[0] : 0);
            plain[k + 1] = plain[k] + (has ? 0 : s.size());
            scaled[k + 1] = scaled[k] + (has ? 1 : 0);
            ++k;
        });
    }
};
template <class M>
inline constexpr int8_layout<M> int8_layout_of{};

}  // namespace detail

namespace program {

// Arguments: the tensors, integers where they have scales; those scales; the inputs.
template <class M, class... Input>
struct call_of_int8_stored : call_of<M, binding::values, Input...> {
    using in_its_own_type = call_of<M, binding::values, Input...>;
    static constexpr bool fuses_row_products = true;
    using operations = join<typename in_its_own_type::operations, ops<op::dequantize, op::scaled_row_product>>;
    static constexpr graph build() {
        constexpr auto const& layout = detail::int8_layout_of<M>;
        constexpr int tensors = layout.tensors;
        graph const from = simplify(in_its_own_type::build());
        detail::copier copy(from);
        int integers[tensors + 1]{}, scales[tensors + 1]{};
        auto const leaf = [&copy](int position, extents const& shape, element type) {
            int const v = push_with<op::leaf>(copy.to, attributes{{position}});
            copy.to.values[v] = value{shape, type, copy.to.values[v].producer};
            return v;
        };
        for (int i = 0; i < from.size; ++i) {
            node const& old = from.nodes[i];
            if (old.operation->kind == category::leaf) {
                int const k = old.attribute.v[0];
                extents const& s = from.shape_of(old.first);
                if (k >= tensors || !detail::has_scales(s)) {
                    copy.moved[old.first] = static_cast<std::int16_t>(
                        leaf(k < tensors ? k : k + layout.scaled[tensors], s, from.values[old.first].type));
                    continue;
                }
                extents rows{s.rank, {s.d[0], 1, 1, 1}};
                integers[k] = leaf(k, s, element::i8);
                scales[k] = leaf(tensors + layout.scaled[k], rows, from.real);
                copy.moved[old.first] =
                    static_cast<std::int16_t>(push<op::dequantize>(copy.to, integers[k], scales[k]));
                continue;
            }
            node const n = copy.remapped(old);
            if (n.operation->id == id_of<op::matmul> && op::matmul::row_product(from, old)) {
                node const& matrix = from.producer_of(old.argument[1]);
                int const k = matrix.attribute.v[0];
                if (matrix.operation->kind == category::leaf && k < tensors) {
                    copy.moved[old.first] = static_cast<std::int16_t>(
                        push<op::scaled_row_product>(copy.to, n.argument[0], integers[k], scales[k]));
                    continue;
                }
            }
            int const first = copy.to.push(n);
            for (int r = 0; r < n.operation->results; ++r)
                copy.moved[old.first + r] = static_cast<std::int16_t>(first + r);
        }
        copy.finish();
        return copy.to;
    }
};

}  // namespace program

namespace detail {

// The numbers of such a network.
template <class M>
struct network_int8_stored {
    using module_type = M;
    using value_type = module_value_type<M>;
    template <class... Input>
    using program_for = program::call_of_int8_stored<M, Input...>;
    static constexpr auto const& layout = int8_layout_of<M>;
    static constexpr int tensors = layout.tensors, parts = tensors + layout.scaled[tensors], input_position = parts;
    number_array<value_type, layout.scales[tensors]> scales;
    number_array<value_type, layout.plain[tensors]> plain;
    number_array<std::int8_t, layout.integers[tensors]> integers;

    // Element i of tensor k as it is read, which is exact.
    constexpr double leaf(int k, int i) const {
        extents const& s = layout.shape[k];
        if (!has_scales(s)) return double(plain.of[layout.plain[k] + i]);
        return integers.of[layout.integers[k] + i] * double(scales.of[layout.scales[k] + i / (s.size() / s.d[0])]);
    }
    [[gnu::always_inline]] void addresses(void const** to) const {
        kernel::unrolled<tensors>([&](auto k) __attribute__((always_inline)) {
            constexpr int place = layout.integers[k], scale = layout.scales[k], number = layout.plain[k];
            if constexpr (has_scales(layout.shape[k])) {
                constexpr int position = tensors + layout.scaled[k];
                to[k] = integers.of + place;
                to[position] = scales.of + scale;
            } else
                to[k] = plain.of + number;
        });
    }
};

// A scale, rounded up so that its product with an integer of seven bits is exact.
template <class T>
constexpr T with_fewer_bits(T scale) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    constexpr int digits = std::numeric_limits<T>::digits;
    auto const bits = std::bit_cast<word>(scale);
    int const has = bits >> (digits - 1) != 0 ? digits : std::bit_width(bits),
              drops = has > digits - 7 ? has - digits + 7 : 0;
    return std::bit_cast<T>(static_cast<word>((bits + (word(1) << drops) - 1) >> drops << drops));
}

enum class rounding_problem { none, not_finite, too_large };

// Rows of so many numbers in eight bits.
template <class T, int Rows, int Length>
struct rounded_rows {
    T scales[Rows]{};
    std::int8_t integers[Rows * Length]{};
    rounding_problem problem = rounding_problem::none;

    constexpr rounded_rows(T const* from) {
        for (int j = 0; j < Rows && problem == rounding_problem::none; ++j, from += Length) {
            T const found = scale_of_words(from, Length);
            if (found < 0) {
                problem = rounding_problem::not_finite;
                return;
            }
            scales[j] = with_fewer_bits(found);
            for (int k = 0; k < Length; ++k) {
                int const q = scales[j] > 0 ? nearest(double(from[k]) / double(scales[j])) : 0;
                integers[j * Length + k] = static_cast<std::int8_t>(q);
                if (double const x = q * double(scales[j]); x > limit || x < -limit)
                    problem = rounding_problem::too_large;
            }
        }
    }

  private:
    static constexpr double limit = double(std::numeric_limits<T>::max());
};

// The values of a network in eight bits. Compilers limit each evaluation, so some rows at a time are a constant.
template <auto const& Values>
struct rounding_to_int8 {
    using numbers = std::remove_cvref_t<decltype(Values)>;
    using M = typename numbers::module_type;
    using T = typename numbers::value_type;
    static constexpr auto const& layout = int8_layout_of<M>;
    template <int K>
    struct tensor {
        static constexpr int rows = layout.shape[K].d[0], length = layout.shape[K].size() / rows,
                             at_once = std::min(rows, std::max(1, 2048 / length)),
                             blocks = (rows + at_once - 1) / at_once;
        template <int B>
        static constexpr rounded_rows<T, std::min(at_once, rows - B * at_once), length> block{
            Values.of + numbers::begin(K) + B * at_once * length};
    };

    // f(tensor, row, numbers in a row, those from this row on) for each that has scales.
    static constexpr void for_each_block(auto const& f) {
        [&]<int... K>(std::integer_sequence<int, K...>) {
            (for_blocks_of<K>(f), ...);
        }(std::make_integer_sequence<int, layout.tensors>{});
    }
    template <int K>
    static constexpr void for_blocks_of(auto const& f) {
        if constexpr (has_scales(layout.shape[K]))
            [&]<int... B>(std::integer_sequence<int, B...>) {
                (f(K, B * tensor<K>::at_once, tensor<K>::length, tensor<K>::template block<B>), ...);
            }(std::make_integer_sequence<int, tensor<K>::blocks>{});
    }
    static constexpr rounding_problem problem = [] {
        rounding_problem first = rounding_problem::none;
        for_each_block([&](int, int, int, auto const& x) {
            if (first == rounding_problem::none) first = x.problem;
        });
        for (int k = 0; k < layout.tensors; ++k)
            if (!has_scales(layout.shape[k]) && !all_finite(Values.of + numbers::begin(k), layout.shape[k].size()))
                first = rounding_problem::not_finite;
        return first;
    }();
    static constexpr auto all = [] {
        network_int8_stored<M> to{};
        for_each_block([&](int k, int row, int length, auto const& x) {
            int const from = layout.integers[k] + row * length;
            for (int i = 0; i < int(std::size(x.scales)); ++i) to.scales.of[layout.scales[k] + row + i] = x.scales[i];
            for (int i = 0; i < int(std::size(x.integers)); ++i) to.integers.of[from + i] = x.integers[i];
        });
        for (int k = 0; k < layout.tensors; ++k)
            if (!has_scales(layout.shape[k]))
                for (int i = 0; i < layout.shape[k].size(); ++i)
                    to.plain.of[layout.plain[k] + i] = Values.of[numbers::begin(k) + i];
        return to;
    }();
    // As they are read.
    static constexpr network_values<M> values = [] {
        network_values<M> to = Values;
        for_each_block([&](int k, int row, int length, auto const& x) {
            int const first = numbers::begin(k) + row * length;
            for (int i = 0; i < int(std::size(x.integers)); ++i)
                to.of[first + i] = x.integers[i] * x.scales[i / length];
        });
        return to;
    }();
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
