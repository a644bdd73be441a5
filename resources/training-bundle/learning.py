"""The loss of one step and its gradients, over all processes.

L = w_label L_label + w_rationale L_rationale + w_mi L_mi, each the mean over its own target tokens (for
L_mi: over its pairs) of the whole step, whatever process they are in (Hsieh et al. 2023, section 3.2; the
last term is that of Chen et al. 2024, arXiv 2403.03348). Every process knows the whole step's counts
from the bundle, so that it can weigh its own tokens before gradients are added up.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from data import Batch, Order
from model import T5
from optimizer import Gradients, make_optimizer
from processes import Processes
from torch import Tensor
from torch.nn import functional


class Shares(NamedTuple):
    """What one token, or one pair, weighs in the loss."""

    label: float
    rationale: float
    pair: float


class Learner:
    def __init__(self, model: T5, recipe: dict, order: Order, processes: Processes, options):
        self.model, self.recipe, self.order, self.processes = model, recipe, order, processes
        self.bf16, self.at_once = options.bf16, options.rows_at_once
        self.names: list[str] = recipe["trainable"]
        parameters = [model.tensors[name].requires_grad_() for name in self.names]
        self.gradients = Gradients(parameters)
        self.optimizer = make_optimizer(recipe, parameters)
        self.model.dropout = recipe["dropout"]

    def autocast(self):
        return torch.autocast(self.processes.device.type, dtype=torch.bfloat16, enabled=self.bf16)

    def learn(self, step: int, asked: bool = False) -> dict:
        """Computes a step's losses and gradients. `asked`: whether this process was asked to end."""
        self.gradients.flat.zero_()
        # Dropout's masks depend on seed, step and process, so that a resumed training draws them again.
        torch.manual_seed((self.recipe["seed"] * 1_000_003 + step) * 65_537 + self.processes.rank)
        turns = self.order.micro_batches(step)
        whole = [self.order.batch(micro) for micro in turns]
        counts = [self.counts(batch) for batch in whole]
        sums = torch.zeros(5, dtype=torch.float64, device=self.processes.device)
        sums[4] = float(asked)
        for micro, shares in zip(turns, self.shares(counts)):
            mine = self.order.batch(micro[self.processes.rank :: self.processes.count])
            self.add_batch(mine, shares, sums)
        self.processes.add_up(sums)
        self.processes.add_up(self.gradients.flat)
        loss, label, rationale, pair, stops = sums.tolist()
        labels, rationales, pairs = (sum(count) for count in zip(*counts))
        return {
            "loss": loss,
            "labelLoss": label / labels if labels else None,
            "rationaleLoss": rationale / rationales if rationales else None,
            "mutualInformation": pair / pairs if pairs and self.recipe["weights"]["mutualInformation"] else None,
            "gradientNorm": self.gradients.norm(),
            "tokens": sum(self.tokens(batch) for batch in whole),
            "asked": stops,
        }

    def update(self, rate: float, norm: float) -> None:
        """Clips by the global norm, then one update."""
        self.gradients.clip(norm, self.recipe["clipNorm"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()

    def state(self) -> dict:
        tensors = {name: self.model.tensors[name].detach() for name in self.names}
        return {"tensors": tensors, "optimizer": self.optimizer.state_dict()}

    @torch.no_grad()
    def restore(self, state: dict) -> None:
        for name in self.names:
            self.model.tensors[name].copy_(state["tensors"][name])
        self.optimizer.load_state_dict(state["optimizer"])

    def counts(self, batch: Batch) -> tuple[int, int, int]:
        """Label tokens, rationale tokens and pairs."""
        length = self.order.rows.target_length
        return sum(map(length, batch.labels)), sum(map(length, batch.rationales)), len(batch.partners)

    def tokens(self, batch: Batch) -> int:
        examples = self.order.rows.examples
        return sum(examples[4 * one + 1] + examples[4 * one + 3] for one in (*batch.labels, *batch.rationales))

    def shares(self, counts: list[tuple[int, int, int]]) -> list[Shares]:
        """`token-weighted`: a step of several micro-batches is that of one big batch; else the mean of their losses."""
        weights = self.recipe["weights"]
        whole = tuple(sum(count) for count in zip(*counts))
        big = self.recipe["accumulation"] == "token-weighted"
        sharers = [whole if big else tuple(len(counts) * one for one in count) for count in counts]
        kinds = ("label", "rationale", "mutualInformation")
        return [Shares(*(weights[kind] / max(one, 1) for kind, one in zip(kinds, count))) for count in sharers]

    def add_batch(self, batch: Batch, shares: Shares, sums: Tensor) -> None:
        """Adds this process's part of a micro-batch to the gradients, and its losses to `sums`."""
        spoken: dict[int, Tensor] = {}
        pairs = set(batch.partners) if shares.pair > 0 else set()
        for start, end in self.parts(len(batch.labels)):
            losses, found = self.run(batch.labels[start:end], shares.pair > 0)
            (losses.sum() * shares.label).backward()
            total = losses.detach().double().sum()
            sums += torch.stack([total * shares.label, total, 0 * total, 0 * total, 0 * total])
            spoken.update({place: found[place - start].detach() for place in range(start, end) if place in pairs})
        for start, end in self.parts(len(batch.rationales)):
            losses, found = self.run(batch.rationales[start:end], shares.pair > 0)
            loss, total = losses.sum() * shares.rationale, losses.detach().double().sum()
            agreed = torch.zeros((), device=losses.device)
            for place, own in zip(batch.partners[start:end], found):
                agreed = agreed - (spoken[place] * torch.log_softmax(own, dim=-1)).sum()
            (loss + agreed * shares.pair).backward()
            agreed = agreed.detach().double()
            weighted = total * shares.rationale + agreed * shares.pair
            sums += torch.stack([weighted, 0 * total, total, agreed, 0 * total])

    def parts(self, count: int) -> list[tuple[int, int]]:
        size = self.at_once or max(count, 1)
        return [(start, min(start + size, count)) for start in range(0, count, size)]

    def run(self, examples: list[int], pools: bool) -> tuple[Tensor, list[Tensor]]:
        """The loss of every target token; with `pools`, for each text the largest probability of each token in it."""
        rows = self.order.rows
        inputs, targets = [rows.input(one) for one in examples], [rows.target(one) for one in examples]
        with self.autocast():
            logits, wanted = self.model.logits(inputs, targets)
        smoothing = self.recipe["labelSmoothing"]
        losses = functional.cross_entropy(logits, wanted, reduction="none", label_smoothing=smoothing)
        if not pools:
            return losses, []
        texts = torch.softmax(logits, dim=-1).split([len(target) for target in targets])
        return losses, [text.amax(dim=0) for text in texts]
