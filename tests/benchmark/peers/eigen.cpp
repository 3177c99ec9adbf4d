// The workloads in Eigen: dynamic maps, as fixed sizes of these dimensions are not for Eigen; logistic() is its own
// sigmoid.
//
// SPDX-License-Identifier: BSL-1.0
#include <Eigen/Core>

#include "../subject.hpp"
#include "peers.hpp"

namespace benchmark {
namespace {

using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <int Size>
struct in_eigen {
    using input = Eigen::Map<matrix const>;
    using output = Eigen::Map<matrix>;

    static void sigmoid_forward(float const* x, float* y) {
        output(y, Size, Size).array() = lower + (upper - lower) * (slope * input(x, Size, Size).array()).logistic();
    }
    static void sigmoid_gradient(float const* x, float const* g, float* dx) {
        auto result = output(dx, Size, Size).array();
        result = (slope * input(x, Size, Size).array()).logistic();
        result = (upper - lower) * slope * input(g, Size, Size).array() * (result * (1 - result));
    }
    static void symmetric_forward(float const* x, float* y) {
        output(y, Size, Size) = input(x, Size, Size).selfadjointView<Eigen::Upper>();
    }
    static void symmetric_gradient(float const*, float const* g, float* dx) {
        input const cotangent(g, Size, Size);
        output result(dx, Size, Size);
        result.setZero();
        result.triangularView<Eigen::StrictlyUpper>() = cotangent + cotangent.transpose();
        result.diagonal() = cotangent.diagonal();
    }
};

[[maybe_unused]] bool const registered = register_peer<in_eigen, 16, 64, 256, 1024>("Eigen");

}  // namespace
}  // namespace benchmark
