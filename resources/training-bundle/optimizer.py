"""Learning rates, AdamW and Adafactor, and gradients that lie in one piece of memory."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def learning_rate(step: int, recipe: dict) -> float:
    """A linear rise over the warm-up, then a course that comes to its end one step after the last."""
    warmup, highest = recipe["warmupSteps"], recipe["learningRate"]
    if step < warmup:
        return highest * (step / warmup)
    progress = (step - warmup) / (recipe["steps"] - warmup + 1)
    if recipe["schedule"] == "linear":
        return highest * (1 - progress)
    if recipe["schedule"] == "cosine":
        return highest * (1 + math.cos(math.pi * progress)) / 2
    return highest


def make_optimizer(recipe: dict, parameters: list[Tensor]) -> torch.optim.Optimizer:
    about = {"lr": recipe["learningRate"], "weight_decay": recipe["weightDecay"]}
    if recipe["optimizer"] == "adafactor":
        return Adafactor(parameters, about)
    return torch.optim.AdamW(parameters, betas=(0.9, 0.999), eps=1e-8, **about)


class Gradients:
    """The gradients of all parameters, one after another, so that processes add them up in one go."""

    def __init__(self, parameters: list[Tensor]):
        self.flat = torch.zeros(sum(parameter.numel() for parameter in parameters), device=parameters[0].device)
        start = 0
        for parameter in parameters:
            parameter.grad = self.flat[start : start + parameter.numel()].view_as(parameter)
            start += parameter.numel()

    def norm(self) -> float:
        """The L2 norm of all together."""
        return float(torch.linalg.vector_norm(self.flat, dtype=torch.float64))

    def clip(self, norm: float, most: float) -> None:
        """As `torch.nn.utils.clip_grad_norm_` does."""
        if (scale := most / (norm + 1e-6)) < 1:
            self.flat.mul_(scale)


class Adafactor(torch.optim.Optimizer):
    """Adafactor (Shazeer and Stern 2018) at a given learning rate: no relative steps, no momentum.

    The second moment of a matrix is kept as the means of its rows and columns (section 3); it decays
    with 1 - step^-0.8 (section 7.2), and an update's root mean square is at most 1 (section 6).
    """

    FLOOR = 1e-30

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                self.update(parameter, group["lr"], group["weight_decay"])

    def update(self, parameter: Tensor, rate: float, weight_decay: float) -> None:
        state, gradient = self.state[parameter], parameter.grad
        step = state["step"] = state.get("step", 0) + 1
        keep = 1 - step**-0.8
        squares = gradient.square().add_(self.FLOOR)
        if parameter.dim() == 2:
            row = renewed(state, "row", squares.mean(dim=1), keep)
            column = renewed(state, "column", squares.mean(dim=0), keep)
            change = gradient * (row / row.mean()).rsqrt()[:, None] * column.rsqrt()[None, :]
        else:
            change = gradient * renewed(state, "second", squares, keep).rsqrt()
        excess = (change.square().mean().sqrt()).clamp(min=1.0)
        if weight_decay > 0:
            parameter.mul_(1 - rate * weight_decay)
        parameter.sub_(change * (rate / excess))


def renewed(state: dict, name: str, now: Tensor, keep: float) -> Tensor:
    """A running mean, moved towards what it is now."""
    if name not in state:
        state[name] = torch.zeros_like(now)
    return state[name].mul_(keep).add_(now, alpha=1 - keep)
