// Freezing in the compiler: the values of a network, computed by constant evaluation from a constant of what was
// trained, so that only they are in the image.
//
//     inline constexpr pm::network_originals<model> trained{{...}};
//     constexpr auto net = pm::freeze<trained>();        // a pm::frozen
//     constexpr auto const& w = pm::frozen_values<trained>;
//
// Every operation of a chain is a constant of its own, because compilers limit each evaluation; inverses and products
// are split further, by blocks of columns and rows. So the largest tensor is 64 x 64 (skew, then the Cayley map, at
// that size: 8 s with g++ 12, 5 s with clang 19, under their default limits). Larger ones: pm::write_header on the
// host. Evaluation is in double, rounded once to the network's element type. Errors, by the compiler: a requirement of
// an operation does not hold; a tensor is too large. Cost at run time: none. Source:
// torch.nn.utils.parametrize.remove_parametrizations with leave_parametrized=True.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/core/inverse_in_steps.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/nn/paths.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

inline constexpr int largest_frozen = 64 * 64;

template <int N>
struct number_block {
    double at[N == 0 ? 1 : N]{};
};

// Constant evaluation of program P on leaves that start at `Begin` in a network's originals; value by value.
template <class P, auto const& Originals, int FirstLeaf>
struct frozen_program {
    static constexpr graph const& g = compiled<P>::simplified;
    static constexpr int size(int v) { return g.shape_of(v).size(); }

    // One node of the graph, alone in a graph of its own.
    template <int Node>
    static constexpr graph alone() {
        node n = g.nodes[Node];
        graph single{};
        single.real = g.real;
        single.sum = g.sum;
        single.choose = g.choose;
        single.reduce = g.reduce;
        int of[max_arguments]{};
        for (int k = 0; k < n.operation->arity; ++k) {
            of[k] = push_with<op::leaf>(single, attributes{{k}});
            single.values[of[k]] = value{g.shape_of(n.argument[k]), g.values[n.argument[k]].type, k};
        }
        for (int k = 0; k < n.operation->arity; ++k) n.argument[k] = of[k];
        int const first = single.push(n);
        for (int r = 0; r < n.operation->results; ++r) single.output(first + r);
        return single;
    }

    template <int Value>
    struct computed;
    template <int... Rows>
    using integers = std::integer_sequence<int, Rows...>;

    // All results of a node.
    template <int Node>
    struct node_results {
        static constexpr node const& n = g.nodes[Node];
        static constexpr int total = [] {
            int t = 0;
            for (int r = 0; r < n.operation->results; ++r) t += size(n.first + r);
            return t;
        }();
        struct outcome {
            number_block<total> values{};
            status ended{};
        };
        static constexpr outcome all = [] {
            outcome o;
            graph const single = alone<Node>();
            double const* arguments[max_arguments]{};
            [&]<int... K>(integers<K...>) {
                ((arguments[K] = computed<n.argument[K]>::value.at), ...);
            }(std::make_integer_sequence<int, n.operation->arity>{});
            double* outputs[max_results]{};
            for (int r = 0, at = 0; r < n.operation->results; ++r) {
                outputs[r] = o.values.at + at;
                at += size(n.first + r);
            }
            o.ended = evaluate(single, arguments, outputs);
            return o;
        }();
    };

    // The inverse of a larger matrix: factors, then blocks of columns.
    template <int Node>
    struct blocked_inverse {
        static constexpr int argument = g.nodes[Node].argument[0], order = g.shape_of(argument).d[0], block = 16;
        static constexpr auto factors = linalg::factored<order>(computed<argument>::value.at);
        template <int First>
        static constexpr linalg::inverse_columns<order, First, (order - First < block ? order - First : block)> columns{
            factors};
        static constexpr auto all = []<int... B>(integers<B...>) {
            number_block<order * order> x{};
            [[maybe_unused]] auto const put =
                [&x]<int First, int Count>(linalg::inverse_columns<order, First, Count> const& c) {
                    for (int i = 0; i < order; ++i)
                        for (int j = 0; j < Count; ++j) x.at[i * order + First + j] = c.at[i * Count + j];
                };
            if constexpr (factors.regular) (put(columns<B * block>), ...);
            return x;
        }(std::make_integer_sequence<int, (order + block - 1) / block>{});
    };

    // A larger product of two matrices: blocks of rows.
    template <int Node>
    struct blocked_product {
        static constexpr node const& n = g.nodes[Node];
        static constexpr op::batch_of_products p{g.shape_of(n.argument[0]), g.shape_of(n.argument[1]), n.attribute};
        static constexpr int block = 16;
        template <int First>
        static constexpr auto rows = [] {
            constexpr int count = p.rows - First < block ? p.rows - First : block;
            number_block<count * p.columns> x;
            double const *const a = computed<n.argument[0]>::value.at, *const b = computed<n.argument[1]>::value.at;
            constexpr int ai = n.attribute.v[0] ? 1 : p.inner, ak = n.attribute.v[0] ? p.rows : 1,
                          bk = n.attribute.v[1] ? 1 : p.columns, bj = n.attribute.v[1] ? p.inner : 1;
            for (int i = 0; i < count; ++i)
                for (int j = 0; j < p.columns; ++j) {
                    double total = 0;
                    for (int k = 0; k < p.inner; ++k) total += a[(First + i) * ai + k * ak] * b[k * bk + j * bj];
                    x.at[i * p.columns + j] = total;
                }
            return x;
        }();
        static constexpr auto all = []<int... B>(integers<B...>) {
            number_block<p.rows * p.columns> x;
            auto const put = [&x](int first, auto const& part) {
                int at = first * p.columns;
                for (double const e : part.at) x.at[at++] = e;
            };
            (put(B * block, rows<B * block>), ...);
            return x;
        }(std::make_integer_sequence<int, (p.rows + block - 1) / block>{});
    };

    template <int Node>
    static constexpr bool by_columns() {
        node const& n = g.nodes[Node];
        return n.operation->id == id_of<op::inverse> && size(n.first) > 32 * 32;
    }
    template <int Node>
    static constexpr bool by_rows() {
        node const& n = g.nodes[Node];
        return n.operation->id == id_of<op::matmul> && g.shape_of(n.first).rank == 2 &&
               g.shape_of(n.argument[0]).rank == 2 && g.shape_of(n.argument[1]).rank == 2 &&
               size(n.first) * g.shape_of(n.argument[0]).from_end(n.attribute.v[0] ? 1 : 0) > 32 * 32 * 32;
    }

    template <int Value>
    struct computed {
        static constexpr int producer = g.values[Value].producer;
        static constexpr auto value = [] {
            number_block<size(Value)> x;
            constexpr node const& n = g.nodes[producer];
            if constexpr (n.operation->kind == category::leaf) {
                constexpr int begin = std::remove_cvref_t<decltype(Originals)>::begin(FirstLeaf + n.attribute.v[0]);
                for (int i = 0; i < size(Value); ++i) x.at[i] = double(Originals.of[begin + i]);
            } else if constexpr (by_columns<producer>()) {
                static_assert(Value == n.first, "freeze: internal error: a factorization is read");
                if constexpr (!blocked_inverse<producer>::factors.regular) {
                    using wrong =
                        mistake<sentence("freeze: inverse: the matrix is singular: it is ", g.shape_of(n.argument[0]))>;
                    using said [[maybe_unused]] = wrong::type;
                }
                x = blocked_inverse<producer>::all;
            } else if constexpr (by_rows<producer>())
                x = blocked_product<producer>::all;
            else {
                if constexpr (!node_results<producer>::all.ended.ok()) {
                    using wrong =
                        mistake<sentence("freeze: an operation's requirement does not hold for these originals: ",
                                         n.operation->name, "; pm::freeze(net) on the host says which")>;
                    using said [[maybe_unused]] = wrong::type;
                }
                int offset = 0;
                for (int v = n.first; v < Value; ++v) offset += size(v);
                for (int i = 0; i < size(Value); ++i) x.at[i] = node_results<producer>::all.values.at[offset + i];
            }
            return x;
        }();
    };
};

// The elements of the largest parametrized tensor.
template <class M>
constexpr int largest_parametrized() {
    int most = 0;
    detail::traced_module<M> const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        if (Tensor::parametrized) most = std::max<int>(most, Tensor::shape_type::size);
    });
    return most;
}

// The values of a network's tensors.
template <auto const& Originals>
struct frozen_by_compiler {
    using originals = std::remove_cvref_t<decltype(Originals)>;
    using M = typename originals::module_type;
    static_assert(
        holds<largest_parametrized<M>() <= largest_frozen,
              "freeze: a parametrized tensor has more than 64 x 64 elements, which is more than compilers evaluate; "
              "write the values into a header on the host, with pm::write_header(net, path)">());
    using T = typename originals::value_type;

    template <class Tensor, int FirstLeaf>
    static constexpr void put(T* to) {
        if constexpr (Tensor::parametrized) {
            using P = program::value_of<typename Tensor::chain_type, typename Tensor::declared_shape, T>;
            if constexpr (Tensor::shape_type::size <= largest_frozen) {  // else the class says it
                constexpr auto const& value =
                    frozen_program<P, Originals,
                                   FirstLeaf>::template computed<compiled<P>::simplified.outputs[0]>::value;
                for (int i = 0; i < Tensor::shape_type::size; ++i) to[i] = static_cast<T>(value.at[i]);
            }
        } else {
            constexpr int begin = originals::begin(FirstLeaf);
            for (int i = 0; i < Tensor::shape_type::size; ++i) to[i] = Originals.of[begin + i];
        }
    }
    static constexpr network_values<M> values = [] {
        network_values<M> v{};
        detail::traced_module<M> const m{};
        for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor const&) {
            constexpr int k = tensor_index<Path, M>();
            put<Tensor, layout_of<M>.first_leaf[k]>(v.of + network_values<M>::begin(k));
        });
        return v;
    }();
};

}  // namespace detail

// The values of the tensors, as a constant.
template <auto const& Originals>
inline constexpr auto const& frozen_values = detail::frozen_by_compiler<Originals>::values;

// The network that runs on them.
template <auto const& Originals>
consteval auto freeze() {
    constexpr bool constant = requires { Originals.of[0]; };
    static_assert(constant,
                  "freeze: the numbers of a file are not evaluated by the compiler: save pm::freeze(net) on the host, "
                  "and use pm::values_from");
    if constexpr (constant)
        return frozen<detail::frozen_by_compiler<Originals>::values>{};
    else
        return detail::refused_network{};
}

#define PARAMORPH_OF_A_TYPE                                                                                          \
    "freeze: a type has no trained numbers: write inline constexpr pm::network_originals<net> trained{{...}}, then " \
    "pm::freeze<trained>(); or pm::freeze(net) on the host"
template <class M, detail::sentence Says = PARAMORPH_OF_A_TYPE>
int freeze() = PARAMORPH_REFUSED(PARAMORPH_OF_A_TYPE);
#undef PARAMORPH_OF_A_TYPE

}  // namespace paramorph::inline PARAMORPH_ABI
