// What the library refuses while a graph is built or compiled. Constant evaluation refuses a call of a function that is
// not constexpr, and both compilers name that function in their first line: so the names are the sentences. At run
// time, where passes are tested, they throw that sentence.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::refused {

[[noreturn]] inline void say(char const* sentence) {
#ifdef __cpp_exceptions
    throw sentence;
#else
    static_cast<void>(sentence);
    __builtin_trap();
#endif
}

[[noreturn]] inline void the_graph_has_more_than_4096_nodes_split_the_network_or_the_chain() {
    say("paramorph: the graph has more than 4096 nodes; split the network or the chain");
}
[[noreturn]] inline void a_derive_gives_an_adjoint_of_another_shape_than_the_argument_has() {
    say("paramorph: a derive gives an adjoint of another shape than the argument has");
}
[[noreturn]] inline void a_program_has_more_than_256_outputs() {
    say("paramorph: a program has more than 256 outputs");
}
[[noreturn]] inline void a_gradient_of_more_than_255_tensors_is_taken() {
    say("paramorph: a gradient of more than 255 tensors is taken");
}
[[noreturn]] inline void a_program_has_more_than_2048_steps_split_the_network_or_the_chain() {
    say("paramorph: a program has more than 2048 steps; split the network or the chain");
}
[[noreturn]] inline void loops_hold_more_than_8192_operations_split_the_network_or_the_chain() {
    say("paramorph: loops hold more than 8192 operations; split the network or the chain");
}
[[noreturn]] inline void loops_write_more_than_4096_values_split_the_network_or_the_chain() {
    say("paramorph: loops write more than 4096 values; split the network or the chain");
}
[[noreturn]] inline void a_loop_holds_more_than_3000_operations_put_a_reshape_between_its_stages() {
    say("paramorph: a loop holds more than 3000 operations; put a reshape between its stages");
}
[[noreturn]] inline void an_expression_is_nested_more_than_1024_deep_put_a_reshape_between_its_stages() {
    say("paramorph: an expression is nested more than 1024 deep; put a reshape between its stages");
}
[[noreturn]] inline void a_loop_reads_more_than_4000_values_through_views_put_a_reshape_between_its_stages() {
    say("paramorph: a loop reads more than 4000 values through views; put a reshape between its stages");
}
[[noreturn]] inline void a_level_of_the_program_computes_more_than_64_shapes() {
    say("paramorph: a level of the program computes more than 64 shapes");
}
[[noreturn]] inline void more_than_512_intermediate_results_are_alive_at_once() {
    say("paramorph: more than 512 intermediate results are alive at once");
}
[[noreturn]] inline void a_slice_begins_beyond_65535_along_an_axis() {
    say("paramorph: a slice begins beyond 65535 along an axis");
}
[[noreturn]] inline void a_view_steps_by_more_than_8191_along_an_axis() {
    say("paramorph: a view steps by more than 8191 along an axis");
}
[[noreturn]] inline void loops_read_in_more_than_1024_strided_ways_put_a_reshape_between_their_stages() {
    say("paramorph: loops read in more than 1024 strided ways; put a reshape between their stages");
}
[[noreturn]] inline void a_mask_is_read_through_a_view_that_moves_its_axes() {
    say("paramorph: a mask is read through a view that moves its axes");
}
[[noreturn]] inline void a_number_in_an_expression_must_be_finite() {
    say("paramorph: a number in an expression must be finite");
}
[[noreturn]] inline void a_number_among_floats_must_not_exceed_the_largest_float() {
    say("paramorph: a number among floats must not exceed the largest float");
}
[[noreturn]] inline void a_buffer_is_assigned_in_forward_and_not_returned_by_pm_updated() {
    say("paramorph: a buffer is assigned in forward and not returned by pm::updated: write return pm::updated(y, "
        "buffer = value) in a forward that is called by the module's call operator");
}
[[noreturn]] inline void a_module_moves_its_state_in_a_call_whose_result_is_not_used() {
    say("paramorph: a module moves its state in training in a call whose result is not used");
}
[[noreturn]] inline void pm_updated_names_a_buffer_twice() {
    say("paramorph: pm::updated names a buffer twice");
}
[[noreturn]] inline void a_buffer_that_pm_parametrize_parametrized_is_updated() {
    say("paramorph: a buffer that pm::parametrize parametrized is updated: its value comes from its original");
}
[[noreturn]] inline void a_module_with_modes_stands_in_the_cell_of_a_scan() {
    say("paramorph: a module with modes stands in the cell of a scan, which is compiled once for both");
}
[[noreturn]] inline void batch_norm_in_training_takes_a_batch_of_two_rows_or_more() {
    say("paramorph: batch_norm in training takes a batch of two rows or more: [batch, N]");
}

}  // namespace paramorph::inline PARAMORPH_ABI::refused
