"""Vessels as biased random walks in space that fork, and their shadows along the ray."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from .flow import LAYERS
from .view import GRID, TO_GRID

FINE = 2  # vessels are drawn on a grid so many times finer


@dataclass
class Tree:
    """Pieces of vessels; one entry per branch."""
    paths: list = field(default_factory=list)  # [steps + 1, 3] cm
    radii: list = field(default_factory=list)  # [steps + 1] cm
    times: list = field(default_factory=list)  # [steps + 1] seconds of arrival, of the tip's 0
    shares: list = field(default_factory=list)  # how much contrast, 0 to 1

    def add(self, paths, first, last, start, share, speed):
        """Branches [n, steps + 1, 3] from one radius to another (cm), reached at `start` s, blood at `speed` cm/s."""
        n, steps = paths.shape[:2]
        length = np.linalg.norm(np.diff(paths, axis=1), axis=2).cumsum(1)
        times = start[:, None] + np.c_[np.zeros(n), length] / speed[:, None]
        radii = first[:, None] + (last - first)[:, None] * np.linspace(0, 1, steps) ** 0.8
        self.paths += list(paths)
        self.radii += list(radii)
        self.times += list(times)
        self.shares += list(share)
        return radii, times


def walk(rng, starts, headings, targets, steps, wander, curl):
    """Biased random walks [n, steps + 1, 3] from starts to near the targets: each step turns to the target a little more, by chance to the
    side; curl is how far (cm) a corkscrew swings.
    """
    n = len(starts)
    at, heading = starts.copy(), headings.copy()
    out = [at]
    far = np.linalg.norm(targets - starts, axis=1, keepdims=True)
    for step in range(steps):
        to = targets - at
        left = np.linalg.norm(to, axis=1, keepdims=True) + 1e-6
        pull = 0.25 + 0.75 * step / steps
        heading = (1 - pull) * heading + pull * to / left + rng.normal(0, 1, (n, 3)) * wander * [1, 1, 0.7]
        heading /= np.linalg.norm(heading, axis=1, keepdims=True) + 1e-6
        at = at + heading * np.minimum(left / (steps - step), far / steps * 2) * 1.05
        out.append(at)
    path = np.stack(out, 1)
    for _ in range(2):
        path[:, 1:-1] = (path[:, :-2] + 2 * path[:, 1:-1] + path[:, 2:]) / 4
    s = np.linspace(0, 1, steps + 1)
    turns, phase = rng.uniform(1.5, 5, (n, 1)), rng.uniform(0, 6.28, (n, 1))
    wave = np.stack([np.sin(6.28 * turns * s + phase), np.cos(6.28 * turns * s + phase), np.sin(6.28 * turns * s)], 2)
    return path + wave * np.reshape(curl, (-1, 1, 1)) * np.sin(np.pi * s)[None, :, None] ** 0.5


def fork(rng, paths, radii, times, per, low=0.35):
    """Where daughters leave their parents: parent index, start, heading, radius, time, for about `per` daughters a parent."""
    parent = np.repeat(np.arange(len(paths)), per)
    steps = paths.shape[1] - 1
    at = np.minimum((rng.uniform(low, 1.0, len(parent)) * steps).astype(int), steps - 1)
    heading = paths[parent, at + 1] - paths[parent, at]
    heading /= np.linalg.norm(heading, axis=1, keepdims=True) + 1e-6
    return parent, paths[parent, at], heading, radii[parent, at], times[parent, at]


def one(points):
    return np.array(points, float)[None]


def draw(view, tree, gap, layers=LAYERS):
    """The path lengths in cm through the vessels: float32 [layers, 256, 256], by the layer (`gap` s each) that the blood reaches."""
    size = GRID * FINE
    canvas = np.zeros((layers, size, size), np.float32)
    pieces = []
    flat = np.round(view.project(np.concatenate(tree.paths)) * TO_GRID * FINE * 16).astype(np.int32)
    lines = np.split(flat, np.cumsum([len(path) for path in tree.paths])[:-1])
    for points, radius, time, share in zip(lines, tree.radii, tree.times, tree.shares):
        if share < 0.01:
            continue
        for i in range(0, len(points) - 1, 3):
            r = radius[min(i + 1, len(radius) - 1)]
            pieces.append((r, min(int(time[min(i + 1, len(time) - 1)] / gap), layers - 1), points[i : i + 4], share))
    pieces.sort(key=lambda piece: piece[0])
    pixel = view.cm / (FINE * TO_GRID.mean())
    for r, layer, points, share in pieces:
        wide = 2 * r / pixel
        value = 2 * r * share
        if wide < 1.5:
            cv2.polylines(canvas[layer], [points], False, value * wide * 1.1, 1, cv2.LINE_8, 4)
            continue
        cv2.polylines(canvas[layer], [points], False, 0.6 * value, int(round(wide)), cv2.LINE_8, 4)
        if wide > 2.5:
            cv2.polylines(canvas[layer], [points], False, 0.97 * value, int(round(wide * 0.62)), cv2.LINE_8, 4)
    return np.stack([cv2.GaussianBlur(cv2.resize(c, (GRID, GRID), interpolation=cv2.INTER_AREA), (0, 0), 0.45) for c in canvas])
