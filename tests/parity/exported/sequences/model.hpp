// PyTorch's LSTM as a type, written by export_torch.py. Its numbers are in model.safetensors:
//
//     model net;
//     pm::load(net, "model.safetensors");  // paramorph/io.hpp
#pragma once

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

namespace sequences {

using model = pm::nn::lstm<3, 4, pm::bidirectional, pm::batch_first>;

}  // namespace sequences
