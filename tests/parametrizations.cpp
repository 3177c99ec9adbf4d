// What the types say of every ready-made parametrization, for parametrizations.py: a line each of name, header, set,
// grade, originals, shape and state, separated by tabs. Shapes are those of a small example, with letters for numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/exponential.hpp>
#include <paramorph/param/interval.hpp>
#include <paramorph/param/lora.hpp>
#include <paramorph/param/low_rank.hpp>
#include <paramorph/param/mask.hpp>
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/param/packed.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/scale.hpp>
#include <paramorph/param/simplex.hpp>
#include <paramorph/param/skew.hpp>
#include <paramorph/param/spectral_norm.hpp>
#include <paramorph/param/symmetric.hpp>
#include <paramorph/param/triangular.hpp>
#include <paramorph/param/unit_norm.hpp>
#include <paramorph/param/weight_norm.hpp>
#include <string>

namespace pm = paramorph;
namespace param = paramorph::param;

namespace {

constexpr int m = 11, n = 7;

std::string letters(int size) {
    switch (size) {
        case m:
            return "m";
        case n:
            return "n";
        case n*(n + 1) / 2:
            return "n (n + 1) / 2";
        case n*(n - 1) / 2:
            return "n (n - 1) / 2";
        default:
            return std::to_string(size);
    }
}
std::string text(pm::extents const& shape) {
    std::string all = "[";
    for (int k = 0; k < shape.rank; ++k) all += (k > 0 ? ", " : "") + letters(shape.d[k]);
    return all + "]";
}
char const* text(pm::grade g) {
    switch (g) {
        case pm::grade::none:
            return "none";
        case pm::grade::on_image:
            return "on_image";
        case pm::grade::right:
            return "right";
        default:
            return "bijective";
    }
}

// Of P on tensors of the shape; `name` is how a user writes it, `header` its file.
template <class P, class Shape>
void row(std::string const& name, std::string const& header) {
    using traits = pm::chain_traits<pm::chain<P>, Shape>;
    std::string originals, states;
    [&]<int... K>(std::integer_sequence<int, K...>) {
        ((originals += (K > 0 ? ", " : "") + text(traits::template original_shape<K>::value)), ...);
    }(std::make_integer_sequence<int, traits::original_count>{});
    [&]<class... State>(pm::states<State...>) {
        ((states += (states.empty() ? "" : ", ") + std::string(State::name) + " " + text(State::shape_type::value)),
         ...);
    }(typename traits::state_list{});
    std::string const set(pm::set_name<pm::codomain_of<P>>());
    std::printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name.c_str(), header.c_str(), set.c_str(), text(traits::inverse),
                originals.c_str(), text(Shape::value).c_str(), states.c_str());
}
template <class P, class Shape>
void row(std::string const& name) {
    row<P, Shape>(name, name.substr(0, name.find('<')));
}

}  // namespace

int main() {
    using matrix = pm::shape<m, n>;
    using square = pm::shape<n, n>;
    using map = param::orthogonal_map;
    row<param::orthogonal<map::householder>, matrix>("orthogonal<householder>");
    row<param::orthogonal<map::cayley>, matrix>("orthogonal<cayley>");
    row<param::orthogonal<map::matrix_exp>, matrix>("orthogonal<matrix_exp>");
    row<param::orthogonal<map::householder, param::without_base>, matrix>("orthogonal<householder, without_base>");
    row<param::orthogonal<map::cayley, param::without_base>, square>("orthogonal<cayley, without_base>");
    row<param::orthogonal<map::matrix_exp, param::without_base>, square>("orthogonal<matrix_exp, without_base>");
    row<param::square_orthogonal<map::householder>, square>("square_orthogonal<householder>", "orthogonal");
    row<param::square_orthogonal<map::cayley, param::without_base>, square>("square_orthogonal<cayley, without_base>",
                                                                            "orthogonal");
    row<param::spectral_norm<>, matrix>("spectral_norm<>");
    row<param::weight_norm<>, matrix>("weight_norm<>");
    row<param::unit_norm, matrix>("unit_norm");
    row<param::symmetric, square>("symmetric");
    row<param::skew, square>("skew");
    row<param::cayley, square>("cayley");
    row<param::upper_triangular, matrix>("upper_triangular", "triangular");
    row<param::lower_triangular, matrix>("lower_triangular", "triangular");
    row<param::packed<param::symmetric>, square>("packed<symmetric>");
    row<param::packed<param::skew>, square>("packed<skew>");
    row<param::positive, matrix>("positive");
    row<param::exponential, matrix>("exponential");
    row<param::interval<-1, 2>, matrix>("interval<-1, 2>");
    row<param::scale<3>, matrix>("scale<3>");
    row<param::simplex, matrix>("simplex");
    row<param::mask, matrix>("mask");
    row<param::low_rank<3>, matrix>("low_rank<3>");
    row<param::lora<3>, matrix>("lora<3>");
}
