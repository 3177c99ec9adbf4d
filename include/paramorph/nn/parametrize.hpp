// Parametrizing, and undoing it, after the fact, on any module: a layer of the library, a network, a user's own struct.
//
//     using later = pm::parametrize<pm::nn::linear<5, 5>, pm::weight<symmetric>>;   // the type
//     auto layer = pm::register_parametrization<pm::weight<symmetric>>(plain);      // the value
//     auto plain = pm::remove_parametrizations<"weight">(layer, pm::leave_parametrized);
//     using before = pm::unparametrized<later>;
//
// `pm::at<"0.scale", stages...>` parametrizes the tensor at a path, `pm::weight<...>` and `pm::bias<...>` those of
// these names, `pm::at<"weight.original1", ...>` an original of a parametrized one. Stages are appended to a chain that
// is already there. What a function is given stays as it is.
//
// register_parametrization sets the originals to right_inverse of the value, as PyTorch does: a value that the new
// chain can make is kept, any other one becomes forward(right_inverse(value)), the symmetric matrix of the upper
// triangle, say. `pm::keep` asks for more: it throws pm::error if the new chain cannot make the value. Without a
// right_inverse the original is the value itself (of a tensor that is parametrized already: the originals stay).
// `pm::leave_original` leaves the numbers in any case, which then are originals of another value.
//
// Of a user's own struct the type stays, and the named tensors are laid over: pm::get<"scale">(m) is the parametrized
// tensor, and m.module.scale is empty.
//
// Source: torch.nn.utils.parametrize: register_parametrization, remove_parametrizations, is_parametrized,
// type_before_parametrizations, transfer_parametrizations_and_params.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/parametrized_type.hpp"
#include "paramorph/nn/register_parametrization.hpp"
#include "paramorph/nn/remove_parametrizations.hpp"
#include "paramorph/nn/transfer_parametrizations.hpp"
