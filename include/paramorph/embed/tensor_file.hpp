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
// what else a network does with one than to multiply rows by it needs `--keep KEY`.
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

// Says what of a file does not fit, once.
template <module M, binding B, auto const& File>
struct checked_file {
    static constexpr places_in_file<M, B> found = find_in_file<M, B>(File);
    static constexpr bool fits = [] {
        if constexpr (!found.says.view().empty()) {
            constexpr sentence says = found.says;
            using wrong = mistake<says>;
            using said [[maybe_unused]] = wrong::type;
        }
        return found.says.view().empty();
    }();
};

// The numbers of a network where they lie in a file.
template <module M, binding B, auto const& File>
struct numbers_in_file {
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
    if constexpr (!checked_file<M, B, File>::fits)
        return network_constants<M, B>{};
    else if constexpr (File.type != stored::int8)
        return numbers_in_file<M, B, File>{};
    else if constexpr (!states_input_shape<M>) {
        static_assert(states_input_shape<M>,
                      "values_from: in eight bits the network must state the shape of its input, `using input_shape = "
                      "pm::shape<8>;`; or write the header with --as float32");
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
