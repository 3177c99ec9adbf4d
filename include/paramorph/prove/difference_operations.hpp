// Which operations the graph of two programs is made of (prove/difference_pass.hpp), and which functions of one number
// have a rule there.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/base.hpp"
#include "paramorph/prove/difference_slopes.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Elementwise functions of one number that have a rule.
using functions_of_one = ops<op::relu, op::abs, op::tanh<accurate>, op::tanh<fast>, op::sigmoid<accurate>,
                             op::sigmoid<fast>, op::exp<accurate>, op::exp<fast>, op::expm1, op::softplus<accurate>,
                             op::softplus<fast>, op::silu<accurate>, op::silu<fast>, op::gelu<accurate>, op::gelu<fast>,
                             op::erf, op::normal_cdf<accurate>, op::normal_cdf<fast>, op::sqrt, op::rsqrt, op::log,
                             op::log1p, op::sin, op::cos, op::whole_power<3>, op::whole_power<4>, op::whole_power<5>>;

struct function_in_difference {
    descriptor const* of = nullptr;
    int rounds = -1;  // one of rounding_of_two, or -1: exact
};
template <class... Op>
constexpr function_in_difference function_with_rule(operation_id id, ops<Op...>) {
    function_in_difference found;
    ((id == id_of<Op> ? void(found = {&describe<op::difference_of<Op>>,
                                      std::is_same_v<Op, op::relu> || std::is_same_v<Op, op::abs> ? -1
                                      : precision_of<Op> == fast ? int(op::rounding_of_two::fast_function)
                                                                 : int(op::rounding_of_two::four_ulp)})
                      : void()),
     ...);
    return found;
}
template <class... Op>
auto differences_of(ops<Op...>) -> ops<op::difference_of<Op>...>;

using operations_of_difference = join<
    decltype(differences_of(functions_of_one{})), base_operations,
    ops<op::rounding_of_two, op::rounding_of_products<op::matmul, false>, op::rounding_of_products<op::matmul, true>,
        op::rounding_of_products<op::convolution, false>, op::rounding_of_products<op::convolution, true>,
        op::rounding_of_sum<op::sum>, op::rounding_of_sum<op::reduce_to>, op::rounding_of_mean,
        op::rounding_of_running_sum, op::rounding_to_eight_bits, op::rounding_to_fixed_eight_bits,
        op::difference_of_largest, op::difference_of_extrema, op::unmatched, op::error_times_slope<slopes_of_clamp>,
        op::error_times_slope<slopes_of_elu>, op::error_times_slope<slopes_of_two>, op::difference_of_deviation,
        op::rounding_of_squares, op::between_rows_of_one, op::subtract, op::multiply, op::divide, op::negate, op::sum,
        op::relu, op::matmul, op::convolution>>;

}  // namespace paramorph::inline PARAMORPH_ABI::detail
