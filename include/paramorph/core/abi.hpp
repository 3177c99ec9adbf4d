// The inline namespace that everything of the library lives in: its version, the umbrella (paramorph.hpp or embed.hpp)
// and the vector unit that a file is compiled for, as in `paramorph::v0_1_avx2`, with what vectors are where a macro
// chose it (compat/simd/types.hpp), as in `v0_1_avx2_lanes_16`. Programs write `paramorph::`. Files of
// one program that are compiled for different vector units, or with different umbrellas, thereby share no function of
// the library: each calls what was compiled for it. A type of the library that is passed between such files is another
// type on each side, which the linker reports; pass numbers or pointers to them instead.
//
// Sets of instructions are told apart as far as compilers choose them on their own for code of this kind.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

// Read once; so another one was read, that of the library as one header (src/single_header.py).
#ifdef PARAMORPH_ABI
#error \
    "paramorph: this file includes the library as one header and its own headers; include one of the two; nothing behind this line is read"
#include <nothing_behind_the_error_above>
#endif

// Argument reduction, compensated sums and the checks for NaN and infinity are arithmetic that these options change.
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__) || defined(__ASSOCIATIVE_MATH__)
#error \
    "paramorph: -ffast-math, -Ofast, -ffinite-math-only and -fassociative-math change its results and remove its checks for NaN and infinity; compile files that include it without them (-fno-math-errno and -fno-trapping-math are fine)"
#endif

// g++ makes floats of literals then, in arithmetic of doubles as well.
static_assert(sizeof(0.1) == sizeof(double),
              "paramorph: -fsingle-precision-constant takes digits from its doubles; compile files that include it "
              "without it (a network of float computes in float anyhow)");

// The umbrellas set such macros aside (core/macros_aside.hpp).
#ifndef PARAMORPH_MACROS_ASIDE
#if defined(abs) || defined(min) || defined(max) || defined(round) || defined(square) || defined(near) || \
    defined(far) || defined(small) || defined(huge) || defined(bit) || defined(byte) || defined(word) ||  \
    defined(check) || defined(slots) || defined(require) || defined(I) || defined(F) || defined(T) || defined(N)
#error \
    "paramorph: a macro has the name of something in its headers (abs, min, max, near, far, small, I, F, ...); include paramorph/paramorph.hpp or paramorph/embed.hpp, which set such macros aside, instead of one header, or #undef it"
#endif
#endif

#if defined(__AVX512FP16__)
#define PARAMORPH_VECTOR_UNIT avx512fp16
#elif defined(__AVX512VBMI2__)
#define PARAMORPH_VECTOR_UNIT avx512vbmi2
#elif defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#define PARAMORPH_VECTOR_UNIT avx512
#elif defined(__AVX512F__)
#define PARAMORPH_VECTOR_UNIT avx512f
#elif defined(__AVX2__) && defined(__FMA__) && defined(__BMI2__)
#define PARAMORPH_VECTOR_UNIT avx2
#elif defined(__AVX2__) && defined(__FMA__)
#define PARAMORPH_VECTOR_UNIT avx2_without_bmi2
#elif defined(__AVX2__)
#define PARAMORPH_VECTOR_UNIT avx2_without_fma
#elif defined(__AVX__) && defined(__FMA__)
#define PARAMORPH_VECTOR_UNIT avx_fma
#elif defined(__AVX__)
#define PARAMORPH_VECTOR_UNIT avx
#elif defined(__SSE4_2__)
#define PARAMORPH_VECTOR_UNIT sse4_2
#elif defined(__SSE4_1__)
#define PARAMORPH_VECTOR_UNIT sse4_1
#elif defined(__SSSE3__)
#define PARAMORPH_VECTOR_UNIT ssse3
#elif defined(__SSE3__)
#define PARAMORPH_VECTOR_UNIT sse3
#elif defined(__SSE2__)
#define PARAMORPH_VECTOR_UNIT sse2
#elif defined(__ARM_FEATURE_SVE)
#define PARAMORPH_VECTOR_UNIT sve
#elif defined(__ARM_NEON)
#define PARAMORPH_VECTOR_UNIT neon
#else
#define PARAMORPH_VECTOR_UNIT scalar
#endif

#define PARAMORPH_JOIN_EXPANDED(version, unit, vectors) version##unit##vectors
#define PARAMORPH_JOIN(version, unit, vectors) PARAMORPH_JOIN_EXPANDED(version, unit, vectors)
#define PARAMORPH_LANES_EXPANDED(count) _lanes_##count
#define PARAMORPH_LANES(count) PARAMORPH_LANES_EXPANDED(count)
#if defined(PARAMORPH_GENERIC_SIMD)
#define PARAMORPH_VECTORS PARAMORPH_LANES(PARAMORPH_GENERIC_SIMD)
#elif defined(PARAMORPH_NO_SIMD)
#define PARAMORPH_VECTORS _no_simd
#else
#define PARAMORPH_VECTORS
#endif
#ifdef PARAMORPH_EMBED
#define PARAMORPH_ABI PARAMORPH_JOIN(v0_1_embed_, PARAMORPH_VECTOR_UNIT, PARAMORPH_VECTORS)
#else
#define PARAMORPH_ABI PARAMORPH_JOIN(v0_1_, PARAMORPH_VECTOR_UNIT, PARAMORPH_VECTORS)
#endif
