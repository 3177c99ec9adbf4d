// spectral_norm<iterations, dim, eps>: w / sigma(w), any shape: sigma is the largest singular value of w seen as a
// matrix whose rows run along axis `dim` (0; 1 for transposed convolutions). sigma = u^T w v, with u and v estimated by
// power iteration: they are state, _u and _v; each training step makes `iterations` (1) steps before it uses them,
// inference takes them as they are. They begin after 15 steps from a random vector, and anew at every assignment. The
// gradient takes u and v as constants. A vector is divided by its norm, without state.
//
//   right_inverse(w) = w       Grade: on_image.
//
// eps (a std::ratio; std::pico, 1e-12): no norm is divided by that is smaller: a weight of zeros is zero (PyTorch:
// NaN). u and v are unit vectors whatever the weight has been; they begin anew where it takes them to nothing. Weights
// of any size are taken, of 1e-45 and 3e38 too. Errors: an axis that the tensor has not, and no iterations, are the
// compiler's. Cost: one pass over the matrix a step, and one more to divide it; in inference one more for its largest
// element; a gradient reads the matrix and its cotangent once more. Source: Miyato et al. 2018, "Spectral normalization
// for generative adversarial networks"; torch.nn.utils.parametrizations.spectral_norm.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/dot.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/power_iteration.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

template <int Dim, extents E, bool HasAxis>
struct matrix_with_rows_along : matrix_with_rows_along<0, E, true> {
    using wrong = paramorph::detail::mistake<paramorph::detail::sentence("spectral_norm: a tensor of shape ", E,
                                                                         " has no axis ", Dim)>;
    using said = typename wrong::type;
};
template <int Dim, extents E>
struct matrix_with_rows_along<Dim, E, true> {
    static constexpr int axis = Dim;
    static constexpr int rows = E.d[axis], columns = E.size() / E.d[axis];
    template <int... K>
    static constexpr auto of(auto w, std::integer_sequence<int, K...>) {
        if constexpr (axis == 0 && E.rank == 2)
            return w;
        else if constexpr (axis == 0)
            return reshape<shape<rows, columns>>(w);
        else
            return reshape<shape<rows, columns>>(permute<axis, (K < axis ? K : K + 1)...>(w));
    }
};

}  // namespace detail

template <int Iterations = 1, int Dim = 0, class Eps = std::pico>
struct spectral_norm {
    static_assert(Iterations > 0, "spectral_norm: at least one step of power iteration");
    static constexpr auto inverse = grade::on_image;
    // What older files have behind the weight's name, for the original and for the state.
    static constexpr std::string_view older_names[3]{"_orig", "_u", "_v"};
    static constexpr std::string_view bounds_no_norm =
        "spectral_norm divides by what power iteration found, which is never above the norm and may be far below it";

    template <class Shape>
    static constexpr auto state_for() {
        if constexpr (Shape::rank < 2)
            return states<>{};
        else {
            using matrix = detail::matrix_with_rows_along<Dim, Shape::value, (Dim >= 0 && Dim < Shape::rank)>;
            return states<paramorph::state<"_u", shape<matrix::rows>>,
                          paramorph::state<"_v", shape<matrix::columns>>>{};
        }
    }
    template <class Shape>
    using state = decltype(state_for<Shape>());

    static constexpr auto forward(auto w) {
        auto const scale = scale_of(w);
        auto const scaled = apply_elementwise<op::scaled_apart>(w, scale);
        return scaled / maximum(norm(scaled), scale * eps);
    }

    template <mode M>
    static constexpr auto forward(auto w, [[maybe_unused]] auto u, auto v) {
        auto const m = as_matrix(w);
        if constexpr (M == mode::inference) {
            auto const scale = scale_of(w);
            auto const sigma = dot(u, matmul(m, v * scale));
            return apply_elementwise<op::scaled_apart>(w, scale) *
                   (1.0 / where(abs(sigma) < scale * eps, scale * eps, sigma));
        } else {
            auto const [next_u, next_v, sigma, scale] = iterate<Iterations>(m, v);
            return updated(apply_elementwise<op::scaled_apart>(w, scale) * (1.0 / maximum(sigma, scale * eps)), next_u,
                           next_v);
        }
    }
    static constexpr auto right_inverse(auto w) { return w; }
    static constexpr bool begins_anew = true;
    static constexpr int initial_rounds = 15;
    static constexpr auto initial_state(auto w, auto, auto v) {
        auto const [next_u, next_v, sigma, scale] = iterate<1>(as_matrix(w), v);
        return std::tuple{next_u, next_v};
    }

  private:
    static constexpr double eps = op::power_iteration<Eps>::eps;
    // A power of two by which squares and sums of w fit: 1 as a rule.
    static constexpr auto scale_of(auto w) { return apply<op::scale_of_size<Eps>>(detach(max(abs(w)))); }
    static constexpr auto as_matrix(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        return detail::matrix_with_rows_along<Dim, e, (Dim >= 0 && Dim < e.rank)>::of(
            w, std::make_integer_sequence<int, e.rank - 1>{});
    }
    template <int N>
    static constexpr auto iterate(auto m, auto v) {
        auto const step = power_iteration<Eps, direction::anew_scaled>(m, v);
        if constexpr (N <= 1)
            return step;
        else
            return iterate<N - 1>(m, std::get<1>(step));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
