// Pictures of networks hold what the compiler made of them: the steps and the workspace of the program that runs,
// blocks that are apart where they are in use together, and edges that follow the data, not the order of the calls.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/print.hpp"

namespace {

struct crossing {  // b reads what a made, and x besides
    pm::nn::linear<4, 4, pm::weight<pm::param::symmetric>> a;
    pm::nn::linear<4, 4> b;
    pm::tensor<pm::shape<4>> gain;
    constexpr auto forward(auto x) const { return b(a(x) * gain + x) + pm::tanh(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct named_badly {
    pm::nn::linear<2, 2> a;
    constexpr auto forward(auto x) const { return a(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(crossing, a, b, gain);
BOOST_HANA_ADAPT_STRUCT(named_badly, a);

namespace {

using pm::detail::picture;
using batch = pm::input<pm::shape<8, 4>>;
struct square_loss {
    constexpr auto operator()(auto& n, auto x, auto t) const { return pm::mse(n(x), t); }
};

template <class P>
void check_steps(picture const& p) {
    using C = pm::compiled<P>;
    CHECK(int(p.steps.size()) == C::plan.step_count);
    CHECK(p.workspace == C::memory.bytes);
    std::int64_t end = 0;
    for (std::size_t k = 0; k < p.blocks.size(); ++k) {
        auto const& b = p.blocks[k];
        CHECK((0 <= b.first && b.first <= b.last && b.last < C::plan.step_count));
        CHECK(b.bytes > 0);
        end = std::max(end, b.offset + b.bytes);
        for (std::size_t j = 0; j < k; ++j) {
            auto const& o = p.blocks[j];
            bool const apart = b.last < o.first || o.last < b.first || b.offset + b.bytes <= o.offset ||
                               o.offset + o.bytes <= b.offset;
            CHECK(apart);
        }
    }
    CHECK(end <= p.workspace);
    CHECK(end > p.workspace - pm::workspace_alignment);  // rounded up
}
std::string edges(picture const& p) {
    std::string all;
    for (auto const& e : p.edges)
        all += p.boxes[std::size_t(e.from)].title + " > " + p.boxes[std::size_t(e.to)].title + " " + e.label + "\n";
    return all;
}

}  // namespace

TEST_CASE("picture: a call has the steps and the workspace of the program that runs") {
    check_steps<pm::program::call_of<crossing, pm::binding::originals, batch>>(
        pm::detail::picture_of<crossing, batch>(crossing{}));
}

TEST_CASE("picture: a training step has those of the step's program") {
    auto const p =
        pm::detail::picture_of_step<square_loss, crossing, batch, batch>(pm::detail::show_network(crossing{}));
    check_steps<pm::program::value_and_gradient_of<square_loss, crossing, batch, batch>>(p);
    std::string all;
    for (auto const& s : p.steps) all += s.text + "\n";
    for (char const* name : {"gradient of a.weight.original", "gradient of gain", "gradient of b.bias", "writes loss"})
        CHECK_THAT(all, Catch::Matchers::ContainsSubstring(name));
}

TEST_CASE("picture: edges say who reads what was made where") {
    auto const p = pm::detail::picture_of<crossing, batch>(crossing{});
    CHECK(edges(p) ==
          "input [8, 4] > a: linear<4, 4> [8, 4]\n"
          "a: linear<4, 4> > b: linear<4, 4> [8, 4]\n"
          "input [8, 4] > b: linear<4, 4> [8, 4]\n"
          "b: linear<4, 4> > output [8, 4] [8, 4]\n"
          "input [8, 4] > output [8, 4] [8, 4]\n");
    REQUIRE(p.boxes.size() == 4);
    CHECK(p.boxes[1].lines[0] == "weight [4, 4] = original [4, 4] | symmetric; symmetric, inverse right");
}

TEST_CASE("picture: of a network that states its input's shape, and of a lone layer") {
    auto const net = pm::nn::sequential<pm::nn::linear<2, 3>, pm::nn::tanh>{};
    CHECK(pm::to_svg(net) == pm::to_svg(net, pm::input<pm::shape<2>>{}));
    CHECK(edges(pm::detail::picture_of<pm::nn::linear<2, 3>>(pm::nn::linear<2, 3>{})) ==
          "input [2] > linear<2, 3> [2]\nlinear<2, 3> > output [3] [3]\n");
    CHECK(pm::detail::picture_of<named_badly, pm::input<pm::shape<2>>>(named_badly{}).boxes[1].title ==
          "a: linear<2, 2>");
}

TEST_CASE("picture: what has a meaning in XML and in dot is escaped") {
    CHECK(pm::detail::xml_text("a<b> & \"c\"\n") == "a&lt;b&gt; &amp; &quot;c&quot;?");
    CHECK(pm::detail::dot_text("a\"b\\c\n") == "a\\\"b\\\\c?");
    picture p{"t<\"&"};
    p.boxes.push_back({pm::detail::picture_box::input, "x"});
    CHECK_THAT(pm::detail::svg_of(p), Catch::Matchers::ContainsSubstring("<title>t&lt;&quot;&amp;</title>"));
    CHECK_THAT(pm::detail::dot_of(p), Catch::Matchers::ContainsSubstring("label=\"t<\\\"&\""));
}
