// The page of evidence: documents as JSON and as Markdown, SHA-256, and what a page says of networks: claims that are
// proved, and that are not; golden vectors that read back; what is refused.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/prove/evidence.hpp"

#include <boost/hana/adapt_struct.hpp>
#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <limits>
#include <string>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace pm = paramorph;
using pm::detail::document;

namespace {

constexpr auto hash_of(std::string_view text) {
    pm::detail::sha256 h;
    h.add(text);
    return h.hex();
}
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

// FIPS 180-4's examples, and the ends of a block.
static_assert(hash_of("").view() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
static_assert(hash_of("abc").view() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
static_assert(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").view() ==
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");

TEST_CASE("SHA-256 of long texts, and of numbers by their bytes", "[evidence]") {
    CHECK(hash_of(std::string(1000000, 'a')).view() ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    CHECK(hash_of(std::string(64, 'a')).view() == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    CHECK(hash_of(std::string(55, 'a')).view() == "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    CHECK(hash_of(std::string(56, 'a')).view() == "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    pm::detail::sha256 h;
    h.add_number(1.0F);
    CHECK(h.hex().view() == hash_of(std::string_view("\0\0\x80\x3f", 4)).view());
    h.add_number(-2.0);
    CHECK(h.hex().view() == hash_of(std::string_view("\0\0\x80\x3f\0\0\0\0\0\0\0\xc0", 12)).view());
}

TEST_CASE("documents are printed as JSON and as Markdown", "[evidence]") {
    document d = document::object();
    d.add("title", "A \"b\" \\ \n\x01 | <c>");
    document numbers = document::object();
    numbers.add("zero", -0.0)
        .add("third", 1.0F / 3)
        .add("large", 1e300)
        .add("nan", -std::nan(""))
        .add("inf", -infinity);
    numbers.add("whole", -3)
        .add("holds", true)
        .add("nothing", document())
        .add("list", document::list().add(1).add("a|b"));
    d.add("numbers", std::move(numbers));
    document rows = document::list();
    rows.add(document::object().add("x", document::list().add(1.0).add(2.5)).add("y", false));
    rows.add(document::object().add("x", document::list()).add("y", true));
    d.add("rows", std::move(rows));
    d.add("empty", document::list());
    CHECK(d.json() ==
          "{\n  \"title\": \"A \\\"b\\\" \\\\ \\u000a\\u0001 | <c>\",\n  \"numbers\": {\n    \"zero\": -0.0,\n"
          "    \"third\": 0.33333334,\n    \"large\": 1e+300,\n    \"nan\": \"nan\",\n    \"inf\": \"-inf\",\n"
          "    \"whole\": -3,\n    \"holds\": true,\n    \"nothing\": null,\n    \"list\": [1, \"a|b\"]\n  },\n"
          "  \"rows\": [\n    {\n      \"x\": [1, 2.5],\n      \"y\": false\n    },\n"
          "    {\n      \"x\": [],\n      \"y\": true\n    }\n  ],\n  \"empty\": []\n}\n");
    CHECK(d.markdown() ==
          "# A \"b\" \\\\    \\| \\<c\\>\n\n## numbers\n\n| what | value |\n|---|---|\n| zero | -0.0 |\n"
          "| third | 0.33333334 |\n| large | 1e+300 |\n| nan | nan |\n| inf | -inf |\n| whole | -3 |\n| holds | yes |\n"
          "| nothing |  |\n| list | 1, a\\|b |\n\n## rows\n\n| x | y |\n|---|---|\n| 1, 2.5 | no |\n|  | yes |\n"
          "\n## empty\n\nnone\n");
}

namespace {

using rising = pm::nn::linear<2, 3, pm::weight<pm::param::positive>>;
using model = pm::nn::sequential<rising, pm::nn::tanh, pm::nn::linear<3, 1, pm::weight<pm::param::positive>>>;
inline constexpr pm::network_values<model> numbers{
    {0.5f, 0.25f, 1, 0.75f, 0.5f, 0.125f, 0.1f, 0, -0.1f, 0.5f, 0.25f, 0.75f, 0}};
constexpr pm::frozen<numbers> net;
// What the type does not make.
inline constexpr pm::network_values<model> others{
    {0.5f, -0.25f, 1, 0.75f, 0.5f, 0.125f, 0.1f, 0, -0.1f, 0.5f, 0.25f, 0.75f, 0}};
constexpr pm::frozen<others> edited;
constexpr auto square = pm::box<pm::shape<2>>::of(-1, 1);
using bounded = pm::claim::within<square, -1.6, 1.6>;
using narrow = pm::claim::within<square, -0.5, 0.5>;

inline constexpr pm::network_originals<model> trained{
    {0.5f, 0.25f, 1, 0.75f, 0.5f, 0.125f, 0.1f, 0, -0.1f, 0.5f, 0.25f, 0.75f, 0}};
struct two_inputs {
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<1>>;
    pm::nn::linear<2, 1, pm::no_bias> layer;
    constexpr auto forward(auto x, auto h) const { return std::tuple{layer(x) + h, x + h}; }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(two_inputs, layer);

namespace {

inline constexpr pm::network_values<two_inputs> of_two{{0.5f, 1.75f}};
constexpr pm::frozen<of_two> twins;

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

// A claim of one's own without a sentence, which holds.
struct of_my_own {
    template <class Net>
    static constexpr bool holds = Net::input_shape::size == 2;
    template <class Net>
    static constexpr auto why_not() {
        return pm::detail::sentence("of_my_own: two elements are taken");
    }
};

}  // namespace

TEST_CASE("evidence of a network that is stored in eight bits is that of the values that are read", "[evidence]") {
    using model = pm::nn::sequential<pm::nn::linear<2, 2>, pm::nn::tanh, pm::nn::linear<2, 1, pm::no_bias>>;
    static constexpr pm::network_values<model> values{{1, 0.3F, -0.7F, 2, 0.5F, -1, 0.9F, -0.01F}};
    static constexpr auto stored = pm::stored_as<std::int8_t, values>();
    static constexpr pm::frozen<pm::rounded_values<std::int8_t, values>> rounded;
    static constexpr auto states = pm::box<pm::shape<2>>::of(-1, 1);
    using bounded = pm::claim::within<states, -2, 2>;
    auto const page = pm::evidence<bounded>(stored, {.title = "T"}),
               same = pm::evidence<bounded>(rounded, {.title = "T"});
    CHECK(page.proved());
    auto const hash = [](std::string const& text) {
        auto const at = text.find("sha256", text.find("weights"));
        return at == std::string::npos ? std::string() : text.substr(at, 80);
    };
    CHECK(hash(page.json()).size() == 80);
    CHECK(hash(page.json()) == hash(same.json()));
}

TEST_CASE("a page lists claims that are proved and claims that are not", "[evidence]") {
    auto const page = pm::evidence<pm::claim::monotone<>, bounded, of_my_own>(net, {.title = "T"});
    CHECK(page.proved());
    CHECK(has(page.markdown(), "# T\n"));
    CHECK(has(page.json(), "\"claim\": \"of_my_own\""));
    CHECK(has(page.json(),
              "\"sha256\": \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""));  // no vectors
    auto const wrong = pm::evidence<pm::claim::monotone<>, pm::claim::lipschitz<1>, narrow>(net);
    CHECK_FALSE(wrong.proved());
    CHECK(has(wrong.json(), "\"proved\": true"));
    CHECK(has(wrong.json(), "\"margin\": \"-inf\""));
    CHECK(has(wrong.json(), "lipschitz: not proved: no norm of 0.weight is known"));
    CHECK(has(wrong.json(),
              "within: [-0.5, 0.5] is not proved for inputs of [-1, 1] x [-1, 1]: element 0 may lie within ["));
    CHECK(has(wrong.markdown(), "| no | "));
    // NaN proves nothing.
    CHECK_FALSE(pm::evidence<pm::claim::within<square, -2, std::numeric_limits<double>::quiet_NaN()>>(net).proved());
    CHECK_FALSE(pm::evidence<pm::claim::lipschitz<std::numeric_limits<double>::quiet_NaN()>>(net).proved());
}

TEST_CASE("a claim of the type is none of numbers that the type does not make", "[evidence]") {
    auto const page = pm::evidence<pm::claim::monotone<>>(edited);
    CHECK_FALSE(page.proved());
    CHECK(has(page.json(), "a tensor is not in its set: 0.weight, positive"));
    CHECK(pm::evidence<bounded>(edited).proved());  // of the numbers as they are
}

TEST_CASE("golden vectors read back as the numbers that the network takes and gives", "[evidence]") {
    float const x[2]{0.1f, -1.0f / 3};
    float y[1];
    static pm::workspace<net> space;
    REQUIRE(net(x, y, space.bytes).ok());
    std::string const json = pm::evidence<>(net, {.golden = {{double(x[0]), double(x[1])}, {-0.0, 1e-45}}}).json();
    char const* at = json.c_str() + json.find("\"input\": [") + 10;
    char* end = nullptr;
    CHECK(std::strtof(at, &end) == x[0]);
    CHECK(std::strtof(end + 1, &end) == x[1]);
    at = json.c_str() + json.find("\"result\": [") + 11;
    CHECK(std::strtof(at, nullptr) == y[0]);
    CHECK(has(json, "[-0.0, 1e-45]"));
    pm::detail::sha256 h;
    for (float const e : {x[0], x[1], y[0]}) h.add_number(e);
    float const small[2]{-0.0f, 1e-45f};
    REQUIRE(net(small, y, space.bytes).ok());
    for (float const e : {small[0], small[1], y[0]}) h.add_number(e);
    CHECK(has(json, "\"sha256\": \"" + std::string(h.hex().view()) + "\""));
}

TEST_CASE("two pages are the same bytes, in any locale; of what freeze gives, too", "[evidence]") {
    pm::evidence_options const options{.golden = {{0.5, 0.25}, {1, -1}}, .measured = {{"a", "b | \"c\""}}};
    auto const first = pm::evidence<pm::claim::monotone<>, bounded>(net, options);
    std::setlocale(LC_ALL, "de_DE.UTF-8");  // where the machine has it
    auto const second = pm::evidence<pm::claim::monotone<>, bounded>(net, options);
    std::setlocale(LC_ALL, "C");
    CHECK(first.json() == second.json());
    CHECK(first.markdown() == second.markdown());
    CHECK(has(first.json(), "\"measured: a\": \"b | \\\"c\\\"\""));
    // A network of the same values that was frozen at run time: the same page, for its program is the same.
    auto live = pm::make<model>(pm::seed{0});
    pm::get<0>(live).weight = xt::xtensor_fixed<float, xt::xshape<3, 2>>{{0.5f, 0.25f}, {1, 0.75f}, {0.5f, 0.125f}};
    pm::get<2>(live).weight = xt::xtensor_fixed<float, xt::xshape<1, 3>>{{0.5f, 0.25f, 0.75f}};
    auto const frozen = pm::freeze(live);
    auto const page = pm::evidence<pm::claim::monotone<>, bounded, narrow>(frozen, options);
    CHECK_FALSE(page.proved());
    CHECK(has(page.json(), "within: [-0.5, 0.5] is not proved"));
    CHECK(pm::evidence<pm::claim::monotone<>, bounded>(frozen, options).proved());
}

TEST_CASE("a page of several inputs and results, of 16 bits, and of what was trained", "[evidence]") {
    std::string const json = pm::evidence<pm::claim::monotone<1>>(twins, {.golden = {{1, 2, 3}}}).json();
    CHECK(has(json, "\"inputs\": [\n      [2],\n      [1]\n    ]"));
    CHECK(has(json, "\"results\": [\n      [1],\n      [2]\n    ]"));
    CHECK(has(json, "\"input\": [1, 2, 3]"));
    CHECK(has(json, "\"result\": [7, 4, 5]"));  // 0.5 * 1 + 1.75 * 2 + 3; x + h
    CHECK(has(json, "no result falls where an element of input 1 rises"));
    // Weights in 16 bits are others than those of the type, which bounds read as they are stored.
    auto const half = pm::stored_as<pm::bfloat16, numbers>();
    auto const page = pm::evidence<pm::claim::monotone<>, bounded>(half, {.golden = {{0.5, 0.25}}});
    CHECK_FALSE(page.proved());
    CHECK(has(page.json(), "\"bytes of numbers\": 26"));
    CHECK(pm::evidence<bounded>(half).proved());
    // Whose program computes the values.
    CHECK(pm::evidence<pm::claim::monotone<>>(pm::live<trained>{}).proved());
}

TEST_CASE("what a page refuses", "[evidence]") {
    auto const said = [](auto const& f) -> std::string {
        try {
            f();
        } catch (pm::error const& e) {
            return e.what();
        }
        return "";
    };
    auto const of = [&](std::vector<double> input) {
        return said([&] { static_cast<void>(pm::evidence<>(net, {.golden = {{0, 0}, input}})); });
    };
    CHECK(of({1}) ==
          "evidence: golden input 1 has 1 elements; the network takes 2: give all of all inputs, row by row");
    CHECK(of({1, std::nan("")}) ==
          "evidence: golden input 1 has an element that is not finite; give numbers that the network takes");
    CHECK(has(of({1, 1e300}), "not finite"));  // in float
    std::fesetround(FE_UPWARD);
    CHECK(has(said([] { static_cast<void>(pm::evidence<>(net)); }), "does not round to nearest"));
    std::fesetround(FE_TONEAREST);
#if defined(__SSE__)
    unsigned const flags = _mm_getcsr();
    _mm_setcsr(flags | 0x8040);  // flush to zero, subnormals are zeros
    std::string const flushed = said([] { static_cast<void>(pm::evidence<>(net)); });
    _mm_setcsr(flags);
    CHECK(has(flushed, "flushes subnormal numbers to zero"));
#endif
    CHECK(said([] { static_cast<void>(pm::evidence<>(net)); }) == "");
}
