"""What the detector sees: motion, photons, and the subtraction that makes the picture.

Maps are attenuations (natural logarithms, no unit) on the grid of 256 x 256.
"""

import cv2
import numpy as np

from .view import GRID, TO_GRID, X, Y, blur

COLUMNS, ROWS = np.meshgrid(np.arange(GRID, dtype=np.float32), np.arange(GRID, dtype=np.float32))


def motion(rng, times, cm, heart):
    """Per exposure, in source pixels: breath (down positive), heartbeat, patient [n, 2], gas [n, 2]."""
    kind = rng.choice(4, p=[0.58, 0.18, 0.14, 0.1])
    breath = rng.normal(0, 0.004) * times + rng.normal(0, 0.0025, len(times)).cumsum()
    period, phase = rng.uniform(3, 5), rng.uniform(0, 6.28)
    if kind == 1:
        breath = breath + rng.uniform(0.03, 0.3) * (np.sin(2 * np.pi * times / period + phase) - np.sin(phase))
    if kind == 2:  # cannot hold it to the end
        begin = rng.uniform(0.4, 0.9) * times[-1]
        breath = breath - rng.uniform(0.15, 0.9) * np.sin(np.clip((times - begin) / period, 0, 1) * np.pi * rng.uniform(0.5, 1)) ** 2
    if kind == 3:
        breath = breath + rng.uniform(-0.3, 0.3) * np.clip((times - times[0]) / rng.uniform(1, 4), 0, 1)
    beat = rng.uniform(0.01, 0.07) * np.maximum(np.sin(2 * np.pi * heart * times + rng.uniform(0, 6)), -0.3)
    patient = rng.normal(0, 0.0015, (len(times), 2)).cumsum(0) * rng.uniform(0.3, 2)
    if rng.random() < 0.25:
        patient = patient + np.outer(1 / (1 + np.exp(-(times - rng.uniform(0, times[-1])) * 4)), rng.normal(0, 0.025, 2))
    bowel = rng.normal(0, 0.008, (len(times), 2)).cumsum(0) * rng.uniform(0.3, 3)
    return breath / cm, beat / cm, patient / cm, bowel / cm


def shift(image, dx, dy, how=cv2.INTER_LINEAR):
    """The picture moved by (dx, dy) source pixels, numbers or maps."""
    if np.isscalar(dx) and np.isscalar(dy) and how == cv2.INTER_LINEAR:
        matrix = np.float32([[1, 0, dx * TO_GRID[0]], [0, 1, dy * TO_GRID[1]]])
        return cv2.warpAffine(image, matrix, (GRID, GRID), flags=how, borderMode=cv2.BORDER_REPLICATE)
    columns, rows = COLUMNS - np.float32(TO_GRID[0]) * np.float32(dx), ROWS - np.float32(TO_GRID[1]) * np.float32(dy)
    return cv2.remap(image, columns, rows, how, borderMode=cv2.BORDER_REPLICATE)


class Detector:
    """Photons, scatter, glare and blur, then logarithms and the subtraction of the mask."""

    def __init__(self, rng):
        self.photons = float(np.exp(rng.normal(np.log(40000), 0.6)))  # per grid pixel behind soft tissue
        self.scatter, self.scatter_width = rng.uniform(0.1, 0.5), rng.uniform(35, 70)
        self.glare, self.glare_width = rng.uniform(0, 0.12), rng.uniform(12, 25)
        self.mtf, self.grain = rng.uniform(0.3, 0.7), rng.choice([0, 0.45, 0.7, 1.0])
        self.flicker = rng.uniform(0, 0.02)

    def expose(self, rng, attenuation, open_field):
        """The logarithm of one exposure."""
        primary = cv2.exp(-attenuation) * open_field
        light = primary + self.scatter * blur(primary, self.scatter_width) + self.glare * blur(primary, self.glare_width)
        light = cv2.GaussianBlur(light, (5, 5), self.mtf) * np.float32(1 + self.flicker * rng.normal())
        noise = rng.standard_normal((GRID, GRID), dtype=np.float32)
        if self.grain:
            noise = cv2.GaussianBlur(noise, (0, 0), self.grain) * np.float32(1 + 1.2 * self.grain)
        counts = light * np.float32(self.photons)
        counts = counts + noise * (np.sqrt(counts) + 3)  # Poisson, by its normal limit, and the electronics'
        return cv2.log(np.maximum(counts, 3))


def window(rng, peak):
    """How a run is shown: base grey, width, gamma, edge enhancement, temporal filter, whether the mean is kept.

    peak: how dark the stained liver gets; whoever looks sets the width by it.
    """
    width = np.clip(np.exp(rng.normal(np.log(0.42), 0.3)), peak * rng.uniform(1.0, 1.8), max(peak * rng.uniform(2.5, 5), 0.12))
    return {
        "base": rng.uniform(120, 215), "width": float(width), "gamma": float(np.exp(rng.normal(0, 0.15))),
        "edge": rng.uniform(0, 1.3) if rng.random() < 0.6 else 0.0, "edge_width": rng.uniform(0.8, 2.5),
        "recursive": rng.uniform(0.35, 0.8) if rng.random() < 0.35 else 1.0, "smooth": rng.uniform(0.3, 0.8) if rng.random() < 0.4 else 0.0,
        "steady": rng.random() < 0.6, "out": rng.choice([0, 1]),
    }


def show(difference, previous, style, seen):
    """uint8 picture of a difference of logarithms (contrast positive); and the filtered difference for the next one."""
    if style["steady"]:
        difference = difference - np.float32(np.percentile(difference[::4, ::4][seen[::4, ::4]], 30))
    if previous is not None and style["recursive"] < 1:
        difference = style["recursive"] * difference + (1 - style["recursive"]) * previous
    image = blur(difference, style["smooth"])
    if style["edge"]:
        image = image + style["edge"] * (image - blur(image, style["edge_width"]))
    grey = cv2.pow(np.clip(style["base"] / 255 - image * (1 / style["width"]), 0, 1), style["gamma"]) * 255
    blank = 8 if style["out"] else style["base"] * 0.9
    return np.where(seen, grey, blank).round().astype(np.uint8), difference


def blades(rng):
    """Where the collimator lets rays through, and softly: bool and float32 [256, 256]."""
    kind = rng.choice(3, p=[0.5, 0.38, 0.12])
    seen = np.ones((GRID, GRID), bool)
    if kind == 1:
        low, high = rng.uniform(0, 0.07, 2), rng.uniform(0, 0.07, 2)
        seen = (X > low[0] * 1021) & (X < 1021 - high[0] * 1021) & (Y > low[1] * 788) & (Y < 788 - high[1] * 788)
    if kind == 2:  # the round field of an image intensifier
        seen = np.hypot(X - 510, Y - 394) < rng.uniform(400, 540)
    return seen, np.maximum(cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 0.8), 0.01)
