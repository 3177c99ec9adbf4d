// on_threads(net, threads): the network, of which one call on arrays is shared among threads.
//
//     #include <paramorph/threads.hpp>
//     pm::thread_pool threads(4);
//     auto const fast = pm::on_threads(net, threads);   // net, or what pm::cached, pm::freeze or pm::inference give
//     auto const y = fast(x);                           // as net(x), to the bit
//
// A batch that is known at run time (xt::xtensor) is dealt out in blocks of 32 rows. Of inputs of static shape each
// large step of the program is shared (kernel/run_shared.hpp), which pays for large matrices and large batches. The
// numbers are those of the network's own call, whatever the number of threads. Any executor will do that
// kernel/run_shared.hpp describes. Network and threads must outlive the view. Several threads may call one view where
// the executor takes several calls, as pm::thread_pool does.
//
// Errors: those of the network's call. Where an operation fails in several blocks, the first one says so. Memory: four
// workspaces for each thread. Training runs on the thread that calls. Cost: the network's own, shared; the executor is
// called once for each large step, or once for all blocks. Example: examples/on_threads.cpp. Source: at::parallel_for
// of PyTorch.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <vector>

#include "paramorph/kernel/run_shared.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/nn/network_pointer.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// How a call runs its programs on several threads.
template <class Executor>
struct on_threads_of {
    Executor& threads;

    template <class P>
    status run(void const* const* arguments, void* const* outputs, std::byte* workspace) const {
        return paramorph::run<P>(arguments, outputs, workspace, threads);
    }
    // In runs, several for each thread, so that one that comes late takes fewer; each has memory of its own, which is
    // there before any begins.
    template <class P>
    status each(std::size_t count, auto const& f) const {
        if (count == 0) return {};
        constexpr std::size_t blocks = detail::workspace_blocks(workspace_bytes_of<P>);
        auto const parts = std::min(count, 4 * static_cast<std::size_t>(std::max(1, int(threads.size()))));
        std::vector<detail::workspace_block> space(parts * blocks + 1);
        std::vector<status> ended(parts);
        threads(static_cast<int>(parts), [&](int part) noexcept {
            auto const k = static_cast<std::size_t>(part);
            for (std::size_t i = count * k / parts; i < count * (k + 1) / parts && ended[k].ok(); ++i)
                ended[k] = f(i, space[k * blocks].bytes);
        });
        for (status const& s : ended)
            if (!s.ok()) return s;
        return {};
    }
};

// B: does it have originals, or values that were computed?
template <binding B, class Net, class Executor>
class network_on_threads {
  public:
    network_on_threads(Net const& net, Executor& threads) : net_(net), threads_(&threads) {}
    template <class... X>
        requires(sizeof...(X) > 0)
    auto operator()(X const&... x) const {
        on_threads_of<Executor> const way{*threads_};
        if constexpr (B == binding::originals)
            return call_arrays(way, *net_, x...);
        else if constexpr ((fixed_container<X> && ...))
            return call_static<forward_of_network, typename Net::module_type, B>(way, (*net_).addresses(), x...);
        else
            return call_batch<typename Net::module_type>(way, (*net_).addresses(), x...);
    }

  private:
    network_pointer<Net const> net_;
    Executor* threads_;
};

}  // namespace detail

template <module M, executor Executor>
auto on_threads(M const& net, Executor& threads) {
    return detail::network_on_threads<binding::originals, M, Executor>(net, threads);
}
template <class M, executor Executor>
auto on_threads(materialized<M> const& net, Executor& threads) {
    return detail::network_on_threads<binding::values, materialized<M>, Executor>(net, threads);
}
template <class M, executor Executor>
auto on_threads(cached_network<M> const& net, Executor& threads) {
    return detail::network_on_threads<binding::values, cached_network<M>, Executor>(net, threads);
}
template <class M, executor Executor>
auto on_threads(inference_view<M> const& view, Executor& threads) {
    return detail::network_on_threads<binding::originals, M, Executor>(view.network(), threads);
}
#define PARAMORPH_TEMPORARY                                                                                           \
    "on_threads: the view refers to the network, and this one is gone at the end of the line: give it a name first, " \
    "auto net = pm::make<model>(pm::seed{0})"
template <class M, executor Executor, detail::sentence Says = PARAMORPH_TEMPORARY>
    requires(module<M> || requires { typename M::module_type; })
auto on_threads(M const&& net, Executor& threads) -> M const& = PARAMORPH_REFUSED(PARAMORPH_TEMPORARY);
#undef PARAMORPH_TEMPORARY

}  // namespace paramorph::inline PARAMORPH_ABI
