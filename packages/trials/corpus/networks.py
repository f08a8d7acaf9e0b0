"""The networks: small enough to be committed, of the parts that deployed ones are made of."""
import torch
from torch import nn
from torch.nn import functional as F


class Cnn(nn.Module):
    """Conv, Relu, MaxPool, Gemm. `side` is a multiple of 4."""

    def __init__(self, channels=(8, 16), hidden=32, side=8):
        super().__init__()
        first, second = channels
        self.conv1 = nn.Conv2d(1, first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.fc1 = nn.Linear(second * (side // 4) ** 2, hidden)
        self.fc2 = nn.Linear(hidden, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Residual(nn.Module):
    """BatchNormalization that cannot be folded into a Conv, one that can, Add, AveragePool, Dropout."""

    def __init__(self, channels=12):
        super().__init__()
        self.stem = nn.Conv2d(1, channels, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(channels)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(channels * 16, 10)

    def forward(self, x):
        x = self.stem(x)
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        x = F.avg_pool2d(F.relu(self.bn3(x + y)), 2)
        return self.fc(self.drop(x.flatten(1)))


class Mlp(nn.Module):
    def __init__(self, sizes, softmax=False):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.softmax = softmax

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        x = self.layers[-1](x)
        return x.softmax(1) if self.softmax else x


class Block(nn.Module):
    """Pre-norm transformer block; `fused` asks PyTorch for its own attention, else MatMul and Softmax are written out."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.fused = heads, False
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def attention(self, x):
        batch, tokens, width = x.shape
        q, k, v = (t.reshape(-1, tokens, self.heads, width // self.heads).transpose(1, 2) for t in self.qkv(x).chunk(3, 2))
        if self.fused:
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = (q @ k.transpose(2, 3) / (width // self.heads) ** 0.5).softmax(3) @ v
        return self.out(y.transpose(1, 2).reshape(-1, tokens, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    """A vision transformer: patches by Conv, LayerNorm, attention, GELU, mean over the tokens."""

    def __init__(self, side=8, patch=2, width=24, heads=2, depth=1, classes=10):
        super().__init__()
        self.patch = nn.Conv2d(1, width, patch, stride=patch)
        self.place = nn.Parameter(0.02 * torch.randn(1, (side // patch) ** 2, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2) + self.place
        for block in self.blocks:
            x = block(x)
        return self.fc(self.norm(x).mean(1))


class Recurrent(nn.Module):
    """Reads an image row by row, by GRU or by LSTM in both directions."""

    def __init__(self, kind, hidden=24):
        super().__init__()
        both = kind == "lstm"
        self.cell = (nn.LSTM if both else nn.GRU)(8, hidden, batch_first=True, bidirectional=both)
        self.fc = nn.Linear(hidden * (2 if both else 1), 10)

    def forward(self, x):
        states, _ = self.cell(x.flatten(1, 2))
        return self.fc(states.mean(1))


class Standardised(nn.Module):
    """(x - mean) / deviation within the model, before `core`."""

    def __init__(self, core, mean, deviation):
        super().__init__()
        self.core = core
        self.register_buffer("mean", torch.as_tensor(mean))
        self.register_buffer("deviation", torch.as_tensor(deviation))

    def forward(self, x):
        return self.core((x - self.mean) / self.deviation)


class ChannelsLast(nn.Module):
    def __init__(self, core):
        super().__init__()
        self.core = core

    def forward(self, x):
        return self.core(x.permute(0, 3, 1, 2))


class Sixteenths(nn.Module):
    """Pixels from 0 to 16, as scikit-learn has them."""

    def __init__(self, core):
        super().__init__()
        self.core = core

    def forward(self, x):
        return self.core(x / 16)


class Binary(nn.Module):
    """Logits of both classes from the one of a binary logistic regression."""

    def __init__(self, features):
        super().__init__()
        self.layer = nn.Linear(features, 1)

    def forward(self, x):
        z = self.layer(x)
        return torch.cat([torch.zeros_like(z), z], 1)
