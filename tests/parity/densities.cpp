// `densities double NAME EXTENTS...`: value, log_abs_det and its gradient of what densities.py has a formula for,
// and what right_inverse makes of the value, by the interpreter. It reads the original from standard input, as binary
// numbers in double, and writes these.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <paramorph/param/ball.hpp>
#include <paramorph/param/contracting.hpp>
#include <paramorph/param/corr_matrix.hpp>
#include <paramorph/param/cov_matrix.hpp>
#include <paramorph/param/doubly_stochastic.hpp>
#include <paramorph/param/ilr_simplex.hpp>
#include <paramorph/param/interval.hpp>
#include <paramorph/param/lower.hpp>
#include <paramorph/param/offset_multiplier.hpp>
#include <paramorph/param/ordered.hpp>
#include <paramorph/param/passive.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/positive_ordered.hpp>
#include <paramorph/param/stochastic.hpp>
#include <paramorph/param/sum_to_zero.hpp>
#include <paramorph/param/upper.hpp>
#include <paramorph/testing/density_laws.hpp>
#include <string_view>

namespace {

namespace pm = paramorph;
namespace param = pm::param;
using pm::testing::numbers;

template <class P, class Shape>
void serve_one() {
    using law = pm::testing::density_laws<P, Shape>;
    numbers x(law::free);
    if (std::fread(x.data(), sizeof(double), x.size(), stdin) != x.size()) std::exit(2);
    auto const r = law::at(x);
    if (!r.status.ok()) std::exit(3);
    auto const again = law::original_of(r.outputs[0]);
    numbers const none(law::free, std::numeric_limits<double>::quiet_NaN());
    for (numbers const* all :
         {&r.outputs[0], &r.outputs[1], &r.outputs[2], again.status.ok() ? &again.outputs[0] : &none})
        std::fwrite(all->data(), sizeof(double), all->size(), stdout);
}
template <class P, int... Extents>
bool serve(std::string_view called, int count, char** words) {
    int const wanted[]{Extents...};
    if (called != words[2] || count != 3 + static_cast<int>(sizeof...(Extents))) return false;
    for (std::size_t k = 0; k < sizeof...(Extents); ++k)
        if (std::atoi(words[3 + k]) != wanted[k]) return false;
    serve_one<P, pm::shape<Extents...>>();
    return true;
}

}  // namespace

int main(int count, char** words) {
    if (count < 4) return 2;
    bool const known =
        serve<param::lower<-1>, 3>("lower", count, words) || serve<param::upper<2>, 2, 2>("upper", count, words) ||
        serve<param::interval<-1, 2>, 3>("interval", count, words) ||
        serve<param::exponential, 3>("exponential", count, words) ||
        serve<param::positive, 1, 3>("positive", count, words) ||
        serve<param::offset_multiplier<1, 3>, 3, 1>("offset_multiplier", count, words) ||
        serve<param::ordered, 4>("ordered", count, words) || serve<param::ordered, 2, 1, 3>("ordered", count, words) ||
        serve<param::positive_ordered, 4>("positive_ordered", count, words) ||
        serve<param::sum_to_zero, 2, 3>("sum_to_zero", count, words) ||
        serve<param::sum_to_zero_matrix, 3, 2>("sum_to_zero_matrix", count, words) ||
        serve<param::ilr_simplex, 4>("ilr_simplex", count, words) ||
        serve<param::ilr_simplex, 2, 1, 2, 3>("ilr_simplex", count, words) ||
        serve<param::row_stochastic, 2, 3>("row_stochastic", count, words) ||
        serve<param::column_stochastic, 3, 2>("column_stochastic", count, words) ||
        serve<param::doubly_stochastic, 3, 3>("doubly_stochastic", count, words) ||
        serve<param::cholesky_factor_cov, 3, 3>("cholesky_factor_cov", count, words) ||
        serve<param::cov_matrix, 1, 1>("cov_matrix", count, words) ||
        serve<param::cov_matrix, 3, 3>("cov_matrix", count, words) ||
        serve<param::cholesky_factor_corr, 4, 4>("cholesky_factor_corr", count, words) ||
        serve<param::corr_matrix, 2, 2>("corr_matrix", count, words) ||
        serve<param::corr_matrix, 4, 4>("corr_matrix", count, words) ||
        serve<param::ball<2>, 2, 3>("ball", count, words) ||
        serve<param::contracting<3>, 3, 2>("contracting", count, words) ||
        serve<param::contracting<3>, 1, 3>("contracting", count, words) ||
        serve<param::passive, 3, 3>("passive", count, words);
    return known ? 0 : 2;
}
