"""Prepared patients in memory, and the batches made of them."""

from pathlib import Path

import numpy as np
import torch


class Patients:
    """All patients of a folder. With `half`, images and labels are averaged to 128 x 128."""

    def __init__(self, folder, half=False):
        self.names, frames, tumour, liver = [], [], [], []
        for path in sorted(Path(folder).glob("*.npz")):
            with np.load(path) as patient:
                self.names.append(path.stem)
                frames.append(halved(patient["frames"]) if half else patient["frames"])
                tumour.append(halved(patient["tumour"] * 4) if half else patient["tumour"] * 4)
                liver.append(halved(patient["liver"] * 4) if half else patient["liver"] * 4)
        if not frames:
            raise SystemExit(f"{folder}: expected prepared patients (*.npz), found none")
        self.frames, self.tumour, self.liver = (torch.from_numpy(np.stack(part)) for part in (frames, tumour, liver))

    def __len__(self):
        return len(self.names)

    def batch(self, patients, later):
        """Stacks of 10 (uint8) that end `later` (0..2) acquisitions after the key frame, with their labels (0..1)."""
        frames = torch.stack([self.frames[p, n : n + 10] for p, n in zip(patients, later)])
        tumour = torch.stack([self.tumour[p, n : n + 1] for p, n in zip(patients, later)]).float() / 4
        liver = torch.stack([self.liver[p, n : n + 1] for p, n in zip(patients, later)]).float() / 4
        return frames, tumour, liver


def halved(images):
    """The mean of each 2 x 2 block, rounded."""
    count, height, width = images.shape
    return np.round(images.reshape(count, height // 2, 2, width // 2, 2).mean(axis=(2, 4))).astype(np.uint8)


def vary(frames, generator):
    """Another monitor: brightness, contrast, gamma, a little more noise. uint8 in, grey/255 out. Never turned or mirrored: anatomy has a side."""
    grey = torch.arange(256) / 255
    result = torch.empty(frames.shape)
    for sample, shown in zip(frames, result):
        contrast, brightness, gamma, noise = (float(low + (high - low) * torch.rand(1, generator=generator)) for low, high in ((0.7, 1.4), (-0.15, 0.15), (0.75, 1.3), (-0.02, 0.015)))
        middle = float(sample[:, ::8, ::8].float().mean()) / 255
        curve = (middle + (grey - middle) * contrast + brightness).clamp(0, 1) ** gamma
        shown.copy_(curve[sample.long()])
        if noise > 0:
            shown.add_(torch.randn(shown.shape, generator=generator), alpha=noise).clamp_(0, 1)
    return result


def move(frames, tumour, liver, generator):
    """Another position on the table: up to a twentieth of the image either way, the border repeated."""
    most = frames.shape[-1] // 20
    dx, dy = (int(torch.randint(-most, most + 1, (1,), generator=generator)) for _ in range(2))
    rows = (torch.arange(frames.shape[-2]) + dy).clamp(0, frames.shape[-2] - 1)
    columns = (torch.arange(frames.shape[-1]) + dx).clamp(0, frames.shape[-1] - 1)
    return tuple(part[..., rows, :][..., columns] for part in (frames, tumour, liver))
