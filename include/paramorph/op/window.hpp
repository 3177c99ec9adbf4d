// window<size, step, dilation, axis>(x): all windows of `size` elements along an axis, each `step` elements after the
// one before it, its elements `dilation` apart, as a new last axis. A negative axis counts from the end; step and
// dilation are 1 and the axis is the last one, if they are not given.
//
//   window<size, step, dilation, axis>(x)[..., i, ..., k] = x[..., i step + k dilation, ...]
//
// Shapes: [..., n, ...] -> [..., (n - (size - 1) dilation - 1) / step + 1, ..., size], rank 1 to 3. Adjoint: the sum of
// the cotangents of all windows in which an element stands (overlap_add). Domain: every number. Errors: an axis that is
// not there, a fifth axis, a window longer than its axis are the compiler's. Cost: none of its own, the loop that uses
// it reads its argument there: by vectors where the dilation is 1, else element by element. A dense operation or a
// reshape reads a copy; the adjoint is one pass over the cotangent, and right within 4 (log2 n + 8) epsilon of the sum
// of n magnitudes, for which it takes memory for its result twice where more than 96 windows may overlap.
//
// The convolution of images [n, c, l] with filters [o, c, size], torch.nn.functional.conv1d, is a product of matrices:
//
//   auto const columns = pm::permute<0, 1, 3, 2>(pm::window<size>(x));           // [n, c, size, l']
//   pm::matmul(pm::reshape<pm::shape<o, c * size>>(w), pm::reshape<pm::shape<n, c * size, l'>>(columns));
//
// Its windows are copied once, by the reshape. Where only one element of the result is needed for each window
// (pooling, a depthwise filter), nothing is: pm::sum<-1>(pm::window<size>(x) * w), pm::max<-1>(pm::window<2, 2>(x)).
// Windows of windows are windows over two axes. Source: torch.Tensor.unfold, with a dilation.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/pairwise.hpp"
#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

constexpr int windows_along(int extent, int size, int step, int dilation) {
    return static_cast<int>((extent - (size - std::int64_t(1)) * dilation - 1) / step + 1);
}

// Attributes: axis, size, step, dilation.
struct window : viewing<window> {
    static constexpr std::string_view name = "window";
    using uses = ops<struct overlap_add>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[at.v[0]] = windows_along(s.d[at.v[0]], at.v[1], at.v[2], at.v[3]);
        s.d[s.rank++] = at.v[1];
        return s;
    }
    static constexpr view_map view(auto const& g, node const& n) {
        int const axis = n.attribute.v[0], rank = g.shape_of(n.argument[0]).rank;
        view_map m;
        for (int k = 0; k < rank; ++k) m.axis[k] = k;
        m.strided = true;
        if (g.shape_of(n.first).d[axis] == 1) m.axis[axis] = -1;
        m.step[axis] = n.attribute.v[2];
        if (n.attribute.v[1] > 1) m.second[axis] = rank;
        m.second_step[axis] = n.attribute.v[3];
        return m;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const& at = n.attribute;
        a.of_argument[0] = push_with<overlap_add>(
            g, attributes{{at.v[0], g.shape_of(n.argument[0]).d[at.v[0]], at.v[2], at.v[3]}}, a.cotangent[0]);
    }
};

// The adjoint of window: the sum of windows, each added where it was read; zero where none was. Attributes: axis,
// extent of the result along it, step, dilation. Results: the sums, and scratch of their shape where more windows than
// longest_chain may overlap: what rounding left out.
struct overlap_add : dense<overlap_add, 1, 2> {
    static constexpr std::string_view name = "overlap_add";
    using uses = ops<window>;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr bool is_long(extents const& windows, int axis) {
        return windows.d[axis] > longest_chain && windows.from_end(0) > longest_chain;
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        if (result == 1 && !is_long(a[0], at.v[0])) return {};
        extents s = a[0];
        s.d[at.v[0]] = at.v[1];
        s.d[--s.rank] = 0;
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        bool const compensates = is_long(x.shape[0], x.attribute.v[0]);
        int const axis = x.attribute.v[0], size = x.shape[0].from_end(0), windows = x.shape[0].d[axis],
                  inner = stride_of(x.shape[0], axis) / size, full = x.attribute.v[1] * inner,
                  outer = x.shape[0].size() / (windows * inner * size), step = x.attribute.v[2] * inner,
                  dilation = x.attribute.v[3] * inner;
        T const* from = x.argument[0];
        for (int o = 0; o < outer; ++o) {
            T* const to = x.result[0] + o * full;
            T* const rest = compensates ? x.result[1] + o * full : nullptr;
            for (int i = 0; i < full; ++i) to[i] = T(0);
            for (int i = 0; compensates && i < full; ++i) rest[i] = T(0);
            for (int w = 0; w < windows; ++w)
                for (int i = 0; i < inner; ++i)
                    for (int k = 0; k < size; ++k) {
                        int const at = w * step + k * dilation + i;
                        add_to(to[at], compensates ? rest + at : nullptr, *from++);
                    }
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const& at = n.attribute;
        a.of_argument[0] = push_with<window>(
            g, attributes{{at.v[0], g.shape_of(n.argument[0]).from_end(0), at.v[2], at.v[3]}}, a.cotangent[0]);
    }
};

}  // namespace op

template <int Size, int Step = 1, int Dilation = 1, int Axis = -1, traced X>
constexpr auto window(X const& x) {
    constexpr extents s = extents_of<X>;
    constexpr int axis = normal_axis(Axis, s.rank);
    if constexpr (axis < 0 || axis >= s.rank) {
        using wrong =
            detail::mistake<detail::sentence("window: the argument has no such axis: axis ", Axis, " of ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (s.rank == max_rank) {
        using wrong = detail::mistake<detail::sentence(
            "window: the result has one axis more, and a tensor has 4 at most: the argument is ", s,
            "; reshape it to fewer first")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (Size < 1 || Step < 1 || Dilation < 1) {
        using wrong = detail::mistake<detail::sentence("window: size, step and dilation must be 1 or more: size ", Size,
                                                       ", step ", Step, ", dilation ", Dilation)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (constexpr std::int64_t span = (Size - std::int64_t(1)) * Dilation + 1; span > s.d[axis]) {
        using wrong = detail::mistake<detail::sentence("window: a window must not be longer than its axis: ", Size,
                                                       " elements, ", Dilation, " apart, of axis ", Axis, " of ", s,
                                                       ", whose extent is ", s.d[axis], "; pm::pad adds zeros")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else {
        // Where there is one window, or one element in each, any step is as good: one of them, so that equal windows
        // are equal nodes.
        constexpr int step = op::windows_along(s.d[axis], Size, Step, Dilation) == 1 ? s.d[axis] : Step;
        return apply<op::window, attributes{{axis, Size, step, Size == 1 ? 1 : Dilation}}>(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
