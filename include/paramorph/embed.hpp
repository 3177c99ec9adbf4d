// paramorph for small targets: no xtensor, no iostream, no exceptions, no heap. Arrays are plain memory; what can go
// wrong with data is a status. Compiles with -fno-exceptions -fno-rtti, and uses the target's vector unit where it has
// one (NEON on AArch64). A network of float computes in float, but for arguments of pow that are not positive: with pow
// the compiler's arithmetic in double is linked.
//
// A file includes one umbrella: this one, or paramorph.hpp, which has what follows here as well. Files of one program
// may differ: what they include are different types in different inline namespaces (core/abi.hpp).
//
//   embed/numbers.hpp       the numbers of a network as a constant
//   embed/freeze.hpp        freezing it in the compiler
//   embed/tensor_file.hpp   or a file of tensors, written as a header by the tool `paramorph`
//   embed/storage.hpp       freezing it in 16 bits, with the arithmetic in float
//   embed/int8.hpp          freezing it in eight bits, with integer arithmetic
//   embed/learner.hpp       training some of its tensors on the target
//   embed/network.hpp       running it: frozen, or live with its parametrizations
//   embed/streaming.hpp     running it frame by frame
//   embed/parameter_store.hpp   parameters that survive a loss of power
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#if defined(PARAMORPH_ABI) && !defined(PARAMORPH_EMBED)
#error "embed.hpp: paramorph.hpp, or a header of it, is included before it in this file; a file includes one of the two"
#else

#define PARAMORPH_EMBED 1

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/common.hpp"
#include "paramorph/embed/freeze.hpp"
#include "paramorph/embed/int8.hpp"
#include "paramorph/embed/learner.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/embed/parameter_store.hpp"
#include "paramorph/embed/storage.hpp"
#include "paramorph/embed/streaming.hpp"
#include "paramorph/embed/tensor_file.hpp"

#include "paramorph/core/macros_back.hpp"

#endif
