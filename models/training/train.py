"""Trains DSA-LTDNet and keeps a checkpoint; started again with the same --out it goes on where it stopped.

    python train.py --train DIR --validate DIR --out DIR [--width 16] [--epochs 150] [--batch 8] [--init CHECKPOINT] [--half]
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch

from data import Patients, move, vary
from evaluate import measure
from model import DsaLtdNet, total_loss


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", required=True)
    parser.add_argument("--validate", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=150)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--init", help="weights to begin with")
    parser.add_argument("--epoch-size", type=int, help="patients shown per epoch, drawn at random; all of them unless given")
    parser.add_argument("--minutes", type=float, help="end after this long, the learning rate fallen to 0 by then")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--validate-every", type=int, default=5)
    parser.add_argument("--half", action="store_true", help="networks that look at 128 x 128: four times as fast")
    return parser.parse_args()


def main():
    given = arguments()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    given.out.mkdir(parents=True, exist_ok=True)
    train, validate = Patients(given.train, given.half), Patients(given.validate)
    model = DsaLtdNet(given.width, given.half).to(device, memory_format=torch.channels_last)
    if given.init:
        model.load_state_dict(torch.load(given.init, map_location=device)["model"])
    optimiser = torch.optim.Adam(model.parameters(), lr=given.rate, fused=True)
    checkpoint = given.out / "checkpoint.pt"
    begin = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=device)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        begin = kept["epoch"]
    opened = time.time()
    for epoch in range(begin, given.epochs):
        spent = (time.time() - opened) / 60 / given.minutes if given.minutes else epoch / given.epochs
        if spent >= 1:
            break
        generator = torch.Generator().manual_seed(given.seed * 100003 + epoch)
        for group in optimiser.param_groups:
            group["lr"] = given.rate * 0.5 * (1 + math.cos(math.pi * spent))
        started, total, steps = time.time(), 0.0, 0
        model.train()
        order = torch.randperm(len(train), generator=generator)[: given.epoch_size]
        for first in range(0, len(order) - given.batch + 1, given.batch):
            patients = order[first : first + given.batch].tolist()
            later = torch.randint(0, 3, (given.batch,), generator=generator).tolist()
            frames, tumour, liver = move(*train.batch(patients, later), generator)
            frames = vary(frames, generator)
            frames, tumour, liver = (part.to(device, memory_format=torch.channels_last) for part in (frames, tumour, liver))
            with torch.autocast(device, dtype=torch.bfloat16):
                outputs = model.look(frames)
            loss = total_loss(outputs, frames, tumour, liver)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            total, steps = total + loss.item(), steps + 1
        line = {"epoch": epoch + 1, "loss": round(total / max(1, steps), 4), "seconds": round(time.time() - started, 1)}
        if (epoch + 1) % given.validate_every == 0 or epoch + 1 == given.epochs:
            line |= measure(model, validate, device)
        part = checkpoint.with_suffix(".part")
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch + 1, "width": given.width, "half": given.half}, part)
        part.replace(checkpoint)
        with open(given.out / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
