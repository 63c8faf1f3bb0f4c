"""Prepared patients in memory, and the batches made of them."""

from pathlib import Path

import numpy as np
import torch


class Patients:
    def __init__(self, folder):
        self.names, frames, tumour, liver = [], [], [], []
        for path in sorted(Path(folder).glob("*.npz")):
            with np.load(path) as patient:
                self.names.append(path.stem)
                frames.append(patient["frames"])
                tumour.append(patient["tumour"])
                liver.append(patient["liver"])
        if not frames:
            raise SystemExit(f"{folder}: expected prepared patients (*.npz), found none")
        self.frames, self.tumour, self.liver = (torch.from_numpy(np.stack(part)) for part in (frames, tumour, liver))

    def __len__(self):
        return len(self.names)

    def batch(self, patients, later):
        """Stacks of 10 that end `later` (0..2) acquisitions after the key frame, with their labels."""
        frames = torch.stack([self.frames[p, n : n + 10] for p, n in zip(patients, later)]).float() / 255
        tumour = torch.stack([self.tumour[p, n : n + 1] for p, n in zip(patients, later)]).float()
        liver = torch.stack([self.liver[p, n : n + 1] for p, n in zip(patients, later)]).float()
        return frames, tumour, liver


def vary(frames, generator):
    """Another monitor: brightness, contrast, gamma, a little more noise. Never turned or mirrored: anatomy has a side."""
    count = frames.shape[0]
    draw = lambda low, high: low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)
    middle = frames.mean((1, 2, 3), keepdim=True)
    frames = (middle + (frames - middle) * draw(0.7, 1.4) + draw(-0.15, 0.15)).clamp(0, 1)
    frames = frames ** draw(0.75, 1.3)
    noise = torch.randn(frames.shape, generator=generator) * draw(-0.02, 0.015).clamp(min=0)
    return (frames + noise).clamp(0, 1)


def move(frames, tumour, liver, generator):
    """Another position on the table: up to 12 pixels either way, the border repeated."""
    dx, dy = (int(torch.randint(-12, 13, (1,), generator=generator)) for _ in range(2))
    padded = lambda part, mode: torch.nn.functional.pad(part, (12, 12, 12, 12), mode=mode)[..., 12 + dy : 268 + dy, 12 + dx : 268 + dx]
    return padded(frames, "replicate"), padded(tumour, "constant"), padded(liver, "replicate")
