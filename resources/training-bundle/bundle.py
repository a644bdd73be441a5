"""The folder that this script came in: its files, whether they are whole, and how files are written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from contextlib import contextmanager
from pathlib import Path

CERTIFICATE = "certificate.json"
#: For people, who fill in its licence; nothing is computed from it.
CARD = "README.md"
#: What a training reads beside the folders `data` and `student`.
READ = ("recipe.json", "expected.json", "adapters.safetensors", "stepwise.json", "trained-on.json")

CHANGED = 3
UNSUITED = 4
DIVERGED = 5
UNWRITABLE = 6
OTHER_LOSSES = 7
ASKED_TO_END = 143


class Stop(Exception):
    """Ends the training with a sentence for a person and the exit code of the process."""

    def __init__(self, code: int, sentence: str):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def read_json(path: Path) -> dict:
    """The content of one of the bundle's JSON files, each of which holds an object."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(value, dict):
            raise ValueError("it holds no object")
        return value
    except FileNotFoundError:
        raise Stop(CHANGED, f"{path.name} is missing in {path.parent}. Copy the whole bundle again.") from None
    except (ValueError, OSError, RecursionError) as problem:
        raise Stop(CHANGED, f"{path.name} cannot be read ({problem}). Copy the whole bundle again.") from None


def check_files(folder: Path) -> None:
    """Compares every file with its size and its SHA-256 in the certificate."""
    certificate = read_json(folder / CERTIFICATE)
    if certificate.get("exported") != "training":
        raise Stop(CHANGED, f"{folder} is not a training bundle: its certificate is of another export.")
    known = set()
    for name, size, digest in certified(certificate):
        path = folder.joinpath(*name.split("/"))
        known.add(name)
        if name == CARD:
            continue
        if not path.is_file():
            raise Stop(CHANGED, f"{name} is missing. Copy the whole bundle again.")
        if path.stat().st_size != size or hash_file(path) != digest:
            raise Stop(CHANGED, f"{name} is not as it was exported: it has changed. Copy the whole bundle again.")
    for name in files_read(folder):
        if name not in known:
            sentence = f"{name} was added after the export: the certificate does not know it."
            raise Stop(CHANGED, f"{sentence} Remove it, or copy the whole bundle again.")


def certified(certificate: dict) -> list[tuple[str, int, str]]:
    """Name, size and SHA-256 of every file, none of which leads out of the bundle."""
    try:
        files = [(file["name"], file["bytes"], file["sha256"]) for file in certificate["files"]]
        for name, _size, _digest in files:
            if re.search(r"[\\:\0]", name) or any(part in ("", ".", "..") for part in name.split("/")):
                raise ValueError(f"{name} is no name of a file")
        # What the result's own certificate takes from here: not to be missed after hours of training.
        if not isinstance(certificate["versions"], dict) or not isinstance(certificate["student"]["run"], str):
            raise ValueError("it does not say of which run it is")
        return files
    except (KeyError, TypeError, ValueError) as problem:
        sentence = f"{CERTIFICATE} cannot be read ({problem}): it was changed after the export."
        raise Stop(CHANGED, f"{sentence} Copy the whole bundle again.") from None


def files_read(folder: Path) -> list[str]:
    """Of the files that a training reads, those that are there; systems leave hidden ones of their own."""
    found = [name for name in READ if (folder / name).is_file()]
    for inner in ("data", "student"):
        found += [f"{inner}/{path.name}" for path in sorted((folder / inner).glob("*")) if path.name[0] != "."]
    return found


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def writing(what: Path):
    """Says in a sentence why a file or folder could not be written."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            sentence = f"The disk is full: {what} could not be written. Make room and start the same command again."
        else:
            sentence = f"{what} could not be written: {problem.strerror or problem}."
        raise Stop(UNWRITABLE, sentence) from None


def write_whole(path: Path, fill) -> None:
    """Lets `fill(file)` write a file, which appears under its name only when it is whole and on the disk."""
    part = path.with_name(f"{path.name}.part")
    with writing(path):
        try:
            with open(part, "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def write_json(path: Path, value: dict) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    write_whole(path, lambda file: file.write(text.encode("utf-8")))
