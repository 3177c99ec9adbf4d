// What a host writes for a target, and what a target stores: headers, and blocks of parameters. Text and bytes, which
// are the same for every instruction set.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <locale>
#include <sstream>

#include "../catch.hpp"
#include "../embedded/ram_flash.hpp"

namespace {

namespace pm = paramorph;

// Files are written into a folder of the process.
struct own_folder {
    std::filesystem::path const before = std::filesystem::current_path();
    char name[19] = "embed-files-XXXXXX";
    own_folder() { std::filesystem::current_path(mkdtemp(name)); }
    ~own_folder() {
        std::filesystem::current_path(before);
        std::filesystem::remove_all(before / name);
    }
} const folder;

using model = pm::nn::sequential<pm::nn::linear<7, 9, pm::weight<pm::param::orthogonal<>>>, pm::nn::tanh,
                                 pm::nn::linear<9, 9, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                                 pm::nn::linear<9, 5, pm::weight<pm::param::lora<2>>, pm::no_bias>>;

std::string text_of(std::string const& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a header holds the numbers bit for bit, and names the network's type", "[embed]") {
    auto const net = pm::make<model>(pm::seed{5});
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
                      Catch::Matchers::ContainsSubstring("cannot write /no/such/folder/x.hpp: No such file"));
    CHECK_THROWS_WITH(pm::write_header(net, "\x1b[31m\n/x.hpp"),
                      Catch::Matchers::ContainsSubstring("cannot write \\x1b[31m\\x0a/x.hpp: No such file"));
    CHECK_THROWS_WITH(pm::write_header(net, "x.hpp", {.name = "x\n"}),
                      Catch::Matchers::ContainsSubstring("'x\\x0a' is no name for a namespace"));
    CHECK_THROWS_WITH(pm::write_header(net, ""),
                      Catch::Matchers::ContainsSubstring("cannot write a file without a name"));
    CHECK_THROWS_WITH(pm::write_header(net, "."), Catch::Matchers::ContainsSubstring("cannot write .: Is a directory"));
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
                          Catch::Matchers::ContainsSubstring("cannot write /dev/full: No space left"));
    }
    // What only its owner may read stays so.
    std::ofstream("private.hpp") << "as before";
    REQUIRE(chmod("private.hpp", 0600) == 0);
    pm::write_header(net, "private.hpp");
    struct stat after;
    CHECK((stat("private.hpp", &after) == 0 && (after.st_mode & 07777) == 0600 && after.st_size > 100));
    // One that nobody may write is not replaced; the superuser may write all.
    if (geteuid() != 0 && chmod("private.hpp", 0400) == 0) {
        CHECK_THROWS_WITH(pm::write_header(net, "private.hpp"),
                          Catch::Matchers::ContainsSubstring("Permission denied"));
    }
    std::remove("private.hpp");
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
    static_assert(pm::parameter_flash<test::ram_flash<48>> && !pm::parameter_flash<std::string>);
    static_assert(pm::parameter_block_bytes<T, Count> == Count * int(sizeof(T)) + 16);
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
