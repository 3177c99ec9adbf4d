// paramorph for small targets: no xtensor, no iostream, no exceptions, no heap, no double at run time unless a network
// is of double. Arrays are plain memory; what can go wrong with data is a status. Compiles with -fno-exceptions
// -fno-rtti, and uses the target's vector unit where it has one (NEON on AArch64).
//
// A program uses one umbrella in all of its files: this one, or paramorph.hpp, which has what follows here as well.
//
//   embed/numbers.hpp       the numbers of a network as a constant
//   embed/freeze.hpp        freezing it in the compiler
//   embed/int8.hpp          freezing it in eight bits
//   embed/learner.hpp       training some of its tensors on the target
//   embed/network.hpp       running it: frozen, or live with its parametrizations
//   embed/parameter_store.hpp   parameters that survive a loss of power
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifndef PARAMORPH_PROVE_CLAIMS
#define PARAMORPH_PROVE_CLAIMS 0  // see parametrize/round_trips.hpp
#endif
#define PARAMORPH_EMBED 1

#include "paramorph/embed/freeze.hpp"
#include "paramorph/embed/int8.hpp"
#include "paramorph/embed/learner.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/embed/parameter_store.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/param/lora.hpp"
#include "paramorph/param/skew.hpp"
