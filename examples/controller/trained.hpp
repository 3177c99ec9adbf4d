// Numbers of a network, 96 bytes; written by paramorph.
#pragma once

#if defined(PARAMORPH_READ_PARAMORPH) || defined(PARAMORPH_READ_EMBED)
#elif defined(PARAMORPH_ABI) && !defined(PARAMORPH_EMBED)
#include <paramorph/paramorph.hpp>
#else
#include <paramorph/embed.hpp>
#endif
#include "pendulum.hpp"

namespace trained {

using model = pendulum::controller;
inline constexpr paramorph::network_values<model> values{{
    0x1.539feap-1f, 0x1.53eb2ap-4f, 0x1.a404f2p-3f, 0x1.89a77ap-3f, 0x1.af4c2ep-2f, 0x1.088bbap-3f,
    0x1.3a22cap-2f, 0x1.489a9ap-3f, 0x1.1cec94p-2f, 0x1.59a4aap-3f, 0x1.8901cep-2f, 0x1.1e675p-3f,
    0x1.0883b2p-1f, 0x1.c6e24ap-4f, 0x1.262d7ap-1f, 0x1.917e7ep-4f, 0x1.c31b4p-2f, 0x1.77ceeap-2f,
    0x1.b6f606p-2f, 0x1.944dfep-2f, 0x1.818982p-2f, 0x1.9318d6p-2f, 0x1.b6d92p-2f, 0x1.b28eeap-2f,
}};
inline constexpr paramorph::frozen<values> network;

}  // namespace trained
