"""A training's folder: checkpoint.pt (weights, their average, optimiser, settings) and log.jsonl (one line per
epoch). A killed training can be resumed.
"""

import json
import pickle
import zipfile
from dataclasses import asdict

import torch
from filelock import FileLock, Timeout

from networks.ltdnet import DsaLtdNet
from training.experiments import from_settings
from cli_errors import stop


def alone(out):
    """Locks the folder until released or the process ends. Exits with 2 when another training uses it."""
    lock = FileLock(out / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        stop(f"{out}: another training is at work here")
    return lock


def keep(out, row, seed, epoch, model, optimiser, average=None, progress=0.0, ended=False):
    """Writes checkpoint.pt atomically: a training that is killed meanwhile keeps the previous one.

    `average`: the moving average of the weights, or None. `progress`: the share of its minutes used, 0..1. `ended`:
    whether they ended it.
    """
    part = out / "checkpoint.part"
    kept = {"settings": row.settings, "seed": seed, "epoch": epoch, "progress": progress, "ended": ended}
    kept |= {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save(kept | ({"average": average.state_dict()} if average else {}), part)
    part.replace(out / "checkpoint.pt")


def recall(out, row, seed, model, optimiser, device, average=None):
    """Loads the checkpoint, if any. Returns how many epochs it has seen (0: none), the share of its minutes used, and
    whether they ended it. Exits with 2 when it was started with other settings.
    """
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
    """The checkpoint. Exits with 2 when it was started with other settings."""
    kept = read_checkpoint(path, device)
    before = asdict(from_settings(kept["settings"])) | kept["settings"] | {"seed": kept["seed"]}
    for key, value in (row.settings | {"seed": seed}).items():
        if before[key] != value:
            stop(f"{path.parent}: begun with {key} {before[key]}, not {value}; take another folder")
    return kept


def finished(out, row, seed):
    """Whether the training there has finished its epochs or used up its minutes."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return False
    kept = begun(path, row, seed)
    return kept["epoch"] >= row.epochs or kept.get("ended", False)


def read_checkpoint(path, device="cpu"):
    """Reads what `keep` wrote. Exits with 2 when the file is something else."""
    try:
        kept = torch.load(path, map_location=device)
        if {"settings", "seed", "epoch", "model", "optimiser"} <= kept.keys():
            return kept
        problem = "other contents"
    except OSError as error:
        problem = error.strerror
    except (pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, zipfile.BadZipFile):
        problem = "unreadable"
    stop(f"{path}: not a checkpoint of train.py: {problem}")


def load(path, device="cpu"):
    """The model of a checkpoint in evaluation mode, with averaged weights if there are any, and the rest of the
    checkpoint.
    """
    kept = read_checkpoint(path, device)
    model = DsaLtdNet(from_settings(kept["settings"]))
    model.load_state_dict(answering(kept))
    return model.to(device, memory_format=torch.channels_last).eval(), kept


def answering(kept):
    """The weights of a checkpoint to evaluate: the averaged ones if there are any."""
    return kept["average"]["model"] if "average" in kept else kept["model"]


def read_weights(path):
    """The weights in a torch.save file that stores them as `model`, as checkpoints do."""
    try:
        return answering(torch.load(path, map_location="cpu"))
    except (OSError, pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, KeyError, TypeError):
        stop(f"{path}: no weights to begin with")


def load_weights(model, state):
    """Loads every weight of `state` that `model` has, by name and shape; it is an error if none fits."""
    own = model.state_dict()
    fitting = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    if not fitting:
        stop("the weights to begin with fit nowhere: another network, or another width")
    model.load_state_dict(fitting, strict=False)


def append(out, line):
    with open(out / "log.jsonl", "a") as log:
        log.write(json.dumps(line) + "\n")


def read_log(out):
    """The epochs of log.jsonl, in order; a truncated last line is skipped."""
    path = out / "log.jsonl"
    lines = []
    for text in path.read_text().splitlines() if path.exists() else []:
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines
