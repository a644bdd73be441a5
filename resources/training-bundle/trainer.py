"""One training: steps, evaluations, checkpoints, the end."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import torch
from bundle import ASKED_TO_END, CERTIFICATE, CHANGED, DIVERGED, Stop, hash_file, write_whole, writing
from data import Order, Rows
from decoding import count_right
from learning import Learner
from model import T5
from optimizer import learning_rate
from processes import Processes, described
from standing import ended, fresh, has_run_away, is_evaluated, is_kept, is_number, is_suspect, judge, watch
from student import merged, read_tensors, start_of, versions, write_student, write_tensors

#: Points of the loss that `result.json` holds at most, beside those of evaluations.
MOST_POINTS = 2_000
#: Seconds between two words of progress.
TALK_EVERY = 5.0


class Trainer:
    def __init__(self, bundle: Path, recipe: dict, processes: Processes, options):
        self.bundle, self.recipe, self.processes, self.options = bundle, recipe, processes, options
        config, tensors = start_of(bundle, recipe, processes.device)
        self.model = T5(config, tensors, recipe["lora"])
        rows = Rows(bundle / "data", "train", recipe["data"]["train"])
        self.validation = Rows(bundle / "data", "validation", recipe["data"]["validation"])
        order = Order(bundle / "data", rows, recipe)
        self.learner = Learner(self.model, recipe, order, processes, options)
        self.work: Path = options.work
        self.standing, self.step, self.seconds = fresh(), 0, 0.0
        self.asked_to_end = False
        self.points: list[dict] = []
        self.bundle_hash = hash_file(bundle / CERTIFICATE)

    # ------------------------------------------------------------ the loop

    def run(self) -> None:
        """Trains until nothing is left, and writes the result."""
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "asked_to_end", True))
        self.processes.together(self.resume)
        self.refuse_other_step()
        self.processes.lead(self.begin_log)
        if not self.options.finish:
            self.train()
        if self.standing["best"] is None:
            self.evaluate({"step": self.step})
        self.processes.lead(self.write_result)

    def train(self) -> None:
        began, first, talked = time.monotonic(), self.step, 0.0
        tokens, before = 0, self.seconds
        while ended(self.standing, self.step, self.recipe) is None:
            point = self.take_step()
            self.seconds = before + time.monotonic() - began
            tokens += point.pop("tokens")
            spent = max(time.monotonic() - began, 1e-9)
            point["tokensPerSecond"] = round(tokens / spent, 1)
            point["secondsLeft"] = round(spent / (self.step - first) * (self.recipe["steps"] - self.step), 1)
            stopping = point.pop("asked") > 0
            if is_evaluated(self.step, self.recipe):
                self.evaluate(point)
            self.tell(point)
            if time.monotonic() - talked > TALK_EVERY or self.step == self.recipe["steps"]:
                talked = time.monotonic()
                self.say(progress(point, self.recipe["steps"]))
            due = self.step % self.options.save_every == 0 or is_evaluated(self.step, self.recipe)
            if (due or stopping) and not is_suspect(self.standing):
                self.processes.lead(self.save)
            if stopping:
                raise Stop(ASKED_TO_END, f"Asked to end: step {self.step} is saved. The same command goes on from it.")

    def take_step(self) -> dict:
        step = self.step + 1
        rate = learning_rate(step, self.recipe)
        point = self.learner.learn(step, asked=self.asked_to_end)
        if not is_number(point["loss"], point["gradientNorm"]):
            raise self.diverged(f"The loss, or its gradient, stopped being a number at step {step}.")
        self.learner.update(rate, point["gradientNorm"])
        self.step = step
        watch(self.standing, step, point["loss"], self.recipe["warmupSteps"])
        if has_run_away(self.standing):
            mean, start = self.standing["smoothed"], self.standing["start"]
            raise self.diverged(
                f"The loss ran away: its mean over about a hundred steps was {mean:.2f} at step {step}, "
                f"after {start:.2f} at the start."
            )
        return {"step": step, **point, "learningRate": rate, "validation": None}

    def evaluate(self, point: dict) -> None:
        """Decodes the validation rows, and keeps the student if it is the best."""
        point["validation"] = self.validate()
        share = point["validation"] and point["validation"]["share"]
        if judge(self.standing, self.step, share):
            self.processes.lead(self.save_best)
        if is_kept(self.step, self.recipe):
            folder = self.work / f"step-{self.step:06d}"
            self.processes.lead(lambda: self.write(folder, self.weights(), self.step, point["validation"]))

    def validate(self) -> dict | None:
        """Each process answers its share of the rows."""
        count = self.validation.count
        if count == 0:
            return None
        mine = range(self.processes.rank, count, self.processes.count)
        dropout, self.model.dropout = self.model.dropout, 0.0
        with self.learner.autocast():
            right = count_right(self.model, self.validation, self.recipe["validation"], mine)
        self.model.dropout = dropout
        total = torch.tensor([right], dtype=torch.float64, device=self.processes.device)
        self.processes.add_up(total)
        correct = int(total.item())
        return {"correct": correct, "rows": count, "share": correct / count}

    # ------------------------------------------------------------ checkpoints

    @property
    def state_path(self) -> Path:
        return self.work / "state.pt"

    def weights(self) -> dict:
        return merged(self.model.tensors, self.recipe["lora"])

    def resume(self) -> None:
        """Goes on from the checkpoint, where there is one."""
        if self.options.restart and self.processes.leads:
            self.state_path.unlink(missing_ok=True)
        elif not self.options.restart and self.state_path.is_file():
            try:
                state = torch.load(self.state_path, map_location=self.processes.device, weights_only=True)
            except Exception as problem:
                sentence = f"{self.state_path} cannot be read ({problem}). Begin anew with --restart."
                raise Stop(CHANGED, sentence) from None
            if state["bundle"] != self.bundle_hash:
                raise Stop(CHANGED, f"{self.state_path} is of another bundle. Choose another --work, or --restart.")
            self.step, self.standing, self.seconds = state["step"], state["standing"], state["seconds"]
            self.learner.restore(state)
        elif self.options.finish:
            raise Stop(CHANGED, f"There is no checkpoint in {self.work} to finish. Train first.")

    def refuse_other_step(self) -> None:
        own = torch.tensor([float(self.step), float(self.step) ** 2], dtype=torch.float64, device=self.processes.device)
        self.processes.add_up(own)
        mean, mean_square = (own / self.processes.count).tolist()
        if abs(mean_square - mean**2) > 0.5:
            raise Stop(CHANGED, f"Processes see different checkpoints: {self.work} must be a folder that all share.")

    def save(self) -> None:
        state = {
            "bundle": self.bundle_hash,
            "step": self.step,
            "standing": self.standing,
            "seconds": self.seconds,
            **self.learner.state(),
        }
        write_whole(self.state_path, lambda file: torch.save(state, file))

    def save_best(self) -> None:
        write_tensors(self.work / "best.safetensors", self.weights())

    def diverged(self, reason: str) -> Stop:
        rate, best = self.recipe["learningRate"], self.standing["best"]
        kept = (
            f"The best student so far, of step {best['step']}, is kept: --finish writes it as a result."
            if best
            else "No student had been kept yet."
        )
        return Stop(DIVERGED, f"{reason} Train again with a lower learning rate than {rate:g}. {kept}")

    # ------------------------------------------------------------ what is told

    def begin_log(self) -> None:
        """Keeps of an earlier log what the checkpoint has seen."""
        path = self.work / "losses.jsonl"
        with writing(path):
            self.work.mkdir(parents=True, exist_ok=True)
            lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for line in lines:
            try:
                point = json.loads(line)
            except ValueError:
                break
            if point["step"] <= self.step:
                self.points.append(point)
        kept = "".join(json.dumps(point) + "\n" for point in self.points)
        write_whole(path, lambda file: file.write(kept.encode("utf-8")))

    def tell(self, point: dict) -> None:
        if not self.processes.leads:
            return
        line = json.dumps(point)
        print(line, flush=True)
        self.points.append(point)
        path = self.work / "losses.jsonl"
        with writing(path), open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    def say(self, sentence: str) -> None:
        if self.processes.leads:
            print(sentence, file=sys.stderr, flush=True)

    # ------------------------------------------------------------ the result

    def write_result(self) -> None:
        best = self.standing["best"]
        found = next((point for point in self.points if point["step"] == best["step"]), None)
        validation = (found or {}).get("validation") or self.unlogged(best)
        self.write(self.options.output, read_tensors(self.work / "best.safetensors", "cpu"), best["step"], validation)
        self.say(f"The student of step {best['step']} is in {self.options.output}: import this folder into the app.")

    def unlogged(self, best: dict) -> dict | None:
        share, rows = best["validation"], self.validation.count
        return None if share is None else {"correct": round(share * rows), "rows": rows, "share": share}

    def write(self, folder: Path, tensors: dict, step: int, validation: dict | None) -> None:
        count = self.processes.count
        every = -(-max(1, len(self.points)) // MOST_POINTS)
        result = {
            "format": 1,
            "step": step,
            "steps": self.recipe["steps"],
            "trainedSteps": self.step,
            "ended": ended(self.standing, self.step, self.recipe) or "finished-early",
            "validation": validation,
            "engine": f"PyTorch {torch.__version__}, {count} process{'' if count == 1 else 'es'}",
            "device": described(self.processes.device),
            "worldSize": count,
            "bf16": self.options.bf16,
            "seconds": round(self.seconds, 1),
            "versions": versions(),
            "bundle": self.bundle_hash,
            "losses": [
                {key: point[key] for key in LOSSES}
                for index, point in enumerate(self.points)
                if index % every == 0 or point["validation"] is not None
            ],
        }
        write_student(folder, self.bundle, tensors, result)


#: What `result.json` holds of each step.
LOSSES = (
    "step",
    "loss",
    "labelLoss",
    "rationaleLoss",
    "mutualInformation",
    "gradientNorm",
    "learningRate",
    "validation",
)


def progress(point: dict, steps: int) -> str:
    left = int(point["secondsLeft"])
    hours, minutes = divmod(left // 60, 60)
    time_left = f"{hours} h {minutes} min" if hours else f"{minutes} min {left % 60} s"
    validation = point["validation"]
    right = f", {validation['correct']} of {validation['rows']} right" if validation else ""
    rate = f"{point['tokensPerSecond']:,.0f} tokens/s"
    return f"step {point['step']} of {steps}: loss {point['loss']:.4f}{right}, {rate}, {time_left} left"
