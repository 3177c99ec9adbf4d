// SPDX-License-Identifier: BSL-1.0
#include "sets.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "paramorph/parametrize/sets.hpp"

namespace paramorph::tool {

namespace {

template <class... Sets>
struct sets {
    static constexpr int count = sizeof...(Sets);
    static constexpr std::array<std::string_view, sizeof...(Sets)> names{set_name<Sets>()...};
    template <class T>
    static bool contains(int k, T const* x, extents const& shape, double tolerance) {
        bool is = false;
        int at = 0;
        (static_cast<void>(at++ == k && (is = paramorph::contains<Sets>(x, shape, tolerance))), ...);
        return is;
    }
    // Is every element of set a one of set b?
    static bool within(int a, int b) {
        static constexpr auto table = [] {
            std::array<std::array<bool, names.size()>, names.size()> t{};
            std::size_t i = 0;
            auto const row = [&]<class A>(std::type_identity<A>) {
                std::size_t j = 0;
                ((t[i][j++] = subset<A, Sets>), ...);
                ++i;
            };
            (row(std::type_identity<Sets>{}), ...);
            return t;
        }();
        return table[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
    }
};
using known =
    sets<set::nonnegative, set::positive, set::nonzero, set::simplex, set::ordered, set::positive_ordered,
         set::sum_to_zero, set::row_stochastic, set::column_stochastic, set::lower_triangular, set::upper_triangular,
         set::symmetric, set::skew, set::diagonal, set::invertible, set::positive_semidefinite, set::spd,
         set::cholesky_factor, set::correlation_factor, set::correlation, set::unit_sphere, set::unit_rows,
         set::stiefel, set::orthogonal, set::special_orthogonal>;

extents shape_of(files::tensor const& t) {
    extents s;
    for (std::uint64_t e : t.shape) s.d[s.rank++] = static_cast<int>(e);
    return s;
}

// Is it said of lines (rows, columns) that they have a sum or a length of 1, and are there lines without elements? The
// sum of none is 0.
bool has_empty_lines(std::string const& set, std::vector<std::uint64_t> const& shape) {
    bool const columns = set == set_name<set::column_stochastic>();
    bool const rows =
        set == set_name<set::simplex>() || set == set_name<set::row_stochastic>() || set == set_name<set::unit_rows>();
    std::size_t const from_end = columns ? 2 : 1;
    if (!(columns || rows) || shape.size() < from_end) return false;
    std::size_t const along = shape.size() - from_end;
    for (std::size_t k = 0; k < shape.size(); ++k)
        if (k != along && shape[k] == 0) return false;  // there are no lines
    return shape[along] == 0;
}

// Calls f(numbers, shape) with the numbers as float or double.
template <class F>
bool on_numbers(files::tensor const& t, F&& f) {
    std::vector<std::byte> bytes;
    bool const wide = t.type == files::dtype::f64;
    std::string const wrong = files::convert(t, wide ? files::dtype::f64 : files::dtype::f32, bytes);
    if (!wrong.empty()) throw failure(t.name + ": " + wrong);
    void const* const x = bytes.data();  // memory for any type, as operator new gives it
    return wide ? f(static_cast<double const*>(x), shape_of(t)) : f(static_cast<float const*>(x), shape_of(t));
}

// The numbers in the brackets of "interval<0, 1>".
std::vector<double> arguments_of(std::string const& name, std::size_t open) {
    std::vector<double> made;
    char const* at = name.c_str() + open + 1;
    for (;;) {
        char* end = nullptr;
        double const x = std::strtod(at, &end);
        while (*end == ' ') ++end;
        if (end == at || !std::isfinite(x) || (*end != ',' && *end != '>')) return {};
        made.push_back(x);
        if (*end == '>') return end[1] == '\0' ? made : std::vector<double>{};
        at = end + 1;
    }
}

}  // namespace

known_set::known_set(std::string const& name) : name_(name) {
    for (int k = 0; k < known::count; ++k)
        if (name == known::names[static_cast<std::size_t>(k)]) {
            contains_ = [k](files::tensor const& t, double tolerance) {
                return on_numbers(t,
                                  [&](auto const* x, extents const& s) { return known::contains(k, x, s, tolerance); });
            };
            return;
        }
    if (std::size_t const open = name.find('<'); open != std::string::npos) {
        std::string const family = name.substr(0, open);
        auto const a = arguments_of(name, open);
        constexpr int most = std::numeric_limits<int>::max();
        auto const set_to = [&](auto test) {
            contains_ = [test](files::tensor const& t, double tolerance) {
                return on_numbers(t, [&](auto const* x, extents const& s) { return test(x, s, tolerance); });
            };
        };
        if (family == "at_least" && a.size() == 1)
            set_to([low = a[0]](auto const* x, auto const& s, double t) { return membership::at_least(x, s, low, t); });
        else if (family == "at_most" && a.size() == 1)
            set_to(
                [high = a[0]](auto const* x, auto const& s, double t) { return membership::at_most(x, s, high, t); });
        else if (family == "interval" && a.size() == 2 && a[0] <= a[1])
            set_to([low = a[0], high = a[1]](auto const* x, auto const& s, double t) {
                return membership::in_interval(x, s, low, high, t);
            });
        else if (family == "rank_at_most" && a.size() == 1 && a[0] >= 0 && a[0] <= most && a[0] == std::floor(a[0]))
            set_to([k = static_cast<int>(a[0])](auto const* x, auto const& s, double t) {
                return membership::rank_at_most(x, s, k, t);
            });
        if (contains_) return;
    }
    std::string all;
    for (std::string const& n : set_names()) all += (all.empty() ? "" : ", ") + n;
    throw failure("no set is called \"" + printable(name) + "\"; there are " + all +
                  ", at_least<a>, at_most<b>, interval<a, b> and rank_at_most<k>");
}

bool known_set::contains(files::tensor const& t, double tolerance) const {
    if (has_empty_lines(name_, t.shape)) return false;
    return contains_(t, tolerance);
}

std::vector<std::string> set_names() {
    return {known::names.begin(), known::names.end()};
}

membership_of sets_of(files::tensor const& t) {
    // A singular value decomposition takes seconds beyond that; `check` tries it whatever the size.
    constexpr int largest_inverse = 128;
    membership_of made;
    if (!why_not_tried(t).empty() || count_of(t) == 0) return made;
    std::vector<int> in;
    on_numbers(t, [&](auto const* x, extents const& s) {
        for (int k = 0; k < known::count; ++k) {
            auto const name = known::names[static_cast<std::size_t>(k)];
            if (name == set_name<set::nonzero>()) continue;  // nearly all are
            if (name == set_name<set::invertible>() && s.from_end(0) > largest_inverse) continue;
            if (known::contains(k, x, s, files::membership_tolerance(t.type))) in.push_back(k);
        }
        return true;
    });
    for (int a : in) {
        made.all.emplace_back(known::names[static_cast<std::size_t>(a)]);
        bool smallest = true;
        for (int b : in) smallest = smallest && (a == b || !known::within(b, a) || known::within(a, b));
        if (smallest) made.smallest.push_back(made.all.back());
    }
    return made;
}

std::string why_not_tried(files::tensor const& t) {
    if (!is_real(t.type)) return std::string(files::name_of(t.type)) + " is no type of real numbers";
    if (t.shape.size() > max_rank)
        return "it has " + std::to_string(t.shape.size()) + " axes, and sets have tensors of at most four";
    if (count_of(t) > 0x7fffffff) return "it has 2^31 elements or more";
    for (std::uint64_t e : t.shape)
        if (e > 0x7fffffff) return "an extent is 2^31 or more";
    return {};
}

}  // namespace paramorph::tool
