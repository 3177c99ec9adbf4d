// Samples of a parametrized tensor: reproducible originals, uniform in (-1, 1), and the state that a tensor begins
// with. Cost: one random number an element. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "paramorph/parametrize/tensor.hpp"
#include "paramorph/testing/outcome.hpp"

namespace paramorph::inline PARAMORPH_ABI::testing {

inline numbers elements(auto const& a) {
    return {a.data(), a.data() + a.size()};
}

template <class Tensor>
struct sampler {
    using T = typename Tensor::value_type;
    template <int K>
    static constexpr extents original_extents = Tensor::traits::template original_shape<K>::value;
    static extents extents_of_original(std::size_t which) {
        extents s;
        Tensor::for_each_index([&](auto k) {
            if (static_cast<std::size_t>(k) == which) s = original_extents<k>;
        });
        return s;
    }

    static arrays draw_originals(random& source) {
        arrays x;
        Tensor::for_each_index([&](auto k) {
            x.push_back(drawn(source, original_extents<k>.size()));
            for (double& e : x.back()) e = static_cast<double>(static_cast<T>(e));
        });
        return x;
    }
    // And the state that the tensor of this seed begins with.
    static arrays draw_leaves(random& source, std::uint64_t seed) {
        arrays x = draw_originals(source);
        if constexpr (Tensor::state_count > 0) {
            Tensor const t = sample(seed);
            Tensor::for_each_state(
                [&](auto stage, auto k, auto) { x.push_back(elements(t.template state<stage, k>())); });
        }
        return x;
    }
    static Tensor sample(std::uint64_t seed) {
        random source{seed};
        Tensor t;
        t.initialize(source, 1);
        source = random{seed};
        arrays const x = draw_originals(source);
        Tensor::for_each_index([&](auto k) {
            for (std::size_t i = 0; i < x[k].size(); ++i) t.template original<k>().data()[i] = static_cast<T>(x[k][i]);
        });
        return t;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::testing
