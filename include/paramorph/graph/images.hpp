// Images together: consecutive steps that make their results one image of a batch after the other (convolutions and the
// loops that complete them) run image by image, so that what one step made of an image is still in the second-level
// cache when the next one reads it. What sums over images ends a group.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/loop_facts.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct image_grouping {
    graph const& g;
    schedule const& s;

    constexpr bool makes_images(step const& p) const {
        return p.node >= 0 && g.nodes[p.node].operation->has_images &&
               g.nodes[p.node].operation->by_images(g, g.nodes[p.node]);
    }
    // Is value v made by one of the steps from `first` to `end`?
    constexpr bool is_made(int v, int first, int end) const {
        for (int t = first; t < end; ++t) {
            step const& p = s.steps[t];
            if (p.node >= 0 && g.nodes[p.node].first == v) return true;
            for (int k = p.first_store; p.node < 0 && k < p.first_store + p.store_count; ++k)
                if (s.stores[k].stored() == v) return true;
        }
        return false;
    }
    // A convolution reads images of the group as such; its filters are from elsewhere.
    constexpr bool continues(node const& n, int images, int first, int end) const {
        return g.shape_of(n.argument[0]).d[0] == images && !is_made(memory_of(g, n.argument[1]), first, end);
    }
    // A loop computes every element of an image from numbers of the same image, of what the group makes.
    constexpr bool continues(step const& p, int images, int first, int end) const {
        if (p.masked || reduces(s, p)) return false;
        bool const flat =
            is_flat(g, s, p, s.code + p.bodies[middle].first, p.bodies[middle].last - p.bodies[middle].first);
        int elements = p.space[1] * p.space[2] * p.space[3];
        if (flat ? p.space[0] * elements % images != 0 : p.space[0] != images) return false;
        if (flat) elements = p.space[0] * elements / images;
        for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) {
            instruction const& x = s.code[i];
            if (x.kind != instruction::load) continue;
            if (x.transposed()) return false;
            if (!is_made(memory_of(g, x.source), first, end)) continue;
            int const each = g.shape_of(x.source).size() / images;
            long long last = 0;
            for (int k = 1; k < max_rank; ++k) {
                if (x.stride[k] < 0) return false;
                last += (p.space[k] - 1LL) * x.stride[k];
            }
            if (x.offset != 0 || (flat ? each != elements : x.stride[0] != each || last >= each)) return false;
        }
        return true;
    }
    constexpr std::int64_t bytes_made(int first, int end) const {
        std::int64_t bytes = 0;
        for (int v = 0; v < g.value_count; ++v)
            if (is_made(v, first, end)) bytes += std::int64_t(g.shape_of(v).size()) * bytes_of(g.values[v].type);
        return bytes;
    }

    // f(first step, last step, images) for each group whose results are more than so many bytes.
    template <class F>
    constexpr void each(std::int64_t least, F const& f) const {
        for (int first = 0, end; first < s.step_count; first = end) {
            end = first + 1;
            if (!makes_images(s.steps[first])) continue;
            int const images = g.shape_of(g.nodes[s.steps[first].node].first).d[0];
            for (; end < s.step_count; ++end) {
                step const& p = s.steps[end];
                if (p.node >= 0 ? !makes_images(p) || !continues(g.nodes[p.node], images, first, end)
                                : !continues(p, images, first, end))
                    break;
            }
            if (end - first > 1 && bytes_made(first, end) > least) f(first, end - 1, images);
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
