// Checkpoints of networks, under PyTorch's state_dict keys:
//
//     pm::save(net, "model.safetensors");              // safetensors.torch.save_file(net.state_dict(), ...)
//     pm::load(net, "model.safetensors");              // net.load_state_dict(load_file(...), strict=True)
//     pm::io::tensor_dict state = pm::state_dict(net);
//     pm::load_state_dict(net, state);
//     auto const r = pm::load(net, path, pm::relaxed); // what fits; r.missing, r.unexpected, r.refused, r.metadata
//     pm::load(net, path, pm::through_right_inverse);  // plain weights into a parametrized network
//     pm::save(pm::freeze(net), "values.safetensors"); // the values alone, "0.weight" of a parametrized one, too
//
// Keys: names.hpp. Originals and the state of stages are saved, not the values that they make, so that a parametrized
// network goes on where it was; an orthogonal weight has its base. As PyTorch does: householder's signs stand on the
// diagonal of its original, and beside running_mean and running_var stands num_batches_tracked, int64 [], which is what
// a buffer of that name holds, and where there is none is 0 in what is written and is accepted and not kept. Read too:
// the names that weight_norm and spectral_norm had before they were parametrizations (weight_g, weight_v; weight_orig,
// weight_u, weight_v).
//
// Loading is strict: every tensor that is missing, unexpected, of another shape or type is said in one pm::error, with
// expected and found, and then nothing has changed. With pm::relaxed what fits is loaded and the answer says the rest;
// a tensor that is empty yet is loaded whole or not at all. Into a float network go F32 as it is, F16 and BF16 exactly,
// and F64 rounded once to the nearest; a finite F64 that no float holds is refused. Into a double network all four go
// exactly. NaN and infinities are loaded as they are, but running statistics must be finite, and running_var not
// negative. Whether a weight is in the set of its chain follows from originals and state, which are not checked: those
// that training made are.
//
// pm::through_right_inverse: where the file has "0.weight" and the network "0.parametrizations.weight...", the weight
// is assigned (tensor.hpp). One outside of the set of its chain is refused, with how far it is from what the chain can
// make or from the nearest element of the set, and at which element. Numbers that the file has in fewer digits than the
// network computes in were rounded out of the set, so the tolerance is then that of the file's type, 2e-2 of the
// largest element for BF16, 2e-3 for F16, 1e-4 for F32 into a double network; the weight becomes
// forward(right_inverse(.)) of what the file has, an element of its set to the network's own digits.
//
// Errors: pm::error, as said; a const network and an unknown option are the compiler's. Cost: a copy of the numbers,
// and a string for each name; loading checks all of them before it writes one. Source: torch.nn.Module.state_dict,
// load_state_dict; safetensors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/io/slots.hpp"
#include "paramorph/io/tensor_dict.hpp"
#include "paramorph/nn/materialized.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of pm::load and pm::load_state_dict: what does not fit is left as it is, and the answer names it.
struct relaxed_loading {};
inline constexpr relaxed_loading relaxed{};
// Option of both: a weight of the file is assigned to the network's parametrized one, by the right_inverse of its
// chain.
struct loading_through_right_inverse {};
inline constexpr loading_through_right_inverse through_right_inverse{};

// What was not loaded, each by a sentence that begins with the tensor's name; `advice`, what to do, where names are
// missing and that is known; and the file's metadata.
struct load_report : files::misfits {
    io::text_map metadata;
    bool complete() const { return !any(); }
};

namespace detail {

template <class Wanted, class... Options>
inline constexpr bool has_option = (std::is_same_v<Wanted, Options> || ...);
template <class Net, class... Options>
constexpr void check_load() {
    static_assert(!std::is_const_v<Net>, "load: the network is const, and loading changes it");
    static_assert(
        ((std::is_same_v<Options, relaxed_loading> || std::is_same_v<Options, loading_through_right_inverse>) && ...),
        "load: an option must be pm::relaxed or pm::through_right_inverse");
}

template <class M>
std::vector<files::slot> slots_of_values(materialized<M> const& net) {
    std::vector<files::slot> made;
    auto const at = net.addresses();
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor const&) {
        made.push_back({std::string(Path.view()), io::dtype_of<typename Tensor::value_type>,
                        for_file(Tensor::shape_type::value), at[made.size()]});
    });
    return made;
}

// `called` begins the error.
template <class M, class... Options>
load_report load_network(M& net, io::tensor_dict const& from, std::string const& called, Options...) {
    load_report r;
    r.metadata = from.metadata();
    plain_weights weights;
    if constexpr (has_option<loading_through_right_inverse, Options...>) weights = try_plain_weights(net, from);
    auto const slots = slots_of(net);
    files::fitted found;
    files::fit(slots, from.contents().tensors, weights.names, found, r);
    r.refused.insert(r.refused.end(), weights.refused.begin(), weights.refused.end());
    keep_empty_ones_whole(net, found, r);
    if (!has_option<relaxed_loading, Options...> && !r.complete())
        throw error(printable(called) + " does not fit the network; nothing was changed:" + files::listed(r));
    write_slots(net, found);
    if constexpr (has_option<loading_through_right_inverse, Options...>) assign_plain_weights(net, from, weights);
    return r;
}

}  // namespace detail

// Its originals, buffers and state, copied.
template <module M>
io::tensor_dict state_dict(M const& net) {
    files::contents c;
    files::gather(detail::slots_of(net), true, c);
    return io::tensor_dict(std::move(c));
}

template <module M, class... Options>
load_report load_state_dict(M& net, io::tensor_dict const& from, Options... o) {
    detail::check_load<M, Options...>();
    if constexpr (std::is_const_v<M>)
        return {};
    else
        return detail::load_network(net, from, "load_state_dict: the state_dict", o...);
}

// Metadata: text by name; {"format", "pt"}, which PyTorch's readers look for, unless other is given.
template <module M>
void save(M const& net, std::string const& path, io::text_map metadata = {{"format", "pt"}}) {
    files::contents c;
    c.metadata = std::move(metadata);
    files::gather(detail::slots_of(net), false, c);
    detail::throw_if_failed(files::write(path, c));
}

// Of a frozen network the value of each tensor under its path, "0.weight", as a network without parametrizations has
// it.
template <class M>
io::tensor_dict state_dict(materialized<M> const& net) {
    files::contents c;
    files::gather(detail::slots_of_values(net), true, c);
    return io::tensor_dict(std::move(c));
}
template <class M>
void save(materialized<M> const& net, std::string const& path, io::text_map metadata = {{"format", "pt"}}) {
    files::contents c;
    c.metadata = std::move(metadata);
    files::gather(detail::slots_of_values(net), false, c);
    detail::throw_if_failed(files::write(path, c));
}

template <module M, class... Options>
load_report load(M& net, std::string const& path, Options... o) {
    detail::check_load<M, Options...>();
    if constexpr (std::is_const_v<M>)
        return {};
    else
        return detail::load_network(net, io::read(path), "load: " + path, o...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
