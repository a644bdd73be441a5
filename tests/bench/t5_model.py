"""T5 v1.0 (ReLU, tied embeddings) in PyTorch, as `modeling_t5.py` computes it, eager and padded.

The names of sizes are those of the engine's `T5Config`.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

MASKED = -1e9
IGNORED = -100


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
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon))


class Attention(nn.Module):
    """Multi-head attention without the usual 1/sqrt(size); `bias` is added to the scores."""

    def __init__(self, config: dict):
        super().__init__()
        width, size, self.heads = config["dModel"], config["dKv"], config["numHeads"]
        inner = self.heads * size
        self.q = linear(width, inner, (width * size) ** -0.5)
        self.k = linear(width, inner, width**-0.5)
        self.v = linear(width, inner, width**-0.5)
        self.o = linear(inner, width, inner**-0.5)

    def split(self, x: Tensor) -> Tensor:
        """[batch, length, heads * size] -> [batch, heads, length, size]"""
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

    def position_bias(self, length: int) -> Tensor:
        """[1, heads, query, key]"""
        places = torch.arange(length, device=self.bias.weight.device)
        return self.bias(self.bucket(places[None, :] - places[:, None])).permute(2, 0, 1)[None]

    def forward(self, x: Tensor, mask: Tensor, memory: Tensor | None = None, memory_mask: Tensor | None = None) -> Tensor:
        bias = self.position_bias(x.shape[1]) + mask
        for block in self.blocks:
            x = block(x, bias, memory, memory_mask)
        return self.norm(x)


class T5(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        self.shared = nn.Embedding(config["vocabSize"], config["dModel"])
        self.encoder, self.decoder = Stack(config, False), Stack(config, True)
        self.scale = config["dModel"] ** -0.5

    def encode(self, inputs: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Encoder states [rows, length, width] and the mask [rows, 1, 1, length] of their padding."""
        mask = torch.zeros(present.shape, device=inputs.device).masked_fill(~present, MASKED)[:, None, None, :]
        return self.encoder(self.shared(inputs), mask), mask

    def forward(self, inputs: Tensor, present: Tensor, labels: Tensor) -> Tensor:
        """The mean loss over all labels that are not `IGNORED`."""
        states, mask = self.encode(inputs, present)
        # The start token has id 0, as padding has.
        written = functional.pad(labels, (1, 0))[:, :-1].clamp(min=0)
        length = written.shape[1]
        causal = torch.full((length, length), MASKED, device=inputs.device).triu(1)
        hidden = self.decoder(self.shared(written), causal, states, mask) * self.scale
        logits = functional.linear(hidden, self.shared.weight)
        return functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)


class Greedy:
    """Greedy decoding with a cache, written to be quick.

    Keys and values of the source are computed once, those of the text go into memory that is taken
    once per call; query, key and value come from one product; residuals are added by the product
    before them. One token per row at a time: a row is a vector, not a sequence of length one.
    """

    def __init__(self, model: T5):
        self.model = model
        self.heads, self.size = model.config["numHeads"], model.config["dKv"]
        self.blocks = []
        for block in model.decoder.blocks:
            own, cross = block.self_attention, block.cross_attention
            self.blocks.append((
                block.self_norm, torch.cat([own.q.weight, own.k.weight, own.v.weight]).detach(), own.o.weight.t(),
                block.cross_norm, cross.q.weight, cross.o.weight.t(),
                block.wide_norm, block.wi.weight, block.wo.weight.t(),
            ))  # fmt: skip

    @torch.inference_mode()
    def __call__(self, inputs: Tensor, present: Tensor, count: int) -> Tensor:
        """Ids [rows, count]; no token ends a row."""
        model, rows, heads, size = self.model, inputs.shape[0], self.heads, self.size
        states, mask = model.encode(inputs, present)
        mask = None if bool(present.all()) else mask
        crosses = [
            (block.cross_attention.split(block.cross_attention.k(states)).contiguous(),
             block.cross_attention.split(block.cross_attention.v(states)).contiguous())
            for block in model.decoder.blocks
        ]  # fmt: skip
        caches = [states.new_empty(2, rows, heads, count, size) for _ in self.blocks]
        bias = model.decoder.position_bias(count)
        embedding, scale = model.shared.weight, model.scale
        written = torch.empty(count, rows, dtype=torch.long, device=inputs.device)
        token = torch.zeros(rows, dtype=torch.long, device=inputs.device)
        for past in range(count):
            own_bias = bias[:, :, past : past + 1, : past + 1]
            x = functional.embedding(token, embedding)
            for block, cache, (cross_key, cross_value) in zip(self.blocks, caches, crosses):
                norm, qkv, out, cross_norm, cross_query, cross_out, wide_norm, inward, outward = block
                projected = functional.linear(norm(x), qkv).view(rows, 3, heads, 1, size)
                cache[:, :, :, past] = projected[:, 1:, :, 0].transpose(0, 1)
                key, value = cache[:, :, :, : past + 1]
                x = torch.addmm(x, attend(projected[:, 0], key, value, own_bias), out)
                query = functional.linear(cross_norm(x), cross_query).view(rows, heads, 1, size)
                x = torch.addmm(x, attend(query, cross_key, cross_value, mask), cross_out)
                x = torch.addmm(x, functional.linear(wide_norm(x), inward).relu_(), outward)
            logits = functional.linear(model.decoder.norm(x) * scale, embedding)
            token = torch.argmax(logits, dim=-1, out=written[past])
        return written.t()


def attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
    """One query per row and head: [rows, heads, 1, size] -> [rows, heads * size]."""
    scores = query @ key.transpose(2, 3)
    if bias is not None:
        scores += bias
    return (torch.softmax(scores, dim=-1) @ value).flatten(1)
