// What most of the tests begin with; compiled once for all of them (precompile.py), never included.
//
// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "paramorph/paramorph.hpp"
