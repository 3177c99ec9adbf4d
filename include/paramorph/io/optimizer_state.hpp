// What else a training needs to go on bit for bit: the state of an optimizer, and of a pm::random.
//
//     pm::save(optimizer, "adam.safetensors");        // or pm::state_dict(optimizer), in one file: tensor_dict.hpp
//     pm::load(optimizer, "adam.safetensors");        // an optimizer of the same network type
//
// By the names of the originals, so that no two are mistaken for each other: "0.bias.exp_avg", "0.bias.exp_avg_sq",
// "0.bias.step" of adam and adamw, with amsgrad "0.bias.max_exp_avg_sq", "0.bias.momentum_buffer" of sgd, once it has
// momentum, and whether it has begun, "0.bias.square_avg" of rmsprop, "0.bias.grad_variance" where it is centered;
// steps are int64; "decoupled_weight_decay" of adamw is true, and
// of adam false. The options of each original come back as well, as torch.optim's do, "0.bias.learning_rate" in
// float64, and "learning_rate_factor": to go on with others, say so after loading, `optimizer.group<"">({.learning_rate
// = 1e-4})`. A pm::random has "state". Loading is strict. Errors: pm::error, which names the tensors that are missing,
// unexpected or another, a mean of squares that is negative, a moment that is not finite, or the kind of optimizer
// whose state it is; nothing is changed. Cost: a copy of the state. Source: torch.optim.Optimizer.state_dict,
// load_state_dict.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <span>

#include "paramorph/core/random.hpp"
#include "paramorph/io/slots.hpp"
#include "paramorph/io/tensor_dict.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/rmsprop.hpp"
#include "paramorph/optim/sgd.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class X>
inline constexpr std::string_view optimizer_name{};
template <class M>
inline constexpr std::string_view optimizer_name<optim::adam<M>> = "adam";
template <class M>
inline constexpr std::string_view optimizer_name<optim::adamw<M>> = "adamw";
template <class M>
inline constexpr std::string_view optimizer_name<optim::rmsprop<M>> = "rmsprop";
template <class M>
inline constexpr std::string_view optimizer_name<optim::sgd<M>> = "sgd";
template <class X>
concept is_optimizer = !optimizer_name<X>.empty();

// Whose state it is, or nothing where it is none. Older files do not tell adam and adamw apart.
inline std::string writer_of(io::tensor_dict const& state) {
    auto const any = [&](std::string_view end) {
        return std::any_of(state.begin(), state.end(), [=](auto const& t) { return t.name.ends_with(end); });
    };
    if (!state.contains("learning_rate_factor")) return {};
    if (any(".exp_avg")) {
        if (!state.contains("decoupled_weight_decay")) return "adam or adamw";
        auto const decoupled = state.values<bool>("decoupled_weight_decay");
        return decoupled.size() == 1 && decoupled[0] ? "adamw" : "adam";
    }
    if (any(".square_avg") || any(".grad_variance")) return "rmsprop";
    return any(".momentum") ? "sgd" : "";
}

// Means of squares are not negative, and what moments hold is finite: another number would stay in them for good.
inline files::takes taken_as_state(std::string_view name) {
    for (std::string_view const end : {".exp_avg_sq", ".max_exp_avg_sq", ".square_avg", ".grad_variance"})
        if (name.ends_with(end)) return files::takes::nonnegative;
    for (std::string_view const end : {".exp_avg", ".grad_avg", ".momentum_buffer"})
        if (name.ends_with(end)) return files::takes::finite;
    return files::takes::any;
}

template <class Optimizer>
std::vector<files::slot> slots_of_optimizer(Optimizer& o) {
    std::vector<files::slot> made;
    o.for_each_state([&]<class T>(std::string name, std::span<T> numbers, extents const& shape, bool newer = false) {
        made.push_back({std::move(name), io::dtype_of<T>, for_file(shape), numbers.data()});
        made.back().optional = newer || std::is_same_v<T, bool>;  // what older files do not have
        made.back().numbers = taken_as_state(made.back().name);
    });
    return made;
}

}  // namespace detail

template <class Optimizer>
    requires detail::is_optimizer<Optimizer>
io::tensor_dict state_dict(Optimizer const& o) {
    Optimizer copy = o;  // the walk is one that can write
    files::contents c;
    files::gather(detail::slots_of_optimizer(copy), true, c);
    return io::tensor_dict(std::move(c));
}
template <class Optimizer>
    requires detail::is_optimizer<Optimizer>
void load_state_dict(Optimizer& o, io::tensor_dict const& from,
                     std::string const& called = "load_state_dict: the state_dict") {
    std::string const writer = detail::writer_of(from), reader(detail::optimizer_name<Optimizer>);
    if (!writer.empty() && writer != reader && !(writer == "adam or adamw" && reader.starts_with("adam")))
        throw error(detail::printable(called) + " was written by " + writer + ", and " + reader +
                    " reads it: one cannot go on with the state of the other; load it into pm::optim::" + writer +
                    ", or begin " + reader + " anew. Nothing was changed");
    Optimizer next = o;
    next.reserve_state([&](std::string_view end) {
        return std::any_of(from.begin(), from.end(), [&](auto const& t) { return t.name.ends_with(end); });
    });
    auto const slots = detail::slots_of_optimizer(next);
    auto const found_in = [&](files::slot const& s) {
        return std::any_of(from.begin(), from.end(), [&](auto const& t) { return t.name == s.name; });
    };
    files::fitted found;
    files::misfits wrong;
    files::fit(slots, from.contents().tensors, {}, found, wrong);
    if (!slots.empty() && from.size() > 0 && std::none_of(slots.begin(), slots.end(), found_in))
        throw error(detail::printable(called) + " holds no state of this optimizer, whose first tensor is " +
                    slots.front().name + ", but others, the first of which is " +
                    detail::printable((*from.begin()).name) + ": " +
                    (wrong.advice.empty()
                         ? "give the file of the optimizer; that of a network is loaded by pm::load(network, path)"
                         : wrong.advice) +
                    ". Nothing was changed");
    if (wrong.any())
        throw error(detail::printable(called) +
                    " does not fit the optimizer; nothing was changed:" + files::listed(wrong));
    std::size_t k = 0;
    next.for_each_state([&]<class T>(std::string const&, std::span<T> numbers, extents const&, bool = false) {
        std::ranges::copy(found.bytes[k], std::as_writable_bytes(numbers).begin());
        ++k;
    });
    next.check_state();
    o = std::move(next);
}

inline io::tensor_dict state_dict(random const& numbers) {
    io::tensor_dict made;
    made.insert("state", std::bit_cast<std::int64_t>(numbers.state()));
    return made;
}
inline void load_state_dict(random& numbers, io::tensor_dict const& from) {
    auto const state = from.values<std::int64_t>("state");
    if (state.size() != 1 || from.size() != 1)
        throw error("load_state_dict: a random has one tensor, state, I64 []; nothing was changed");
    numbers = random(std::bit_cast<std::uint64_t>(state.front()));
}

template <class X>
    requires(detail::is_optimizer<X> || std::is_same_v<X, random>)
void save(X const& x, std::string const& path) {
    save(state_dict(x), path);
}
template <class X>
    requires(detail::is_optimizer<X> || std::is_same_v<X, random>)
void load(X& x, std::string const& path) {
    if constexpr (detail::is_optimizer<X>)
        load_state_dict(x, io::read(path), "load: " + path);
    else
        load_state_dict(x, io::read(path));
}

}  // namespace paramorph::inline PARAMORPH_ABI
