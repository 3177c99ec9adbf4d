// The module: `import paramorph;` with clang 19 or later gives what paramorph/paramorph.hpp gives, but for macros.
//
//     clang++ -std=c++20 --precompile paramorph.cppm -o paramorph.pcm
//     clang++ -std=c++20 -c paramorph.pcm -o paramorph.o
//     clang++ -std=c++20 -fprebuilt-module-path=. program.cpp paramorph.o
//
// A program includes what it uses of others itself, before the import: xtensor's containers, and of Boost.Hana
// boost/hana/adapt_struct.hpp for modules of its own. Vectors are written in plain C++ (PARAMORPH_GENERIC_SIMD), as wide as
// the unit that the program is compiled for: the functions of <immintrin.h> belong to the file that includes them, and no
// other may instantiate a template that calls them. Files that import may be linked with files that include: their
// inline namespaces differ (core/abi.hpp).
//
// SPDX-License-Identifier: BSL-1.0
module;

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <numeric>
#include <ratio>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <boost/hana/accessors.hpp>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#if __has_include(<xtensor/containers/xfixed.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xfixed.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xtensor.hpp>
#endif

#if !defined(PARAMORPH_GENERIC_SIMD) && !defined(PARAMORPH_NO_SIMD)
#if defined(__AVX512F__)
#define PARAMORPH_GENERIC_SIMD 16
#elif defined(__AVX2__)
#define PARAMORPH_GENERIC_SIMD 8
#else
#define PARAMORPH_GENERIC_SIMD 4
#endif
#endif

export module paramorph;

// `extern "C++"` attaches the declarations to no module, so that what others have declared stays theirs.
#pragma clang diagnostic ignored "-Winclude-angled-in-module-purview"
export extern "C++" {
#include <paramorph/paramorph.hpp>
}
