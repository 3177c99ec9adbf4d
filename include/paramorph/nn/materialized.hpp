// Networks with every tensor's value computed once: `cached` for a scope, `freeze` for good.
//
//     auto fast = pm::cached(net);     // computes every parametrized tensor once, to be used in place of the network
//     auto frozen = pm::freeze(net);   // a network of its own, for inference; no parametrization is left
//
// A frozen network is a value and does not follow the one it was made of. A cached one stands for its network: it holds
// numbers of its own, so that any number of threads may call it, and refuses to answer once the network was written
// after it was made: by an assignment, an optimizer, a training step, through a reference that original() or state()
// gave before, or by another network that took its place. Each call looks at one number a tensor; of a tensor whose
// original() or state() was ever handed out for writing it compares all numbers with a copy. It must not outlive the
// network. `cached` of a cached or frozen network is a copy of it.
//
// Errors: asking a temporary network, or for what is no tensor, is the compiler's; a cached network that was written
// since: pm::error.
// Cost: every parametrized value once, and memory of their size; afterwards calls cost what they cost a plain network.
// Source: torch.nn.utils.parametrize.cached, which is global, races between threads, and can be stale.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "paramorph/nn/batches.hpp"
#include "paramorph/nn/network_pointer.hpp"
#include "paramorph/nn/paths.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class M>
constexpr void value_of_a_temporary() {
    static_assert(sizeof(M) == 0,
                  "value: it would refer to the memory of a temporary; name the network first, as in `auto const "
                  "frozen = pm::freeze(net);`, and then ask frozen.value<...>()");
}

// What a network's tensors were when it was taken last: any write to it, and another network, is another version.
template <class M>
class network_version {
  public:
    network_version() = default;
    explicit network_version(M const& m) { take(m); }
    void take(M const& m) {
        std::size_t k = 0;
        handed_out_.clear();
        for_each_tensor(m, [&](auto const& t) {
            last_write_[k++] = t.history().last();
            if (t.history().handed_out()) t.append_leaves(handed_out_);
        });
        taken_ = true;
    }
    void forget() { taken_ = false; }
    bool is_of(M const& m) const {
        if (!taken_) return false;
        bool same = true;
        std::size_t k = 0;
        module_value_type<M> const* copy = handed_out_.data();
        for_each_tensor(m, [&](auto const& t) {
            same = same && t.history().last() == last_write_[k++];
            if (same && t.history().handed_out()) same = t.has_leaves(copy);
        });
        return same;
    }

  private:
    std::array<std::uint64_t, static_cast<std::size_t>(counts<M>.tensors)> last_write_{};
    bool taken_ = false;
    std::vector<module_value_type<M>> handed_out_;  // the numbers of tensors that can be written without notice
};

// The values of a network for a call: those of parametrized tensors are computed, the others are where they are. Each
// thread keeps those of the last network of a type that it called, and computes them again for another version only.
template <class M>
class values_of_a_call {
  public:
    explicit values_of_a_call(M const& m) {
        auto const* from = elements > 0 ? computed_for(m) : nullptr;
        std::size_t k = 0;
        for_each_tensor(m, [&]<class Tensor>(Tensor const& t) {
            if constexpr (Tensor::parametrized) {
                at_[k++] = from;
                from += Tensor::shape_type::size;
            } else
                at_[k++] = t.leaf_addresses()[0];
        });
    }
    auto const& addresses() const { return at_; }

  private:
    static constexpr std::size_t elements = [] {
        std::size_t n = 0;
        detail::traced_module<M> const m{};
        for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
            if (Tensor::parametrized) n += static_cast<std::size_t>(Tensor::shape_type::size);
        });
        return n;
    }();
    struct kept {
        network_version<M> version;
        std::vector<module_value_type<M>> computed;
    };
    static module_value_type<M> const* computed_for(M const& m) {
        thread_local kept last;
        if (last.version.is_of(m)) return last.computed.data();
        last.version.forget();
        last.computed.resize(elements);
        auto* to = last.computed.data();
        for_each_tensor(m, [&]<class Tensor>(Tensor const& t) {
            if constexpr (Tensor::parametrized) {
                t.write_value(to);
                to += Tensor::shape_type::size;
            }
        });
        last.version.take(m);
        return last.computed.data();
    }
    std::array<void const*, static_cast<std::size_t>(counts<M>.tensors)> at_{};
};

}  // namespace detail

// A network's values without the network, which pm::freeze(net) gives: called as the network is, in inference.
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

    template <array_expression... X>
        requires(sizeof...(X) > 0)
    auto operator()(X const&... x) const {
        if constexpr ((fixed_container<X> && ...))
            return detail::call_static<detail::forward_of_network, M, binding::values>(detail::on_this_thread{},
                                                                                       addresses(), x...);
        else
            return detail::call_batch<M>(detail::on_this_thread{}, addresses(), x...);
    }

    // Tensor k's value, row-major; tensors are counted in member order.
    value_type const* data(int k) const& { return numbers().data() + offsets_[static_cast<std::size_t>(k)]; }
    value_type const* data(int k) const&& = delete;

    // The value at a path, as an xtensor expression on this network's memory: the same numbers at every call.
    template <fixed_string Path>
    auto value() const& {
        constexpr bool there = detail::has_path<Path, M>();
        if constexpr (!there) detail::refuse_path<Path, M, "value: ", "the network has no tensor">();
        if constexpr (there) {
            using Tensor = std::remove_cvref_t<decltype(get<Path>(std::declval<M&>()))>;
            static_assert(is_tensor<Tensor>, "value: this name is a module's; name one of its tensors");
            return adapted<typename Tensor::shape_type>(data(detail::tensor_index<Path, M>()));
        }
    }
    template <fixed_string Path>
    auto value() const&& {
        detail::value_of_a_temporary<M>();
        return value<Path>();
    }

    // Addresses of the values.
    auto addresses() const& {
        std::array<void const*, static_cast<std::size_t>(detail::counts<M>.tensors)> to{};
        for (std::size_t k = 0; k < offsets_.size(); ++k) to[k] = numbers().data() + offsets_[k];
        return to;
    }

  private:
    std::vector<value_type> const& numbers() const {
        if (values_.size() != static_cast<std::size_t>(detail::counts<M>.value_elements)) detail::fail_as_moved_from();
        return values_;
    }
    std::vector<value_type> values_;
    std::array<std::size_t, static_cast<std::size_t>(detail::counts<M>.tensors)> offsets_{};
};

// A network's values beside the network, which pm::cached(net) gives: called as the network is, as long as nobody
// writes to the network.
template <class M>
class cached_network {
  public:
    using module_type = M;

    explicit cached_network(M const& m) : values_(m), net_(m), version_(m) {}

    template <array_expression... X>
        requires(sizeof...(X) > 0)
    auto operator()(X const&... x) const {
        require_current();
        return values_(x...);
    }
    // Addresses of the values.
    auto addresses() const& {
        require_current();
        return values_.addresses();
    }
    // The value at a path; see materialized::value.
    template <fixed_string Path>
    auto value() const& {
        require_current();
        return values_.template value<Path>();
    }
    template <fixed_string Path>
    auto value() const&& {
        detail::value_of_a_temporary<M>();
        return value<Path>();
    }
    // Was the network written since this was made?
    bool stale() const { return !version_.is_of(*net_); }

  private:
    void require_current() const {
        if (stale())
            throw error("cached: the network was written since; make a new one with pm::cached(net) after writing it");
    }
    materialized<M> values_;
    detail::network_pointer<M const> net_;
    detail::network_version<M> version_;
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
