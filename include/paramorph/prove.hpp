// What the build, or a program, proves of a frozen network: pm::bounds, pm::margin, pm::proved_bounds. Programs that do not ask do not include it, and
// pay nothing; it stands behind either umbrella, paramorph.hpp or embed.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/prove/bounds.hpp"
#include "paramorph/prove/proved_bounds.hpp"

#include "paramorph/core/macros_back.hpp"
