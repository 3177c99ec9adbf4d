// Networks as text: what pm::print and pm::summary say of types, tensors, chains, shapes, counts and flops; which
// module of a network a call belongs to, also below an overlay, and when it is called again.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <sstream>

#include "paramorph/paramorph.hpp"
#include "paramorph/print.hpp"

namespace {

struct gated {  // a user's own module
    pm::nn::linear<4, 4> inner;
    pm::tensor<pm::shape<4>> gain;
    pm::buffer<pm::shape<4>> shift;
    constexpr auto forward(auto x) const { return pm::tanh(inner(x)) * gain + shift; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct twice {
    pm::nn::linear<4, 4> a;
    pm::nn::residual<pm::nn::linear<4, 4>, pm::nn::tanh> b;
    constexpr auto forward(auto x) const { return pm::tanh(a(b(a(x)))) + x; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct pair_of {  // two inputs, two results
    pm::nn::linear<4, 4> a;
    constexpr auto forward(auto x, auto y) const { return std::tuple{a(x), a(y) + x}; }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain, shift);
BOOST_HANA_ADAPT_STRUCT(twice, a, b);
BOOST_HANA_ADAPT_STRUCT(pair_of, a);

namespace {

using constrained = pm::parametrize<gated, pm::at<"gain", pm::param::positive>,
                                    pm::at<"inner.weight", pm::param::skew, pm::param::cayley>>;
using model = pm::nn::sequential<pm::nn::linear<4, 3>, pm::nn::relu,
                                 pm::nn::linear<3, 4, pm::weight<pm::param::weight_norm<1>>>, constrained>;

}  // namespace

TEST_CASE("print: types, tensors, chains, sets and counts, modules in modules") {
    model net;  // empty: no number is read
    pm::get<"0.bias">(net).requires_gradient(false);
    CHECK(pm::to_string(net) == R"(sequential(
  (0): linear<4, 3>(
    weight: [3, 4]
    bias: [3], not trained
  )
  (1): relu()
  (2): linear<3, 4>(
    weight: [4, 3] = (original0 [1, 3], original1 [4, 3]) | weight_norm<1>; real, inverse right
    bias: [4]
  )
  (3): gated(
    gain: [4] = original [4] | positive; positive, inverse bijective
    shift: [4], buffer
    (inner): linear<4, 4>(
      weight: [4, 4] = original [4, 4] | skew | cayley; special_orthogonal, inverse right
      bias: [4]
    )
  )
)
58 parameters in 7 tensors
)");
    CHECK(pm::parameter_count<model> == 58);
}

TEST_CASE("print: streams, element types, state, modules without tensors") {
    std::ostringstream s;
    s << pm::nn::linear<2, 2, pm::element_type<double>, pm::no_bias, pm::weight<pm::param::spectral_norm<>>>{};
    CHECK(s.str() ==
          "linear<2, 2, element_type<double>, no_bias>(\n"
          "  weight: [2, 2] = original [2, 2] | spectral_norm; real, inverse on_image; state _u [2], _v [2], double\n"
          ")\n4 parameters in 1 tensor\n");
    s.str("");
    pm::print(pm::nn::tanh{}, s);
    CHECK(s.str() == "tanh()\n0 parameters in 0 tensors\n");
    using pm::operator<<;  // for a struct of one's own
    s.str("");
    s << gated{} << 1;
    CHECK(s.str() == pm::to_string(gated{}) + "1");
}

TEST_CASE("print: frozen and cached networks, empty ones, const ones, numbers without axes") {
    using layer = pm::nn::linear<2, 2, pm::element_type<double>, pm::weight<pm::param::spectral_norm<>>>;
    layer const net = pm::make<layer>(pm::seed{1});
    auto const frozen = pm::freeze(net);
    CHECK(pm::to_string(frozen) ==
          "frozen linear<2, 2, element_type<double>>(\n  weight: [2, 2], double\n  bias: [2], double\n)\n"
          "6 parameters in 2 tensors\n");
    auto const cached = pm::cached(net);
    CHECK(pm::to_string(cached) == "cached " + pm::to_string(net));
    std::ostringstream s;
    s << frozen << cached;
    pm::print(frozen, s);
    CHECK(s.str() == pm::to_string(frozen) + pm::to_string(cached) + pm::to_string(frozen));
    layer gone = net;
    layer const kept = std::move(gone);
    CHECK(pm::to_string(gone) == pm::to_string(kept));
    CHECK(pm::summary(net) == pm::summary(net, pm::input<pm::shape<2>, double>{}));
}

TEST_CASE("print: names lose the library's namespaces and nothing else") {
    using pm::detail::tidy_name;
    CHECK(tidy_name("paramorph::nn::linear<4, 4, paramorph::weight<paramorph::param::skew> >", {"weight<"}) ==
          "linear<4, 4>");
    CHECK(tidy_name("my::nn::paramorph_like<paramorph::param::scale<2, 3>, nn::x>") ==
          "my::nn::paramorph_like<scale<2, 3>, nn::x>");
    CHECK(tidy_name("plain") == "plain");
    CHECK(tidy_name("a<f(1, 2), {3, 4}>") == "a<f(1, 2), {3, 4}>");
    CHECK(tidy_name("a<weight<1, 2>>", {"weight<"}) == "a");
}

TEST_CASE("summary: shapes, flops and memory of each layer, and of chains") {
    // linear 4 -> 3 of 8 rows: 8 * 3 * 4 products, two flops each, 24 additions of the bias; relu 24.
    xt::xtensor_fixed<float, xt::xshape<8, 4>> x;
    auto const text = pm::summary(model{}, x);
    CHECK(text == pm::summary<model>(pm::input<pm::shape<8, 4>>{}));
    std::istringstream lines(text);
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    REQUIRE(all.size() == 12);
    CHECK(all[0] == "layer                                             result  parameters  flops  memory");
    CHECK(all[1] == "sequential                                        [8, 4]          58    848   128 B");
    CHECK(all[2] == "  0 linear<4, 3>                                  [8, 3]          15    216    96 B");
    CHECK(all[3] == "  1 relu                                          [8, 3]           0     24    96 B");
    CHECK(all[4] == "  2 linear<3, 4>                                  [8, 4]          19    224   128 B");
    CHECK(all[5].starts_with("    weight = weight_norm<1>, real                 [4, 3]              "));
    CHECK(all[6] == "  3 gated                                         [8, 4]          24    384   128 B");
    CHECK(all[7] == "    gain = positive, positive                     [4]                     8    16 B");
    CHECK(all[8] == "    inner linear<4, 4>                            [8, 4]          20    288   128 B");
    CHECK(all[9].starts_with("      weight = skew | cayley, special_orthogonal  [4, 4]"));
    CHECK(all[10] == "58 parameters; 248 B trained and kept, 236 B when frozen");
    using P = pm::program::call_of<model, pm::binding::originals, pm::input<pm::shape<8, 4>>>;
    CHECK(all[11].ends_with("; workspace " + std::to_string(pm::workspace_bytes_of<P>) + " B"));
}

TEST_CASE("summary: a module that is called again, and one of several inputs and results") {
    CHECK(pm::summary<twice>(pm::input<pm::shape<4>>{}) ==
          "layer                    result  parameters  flops  memory\n"
          "twice                    [4]             40    124    16 B\n"
          "  a linear<4, 4>         [4]             20     36    16 B\n"
          "  a linear<4, 4>, again  [4]                    36    16 B\n"
          "  b residual             [4]             20     44    16 B\n"
          "    0 linear<4, 4>       [4]             20     36    16 B\n"
          "    1 tanh               [4]              0      4    16 B\n"
          "40 parameters; 160 B trained and kept, 160 B when frozen\n"
          "124 flops a call; workspace 192 B\n");
    auto const text = pm::summary<pair_of>(pm::input<pm::shape<2, 4>>{}, pm::input<pm::shape<2, 4>>{});
    CHECK_THAT(
        text, Catch::Matchers::ContainsSubstring("pair_of                  [2, 4], [2, 4]          20    152    64 B"));
}
