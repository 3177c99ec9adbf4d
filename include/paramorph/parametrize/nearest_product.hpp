// The nearest element of a product of sets: that of each part. Part of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/nearest_rules.hpp"
#include "paramorph/parametrize/product_sets.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class... Parts>
struct nearest_in<set::product<Parts...>> {
    static constexpr bool known = (nearest_in<typename product_set_part<Parts>::set>::known && ...);
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        return set::product<Parts...>::has_rows(shape) &&
               (nearest_in<typename product_set_part<Parts>::set>::template find<T>(
                    x + product_set_part<Parts>::first_element(shape), product_set_part<Parts>::shape(shape), inside) &&
                ...);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
