// Headers that `paramorph header` writes: a network on one gives, to the bit, what it gives on the numbers of the file.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/io.hpp>
#include <paramorph/paramorph.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include "header_networks.hpp"

#include "digits_bfloat16.hpp"
#include "digits_float16.hpp"
#include "digits_float32.hpp"
#include "digits_int8.hpp"
#include "digits_list.hpp"
#include "frozen_float32.hpp"
#include "mixed_float32.hpp"
#include "mixed_int8.hpp"
#include "mixed_list.hpp"
#include "rotating_float32.hpp"
#include "wide_float64.hpp"

#include "../catch.hpp"

namespace {

// What was loaded, for pm::frozen to run on: each number rounded to S.
template <class M>
pm::network_values<M> loaded_values{};
template <class M, class S>
void load_values(M const& net) {
    auto* to = loaded_values<M>.of;
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor const& t) {
        t.write_value(to);
        for (int i = 0; i < Tensor::shape_type::size; ++i) to[i] = static_cast<pm::module_value_type<M>>(S(to[i]));
        to += Tensor::shape_type::size;
    });
}

// How many of some inputs give another bit on two networks.
template <auto const& First, auto const& Second>
int differing() {
    static constexpr auto& first = First;
    static constexpr auto& second = Second;
    using net = std::remove_cvref_t<decltype(first)>;
    using T = typename net::value_type;
    static pm::workspace<first> space;
    static pm::workspace<second> other;
    pm::random random{pm::seed{4}};
    int different = 0;
    for (int trial = 0; trial < 20; ++trial) {
        std::array<T, std::size_t(net::module_type::input_shape::size)> x;
        std::array<T, std::size_t(net::template result_shape<>::size)> y{}, z{};
        for (T& e : x) e = static_cast<T>(random.uniform(-2, 2));
        bool const ran = first(x, y, space.bytes).ok() && second(x, z, other.bytes).ok();
        different += !ran || std::memcmp(y.data(), z.data(), sizeof y) != 0;
        for (T const e : y) different += !(e - e == 0);
    }
    return different;
}

template <class M>
constexpr pm::frozen<loaded_values<M>> loaded;

template <class M>
pm::network_originals<M> loaded_originals{};
template <class M>
constexpr pm::live<loaded_originals<M>> loaded_live;

template <class M>
M load(char const* file) {
    M net;
    pm::load(net, std::string(FILES) + file);
    return net;
}

}  // namespace

TEST_CASE("float32: to the bit the network that was loaded and frozen") {
    load_values<digits, float>(load<digits>("/digits.safetensors"));
    static constexpr pm::frozen<pm::values_from<digits, digits_float32::file>> net;
    static_assert(pm::flash_bytes<net> == pm::flash_bytes<loaded<digits>>);
    CHECK(differing<net, loaded<digits>>() == 0);

    auto const frozen = pm::freeze(load<digits>("/digits.safetensors"));
    static pm::workspace<net> space;
    xt::xtensor_fixed<float, xt::xshape<17>> x;
    pm::random random{pm::seed{9}};
    for (float& e : x) e = static_cast<float>(random.uniform(-2, 2));
    std::array<float, 17> row;
    std::copy(x.begin(), x.end(), row.begin());
    std::array<float, 1> y{};
    REQUIRE(net(row, y, space.bytes).ok());
    CHECK(y[0] == frozen(x)(0));
}

TEST_CASE("16 bits: to the bit the network of the rounded numbers") {
    auto const net = load<digits>("/digits.safetensors");
    static constexpr pm::frozen<pm::values_from<digits, digits_float16::file>> in_float16;
    static constexpr pm::frozen<pm::values_from<digits, digits_bfloat16::file>> in_bfloat16;
    static_assert(2 * pm::flash_bytes<in_float16> == pm::flash_bytes<loaded<digits>>);
    load_values<digits, pm::float16>(net);
    CHECK(differing<in_float16, loaded<digits>>() == 0);
    CHECK(differing<in_bfloat16, loaded<digits>>() > 0);
    load_values<digits, pm::bfloat16>(net);
    CHECK(differing<in_bfloat16, loaded<digits>>() == 0);
}

TEST_CASE("eight bits: to the bit what pm::quantize makes") {
    static constexpr pm::frozen<pm::values_from<digits, digits_int8::file>> net;
    static constexpr auto expected = pm::quantize<digits_list::values>();
    static_assert(pm::flash_bytes<net> == pm::flash_bytes<expected>);
    CHECK(differing<net, expected>() == 0);
    static constexpr pm::frozen<pm::values_from<mixed, mixed_int8::file>> with_kept;
    static constexpr auto other = pm::quantize<mixed_list::values>();
    CHECK(differing<with_kept, other>() == 0);
}

TEST_CASE("values of a file are stored in eight and in 16 bits as those of a list are") {
    static constexpr auto eight = pm::stored_as<std::int8_t, pm::values_from<digits, digits_float32::file>>();
    static constexpr auto of_list = pm::stored_as<std::int8_t, digits_list::values>();
    static_assert(pm::flash_bytes<eight> == pm::flash_bytes<of_list> &&
                  2 * pm::flash_bytes<eight> < pm::flash_bytes<loaded<digits>>);
    CHECK(differing<eight, of_list>() == 0);
    load_values<digits, pm::bfloat16>(load<digits>("/digits.safetensors"));
    static constexpr auto rounded = pm::stored_as<pm::bfloat16, pm::values_from<digits, digits_float32::file>>();
    static constexpr auto again = pm::stored_as<pm::bfloat16, pm::values_from<digits, digits_bfloat16::file>>();
    CHECK(differing<rounded, loaded<digits>>() == 0);
    CHECK(differing<again, loaded<digits>>() == 0);
    constexpr auto const& of_double = pm::rounded_values<pm::float16, pm::values_from<wide, wide_float64::file>>;
    load_values<wide, pm::float16>(load<wide>("/wide.safetensors"));
    CHECK(std::equal(std::begin(of_double.of), std::end(of_double.of), loaded_values<wide>.of));
}

TEST_CASE("double; a scalar and running statistics; a matrix read in another way") {
    load_values<wide, double>(load<wide>("/wide.safetensors"));
    static constexpr pm::frozen<pm::values_from<wide, wide_float64::file>> in_double;
    CHECK(differing<in_double, loaded<wide>>() == 0);
    load_values<mixed, float>(load<mixed>("/mixed.safetensors"));
    static constexpr pm::frozen<pm::values_from<mixed, mixed_float32::file>> with_statistics;
    CHECK(differing<with_statistics, loaded<mixed>>() == 0);
}

TEST_CASE("a parametrized network: its values, and what was trained") {
    auto const net = load<rotating>("/rotating.safetensors");
    using plain = pm::unparametrized<rotating>;
    load_values<plain, float>(load<plain>("/frozen.safetensors"));
    static constexpr pm::frozen<pm::values_from<rotating, frozen_float32::file>> of_values;
    static constexpr pm::frozen<pm::values_from<plain, frozen_float32::file>> unparametrized;
    CHECK(differing<of_values, loaded<plain>>() == 0);
    CHECK(differing<unparametrized, loaded<plain>>() == 0);

    float* to = loaded_originals<rotating>.of;
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor const& t) {
        auto const put = [&](auto const& a) { to = std::copy(a.data(), a.data() + a.size(), to); };
        Tensor::for_each_index([&](auto k) { put(t.template original<k>()); });
        Tensor::for_each_state([&](auto stage, auto k, auto) { put(t.template state<stage, k>()); });
    });
    static constexpr pm::live<pm::originals_from<rotating, rotating_float32::file>> live;
    CHECK(differing<live, loaded_live<rotating>>() == 0);
}

namespace {

// The file of a network with other names for its tensors.
template <auto const& File, auto Rename>
struct renamed {
    static constexpr std::size_t count = static_cast<std::size_t>(File.count);
    static constexpr auto tensors = [] {
        std::array<pm::stored_tensor, count> made{};
        for (std::size_t k = 0; k < count; ++k) {
            made[k] = File.tensors[k];
            made[k].name = Rename(made[k].name);
        }
        return made;
    }();
    static constexpr pm::tensor_file file{File.name, File.type, tensors.data(), File.count, File.bytes, File.size};
};

constexpr std::string_view older_name(std::string_view name) {
    return name == "2.parametrizations.weight.original0"   ? "2.weight_g"
           : name == "2.parametrizations.weight.original1" ? "2.weight_v"
                                                           : name;
}
constexpr std::string_view half_of_older(std::string_view name) {
    return name == "2.parametrizations.weight.original1" ? "2.weight_w" : older_name(name);
}

// Five tensors that nothing is missing of but the names.
constexpr std::string_view compiled_whole(std::string_view name) {
    constexpr std::string_view names[]{"_orig_mod.0.weight", "_orig_mod.0.bias", "_orig_mod.2.weight",
                                       "_orig_mod.4.weight", "_orig_mod.4.bias"};
    for (auto const n : names)
        if (n.ends_with(name)) return n;
    return name;
}
constexpr std::string_view compiled_parts(std::string_view name) {
    constexpr std::string_view names[]{"0._orig_mod.weight", "0._orig_mod.bias"};
    return name == "0.weight" ? names[0] : name == "0.bias" ? names[1] : name;
}
constexpr std::string_view one_of_two(std::string_view name) {
    return name == "4.bias" ? "teacher.0.weight" : name == "0.weight" ? "student.0.weight" : name;
}
template <auto Rename>
constexpr bool says(std::string_view text) {
    return pm::detail::find_in_file<digits, pm::binding::values>(renamed<digits_float32::file, Rename>::file)
        .says.view()
        .ends_with(text);
}
static_assert(
    says<compiled_whole>(": 0.weight is missing, expected float32 [33, 17]; all keys begin with "
                         "`_orig_mod.`, which torch.compile put there: write the header with --strip-prefix "
                         "_orig_mod."));
static_assert(
    says<compiled_parts>("; there is 0._orig_mod.weight, with what torch.compile put there: write the header "
                         "of what `paramorph convert --strip-part _orig_mod` makes"));
static_assert(
    says<one_of_two>("; there is student.0.weight: give the header the tensors below `student.` alone, "
                     "without that"));
// Names of a file are written so that no terminal obeys them.
constexpr std::string_view with_an_escape(std::string_view name) {
    using namespace std::string_view_literals;
    return name == "0.weight" ? "\x1b[31m\n\0.0.weight"sv : name;
}
static_assert(
    says<with_an_escape>("; there is \\x1b[31m\\x0a\\x00.0.weight: give the header the tensors below "
                         "`\\x1b[31m\\x0a\\x00.` alone, without that"));
constexpr auto half =
    pm::detail::find_in_file<rotating, pm::binding::originals>(renamed<rotating_float32::file, half_of_older>::file);
static_assert(
    half.says.view().ends_with(": 2.parametrizations.weight.original1 is missing, expected float32 [3, 8]; "
                               "give the file the key, or the network its tensor's name"));

}  // namespace

TEST_CASE("older names of weight_norm: the same originals") {
    static constexpr pm::live<pm::originals_from<rotating, rotating_float32::file>> now;
    static constexpr pm::live<pm::originals_from<rotating, renamed<rotating_float32::file, older_name>::file>> older;
    CHECK(differing<now, older>() == 0);
}
