// A file of tensors in the program: `paramorph header model.safetensors -o model.hpp` (src/tool) writes one as a
// constant, which a network then runs on, where it lies:
//
//     #include "digits.hpp"                                             // from digits.safetensors: digits::file
//     constexpr pm::frozen<pm::values_from<model, digits::file>> net;   // called like every other pm::frozen
//     static pm::workspace<net> space;
//
// `values_from<M, File>` takes the tensors under PyTorch's keys, those of M's values ("0.weight" also where M has it
// parametrized). `originals_from<M, File>` takes what was trained and the state of stages, for pm::live
// ("0.parametrizations.weight.original", or "0.weight_g" and the like of older files). Nothing is copied: flash holds
// the bytes of the file, and RAM nothing of it.
//
// The header states what its numbers are stored in, and the network computes in its own type: `float32`, `float64`, its
// own; `float16`, `bfloat16`, of values, with the result of a pm::frozen of the rounded values to the bit (see
// embed/storage.hpp); `int8`, of values, with that of pm::quantize (embed/int8.hpp): every matrix is in eight bits, and
// what else a network does with one than to multiply rows by it needs `--keep KEY`. pm::stored_as of values that are
// not in eight bits there rounds them while compiling: `pm::stored_as<std::int8_t, pm::values_from<model,
// digits::file>>()` has weights in eight bits and arithmetic in float.
//
// Errors, by the compiler, as the first one: a key is missing; a shape or type is another; a key is unexpected, but for
// `num_batches_tracked` beside running statistics. Each names the key, what was expected and what was found. Cost: as
// pm::frozen; the file is a string to the compiler, ten megabytes take a second. Source: safetensors;
// torch.nn.Module.load_state_dict.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <string_view>

#include "paramorph/embed/file_checks.hpp"
#include "paramorph/embed/int8.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

static_assert(std::endian::native == std::endian::little,
              "tensor_file: the file's numbers are little-endian, and so must the target be");

// Where a file's tensors stand, or what of it does not fit.
template <module M, binding B, auto const& File>
struct checked_file {
    static constexpr places_in_file<M, B> found = find_in_file<M, B>(File);
};

// The values of a network that a file holds, as a constant of the network's own type: of those that a program is made
// of, not of those that it reads (pm::stored_as). Compilers limit each evaluation, so blocks are constants of their
// own.
template <module M, auto const& File>
struct decoded_file {
    using T = module_value_type<M>;
    static constexpr int count = network_values<M>::count, most = 2048;

    // The number at a byte.
    static constexpr T number_at(int at) {
        auto const bits = [at]<class Bits>(Bits all) {
            for (int k = 0; k < int(sizeof(Bits)); ++k)
                all = static_cast<Bits>(all | Bits(static_cast<unsigned char>(File.bytes[at + k])) << 8 * k);
            return all;
        };
        if constexpr (File.type == stored::f64)
            return static_cast<T>(std::bit_cast<double>(bits(std::uint64_t{})));
        else if constexpr (File.type == stored::f32)
            return static_cast<T>(std::bit_cast<float>(bits(std::uint32_t{})));
        else if constexpr (File.type == stored::f16)
            return static_cast<T>(float(std::bit_cast<float16>(bits(std::uint16_t{}))));
        else
            return static_cast<T>(float(std::bit_cast<bfloat16>(bits(std::uint16_t{}))));
    }
    static constexpr int bytes_of_number = File.type == stored::f64 ? 8 : File.type == stored::f32 ? 4 : 2;
    template <int B>
    static constexpr auto block = [] {
        number_array<T, block_size<decoded_file, B>> x{};
        for (int i = 0, k = 0; i < block_size<decoded_file, B>; ++i) {
            int const n = B * most + i;
            while (network_values<M>::begin(k + 1) <= n) ++k;
            x.of[i] = number_at(checked_file<M, binding::values, File>::found.begin[k] +
                                bytes_of_number * (n - network_values<M>::begin(k)));
        }
        return x;
    }();
    static constexpr network_values<M> values = joined_blocks<network_values<M>, decoded_file>();
};

// The numbers of a network where they lie in a file.
template <module M, binding B, auto const& File>
struct numbers_in_file {
    using decoded = decoded_file<M, File>;
    using module_type = M;
    using value_type = module_value_type<M>;
    static constexpr binding bound = B;
    template <class... Input>
    using program_for =
        std::conditional_t<File.type == stored::bf16, program::call_of_stored<M, bfloat16, Input...>,
                           std::conditional_t<File.type == stored::f16, program::call_of_stored<M, float16, Input...>,
                                              program::call_on_target<M, B, Input...>>>;
    static constexpr int parts = places_in_file<M, B>::count, input_position = parts, flash_bytes = File.size;

    [[gnu::always_inline]] void addresses(void const** to) const {
        kernel::unrolled<parts>([&](auto k) __attribute__((always_inline)) {
            constexpr int begin = checked_file<M, B, File>::found.begin[k];
            to[k] = File.bytes + begin;
        });
    }
};
// The same in eight bits.
template <module M, class Input, auto const& File>
struct int8_in_file {
    using module_type = M;
    using value_type = module_value_type<M>;
    using plan = int8_plan<M, Input>;
    static constexpr binding bound = binding::values;
    template <class... Other>
    using program_for = typename int8_call_at<M, Input, false, Other...>::type;
    static constexpr int parts = plan::tensors + plan::chosen.count, input_position = plan::tensors,
                         flash_bytes = File.size;

    [[gnu::always_inline]] void addresses(void const** to) const {
        kernel::unrolled<plan::tensors>([&](auto k) __attribute__((always_inline)) {
            constexpr auto const& found = checked_file<M, bound, File>::found;
            constexpr int begin = found.begin[k];
            to[k] = File.bytes + begin;
            if constexpr (plan::chosen.quantized[k]) {
                constexpr int scales = found.scales[k], before = plan::quantized_before(k);
                to[plan::tensors + 1 + before] = File.bytes + scales;
            }
        });
    }
};

// What to run on, chosen by what the file's numbers are stored in; a file that does not fit runs as one of zeros.
template <module M, binding B, auto const& File>
constexpr auto numbers_from() {
    constexpr sentence misfit = checked_file<M, B, File>::found.says;
    if constexpr (!misfit.view().empty()) {
        using wrong = mistake<misfit>;
        using said [[maybe_unused]] = wrong::type;
        return network_constants<M, B>{};
    } else if constexpr (File.type != stored::int8)
        return numbers_in_file<M, B, File>{};
    else if constexpr (!states_input_shape<M>) {
        constexpr bool states = states_input_shape<M>;
        static_assert(states,
                      "values_from: in eight bits the network must state the shape of its input: " PARAMORPH_STATE_SHAPE
                      "; or write the header with --as float32");
        return network_constants<M, B>{};
    } else {
        using input = paramorph::input<typename M::input_shape, module_value_type<M>>;
        constexpr sentence says = quantized_otherwise<M, B>(File, int8_plan<M, input>::chosen.quantized);
        if constexpr (!says.view().empty()) {
            using wrong = mistake<says>;
            using said [[maybe_unused]] = wrong::type;
            return network_constants<M, B>{};
        } else
            return int8_in_file<M, input, File>{};
    }
}

}  // namespace detail

// The tensors of a file as the values of a network, and as what was trained.
template <module M, auto const& File>
inline constexpr auto values_from = detail::numbers_from<M, binding::values, File>();
template <module M, auto const& File>
inline constexpr auto originals_from = detail::numbers_from<M, binding::originals, File>();

}  // namespace paramorph::inline PARAMORPH_ABI
