"""Trains a row of experiments.toml, with a checkpoint after each epoch; resumes when started again with the same --out.

python train.py --row dsa-ltdnet --train DIR --validate DIR --out DIR [--seed 1] [--epochs N] [--width N] [--half | --no-half] [--tdl DIR] [--minutes M]

With --minutes the training ends in time: the learning rate falls with epochs or minutes, whichever are further on.
Checkpoints are then written at most every 20 seconds.
"""

import time

STARTED = time.monotonic()  # before torch is loaded, which counts too

import argparse
import json
import math
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from data.patients import SAMPLES, Patients
from evaluate import validate
from networks.bundle_weights import bundle_weights
from networks.ltdnet import FRAMES, DsaLtdNet, losses
from networks.unet import weights
from training.augment import vary
from training.average import Average
from training.budget import Budget
from training.checkpoint import alone, append, finished, keep, load_weights, read_log, read_weights, recall
from training.curves import draw_curves
from training.experiments import row_of
from training.vessel_distractors import fan_set
from cli_errors import fraction, positive, positive_number, stop, two_or_more

KEEP_EVERY = 20  # seconds, with --minutes
FIRST_SHARE = 0.15  # of the minutes, at most, for TDL's first stage


def arguments(given=None):
    parser = argparse.ArgumentParser(description="Trains a row of experiments.toml; goes on where it stopped.")
    parser.add_argument("--row", required=True)
    for name in ("train", "validate"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--seed", type=positive, default=1)
    parser.add_argument("--tdl", type=Path, metavar="DIR", help="where TDL's first weights are, or will be (default OUT/tdl)")
    parser.add_argument("--tdl-epochs", type=positive, help="epochs of TDL's first stage")
    parser.add_argument("--init", type=Path, metavar="CHECKPOINT_OR_BUNDLE", help="weights to begin with, instead of TDL's first stage")
    parser.add_argument("--threads", type=positive, default=1)
    parser.add_argument("--minutes", type=positive_number, help="wall-clock minutes after which this process has ended")
    parser.add_argument("--validate-every", type=positive, default=10, metavar="EPOCHS")
    parser.add_argument("--half", action=argparse.BooleanOptionalAction, help="look at 128 x 128, or at 256 x 256")
    for name, kind in (("epochs", positive), ("width", positive), ("batch", two_or_more), ("rate", fraction)):
        parser.add_argument(f"--{name}", type=kind, help="in place of what the row says")
    parser.add_argument("--only", choices=("tdl", "lrs", "ffs"), help="train this network and leave the others as --init gives them")
    parser.add_argument("--samples", type=int, choices=(1, 2, 3), help="how many of a patient's images an epoch shows")
    return parser.parse_args(given)


def train(row, train_on, validate_on, out, seed=1, init=None, validate_every=10, device="cpu", stop_after=None, seconds=None, only=None):
    """Trains `row` to its last epoch, for `stop_after` epochs, or for as many as `seconds` allow; returns the model,
    averaged if the row says so. `init`: the state of a model, loaded as far as it fits. `only`: the network to train.
    """
    out.mkdir(parents=True, exist_ok=True)
    lock = alone(out)
    torch.manual_seed(seed)
    model = DsaLtdNet(row).to(device, memory_format=torch.channels_last)
    if init:
        load_weights(model, init)
    frozen = [network for name, network in model.named_children() if only not in (None, name)]
    for network in frozen:
        network.requires_grad_(False)
    average = Average(model, row.ema) if row.ema else None
    answering = average.model if average else model
    optimiser = torch.optim.Adam(model.parameters(), lr=row.rate, fused=True)
    begin, done, ended = recall(out, row, seed, model, optimiser, device, average)
    budget, kept_at = Budget(seconds, done), -math.inf
    fans = fan_set(train_on.frames.shape[-1], seed).to(device) if row.augmentation != "none" and device != "cpu" else None
    epochs = range(begin, begin if ended else min(row.epochs, begin + stop_after) if stop_after else row.epochs)
    bar = tqdm(epochs, initial=begin, total=row.epochs, desc=f"{row.name}, seed {seed}", unit="epoch", disable=not sys.stderr.isatty())
    for epoch in bar:
        line = {"epoch": epoch + 1} | one_epoch(
            model, optimiser, row, train_on, seed, epoch, device, budget.progress, average, fans, frozen
        )
        budget.note("epoch", line["seconds"])
        last = epoch + 1 == row.epochs
        if row.network != "tdl" and (last or (epoch + 1) % validate_every == 0):
            line |= timed_validation(answering, validate_on, device, budget)
        ended = not last and not budget.another_fits
        if ended and row.network != "tdl" and "dice" not in line:
            line |= timed_validation(answering, validate_on, device, budget)
        if ended:
            line |= {"ended_by_minutes": True, "planned_epochs": row.epochs}
            print(f"{out}: ended by its minutes after {epoch + 1} of {row.epochs} epochs", file=sys.stderr, flush=True)
        append(out, line)
        if seconds is None or ended or last or time.monotonic() - kept_at > KEEP_EVERY:
            kept_at = time.monotonic()
            keep(out, row, seed, epoch + 1, model, optimiser, average, budget.progress, ended)
            budget.note("checkpoint", time.monotonic() - kept_at)
        bar.set_postfix({key: line[key] for key in ("loss", "dice") if key in line})
        if bar.disable:
            print(json.dumps(line), flush=True)
        if ended:
            break
    if epochs:
        draw_curves(out)
    lock.release()
    return answering.eval()


def timed_validation(model, patients, device, budget):
    started = time.monotonic()
    line = validate(model, patients, device)
    budget.note("validation", time.monotonic() - started)
    return line


def one_epoch(model, optimiser, row, patients, seed, epoch, device, progress=0.0, average=None, fans=None, frozen=()):
    """Shows each patient `row.samples` times, in an order that depends only on seed and epoch. The learning rate
    falls to 0 with the epochs, or with `progress` (0..1, the share of the time used) if that is further on. Waits
    for the GPU once, at the end.
    """
    generator = torch.Generator().manual_seed(seed * 100003 + epoch)
    varying = generator if device == "cpu" else torch.Generator(device).manual_seed(seed * 100003 + epoch)
    for group in optimiser.param_groups:
        group["lr"] = row.rate * 0.5 * (1 + math.cos(max(math.pi * epoch / row.epochs, math.pi * progress)))
    model.train()
    for network in frozen:
        network.eval()
    started, worked, total, steps = time.time(), time.process_time(), 0.0, 0
    for chosen in on_device(batches(len(patients), row, generator), device):
        frames, tumour, liver, motion = shown(patients, chosen, row, varying, device, fans)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device != "cpu" or fast_bf16()):
            answers = model.look(frames, motion)
        parts = losses(answers, frames, tumour, liver, row.supervision)
        parts["loss"] = sum(parts.values())
        optimiser.zero_grad(set_to_none=True)
        parts["loss"].backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        if average:
            average.update()
        total = total + torch.stack([part.detach() for part in parts.values()]).double()
        steps += 1
    return {name: round(value / steps, 5) for name, value in zip(parts, total.tolist(), strict=True)} | {
        "seconds": round(time.time() - started, 1),
        "cpu_seconds": round(time.process_time() - worked, 1),
    }


def shown(patients, chosen, row, generator, device, fans=None):
    """A batch on the device: frames in grey/255, labels 0..1, motion or None. `chosen`: one row (patient,
    acquisitions after its key frame) per sample.
    """
    frames, tumour, liver, motion = patients.batch(*chosen.unbind(1))
    if row.augmentation != "none":
        frames, tumour, liver = vary(frames, tumour, liver, generator, fans, structure=row.augmentation == "restructured")
    frames, tumour, liver, motion = (
        part if part is None else part.to(device, memory_format=torch.channels_last) for part in (frames, tumour, liver, motion)
    )
    return frames / 255 if frames.dtype == torch.uint8 else frames, tumour, liver, motion


def on_device(batches, device):
    """The samples of each batch as int64 [N,2], moved to the device at once."""
    order = torch.tensor([sample for batch in batches for sample in batch], device=device)
    return order.split([len(batch) for batch in batches])


def batches(patients, row, generator):
    """Lists of (patient, acquisitions after its key frame). A last batch of one is dropped: batch norm needs two."""
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
    device = fast_device()
    train_on = Patients(given.train, row.half, row.inputs).to(device)
    if len(train_on) * row.samples < 2:
        stop(f"{' '.join(map(str, given.train))}: expected at least 2 samples to train on")
    validate_on = Patients(given.validate, inputs=row.inputs)
    left = lambda: None if given.minutes is None else max(0.0, 60 * given.minutes - (time.monotonic() - STARTED))
    init = None
    if given.init:
        init = bundle_weights(given.init, row, train_on.frames[:64, :FRAMES].cpu()) if given.init.is_dir() else read_weights(given.init)
    if init is None and row.initialised and not (given.out / "checkpoint.pt").exists():
        first = row_of("tdl", width=row.width, half=row.half, epochs=given.tdl_epochs, batch=row.batch, rate=row.rate, samples=row.samples)
        seconds = None if given.minutes is None else FIRST_SHARE * left()
        init = train(first, train_on, validate_on, given.tdl or given.out / "tdl", given.seed, device=device, seconds=seconds).state_dict()
    model = train(row, train_on, validate_on, given.out, given.seed, init, given.validate_every, device, seconds=left(), only=given.only)
    print(f"{given.out}: {read_log(given.out)[-1]['epoch']} of {row.epochs} epochs, {weights(model)} weights", file=sys.stderr)


def fast_bf16():
    """Whether this processor multiplies bf16 itself; one that does not is eight times slower than in fp32."""
    known = torch.cpu.get_capabilities()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16") or known.get("arm_bf16"))


def fast_device():
    """CUDA if available, set to choose the fastest kernels for the few shapes of a training."""
    if not torch.cuda.is_available():
        return "cpu"
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    return "cuda"


if __name__ == "__main__":
    main()
