// Densities of constraints in Stan Math, by its reverse mode, in double as it computes (transforms.hpp). Its simplex
// breaks sticks, and its correlations are taken column by column: the same sets from as many numbers, by other
// formulas.
//
// SPDX-License-Identifier: BSL-1.0
#include <stan/math/rev/mat.hpp>

#include "../transforms.hpp"
#include "peers.hpp"

namespace benchmark {
namespace {

using stan::math::var;
using vector = Eigen::Matrix<var, Eigen::Dynamic, 1>;

template <class Constrain>
void density_gradient(int free, float const* x, float const* g, float* to, Constrain constrain) {
    vector y(free);
    for (int i = 0; i < free; ++i) y(i) = free_scale * double(x[i]);
    var density = 0;
    auto const value = constrain(y, density);
    using rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::MatrixXd const c = Eigen::Map<rows const>(g, value.rows(), value.cols()).template cast<double>();
    density += stan::math::dot_product(
        Eigen::Matrix<var, Eigen::Dynamic, 1>(Eigen::Map<decltype(value) const>(value.data(), value.size(), 1)),
        Eigen::VectorXd(Eigen::Map<Eigen::VectorXd const>(c.data(), c.size())));
    density.grad();
    for (int i = 0; i < free; ++i) to[i] = static_cast<float>(y(i).adj());
    stan::math::recover_memory();
}

template <int Size>
bool add() {
    auto const of = [](char const* name, char const* formula, auto run) {
        peers().push_back({"Stan", name, Size, run, formula});
    };
    of("simplex.density", "breaks sticks", [](float const* x, float const* g, float* to) {
        density_gradient(free_of_simplex(Size), x, g, to,
                         [](vector const& y, var& density) { return stan::math::simplex_constrain(y, density); });
    });
    of("ordered.density", "", [](float const* x, float const* g, float* to) {
        density_gradient(free_of_ordered(Size), x, g, to,
                         [](vector const& y, var& density) { return stan::math::ordered_constrain(y, density); });
    });
    of("cov_matrix.density", "", [](float const* x, float const* g, float* to) {
        density_gradient(free_of_covariances(Size), x, g, to, [](vector const& y, var& density) {
            return stan::math::cov_matrix_constrain(y, Size, density);
        });
    });
    of("corr_matrix.density", "by columns", [](float const* x, float const* g, float* to) {
        density_gradient(free_of_correlations(Size), x, g, to, [](vector const& y, var& density) {
            return stan::math::corr_matrix_constrain(y, Size, density);
        });
    });
    return true;
}

bool const registered = add<64>();

}  // namespace
}  // namespace benchmark
