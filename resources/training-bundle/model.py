"""T5 (Raffel et al. 2020), v1.0 and v1.1, over tensors that have Hugging Face's names.

Computes what `modeling_t5.py` of the library transformers computes. Texts are padded to the longest of
a batch; `config` is the content of `config.json`.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

MASKED = -1e9


class T5:
    """A student. `tensors` are its parameters by name, `adapters` the low-rank ones beside some."""

    def __init__(self, config: dict, tensors: dict[str, Tensor], lora: dict | None = None):
        self.config = config
        self.tensors = tensors
        self.factor = lora["alpha"] / lora["rank"] if lora else 0.0
        self.adapted = set(lora["adapters"]) if lora else set()
        self.heads = config["num_heads"]
        self.gated = config["feed_forward_proj"] == "gated-gelu"
        self.tied = config["tie_word_embeddings"]
        self.dropout = 0.0
        self.buckets: dict[tuple[str, int], Tensor] = {}

    @property
    def head(self) -> Tensor:
        return self.tensors["shared.weight" if self.tied else "lm_head.weight"]

    def embed(self, ids: Tensor) -> Tensor:
        return self.drop(functional.embedding(ids, self.tensors["shared.weight"]))

    def drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout) if self.dropout > 0 else x

    def norm(self, x: Tensor, name: str) -> Tensor:
        """Root mean square norm, in float32."""
        x = x.float()
        spread = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config["layer_norm_epsilon"])
        return self.tensors[f"{name}.weight"] * (x * spread)

    def linear(self, x: Tensor, name: str) -> Tensor:
        """W x; with an adapter W x + (alpha / rank) B A x (Hu et al. 2021)."""
        y = functional.linear(x, self.tensors[f"{name}.weight"])
        if name not in self.adapted:
            return y
        narrow = functional.linear(x, self.tensors[f"{name}.lora_A.weight"]) * self.factor
        return y + functional.linear(narrow, self.tensors[f"{name}.lora_B.weight"])

    def split(self, x: Tensor) -> Tensor:
        """[rows, length, heads * size] -> [rows, heads, length, size]"""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def keys(self, x: Tensor, name: str) -> tuple[Tensor, Tensor]:
        return self.split(self.linear(x, f"{name}.k")), self.split(self.linear(x, f"{name}.v"))

    def attend(self, x: Tensor, keys: tuple[Tensor, Tensor], bias: Tensor, name: str) -> Tensor:
        """Attention without the usual 1/sqrt(size); `bias` is added to the scores."""
        key, value = keys
        scores = self.split(self.linear(x, f"{name}.q")) @ key.transpose(2, 3) + bias
        weights = self.drop(torch.softmax(scores.float(), dim=-1)).to(value.dtype)
        return self.linear((weights @ value).transpose(1, 2).flatten(2), f"{name}.o")

    def widen(self, x: Tensor, layer: str) -> Tensor:
        """The feed-forward layer."""
        name = f"{layer}.DenseReluDense"
        normed = self.norm(x, f"{layer}.layer_norm")
        if self.gated:
            gate = functional.gelu(self.linear(normed, f"{name}.wi_0"), approximate="tanh")
            wide = gate * self.linear(normed, f"{name}.wi_1")
        else:
            wide = functional.relu(self.linear(normed, f"{name}.wi"))
        return self.linear(self.drop(wide), f"{name}.wo")

    def position_bias(self, stack: str, length: int) -> Tensor:
        """[1, heads, query, key]; the table of block 0 serves every block of its stack."""
        table = self.tensors[f"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"]
        if (stack, length) not in self.buckets:
            if len(self.buckets) > 128:
                self.buckets.clear()
            self.buckets[stack, length] = self.bucket_table(stack, length).to(table.device)
        return functional.embedding(self.buckets[stack, length], table).permute(2, 0, 1)[None]

    def bucket_table(self, stack: str, length: int) -> Tensor:
        """The bucket of each key seen from each query: one for each near offset, then logarithmically wider."""
        buckets = self.config["relative_attention_num_buckets"]
        farthest = self.config["relative_attention_max_distance"]
        places = torch.arange(length)
        position = places[None, :] - places[:, None]
        if stack == "decoder":
            offset, distance = torch.zeros_like(position), (-position).clamp(min=0)
        else:
            buckets //= 2
            offset, distance = (position > 0).long() * buckets, position.abs()
        exact = buckets // 2
        ratio = torch.log(distance.clamp(min=1).float() / exact) / math.log(farthest / exact)
        far = (exact + (ratio * (buckets - exact)).long()).clamp(max=buckets - 1)
        return offset + torch.where(distance < exact, distance, far)

    def encode(self, ids: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """States [rows, length, width] and what hides their padding [rows, 1, 1, length]."""
        mask = torch.zeros(present.shape, device=ids.device).masked_fill(~present, MASKED)[:, None, None, :]
        bias = self.position_bias("encoder", ids.shape[1]) + mask
        x = self.embed(ids)
        for block in range(self.config["num_layers"]):
            first, second = f"encoder.block.{block}.layer.0", f"encoder.block.{block}.layer.1"
            name, normed = f"{first}.SelfAttention", self.norm(x, f"{first}.layer_norm")
            x = x + self.drop(self.attend(normed, self.keys(normed, name), bias, name))
            x = x + self.drop(self.widen(x, second))
        return self.drop(self.norm(x, "encoder.final_layer_norm")), mask

    def decode(self, written: Tensor, states: Tensor, mask: Tensor) -> Tensor:
        """All positions at once, ready for the head: [rows, length, width]."""
        length = written.shape[1]
        causal = torch.full((length, length), MASKED, device=written.device).triu(1)
        bias = self.position_bias("decoder", length) + causal
        x = self.embed(written)
        for block in range(self.config["num_decoder_layers"]):
            first, second, third = (f"decoder.block.{block}.layer.{index}" for index in range(3))
            name, normed = f"{first}.SelfAttention", self.norm(x, f"{first}.layer_norm")
            x = x + self.drop(self.attend(normed, self.keys(normed, name), bias, name))
            name, normed = f"{second}.EncDecAttention", self.norm(x, f"{second}.layer_norm")
            x = x + self.drop(self.attend(normed, self.keys(states, name), mask, name))
            x = x + self.drop(self.widen(x, third))
        return self.ready(self.drop(self.norm(x, "decoder.final_layer_norm")))

    def ready(self, x: Tensor) -> Tensor:
        """Only a tied head expects the smaller scale."""
        return x * self.config["d_model"] ** -0.5 if self.tied else x

    def logits(self, inputs: list[list[int]], targets: list[list[int]]) -> tuple[Tensor, Tensor]:
        """Of every target token, one text after another: its logits [tokens, vocabulary], and its id."""
        device = self.head.device
        ids, present = padded(inputs, self.config["pad_token_id"], device)
        start = self.config["decoder_start_token_id"]
        written, scored = padded([[start, *target[:-1]] for target in targets], 0, device)
        states, mask = self.encode(ids, present)
        hidden = self.decode(written, states, mask)[scored]
        wanted = torch.tensor([token for target in targets for token in target], device=device)
        return functional.linear(hidden, self.head).float(), wanted


def padded(rows: list[list[int]], padding: int, device) -> tuple[Tensor, Tensor]:
    """Ids [rows, longest], and where they are no padding."""
    longest = max(map(len, rows))
    ids = torch.tensor([row + [padding] * (longest - len(row)) for row in rows], device=device)
    lengths = torch.tensor([len(row) for row in rows], device=device)
    return ids, torch.arange(longest, device=device)[None, :] < lengths[:, None]
