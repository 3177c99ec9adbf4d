// Networks that can be undone: pm::invertible<net>, which the type decides (invert/invertible.hpp), pm::inverse(net)(y)
// (invert/inverse.hpp), pm::log_abs_det(net, x) (invert/log_abs_det.hpp) and pm::nn::coupling (invert/coupling.hpp).
// Programs that do not ask do not include it, and pay nothing; it stands behind the umbrella of the host,
// paramorph.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "invert.hpp: embed.hpp is included before it in this file; what it inverts runs on the host"
#else

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/invert/coupling.hpp"
#include "paramorph/invert/inverse.hpp"
#include "paramorph/invert/invertible.hpp"
#include "paramorph/invert/log_abs_det.hpp"

#include "paramorph/core/macros_back.hpp"

#endif
