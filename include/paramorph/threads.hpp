// One call on several threads: pm::run with an executor, of a program; pm::on_threads, of a network; and
// pm::thread_pool. It stands beside paramorph.hpp, whose programs need no <thread>.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "threads.hpp: embed.hpp is included before it in this file; threads are for the host"
#else

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/core/thread_pool.hpp"
#include "paramorph/kernel/run_shared.hpp"
#include "paramorph/nn/on_threads.hpp"

#include "paramorph/core/macros_back.hpp"

#endif
