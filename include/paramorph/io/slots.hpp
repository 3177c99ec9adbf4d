// The numbers of a network as places with names, for checkpoints (state_dict.hpp): a thin walk, so that what is done
// with them is compiled once, in paramorph-io.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <type_traits>

#include "paramorph/core/cmath.hpp"
#include "paramorph/io/tensor_dict.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/parametrize/nearest.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

inline std::vector<std::uint64_t> for_file(extents const& e) {
    std::vector<std::uint64_t> made;
    for (int k = 0; k < e.rank; ++k) made.push_back(static_cast<std::uint64_t>(e.d[k]));
    return made;
}

// What is beside running_mean and running_var in PyTorch: see state_dict.hpp.
inline constexpr std::int64_t no_batches_tracked = 0;

// A slot for each original and each state, in the order of leaf_addresses(); then what is beside them. Of a const
// network, which is to be saved, no tensor may be empty.
template <class M>
std::vector<files::slot> slots_of(M& net) {
    std::vector<files::slot> made, beside;
    std::string mean;
    for_each_path(net, [&]<fixed_string Path, class T>(T& t) {
        using Tensor = std::remove_cv_t<T>;
        std::string const path(Path.view());
        if (std::is_const_v<M> && t.empty())
            throw error("save: " + path +
                        " is empty: fill the network with pm::make<Net>(pm::seed{0}) or an assignment");
        decltype(t.leaf_addresses()) at{};
        if (!t.empty()) at = t.leaf_addresses();
        std::size_t const first = made.size();
        std::size_t k = 0;
        auto const add = [&](std::string name, std::vector<std::uint64_t> shape) {
            std::string const older(older_ending<Tensor>(static_cast<int>(k)));
            made.push_back({std::move(name), io::dtype_of<typename Tensor::value_type>, std::move(shape), at[k++],
                            older.empty() ? older : path + older});
        };
        Tensor::for_each_index([&](auto i) {
            add(original_name<Tensor>(path, i), for_file(Tensor::traits::template original_shape<i>::value));
        });
        Tensor::for_each_state([&]<class State>(auto stage, auto, State) {
            add(state_name<State>(path, stage()), for_file(State::shape_type::value));
            if (signs_on_diagonal<Tensor> && stage == 0 && State::name == "signs")
                made.back().diagonal_of = static_cast<int>(first);
        });
        if (!Tensor::trained && !Tensor::parametrized) {
            std::string const module = path.substr(0, path.rfind('.') + 1), member = path.substr(module.size());
            if (member == "running_mean") mean = path, made.back().numbers = files::takes::finite;
            if (member == "num_batches_tracked" && mean == module + "running_mean" && Tensor::shape_type::rank == 0)
                made.back().counts = true, made.back().numbers = files::takes::counts;
            if (member == "running_var" && mean == module + "running_mean") {
                made.back().numbers = files::takes::nonnegative;
                beside.push_back({module + "num_batches_tracked", io::dtype::i64, {}, &no_batches_tracked});
                beside.back().optional = true;
            }
        }
    });
    for (files::slot& s : beside)  // a module that counts them itself has a tensor of this name
        if (std::none_of(made.begin(), made.end(), [&](files::slot const& o) { return o.name == s.name; }))
            made.push_back(std::move(s));
    return made;
}

// Calls f(path, tensor, number of its first slot) for every tensor.
template <class M, class F>
void for_each_with_slots(M& net, F&& f) {
    std::size_t k = 0;
    for_each_path(net, [&]<fixed_string Path, class Tensor>(Tensor& t) {
        f(Path.view(), t, k);
        k += static_cast<std::size_t>(Tensor::leaf_count);
    });
}
// Of a tensor that is empty yet all or nothing is taken.
template <class M>
void keep_empty_ones_whole(M& net, files::fitted& found, files::misfits& wrong) {
    for_each_with_slots(net, [&]<class Tensor>(std::string_view path, Tensor& t, std::size_t k) {
        auto const begin = found.there.begin() + static_cast<std::ptrdiff_t>(k), end = begin + Tensor::leaf_count;
        if (!t.empty() || std::count(begin, end, true) % Tensor::leaf_count == 0) return;
        std::fill(begin, end, false);
        wrong.refused.push_back(std::string(path) + ": the tensor is empty yet, and only a part of it is there");
    });
}
// Nothing is refused any more.
template <class M>
void write_slots(M& net, files::fitted const& found) {
    for_each_with_slots(net, [&]<class Tensor>(std::string_view, Tensor& t, std::size_t k) {
        auto const begin = found.there.begin() + static_cast<std::ptrdiff_t>(k);
        if (std::find(begin, begin + Tensor::leaf_count, true) == begin + Tensor::leaf_count) return;
        for (void* to : t.leaf_addresses_to_write()) {
            if (found.there[k]) std::ranges::copy(found.bytes[k], static_cast<std::byte*>(to));
            ++k;
        }
    });
}

// How far an array is from the set, where its nearest element is known.
template <class Set, class A>
std::string distance_from(A const& a) {
    if constexpr (nearest_in<Set>::known) {
        auto nearest = a;
        if (!make_nearest<Set>(nearest, true).ok()) return {};
        std::size_t worst = 0;
        auto const off = [&](std::size_t i) { return std::abs(a.data()[i] - nearest.data()[i]); };
        for (std::size_t i = 1; i < a.size(); ++i)
            if (off(i) > off(worst)) worst = i;
        char text[128];
        std::snprintf(text, sizeof text, "; the nearest element of its set differs by %.6g at element %zu (row-major)",
                      static_cast<double>(off(worst)), worst);
        return text;
    } else
        return {};
}

// The weights of parametrized tensors that stand in a dict under their own names.
struct plain_weights {
    std::vector<std::string> names;       // what is accounted for: theirs, and those of originals and state
    std::vector<std::string_view> taken;  // paths of those that can be assigned
    std::vector<std::string> refused;
};

// Assigns a tensor's weight, or answers why not. Where the file's numbers were rounded to fewer digits than the
// network's have, the weight is what the chain makes of it, within the tolerance of their type.
template <class Tensor>
std::string assign_weight(Tensor& t, io::tensor const& weight) {
    using value = typename Tensor::shape_type;
    using T = typename Tensor::value_type;
    if constexpr (!Tensor::assignable)
        return std::string(Tensor::traits::stage_without_right_inverse()) +
               ", a stage of its chain, has no right_inverse: load its originals instead";
    else {
        auto const shape = for_file(value::value);
        std::vector<std::byte> bytes;
        if (weight.shape != shape)
            return "expected " + files::description(io::dtype_of<T>, shape) + ", found " +
                   files::description(weight.type, weight.shape);
        if (std::string const failed = files::convert(weight, io::dtype_of<T>, bytes); !failed.empty()) return failed;
        auto a = make_container<value, T>();
        std::ranges::copy(bytes, reinterpret_cast<std::byte*>(a.data()));
        static_assert(static_cast<T>(files::membership_tolerance(io::dtype_of<T>)) == assignment_tolerance<T>);
        using set = typename Tensor::chain_type::codomain;
        double const tolerance = files::membership_tolerance(weight.type);
        try {
            t = a;
        } catch (error const& e) {
            std::string says = e.what();
            bool const distance = says.find(" at element ") != says.npos || says.find(": element ") != says.npos;
            says += distance ? "" : distance_from<set>(a);
            if (!(static_cast<T>(tolerance) > assignment_tolerance<T>)) return says;
            Tensor projected = t;
            if (projected.try_project(a).ok() &&
                !refuse_other_value<set>(projected().data(), a.data(), value::value, 0, tolerance)) {
                t = std::move(projected);
                return {};
            }
            char text[16];
            std::snprintf(text, sizeof text, "%g", tolerance);
            return says + "; the tolerance is " + text + " of the largest element, that of " +
                   std::string(files::name_of(weight.type));
        }
        return {};
    }
}
template <class M>
plain_weights try_plain_weights(M& net, io::tensor_dict const& from) {
    plain_weights made;
    for_each_path(net, [&]<fixed_string Path, class Tensor>(Tensor& t) {
        if constexpr (Tensor::parametrized) {
            std::string const path(Path.view()), older(older_ending<Tensor>(0));
            if (!from.contains(path) || from.contains(original_name<Tensor>(path, 0)) ||
                (!older.empty() && from.contains(path + older)))
                return;
            made.names.push_back(path);
            Tensor::for_each_index([&](auto i) { made.names.push_back(original_name<Tensor>(path, i)); });
            Tensor::for_each_state(
                [&]<class State>(auto stage, auto, State) { made.names.push_back(state_name<State>(path, stage())); });
            Tensor trial = t;
            std::string const failed = assign_weight(trial, from.at(path));
            if (failed.empty())
                made.taken.push_back(Path.view());
            else
                made.refused.push_back(path + ": " + failed);
        }
    });
    return made;
}
// Those that could be assigned; an assignment gives the same each time.
template <class M>
void assign_plain_weights(M& net, io::tensor_dict const& from, plain_weights const& weights) {
    for_each_path(net, [&]<fixed_string Path, class Tensor>(Tensor& t) {
        if constexpr (Tensor::parametrized)
            if (std::find(weights.taken.begin(), weights.taken.end(), Path.view()) != weights.taken.end())
                throw_if_failed(assign_weight(t, from.at(Path.view())));
    });
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
