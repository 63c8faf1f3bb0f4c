"""Trains a row of rows.toml and keeps a checkpoint after each epoch; started again with the same --out it goes on where it stopped.

python train.py --row dsa-ltdnet --train DIR --validate DIR --out DIR [--seed 1] [--epochs N] [--width N] [--full | --half] [--tdl DIR]
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import torch
from tqdm import tqdm

from augment import vary
from checkpoint import alone, append, finished, keep, load_weights, read_weights, recall
from curves import draw_curves
from data import SAMPLES, Patients
from evaluate import validate
from model import DsaLtdNet, losses
from networks import weights
from rows import row_of
from trouble import fraction, positive, stop


def arguments(given=None):
    parser = argparse.ArgumentParser(description="Trains a row of rows.toml; goes on where it stopped.")
    parser.add_argument("--row", required=True)
    for name in ("train", "validate", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path, metavar="DIR")
    parser.add_argument("--seed", type=positive, default=1)
    parser.add_argument("--tdl", type=Path, metavar="DIR", help="where TDL's first weights are, or will be (default OUT/tdl)")
    parser.add_argument("--tdl-epochs", type=positive, help="epochs of TDL's first stage")
    parser.add_argument("--init", type=Path, metavar="CHECKPOINT", help="weights to begin with, instead of TDL's first stage")
    parser.add_argument("--threads", type=positive, default=1)
    parser.add_argument("--validate-every", type=positive, default=10, metavar="EPOCHS")
    parser.add_argument("--half", action=argparse.BooleanOptionalAction, help="look at 128 x 128, or at 256 x 256")
    for name, kind in (("epochs", positive), ("width", positive), ("batch", positive), ("rate", fraction)):
        parser.add_argument(f"--{name}", type=kind, help="in place of what the row says")
    parser.add_argument("--samples", type=int, choices=(1, 2, 3), help="how many of a patient's images an epoch shows")
    return parser.parse_args(given)


def train(row, train_on, validate_on, out, seed=1, init=None, validate_every=10, device="cpu", stop_after=None):
    """Trains `row` to its last epoch, or for `stop_after` epochs, and returns the model. `init`: a model's state, of which
    what fits is taken."""
    out.mkdir(parents=True, exist_ok=True)
    lock = alone(out)
    torch.manual_seed(seed)
    model = DsaLtdNet(row).to(device, memory_format=torch.channels_last)
    if init:
        load_weights(model, init)
    optimiser = torch.optim.Adam(model.parameters(), lr=row.rate, fused=True)
    begin = recall(out, row, seed, model, optimiser, device)
    epochs = range(begin, min(row.epochs, begin + stop_after) if stop_after else row.epochs)
    bar = tqdm(epochs, initial=begin, total=row.epochs, desc=f"{row.name}, seed {seed}", unit="epoch", disable=not sys.stderr.isatty())
    for epoch in bar:
        line = {"epoch": epoch + 1} | one_epoch(model, optimiser, row, train_on, seed, epoch, device)
        if row.network != "tdl" and ((epoch + 1) % validate_every == 0 or epoch + 1 == row.epochs):
            line |= validate(model, validate_on, device)
        append(out, line)
        keep(out, row, seed, epoch + 1, model, optimiser)
        bar.set_postfix({key: line[key] for key in ("loss", "dice") if key in line})
        if bar.disable:
            print(json.dumps(line), flush=True)
    if epochs:
        draw_curves(out)
    lock.release()
    return model.eval()


def one_epoch(model, optimiser, row, patients, seed, epoch, device):
    """Shows each patient `row.samples` times in an order that depends on seed and epoch alone. The learning rate falls
    with the epochs, to 0."""
    generator = torch.Generator().manual_seed(seed * 100003 + epoch)
    for group in optimiser.param_groups:
        group["lr"] = row.rate * 0.5 * (1 + math.cos(math.pi * epoch / row.epochs))
    model.train()
    started, worked, total, steps = time.time(), time.process_time(), {}, 0
    for chosen in batches(len(patients), row, generator):
        frames, tumour, liver, motion = shown(patients, chosen, row, generator, device)
        with torch.autocast(device, dtype=torch.bfloat16):
            answers = model.look(frames, motion)
        parts = losses(answers, frames, tumour, liver, row.supervision)
        loss = sum(parts.values())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        for name, part in (parts | {"loss": loss}).items():
            total[name] = total.get(name, 0.0) + part.item()
        steps += 1
    return {name: round(value / steps, 5) for name, value in total.items()} | {
        "seconds": round(time.time() - started, 1),
        "cpu_seconds": round(time.process_time() - worked, 1),
    }


def shown(patients, chosen, row, generator, device):
    """A batch on the device: frames in grey/255, labels 0..1, motion or None."""
    frames, tumour, liver, motion = patients.batch(*zip(*chosen, strict=True))
    if row.augmentation == "varied":
        frames, tumour, liver = vary(frames, tumour, liver, generator)
    frames, tumour, liver, motion = (
        part if part is None else part.to(device, memory_format=torch.channels_last) for part in (frames, tumour, liver, motion)
    )
    return frames / 255 if frames.dtype == torch.uint8 else frames, tumour, liver, motion


def batches(patients, row, generator):
    """Lists of (patient, acquisitions after its key frame). A last batch of one is left out: batch norm needs two."""
    later = [
        range(SAMPLES) if row.samples == SAMPLES else torch.randperm(SAMPLES, generator=generator)[: row.samples].tolist()
        for _ in range(patients)
    ]
    samples = [(patient, which) for patient in range(patients) for which in later[patient]]
    order = [samples[index] for index in torch.randperm(len(samples), generator=generator).tolist()]
    cut = [order[first : first + row.batch] for first in range(0, len(order), row.batch)]
    return [batch for batch in cut if len(batch) > 1]


def main():
    given = arguments()
    changed = {key: getattr(given, key) for key in ("epochs", "width", "batch", "rate", "samples", "half")}
    row = row_of(given.row, **changed)
    torch.set_num_threads(given.threads)
    if finished(given.out, row, given.seed):
        print(f"{given.out}: already trained", file=sys.stderr)
        return
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_on = Patients(given.train, row.half, row.inputs)
    if len(train_on) * row.samples < 2:
        stop(f"{given.train}: expected at least 2 samples to train on")
    validate_on = Patients(given.validate, inputs=row.inputs)
    init = read_weights(given.init) if given.init else None
    if init is None and row.initialised and not (given.out / "checkpoint.pt").exists():
        first = row_of("tdl", width=row.width, half=row.half, epochs=given.tdl_epochs, batch=row.batch, rate=row.rate, samples=row.samples)
        init = train(first, train_on, validate_on, given.tdl or given.out / "tdl", given.seed, device=device).state_dict()
    model = train(row, train_on, validate_on, given.out, given.seed, init, given.validate_every, device)
    print(f"{given.out}: {row.epochs} epochs, {weights(model)} weights", file=sys.stderr)


if __name__ == "__main__":
    main()
