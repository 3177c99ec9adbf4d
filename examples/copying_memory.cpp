// The task that orthogonal recurrent networks are known by: ten symbols out of eight are shown, then T blanks, the last
// of which is a marker, and then they have to be said in order, with nothing but blanks to read. A network that
// remembers nothing says blanks and guesses: a loss of 10 log(8) / (T + 20).
//
// h = modrelu(W h + U x) with W orthogonal, an exponential of a skew matrix, neither forgets nor explodes. It learns
// the task; an LSTM of as many states, trained by the same steps, stays at the guess. Both losses are drawn as curves.
//
//     copying_memory [--seeds N] [--steps N] [--svg FILE] [--csv FILE]
//
// Exit status 0 if the loss of every seed is at most 0.06 after 400 steps; after fewer of them, if it fell below the
// guess where 100 or more were made. Sources: Hochreiter and Schmidhuber 1997; Arjovsky, Shah and Bengio 2016, "Unitary
// evolution recurrent neural networks", for the task and modrelu; Lezcano-Casado and Martinez-Rubio 2019, "Cheap
// orthogonal constraints in neural networks", for the exponential.
//
// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

namespace {

constexpr int blanks = 50, symbols = 10, steps = blanks + 2 * symbols, batch = 32, hidden = 64;
constexpr int words = 10, blank = 8, marker = 9;  // eight symbols, and these two

struct modrelu_cell {  // keeps the sign, and takes something from the size, or adds to it
    constexpr auto operator()(auto h, auto x, auto w, auto b) const {
        auto const z = pm::matmul(h, w) + x;
        auto const next = pm::sign(z) * pm::relu(pm::abs(z) + b);
        return std::tuple{next, next};
    }
};

struct orthogonal_memory {
    pm::nn::embedding<words, hidden> input;
    pm::tensor<pm::shape<hidden, hidden>, pm::chain<pm::param::orthogonal<pm::param::orthogonal_map::matrix_exp>>>
        rotation;
    pm::tensor<pm::shape<hidden>> bias{pm::full(0)};
    pm::nn::linear<hidden, words> output;
    constexpr auto forward(auto read) const {  // int32 [steps * batch], a step after the other
        auto const xs = pm::reshape<pm::shape<steps, batch, hidden>>(input(read));
        auto const h0 = pm::select<0, 0>(xs) * 0.0;
        auto const [last, ys] = pm::scan(modrelu_cell{}, h0, xs, rotation, bias);
        return output(pm::reshape<pm::shape<steps * batch, hidden>>(ys));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

struct lstm_memory {
    pm::nn::embedding<words, words> input;
    pm::nn::lstm<words, hidden> recurrent;
    pm::nn::linear<hidden, words> output;
    constexpr auto forward(auto read) const {
        auto const [ys, h, c] = recurrent(pm::reshape<pm::shape<steps, batch, words>>(input(read)));
        return output(pm::reshape<pm::shape<steps * batch, hidden>>(ys));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(orthogonal_memory, input, rotation, bias, output);
BOOST_HANA_ADAPT_STRUCT(lstm_memory, input, recurrent, output);

namespace {

using labels = xt::xtensor_fixed<std::int32_t, xt::xshape<steps * batch>>;

// What is read and what is to be said at each step, of one sequence beside the other.
void draw(pm::random& source, labels& read, labels& said) {
    read.fill(blank);
    said.fill(blank);
    for (std::size_t b = 0; b < batch; ++b) {
        for (std::size_t k = 0; k < symbols; ++k)
            read(k * batch + b) = said((blanks + symbols + k) * batch + b) = static_cast<std::int32_t>(source.below(8));
        read((blanks + symbols - 1) * batch + b) = marker;
    }
}

// The losses of a training.
template <class Network>
std::vector<double> train(std::uint64_t seed, int count) {
    auto net = pm::make<Network>(pm::seed{seed});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::cross_entropy(n(x), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-3}};
    pm::random source{pm::seed{1000 + seed}};
    labels read, said;
    std::vector<double> losses;
    for (int k = 0; k < count; ++k) {
        draw(source, read, said);
        auto& [value, gradient] = step(read, said);
        optimizer.step(gradient);
        losses.push_back(double(value));
    }
    return losses;
}
// The mean of the last ten.
double last_of(std::vector<double> const& losses) {
    double total = 0;
    std::size_t const n = std::min<std::size_t>(10, losses.size());
    for (std::size_t k = losses.size() - n; k < losses.size(); ++k) total += losses[k] / double(n);
    return total;
}

// A curve for each training, and a line for the guess.
void write_svg(char const* path, std::vector<std::vector<double>> const& ours, std::vector<double> const& lstm,
               double guess) {
    std::ofstream file(path);
    double const most = 0.6;
    file << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\" font-family=\"sans-serif\" "
            "font-size=\"14\">\n<rect width=\"640\" height=\"400\" fill=\"white\"/>\n";
    auto const x_of = [&](std::size_t k) { return 60 + 560.0 * double(k) / double(lstm.size()); };
    auto const y_of = [&](double loss) { return 350 - 320 * std::min(loss, most) / most; };
    for (int k = 0; k <= 6; ++k)
        file << "<path d=\"M60 " << y_of(0.1 * k) << "H620\" stroke=\"#ddd\"/><text x=\"52\" y=\"" << y_of(0.1 * k) + 5
             << "\" text-anchor=\"end\">0." << k << "</text>\n";
    auto const curve = [&](std::vector<double> const& losses, char const* colour) {
        file << "<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"" << colour << "\" points=\"";
        for (std::size_t k = 0; k < losses.size(); ++k) file << x_of(k) << ',' << y_of(losses[k]) << ' ';
        file << "\"/>\n";
    };
    for (auto const& losses : ours) curve(losses, "#1f6fb4");
    curve(lstm, "#c8501e");
    file << "<path d=\"M60 " << y_of(guess) << "H620\" stroke=\"black\" stroke-dasharray=\"4\"/>\n"
         << "<text x=\"610\" y=\"" << y_of(guess) - 22 << "\" text-anchor=\"end\" fill=\"#c8501e\">LSTM</text>\n"
         << "<text x=\"610\" y=\"" << y_of(guess) + 18
         << "\" text-anchor=\"end\">memoryless: 10 ln 8 / (T + 20)</text>\n"
         << "<text x=\"610\" y=\"" << y_of(last_of(ours[0])) - 22
         << "\" text-anchor=\"end\" fill=\"#1f6fb4\">orthogonal weight</text>\n"
         << "<text x=\"340\" y=\"385\" text-anchor=\"middle\">cross-entropy after " << lstm.size()
         << " steps, T = " << blanks << "</text>\n</svg>\n";
}

}  // namespace

int main(int count, char** words_of) {
    int seeds = 5, made = 400;
    char const *svg = nullptr, *csv = nullptr;
    for (int k = 1; k < count; k += 2) {
        std::string_view const option = words_of[k];
        bool const known = option == "--seeds" || option == "--steps" || option == "--svg" || option == "--csv";
        if (!known || k + 1 == count) {
            std::fprintf(stderr, "copying_memory [--seeds N] [--steps N] [--svg FILE] [--csv FILE]\n");
            return 2;
        }
        if (option == "--seeds") seeds = std::max(1, std::atoi(words_of[k + 1]));
        if (option == "--steps") made = std::max(1, std::atoi(words_of[k + 1]));
        if (option == "--svg") svg = words_of[k + 1];
        if (option == "--csv") csv = words_of[k + 1];
    }
    double const guess = symbols * std::log(8.0) / steps, bar = made >= 400 ? 0.06 : made >= 100 ? guess : 10;
    int learned = 0;
    std::vector<std::vector<double>> ours;
    for (int seed = 1; seed <= seeds; ++seed) {
        auto const begin = std::chrono::steady_clock::now();
        ours.push_back(train<orthogonal_memory>(static_cast<std::uint64_t>(seed), made));
        double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        double const last = last_of(ours.back());
        learned += last <= bar;
        std::printf("orthogonal, seed %d: loss %.4f after %d steps, %.1f ms a step\n", seed, last, made,
                    1e3 * seconds / made);
        std::fflush(stdout);
    }
    auto const lstm = train<lstm_memory>(1, made);
    std::printf("LSTM: loss %.4f; memoryless: %.4f; %d of %d seeds reach %.3f\n", last_of(lstm), guess, learned, seeds,
                bar);
    if (svg != nullptr) write_svg(svg, ours, lstm, guess);
    if (csv != nullptr) {
        std::ofstream file(csv);
        for (std::size_t k = 0; k < lstm.size(); ++k) {
            for (auto const& losses : ours) file << losses[k] << ',';
            file << lstm[k] << '\n';
        }
    }
    return learned == seeds ? 0 : 1;
}
