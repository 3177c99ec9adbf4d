// The intrinsics of x86. g++ 12 takes what those of AVX-512 leave undefined on purpose for a mistake of whoever calls
// them, and warns at -Wall: in a system header, from where nothing is to be said (GCC's bug 105593).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#if defined(__AVX512F__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#elif defined(__F16C__)
#include <immintrin.h>
#endif
