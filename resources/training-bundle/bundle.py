"""The folder that this script came in: its files, whether they are whole, and how files are written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from contextlib import contextmanager
from pathlib import Path

CERTIFICATE = "certificate.json"

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
    """The content of one of the bundle's JSON files."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Stop(CHANGED, f"{path.name} is missing in {path.parent}. Copy the whole bundle again.") from None
    except (ValueError, OSError) as problem:
        raise Stop(CHANGED, f"{path.name} cannot be read ({problem}). Copy the whole bundle again.") from None


def check_files(folder: Path) -> None:
    """Compares every file with its size and its SHA-256 in the certificate."""
    certificate = read_json(folder / CERTIFICATE)
    if certificate.get("exported") != "training":
        raise Stop(CHANGED, f"{folder} is not a training bundle: its certificate is of another export.")
    for file in certificate["files"]:
        name, path = file["name"], folder.joinpath(*file["name"].split("/"))
        if not path.is_file():
            raise Stop(CHANGED, f"{name} is missing. Copy the whole bundle again.")
        if path.stat().st_size != file["bytes"] or hash_file(path) != file["sha256"]:
            raise Stop(CHANGED, f"{name} is not as it was exported: it has changed. Copy the whole bundle again.")


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
