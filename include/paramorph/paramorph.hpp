// paramorph: parametrized tensors as C++ types. The umbrella for the host; inputs and values are xtensor containers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "paramorph.hpp: embed.hpp is included before it in this file; a file includes one of the two"
#else

#ifndef __cpp_exceptions
#error "paramorph.hpp: it throws pm::error, and exceptions are off; compile with them, or include embed.hpp, which has statuses"
#else

#include "paramorph/core/macros_aside.hpp"

// First, as the includes of the second say.
#include "paramorph/core/sentence.hpp"

#include "paramorph/core/shape.hpp"

#include "paramorph/compat/xtensor.hpp"

#include "paramorph/expr/not_a_number.hpp"

#include "paramorph/graph/graph.hpp"

#include "paramorph/expr/symbol.hpp"

#include "paramorph/expr/operation.hpp"

#include "paramorph/op/view.hpp"

#include "paramorph/op/reduce.hpp"
#include "paramorph/op/triangle.hpp"

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/stack.hpp"

#include "paramorph/parametrize/stage.hpp"

#include "paramorph/parametrize/chain.hpp"
#include "paramorph/parametrize/elementary_sets.hpp"

#include "paramorph/nn/call.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/sliding.hpp"

#include "paramorph/common.hpp"
#include "paramorph/embed/freeze.hpp"
#include "paramorph/embed/int8.hpp"
#include "paramorph/embed/learner.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/embed/parameter_store.hpp"
#include "paramorph/embed/storage.hpp"
#include "paramorph/embed/streaming.hpp"
#include "paramorph/embed/tensor_file.hpp"
#include "paramorph/embed/write_header.hpp"
#include "paramorph/kernel/explain.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/nn/log_abs_det.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/streaming.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/clip.hpp"
#include "paramorph/optim/rmsprop.hpp"
#include "paramorph/optim/schedules.hpp"
#include "paramorph/optim/sgd.hpp"

#include "paramorph/core/macros_back.hpp"

#endif

#endif
