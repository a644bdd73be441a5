"""Trains the run of this folder with PyTorch.

`python train.py`, or `torchrun --standalone --nproc_per_node=4 train.py`. README.md says more;
`python train.py --help` lists the options.
"""

from __future__ import annotations

import sys

# Copies of compiled modules would lie among the bundle's files.
sys.dont_write_bytecode = True

UNSUITED, INTERRUPTED = 4, 130


def refuse(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(UNSUITED)


if sys.version_info < (3, 9):
    refuse("This needs Python 3.9 or newer; this is Python %d.%d." % sys.version_info[:2])
try:
    import torch
except ImportError as problem:
    refuse("PyTorch cannot be loaded here (%s). Install it with: pip install torch" % problem)
if int(torch.__version__.split(".")[0]) < 2:
    refuse("This needs PyTorch 2.0 or newer; this is PyTorch %s." % torch.__version__)

import argparse  # noqa: E402
from pathlib import Path  # noqa: E402

try:
    from bundle import OTHER_LOSSES, Stop, check_files, read_json
    from optimizer import learning_rate
    from processes import Processes, described
    from trainer import Trainer
except ImportError as problem:
    print("A script of the bundle is missing (%s). Copy the whole bundle again." % problem, file=sys.stderr)
    sys.exit(3)

#: Relative differences from the app's own losses and gradient norms that are rounding.
SAME_LOSS, SAME_NORM = 1e-3, 2e-3
#: With products in bfloat16, of which eight bits are kept.
SAME_ROUNDED = 5e-2


def main() -> int:
    options = parse()
    processes = None
    try:
        processes = Processes(options.device)
        bundle = options.bundle
        processes.together(lambda: check_files(bundle) if processes.local == 0 else None)
        recipe = read_json(bundle / "recipe.json")
        torch.set_float32_matmul_precision("highest")
        if processes.leads:
            many = "1 process" if processes.count == 1 else f"{processes.count} processes"
            where = described(processes.device)
            print(f"Every file is as it was exported. PyTorch {torch.__version__}, {many}, {where}.", file=sys.stderr)
        if options.check:
            recipe = {**recipe, "dropout": 0}
        trainer = processes.together(lambda: Trainer(bundle, recipe, processes, options))
        if options.check:
            check(trainer, read_json(bundle / "expected.json"))
        else:
            trainer.run()
        return 0
    except Stop as stop:
        if processes is None or processes.leads:
            print(stop.sentence, file=sys.stderr, flush=True)
        return stop.code
    except KeyboardInterrupt:
        print("Interrupted: the last checkpoint is as it was. The same command goes on from it.", file=sys.stderr)
        return INTERRUPTED
    except torch.cuda.OutOfMemoryError:
        print("The GPU has too little memory: add --rows-at-once 4 (or fewer), or use more GPUs.", file=sys.stderr)
        return UNSUITED
    finally:
        if processes is not None:
            processes.end()


def check(trainer: Trainer, expected: dict) -> None:
    """Compares the first steps with those that the app computed."""
    if not expected["steps"]:
        raise Stop(OTHER_LOSSES, f"There is nothing to compare with. {expected['reason']}")
    rounded = trainer.options.bf16
    worst = 0.0
    for step in expected["steps"]:
        point = trainer.learner.learn(step["step"])
        trainer.learner.update(learning_rate(step["step"], trainer.recipe), point["gradientNorm"])
        for name in ("loss", "labelLoss", "rationaleLoss", "mutualInformation", "gradientNorm"):
            wanted, found = step[name], point[name]
            if wanted is None and found is None:
                continue
            allowed = SAME_ROUNDED if rounded else SAME_NORM if name == "gradientNorm" else SAME_LOSS
            apart = float("inf") if wanted is None or found is None else abs(found - wanted) / max(abs(wanted), 1e-9)
            worst = max(worst, apart / allowed)
            trainer.say(f"step {step['step']}  {name:18} here {found!s:22} app {wanted!s:22} apart {apart:.1e}")
    if not worst <= 1:
        raise Stop(OTHER_LOSSES, "These losses are not the app's: this PyTorch or this device computes something else.")
    trainer.say(f"The first {len(expected['steps'])} steps (without dropout) are those of the app, up to rounding.")


def parse() -> argparse.Namespace:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Trains the run of this folder with PyTorch.")
    parser.add_argument("--check", action="store_true", help="compare the first steps with the app's; writes nothing")
    parser.add_argument("--output", type=Path, default=here / "result", help="where the trained student goes (result)")
    parser.add_argument("--work", type=Path, default=here / "work", help="where checkpoints and losses go (work)")
    parser.add_argument("--save-every", type=positive, default=200, help="steps between two checkpoints (200)")
    parser.add_argument("--restart", action="store_true", help="begin anew, whatever is in the work folder")
    parser.add_argument("--finish", action="store_true", help="end with the best student of the checkpoint")
    parser.add_argument("--device", choices=("cuda", "cpu"), help="default: cuda where there is a GPU")
    parser.add_argument("--bf16", action="store_true", help="products in bfloat16: faster on GPUs, rounded")
    parser.add_argument("--rows-at-once", type=positive, help="examples of a process in memory at once (all)")
    options = parser.parse_args()
    options.bundle = here
    if options.check and options.finish:
        parser.error("--check and --finish exclude each other")
    return options


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
