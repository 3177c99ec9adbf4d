"""Modules that export.py exports: MODULES, name: function that gives (module, example input, options of export). The first
ones are STORED, with numbers that do not come from a generator.
SPDX-License-Identifier: BSL-1.0
"""

import collections
import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrize, prune, spectral_norm as spectral_norm_hook, weight_norm as weight_norm_hook
from torch.nn.utils.parametrizations import orthogonal, spectral_norm

register = parametrize.register_parametrization
MODULES, STORED, TRAINED = {}, [], []


def case(stored=False, trained=False):
    def note(function):
        MODULES[function.__name__] = function
        if stored:
            STORED.append(function.__name__)
        if trained:
            TRAINED.append(function.__name__)
        return function

    return note


def moved(module, by=0.3):
    """Its parameters, where an optimizer could have them."""
    with torch.no_grad():
        for p in module.parameters():
            p.add_(torch.randn_like(p) * by)
    return module


def filled(module):
    """Parameters and buffers of numbers that every version of PyTorch gives."""
    with torch.no_grad():
        for k, p in enumerate([*module.parameters(), *module.buffers()]):
            if p.is_floating_point():
                p.copy_(0.5 * torch.sin(1.3 * torch.arange(p.numel()) + k).reshape(p.shape))
        for name, b in module.named_buffers():
            if name.endswith("running_var"):
                b.abs_().add_(0.5)
    return module


def rows(*shape):
    return torch.cos(0.7 * torch.arange(math.prod(shape))).reshape(shape)


# Parametrizations of one's own.
class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)

    def right_inverse(self, a):
        return a.triu()


class Skew(nn.Module):
    def forward(self, x):
        a = x.triu(1)
        return a - a.mT


class Cayley(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer("eye", torch.eye(n))

    def forward(self, a):
        return torch.linalg.inv(self.eye + a) @ (self.eye - a)


class Scaled(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * torch.tanh(x)


class RankOne(nn.Module):
    def forward(self, x, y):
        return x.unsqueeze(-1) * y.unsqueeze(0)

    def right_inverse(self, w):
        return w[:, 0].clone(), w[0].clone()


class NormAndDirection(nn.Module):
    """As torch.nn.utils.parametrizations.weight_norm, which older PyTorch lacks."""

    def forward(self, g, v):
        return torch._weight_norm(v, g, 0)

    def right_inverse(self, w):
        return torch.norm_except_dim(w, 2, 0), w


class Masked(nn.Module):
    def __init__(self, mask):
        super().__init__()
        self.register_buffer("mask", mask)

    def forward(self, x):
        return x * self.mask

    def right_inverse(self, w):
        return w * self.mask


class Looped(nn.Module):
    """What torch.fx cannot trace."""

    def forward(self, x):
        while x.abs().max() > 1:
            x = x / 2
        return x


@case(stored=True, trained=True)
def chains():
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 4), nn.LeakyReLU(0.1), nn.Linear(4, 2, bias=False))
    register(net[2], "weight", Skew())
    register(net[2], "weight", Cayley(4))
    register(net[0], "bias", nn.Softplus())
    register(net[4], "weight", Scaled(0.5))
    return filled(net), rows(2, 3), {}


class SmallConvolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.bn = nn.BatchNorm2d(3)
        self.conv2 = nn.Conv2d(3, 3, 3, stride=2, groups=3, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(12, 2)

    def forward(self, x):
        x = self.relu(self.bn(self.conv1(x)))
        x = F.relu(self.conv2(x)) + F.avg_pool2d(x, 2)[:, :, :2, :2]
        x = x.view(x.size(0), -1)
        return self.fc(self.dropout(x))


@case(stored=True)
def convolutions():
    return filled(SmallConvolutions()), rows(2, 1, 6, 6), {}


@case(stored=True, trained=True)
def sequences():
    return filled(nn.LSTM(3, 4, batch_first=True, bidirectional=True)), rows(2, 5, 3), {}


@case(trained=True)
def orthogonal_in_training():
    net = nn.Sequential(orthogonal(nn.Linear(3, 3)), orthogonal(nn.Linear(3, 2)))
    with torch.no_grad():
        net[0].parametrizations.weight.original.add_(torch.randn(3, 3) * 0.3)
    return net.double(), torch.randn(2, 3, dtype=torch.float64), {}  # matrix_exp of PyTorch's in float is off by 1e-5


@case()
def orthogonal_maps():
    layers = []
    for name in ("matrix_exp", "cayley", "householder"):
        for sizes in ((4, 4), (4, 6), (6, 4)):
            layers.append(orthogonal(nn.Linear(*sizes), orthogonal_map=name))
    layers += [orthogonal(nn.Linear(4, 4)), orthogonal(nn.Linear(4, 3))]
    net = nn.Sequential(*layers)
    with torch.no_grad():
        for k in (0, 1, 2, 3, 4, 5, 9):
            layers[k].parametrizations.weight.original.add_(torch.randn_like(layers[k].weight) * 0.3)
        for k in (6, 7, 8, 10):  # the diagonal has signs
            x = layers[k].parametrizations.weight.original
            lower = torch.randn_like(x) * 0.3
            x.add_(lower.tril(-1) if len(x) >= len(x[0]) else lower.triu(1))
    return net, torch.randn(3, 4), {}


@case()
def orthogonal_without_base():
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 6), nn.Linear(6, 3), nn.Linear(3, 3), nn.Linear(3, 5))
    for layer, name in zip(net, ("matrix_exp", "cayley", "householder", "cayley", "householder")):
        orthogonal(layer, orthogonal_map=name, use_trivialization=False)
    return net, torch.randn(3, 4), {}


@case(trained=True)
def spectral():
    net = nn.Sequential(
        spectral_norm(nn.Linear(3, 4)),
        spectral_norm(nn.Linear(4, 4), n_power_iterations=3, eps=1e-6),
        spectral_norm(nn.Linear(4, 4), name="bias"),
        nn.Unflatten(1, (2, 2)),
        spectral_norm(nn.ConvTranspose1d(2, 3, 2)),
    )
    return moved(net), torch.randn(5, 3), {}


@case()
def spectral_hooks():
    """In training the hook begins its power iteration with the other vector."""
    net = nn.Sequential(spectral_norm_hook(nn.ConvTranspose1d(3, 2, 2)), spectral_norm_hook(nn.Conv1d(2, 3, 2), n_power_iterations=2))
    return moved(net), torch.randn(2, 3, 4), {}


@case(trained=True)
def weight_norms():
    net = nn.Sequential(
        weight_norm_hook(nn.Linear(3, 4)),
        weight_norm_hook(nn.Linear(4, 5), dim=None),
        weight_norm_hook(nn.Linear(5, 4), dim=1),
        nn.Linear(4, 3),
    )
    register(net[3], "weight", NormAndDirection())
    return moved(net), torch.randn(5, 3), {"stages": {"NormAndDirection": "pm::param::weight_norm<>"}}


@case()
def nested():
    net = nn.Sequential(nn.Linear(4, 4), nn.ELU(0.5), nn.Linear(4, 4), nn.Linear(4, 3))
    register(net[0], "weight", Symmetric())
    register(net[0].parametrizations.weight, "original", Scaled(0.7))
    register(net[2], "weight", NormAndDirection())
    register(net[2].parametrizations.weight, "original0", nn.Softplus())
    register(net[2].parametrizations.weight, "original1", Symmetric())
    register(net[2].parametrizations.weight, "original1", Scaled(1.5))
    register(net[3], "weight", Scaled(2.0))
    register(net[3], "weight", Masked(torch.tensor([[1.0, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 0]])))
    return moved(net), torch.randn(2, 4), {"stages": {"NormAndDirection": "pm::param::weight_norm<>"}}


class OwnTensors(nn.Module):
    def __init__(self):
        super().__init__()
        self.matrix = nn.Parameter(torch.randn(4, 3))
        self.other = nn.Parameter(torch.randn(3, 3))
        self.gain = nn.Parameter(torch.tensor(1.5))
        self.register_buffer("shift", torch.randn(3))
        self.register_parameter("none", None)

    def forward(self, x):
        y = x @ self.matrix
        return torch.addmm(self.shift, y, self.other.T) * self.gain + y.mean(dim=-1, keepdim=True)


@case(trained=True)
def originals():
    net = OwnTensors()
    register(net, "matrix", RankOne())
    register(net, "other", Symmetric())
    register(net, "shift", Scaled(3.0))
    return moved(net), torch.randn(2, 4), {}


@case()
def filters():
    net = nn.Sequential(
        nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2),
        nn.Conv1d(6, 6, 2, padding="same", dilation=2),
        nn.MaxPool1d(3, 2, 1, ceil_mode=True),
        nn.ConvTranspose1d(6, 4, 3, stride=2, output_padding=1),
        nn.AvgPool1d(2, padding=1, count_include_pad=False),
        nn.AdaptiveAvgPool1d(6),
        nn.Unflatten(2, (2, 3)),
        nn.Conv2d(4, 8, (2, 3), padding=(1, 2), stride=(1, 2), padding_mode="zeros"),
        nn.MaxPool2d((2, 1), stride=1),
        nn.ConvTranspose2d(8, 2, (3, 2), stride=2, padding=(1, 0)),
        nn.AvgPool2d(2, 1),
        nn.AdaptiveAvgPool2d((None, 2)),
        nn.Flatten(),
    )
    return net, torch.randn(2, 4, 19), {}


@case()
def maxima():
    """Windows whose elements are apart, and adaptive ones; as modules and as functions."""

    class Maxima(nn.Module):
        def __init__(self):
            super().__init__()
            self.far = nn.MaxPool2d((3, 2), stride=(1, 2), padding=1, dilation=(2, 3), ceil_mode=True)
            self.rows = nn.AdaptiveMaxPool1d(4)
            self.planes = nn.AdaptiveMaxPool2d((None, 2))

        def forward(self, x, images):
            y = F.max_pool1d(x, 2, 1, dilation=4)
            return self.far(images), self.rows(y), self.planes(images), F.adaptive_max_pool2d(images, 3), F.adaptive_max_pool1d(x, 5)

    return Maxima(), (torch.randn(2, 3, 11), torch.randn(2, 2, 7, 6)), {}


@case()
def cells_and_layers():
    class Cells(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(3, 4, num_layers=2, proj_size=2, dropout=0.1)
            self.gru = nn.GRU(2, 4, batch_first=True, bias=False)
            self.rnn = nn.RNN(4, 3, nonlinearity="relu", bidirectional=True)
            self.cell = nn.GRUCell(6, 3)
            self.lstm_cell = nn.LSTMCell(3, 3)
            self.rnn_cell = nn.RNNCell(3, 2)

        def forward(self, x, h, state):
            h0 = torch.zeros(2, x.size(1), 2)
            y, (last, c) = self.lstm(x, (h0, torch.zeros(2, x.size(1), 4)))
            z, _ = self.gru(y.transpose(0, 1))
            r, h_n = self.rnn(z.permute(1, 0, 2), h)
            a = self.cell(r[-1], state[0])
            hx, cx = self.lstm_cell(a, (state[0], state[1]))
            return self.rnn_cell(hx), cx, (last[-1], h_n.sum(0))

    x, h, state = torch.randn(5, 2, 3), torch.randn(2, 2, 3), (torch.randn(2, 3), torch.randn(2, 3))
    net = moved(Cells(), 0.1)
    orthogonal(net.cell, "weight_hh")
    return net, (x, h, state), {}


@case()
def norms():
    net = nn.Sequential(
        nn.BatchNorm1d(4, eps=1e-3, momentum=0.01),
        nn.GroupNorm(2, 4, eps=1e-4),
        nn.LayerNorm(6),
        nn.LayerNorm((4, 6), elementwise_affine=False, eps=1e-2),
        nn.InstanceNorm1d(4, affine=True),
        nn.BatchNorm1d(4, affine=False),
        nn.GLU(1),
        nn.PReLU(2),
        nn.Flatten(),
        nn.BatchNorm1d(12),
        nn.Softmax(dim=1),
    )
    net = moved(net)
    net(torch.randn(9, 4, 6))
    return net, torch.randn(3, 4, 6), {}


@case(trained=True)
def batch_norms():
    """In training, too."""
    net = nn.Sequential(nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3, momentum=0.3, eps=1e-4), nn.Conv2d(3, 2, 2), nn.Flatten(), nn.BatchNorm1d(8, momentum=None))
    net = moved(net)
    net(torch.randn(4, 1, 4, 4))
    return net, torch.randn(4, 1, 4, 4), {}


@case()
def activations():
    layers = [nn.Tanh(), nn.ReLU(), nn.Sigmoid(), nn.Softplus(), nn.GELU(), nn.SiLU(), nn.ELU(), nn.ELU(0.3), nn.LeakyReLU()]
    layers += [nn.GELU(approximate="tanh")]
    layers += [nn.Hardtanh(), nn.Hardtanh(-0.5, 2), nn.ReLU6(), nn.Hardsigmoid(), nn.Hardswish(), nn.Mish(), nn.PReLU(), nn.Identity()]

    class Every(nn.Module):
        def __init__(self):
            super().__init__()
            self.all = nn.ModuleList(layers)

        def forward(self, x):
            functions = [torch.tanh, F.relu, torch.sigmoid, F.softplus, F.gelu, F.silu, F.elu, F.leaky_relu, F.hardtanh, F.relu6]
            functions += [lambda v: F.gelu(v, approximate="tanh")]
            functions += [F.hardsigmoid, F.hardswish, F.mish, torch.exp, torch.cos, torch.sin, torch.erf, torch.square, torch.abs]
            y = torch.stack([layer(x) for layer in self.all])
            return y, torch.stack([f(x) for f in functions], dim=1), F.log_softmax(x, dim=-1), x.clamp(-1, 0.5), x.clamp(min=0.1)

    return Every(), torch.randn(3, 7) * 2, {}


class Attend(nn.Module):
    def __init__(self, width, batch_first):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, 2, batch_first=batch_first, dropout=0.1)
        self.norm = nn.LayerNorm(width)
        self.mlp = nn.Sequential(collections.OrderedDict(up=nn.Linear(width, 8), act=nn.GELU(), drop=nn.Dropout(0.1), down=nn.Linear(8, width)))
        self.register_buffer("mask", torch.full((5, 5), -torch.inf).triu(1))

    def forward(self, x):
        a, _ = self.attn(x, x, x, attn_mask=self.mask, need_weights=False)
        x = self.norm(x + a)
        return x + self.mlp(x)


@case()
def transformer():
    class Transformer(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Embedding(11, 6, padding_idx=0)
            self.positions = nn.Embedding(8, 6)
            self.blocks = nn.ModuleList([Attend(6, True), Attend(6, True)])
            self.heads = nn.ModuleDict({"first": nn.Linear(6, 3), "second": nn.Linear(6, 2, bias=False)})

        def forward(self, tokens):
            x = self.tokens(tokens) + self.positions(torch.arange(tokens.shape[1]))
            for block in self.blocks:
                x = block(x)
            return self.heads["first"](x), self.heads["second"](x[:, -1])

    return Transformer(), torch.randint(0, 11, (2, 5)), {}


@case()
def attention_by_time():
    return Attend(6, False), torch.randn(5, 3, 6), {}


@case()
def cross_attention():
    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.read, self.by_time = nn.MultiheadAttention(6, 3, batch_first=True), nn.MultiheadAttention(6, 2, bias=False)
            self.register_buffer("mask", torch.full((4, 5), -torch.inf).triu(2))

        def forward(self, x, memory):
            y = x + self.read(x, memory, memory, attn_mask=self.mask)[0]
            past = memory.transpose(0, 1)
            return y + self.by_time(y.transpose(0, 1), past, past + 1)[0].transpose(0, 1)

    return Decoder(), (torch.randn(2, 4, 6), torch.randn(2, 5, 6)), {}


class Block(nn.Module):
    def __init__(self, width, shrink=False):
        super().__init__()
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        self.shortcut = nn.Sequential() if not shrink else nn.Sequential(nn.Linear(width, width, bias=False))

    def forward(self, x, *, scale=1.0):
        y = F.dropout(torch.relu(self.first(x)), 0.1, self.training)
        return self.shortcut(x) + self.second(y) * scale


@case()
def by_fx():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.blocks = nn.Sequential(Block(6), Block(6), Block(6, shrink=True))
            self.head = nn.Linear(6, 4)
            self.body = nn.Sequential(nn.Linear(3, 3), nn.Tanh())
            self.block = Block(3)

        def forward(self, x, mask=None):
            if mask is not None:
                x = x * mask
            a, b = self.blocks(x).chunk(2, dim=-1)
            a = self.body(a) - self.block(b, scale=0.5) / math.sqrt(3)
            y = self.head(torch.cat((a, b), dim=1))
            y = torch.where(y > 0, y, 0.5 * y).pow(2) + 1
            z = F.linear(y, self.head.weight.t()).reshape(x.shape[0], 3, 2)
            w = z.flatten(1)[:, ::2].unsqueeze(1) @ z
            return w.squeeze(1).sum(dim=0), 1 - y.log() * 2 ** 0.5, -z[..., 1]

    return Net(), torch.randn(3, 6), {}


class Causal(nn.Module):
    def __init__(self, before, after, dilation):
        super().__init__()
        self.past = 2 * dilation
        self.conv = weight_norm_hook(nn.Conv1d(before, after, 3, dilation=dilation))

    def forward(self, x):
        return self.conv(F.pad(x, (self.past, 0)))


@case()
def causal():
    class Levels(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second, self.down = Causal(2, 4, 1), Causal(4, 4, 2), nn.Conv1d(2, 4, 1)
            self.chomped = nn.Conv1d(4, 4, 2, padding=1)
            self.cell = orthogonal(nn.RNNCell(4, 4), "weight_hh")
            self.lstm, self.begin = nn.LSTM(9, 4, batch_first=True), nn.Parameter(torch.randn(1, 1, 4))

        def forward(self, x):
            y = F.relu(self.second(F.relu(self.first(x))) + self.down(x))
            y = self.chomped(y)[:, :, :-1]
            h = y.new_zeros(y.size(0), 4)
            for t in range(3):
                h = self.cell(y[:, :, t], h)
            _, (last, state) = self.lstm(y, (self.begin.expand(-1, y.size(0), -1), torch.zeros(1, 2, 4)))
            z = torch.cat([y.new_zeros(2, 1, 9), y[:, :1]], dim=1) + torch.ones(3, 2, 1, 1)
            return y, h, last, state.mean(), z.reshape(6, 2, 9)

    return Levels(), torch.randn(2, 2, 9), {}


@case()
def statistics():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.gain, self.shift, self.inner = nn.Parameter(torch.randn(4)), nn.Parameter(torch.randn(4)), nn.Linear(4, 4)
            self.scale = torch.tensor(2.0)
            self.register_buffer("mask", torch.tensor([1.0, 0, 0, 1]))

        def forward(self, x):
            y = F.layer_norm(self.inner(x), (4,), self.gain, self.shift, 1e-3) * self.scale
            unit = F.normalize(y, dim=-1) + F.normalize(y, p=1, dim=0)
            spread = y.var(-1) + y.std(dim=1, unbiased=False) + torch.var(y, (0, 1)) + y.std()
            lengths = y.norm(dim=-1, keepdim=True) * torch.linalg.vector_norm(unit, math.inf, dim=1, keepdim=True) + y.norm()
            padded = F.pad(y, (1, 2))[:, 1:5] + F.pad(F.pad(y, (-1, 0, 0, 1)), (0, 1))[:-1]
            filled = y.masked_fill(y > 0, -2.5) + y.masked_fill(self.mask == 0, 1)
            return y - torch.logsumexp(y, -1, keepdim=True), unit, spread, lengths * torch.ones_like(lengths), padded, filled

    return moved(Net()), torch.randn(3, 4), {}


@case(trained=True)
def contractions():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.w, self.v, self.cube = nn.Parameter(torch.randn(4, 3)), nn.Parameter(torch.randn(4)), nn.Parameter(torch.randn(2, 3, 4))

        def forward(self, x, y):  # [2, 3, 4], [2, 4, 5]
            product = torch.einsum("bij,bjk->bik", x, y) + torch.einsum("...ij,...jk", x, y) + torch.bmm(x, y)
            pooled = torch.einsum("bij, ij -> b", x, self.w.t()) + torch.einsum("bij->b", x) + torch.einsum("bij,j,bik->b", x, self.v, product)
            outer = torch.einsum("i,j->ji", self.v, self.w[:, 0]) + torch.outer(self.v, self.v) + torch.einsum("ij->ji", self.w @ self.w.t())
            spread = torch.einsum("bij,cik->cbkj", x, self.cube) + torch.einsum("bij,j->bij", x, self.v)[:, None, :1]
            many = torch.einsum("bij,bjk,lmk,lm->ib", x, y, torch.einsum("lmn,no->lmo", self.cube, y[0]), self.cube[..., 0])
            whole = torch.einsum("bij,bij->", x, x) + torch.dot(self.v, self.v) + torch.einsum("ij,k->ij", self.w, self.v).sum()
            mixed = torch.baddbmm(product, x, y) + torch.lerp(product, product * 2, 0.3) + torch.addcmul(product, product, product, value=0.5)
            return product, pooled, outer, spread, many, whole + mixed.prod(-1)

    return Net(), (torch.randn(2, 3, 4) * 0.5, torch.randn(2, 4, 5) * 0.5), {}


@case()
def many_axes():
    """More than pm has, on the way."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv, self.up, self.shuffle = nn.Linear(6, 18), nn.Upsample(scale_factor=(3, 2)), nn.PixelShuffle(2)
            self.register_buffer("causal", torch.tril(torch.ones(4, 4)).view(1, 1, 4, 4))

        def forward(self, x):  # [2, 4, 6]
            q, k, v = self.qkv(x).reshape(2, 4, 3, 2, 3).permute(2, 0, 3, 1, 4)
            scores = (q @ k.transpose(-2, -1)).masked_fill(self.causal[:, :, :4, :4] == 0, float("-inf"))
            y = (F.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(2, 4, 6)
            image = y.view(2, 4, 2, 3)
            mixed = image.view(2, 2, 2, 2, 3).transpose(1, 2).contiguous().view(2, 4, 2, 3)
            windows = image.view(2, 2, 2, 2, 1, 3).permute(0, 1, 3, 2, 4, 5)[:, 1, ..., 2].flatten(1)
            a, b = image.unsqueeze(0).movedim(2, 0).unbind(2)
            tall = F.pixel_unshuffle(self.up(image), 2) + F.interpolate(image, (2, 3)).repeat(1, 4, 1, 1)[:, :, :, :1].expand(2, 16, 2, 1).mean()
            return self.shuffle(image), mixed, windows, a - b, tall, F.interpolate(y, scale_factor=2)

    return moved(Net()), torch.randn(2, 4, 6), {}


@case()
def copies_and_distances():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.linear = nn.Embedding(7, 4), nn.Linear(4, 4)
            self.alike, self.apart = nn.CosineSimilarity(dim=-1), nn.PairwiseDistance(p=1, keepdim=True)
            self.act = nn.Sequential(nn.CELU(0.7), nn.SELU(), nn.Softsign(), nn.Tanhshrink(), nn.LogSigmoid(), nn.Softmin(dim=-1))
            self.rnn = nn.GRU(4, 4, batch_first=True)

        def encode(self, tokens):
            return self.rnn(self.embedding(tokens))

        def forward(self, tokens, other):  # [2, 3]
            sequence, state = self.encode(tokens)
            last = self.embedding(tokens[:, -1])
            a, b = self.linear(last), self.embedding(tokens[:, 1:].unsqueeze(1)).squeeze(1)
            best, _ = sequence.max(dim=1)
            unread = self.linear(a) + 1  # which no warning may be of
            unread = unread * 2
            least = sequence.min(2, keepdim=True).values + b.max(dim=-1)[0].amin()
            distances = F.pairwise_distance(a, last), self.apart(a, last), self.alike(a, last), F.cosine_similarity(sequence, b[:, :1].expand(2, 3, 4), dim=2)
            copies = a.repeat(2, 3), a.repeat(2, 1, 1), torch.tile(a, (2,)), a.repeat_interleave(2, dim=0), a[:1].repeat(3, 1), a.repeat_interleave(3)
            return self.act(a), best + least[0, 0], distances, copies, torch.roll(sequence, (1, -1), (1, 2)), (sequence, state)

    return moved(Net(), 0.1), (torch.randint(0, 7, (2, 3)), torch.randn(2)), {}


@case()
def many_operations():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.slope, self.gain = nn.Parameter(torch.tensor([0.3, -0.2, 0.1])), nn.Parameter(torch.randn(3))
            self.pads = nn.Sequential(nn.ReflectionPad1d((2, 1)), nn.ReplicationPad1d(1), nn.ConstantPad1d((0, 2), 0.5))
            self.shrink = nn.Sequential(nn.Hardshrink(0.2), nn.Softshrink(0.1), nn.Threshold(-0.3, -0.4))

        def forward(self, x):  # [2, 3, 4]
            positive = x.abs() + 0.1
            numbers = torch.log2(positive) + torch.log10(positive) + torch.exp2(x) + 2**x + torch.logit(torch.sigmoid(x)) + F.softplus(x, beta=2)
            whole = torch.floor(3 * x) + torch.ceil(3 * x) * 0.5 + torch.round(3 * x)
            chosen = torch.where((x > 0) & ~(x > 0.5) | (x < -1), x, -x) + torch.where(x != x[0], 1.0, 2.0 * x)
            some = x[:, [2, 0]] + x.index_select(1, torch.tensor([0, 1])) + x.diff(dim=1)
            spread, mean = torch.var_mean(x, -1, keepdim=True)
            deviation, centre = torch.std_mean(x, (0, 2))
            joined = torch.tensordot(x, x, dims=([2], [2])).sum((0, 1, 2)) + torch.inner(x, x[0]) + torch.linalg.multi_dot([x[0], x[0].T, x[1]])[:, :3]
            bounded = x.clamp_min(-0.5) + x.clamp_max(0.5) + x[:, :, :3].transpose(1, 2)[0].trace()
            normed = F.group_norm(x, 3, self.gain, self.slope) + F.prelu(x, self.slope) + F.group_norm(x, 1)
            round_about = F.pad(x, (1, 2), mode="circular") + torch.fliplr(F.pad(x, (2, 1), value=-1.5))
            return numbers, whole, chosen, some, (spread + mean, deviation * centre), joined, bounded, normed, round_about, self.pads(x), self.shrink(x)

    return moved(Net(), 0.1), torch.randn(2, 3, 4), {}


@case()
def last_windows():
    """Windows at the end that ceil_mode adds, or leaves out where they would lie in the padding alone."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.gain = nn.Parameter(torch.tensor(1.5))

        def forward(self, x):  # [1, 1, 9, 9]
            y, small = x[:, :, :4, :4], x[:, :, :2, :2] * self.gain
            counted = [F.avg_pool2d(y, 3, 2, 1, ceil_mode=True, count_include_pad=k) for k in (True, False)]
            return *counted, F.avg_pool2d(small, 3, 3, 1, ceil_mode=True), F.avg_pool2d(x, 4, 4, 2, ceil_mode=True), F.max_pool2d(y, 3, 2, 1, ceil_mode=True)

    return Net(), torch.randn(1, 1, 9, 9), {}


class TemporalBlock(nn.Module):
    """Its layers are members, and members of a member."""

    def __init__(self, before, after, dilation):
        super().__init__()
        self.conv1 = weight_norm_hook(nn.Conv1d(before, after, 2, padding=dilation, dilation=dilation))
        self.chomp1, self.relu1, self.dropout1 = Chomp(dilation), nn.ReLU(), nn.Dropout(0.2)
        self.conv2 = nn.Conv1d(after, after, 1)
        self.net = nn.Sequential(self.conv1, self.chomp1, self.relu1, self.dropout1, self.conv2)
        self.downsample = nn.Conv1d(before, after, 1) if before != after else None

    def forward(self, x):
        y = self.net(x) + self.conv2(self.relu1(self.net(x))) * self.conv2.bias[:, None]
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Chomp(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return x[:, :, : -self.size].contiguous()


@case()
def held_twice():
    net = nn.Sequential(TemporalBlock(2, 3, 1), TemporalBlock(3, 3, 2))
    return moved(net), torch.randn(2, 2, 6), {}


@case()
def in_place():
    """What works in place is read afterwards by every name of the tensor."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear, self.act = nn.Linear(4, 4), nn.ReLU(inplace=True)

        def forward(self, x):  # [3, 4]
            a = self.linear(x)
            b = a
            b += 1
            self.act(b)
            a.mul_(0.5)
            both = self.linear(a)
            q, k = both[:, :2], both[:, 2:]
            q *= 3
            y = torch.sigmoid(x)
            y[:, 0:2] = torch.sigmoid(y[:, 0:2])
            y[-1] += x[1]
            y[1, 2:] = 0.25
            y[0, 1] = x[0, 0] - 1
            z = x.new_zeros(3, 2, 4)
            z[:, 0] = a
            z[:2, 1, 1:3] = q[0] * 2
            w = x.clone()
            w[w < 0] = 0.1
            w[:] = w + y
            x1, x2 = x[..., 0::2], x[..., 1::2]
            turned = x * torch.cos(x) + torch.stack((-x2, x1), dim=-1).flatten(-2) * torch.sin(x)
            return a + b, q + k, y, z, w, turned

    return moved(Net()), torch.randn(3, 4), {}


@case()
def transformer_layers():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            layer = nn.TransformerEncoderLayer(4, 2, 6, batch_first=True, dropout=0.2)
            self.encoder = nn.TransformerEncoder(layer, 1, norm=nn.LayerNorm(4))
            self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 5, activation="gelu", norm_first=True), 1)
            self.register_buffer("mask", torch.full((3, 3), -torch.inf).triu(1))

        def forward(self, x, y):
            memory = self.encoder(x)
            return self.decoder(y, memory.transpose(0, 1), tgt_mask=self.mask)

    return moved(Net(), 0.1), (torch.randn(2, 5, 4), torch.randn(3, 2, 4)), {}


@case()
def in_double():
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.PReLU(), nn.Linear(4, 4), nn.LayerNorm(4), OwnTensors())
    orthogonal(net[3])
    return moved(net.double()), torch.randn(2, 3, dtype=torch.float64), {}


class Branching(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(3)
        self.head = nn.Linear(3, 2)

    def forward(self, x):
        y = self.block(x)
        return self.head(y) if y.sum() < 1e9 else y


# Module, example input, what is said; then, of what is written, text and what a user writes in its place.
UNFINISHED = {
    "a_stage": lambda: (looped(), torch.randn(2, 3), "Looped::forward: torch.fx cannot trace it", "return x;", "return 1.0 * x;"),
    "a_change": lambda: (nn.Sequential(Adding()), torch.randn(2, 3), "Adding::forward: shift works in place on memory that mul shares", "return x;", "auto const y = 2 * x;\n        return shift(y) + (y + 1);"),
    "a_forward": lambda: (Branching(), torch.randn(2, 3), "Branching::forward: torch.fx cannot", "return x;", "return head(block(x));"),
}


def looped():
    net = nn.Sequential(nn.Linear(3, 3))
    register(net[0], "weight", Looped())
    return net


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.head = nn.Embedding(5, 4), nn.Linear(4, 5, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, x):
        return self.head(self.tokens(x))


class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("cache", torch.ones(3), persistent=False)
        self.register_buffer("steps", torch.tensor([1, 2]))
        self.register_buffer("empty", torch.zeros(0, 2))
        self.register_buffer("register", torch.zeros(2))

    def forward(self, x):
        return x + self.cache


class Learned(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(2.0))

    def forward(self, x):
        return self.factor * x


def twice():
    layer = nn.Linear(3, 3)
    return nn.Sequential(layer, nn.Tanh(), layer), torch.randn(3), "0.weight: has the same memory as 2.weight", "0.bias: has"


def hooked():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[0].register_forward_hook(lambda m, x, y: 2 * y)
    prune.random_unstructured(net[1], "weight", 0.5)
    return net, torch.randn(3), "0: the hook <lambda> runs with its forward", "1: the hook RandomUnstructured runs"


def stale():
    """PyTorch's LSTM goes on with the weight of before."""
    return orthogonal(nn.LSTM(3, 4), "weight_hh_l0"), torch.randn(5, 3), "(the module): LSTM: its forward does not use weight_hh_l0"


def several():
    net = nn.Sequential(nn.Linear(4, 4), nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular"), nn.AvgPool2d(2, divisor_override=3), nn.Softplus(beta=2))
    orthogonal(net[1])
    register(net[0], "weight", Learned())
    return (net, torch.randn(1, 1, 12, 4)) + (
        "0.parametrizations.weight.0: Learned has a parameter of its own, factor",
        "1: Conv2d: padding_mode='circular'",
        "1.parametrizations.weight.0: orthogonal of more than two axes is a stack",
        "2: AvgPool2d: divisor_override=3",
        "3: Softplus: beta=2",
    )


def half():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[0].half()
    return net, torch.randn(3), "0.weight: is float16; networks of pm compute in float or double: call module.float()", "0.bias: is float16"


def complex_numbers():
    net = nn.Sequential(nn.Linear(3, 3, dtype=torch.complex64))
    return net, torch.randn(3, dtype=torch.complex64), "0.weight: is complex64; pm has no complex numbers", "0.bias: is complex64"


def mixed():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3).double())
    return net, torch.randn(3), "(the module): float and double are mixed: 0.weight float32, 1.weight float64"


def quantized():
    net = nn.Sequential(nn.Linear(3, 3))
    return torch.quantization.quantize_dynamic(net, {nn.Linear}), torch.randn(1, 3), "modules.linear.Linear has no counterpart"


def unknown():
    net = nn.Sequential(nn.Conv3d(1, 1, 2), nn.Bilinear(1, 1, 1))
    sentences = ("0: torch.nn.Conv3d has no", "0.weight: has 5 axes", "1: torch.nn.Bilinear has no")
    return net, torch.randn(1, 3, 3, 3), *sentences


def buffers():
    sentences = ("cache: the buffer is not persistent", "steps: is a buffer of int64", "empty: is empty")
    return Buffers(), torch.randn(3), *sentences, "register: 'register' cannot be the name of a member"


def added():
    """What a program adds to a layer or a list, and no type of pm would have."""
    net = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.BatchNorm1d(3), nn.ModuleList([nn.ReLU()]))[:3]
    net.register_buffer("foo", torch.zeros(2))
    net[0].gain = nn.Parameter(torch.ones(3))
    net[0].more = nn.Linear(2, 2)
    net[1].register_parameter("slope", nn.Parameter(torch.ones(1)))
    net[2].register_buffer("steps", torch.zeros(1))
    register(net[0], "gain", nn.Tanh())
    return (net, torch.randn(2, 3)) + (
        "foo: is a buffer which torch.nn.Sequential does not have, so that no type of pm has it",
        "0.gain: is a parametrized tensor which torch.nn.Linear does not have",
        "0.more: is a module which torch.nn.Linear does not have",
        "1.slope: is a parameter which torch.nn.Tanh does not have",
        "2.steps: is a buffer which torch.nn.BatchNorm1d does not have",
    )


def replaced():
    net = nn.Sequential(nn.Linear(3, 3), Block(3))
    net[0].forward = lambda x: 2 * x
    net[1].forward = net[1].forward
    return net, torch.randn(2, 3), "0: its forward was replaced in the object", "1: its forward was replaced in the object"


def uncalled():
    """What is registered last, PyTorch has in the file and does not call."""
    net = nn.Sequential(nn.Linear(3, 4))
    register(net[0], "weight", NormAndDirection())
    register(net[0].parametrizations.weight, "original0", nn.Softplus(), unsafe=True)
    register(net[0], "weight", Scaled(0.5))
    return net


class Views(nn.Module):
    """Parameters that are parts of other tensors; those of columns have nothing in common."""

    def __init__(self):
        super().__init__()
        base, columns = torch.randn(5, 3), torch.randn(4, 6)
        self.first, self.second = nn.Parameter(base[:4]), nn.Parameter(base[1:])
        self.left, self.right = nn.Parameter(columns[:, :3]), nn.Parameter(columns[:, 3:])
        self.same = nn.Parameter(torch.ones(1).expand(4))

    def forward(self, x):
        return sum(x @ w.t() for w in (self.first, self.second, self.left, self.right)) * self.same


class Noisy(Block):
    def forward(self, x):
        return super().forward(x) + torch.randn(3)


class Calling(Block):
    def __call__(self, x):
        return 2 * super().__call__(x)


class Doubled(nn.Sequential):
    def forward(self, x):
        return 2 * self[0](x)


def numbered():
    net = Doubled(nn.Linear(3, 3))
    net.append(nn.Linear(3, 3))
    says = "is called by its number in Doubled, which has a forward of its own"
    return nn.Sequential(net), torch.randn(2, 3), f"0.0: {says}", f"0.1: {says}"


class Computes(nn.Module):
    """A forward given as a function."""

    def __init__(self, function):
        super().__init__()
        self.function, self.scale = function, nn.Parameter(torch.ones(()))

    def forward(self, *x):
        return self.function(*x) * self.scale


class Changing(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.zeros(3))

    def forward(self, x):
        self.count.add_(1)
        return x * 2


class Shifting(nn.Module):
    """Changes its input in place."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        x += 1
        return self.linear(x)


def part_and_whole(x):
    """A part shares memory with the whole, and follows it; torch.fx does not know."""
    a = x * 1
    part = a[:, 0]
    c = a.mul_(2)
    return part + c[:, 1]


def whole_and_part(x):
    a = x * 1
    a[:, 0].mul_(2)
    return a


def parts_of_forward():
    """What a forward has that is not translated: function, example inputs, what is said."""
    x = torch.randn(2, 3, 3)
    mask = torch.ones(2, 3, 3) > 0
    return [
        (lambda x: torch.einsum("bii->bi", x), (x,), "einsum 'bii->bi' reads a diagonal: write torch.diagonal before it"),
        (lambda x: torch.einsum("bij,bj->bi", x, x[:, :1, 0]), (x,), "einsum 'bij,bj->bi' broadcasts an axis of 1"),
        (lambda x: x.max(1)[1] * x[:, 0], (x,), "the indices that max along an axis gives are read; pm::max gives the values alone"),
        (lambda x: x.masked_fill(x > 0, -math.inf).softmax(-1), (x - 9,), "masked_fill with -inf; numbers in an expression of pm are finite"),
        (lambda x: F.interpolate(x, size=4), (x,), "interpolate of [3] to [4]; whole factors are translated"),
        (lambda x: x.view(1, 1, 2, 3, 3).exp().view(2, 3, 3), (x,), "exp has 5 axes; tensors of pm have 4 at most"),
        (lambda x: x.roll(1), (x,), "roll without dims"),
        (part_and_whole, (x,), "mul_ works in place on memory that getitem shares, which is read later"),
        (whole_and_part, (x,), "mul_ works in place on memory that mul shares, which is read later"),
        (lambda x: F.pairwise_distance(x, x + 1, p=3), (x,), "pairwise_distance with p=3"),
    ]


class Adding(nn.Module):
    """Reads what its member changed."""

    def __init__(self):
        super().__init__()
        self.shift = Shifting()

    def forward(self, x):
        y = x * 2
        return self.shift(y) + y


# Module, example input, and the sentences, one for each problem.
REFUSED = {
    "unknown_layer": unknown,
    "tied": lambda: (Tied(), torch.tensor([1, 2]), "tokens.weight: has the same memory as head.weight"),
    "buffers": buffers,
    "script": lambda: (torch.jit.script(nn.Linear(2, 2)), torch.randn(2), "is compiled by TorchScript"),
    "lazy": lambda: (nn.Sequential(nn.LazyLinear(2)), torch.randn(2), "0.weight: has no numbers yet", "0.bias: has no numbers yet"),
    "wrong_input": lambda: (nn.Linear(2, 2), torch.randn(3), "its forward fails on the example input"),
    "attention": lambda: (nn.MultiheadAttention(4, 2), (torch.randn(3, 4),) * 3, "MultiheadAttention gives its weights, too"),
    "twice": twice,
    "hooked": hooked,
    "stale": stale,
    "several": several,
    "half": half,
    "complex": complex_numbers,
    "mixed": mixed,
    "quantized": quantized,
    "added": added,
    "replaced": replaced,
    "numbered": numbered,
    "noisy": lambda: (nn.Sequential(Noisy(3)), torch.randn(2, 3), "(the module): its forward gives another result when it is called again"),
    "uncalled": lambda: (uncalled(), torch.randn(2, 3), "0.parametrizations.weight.2: is never called by PyTorch"),
    "views": lambda: (Views(), torch.randn(2, 3), "first: has a part of its memory in common with second", "same: has several elements in the same memory"),
    "calling": lambda: (nn.Sequential(Calling(3)), torch.randn(2, 3), "0: Calling has a __call__ of its own, which is not translated"),
    "wrapped": lambda: (nn.DataParallel(nn.Linear(3, 2)), torch.randn(2, 3), "torch.nn.DataParallel holds the network: export its module"),
    "upsampled": lambda: (nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear")), torch.randn(1, 1, 2, 2), "0: torch.nn.Upsample: interpolate with mode='bilinear' of 4 axes"),
    "graph": lambda: (torch.fx.symbolic_trace(nn.Sequential(nn.Linear(3, 2))), torch.randn(2, 3), "is a graph of torch.fx: export the module"),
}
