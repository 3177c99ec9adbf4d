// Matrices of Eigen as arrays, and arrays as Eigen::Map: both ways without a copy.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <Eigen/Core>

#include "paramorph/paramorph.hpp"
#include "paramorph/views.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
template <int R, int C>
using row_major = Eigen::Matrix<float, R, C, C == 1 ? Eigen::ColMajor : Eigen::RowMajor>;
constexpr int any = Eigen::Dynamic;

std::string refused(auto&& f) {
    try {
        f();
    } catch (pm::error const& e) {
        return e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("view: matrices and vectors of Eigen") {
    row_major<2, 3> m;
    m << 1, 2, 3, 4, 5, 6;
    auto a = pm::view(m);
    static_assert(std::is_same_v<pm::static_shape_of<decltype(a)>, pm::shape<2, 3>>);
    CHECK((a.data() == m.data() && a(1, 0) == 4));
    a(0, 2) = 9;
    CHECK(m(0, 2) == 9);
    row_major<any, 3> const rows = m;
    auto const dynamic = pm::view(rows);
    CHECK((dynamic.data() == rows.data() && dynamic.shape()[0] == 2 && dynamic(1, 2) == 6));
    Eigen::VectorXf v = Eigen::VectorXf::LinSpaced(4, 0, 3);
    CHECK((pm::view(v).data() == v.data() && pm::view(v).dimension() == 1));
    Eigen::Vector3f w(1, 2, 3);
    static_assert(std::is_same_v<pm::static_shape_of<decltype(pm::view(w))>, pm::shape<3>>);
    Eigen::RowVector2f r(1, 2);
    static_assert(std::is_same_v<pm::static_shape_of<decltype(pm::view(r))>, pm::shape<2>>);
    // Column-major, by its transpose.
    Eigen::Matrix<float, 3, 2> const columns = m.transpose();
    auto const t = pm::view(columns.transpose());
    CHECK((t.data() == columns.data() && t(1, 2) == 6));
    static_assert(std::is_same_v<pm::static_shape_of<decltype(t)>, pm::shape<2, 3>>);
    Eigen::Map<row_major<2, 3> const> const map(m.data());
    CHECK(pm::view(map).data() == m.data());
}

TEST_CASE("view: a matrix of Eigen with gaps is refused; one row has none") {
    row_major<3, 4> m = row_major<3, 4>::Zero();
    auto const block = m.leftCols<2>();
    CHECK_THAT(refused([&] { pm::view(block); }),
               ContainsSubstring("there are gaps in the matrix: expected strides [2, 1], found [4, 1]"));
    auto const column = m.col(1);
    CHECK_THAT(refused([&] { pm::view(column); }), ContainsSubstring("gaps"));
    auto const row = m.row(1);
    CHECK(pm::view(row).data() == m.data() + 4);
    auto const above = m.topRows<2>();
    CHECK(pm::view(above).data() == m.data());
    row_major<any, any> const none(0, 4);
    CHECK(pm::view(none).size() == 0);
}

TEST_CASE("view: a network takes Eigen's matrices, and its tensors are Eigen's by a Map") {
    auto net = pm::make<pm::nn::linear<3, 4>>(pm::seed{1});
    row_major<5, 3> const x = row_major<5, 3>::Random();
    auto const y = net(pm::view(x));
    auto const w = pm::view_as<Eigen::Map<row_major<4, 3>>>(net.weight.original());
    auto const b = pm::view_as<Eigen::Map<Eigen::Vector4f>>(net.bias.original());
    CHECK(w.data() == net.weight().data());
    row_major<5, 4> const expected = (x * w.transpose()).rowwise() + b.transpose();
    CHECK((pm::view_as<Eigen::Map<row_major<5, 4> const>>(y) - expected).cwiseAbs().maxCoeff() <= 1e-6F);
    Eigen::Map<row_major<4, 3>> written = w;
    written.setOnes();
    CHECK(net.weight()(3, 2) == 1);
    auto const batch = net(pm::view(row_major<any, 3>(x).eval().transpose().transpose()));
    CHECK(batch.shape()[0] == 5);
    CHECK_THAT(refused([&] { pm::view_as<Eigen::Map<row_major<3, any>>>(net.weight.original()); }),
               ContainsSubstring("the array [4, 3] does not have the extents of a matrix [3, -1]"));
    CHECK(pm::view_as<Eigen::Map<row_major<any, any>>>(net.weight.original()).rows() == 4);
}

TEST_CASE("view: a matrix of Eigen by a named shape; maps with strides") {
    row_major<2, 3> m;
    m << 1, 2, 3, 4, 5, 6;
    CHECK((pm::view<pm::shape<6>>(m).data() == m.data() && pm::view<pm::shape<3, 2>>(m)(2, 1) == 6));
    CHECK(pm::view<pm::shape<3>>(m.row(1)).data() == &m(1, 0));
    CHECK_THAT(refused([&] { pm::view<pm::shape<2, 2>>(m.leftCols<2>()); }), ContainsSubstring("there are gaps"));
    CHECK_THAT(refused([&] { pm::view<pm::shape<2, 2>>(m); }),
               ContainsSubstring("[2, 2] has 4 elements, and the memory 6"));
    auto a = pm::view(m);
    using two_of_four = Eigen::Map<row_major<2, 3>, 0, Eigen::OuterStride<4>>;
    CHECK_THAT(refused([&] { pm::view_as<two_of_four>(a); }), ContainsSubstring("the map has strides of its own"));
    auto const of_const = pm::view_as<Eigen::Map<row_major<any, any> const>>(static_cast<decltype(a) const&>(a));
    CHECK((of_const.data() == m.data() && of_const.rows() == 2));
}
