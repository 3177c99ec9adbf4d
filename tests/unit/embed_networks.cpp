// Networks as targets run them: frozen, live and in eight bits agree with the host's.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include <sys/resource.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <locale>
#include <sstream>

#include "../catch.hpp"
#include "../embedded/ram_flash.hpp"

namespace {

namespace pm = paramorph;

// Files are written into a folder of the process: this program is compiled for several targets, which run at once.
struct own_folder {
    std::filesystem::path const before = std::filesystem::current_path();
    char name[22] = "embed-networks-XXXXXX";
    own_folder() { std::filesystem::current_path(mkdtemp(name)); }
    ~own_folder() {
        std::filesystem::current_path(before);
        std::filesystem::remove_all(before / name);
    }
} const folder;

using model = pm::nn::sequential<pm::nn::linear<7, 9, pm::weight<pm::param::orthogonal<>>>, pm::nn::tanh,
                                 pm::nn::linear<9, 9, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                                 pm::nn::linear<9, 5, pm::weight<pm::param::lora<2>>, pm::no_bias>>;

constexpr pm::network_originals<model> made_up() {
    pm::network_originals<model> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-1, 1));
    return numbers;
}
constexpr pm::network_originals<model> originals = made_up();
constexpr auto frozen = pm::freeze<originals>();
constexpr pm::live<originals> live;
constexpr auto int8 = pm::quantize<pm::frozen_values<originals>>();

// The host's network with the same originals.
model on_the_host() {
    auto net = pm::make<model>(pm::seed{0});
    int leaf = 0;
    auto const put = [&](auto& a) {
        std::copy_n(originals.of + pm::network_originals<model>::begin(leaf++), a.size(), a.data());
    };
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        Tensor::for_each_index([&](auto k) { put(t.template original<k>()); });
        Tensor::for_each_state([&](auto stage, auto k, auto) { put(t.template state<stage, k>()); });
    });
    return net;
}

using row = xt::xtensor_fixed<float, xt::xshape<7>>;

row sample(std::uint64_t s) {
    row x;
    pm::random random{pm::seed{s}};
    for (float& e : x) e = static_cast<float>(random.uniform(-2, 2));
    return x;
}

std::string text_of(std::string const& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("frozen by the compiler, and live, a network computes what it does on the host", "[embed]") {
    auto const net = on_the_host();
    pm::workspace<frozen> space;
    pm::workspace<live> live_space;
    for (std::uint64_t s = 0; s < 20; ++s) {
        row const x = sample(s);
        auto const expected = net(x);
        float y[5], z[5];
        REQUIRE(frozen(x, y, space.bytes).ok());
        REQUIRE(live(x, z, live_space.bytes).ok());
        for (std::size_t k = 0; k < 5; ++k) {
            CHECK(std::abs(y[k] - expected(k)) < 1e-5f);
            CHECK(std::abs(z[k] - expected(k)) < 1e-5f);
        }
    }
}

TEST_CASE("values frozen by the compiler are the host's", "[embed]") {
    auto const net = pm::freeze(on_the_host());
    auto const& values = pm::frozen_values<originals>;
    for (int k = 0; k < pm::network_values<model>::parts; ++k)
        for (int i = pm::network_values<model>::begin(k); i < pm::network_values<model>::begin(k + 1); ++i)
            CHECK(std::abs(values.of[i] - net.data(k)[i - pm::network_values<model>::begin(k)]) < 2e-6f);
}

TEST_CASE("a workspace is what the program needs: no row product is in it", "[embed]") {
    // Two rows of 9 numbers, each a multiple of 64 bytes.
    STATIC_REQUIRE(pm::ram_bytes<frozen> == 2 * 64);
    STATIC_REQUIRE(pm::flash_bytes<frozen> == 4 * (7 * 9 + 9 + 9 * 9 + 9 + 9 * 5));
    STATIC_REQUIRE(pm::ram_bytes<live> > pm::ram_bytes<frozen>);
}

TEST_CASE("in eight bits a network errs by about a half percent of its largest output", "[embed]") {
    pm::workspace<frozen> space;
    pm::workspace<int8> int8_space;
    float worst = 0, largest = 0;
    for (std::uint64_t s = 0; s < 200; ++s) {
        row const x = sample(s);
        float y[5], z[5];
        REQUIRE(frozen(x, y, space.bytes).ok());
        REQUIRE(int8(x, z, int8_space.bytes).ok());
        for (int k = 0; k < 5; ++k) {
            worst = std::max(worst, std::abs(y[k] - z[k]));
            largest = std::max(largest, std::abs(y[k]));
        }
    }
    CHECK(worst > 0);
    CHECK(worst < 0.03f * largest);
}

TEST_CASE("rounding to eight bits: scales, padding, and what has none", "[embed]") {
    float const x[]{1, -2, 0.5f, 127, -127, 63.4f};
    std::int32_t words[2];
    CHECK(pm::detail::round_to_words(x, 6, words) == 1.0f);
    int const expected[]{1, -2, 1, 127, -127, 63, 0, 0};
    for (int k = 0; k < 8; ++k) CHECK(pm::detail::byte_of(words, k) == expected[k]);
    float const zeros[]{0, -0.0f, 0};
    CHECK(pm::detail::round_to_words(zeros, 3, words) == 0);
    CHECK(words[0] == 0);
    for (float const bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
        for (int k = 0; k < 3; ++k) {
            float y[]{1, 2, 3};
            y[k] = bad;
            CHECK(pm::detail::round_to_words(y, 3, words) < 0);
        }
    float const largest[]{std::numeric_limits<float>::max(), -std::numeric_limits<float>::max()};
    CHECK(pm::detail::round_to_words(largest, 2, words) > 0);
    CHECK(pm::detail::byte_of(words, 0) == 127);
    CHECK(pm::detail::byte_of(words, 1) == -127);
}

TEST_CASE("rounding to eight bits errs by half a scale, of subnormal numbers too", "[embed]") {
    pm::random random{pm::seed{11}};
    for (double size = 1e-45; size < 1e38; size *= 1.7) {
        float x[7];
        for (float& e : x) e = static_cast<float>(random.uniform(-size, size));
        std::int32_t words[2];
        double const scale = static_cast<double>(pm::detail::round_to_words(x, 7, words));
        REQUIRE(scale >= 0);
        for (int k = 0; k < 7; ++k) {
            int const q = pm::detail::byte_of(words, k);
            CHECK(std::abs(q) <= 127);
            CHECK(std::abs(static_cast<double>(x[k]) - q * scale) <= scale * (0.5 + 1e-4));
        }
    }
}

namespace {

// Rows of weights of very different size: of zeros, subnormal, small, large.
using scaled = pm::nn::sequential<pm::nn::linear<4, 5>>;
constexpr pm::network_values<scaled> of_all_sizes{{
    0,      0,      -0.0f,   0,       // zeros
    1e-40f, 2e-40f, -3e-40f, 1e-41f,  // subnormal
    1e-37f, 2e-37f, -3e-37f, 0,       // its scale is subnormal
    1e-20f, 2e-20f, -3e-20f, 1e-21f,  //
    1e20f,  -2e20f, 3e20f,   1e19f,   //
    0.5f,   0,      -0.0f,   0,      0,
}};

}  // namespace

TEST_CASE("in eight bits each channel errs by its own size: zeros, subnormal and large weights", "[embed]") {
    static constexpr pm::frozen<of_all_sizes> exact;
    static constexpr auto rounded = pm::quantize<of_all_sizes>();
    pm::workspace<rounded> space;
    for (float const size : {1e-40f, 1e-30f, 1.0f, 1e17f}) {
        float const x[]{size, -0.5f * size, 0.25f * size, 0.75f * size};
        float y[5], z[5];
        REQUIRE(exact(x, y, {}).ok());
        REQUIRE(rounded(x, z, space.bytes).ok());
        CHECK(z[0] == 0.5f);
        for (int j = 1; j < 5; ++j) {
            double const largest =
                3.0 * std::abs(static_cast<double>(of_all_sizes.of[4 * j] == 0 ? 0 : of_all_sizes.of[4 * j]));
            CHECK(std::abs(static_cast<double>(y[j]) - static_cast<double>(z[j])) <=
                  4 * largest * static_cast<double>(size) / 100 + 3e-45);
        }
    }
}

TEST_CASE("a list of a network's numbers: in two pairs of braces or one, or none for zeros", "[embed]") {
    using small = pm::nn::linear<2, 1>;
    constexpr pm::network_values<small> two{{1, 2.5, -0.0f}}, one{1, 2.5, -0.0f}, none{};
    STATIC_REQUIRE(two.of[1] == 2.5f && one.of[1] == 2.5f && none.of[1] == 0);
    CHECK(std::signbit(two.of[2]));
    CHECK(std::signbit(one.of[2]));
    constexpr pm::network_originals<pm::nn::linear<1, 1, pm::no_bias>> single{{3}};
    STATIC_REQUIRE(single.of[0] == 3);
}

TEST_CASE("a header holds the numbers bit for bit, and names the network's type", "[embed]") {
    auto const net = on_the_host();
    pm::write_header(net, "written-network.hpp");
    std::string const text = text_of("written-network.hpp");
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("namespace written_network {"));
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("paramorph::frozen<values> network"));
    CHECK(text.find("orthogonal") == std::string::npos);  // without its parametrizations
    char number[64];
    auto const frozen_net = pm::freeze(net);
    for (int k = 0; k < pm::network_values<model>::parts; ++k) {
        std::snprintf(number, sizeof number, " %af,", static_cast<double>(frozen_net.data(k)[0]));
        CHECK_THAT(text, Catch::Matchers::ContainsSubstring(number));
    }
    pm::write_originals(net, "written.hpp", {.name = "other", .type = "my::model", .include = {"my.hpp"}});
    std::string const other = text_of("written.hpp");
    CHECK_THAT(other, Catch::Matchers::ContainsSubstring("#include \"my.hpp\""));
    CHECK_THAT(other, Catch::Matchers::ContainsSubstring("namespace other {\n\nusing model = my::model;"));
    CHECK_THROWS_WITH(pm::write_header(net, "/no/such/folder/x.hpp"),
                      Catch::Matchers::ContainsSubstring("cannot write /no/such/folder/x.hpp"));
    auto broken = net;
    pm::get<"0.bias">(broken).original()(0) = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(pm::write_header(broken, "written.hpp"), Catch::Matchers::ContainsSubstring("not finite"));
    std::remove("written-network.hpp");
    std::remove("written.hpp");
}

namespace {

struct in_unnamed {
    pm::nn::linear<1, 1> inner;
    constexpr auto forward(auto x) const { return inner(x); }
    using input_shape = pm::shape<1>;
};
struct unnamed_stage {
    static constexpr auto forward(auto x) { return x; }
    static constexpr auto right_inverse(auto y) { return y; }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(in_unnamed, inner);

namespace named {

template <auto...>
struct arguments {};
template <class...>
struct types {
    template <class>
    struct inner {
        struct deep {};
    };
};
enum class color { red = 3 };
struct options {
    int a;
};
inline int variable;
struct model {
    pm::nn::linear<1, 1> inner;
    constexpr auto forward(auto x) const { return inner(x); }
    using input_shape = pm::shape<1>;
};

}  // namespace named
BOOST_HANA_ADAPT_STRUCT(named::model, inner);

namespace {

template <class T>
std::string why_not() {
    try {
        return pm::detail::spelling_of<T>();
    } catch (pm::error const& e) {
        return e.what();
    }
}

}  // namespace

TEST_CASE("a header spells the network's type exactly, or says why it cannot", "[embed][header]") {
    using pm::detail::spelling_of;
    CHECK(spelling_of<pm::nn::linear<2, 3, pm::weight<pm::param::scale<0.1f>, pm::param::scale<0.1>>>>() ==
          "paramorph::nn::linear<2, 3, paramorph::weight<paramorph::param::scale<0x1.99999ap-4f>, "
          "paramorph::param::scale<0x1.999999999999ap-4>>>");
    CHECK(spelling_of<named::types<named::types<>::inner<int>::deep, named::types<>, named::color, double const*>>() ==
          "::named::types<::named::types<>::inner<int>::deep, ::named::types<>, ::named::color, double const*>");
    CHECK(spelling_of<named::arguments<-0.0, 5e-324, -3, true, named::color::red, 'a', nullptr, 2u>>() ==
          "::named::arguments<-0x0p+0, 0x0.0000000000001p-1022, -3, true, static_cast<::named::color>(3ull), "
          "static_cast<char>(97ull), nullptr, static_cast<unsigned int>(2ull)>");
    CHECK(
        spelling_of<
            named::arguments<pm::fixed_string("in.w"), pm::fixed_string("\"\\\n;]>"), pm::fixed_string("")>>() ==
        "::named::arguments<paramorph::fixed_string<5>{\"in.w\"}, paramorph::fixed_string<7>{\"\\042\\134\\012;]>\"}, "
        "paramorph::fixed_string<1>{\"\"}>");

    struct local {};
    auto const lambda = [] {};
    for (auto const& [said, what] :
         {std::pair{why_not<in_unnamed>(), "a type in an unnamed namespace is in it"},
          {why_not<pm::nn::linear<1, 1, pm::weight<unnamed_stage>>>(), "unnamed namespace"},
          {why_not<local>(), "a type that is declared in a function is in it"},
          {why_not<named::types<local>>(), "in a function"},
          {why_not<decltype(lambda)>(), "in a function"},
          {why_not<named::arguments<&named::variable>>(), "an address"},
          {why_not<named::arguments<named::options{1}>>(), "an object of a class"},
          {why_not<named::arguments<std::numeric_limits<double>::infinity()>>(), "not finite"},
          {why_not<int (*)(int)>(), "more than classes, enumerations and numbers"}}) {
        CHECK_THAT(said,
                   Catch::Matchers::StartsWith("write_header: the network's type cannot be spelled in a header: "));
        CHECK_THAT(said, Catch::Matchers::ContainsSubstring(what));
    }
    in_unnamed hidden;
    hidden.inner = pm::make<pm::nn::linear<1, 1>>(pm::seed{1});
    CHECK_THROWS_WITH(pm::write_header(hidden, "hidden.hpp"),
                      Catch::Matchers::ContainsSubstring("pass how it is spelled as .type"));
    CHECK(text_of("hidden.hpp").empty());
    pm::write_header(hidden, "hidden.hpp", {.type = "elsewhere::hidden"});
    CHECK_THAT(text_of("hidden.hpp"), Catch::Matchers::ContainsSubstring("using model = elsewhere::hidden;"));
    std::remove("hidden.hpp");
}

TEST_CASE("a header's namespace is named after its file where C++ and C leave that name", "[embed][header]") {
    using pm::detail::name_of_file;
    for (auto const& [file, name] : {std::pair{"digits.hpp", "digits"},
                                     {"a/b.c/my-net.v2.hpp", "my_net"},
                                     {"a--b.hpp", "a_b"},
                                     {"x__y", "x_y"},
                                     {"new.hpp", "network_new"},
                                     {"std.hpp", "network_std"},
                                     {"int.hpp", "network_int"},
                                     {"paramorph.hpp", "network_paramorph"},
                                     {"boost.hpp", "network_boost"},
                                     {"xor.hpp", "network_xor"},
                                     {"64x64.hpp", "network_64x64"},
                                     {"_x.hpp", "network_x"},
                                     {"_X", "network_X"},
                                     {"time.hpp", "network_time"},
                                     {"sinf.hpp", "network_sinf"},
                                     {"main.hpp", "network_main"},
                                     {"linux.hpp", "network_linux"},
                                     {"small.hpp", "network_small"},
                                     {"B1.hpp", "network_B1"},
                                     {"gr\xc3\xb6\xc3\x9f.hpp", "gr_"},
                                     {".hpp", "network_"},
                                     {"timer.hpp", "timer"},
                                     {"news.hpp", "news"}})
        CHECK(name_of_file(std::string(file)) == name);
    auto const net = pm::make<pm::nn::linear<1, 1>>(pm::seed{0});
    for (char const* name : {"new", "std", "a::int", "a b", "3x", "_x", "a__b", "a::", "::a", "x-y", "paramorph"})
        CHECK_THROWS_WITH(pm::write_header(net, "never.hpp", {.name = name}),
                          Catch::Matchers::ContainsSubstring("is no name for a namespace"));
    auto const of_namespace = pm::make<named::model>(pm::seed{0});
    for (char const* name : {"named", "named::deeper"})
        CHECK_THROWS_WITH(pm::write_header(of_namespace, "never.hpp", {.name = name}),
                          Catch::Matchers::ContainsSubstring("has the name of a type of the network"));
    CHECK(text_of("never.hpp").empty());
}

namespace {

struct decimal_comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

}  // namespace

TEST_CASE("the decimal comma of a locale does not get into a header", "[embed][header]") {
    using many = pm::nn::linear<40, 40>;  // more than a thousand numbers
    auto const net = pm::make<many>(pm::seed{0});
    pm::write_header(net, "localized.hpp");
    std::string const expected = text_of("localized.hpp");
    std::string const old = std::setlocale(LC_ALL, nullptr);
    auto const before = std::locale::global(std::locale(std::locale::classic(), new decimal_comma));
    // Of the system's locales one with a comma, or one that is made here where the system can make it.
    bool comma = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr || std::setlocale(LC_ALL, "fr_FR.UTF-8") != nullptr;
    if (!comma && std::system("localedef -i de_DE -f UTF-8 ./commas > /dev/null 2>&1") == 0) {
        setenv("LOCPATH", ".", 1);
        comma = std::setlocale(LC_ALL, "commas") != nullptr;
    }
    if (comma) {
        char text[8];
        std::snprintf(text, sizeof text, "%.1f", 0.5);
        CHECK(std::string(text) == "0,5");
    } else
        WARN("no locale with a decimal comma: only that of streams is tried");
    pm::write_header(net, "localized.hpp");
    std::string const written = text_of("localized.hpp");
    std::setlocale(LC_ALL, old.c_str());
    std::locale::global(before);
    CHECK(written == expected);
    CHECK_THAT(written, Catch::Matchers::ContainsSubstring(" 6560 bytes"));
    std::remove("localized.hpp");
}

TEST_CASE("a header that cannot be written whole is not written", "[embed][header]") {
    auto const net = pm::make<pm::nn::linear<40, 40>>(pm::seed{0});
    if (std::FILE* const full = std::fopen("/dev/full", "w")) {
        std::fclose(full);
        CHECK_THROWS_WITH(pm::write_header(net, "/dev/full"),
                          Catch::Matchers::ContainsSubstring("cannot write /dev/full"));
    }
    // The disk is full for files of more than two blocks: the file of before stays.
    std::ofstream("kept.hpp") << "as before";
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    struct rlimit const small{1024, limit.rlim_max};
    auto const handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    bool threw = false;
    try {
        pm::write_header(net, "kept.hpp");
    } catch (pm::error const&) {
        threw = true;
    }
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, handler);
    CHECK(threw);
    CHECK(text_of("kept.hpp") == "as before");
    CHECK(text_of("kept.hpp.writing").empty());
    std::remove("kept.hpp");
}

TEST_CASE("the CRC-32 of IEEE 802.3", "[embed]") {
    // The check value of its catalogue entry: "123456789".
    std::byte bytes[9];
    for (int i = 0; i < 9; ++i) bytes[i] = std::byte(static_cast<unsigned char>('1' + i));
    CHECK(pm::crc32(bytes, 9) == 0xCBF43926u);
    CHECK(pm::crc32(bytes + 4, 5, pm::crc32(bytes, 4)) == 0xCBF43926u);
}

namespace {

template <class T, int Count, std::endian Native>
void expect_blocks(T const (&numbers)[Count], std::uint32_t layout, int slot, auto const& expected, auto& flash) {
    using store = pm::parameter_store<T, Count, std::remove_reference_t<decltype(flash)>, Native>;
    store s{flash, layout};
    REQUIRE(s.save(numbers).ok());
    CHECK(s.newest() == slot);
    for (std::size_t i = 0; i < std::size(expected); ++i)
        CHECK(std::to_integer<int>(flash.slots[slot][i]) == static_cast<int>(expected[i]));
    T read[Count]{};
    REQUIRE(s.load(read).ok());
    CHECK(std::memcmp(read, numbers, sizeof read) == 0);
    // What another store wrote is not valid: another layout, another number of elements.
    CHECK(!store(flash, layout + 1).load(read));
    T fewer[Count - 1]{};
    CHECK(!pm::parameter_store<T, Count - 1, std::remove_reference_t<decltype(flash)>, Native>(flash, layout)
               .load(fewer));
    CHECK(std::memcmp(read, numbers, sizeof read) == 0);
}

// The order of bytes that a machine would have makes no difference to a block. Blocks made by Python's struct and zlib.
template <std::endian Native>
void expect_documented_blocks() {
    test::ram_flash<48> flash;
    int const first[]{0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x20, 0xC0, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00,
                      0x00, 0x00, 0x07, 0x03, 0x02, 0x01, 0x0C, 0x00, 0x00, 0x00, 0x26, 0x68, 0x05, 0xFC};
    int const second[]{0xCD, 0xCC, 0xCC, 0x3D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x40, 0x02, 0x00,
                       0x00, 0x00, 0x07, 0x03, 0x02, 0x01, 0x0C, 0x00, 0x00, 0x00, 0xB7, 0x42, 0xB6, 0x9C};
    int const doubles[]{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xF0, 0x3F, 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0xBF,
                        0x01, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x55, 0xCD, 0xEA, 0x15};
    expect_blocks<float, 3, Native>({1.0f, -2.5f, -0.0f}, 0x01020307, 0, first, flash);
    expect_blocks<float, 3, Native>({0.1f, 1e-45f, 3.0f}, 0x01020307, 1, second, flash);
    // A byte more or less, changed, or the trailer missing: the older block is read, or none.
    test::ram_flash<48> const both = flash;
    pm::parameter_store<float, 3, test::ram_flash<48>, Native> s{flash, 0x01020307};
    float read[3];
    for (int i = 0; i < 28; ++i) {
        flash = both;
        flash.slots[1][i] ^= std::byte{0x80};
        REQUIRE(s.load(read).ok());
        CHECK(read[1] == -2.5f);
        flash = both;  // truncated: what follows was erased
        for (int k = i; k < 48; ++k) flash.slots[1][k] = flash.slots[0][k] = std::byte{0xFF};
        CHECK(!s.load(read));
    }
    flash = both;
    for (auto& slot : flash.slots)
        for (std::byte& b : slot) b = std::byte{0};
    CHECK(!s.load(read));
    test::ram_flash<48> other;
    expect_blocks<double, 2, Native>({1.0, -0.1}, 5, 0, doubles, other);
}

}  // namespace

TEST_CASE("blocks of stored parameters are byte for byte as documented, on either order of bytes", "[embed]") {
    expect_documented_blocks<std::endian::little>();
    expect_documented_blocks<std::endian::big>();
    // More numbers than a piece of the conversion holds.
    float many[70], read[70];
    for (int i = 0; i < 70; ++i) many[i] = static_cast<float>(i) / 3;
    test::ram_flash<70 * 4 + 16> flash;
    using store = pm::parameter_store<float, 70, test::ram_flash<70 * 4 + 16>, std::endian::big>;
    using read_store = pm::parameter_store<float, 70, test::ram_flash<70 * 4 + 16>, std::endian::little>;
    REQUIRE(store(flash, 1).save(many).ok());
    REQUIRE(read_store(flash, 1).load(read).ok());
    CHECK(std::memcmp(read, many, sizeof read) == 0);
}
