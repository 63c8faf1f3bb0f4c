"""Patients altered factor by factor, to see what a network depends on: stains of healthy liver, movement, vessels, tumours, noise, time."""

from copy import copy

import torch

from training.augment import Draw
from training.structure import (
    course,
    field,
    misregistration,
    movement,
    narrow_structures,
    noise_changed,
    softened,
    stains,
    tumours_added,
    tumours_changed,
)


def uneven(frames, tumour, liver, draw):
    """Soft dark patches of up to 20 grey values in the liver, as many as it takes, none of them tumour."""
    patches = field(draw, frames.shape[-2:], 2, 8).clamp(-2, 2) * draw(0.02, 0.06)
    return frames - patches * softened(liver, 9) * course(draw, frames.shape[1]), tumour


def stained(frames, tumour, liver, draw):
    return frames - 1.5 * stains(softened(liver, 9), frames.shape[1], draw), tumour


def moved(frames, tumour, liver, draw):
    """The patient moves against the mask image: edges of the picture itself, and those of bone and gas."""
    rows, columns = torch.gradient(frames[:, :1], dim=(-2, -1))
    shift = [movement(draw, frames.shape[1]) for _ in range(2)]
    return frames + 0.5 * (rows * shift[0] + columns * shift[1]) + misregistration(frames, draw), tumour


def faded(frames, tumour, liver, draw):
    """Two thirds of every narrow dark structure, thus of the arteries, are taken away."""
    return frames + 0.67 * narrow_structures(frames), tumour


def redrawn(frames, tumour, liver, draw):
    return tumours_changed(frames, tumour, Always(draw)), tumour


def more(frames, tumour, liver, draw):
    frames, added = tumours_added(frames, liver, draw)
    return frames, torch.maximum(tumour, added)


def noisy(frames, tumour, liver, draw):
    return noise_changed(frames, Always(draw)), tumour


def timeless(frames, tumour, liver, draw):
    """The nine earlier frames are copies of the first."""
    return torch.cat([frames[:, :1].expand(-1, frames.shape[1] - 1, -1, -1), frames[:, -1:]], 1), tumour


class Always:
    """Draws as `draw` does, but everything that happens now and then happens."""

    def __init__(self, draw):
        self.draw, self.count, self.generator = draw, draw.count, draw.generator

    def __call__(self, low, high):
        return self.draw(low, high)

    def now_and_then(self, share):
        return torch.ones((self.count, 1, 1, 1), device=self.generator.device)


FACTORS = {
    "as they are": lambda frames, tumour, liver, draw: (frames, tumour),
    "uneven liver": uneven,
    "stains": stained,
    "movement": moved,
    "faded vessels": faded,
    "other contrast of the tumours": redrawn,
    "more tumours": more,
    "noise": noisy,
    "earlier frames missing": timeless,
}


def stressed(patients, factor, seed=1, batch=8):
    """A copy of `patients` (256 x 256) with a factor changed in the ten frames up to the key frame, and in the key frame's label."""
    changed = copy(patients)
    changed.frames, changed.tumour = patients.frames.clone(), patients.tumour.clone()
    changed.lesions = [None] * len(patients)
    for first in range(0, len(patients), batch):
        part = slice(first, min(first + batch, len(patients)))
        draw = Draw(part.stop - part.start, torch.Generator().manual_seed(seed * 1009 + first))
        frames, tumour, liver = (images[part].float() / scale for images, scale in ((patients.frames[:, :10], 255), (patients.tumour[:, :1], 4), (patients.liver[:, :1], 4)))
        frames, tumour = FACTORS[factor](frames, tumour, liver, draw)
        changed.frames[part, :10] = (frames.clamp(0, 1) * 255).round().byte()
        changed.tumour[part, :1] = (tumour > 0.5).byte() * 4
    return changed
