"""Times T5 training steps in PyTorch, for comparison with the engine.

Reads JSON lines from stdin. The first describes the model, the rows and the threads; each further
one, {"steps": n}, is answered with the milliseconds of n steps: losses, gradients, clipping, AdamW.
"""

import json
import math
import sys
import time

import torch
from torch import Tensor, nn
from torch.nn import functional

MASKED = -1e9


def linear(inner: int, outer: int, std: float) -> nn.Linear:
    layer = nn.Linear(inner, outer, bias=False)
    nn.init.normal_(layer.weight, 0.0, std)
    return layer


class RmsNorm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)


class Attention(nn.Module):
    """Multi-head attention without T5's absent 1/sqrt(size); `bias` is added to the scores."""

    def __init__(self, config: dict):
        super().__init__()
        width, size, self.heads = config["dModel"], config["dKv"], config["numHeads"]
        inner = self.heads * size
        self.q = linear(width, inner, (width * size) ** -0.5)
        self.k = linear(width, inner, width**-0.5)
        self.v = linear(width, inner, width**-0.5)
        self.o = linear(inner, width, inner**-0.5)

    def split(self, x: Tensor) -> Tensor:
        batch, length, _ = x.shape
        return x.view(batch, length, self.heads, -1).transpose(1, 2)

    def forward(self, x: Tensor, memory: Tensor, bias: Tensor) -> Tensor:
        query, key, value = self.split(self.q(x)), self.split(self.k(memory)), self.split(self.v(memory))
        mixed = torch.softmax(query @ key.transpose(2, 3) + bias, dim=-1) @ value
        return self.o(mixed.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, config: dict, decoder: bool):
        super().__init__()
        width, wide, epsilon = config["dModel"], config["dFf"], config["layerNormEpsilon"]
        self.self_norm, self.self_attention = RmsNorm(width, epsilon), Attention(config)
        self.cross_norm = RmsNorm(width, epsilon) if decoder else None
        self.cross_attention = Attention(config) if decoder else None
        self.wide_norm = RmsNorm(width, epsilon)
        self.wi = linear(width, wide, width**-0.5)
        self.wo = linear(wide, width, wide**-0.5)

    def forward(self, x: Tensor, bias: Tensor, memory: Tensor | None, memory_bias: Tensor | None) -> Tensor:
        normed = self.self_norm(x)
        x = x + self.self_attention(normed, normed, bias)
        if self.cross_attention is not None:
            x = x + self.cross_attention(self.cross_norm(x), memory, memory_bias)
        return x + self.wo(functional.relu(self.wi(self.wide_norm(x))))


class Stack(nn.Module):
    """Encoder or decoder: blocks that share one table of relative-position biases."""

    def __init__(self, config: dict, decoder: bool):
        super().__init__()
        self.decoder = decoder
        self.buckets = config["relativeAttentionNumBuckets"]
        self.max_distance = config["relativeAttentionMaxDistance"]
        self.bias = nn.Embedding(self.buckets, config["numHeads"])
        nn.init.normal_(self.bias.weight, 0.0, config["dModel"] ** -0.5)
        depth = config["numDecoderLayers"] if decoder else config["numLayers"]
        self.blocks = nn.ModuleList(Block(config, decoder) for _ in range(depth))
        self.norm = RmsNorm(config["dModel"], config["layerNormEpsilon"])

    def bucket(self, position: Tensor) -> Tensor:
        """The bucket of key minus query: one per near offset, then logarithmically wider."""
        buckets, offset = self.buckets, torch.zeros_like(position)
        if self.decoder:
            distance = (-position).clamp(min=0)
        else:
            buckets //= 2
            offset, distance = (position > 0).long() * buckets, position.abs()
        exact = buckets // 2
        ratio = torch.log(distance.clamp(min=1).float() / exact) / math.log(self.max_distance / exact)
        far = (exact + (ratio * (buckets - exact)).long()).clamp(max=buckets - 1)
        return offset + torch.where(distance < exact, distance, far)

    def forward(self, x: Tensor, mask: Tensor, memory: Tensor | None = None, memory_mask: Tensor | None = None) -> Tensor:
        places = torch.arange(x.shape[1])
        bias = self.bias(self.bucket(places[None, :] - places[:, None])).permute(2, 0, 1)[None] + mask
        for block in self.blocks:
            x = block(x, bias, memory, memory_mask)
        return self.norm(x)


class T5(nn.Module):
    """T5 v1.0: ReLU, tied embeddings."""

    def __init__(self, config: dict):
        super().__init__()
        self.shared = nn.Embedding(config["vocabSize"], config["dModel"])
        self.encoder, self.decoder = Stack(config, False), Stack(config, True)
        self.scale = config["dModel"] ** -0.5

    def forward(self, inputs: Tensor, present: Tensor, written: Tensor, labels: Tensor) -> Tensor:
        mask = torch.where(present, 0.0, MASKED)[:, None, None, :]
        states = self.encoder(self.shared(inputs), mask)
        length = written.shape[1]
        causal = torch.full((length, length), MASKED).triu(1)
        hidden = self.decoder(self.shared(written), causal, states, mask) * self.scale
        logits = hidden @ self.shared.weight.t()
        return functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)


def padded(rows: list[dict], side: str, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Random tokens [rows, longest] and where they are not padding."""
    lengths = torch.tensor([row[side] for row in rows])
    longest = int(lengths.max())
    present = torch.arange(longest)[None, :] < lengths[:, None]
    tokens = torch.randint(2, vocabulary, (len(rows), longest))
    return tokens.where(present, 0), present


def main() -> None:
    task = json.loads(sys.stdin.readline())
    config, rows = task["config"], task["rows"]
    torch.set_num_threads(task["threads"])
    torch.manual_seed(1)
    inputs, present = padded(rows, "source", config["vocabSize"])
    targets, scored = padded(rows, "target", config["vocabSize"])
    written = functional.pad(targets, (1, 0))[:, :-1]
    labels = targets.where(scored, -100)
    model = T5(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)

    def step() -> float:
        began = time.perf_counter()
        optimizer.zero_grad()
        model(inputs, present, written, labels).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return (time.perf_counter() - began) * 1e3

    for _ in range(3):
        step()
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(json.dumps({"torch": torch.__version__, "parameters": parameters}), flush=True)
    for line in sys.stdin:
        times = [step() for _ in range(json.loads(line)["steps"])]
        print(json.dumps({"milliseconds": times}), flush=True)


main()
