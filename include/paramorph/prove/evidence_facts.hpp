// What pm::evidence asks of a network and of the build: answers to golden inputs, hashes, statements of claims,
// versions and options.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cfenv>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "paramorph/core/cmath.hpp"
#include "paramorph/core/sha256.hpp"
#include "paramorph/core/version.hpp"
#include "paramorph/embed/int8_storage.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/nn/materialized.hpp"
#include "paramorph/print/document.hpp"
#include "paramorph/print/module_tree.hpp"
#include "paramorph/prove/weight_facts.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// A claim of a network's numbers; any other is of its type.
template <class Claim>
concept claim_of_numbers = requires { requires bool(Claim::of_numbers); };

// What is claimed, as a sentence; of a claim without one, as it is written.
template <class Claim>
std::string statement_of() {
    if constexpr (requires { Claim::statement(); })
        return std::string(Claim::statement().view());
    else
        return tidy_name(short_type_name<Claim>());
}

// A golden input in the network's type.
template <class T>
std::vector<T> golden_input(std::vector<double> const& from, std::size_t k, int elements) {
    auto const refuse = [k](std::string const& what) {
        throw error("evidence: golden input " + std::to_string(k) + " has " + what);
    };
    if (static_cast<int>(from.size()) != elements)
        refuse(std::to_string(from.size()) + " elements; the network takes " + std::to_string(elements) +
               ": give all of all inputs, row by row");
    std::vector<T> to;
    for (double const x : from) {
        if (!std::isfinite(static_cast<T>(x)))
            refuse("an element that is not finite; give numbers that the network takes");
        to.push_back(static_cast<T>(x));
    }
    return to;
}

// The first tensor whose values the network's type does not make: outside of the range that proofs of a type take from
// its set, or no element of that set up to the rounding of its parametrization; nothing where all are.
template <class M, class Values>
std::string outside_of_its_set(Values const& values) {
    std::string found;
    int k = 0;
    auto const net = std::make_unique<M>();
    for_each_path(*net, [&]<fixed_string Path, class Tensor>(Tensor const&) {
        using T = typename Tensor::value_type;
        using set = typename Tensor::chain_type::codomain;
        constexpr weight_facts facts = facts_of<Tensor>();
        constexpr extents shape = Tensor::shape_type::value;
        auto const* const x = values(k++);
        int longest = 1;
        for (int a = 0; a < shape.rank; ++a) longest = math::max(longest, shape.d[a]);
        bool inside = std::is_same_v<std::remove_cvref_t<decltype(*x)>, T>;  // not stored in 16 bits
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(*x)>, T>) {
            for (int i = 0; i < shape.size(); ++i)
                inside = inside && double(x[i]) >= facts.low && double(x[i]) <= facts.high;
            inside = inside && contains<set>(x, shape, 10 * longest * double(std::numeric_limits<T>::epsilon()));
        }
        if (!inside && found.empty()) found = std::string(Path.view()) + ", " + set_text<set>();
    });
    return found;
}

// A frozen network: its program, its numbers, its answers.
template <class Program, class Shapes>
struct answers_of;
template <class Program, class... Input>
struct answers_of<Program, shapes<Input...>> {
    using T = typename Program::real;
    static constexpr int input_elements = (0 + ... + Input::size);

    // All results, row by row; `values` are the addresses of the tensors.
    template <class Values>
    static std::vector<T> answer(Values const& values, std::vector<T> const& x, std::size_t k) {
        constexpr graph const& g = compiled<Program>::simplified;
        std::vector<void const*> arguments(values.begin(), values.end());
        int from = 0;
        ((arguments.push_back(x.data() + from), from += Input::size), ...);
        int elements = 0;
        for (int r = 0; r < g.output_count; ++r) elements += g.shape_of(g.outputs[r]).size();
        std::vector<T> y(static_cast<std::size_t>(elements));
        std::vector<void*> results;
        for (int r = 0, at = 0; r < g.output_count; at += g.shape_of(g.outputs[r++]).size())
            results.push_back(y.data() + at);
        std::vector<std::max_align_t> workspace(workspace_bytes_of<Program> / sizeof(std::max_align_t) + 1);
        status const s = run<Program>(arguments.data(), results.data(), reinterpret_cast<std::byte*>(workspace.data()));
        if (!s) throw error("evidence: golden input " + std::to_string(k) + " is refused by the network: " + s.failed);
        return y;
    }
};

// Does a network multiply integers (pm::quantize)? It has no bounds of its own.
template <class Net>
inline constexpr bool multiplies_integers = false;
template <auto const& Numbers>
inline constexpr bool multiplies_integers<network_on_target<Numbers>> =
    !requires { Numbers.of; } && !requires { Numbers.leaf(0, 0); };

template <class Net>
struct evidence_subject;
template <auto const& Numbers>
struct evidence_subject<network_on_target<Numbers>> {
    using network_type = network_on_target<Numbers>;
    using module_type = typename network_type::module_type;
    using program = typename network_type::template program_for<>;
    using answers = answers_of<program, typename stated_rows<module_type>::type>;
    using value_type = typename network_type::value_type;
    static constexpr bool is_constant = true;
    network_type const& net;

    static constexpr int bytes_of_numbers() { return network_type::flash_bytes; }
    std::vector<value_type> answer(std::vector<value_type> const& x, std::size_t k) const {
        constexpr int parts = std::remove_cvref_t<decltype(Numbers)>::parts;
        std::vector<void const*> values(static_cast<std::size_t>(parts));
        Numbers.addresses(values.data());
        return answers::answer(values, x, k);
    }
    std::string outside() const {
        if constexpr (is_stored_in_eight_bits) {
            std::vector<value_type> as_read;
            return outside_of_its_set<module_type>([&](int k) {
                as_read.clear();
                for (int i = 0; i < elements_of(k); ++i) as_read.push_back(static_cast<value_type>(Numbers.leaf(k, i)));
                return as_read.data();
            });
        } else if constexpr (numbers::bound == binding::originals)
            return {};  // its program computes the values
        else
            return outside_of_its_set<module_type>([](int k) { return Numbers.of + numbers::begin(k); });
    }
    // Of numbers in eight bits with scales: as they are read.
    std::string hash_of_numbers() const {
        sha256 h;
        if constexpr (is_stored_in_eight_bits)
            for (int k = 0; k < numbers::tensors; ++k)
                for (int i = 0; i < elements_of(k); ++i) h.add_number(static_cast<value_type>(Numbers.leaf(k, i)));
        else
            for (int i = 0; i < numbers::count; ++i) h.add_number(Numbers.of[i]);
        return std::string(h.hex().view());
    }

  private:
    using numbers = std::remove_cvref_t<decltype(Numbers)>;
    static constexpr bool is_stored_in_eight_bits = std::is_same_v<numbers, network_int8_stored<module_type>>;
    static int elements_of(int k) { return numbers::layout.shape[k].size(); }
};
template <class M, class Shapes>
struct program_of_values;
template <class M, class... Input>
struct program_of_values<M, shapes<Input...>> {
    using type = program::call_of<M, binding::values, input<Input, module_value_type<M>>...>;
};
template <class M>
struct evidence_subject<materialized<M>> {
    using network_type = materialized<M>;
    using module_type = M;
    using program = typename program_of_values<M, typename stated_rows<M>::type>::type;
    using answers = answers_of<program, typename stated_rows<M>::type>;
    using value_type = module_value_type<M>;
    static constexpr bool is_constant = false;
    network_type const& net;

    static constexpr int elements = layout_of<M>.value_elements();
    static constexpr int bytes_of_numbers() { return elements * int(sizeof(value_type)); }
    std::vector<value_type> answer(std::vector<value_type> const& x, std::size_t k) const {
        return answers::answer(net.addresses(), x, k);
    }
    std::string outside() const {
        return outside_of_its_set<M>([this](int k) { return net.data(k); });
    }
    std::string hash_of_numbers() const {
        sha256 h;
        for (int k = 0; k < counts<M>.tensors; ++k)
            for (int i = 0; i < layout_of<M>.value[k + 1] - layout_of<M>.value[k]; ++i) h.add_number(net.data(k)[i]);
        return std::string(h.hex().view());
    }
};

// Proofs rest on rounding to nearest and on subnormal numbers.
inline void require_ieee_arithmetic() {
    float const volatile least = std::numeric_limits<float>::min(), half = 0.5F;
    float const volatile subnormal = least * half;
    if (subnormal == 0 || subnormal * 2 == 0)
        throw error(
            "evidence: this thread flushes subnormal numbers to zero, on which the proofs rest: link without "
            "-ffast-math, and clear the processor's flags for it");
    if (std::fegetround() != FE_TONEAREST)
        throw error(
            "evidence: this thread does not round to nearest, on which the proofs rest: "
            "call std::fesetround(FE_TONEAREST)");
}

#define PARAMORPH_TEXT_EXPANDED(name) #name
#define PARAMORPH_TEXT(name) PARAMORPH_TEXT_EXPANDED(name)
inline document facts_of_the_build() {
    document to = document::object();
    to.add("library", "paramorph " + std::string(version));
    to.add("vector unit", PARAMORPH_TEXT(PARAMORPH_VECTOR_UNIT));
#ifdef __clang__
    to.add("compiler", __VERSION__);
#else
    to.add("compiler", "g++ " __VERSION__);
#endif
    to.add("C++", __cplusplus);
#ifdef __OPTIMIZE_SIZE__
    to.add("optimized", "for size");
#elif defined(__OPTIMIZE__)
    to.add("optimized", true);
#else
    to.add("optimized", false);
#endif
#ifdef __FMA__
    to.add("fused multiply-add", true);
#elif defined(__ARM_FEATURE_FMA)
    to.add("fused multiply-add", true);
#else
    to.add("fused multiply-add", false);
#endif
#ifdef NDEBUG
    to.add("assertions of C", false);
#else
    to.add("assertions of C", true);
#endif
#ifdef __NO_SIGNED_ZEROS__
    to.add("unsafe mathematics", "zeros without a sign");
#else
    to.add("unsafe mathematics", "refused, as far as macros tell");
#endif
    to.add("subnormal numbers", "kept");
    to.add("rounding", "to nearest");
    return to;
}
#undef PARAMORPH_TEXT
#undef PARAMORPH_TEXT_EXPANDED

}  // namespace paramorph::inline PARAMORPH_ABI::detail
