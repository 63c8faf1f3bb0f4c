"""Distractor arteries: bundles of random-walk vessels drawn over a run, so that a tangle of vessels is not taken for
a tumour.
"""

import cv2
import numpy as np
import torch

SHARE = 0.25
SUBPIXEL = 4
FANS = 1024


def tangled(frames, generator):
    """frames in grey/255 [N,T,H,W]; a quarter of the samples get a fan of vessels that fills early or late in the
    stack.
    """
    random = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
    count, size = frames.shape[1], frames.shape[-1]
    for sample in frames:
        if random.random() > SHARE:
            continue
        filling = np.clip((np.arange(count) - random.uniform(-10, 6)) / random.uniform(0.5, 6), 0, 1)
        vessels = torch.from_numpy(fan(random, size) * random.uniform(0.04, 0.35))
        sample -= torch.from_numpy(filling).float()[:, None, None] * vessels
    return frames


def fan_set(size, seed, count=FANS):
    """uint8 [count,1,size,size]: fans drawn beforehand on the CPU, for devices that cannot draw them in training.
    1024 take seconds.
    """
    random = np.random.default_rng(seed)
    return torch.from_numpy(np.stack([np.round(255 * fan(random, size)).astype(np.uint8) for _ in range(count)]))[:, None]


def overlaid(frames, fans, draw):
    """As `tangled`, with one of `fans` per sample and all random numbers from `draw`: no step waits for the device."""
    chosen = draw(0, len(fans)).flatten().long().clamp(max=len(fans) - 1)
    acquisitions = torch.arange(frames.shape[1], device=frames.device).view(1, -1, 1, 1)
    filling = ((acquisitions - draw(-10, 6)) / draw(0.5, 6)).clamp(0, 1)
    return frames - filling * (draw.now_and_then(SHARE) * draw(0.04, 0.35)) * (fans[chosen] / 255)


def fan(random, size):
    """float32 [size,size], 0..1: 5 to 50 vessels that wander from one point, mostly in the upper left, and become
    thinner on the way.
    """
    image = np.zeros((size, size), np.uint8)
    begin = random.uniform((0.15, 0.15), (0.7, 0.7)) * size
    towards, opening = random.uniform(0, 2 * np.pi), random.uniform(0.4, 2.5)
    thickness = random.choice([1, 1, 1, 2]) * size // 128
    for _ in range(random.integers(5, 50)):
        steps = random.integers(6, 24)
        angles = towards + random.uniform(-opening, opening) + np.cumsum(random.normal(0, 0.22, steps))
        walk = begin + np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1) * random.uniform(0.008, 0.024) * size, 0)
        path = np.concatenate([begin[None], walk])
        half = len(path) // 2
        for part, wide in ((path[: half + 1], thickness), (path[half:], 1)):
            cv2.polylines(image, [np.round(part * 2**SUBPIXEL).astype(np.int32)], False, 255, int(wide), cv2.LINE_AA, SUBPIXEL)
    return cv2.GaussianBlur(image, (3, 3), random.uniform(0.3, 1.1)).astype(np.float32) / 255
