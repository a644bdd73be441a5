"""Students as Hugging Face folders: their weights (safetensors), and the folder that the app imports."""

from __future__ import annotations

import ctypes
import json
import math
import os
import platform
import shutil
from datetime import datetime, timezone
from pathlib import Path

import torch
from bundle import CERTIFICATE, CHANGED, Stop, hash_file, read_json, write_json, write_whole, writing
from torch import Tensor

#: Files of the start that the trained student has as they are.
TAKEN_ALONG = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)


def read_tensors(path: Path, device) -> dict[str, Tensor]:
    """The float32 tensors of a safetensors file: a header's length, a JSON header, raw numbers."""
    try:
        with open(path, "rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(size))
            header.pop("__metadata__", None)
            tensors = {}
            for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"][0]):
                numbers = bytearray(4 * math.prod(entry["shape"]))
                file.seek(8 + size + entry["data_offsets"][0])
                if entry["dtype"] != "F32" or file.readinto(numbers) != len(numbers):
                    raise ValueError(f"{name} is not whole")
                tensors[name] = torch.frombuffer(numbers, dtype=torch.float32).reshape(entry["shape"]).to(device)
            return tensors
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Stop(CHANGED, f"{path.name} cannot be read ({problem}). Copy the whole bundle again.") from None


def write_tensors(path: Path, tensors: dict[str, Tensor]) -> None:
    """Writes float32 tensors as a safetensors file."""
    header: dict = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, tensor in tensors.items():
        end = offset + 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)

    def fill(file) -> None:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            numbers = tensor.detach().to("cpu", torch.float32).contiguous()
            # The tensor's own memory; torch's way to bytes would need numpy.
            file.write((ctypes.c_char * (4 * numbers.numel())).from_address(numbers.data_ptr()))

    write_whole(path, fill)


def start_of(folder: Path, recipe: dict, device) -> tuple[dict, dict[str, Tensor]]:
    """The configuration and the tensors that a training starts from, adapters among them."""
    tensors = read_tensors(folder / "student" / "model.safetensors", device)
    if recipe["lora"]:
        tensors.update(read_tensors(folder / "adapters.safetensors", device))
    return read_json(folder / "student" / "config.json"), tensors


@torch.no_grad()
def merged(tensors: dict[str, Tensor], lora: dict | None) -> dict[str, Tensor]:
    """The tensors of an ordinary T5: with adapters, each adapted W is W + (alpha / rank) B A."""
    plain = {name: tensor for name, tensor in tensors.items() if ".lora_" not in name}
    for name in lora["adapters"] if lora else ():
        down, up = (tensors[f"{name}.lora_{part}.weight"].double() for part in "AB")
        whole = plain[f"{name}.weight"].double() + (lora["alpha"] / lora["rank"]) * (up @ down)
        plain[f"{name}.weight"] = whole.float()
    return plain


def write_student(folder: Path, bundle: Path, tensors: dict[str, Tensor], result: dict) -> None:
    """Writes a trained student beside its place and renames it in: whoever looks finds it whole or not at all."""
    part = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    with writing(folder):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            write_tensors(part / "model.safetensors", tensors)
            for name in TAKEN_ALONG:
                shutil.copyfile(bundle / "student" / name, part / name)
            if (bundle / "trained-on.json").is_file():
                shutil.copyfile(bundle / "trained-on.json", part / "trained-on.json")
            parameters = sum(tensor.numel() for tensor in tensors.values())
            write_json(part / "stepwise.json", manifest_of(bundle, result, parameters))
            write_json(part / "result.json", result)
            write_json(part / CERTIFICATE, certificate_of(bundle, part, result))
            if folder.exists():
                shutil.rmtree(folder)
            os.replace(part, folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def manifest_of(bundle: Path, result: dict, parameters: int) -> dict:
    """What the folder says about itself: as the bundle does, with what trained this student."""
    own = bundle / "stepwise.json"
    manifest = read_json(own if own.is_file() else bundle / "student" / "stepwise.json")
    if "origin" in manifest:
        validation = result["validation"]
        manifest["origin"].update(
            run=f"{manifest['origin']['run']} (PyTorch)",
            step=result["step"],
            engine=result["engine"],
            parameters=parameters,
            validation=validation and validation["share"],
        )
    return manifest


def certificate_of(bundle: Path, folder: Path, result: dict) -> dict:
    """The hash of every file, in the form of the app's own exports."""
    of_bundle = read_json(bundle / CERTIFICATE)
    names = sorted(path.name for path in folder.iterdir())
    return {
        "format": 1,
        "exported": "training",
        "createdAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "versions": {**of_bundle["versions"], **result["versions"]},
        "student": {
            **of_bundle["student"],
            "run": f"{of_bundle['student']['run']} (PyTorch)",
            "step": result["step"],
        },
        "proof": None,
        "files": [
            {"name": name, "bytes": (folder / name).stat().st_size, "sha256": hash_file(folder / name)}
            for name in names
        ],
    }


def versions() -> dict[str, str]:
    found = {"PyTorch": torch.__version__, "Python": platform.python_version()}
    return {**found, "CUDA": torch.version.cuda} if torch.cuda.is_available() and torch.version.cuda else found
