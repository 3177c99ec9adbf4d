// The programs of pm::streaming (nn/streaming.hpp): one that computes what does not change from frame to frame, and one
// for each number of frames. What cannot be streamed is refused here. Errors: a network whose time is not known, and
// what cannot run frame by frame, are the compiler's, with the layer's name. Cost: what does not change from frame to
// frame once, the rest for each block. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>

#include "paramorph/graph/plan_memory.hpp"
#include "paramorph/kernel/target.hpp"
#include "paramorph/nn/accepts.hpp"
#include "paramorph/nn/streaming_frames.hpp"
#include "paramorph/nn/streaming_pass.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A network over a long sequence, traced.
template <class M, class Frames, class... Condition>
struct stream_trace {
    using real = module_value_type<M>;
    using program =
        program::function_of<forward_of_network, M, binding::values, mode::inference,
                             input<typename Frames::template shape_of<traced_frames>, real>, input<Condition, real>...>;
    static constexpr int leaves = counts<M>.tensors;
    static constexpr graph value = program::build();
    static constexpr stream_facts facts = stream_analysis(value, leaves, Frames::axis).f;
};
template <class Trace>
inline constexpr stream_parts parts_of_stream = parts_of(Trace::value, Trace::facts);

// Of a result.
template <class Trace>
struct stream_result {
    static constexpr extents shape = Trace::value.shape_of(parts_of_stream<Trace>.result);
    static constexpr int axis = Trace::facts.time[parts_of_stream<Trace>.result];
    using type = decltype([]<std::size_t... I>(std::index_sequence<I...>) {
        return frames<(int(I) == axis ? time_axis : shape.d[I])...>{};
    }(std::make_index_sequence<std::size_t(shape.rank)>{}));
};

// The layer of a sequential in which a node was made: its position; -1: M is no sequential.
template <class M, class Frames, class... Condition>
struct layer_of_node {
    static constexpr int find(int) { return -1; }
    static constexpr std::string_view name(int) { return short_type_name<M>(); }
};
template <class... Layer, class Frames>
struct layer_of_node<nn::sequential<Layer...>, Frames> {
    static constexpr std::array<std::string_view, sizeof...(Layer)> names{short_type_name<Layer>()...};
    // How many nodes there are behind the leaves when each layer is done.
    template <std::size_t... I>
    static constexpr int position(int node, std::index_sequence<I...>) {
        int at = 0;
        static_cast<void>(((node < made(std::make_index_sequence<I + 1>{}) || (++at, false)) || ...));
        return at;
    }
    template <std::size_t... I>
    static constexpr int made(std::index_sequence<I...>) {
        using part = nn::sequential<std::tuple_element_t<I, std::tuple<Layer...>>...>;
        return stream_trace<part, Frames>::program::build().size - counts<part>.tensors;
    }
    static constexpr int find(int node) { return position(node, std::index_sequence_for<Layer...>{}); }
    static constexpr std::string_view name(int at) { return names[std::size_t(at)]; }
};

// The path of the tensor that was read last before a node; nothing where there is none.
template <class M>
constexpr sentence last_path_before(graph const& g, int n) {
    int leaf = -1;
    bool reads[max_nodes]{};
    reads[n] = true;
    for (int i = n; i >= 0; --i) {
        if (!reads[i]) continue;
        node const& at = g.nodes[i];
        if (at.operation->kind == category::leaf && at.attribute.v[0] < counts<M>.tensors && at.attribute.v[0] > leaf)
            leaf = at.attribute.v[0];
        for (int k = 0; k < at.operation->arity; ++k) reads[g.values[at.argument[k]].producer] = true;
    }
    sentence path;
    int k = 0;
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
        if (k++ == leaf) path.append(" (behind ", At.view(), ")");
    });
    return path;
}

// Is a network streamed? Where not, the compiler says which layer is in the way.
template <class M, class Frames, class... Condition>
constexpr bool is_streamed() {
    using real = module_value_type<M>;
    if constexpr (std::is_void_v<Frames>) {
        using wrong = mistake<sentence(
            "streaming: it is not known how ", short_type_name<M>(),
            " takes a sequence: write `using frames = pm::frames<16, pm::time_axis>;` in it for [16, time], or "
            "pm::frames<pm::time_axis, 3> for [time, 3]")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!Frames::sound) {
        using wrong =
            mistake<sentence("streaming: the frames of ", short_type_name<M>(),
                             " must be one to four extents, all positive, and pm::time_axis in the place of one: "
                             "pm::frames<16, pm::time_axis> is [16, time]")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!members_are_sound<M>())
        return false;
    else if constexpr (!accepts<forward_of_network, M, input<typename Frames::template shape_of<traced_frames>, real>,
                                input<Condition, real>...>())
        return false;
    else {
        using trace = stream_trace<M, Frames, Condition...>;
        if constexpr (trace::facts.wrong >= 0) {
            using layers = layer_of_node<M, Frames, Condition...>;
            constexpr int at = layers::find(trace::facts.wrong - trace::leaves);
            constexpr sentence behind =
                at >= 0 ? sentence(" (layer ", at, ")") : last_path_before<M>(trace::value, trace::facts.wrong);
            using wrong = mistake<sentence(
                "streaming: ", layers::name(at), behind.view(), " cannot run frame by frame: its ",
                trace::value.nodes[trace::facts.wrong].operation->name, " ", reason(trace::facts.why))>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else if constexpr (parts_of_stream<trace>.results != 1) {
            using wrong = mistake<sentence("streaming: ", short_type_name<M>(),
                                           " must give one result that goes along with time; it gives ",
                                           parts_of_stream<trace>.results)>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return true;
    }
}

}  // namespace detail

namespace program {

// Arguments: the values of the network's tensors. Outputs: the constants of a streaming program, then first states.
template <class Trace>
struct stream_constants {
    using real = typename Trace::real;
    using operations = join<typename Trace::program::operations, ops<op::transpose>>;
    static constexpr graph build() {
        constexpr auto& parts = detail::parts_of_stream<Trace>;
        graph g = Trace::value;
        g.output_count = 0;
        for (int k = 0; k < parts.constant_count; ++k) {
            auto const& c = parts.constants[k];
            g.output(c.how == detail::laid_out::as_it_is ? c.value
                     : c.how == detail::laid_out::filters
                         ? push_with<op::transpose>(g, attributes{{2, 1, 0, 3}}, c.value)
                         : push_with<op::transpose>(g, attributes{{1, 0, 2, 3}}, c.value));
        }
        for (int k = 0; k < parts.scan_count; ++k) g.output(g.nodes[parts.scans[k]].argument[0]);
        return g;
    }
};

// So many frames at a time, where blocks have at most so many. See detail::streamed_graph.
template <class Trace, int Frames, int Block>
struct stream_frames {
    using real = typename Trace::real;
    using streamed = detail::streamed_operations<typename Trace::program::operations>;
    using operations = typename streamed::type;
    static constexpr graph build() {
        return detail::streamed_graph<streamed>(Trace::value, Trace::facts, detail::parts_of_stream<Trace>,
                                                Trace::leaves, new_graph<real>(), Frames, Block)
            .build();
    }
};

}  // namespace program

namespace detail {

// Where things are: constants, rings and states are arrays one after the other, each on a boundary.
template <class Trace, int Block>
struct stream_memory {
    using T = typename Trace::real;
    static constexpr auto& parts = parts_of_stream<Trace>;
    // Where there are no vectors nothing is gained by more than what a workspace needs.
    static constexpr bool vectors = kernel::target_of<simd::best<T>>.lanes(element_of<T>) > 1;
    static constexpr std::size_t boundary = vectors ? workspace_alignment : alignof(double);
    static constexpr std::size_t on_boundary(std::int64_t numbers) {
        constexpr auto in = std::int64_t(vectors ? workspace_alignment / sizeof(T) : 1);
        return std::size_t((numbers + in - 1) / in * in);
    }
    struct places {
        std::array<std::size_t, std::size_t(max_outputs)> at{};
        std::size_t all = 0;
        constexpr void add(int k, std::int64_t numbers) {
            at[std::size_t(k)] = all;
            all += on_boundary(numbers);
        }
    };
    static constexpr int state_size(int k) {
        return Trace::value.shape_of(Trace::value.nodes[parts.scans[k]].argument[0]).size();
    }
    static constexpr places constants = [] {
        places p;
        for (int k = 0; k < parts.constant_count; ++k) p.add(k, Trace::value.shape_of(parts.constants[k].value).size());
        return p;
    }();
    static constexpr places states = [] {
        places p;
        for (int k = 0; k < parts.scan_count; ++k) p.add(k, state_size(k));
        return p;
    }();
    static constexpr places rings = [] {
        places p;
        for (int k = 0; k < parts.ring_count; ++k) p.add(k, 2LL * parts.rings[k].rows * (parts.rings[k].back + Block));
        return p;
    }();
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
