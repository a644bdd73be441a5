"""The processes that train together: who they are, sums over all of them, and ends that all take part in."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import torch
import torch.distributed as dist
from bundle import UNSUITED, Stop
from torch import Tensor

T = TypeVar("T")


class Processes:
    """This process among those that `torchrun` started; alone without it."""

    def __init__(self, device: str | None):
        self.rank = int(os.environ.get("RANK", "0"))
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.local = int(os.environ.get("LOCAL_RANK", "0"))
        self.device = self.choose(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        if self.count > 1:
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    def choose(self, kind: str) -> torch.device:
        if kind == "cpu":
            return torch.device("cpu")
        if not torch.cuda.is_available():
            raise Stop(UNSUITED, "PyTorch finds no GPU here. Start with --device cpu, or install PyTorch for this GPU.")
        found = torch.cuda.device_count()
        if self.local >= found:
            raise Stop(UNSUITED, f"There are more processes than the {found} GPU(s) here: lower --nproc_per_node.")
        torch.cuda.set_device(self.local)
        return torch.device("cuda", self.local)

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and speaks."""
        return self.rank == 0

    def add_up(self, numbers: Tensor) -> None:
        if self.count > 1:
            dist.all_reduce(numbers)

    def together(self, work: Callable[[], T]) -> T:
        """Does something that can fail in one process: then all of them end, with the first one's sentence."""
        failed, result = None, None
        try:
            result = work()
        except Stop as stop:
            failed = (stop.code, stop.sentence)
        if self.count > 1:
            every: list = [None] * self.count
            dist.all_gather_object(every, failed)
            failed = next((one for one in every if one is not None), None)
        if failed is not None:
            raise Stop(*failed)
        return result

    def lead(self, work: Callable[[], object]) -> None:
        """Lets the leading process do something; the others wait, and end when it fails."""
        self.together(lambda: work() if self.leads else None)

    def end(self) -> None:
        if self.count > 1 and dist.is_initialized():
            dist.destroy_process_group()


def described(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
