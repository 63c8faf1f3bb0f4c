"""A training's folder: checkpoint.pt (weights, their average, optimiser, settings), log.jsonl (one line per epoch). Killed at any moment, it can go on."""

import json
import pickle
import zipfile
from dataclasses import asdict

import torch
from filelock import FileLock, Timeout

from model import DsaLtdNet
from experiments import from_settings
from trouble import stop


def alone(out):
    """Holds the folder until released or the process ends. Exits with 2 when another training is at work there."""
    lock = FileLock(out / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        stop(f"{out}: another training is at work here")
    return lock


def keep(out, row, seed, epoch, model, optimiser, average=None, progress=0.0, ended=False):
    """Writes checkpoint.pt at one stroke: a training that is killed meanwhile keeps the one before.

    `average`: the moving average of the weights, or None. `progress`: how much of its minutes is over, 0..1. `ended`: whether they ended it.
    """
    part = out / "checkpoint.part"
    kept = {"settings": row.settings, "seed": seed, "epoch": epoch, "progress": progress, "ended": ended}
    kept |= {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save(kept | ({"average": average.state_dict()} if average else {}), part)
    part.replace(out / "checkpoint.pt")


def recall(out, row, seed, model, optimiser, device, average=None):
    """Loads what is there. Returns how many epochs it has seen (0 when there is nothing), how much of its minutes was over, and whether they
    ended it. Exits with 2 when it was begun otherwise."""
    path = out / "checkpoint.pt"
    if not path.exists():
        (out / "log.jsonl").unlink(missing_ok=True)
        return 0, 0.0, False
    kept = begun(path, row, seed, device)
    model.load_state_dict(kept["model"])
    optimiser.load_state_dict(kept["optimiser"])
    if average:
        average.load_state_dict(kept["average"])
    lines = [line for line in read_log(out) if line["epoch"] <= kept["epoch"]]
    (out / "log.part").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (out / "log.part").replace(out / "log.jsonl")
    return kept["epoch"], kept.get("progress", 0.0), kept.get("ended", False)


def begun(path, row, seed, device="cpu"):
    """What is kept. Exits with 2 when it was begun with other settings than these."""
    kept = read_checkpoint(path, device)
    before = asdict(from_settings(kept["settings"])) | kept["settings"] | {"seed": kept["seed"]}
    for key, value in (row.settings | {"seed": seed}).items():
        if before[key] != value:
            stop(f"{path.parent}: begun with {key} {before[key]}, not {value}; take another folder")
    return kept


def finished(out, row, seed):
    """Whether a training there has seen all its epochs, or was ended by its minutes."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return False
    kept = begun(path, row, seed)
    return kept["epoch"] >= row.epochs or kept.get("ended", False)


def read_checkpoint(path, device="cpu"):
    """What `keep` wrote. Exits with 2 when the file is something else."""
    try:
        kept = torch.load(path, map_location=device)
        if {"settings", "seed", "epoch", "model", "optimiser"} <= kept.keys():
            return kept
        problem = "other contents"
    except OSError as trouble:
        problem = trouble.strerror
    except (pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, zipfile.BadZipFile):
        problem = "unreadable"
    stop(f"{path}: not a checkpoint of train.py: {problem}")


def load(path, device="cpu"):
    """The model of a checkpoint, ready to answer, and what else was kept. With averaged weights where they were kept."""
    kept = read_checkpoint(path, device)
    model = DsaLtdNet(from_settings(kept["settings"]))
    model.load_state_dict(answering(kept))
    return model.to(device, memory_format=torch.channels_last).eval(), kept


def answering(kept):
    """The weights of a checkpoint that answer: the averaged ones where there are any."""
    return kept["average"]["model"] if "average" in kept else kept["model"]


def read_weights(path):
    """The weights in a file of torch.save that keeps them as `model`, as checkpoints do."""
    try:
        return answering(torch.load(path, map_location="cpu"))
    except (OSError, pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, KeyError, TypeError):
        stop(f"{path}: no weights to begin with")


def load_weights(model, state):
    """Takes every weight of `state` that `model` has, by name and shape; none fitting is an error."""
    own = model.state_dict()
    fitting = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    if not fitting:
        stop("the weights to begin with fit nowhere: another network, or another width")
    model.load_state_dict(fitting, strict=False)


def append(out, line):
    with open(out / "log.jsonl", "a") as log:
        log.write(json.dumps(line) + "\n")


def read_log(out):
    """The epochs of log.jsonl, in order; a line that was cut off by a kill is left out."""
    path = out / "log.jsonl"
    lines = []
    for text in path.read_text().splitlines() if path.exists() else []:
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines
