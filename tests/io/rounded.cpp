// Weights that a file has in fewer digits than the network, through right_inverse.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <utility>

#include "catch.hpp"
#include "paramorph/io.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "refusal.hpp"

namespace pm = paramorph;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("through_right_inverse: numbers that a file rounded are taken as near as its type is") {
    using T64 = pm::element_type<double>;
    auto const turned = [](auto& net) {  // an orthogonal matrix of no simple numbers
        std::size_t const n = 24;
        xt::xtensor<float, 2> a = xt::zeros<float>({n, n});
        float x = 0.3f;
        for (float& e : a) e = x, x = std::fmod(1.7f * x + 0.31f, 1.f);
        net.weight.project(a);
    };
    using parametrized = pm::nn::linear<24, 24, pm::weight<pm::param::orthogonal<pm::param::orthogonal_map::cayley>>>;
    parametrized net{pm::seed{0}};
    turned(net);
    auto const w = net.weight();
    auto const rounded = [&]<class S>(S, double off = 0) {
        std::vector<S> numbers;
        for (std::size_t i = 0; i < w.size(); ++i) numbers.push_back(S(w.data()[i] + (i == 5 ? float(off) : 0)));
        pm::io::tensor_dict d;
        d.insert<S>("weight", {24, 24}, numbers);
        d.insert<float>("bias", {24}, std::vector<float>(24));
        return d;
    };
    auto const furthest = [](auto const& a, auto const& b) {
        double worst = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (double const d = std::abs(double(a.data()[i]) - double(b.data()[i])); d > worst || d != d) worst = d;
        return worst;
    };
    auto const gram = [](auto const& q) {
        double worst = 0;
        for (std::size_t i = 0; i < 24; ++i)
            for (std::size_t j = 0; j < 24; ++j) {
                double s = i == j ? -1 : 0;
                for (std::size_t k = 0; k < 24; ++k) s += double(q(k, i)) * double(q(k, j));
                if (double const d = std::abs(s); d > worst || d != d) worst = d;
            }
        return worst;
    };
    parametrized other{pm::seed{1}};
    for (auto const& [d, near] :
         {std::pair{rounded(pm::bfloat16{}), 6e-3}, {rounded(pm::float16{}), 8e-4}, {rounded(float{}), 1e-5}}) {
        CHECK(pm::load_state_dict(other, d, pm::through_right_inverse).complete());
        CHECK(furthest(other.weight(), w) < near);
        CHECK(gram(other.weight()) < 1e-5);  // in the set, whatever the file's digits
    }
    // Plain weights below a prefix, where nothing else is named.
    pm::io::tensor_dict alone, below;
    pm::nn::linear<24, 24, pm::weight<pm::param::orthogonal<pm::param::orthogonal_map::cayley>>, pm::no_bias> bare{
        pm::seed{1}};
    alone.insert(rounded(float{}).at("weight"));
    below.insert("model", alone);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(bare, below, pm::through_right_inverse); }),
               ContainsSubstring("all names of the file begin with `model.`, which Lightning puts there"));
    CHECK(pm::load_state_dict(bare, below.section("model"), pm::through_right_inverse).complete());
    // Beyond that it is refused, with the tolerance; and 1e-4 stays that of float.
    auto const before = pm::state_dict(other).values<float>("parametrizations.weight.0.base");
    auto const refused = [&](pm::io::tensor_dict const& d) {
        return refusal_of([&] { pm::load_state_dict(other, d, pm::through_right_inverse); });
    };
    CHECK_THAT(refused(rounded(pm::bfloat16{}, 0.1)),
               ContainsSubstring("weight: assignment: ") && ContainsSubstring("the tolerance is 0.02 of the largest "
                                                                              "element, that of BF16"));
    CHECK_THAT(refused(rounded(pm::float16{}, 0.01)),
               ContainsSubstring("the tolerance is 0.002 of the largest element, that of F16"));
    std::string const of_float = refused(rounded(float{}, 0.002));
    CHECK_THAT(of_float, ContainsSubstring("weight: assignment: "));
    CHECK(of_float.find("tolerance") == of_float.npos);
    CHECK(pm::state_dict(other).values<float>("parametrizations.weight.0.base") == before);
    // Floats in a network of doubles.
    pm::nn::linear<24, 24, pm::weight<pm::param::orthogonal<pm::param::orthogonal_map::cayley>>, T64> wide{pm::seed{1}};
    CHECK(pm::load_state_dict(wide, rounded(float{}), pm::through_right_inverse).complete());
    CHECK((furthest(wide.weight(), w) < 1e-5 && gram(wide.weight()) < 1e-13));
    // A weight whose norm is 1, and positive numbers.
    using normed = pm::nn::linear<5, 3, pm::weight<pm::param::spectral_norm<>>, pm::bias<pm::param::positive>>;
    normed s{pm::seed{3}}, t{pm::seed{4}};
    pm::io::tensor_dict d;
    std::vector<pm::bfloat16> numbers, tenths(3, pm::bfloat16(0.1f));
    for (float const e : s.weight()) numbers.push_back(pm::bfloat16(e));
    d.insert<pm::bfloat16>("weight", {3, 5}, numbers);
    d.insert<pm::bfloat16>("bias", {3}, tenths);
    CHECK(pm::load_state_dict(t, d, pm::through_right_inverse).complete());
    CHECK(furthest(t.weight(), s.weight()) < 6e-3);
    CHECK(std::abs(t.bias()(2) - float(pm::bfloat16(0.1f))) < 1e-6f);
}
