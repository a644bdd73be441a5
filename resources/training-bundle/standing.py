"""Which student is the best so far, when a training is done, and whether its loss runs away."""

from __future__ import annotations

import math

#: Losses that the start is the mean of, the newest's weight in the smoothed loss, and what is too high.
FIRST, NEWEST = 20, 0.02
TIMES_START, TIMES_LOWEST, MARGIN, STRETCH = 2, 3, 1, 100


def fresh() -> dict:
    """Before the first step."""
    return {"best": None, "stale": 0, "seen": 0, "start": 0.0, "smoothed": 0.0, "lowest": 0.0, "above": 0}


def watch(standing: dict, step: int, loss: float, warmup: float) -> None:
    """Takes a step's loss into account.

    It has run away when its mean over about a hundred steps stands for a hundred steps above twice what
    it began with or three times its lowest, and by at least one nat. Judged only after the warm-up.
    """
    standing["seen"] += 1
    if standing["seen"] <= FIRST:
        mean = standing["start"] + (loss - standing["start"]) / standing["seen"]
        standing.update(start=mean, smoothed=mean, lowest=mean, above=0)
        return
    start, smoothed = standing["start"], standing["smoothed"] + NEWEST * (loss - standing["smoothed"])
    lowest = min(standing["lowest"], smoothed)
    limit = min(max(TIMES_START * start, start + MARGIN), max(TIMES_LOWEST * lowest, lowest + MARGIN))
    too_high = step > warmup and smoothed > limit
    standing.update(smoothed=smoothed, lowest=lowest, above=standing["above"] + 1 if too_high else 0)


def is_suspect(standing: dict) -> bool:
    """Whether the newest weights may be bad: they must not take the place of good ones."""
    return standing["above"] > 0


def has_run_away(standing: dict) -> bool:
    return standing["above"] >= STRETCH


def judge(standing: dict, step: int, share: float | None) -> bool:
    """Takes an evaluation into account. The later of two equals is the best, since it has learned longer.

    Patience counts only those that are better. Without rows to validate on, the newest is the best.
    """
    best, doubtful = standing["best"], is_suspect(standing)
    is_best = best is None or (not doubtful and (share is None or share >= best["validation"]))
    is_better = best is None or (is_best and share is not None and share > best["validation"])
    if share is not None:
        standing["stale"] = 0 if is_better else standing["stale"] + 1
    if is_best:
        standing["best"] = {"step": step, "validation": share}
    return is_best


def is_evaluated(step: int, recipe: dict) -> bool:
    return step == recipe["steps"] or step % recipe["evaluateEvery"] == 0


def is_kept(step: int, recipe: dict) -> bool:
    """Whether the student of this evaluation is kept beside the best."""
    every = recipe["keepEvery"]
    return every is not None and step % (recipe["evaluateEvery"] * every) == 0


def ended(standing: dict, step: int, recipe: dict) -> str | None:
    """Why nothing is left to train; None while there is."""
    if step >= recipe["steps"]:
        return "steps-done"
    stopping = recipe["earlyStopping"]
    return "early-stopping" if stopping and standing["stale"] >= stopping["patience"] else None


def is_number(*values: float) -> bool:
    return all(math.isfinite(value) for value in values)
