// Training a batch_norm on one row, which has no variance.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/batch_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int rows = 1;
#else
constexpr int rows = 2;
#endif
using called = pm::program::function_of<pm::detail::forward_of_network, pm::nn::batch_norm<4>, pm::binding::originals,
                                        pm::mode::training, pm::input<pm::shape<rows, 4>>>;
constexpr int outputs = called::build().output_count;  // error: batch_norm_in_training_takes_a_batch_of_two_rows_or_more
static_assert(outputs > 1);
