// Is the search of sound_difference.hpp good enough? Rules of the difference of two programs are broken on purpose, one
// at a time; each must be noticed.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../sound_difference.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/recurrent.hpp"
#include "paramorph/nn/sequential.hpp"

namespace {

using namespace sound;
using namespace pm::detail;
namespace ir = pm::ir;

// A rule whose results are `Percent` of what they should be.
template <class Op, int Percent>
struct weakened : Op {
    static constexpr std::string_view name = "weakened";
    template <class T>
    static constexpr void range(pm::range_operands<T> const& x) {
        Op::template range<T>(x);
        for (int i = 0; i < x.result_shape[0].size(); ++i) {
            x.result[0][i].lo *= Percent / 100.0;
            x.result[0][i].hi *= Percent / 100.0;
        }
    }
};
// Two weights that are taken for the same.
struct no_difference : pm::op::elementwise<no_difference, 2> {
    static constexpr std::string_view name = "no difference";
    template <class M, class V>
    static constexpr V value(V, V) {
        return V(0);
    }
};
// A function whose slope is taken for half of what it is.
template <class Op>
struct of_half_slope : pm::op::difference_of<Op> {
    static constexpr std::string_view name = "of half slope";
    template <class M, class V>
    static constexpr V value(V a, V e) {
        V const y = pm::op::difference_of<Op>::template value<M>(a, e);
        if constexpr (requires { y.lo; })
            return V{y.lo / 2, y.hi / 2, y.nan};
        else
            return y;
    }
    template <class T>
    static constexpr lines error_lines(pm::interval<T> const* x) {
        lines r = pm::op::difference_of<Op>::error_lines(x);
        r.low_slope /= 2, r.low_at /= 2, r.high_slope /= 2, r.high_at /= 2;
        return r;
    }
};

// A scan whose last state is off by `Percent` of what it should be.
template <class Step, int Percent>
struct weakened_scan : pm::op::scan_in_proof<Step> {
    static constexpr std::string_view name = "weakened scan";
    template <class T>
    static constexpr void range(pm::range_operands<T> const& x) {
        scan_range<pm::op::scan_in_proof<Step>>(x);
        for (int i = Step::state_size / 2; i < Step::state_size; ++i) {
            x.result[0][i].lo *= Percent / 100.0;
            x.result[0][i].hi *= Percent / 100.0;
        }
    }
};
template <class... Op>
auto step_of_difference(pm::ops<Op...>) {
    return (std::type_identity<pm::ops<>>{}, ..., std::type_identity<Op>{});  // the last one
}

// The last state of three steps.
struct recurrent {
    pm::nn::rnn<2, 3, pm::batch_first> layer;
    constexpr auto forward(auto x) const {
        return pm::reshape<pm::shape<3>>(std::get<1>(layer(pm::reshape<pm::shape<1, 3, 2>>(x))));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(recurrent, layer);
namespace {

using deep = pm::nn::sequential<pm::nn::linear<6, 8>, pm::nn::relu, pm::nn::linear<8, 3>>;
using flat = pm::nn::sequential<pm::nn::linear<6, 3>>;
using shape = pm::shape<6>;
using in = pm::input<shape>;

// So that the search counts, and the test goes on.
struct bounded_by_nothing {
    static constexpr int size = 3;
    pm::interval<float> of = pm::interval<float>::everything();
    pm::interval<float> const& operator[](int) const { return of; }
};

// Are there inputs outside of the bounds where every operation Op, of weights alone where it says so, is `Instead`?
template <class net, class Op, class Instead, template <class, class, class> class Other>
bool noticed(bool of_weights, bool beyond_the_box = false) {
    using other = Other<net, shape, float>;
    using numbers = std::remove_cvref_t<decltype(other::numbers())>;
    using P = program_of_difference<pm::materialized<net>, numbers, in>;
    auto const rules = rules_for<float, pm::compiled<P>>(typename pm::compiled<P>::operations{});
    generator r(7);
    found all;
    for (int k = 0; k < 12 && all.outside == 0; ++k) {
        auto trained = pm::make<net>(pm::seed{unsigned(k)});
        randomize(r, trained, 0.5);
        auto const frozen = pm::freeze(trained);
        auto values = std::make_unique<pm::network_values<net>>();
        for (int t = 0; t < counts<net>.tensors; ++t)
            std::copy_n(frozen.data(t), values->begin(t + 1) - values->begin(t), values->of + values->begin(t));
        auto const inner = pm::box<shape>::of(-1, 1), box = beyond_the_box ? pm::box<shape>::of(-2, 2) : inner;
        auto b = std::make_unique<other>();
        // Scales that fit the box, or the half of it.
        while (!b->make(r, trained, *values, inner)) continue;

        auto mutant = std::make_unique<ir::graph>(pm::compiled<P>::simplified);
        range_places const places(*mutant, first_input_leaf<P, 1>);
        int altered = 0;
        for (int i = 0; i < mutant->size; ++i) {
            ir::node& n = mutant->nodes[i];
            if (n.operation->id != pm::id_of<Op> || (of_weights && places.moved.data[n.first])) continue;
            n.operation = &ir::describe<Instead>;
            ++altered;
        }
        CHECK(altered > 0);
        auto all_rules = std::make_unique<pm::detail::range_rules<float, std::size(rules.of) + 1>>();
        std::copy(std::begin(rules.of), std::end(rules.of), all_rules->of);
        auto& own = all_rules->of[std::size(rules.of)];
        own = {pm::id_of<Instead>};
        if constexpr (Instead::kind == pm::category::elementwise) {
            own.element = &elementwise_range<Instead, float>;
            own.lines = &lines_of<Instead, float>;
            if constexpr (requires { Instead::lines_along; })
                own.lines_along = Instead::lines_along;
            else
                own.piece = &elementwise_piece<Instead, float>;
        } else
            own.fill = &fill_range<Instead, float>;

        scratch_array<pm::interval<float>> fixed(places.fixed_elements), moved(places.moved_elements);
        scratch_array<relation> relations(places.moved_elements);
        scratch_array<double> errors(places.moved_elements), lower(places.fixed_elements);
        scratch_array<passing> how(mutant->size);
        affine_walk<float> walk(*mutant, places, *all_rules, affine_fixed<float>{fixed.data, lower.data},
                                affine_memory<float>{moved.data, relations.data, errors.data, how.data});
        auto const leaf = [&](int l, int i) { return leaf_of_difference(frozen, other::numbers(), l, i); };
        leaves_of<P, decltype(leaf), shape> const leaves(leaf, box);
        walk.run_fixed(leaves, fixed.data, lower.data);
        walk.run_moved(leaves, true, pm::math::infinity);
        asks_bounds<P> const asks;
        auto const bounds = asks(walk);

        xt::xtensor_fixed<float, xt::xshape<6>> x;
        auto const difference = [&](auto const& at) {
            auto const y = frozen(at);
            auto z = b->call(at.data());
            for (std::size_t i = 0; i < z.size(); ++i) {
                z[i] = double(y.data()[i]) - z[i];
                all.outside += !bounds[int(i)].contains(z[i]);
            }
            return z;
        };
        search<float>(r, x, box, bounded_by_nothing{}, difference, 400, all);
    }
    return all.outside > 0;
}

template <class Op>
using dropped = weakened<Op, 0>;
using eight_bits_rounded = pm::op::rounding_to_eight_bits;
using fixed_rounded = pm::op::rounding_to_fixed_eight_bits;

}  // namespace

TEST_CASE("differences: a rule that is broken is noticed") {
    CHECK(noticed<deep, eight_bits_rounded, dropped<eight_bits_rounded>, with_eight_bits>(false));
    CHECK(noticed<flat, eight_bits_rounded, weakened<eight_bits_rounded, 50>, with_eight_bits>(false));
    CHECK(noticed<deep, fixed_rounded, dropped<fixed_rounded>, with_fixed_scales>(false));
    CHECK(noticed<flat, fixed_rounded, weakened<fixed_rounded, 50>, with_fixed_scales>(false, true));
    CHECK(noticed<deep, pm::op::subtract, no_difference, with_sixteen_bits>(true));
    using of_relu = pm::op::difference_of<pm::op::relu>;
    CHECK(noticed<deep, of_relu, of_half_slope<pm::op::relu>, with_sixteen_bits>(false));
}
TEST_CASE("differences: a scan whose error is too small is noticed") {
    using P = program_of_difference<pm::materialized<recurrent>, eight_bits<recurrent, shape>, in>;
    using scan = typename decltype(step_of_difference(typename P::scans::operations{}))::type;
    CHECK(noticed<recurrent, scan, weakened_scan<typename scan::step, 5>, with_eight_bits>(false));
    CHECK_FALSE(noticed<recurrent, scan, weakened_scan<typename scan::step, 100>, with_eight_bits>(false));
}
TEST_CASE("differences: the rules as they are, nothing is noticed") {
    CHECK_FALSE(noticed<deep, eight_bits_rounded, weakened<eight_bits_rounded, 100>, with_eight_bits>(false));
    CHECK_FALSE(noticed<deep, fixed_rounded, weakened<fixed_rounded, 100>, with_fixed_scales>(false, true));
}
