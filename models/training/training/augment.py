"""Augmentation that varies patient and equipment. Never rotated or mirrored: anatomy has a side."""

import torch
from torch.nn import functional

from training.structure import restructured
from training.vessel_distractors import overlaid, tangled


class Draw:
    """One uniform random number per sample, shaped to multiply images [N,C,H,W], on the generator's device."""

    def __init__(self, count, generator):
        self.count, self.generator = count, generator

    def __call__(self, low, high):
        return low + (high - low) * torch.rand((self.count, 1, 1, 1), generator=self.generator, device=self.generator.device)

    def now_and_then(self, share):
        return (self(0, 1) < share).float()


def vary(frames, tumour, liver, generator, fans=None, structure=False):
    """frames uint8 [N,10,H,W] and labels [N,1,H,W] -> frames in grey/255 and labels, transformed alike, the frames as
    another monitor would show them. Beyond the edge of a transformed image its border continues or, more often, a
    uniform grey begins.

    Everything is on the device of `generator`. With `fans` (vessel_distractors.py) extra arteries are taken from
    there; otherwise they are drawn anew, which only the CPU can do. With `structure` stains, vessels, tumours and
    noise vary too (structure.py).
    """
    draw = Draw(len(frames), generator)
    grid = moved(draw, *frames.shape[-2:])
    frames = functional.grid_sample(frames / 255, grid, padding_mode="border", align_corners=False)
    beyond = (grid.abs() > 1).any(-1)[:, None] & (draw(0, 1) < 0.6)
    frames = torch.where(beyond, draw(0, 1), frames)
    frames = tangled(frames, generator) if fans is None else overlaid(frames, fans, draw)
    tumour, liver = functional.grid_sample(torch.cat([tumour, liver], 1), grid, align_corners=False).split(1, dim=1)
    if structure:
        frames, tumour = restructured(frames, tumour, liver, draw)
    frames = developed(mottled(sharpened(shortened(frames, draw, generator), draw), draw, generator), draw)
    frames = frames + draw(-0.02, 0.015).clamp(min=0) * torch.randn(frames.shape, generator=generator, device=frames.device)
    frames, inside = collimated(frames, draw)
    return frames.clamp(0, 1), tumour * inside, liver * inside


def moved(draw, height, width):
    """A sampling grid [N,H,W,2]: zoom 0.75 to 1.3, aspect ratio up to 1.12, shift up to a tenth of the image."""
    zoom = torch.exp(draw(-0.2877, 0.2624))
    aspect = torch.exp(draw(-0.0567, 0.0567))
    columns = torch.linspace(-1 + 1 / width, 1 - 1 / width, width, device=zoom.device)
    rows = torch.linspace(-1 + 1 / height, 1 - 1 / height, height, device=zoom.device)
    x = columns.view(1, 1, 1, -1) / (zoom * aspect) + draw(-0.2, 0.2)
    y = rows.view(1, 1, -1, 1) / (zoom / aspect) + draw(-0.2, 0.2)
    return torch.stack([x.expand(-1, -1, height, -1), y.expand(-1, -1, -1, width)], dim=-1)[:, 0]


def shortened(frames, draw, generator):
    """Occasionally a run that began late: up to eight of the first frames repeat the next, as the live pipeline pads.
    """
    begin = draw.now_and_then(0.2).flatten() * torch.randint(1, 9, (len(frames),), generator=generator, device=frames.device)
    kept = torch.maximum(torch.arange(frames.shape[1], device=frames.device), begin.long()[:, None])
    return frames[torch.arange(len(frames), device=frames.device)[:, None], kept]


def mottled(frames, draw, generator):
    """Tissue texture under the subtraction: one smooth field per sample, with lumps of a twelfth of the image."""
    lumps = torch.randn((len(frames), 1, 12, 12), generator=generator, device=frames.device)
    field = functional.interpolate(lumps, size=frames.shape[-2:], mode="bicubic", align_corners=False)
    return frames + draw(-0.03, 0.03).clamp(min=0) * field


def sharpened(frames, draw):
    """From blurred to sharpened by up to 0.8 of the difference to the mean over 3 x 3 pixels."""
    soft = functional.avg_pool2d(functional.pad(frames, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return frames + draw(-0.8, 0.8) * (frames - soft)


def developed(frames, draw):
    """Contrast, brightness, gamma, and shading from left to right."""
    middle = frames.mean((1, 2, 3), keepdim=True)
    ramp = torch.linspace(-1, 1, frames.shape[-1], device=frames.device)
    grey = middle + (frames - middle) * draw(0.7, 1.4) + draw(-0.15, 0.15) + draw(-0.08, 0.08) * ramp
    return grey.clamp(1e-3, 1) ** draw(0.75, 1.3)


def collimated(frames, draw):
    """Occasionally collimator blades cover up to a tenth of a side with uniform grey. Also returns the open part,
    [N,1,H,W], 0 or 1.
    """
    height, width = frames.shape[-2:]
    x, y = (torch.linspace(0, 1, size, device=frames.device) for size in (width, height))
    x, y = x.view(1, 1, 1, -1), y.view(1, 1, -1, 1)
    used = draw.now_and_then(0.25)
    inside = (
        (x >= draw(-0.05, 0.1) * used)
        & (x <= 1 - draw(-0.05, 0.1) * used)
        & (y >= draw(-0.05, 0.1) * used)
        & (y <= 1 - draw(-0.05, 0.1) * used)
    )
    return torch.where(inside, frames, draw(0, 1).expand_as(frames)), inside.float()
