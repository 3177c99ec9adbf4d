// What the build, or a program, proves: pm::bounds, pm::margin and pm::proved_bounds of a frozen network,
// pm::within_cells of large boxes; pm::difference of two networks, pm::quantization_error of one in eight bits;
// pm::lipschitz, pm::monotone, pm::convex, pm::invertible and other properties of a network's type
// (prove/properties.hpp). Programs that do not ask do not include it, and pay nothing; it stands behind either umbrella,
// paramorph.hpp or embed.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/invert/invertible.hpp"
#include "paramorph/prove/bounds.hpp"
#include "paramorph/prove/cells.hpp"
#include "paramorph/prove/contraction.hpp"
#include "paramorph/prove/fixed_scales.hpp"
#include "paramorph/prove/properties.hpp"
#include "paramorph/prove/proved_bounds.hpp"
#include "paramorph/prove/quantization_error.hpp"

#include "paramorph/core/macros_back.hpp"
