// paramorph: parametrized tensors as C++ types. The umbrella for the host; inputs and values are xtensor containers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/explain.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/remove_parametrizations.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/skew.hpp"
#include "paramorph/param/symmetric.hpp"
