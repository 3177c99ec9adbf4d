// What a network takes over time: pm::frames<16, pm::time_axis> is [16, time], pm::frames<pm::time_axis, 3> is [time,
// 3]. A network says so, `using frames = pm::frames<...>;`; where it does not, the first of its layers that is one of
// conv1d, linear, rnn, gru, lstm, batch_norm, layer_norm and rms_norm of one axis does. Cost: none: types alone.
// Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/overlay.hpp"
#include "paramorph/nn/parallel.hpp"
#include "paramorph/nn/recurrent.hpp"
#include "paramorph/nn/residual.hpp"

namespace paramorph::inline PARAMORPH_ABI {

inline constexpr int time_axis = -1;

template <int... E>
struct frames {
    static constexpr int rank = sizeof...(E);
    static constexpr int axis = [] {
        int k = 0, at = -1, times = 0;
        ((E == time_axis ? (at = k++, ++times) : k++), ...);
        return times == 1 ? at : -1;
    }();
    static constexpr bool sound = rank >= 1 && rank <= max_rank && axis >= 0 && ((E == time_axis || E > 0) && ...);
    // Numbers before and behind time in a sequence, and in a frame.
    static constexpr int outer = [] {
        int n = 1, k = 0;
        ((n *= k++ < axis ? E : 1), ...);
        return n;
    }();
    static constexpr int inner = [] {
        int n = 1, k = 0;
        ((n *= k++ > axis ? E : 1), ...);
        return n;
    }();
    static constexpr int size = outer * inner;
    template <int Count>
    using shape_of = shape<(E == time_axis ? Count : E)...>;
};

namespace detail {

template <class M>
struct frames_of {
    using type = void;
};
template <class M>
concept states_frames = requires { typename M::frames; };
template <class M>
concept frames_known = !std::is_void_v<typename frames_of<M>::type>;

template <class... M>
struct first_frames {
    using type = void;
};
template <class M, class... Rest>
struct first_frames<M, Rest...> : std::conditional_t<frames_known<M>, frames_of<M>, first_frames<Rest...>> {};

// The types of a struct's members.
template <class M>
struct frames_of_members {
    static constexpr auto found() {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return first_frames<std::remove_cvref_t<decltype(hana::second(hana::at_c<I>(hana::accessors<M>()))(
                std::declval<M&>()))>...>{};
        }(std::make_index_sequence<decltype(hana::length(hana::accessors<M>()))::value>{});
    }
    using type = typename decltype(found())::type;
};

template <states_frames M>
struct frames_of<M> {
    using type = typename M::frames;
};
template <class M>
    requires(!states_frames<M> && !is_tensor<M> && !is_overlay<M> && !std::is_empty_v<M> && is_struct<M>())
struct frames_of<M> : frames_of_members<M> {};
template <class M, class... Slots>
struct frames_of<overlay<M, Slots...>> : frames_of<M> {};

template <int In, int Out, auto Kernel, class... Options>
struct frames_of<nn::conv1d<In, Out, Kernel, Options...>> {
    using type = frames<In, time_axis>;
};
template <int In, int Out, class... Options>
struct frames_of<nn::linear<In, Out, Options...>> {
    using type = frames<time_axis, In>;
};
template <int In, class... Options>
struct frames_of<nn::batch_norm<In, Options...>> {
    using type = frames<time_axis, In>;
};
template <int In, int Hidden, class... Options>
struct frames_of<nn::rnn<In, Hidden, Options...>> {
    using type = frames<time_axis, In>;
};
template <int In, int Hidden, class... Options>
struct frames_of<nn::gru<In, Hidden, Options...>> {
    using type = frames<time_axis, In>;
};
template <int In, int Hidden, class... Options>
struct frames_of<nn::lstm<In, Hidden, Options...>> {
    using type = frames<time_axis, In>;
};
template <int N, class... Options>
struct frames_of<nn::layer_norm<shape<N>, Options...>> {
    using type = frames<time_axis, N>;
};
template <int N, class... Options>
struct frames_of<nn::rms_norm<shape<N>, Options...>> {
    using type = frames<time_axis, N>;
};
template <class... M>
struct frames_of<nn::sequential<M...>> : first_frames<M...> {};
template <class... M>
struct frames_of<nn::residual<M...>> : first_frames<M...> {};
template <int Axis, class... M>
struct frames_of<nn::parallel<Axis, M...>> : first_frames<M...> {};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
