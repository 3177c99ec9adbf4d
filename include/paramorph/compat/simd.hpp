// The vector unit: one vocabulary for `xsimd::batch<T>` and for plain `float` and `double`.
//
// Every kernel is a template on a vector type V that is either a batch or a scalar, so the same code runs with and
// without a SIMD target. What differs between the versions of xsimd (8 to 13) is hidden, and what it lacks is added:
//
//   simd_types.hpp        vector types, their elements, masks and widths
//   simd_memory.hpp       loads and stores, whole and partial
//   simd_arithmetic.hpp   arithmetic, selection, reduction of the lanes
//   simd_tiles.hpp        squares of vectors (not included here): masks by lane, transposition in registers
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd_arithmetic.hpp"
#include "paramorph/compat/simd_memory.hpp"
#include "paramorph/compat/simd_types.hpp"
