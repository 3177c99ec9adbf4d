// The workloads in Eigen: dynamic maps, as fixed sizes of these dimensions are not for Eigen; logistic() is its own
// sigmoid.
//
// SPDX-License-Identifier: BSL-1.0
#include <Eigen/LU>
#include <unsupported/Eigen/MatrixFunctions>

#include "../subject.hpp"
#include "peers.hpp"

namespace benchmark {
namespace {

using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <int Size>
struct in_eigen {
    using input = Eigen::Map<matrix const>;
    using output = Eigen::Map<matrix>;

    static void fast_sigmoid_forward(float const* x, float* y) {
        output(y, Size, Size).array() = input(x, Size, Size).array().logistic();
    }
    static void sigmoid_forward(float const* x, float* y) {
        output(y, Size, Size).array() = lower + (upper - lower) * (slope * input(x, Size, Size).array()).logistic();
    }
    static void sigmoid_gradient(float const* x, float const* g, float* dx) {
        auto result = output(dx, Size, Size).array();
        result = (slope * input(x, Size, Size).array()).logistic();
        result = (upper - lower) * slope * input(g, Size, Size).array() * (result * (1 - result));
    }
    static void sigmoid_both(float const* x, float const* g, float* y, float* dx) {
        auto value = output(y, Size, Size).array();
        value = (slope * input(x, Size, Size).array()).logistic();
        output(dx, Size, Size).array() = (upper - lower) * slope * input(g, Size, Size).array() * (value * (1 - value));
        value = lower + (upper - lower) * value;
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
    // The faster of two ways: row by row while a row is short, or far beyond the first cache.
    static void weight_norm_forward(float const* v, float const* g, float* y) {
        input const matrix(v, Size, Size);
        output result(y, Size, Size);
        if constexpr (Size == 16 || Size == 1024)
            for (int i = 0; i < Size; ++i) result.row(i) = matrix.row(i) * (g[i] / matrix.row(i).norm());
        else {
            column const factor = Eigen::Map<column const>(g) / matrix.rowwise().norm().array();
            result.array() = matrix.array().colwise() * factor;
        }
    }
    static void weight_norm_gradient(float const* v, float const* g, float const* c, float* dv, float* dg) {
        input const matrix(v, Size, Size), cotangent(c, Size, Size);
        Eigen::Map<column> of_lengths(dg);
        column const inverse = matrix.rowwise().norm().array().inverse();
        of_lengths = matrix.cwiseProduct(cotangent).rowwise().sum().array() * inverse;
        column const factor = Eigen::Map<column const>(g) * inverse, along = factor * inverse * of_lengths;
        output(dv, Size, Size).array() = cotangent.array().colwise() * factor - matrix.array().colwise() * along;
    }

  private:
    using column = Eigen::Array<float, Size, 1>;
};

template <int Size>
struct products_in_eigen {
    using input = Eigen::Map<matrix const>;
    using vector = Eigen::Matrix<float, Eigen::Dynamic, 1>;

    static void matmul(float const* a, float const* b, float* c) {
        Eigen::Map<matrix>(c, Size, Size).noalias() = input(a, Size, Size) * input(b, Size, Size);
    }
    static void matrix_vector(float const* a, float const* x, float* y) {
        Eigen::Map<vector>(y, Size).noalias() = input(a, Size, Size) * Eigen::Map<vector const>(x, Size);
    }
};

template <int Size>
struct spectral_norm_in_eigen {
    using input = Eigen::Map<matrix const>;
    using vector = Eigen::Matrix<float, Size, 1>;

    // The largest singular value is the norm of w^T u: no product is made twice.
    static float step(input const& w, float const* v, auto&& next_u, auto&& next_v) {
        next_u.noalias() = w * Eigen::Map<vector const>(v);
        next_u /= next_u.norm();
        next_v.noalias() = w.transpose() * next_u;
        float const sigma = next_v.norm();
        next_v /= sigma;
        return sigma;
    }
    static void spectral_norm_forward(float const* w, float const* v, float* y, float* next_u, float* next_v) {
        input const matrix_w(w, Size, Size);
        float const sigma = step(matrix_w, v, Eigen::Map<vector>(next_u), Eigen::Map<vector>(next_v));
        Eigen::Map<matrix>(y, Size, Size) = matrix_w * (1 / sigma);
    }
    static void spectral_norm_gradient(float const* w, float const* v, float const* c, float* dw) {
        input const matrix_w(w, Size, Size), cotangent(c, Size, Size);
        vector next_u, next_v;
        float const sigma = step(matrix_w, v, next_u, next_v);
        next_u *= cotangent.cwiseProduct(matrix_w).sum() / (sigma * sigma);
        Eigen::Map<matrix>(dw, Size, Size).noalias() = cotangent * (1 / sigma) - next_u * next_v.transpose();
    }
};

template <int Size>
struct rotations_in_eigen {
    static matrix skew(float const* x) {
        matrix const upper = (rotation_scale<Size> * Eigen::Map<matrix const>(x, Size, Size))
                                 .template triangularView<Eigen::StrictlyUpper>();
        return upper - upper.transpose();
    }
    static void cayley_forward(float const* x, float* y) {
        matrix const a = skew(x), eye = matrix::Identity(Size, Size);
        Eigen::Map<matrix>(y, Size, Size) = (eye + a).partialPivLu().solve(eye - a);
    }
    static void matrix_exp_forward(float const* x, float* y) { Eigen::Map<matrix>(y, Size, Size) = skew(x).exp(); }
};

[[maybe_unused]] bool const registered = register_peer<in_eigen, 16, 64, 256, 1024>("Eigen") &&
                                         register_peer<products_in_eigen, 16, 64, 256, 512, 1024>("Eigen") &&
                                         register_peer<spectral_norm_in_eigen, 64, 256, 1024>("Eigen") &&
                                         register_peer<rotations_in_eigen, 16, 64, 256>("Eigen");

}  // namespace
}  // namespace benchmark
