// complex(re, im): a complex tensor as a pair of real ones, for what is computed on the way, such as a rotation of
// pairs, a transfer function or a unitary matrix: inputs, parameters and results are real tensors, their parts.
//
//     auto const z = pm::complex(x, y);
//     auto const w = pm::exp(z) * pm::conj(z) / 2;
//     return pm::abs(pm::matmul(u, w));
//
//   z.re, z.im                  the parts
//   z + w, z - w, z * w, z / w  elementwise; one of them may be a real tensor or a number
//   -z, conj(z), exp(z)         elementwise
//   abs(z)                      |z|, real; neither overflows nor underflows where |z| does not; its gradient is 0 at 0
//   matmul(z, w)                four real products; one of them may be real, which takes two
//   transpose(z)                without conjugation; the adjoint matrix is transpose(conj(z))
//
// Shapes: both parts are of one shape; results have that of the real operation. A quotient is computed from w /
// max(|re|, |im|) of w: it fits where w and twice z fit, whatever |w|^2 is; by 0, and by an infinite w, it is NaN. An
// infinite part gives what the formulas above give (a product with NaN parts), not the infinities of C's Annex G.
// Gradient: that of the parts, so of a real function f of z it is df/dx and df/dy, of which PyTorch's z.grad is df/dx +
// i df/dy. Errors: parts of two shapes, an operation without a complex form, are the compiler's. Cost: that of the real
// operations, fused as they are. What has no complex form here (householder_product, inverse, ...) is refused;
// orthogonal of a real matrix twice as large holds a unitary one. Source: torch.view_as_complex; Smith 1962.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/householder_product.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/op/stack.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/transpose.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <traced Re, traced Im>
struct complex {
    static constexpr bool say() {
        if constexpr (extents_of<Re> != extents_of<Im>) {
            using wrong = detail::mistake<detail::sentence(
                "complex: the real and the imaginary part must be of one shape (pm::broadcast_to makes them so): they "
                "are ",
                extents_of<Re>, " and ", extents_of<Im>)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(say());
    Re re;
    Im im;

    constexpr complex(Re const& x, Im const& y) : re(x), im(y) {}
};
template <class Re, class Im>
complex(Re, Im) -> complex<Re, Im>;

namespace detail {
template <class Z>
inline constexpr bool is_complex = false;
template <class Re, class Im>
inline constexpr bool is_complex<complex<Re, Im>> = true;
}  // namespace detail

// Two operands of which one is complex at least.
template <class Z, class W>
concept complex_operands = (detail::is_complex<Z> && (detail::is_complex<W> || operand<W>)) ||
                           (operand<Z> && detail::is_complex<W>);

template <class Re, class Im>
constexpr auto conj(complex<Re, Im> const& z) {
    return complex(z.re, -z.im);
}
template <class Re, class Im>
constexpr auto operator-(complex<Re, Im> const& z) {
    return complex(-z.re, -z.im);
}
template <class Z, class W>
    requires complex_operands<Z, W>
constexpr auto operator+(Z const& z, W const& w) {
    if constexpr (!detail::is_complex<W>)
        return complex(z.re + w, z.im);
    else if constexpr (!detail::is_complex<Z>)
        return complex(z + w.re, w.im);
    else
        return complex(z.re + w.re, z.im + w.im);
}
template <class Z, class W>
    requires complex_operands<Z, W>
constexpr auto operator-(Z const& z, W const& w) {
    if constexpr (!detail::is_complex<W>)
        return complex(z.re - w, z.im);
    else if constexpr (!detail::is_complex<Z>)
        return complex(z - w.re, -w.im);
    else
        return complex(z.re - w.re, z.im - w.im);
}
template <class Z, class W>
    requires complex_operands<Z, W>
constexpr auto operator*(Z const& z, W const& w) {
    if constexpr (!detail::is_complex<W>)
        return complex(z.re * w, z.im * w);
    else if constexpr (!detail::is_complex<Z>)
        return complex(z * w.re, z * w.im);
    else
        return complex(z.re * w.re - z.im * w.im, z.re * w.im + z.im * w.re);
}
template <class Z, class W>
    requires complex_operands<Z, W>
constexpr auto operator/(Z const& z, W const& w) {
    if constexpr (!detail::is_complex<W>)
        return complex(z.re / w, z.im / w);
    else {
        auto const scale = detach(maximum(abs(w.re), abs(w.im)));  // the quotient does not depend on it
        auto const c = w.re / scale;
        auto const d = w.im / scale;
        auto const square = c * c + d * d;  // in [1, 2]
        auto const over = [&](auto const& x) { return x / square / scale; };
        if constexpr (!detail::is_complex<Z>)
            return complex(over(z * c), over(-(z * d)));
        else
            return complex(over(z.re * c + z.im * d), over(z.im * c - z.re * d));
    }
}
template <class Re, class Im>
constexpr auto exp(complex<Re, Im> const& z) {
    auto const size = exp(z.re);
    return complex(size * cos(z.im), size * sin(z.im));
}
template <class Re, class Im>
constexpr auto abs(complex<Re, Im> const& z) {
    return norm<2, 0>(stack<0>(z.re, z.im));
}
template <class Re, class Im>
constexpr auto transpose(complex<Re, Im> const& z) {
    return complex(transpose(z.re), transpose(z.im));
}
template <class Z, class W>
    requires complex_operands<Z, W> && (!number<Z>) && (!number<W>)
constexpr auto matmul(Z const& z, W const& w) {
    if constexpr (!detail::is_complex<W>)
        return complex(matmul(z.re, w), matmul(z.im, w));
    else if constexpr (!detail::is_complex<Z>)
        return complex(matmul(z, w.re), matmul(z, w.im));
    else
        return complex(matmul(z.re, w.re) - matmul(z.im, w.im), matmul(z.re, w.im) + matmul(z.im, w.re));
}

// PyTorch refuses it, too.
template <class Z, class W>
    requires complex_operands<Z, W>
constexpr auto householder_product(Z const& z, W const&) {
    static_assert(!complex_operands<Z, W>,
                  "householder_product: complex matrices are not supported: an orthogonal matrix of twice the size, "
                  "[[re, -im], [im, re]], holds a unitary one");
    return z;
}

}  // namespace paramorph::inline PARAMORPH_ABI
