// `fake_quantize float NAME ROWS COLUMNS`: fake_quantize by the kernels in float, which is what PyTorch has; the
// protocol is that of ready_made.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/fake_quantize.hpp>

#include "ready_made.hpp"

int main(int count, char** words) {
    namespace param = paramorph::param;
    if (count != 5) return 2;
    std::string_view const name = words[2];
    auto const serve = [&]<class P>(char const* called, P) {
        return name == called && (ready_made::serve<float, P, paramorph::shape<5, 12>>(), true);
    };
    return serve("per_tensor_8", param::fake_quantize<8>{}) || serve("per_channel_4", param::fake_quantize<4, 0>{}) ||
                   serve("per_column_8", param::fake_quantize<8, 1>{}) ||
                   serve("learned_per_tensor_3", param::learned_fake_quantize<3>{}) ||
                   serve("learned_per_channel_8", param::learned_fake_quantize<8, 0>{})
               ? 0
               : 2;
}
