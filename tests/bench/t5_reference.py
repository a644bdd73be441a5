"""Times T5 in PyTorch, for comparison with the engine.

Reads JSON lines from stdin. The first describes the task, the model, the device and the threads; it
is answered with what runs it. Each further line is a question, answered with milliseconds and the
process's peak of resident memory in bytes (null where the system does not tell).
"""

import json
import sys
import time
from collections.abc import Callable

import torch
from t5_model import IGNORED, T5, Greedy
from torch import Tensor, nn

Question = dict
Timer = Callable[[Question], list[float]]


def main() -> None:
    task = json.loads(sys.stdin.readline())
    torch.set_num_threads(task["threads"])
    torch.set_float32_matmul_precision("highest")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.manual_seed(1)
    torch.set_default_device(task["device"])
    tasks = {"train": train, "decode": decode, "generate": generate, "rows": train_rows}
    try:
        model, timer = tasks[task["task"]](task)
    except ModuleNotFoundError as missing:
        answer({"absent": missing.name})
        return
    name = f"PyTorch {torch.__version__}"
    if task["device"] == "cuda":
        name += f" on {torch.cuda.get_device_name()}"
    if task["fused"] and task["task"] in ("train", "rows"):
        name += " with fused AdamW"
    answer({"name": name, "parameters": sum(parameter.numel() for parameter in model.parameters())})
    for line in sys.stdin:
        answer({"milliseconds": timer(json.loads(line)), "peak": peak_memory()})


def train(task: dict) -> tuple[nn.Module, Timer]:
    """Steps on one random batch. Question: {"steps": n}."""
    rows, vocabulary = task["rows"], task["config"]["vocabSize"]
    inputs, present = random_rows([row["source"] for row in rows], vocabulary)
    targets, scored = random_rows([row["target"] for row in rows], vocabulary)
    labels = targets.where(scored, IGNORED)
    model = T5(task["config"])
    step = stepper(model, task["fused"])
    return model, lambda question: [
        timed(lambda: step(lambda: model(inputs, present, labels))) for _ in range(question["steps"])
    ]


def train_rows(task: dict) -> tuple[nn.Module, Timer]:
    """Steps on encoded rows, one list of row numbers each. Question: {"batches": [[row, ...], ...]}.

    As the published code of Distilling Step-by-Step does: a forward pass over the labels, another
    over the rationales, each padded to its own longest row, and one update.
    """
    with open(task["file"], encoding="utf-8") as file:
        rows = json.load(file)
    model = T5(task["config"])
    step = stepper(model, task["fused"])

    def loss(examples: list[dict]) -> Tensor:
        inputs, present = padded([example["input"] for example in examples])
        targets, scored = padded([example["target"] for example in examples])
        return model(inputs, present, targets.where(scored, IGNORED))

    def both(batch: list[int]) -> Tensor:
        chosen = [rows[row] for row in batch]
        rationales = [row["rationale"] for row in chosen if row["rationale"] is not None]
        label = loss([row["label"] for row in chosen])
        return label + loss(rationales) if rationales else label

    return model, lambda question: [
        timed(lambda batch=batch: step(lambda: both(batch))) for batch in question["batches"]
    ]


def decode(task: dict) -> tuple[nn.Module, Timer]:
    """Greedy decoding of random rows with `Greedy`. Question: {"runs": n}."""
    inputs, present = random_rows([row["source"] for row in task["rows"]], task["config"]["vocabSize"])
    model = T5(task["config"]).eval()
    greedy = Greedy(model)
    return model, lambda question: [
        timed(lambda: greedy(inputs, present, task["tokens"])) for _ in range(question["runs"])
    ]


def generate(task: dict) -> tuple[nn.Module, Timer]:
    """Greedy decoding of random rows with transformers' `generate`. Question: {"runs": n}."""
    from transformers import T5Config, T5ForConditionalGeneration

    config = task["config"]
    inputs, present = random_rows([row["source"] for row in task["rows"]], config["vocabSize"])
    model = T5ForConditionalGeneration(
        T5Config(
            vocab_size=config["vocabSize"],
            d_model=config["dModel"],
            d_kv=config["dKv"],
            d_ff=config["dFf"],
            num_heads=config["numHeads"],
            num_layers=config["numLayers"],
            num_decoder_layers=config["numDecoderLayers"],
            decoder_start_token_id=0,
        )
    ).eval()
    # No token ends a row.
    model.generation_config.eos_token_id = None

    def once() -> None:
        with torch.inference_mode():
            written = model.generate(
                input_ids=inputs, attention_mask=present.long(), max_new_tokens=task["tokens"], do_sample=False
            )
        assert written.shape[1] == task["tokens"] + 1, "a row ended early"

    return model, lambda question: [timed(once) for _ in range(question["runs"])]


def stepper(model: nn.Module, fused: bool) -> Callable[[Callable[[], Tensor]], None]:
    """One update on a loss: gradients, clipping, AdamW."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=fused or None)

    def step(loss: Callable[[], Tensor]) -> None:
        optimizer.zero_grad()
        loss().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


def random_rows(lengths: list[int], vocabulary: int) -> tuple[Tensor, Tensor]:
    """Random tokens [rows, longest] and where they are not padding."""
    return padded([torch.randint(2, vocabulary, (length,)).tolist() for length in lengths])


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Tokens [rows, longest] and where they are not padding."""
    longest = max(map(len, rows))
    tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    lengths = torch.tensor([len(row) for row in rows])
    return tokens, torch.arange(longest)[None, :] < lengths[:, None]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds until the work is done, on whichever device."""
    began = time.perf_counter()
    work()
    if torch.get_default_device().type == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - began) * 1e3


def peak_memory() -> int | None:
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        return None


def answer(value: dict) -> None:
    print(json.dumps(value), flush=True)


main()
