// Networks with every tensor's value computed once: `cached` for a scope, `freeze` for good.
//
//     auto fast = pm::cached(net);     // computes every parametrized tensor once, to be used in place of the network
//     auto frozen = pm::freeze(net);   // a network of its own, for inference; no parametrization is left
//
// A frozen network is a value and does not follow the one it was made of. A cached one stands for its network: it holds
// numbers of its own, so that any number of threads may call it, and refuses to answer once the network was written
// after it was made (assignment, optimizer step, state(), or a call of original() that can write). It must not outlive
// the network. `cached` of a cached or frozen network is a copy of it.
//
// Source: torch.nn.utils.parametrize.cached, which is global, races between threads, and can be stale.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/paths.hpp"
#include "paramorph/nn/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class M>
class materialized {
  public:
    using module_type = M;
    using value_type = module_value_type<M>;

    explicit materialized(M const& m) : values_(static_cast<std::size_t>(detail::counts<M>.value_elements)) {
        std::size_t k = 0, offset = 0;
        for_each_tensor(m, [&]<class Tensor>(Tensor const& t) {
            t.write_value(values_.data() + offset);
            offsets_[k++] = offset;
            offset += Tensor::shape_type::size;
        });
    }

    template <array_expression X>
    auto operator()(X const& x) const {
        if constexpr (fixed_container<X>)
            return detail::call_static<M, binding::values>(addresses(), x);
        else
            return detail::call_batch<M>(addresses(), x);
    }

    // Tensor k's value, row-major; tensors are counted in the order of the walk.
    value_type const* data(int k) const { return values_.data() + offsets_[static_cast<std::size_t>(k)]; }

    // The value at a path, as an xtensor expression on this network's memory: the same numbers at every call.
    template <fixed_string Path>
    auto value() const {
        constexpr bool there = detail::has_path<Path, M>();
        if constexpr (!there) detail::refuse_path<Path, M, "value: ", "the network has no tensor">();
        if constexpr (there) {
            using Tensor = std::remove_cvref_t<decltype(get<Path>(std::declval<M&>()))>;
            static_assert(is_tensor<Tensor>, "value: this name is a module's; name one of its tensors");
            return adapted<typename Tensor::shape_type>(data(detail::tensor_index<Path, M>()));
        }
    }

    // Addresses of the values, with room for an input after them.
    auto addresses() const {
        std::array<void const*, static_cast<std::size_t>(detail::counts<M>.tensors) + 1> to{};
        for (std::size_t k = 0; k < offsets_.size(); ++k) to[k] = values_.data() + offsets_[k];
        return to;
    }

  private:
    std::vector<value_type> values_;
    std::array<std::size_t, static_cast<std::size_t>(detail::counts<M>.tensors)> offsets_{};
};

template <class M>
class cached_network {
  public:
    using module_type = M;

    explicit cached_network(M const& m) : values_(m), net_(&m), writes_(writes(m)) {}

    template <array_expression X>
    auto operator()(X const& x) const {
        require_current();
        return values_(x);
    }
    // The value at a path; see materialized::value.
    template <fixed_string Path>
    auto value() const {
        require_current();
        return values_.template value<Path>();
    }
    // Was the network written since this was made?
    bool stale() const { return writes(*net_) != writes_; }

  private:
    using counts = std::array<std::uint64_t, static_cast<std::size_t>(detail::counts<M>.tensors)>;
    static counts writes(M const& m) {
        counts n{};
        std::size_t k = 0;
        for_each_tensor(m, [&](auto const& t) { n[k++] = t.writes(); });
        return n;
    }
    void require_current() const {
        if (stale())
            throw error("cached: the network was written since; make a new one with pm::cached(net) after writing it");
    }
    materialized<M> values_;
    M const* net_;
    counts writes_;
};

template <module M>
cached_network<M> cached(M const& m) {
    return cached_network<M>(m);
}
#define PARAMORPH_TEMPORARY                                                                                            \
    "cached: it refers to the network, and this one is gone at the end of the line: give it a name first, auto net = " \
    "pm::make<model>(pm::seed{0})"
template <module M, detail::sentence Says = PARAMORPH_TEMPORARY>
cached_network<M> cached(M const&& m) = PARAMORPH_REFUSED(PARAMORPH_TEMPORARY);
#undef PARAMORPH_TEMPORARY
template <class M>
cached_network<M> cached(cached_network<M> const& m) {
    return m;
}
template <class M>
materialized<M> cached(materialized<M> const& m) {
    return m;
}

template <module M>
materialized<M> freeze(M const& m) {
    return materialized<M>(m);
}

}  // namespace paramorph::inline PARAMORPH_ABI
