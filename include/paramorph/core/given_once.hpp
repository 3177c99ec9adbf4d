// Options that are types, in any order: is each given once? Where two are of one kind, stride<2> and stride<3>, or
// no_bias beside bias<...>, one of them would silently win.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/sentence.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// What two options share that exclude each other: the template's name, where nothing else is said.
template <class Option>
inline constexpr std::string_view option_kind = [] {
    constexpr std::string_view all = printed_type_name<Option>();
    return all.substr(0, all.find('<'));
}();

struct pair_of_options {
    int first = -1, second = -1;
};
template <class... Options>
constexpr pair_of_options options_of_one_kind() {
    constexpr int count = sizeof...(Options);
    constexpr std::string_view kinds[]{option_kind<Options>...};
    for (int k = 1; k < count; ++k)
        for (int i = 0; i < k; ++i)
            if (kinds[i] == kinds[k]) return {i, k};
    return {};
}

// Says so where two are of one kind.
template <fixed_string Name, class... Options>
constexpr bool given_once() {
    if constexpr (sizeof...(Options) > 1) {
        constexpr pair_of_options pair = options_of_one_kind<Options...>();
        if constexpr (pair.first >= 0) {
            constexpr std::string_view names[]{short_type_name<Options>()...};
            using wrong = mistake<sentence(Name.view(), ": the same option twice: ", names[pair.first], " and ",
                                           names[pair.second], "; give one of them")>;
            using said [[maybe_unused]] = wrong::type;
        }
    }
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
