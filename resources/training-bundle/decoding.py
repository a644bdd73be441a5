"""Greedy decoding, token by token, with the keys and values of the tokens before."""

from __future__ import annotations

import torch
from data import Rows
from model import T5, padded
from torch import Tensor
from torch.nn import functional

ROWS_AT_ONCE = 50


def count_right(model: T5, rows: Rows, about: dict, mine: range) -> int:
    """How many of these rows are answered with ids that count as right."""
    firsts = [rows.parts(row) for row in mine]
    firsts.sort(key=lambda parts: (rows.examples[4 * parts[0] + 1], parts[0]))
    right = 0
    for start in range(0, len(firsts), ROWS_AT_ONCE):
        some = firsts[start : start + ROWS_AT_ONCE]
        answers = greedy(model, [rows.input(first) for first, _, _ in some], about["maxTokens"])
        for (first, others, _), answer in zip(some, answers):
            accepted = filter(None, map(rows.target, [first, *others]))
            right += any(counts(answer, target, about["atEnd"]) for target in accepted)
    return right


def counts(answer: list[int], accepted: list[int], at_end: bool) -> bool:
    """Whether an answer is an accepted one, or ends with it."""
    return (answer[-len(accepted) :] if at_end else answer) == accepted


@torch.no_grad()
def greedy(model: T5, inputs: list[list[int]], most: int) -> list[list[int]]:
    """The most likely continuation of each input, without its end token; at most so many tokens."""
    config, device = model.config, model.head.device
    ids, present = padded(inputs, config["pad_token_id"], device)
    states, mask = model.encode(ids, present)
    blocks = range(config["num_decoder_layers"])
    crosses = [model.keys(states, f"decoder.block.{block}.layer.1.EncDecAttention") for block in blocks]
    caches: list[tuple[Tensor, Tensor] | None] = [None for _ in blocks]
    token = torch.full((len(inputs), 1), config["decoder_start_token_id"], device=device)
    ended = torch.zeros(len(inputs), dtype=torch.bool, device=device)
    written: list[Tensor] = []
    while len(written) < most and not bool(ended.all()):
        x = functional.embedding(token, model.tensors["shared.weight"])
        past = len(written)
        bias = model.position_bias("decoder", past + 1)[:, :, -1:, :]
        for block in blocks:
            first, second, third = (f"decoder.block.{block}.layer.{index}" for index in range(3))
            name, normed = f"{first}.SelfAttention", model.norm(x, f"{first}.layer_norm")
            caches[block] = joined(caches[block], model.keys(normed, name))
            x = x + model.attend(normed, caches[block], bias, name)
            name, normed = f"{second}.EncDecAttention", model.norm(x, f"{second}.layer_norm")
            x = x + model.attend(normed, crosses[block], mask, name)
            x = x + model.widen(x, third)
        hidden = model.ready(model.norm(x, "decoder.final_layer_norm"))
        token = functional.linear(hidden, model.head)[:, -1].argmax(dim=-1, keepdim=True)
        written.append(token)
        ended |= token[:, 0] == config["eos_token_id"]
    rows = torch.cat(written, dim=1).tolist()
    return [until(row, config["eos_token_id"]) for row in rows]


def joined(before: tuple[Tensor, Tensor] | None, new: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Keys and values with those of one more token."""
    if before is None:
        return new
    return torch.cat([before[0], new[0]], dim=2), torch.cat([before[1], new[1]], dim=2)


def until(row: list[int], end: int) -> list[int]:
    return row[: row.index(end)] if end in row else row
