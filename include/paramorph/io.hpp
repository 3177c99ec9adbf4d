// Checkpoints: pm::save, pm::load, pm::state_dict, pm::load_state_dict and pm::io. It needs the compiled library
// paramorph-io (dependency('paramorph-io'), paramorph::io, pkg-config --libs paramorph-io), so paramorph.hpp does not
// include it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "io.hpp: embed.hpp is included before it in this file; checkpoints are for the host"
#else

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/io/optimizer_state.hpp"
#include "paramorph/io/state_dict.hpp"

#include "paramorph/core/macros_back.hpp"

#endif
