"""Reads students' folders with Transformers and answers texts, as JSON on stdin asks; JSON on stdout."""

import json
import sys

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

BATCH = 50
LOGIT_ROWS = 8


def main() -> None:
    task = json.load(sys.stdin)
    answers = [answer(folder, task["texts"], task["tokens"]) for folder in task["folders"]]
    json.dump(answers, sys.stdout)


def answer(folder: str, texts: list[str], tokens: int) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    stored = AutoModelForSeq2SeqLM.from_pretrained(folder).shared.weight.dtype
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    return {
        "dtype": str(stored).removeprefix("torch."),
        "ids": tokenizer(texts)["input_ids"],
        "greedy": greedy(model, tokenizer, texts, tokens),
        "logits": first_logits(model, tokenizer, texts[:LOGIT_ROWS]),
    }


def greedy(model, tokenizer, texts: list[str], tokens: int) -> list[list[int]]:
    """Ids after the start token, up to the end token."""
    end, rows = model.config.eos_token_id, []
    for start in range(0, len(texts), BATCH):
        batch = tokenizer(texts[start : start + BATCH], padding=True, return_tensors="pt")
        written = model.generate(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            max_new_tokens=tokens,
            num_beams=1,
            do_sample=False,
        )
        for row in written[:, 1:].tolist():
            rows.append(row[: row.index(end)] if end in row else row)
    return rows


def first_logits(model, tokenizer, texts: list[str]) -> list[list[float]]:
    """Logits of the first token, row by row, so that nothing is padded."""
    start = torch.tensor([[model.config.decoder_start_token_id]])
    with torch.no_grad():
        return [
            model(
                input_ids=tokenizer(text, return_tensors="pt")["input_ids"],
                decoder_input_ids=start,
            ).logits[0, 0].tolist()
            for text in texts
        ]


main()
