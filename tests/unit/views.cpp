// Memory of others as arrays and arrays as theirs: no copy is made, networks and losses take views of static shape and
// of run-time extents, and what does not fit is refused with both sides. Eigen: views_eigen.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <span>
#include <vector>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xview.hpp>

#include "paramorph/paramorph.hpp"
#include "paramorph/views.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using pm::view;

// What std::mdspan has of an address and extents, each static or -1; layout_right unless strides are given.
template <class T, std::size_t... E>
class span_of {
    T* data_;
    std::array<std::size_t, sizeof...(E)> extents_{}, strides_{};

  public:
    template <class... N>
    explicit span_of(T* data, N... n) : data_(data), extents_{static_cast<std::size_t>(n)...} {
        std::size_t run = 1;
        for (std::size_t k = sizeof...(E); k-- > 0; run *= extents_[k]) strides_[k] = run;
    }
    void stride(std::size_t k, std::size_t s) { strides_[k] = s; }
    static constexpr std::size_t rank() { return sizeof...(E); }
    static constexpr std::size_t static_extent(std::size_t k) { return std::array{E...}[k]; }
    std::size_t extent(std::size_t k) const { return extents_[k]; }
    std::size_t stride(std::size_t k) const { return strides_[k]; }
    T* data_handle() const { return data_; }
};
constexpr std::size_t any = static_cast<std::size_t>(-1);

template <class T, std::size_t... E>
struct left_span_of : span_of<T, E...> {  // as layout_left has strides
    template <class... N>
    explicit left_span_of(T* data, N... n) : span_of<T, E...>(data, n...) {
        std::size_t run = 1;
        for (std::size_t k = 0; k < sizeof...(E); run *= this->extent(k), ++k) this->stride(k, run);
    }
    using span_of<T, E...>::stride;
};

std::string refused(auto&& f) {
    try {
        f();
    } catch (pm::error const& e) {
        return e.what();
    }
    return "";
}
std::vector<float> counted(std::size_t n) {
    std::vector<float> v(n);
    for (std::size_t k = 0; k < n; ++k) v[k] = 0.25F * static_cast<float>(k) - 1;
    return v;
}

}  // namespace

TEST_CASE("view: static shape, of addresses and spans, read and written without a copy") {
    auto v = counted(6);
    auto a = view<pm::shape<2, 3>>(v.data());
    static_assert(std::is_same_v<pm::static_shape_of<decltype(a)>, pm::shape<2, 3>>);
    CHECK(a.data() == v.data());
    CHECK(a(1, 2) == v[5]);
    a(1, 0) = 7;
    CHECK(v[3] == 7);
    a = xt::xtensor_fixed<float, xt::xshape<2, 3>>{{1, 2, 3}, {4, 5, 6}};
    CHECK(v == std::vector<float>{1, 2, 3, 4, 5, 6});
    auto const fixed = view<pm::shape<6>>(std::span<float const>(v));
    static_assert(std::is_same_v<decltype(fixed), pm::array_view<pm::shape<6>, float const> const>);
    CHECK(fixed.data() == v.data());
    auto const scalar = view<pm::shape<>>(v.data());
    CHECK(scalar() == 1);
    CHECK(view<pm::shape<2, 3>>(static_cast<std::vector<float> const&>(v)).data() == v.data());
    CHECK(&view<pm::shape<2, 3>>(v)(0, 1) == &v[1]);
}

TEST_CASE("view: run-time extents") {
    auto v = counted(6);
    auto a = view(v.data(), 2, std::size_t(3));
    CHECK((a.data() == v.data() && a.dimension() == 2 && a.shape()[0] == 2 && a(1, 1) == v[4]));
    CHECK(view(v.data(), 0, 3).size() == 0);
    CHECK(view(static_cast<float const*>(nullptr), 0).size() == 0);
}

TEST_CASE("view: what is like std::mdspan") {
    auto v = counted(6);
    auto const fixed = view(span_of<float, 2, 3>(v.data(), 2, 3));
    static_assert(std::is_same_v<pm::static_shape_of<decltype(fixed)>, pm::shape<2, 3>>);
    CHECK(fixed.data() == v.data());
    auto const rows = view(span_of<float const, any, 3>(v.data(), 2, 3));
    CHECK((rows.data() == v.data() && rows.shape()[0] == 2));
    span_of<float, 2, 2> gaps(v.data(), 2, 2);
    gaps.stride(0, 3);
    CHECK_THAT(refused([&] { view(gaps); }),
               ContainsSubstring("extents [2, 2], strides [3, 1]; give a span of layout_right"));
    span_of<float, 1, 2> one_row(v.data(), 1, 2);  // whose stride nobody takes
    one_row.stride(0, 3);
    CHECK(view(one_row).data() == v.data());
}

TEST_CASE("view: networks, losses and assignments take views, and give what they give of containers") {
    using model = pm::nn::sequential<pm::nn::linear<3, 4, pm::weight<pm::param::weight_norm<>>>, pm::nn::tanh>;
    auto net = pm::make<model>(pm::seed{3});
    auto v = counted(6);
    xt::xtensor_fixed<float, xt::xshape<2, 3>> x;
    std::copy(v.begin(), v.end(), x.begin());
    auto const expected = net(x);
    auto const fixed = net(view<pm::shape<2, 3>>(static_cast<float const*>(v.data())));
    static_assert(std::is_same_v<decltype(fixed), decltype(expected)>);
    CHECK((fixed == expected));
    auto const batch = net(view(v.data(), 2, 3));
    CHECK(xt::allclose(batch, expected));
    CHECK(xt::allclose(pm::freeze(net)(view(span_of<float, any, 3>(v.data(), 2, 3))), expected));

    auto const loss = [](auto& n, auto in, auto t) { return pm::mse(n(in), t); };
    std::vector<float> t(8, 0.5F);
    xt::xtensor_fixed<float, xt::xshape<2, 4>> target;
    target.fill(0.5F);
    auto step = pm::value_and_grad(loss, net), other = pm::value_and_grad(loss, net);
    CHECK(step(view<pm::shape<2, 3>>(v), view<pm::shape<2, 4>>(t)).value == other(x, target).value);

    // A column of a matrix that is not aligned to a vector.
    auto w = counted(13);
    pm::get<"0.bias">(net) = view<pm::shape<4>>(w.data() + 1);
    CHECK(pm::get<"0.bias">(net)()(3) == w[4]);
}

TEST_CASE("view_as: an array as a span of others, without a copy") {
    auto net = pm::make<pm::nn::linear<3, 4>>(pm::seed{1});
    auto& w = net.weight.original();
    auto const s = pm::view_as<std::span<float>>(w);
    CHECK((s.data() == w.data() && s.size() == 12));
    s[5] = 2;
    CHECK(net.weight()(1, 2) == 2);
    auto const m = pm::view_as<span_of<float, 4, any>>(w);
    CHECK((m.data_handle() == w.data() && m.extent(0) == 4 && m.extent(1) == 3));
    auto const y = net(xt::xtensor_fixed<float, xt::xshape<3>>{1, 2, 3});
    CHECK((pm::view_as<std::span<float const>>(y).data() == y.data()));
    CHECK(pm::view_as<std::span<float>>(view<pm::shape<2>>(w.data())).size() == 2);
}

TEST_CASE("view: what does not fit is refused with what was expected and found") {
    auto v = counted(5);
    CHECK(refused([&] { view<pm::shape<2, 3>>(v); }) ==
          "view: [2, 3] has 6 elements, and the memory 5: give as many, or name another shape");
    CHECK_THAT(refused([] { view<pm::shape<2, 3>>(static_cast<float*>(nullptr)); }),
               ContainsSubstring("the address is null"));
    CHECK_THAT(refused([] { view(static_cast<float*>(nullptr), 2, 2); }), ContainsSubstring("give that of 4 numbers"));
    // Memory in which no number of the type begins, in every way that a view is made.
    alignas(double) unsigned char bytes[64]{};
    auto* const odd = reinterpret_cast<float*>(bytes + 1);
    auto const* const half = reinterpret_cast<double const*>(bytes + 4);
    auto const not_aligned = ContainsSubstring("view: the address is not aligned: expected a multiple of 4");
    CHECK_THAT(refused([&] { view<pm::shape<2, 3>>(odd); }), not_aligned);
    CHECK_THAT(refused([&] { view(odd, 2, 3); }), not_aligned);
    CHECK_THAT(refused([&] { view<pm::shape<6>>(std::span<float>(odd, 6)); }), not_aligned);
    CHECK_THAT(refused([&] { view(span_of<float, 2, 3>(odd, 2, 3)); }), not_aligned);
    CHECK_THAT(refused([&] { view(span_of<float, any, any>(odd, 2, 3)); }), not_aligned);
    CHECK_THAT(refused([&] { view(half, 2, 3); }), ContainsSubstring("expected a multiple of 8"));
    auto adapted = xt::adapt(odd, 6, xt::no_ownership(), std::array<std::size_t, 1>{6});
    CHECK_THAT(refused([&] { view<pm::shape<6>>(adapted); }), not_aligned);
    CHECK_THAT(refused([&] { pm::view_as<std::span<float>>(adapted); }), not_aligned);
    CHECK(view(odd, 0, 3).size() == 0);
    CHECK(view(reinterpret_cast<float*>(bytes + 4), 2, 3).size() == 6);
    CHECK_THAT(refused([&] { view(v.data(), 2, -1); }), ContainsSubstring("an extent is negative: [2, -1]"));
    auto a = view<pm::shape<5>>(v);
    auto const before = v;
    CHECK_THAT(refused([&] { a = xt::xtensor<float, 1>(std::array<std::size_t, 1>{4}); }),
               ContainsSubstring("the array's shape, [4], differs from that of what is written, [5]"));
    CHECK(v == before);
    // Of extents known at run time, too.
    auto b = view(v.data(), 1, 5);
    auto const c = view(v.data(), 5, 1);
    CHECK_THAT(refused([&] { b = c; }),
               ContainsSubstring("shape, [5, 1], differs from that of what is written, [1, 5]"));
    CHECK_THAT(refused([&] { b = xt::xtensor<float, 2>(std::array<std::size_t, 2>{300, 5}); }),
               ContainsSubstring("shape, [300, 5], differs"));
    CHECK_THAT(refused([&] { b = xt::xtensor<float, 1>(std::array<std::size_t, 1>{5}); }),
               ContainsSubstring("shape, [5], differs"));
    // In every way of writing; xtensor would let the view grow beyond its memory.
    xt::xtensor<float, 2> const more = xt::ones<float>({2, 5});
    auto of_static_shape = view<pm::shape<1, 5>>(v);
    CHECK_THAT(refused([&] { b += more; }), ContainsSubstring("shape, [2, 5], differs"));
    CHECK_THAT(refused([&] { b.assign(more); }), ContainsSubstring("shape, [2, 5], differs"));
    CHECK_THAT(refused([&] { xt::noalias(b) = more; }), ContainsSubstring("shape, [2, 5], differs"));
    CHECK_THAT(refused([&] { of_static_shape -= more; }), ContainsSubstring("shape, [2, 5], differs"));
    CHECK_THAT(refused([&] { xt::noalias(of_static_shape) = more; }), ContainsSubstring("shape, [2, 5], differs"));
    CHECK((v == before && b.shape(0) == 1 && b.shape(1) == 5 && of_static_shape.shape(0) == 1));
    b = 2.f * xt::xtensor<float, 2>(b);
    CHECK(v[4] == 2 * before[4]);
    b = xt::flip(b, 1);
    CHECK((v[0] == 2 * before[4] && v[4] == 2 * before[0]));
    v = before;
    CHECK_THAT(refused([&] { pm::view_as<span_of<float, any, any>>(a); }),
               ContainsSubstring("[5] has 1 axes, and a span of 2"));
    CHECK_THAT(refused([&] { pm::view_as<span_of<float, 4>>(a); }),
               ContainsSubstring("axis 0 of the array has 5 elements, that of the span 4"));
    xt::xtensor<float, 2, xt::layout_type::column_major> const columns(std::array<std::size_t, 2>{2, 3}, 0.f);
    CHECK_THAT(refused([&] { pm::view_as<span_of<float const, any, any>>(columns); }),
               ContainsSubstring("the array is not row after row without gaps; evaluate it first"));
}

TEST_CASE("view: parts of arrays begin where they begin, and another order of elements is never taken for this one") {
    xt::xtensor<float, 2> a{{1, 2, 3}, {4, 5, 6}};
    auto row = xt::view(a, 1);
    auto const last = xt::view(a, xt::range(1, 2), xt::all());
    auto column = xt::view(a, xt::all(), 1);
    CHECK((pm::view_as<std::span<float>>(row).data() == &a(1, 0) && pm::view_as<std::span<float>>(row).size() == 3));
    CHECK(pm::view_as<std::span<float const>>(last).data() == &a(1, 0));
    CHECK(view<pm::shape<3>>(row).data() == &a(1, 0));
    CHECK_THAT(refused([&] { pm::view_as<std::span<float>>(column); }),
               ContainsSubstring("view_as: the array is not row after row without gaps"));
    CHECK_THAT(refused([&] { view<pm::shape<2>>(column); }), ContainsSubstring("view: the array is not row after row"));
    xt::xtensor<float, 2, xt::layout_type::column_major> const columns = a;
    CHECK_THAT(refused([&] { view<pm::shape<2, 3>>(columns); }), ContainsSubstring("not row after row"));
    auto v = counted(6);
    auto const rows = view<pm::shape<2, 3>>(v);
    CHECK_THAT(refused([&] { pm::view_as<left_span_of<float const, any, any>>(rows); }),
               ContainsSubstring("extents [2, 3], strides [1, 2]; give a span of layout_right"));
    CHECK(pm::view_as<left_span_of<float const, any>>(view<pm::shape<6>>(v)).data_handle() == v.data());
}

TEST_CASE("view: arrays of C++, spans of fixed size, numbers in double, one number") {
    double numbers[]{1, 2, 3, 4, 5, 6};
    auto const net = pm::make<pm::nn::linear<3, 2, pm::element_type<double>>>(pm::seed{1});
    auto const y = net(view<pm::shape<2, 3>>(numbers));
    CHECK((net(view<pm::shape<2, 3>>(std::span<double const, 6>(numbers))) == y));
    CHECK((net(view<pm::shape<2, 3>>(std::array<double, 6>{1, 2, 3, 4, 5, 6})) == y));
    auto const whole = pm::view_as<std::span<double const, 6>>(net.weight.original());
    CHECK(whole[5] == net.weight()(1, 2));
    xt::xtensor_fixed<double, xt::xshape<>> number(2.0);
    CHECK(&pm::view_as<std::span<double>>(number)[0] == number.data());
}
