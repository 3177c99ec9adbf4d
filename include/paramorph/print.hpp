// What a network is, to read and to look at: pm::print, pm::to_string, operator<< and std::format; pm::summary;
// pictures, pm::to_dot and pm::to_svg. Programs that print nothing need not compile it, so paramorph.hpp does not
// include it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "print.hpp: embed.hpp is included before it in this file; what it prints is for the host"
#else

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/print/pictures.hpp"
#include "paramorph/print/print.hpp"
#include "paramorph/print/summary.hpp"

#include "paramorph/core/macros_back.hpp"

#endif
