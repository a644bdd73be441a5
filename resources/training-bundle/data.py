"""The rows of a bundle, as token ids, and whose turn it is at every step.

All files hold whole numbers, little-endian, one after another; `recipe.json` says how many.

- `data/train.ids`: the ids of every text, one text after another, 2 or 4 bytes each.
- `data/train.examples`: four numbers of 8 bytes for each example: where its input begins among the
  ids, how many ids it has, and the same of its target. Every text ends with the end token.
- `data/train.rows`: three numbers of 8 bytes for each row: its first example, which is `[label] x -> y`;
  how many examples of `explained` follow, which take that one's place where a method has the rationale
  in its input or its target; and how many of `rationales` after them, which are `[rationale] x -> r`.
- `data/order.rows`: the number of every row whose turn it is, 4 bytes: `accumulate` times `batchSize`
  for each step.
- `data/order.choices`: only where something is drawn, 2 bytes each: which of its rationales the row has
  this time, or 65535 for none.
- `data/validation.*`: the same as the training rows. A row's input is that of its first example; the
  targets of all its examples are answers that count as right, without an end token.

Files are mapped into memory: processes of one machine share them, and only what is used is read.
"""

from __future__ import annotations

import mmap
import sys
from pathlib import Path
from typing import NamedTuple

from bundle import CHANGED, UNSUITED, Stop

SILENT = 0xFFFF


def numbers(path: Path, width: int, count: int) -> memoryview:
    """A file of so many whole numbers of so many bytes, mapped into memory."""
    if sys.byteorder != "little":
        raise Stop(UNSUITED, "This machine has another byte order than the files. Use an x86 or ARM machine.")
    if not path.is_file() or path.stat().st_size != width * count:
        raise Stop(CHANGED, f"data/{path.name} is missing or has another size. Copy the whole bundle again.")
    if count == 0:
        return memoryview(b"")
    with open(path, "rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return memoryview(mapped).cast({2: "H", 4: "I", 8: "Q"}[width])


class Rows:
    """Rows as examples, by number."""

    def __init__(self, folder: Path, name: str, facts: dict):
        self.count = facts["rows"]
        self.ids = numbers(folder / f"{name}.ids", facts["bytesPerId"], facts["ids"])
        self.examples = numbers(folder / f"{name}.examples", 8, 4 * facts["examples"])
        self.rows = numbers(folder / f"{name}.rows", 8, 3 * facts["rows"])

    def input(self, example: int) -> list[int]:
        start, count = self.examples[4 * example], self.examples[4 * example + 1]
        return self.ids[start : start + count].tolist()

    def target(self, example: int) -> list[int]:
        start, count = self.examples[4 * example + 2], self.examples[4 * example + 3]
        return self.ids[start : start + count].tolist()

    def target_length(self, example: int) -> int:
        return self.examples[4 * example + 3]

    def parts(self, row: int) -> tuple[int, range, range]:
        """Of a row, the examples: its label's, the explained ones, its rationales."""
        first, explained, rationales = self.rows[3 * row : 3 * row + 3].tolist()
        after = first + 1 + explained
        return first, range(first + 1, after), range(after, after + rationales)


class Batch(NamedTuple):
    """Examples that are learned together. Each rationale is paired with a label of the same row."""

    labels: list[int]
    rationales: list[int]
    #: For each rationale, the place of its label in `labels`.
    partners: list[int]


class Order:
    """Whose turn it is."""

    def __init__(self, folder: Path, rows: Rows, recipe: dict):
        facts = recipe["data"]["order"]
        self.rows = rows
        self.batch_size, self.accumulate = recipe["batchSize"], recipe["accumulate"]
        self.sampled = facts["sampled"]
        self.turns = numbers(folder / "order.rows", 4, facts["draws"])
        self.choices = numbers(folder / "order.choices", 2, facts["draws"]) if facts["choices"] else None

    def micro_batches(self, step: int) -> list[range]:
        """The turns of one step, of which the first is 1, by micro-batch."""
        first = (step - 1) * self.accumulate * self.batch_size
        starts = (first + index * self.batch_size for index in range(self.accumulate))
        return [range(start, start + self.batch_size) for start in starts]

    def batch(self, turns: range) -> Batch:
        """The examples of some turns."""
        batch = Batch([], [], [])
        for turn in turns:
            label, explained, rationales = self.examples(turn)
            place = len(batch.labels)
            batch.labels.extend(explained or [label])
            batch.rationales.extend(rationales)
            batch.partners.extend([place] * len(rationales))
        return batch

    def examples(self, turn: int) -> tuple[int, range, range]:
        """The examples of one turn's row, as they were drawn for it."""
        label, explained, rationales = self.rows.parts(self.turns[turn])
        choice = 0 if self.choices is None else self.choices[turn]
        if choice == SILENT:
            return label, explained[:0], rationales[:0]
        if not self.sampled:
            return label, explained, rationales
        return label, explained[choice : choice + 1], rationales[choice : choice + 1]
