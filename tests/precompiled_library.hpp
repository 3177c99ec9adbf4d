// What programs without Catch2 begin with; compiled once for all of them (precompile.py), never included.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/paramorph.hpp"
