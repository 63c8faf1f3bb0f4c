"""Tumours as level sets: a smooth implicit function in 3-D, with noise added to the signed distance.

Diameters (6.5 to 217 source pixels, mean about 64), counts (1 to 10, none in a tenth) and the share poor in blood (28 %) are the
figures of the DSA-LTDNet paper's data set.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from .fields import MARGIN, PICTURE, SIZE, STEP_X, STEP_Y, blurred, fractal, smoothstep, to_canvas, waves


@dataclass
class Tumour:
    centre: np.ndarray  # x, y, depth
    diameter: float
    poor: bool
    mask: np.ndarray = None  # bool on the canvas
    full: np.ndarray = None  # thickness along the beam
    core: np.ndarray = None  # thickness that stains inside
    rim: np.ndarray = None  # thickness of the shell that stains


def count(rng):
    if rng.random() < 0.1:
        return 0
    return int(min(10, 1 + rng.geometric(0.36) - 1)) if rng.random() < 0.8 else int(rng.integers(3, 11))


def place(rng, liver, look):
    """Sizes and places: singly or in groups, in the liver and at least partly in the picture."""
    number = count(rng)
    sizes = np.sort(np.clip(np.exp(rng.normal(np.log(50 * look.scale), 0.72, number)), 6.5, 217))[::-1]
    inside = np.zeros((SIZE, SIZE), bool)
    inside[MARGIN + 6 : MARGIN + PICTURE - 6, MARGIN + 6 : MARGIN + PICTURE - 6] = True
    weight = np.where(liver.mask & inside, liver.depth, 0)
    if weight.sum() == 0:
        return []
    rows, columns = np.nonzero(weight)
    chance = weight[rows, columns] / weight.sum()
    grouped, poor_share = rng.random() < 0.3, rng.choice([0, 0.4, 1], p=[0.5, 0.35, 0.15])
    found = []
    for size in sizes:
        picks = rng.choice(len(rows), 60, p=chance)
        best, best_score = None, -np.inf
        for x, y in zip((columns[picks] - MARGIN + 0.5) * STEP_X, (rows[picks] - MARGIN + 0.5) * STEP_Y):
            column, row = (np.round(to_canvas(x, y))).astype(int)
            depth = liver.depth[row, column]
            gap = min([np.hypot(x - t.centre[0], y - t.centre[1]) - 0.5 * (size + t.diameter) for t in found], default=60)
            wish = -abs(gap - 4) if grouped and found else min(gap, 25)
            score = wish + 0.6 * min(0.0, depth - 0.9 * size) + rng.uniform(0, 12)
            if score > best_score:
                best, best_score = (x, y, rng.uniform(-0.5, 0.5) * max(0.0, depth - size)), score
        if best_score > -60 or not found:
            found.append(Tumour(np.array(best), float(size), bool(rng.random() < poor_share)))
    return found


def largest(mask):
    """The largest connected part."""
    number, parts, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return parts == 1 + facts[1:, cv2.CC_STAT_AREA].argmax() if number > 2 else mask


def build(rng, tumour, liver):
    """Fills in mask and thicknesses. The level is chosen so that the outline has the area of a disc of the diameter."""
    size = tumour.diameter
    half = 0.85 * size + 8
    (c0, r0), (c1, r1) = to_canvas(*(tumour.centre[:2] - half)), to_canvas(*(tumour.centre[:2] + half))
    c0, r0, c1, r1 = max(0, int(c0)), max(0, int(r0)), min(SIZE, int(c1) + 2), min(SIZE, int(r1) + 2)
    layers = int(np.clip(size / 5, 5, 18))
    x = ((np.arange(c0, c1) - MARGIN + 0.5) * STEP_X - tumour.centre[0]).astype(np.float32)
    y = ((np.arange(r0, r1) - MARGIN + 0.5) * STEP_Y - tumour.centre[1]).astype(np.float32)
    z = np.linspace(-0.75 * size, 0.75 * size, layers, dtype=np.float32)
    grid = np.stack(np.meshgrid(z, y, x, indexing="ij"), -1)[..., ::-1]
    reach = 0.5 * size
    distance = np.linalg.norm(grid * rng.uniform(0.85, 1.18, 3).astype(np.float32), axis=-1) - reach
    for _ in range(rng.integers(0, 4) if size > 25 else 0):
        off = rng.normal(0, 0.33 * size, 3).astype(np.float32)
        lobe = np.linalg.norm(grid - off, axis=-1) - reach * rng.uniform(0.4, 0.8)
        blend = 0.12 * size
        mix = np.clip(0.5 + 0.5 * (distance - lobe) / blend, 0, 1)
        distance = distance * (1 - mix) + lobe * mix - blend * mix * (1 - mix)
    rough = float(rng.choice([0.015, 0.04, 0.075], p=[0.45, 0.35, 0.2]))
    distance = distance + rough * size * waves(rng, grid, 0.35 * size, 1.1 * size, 7)
    outline = distance.min(0)
    area = max(1, int(round(np.pi * reach**2 / (STEP_X * STEP_Y))))
    level = np.partition(outline.ravel(), min(area, outline.size - 1))[min(area, outline.size - 1)]
    distance, outline = (distance - level).astype(np.float32), outline - level
    mask = outline < 0
    mask.flat[outline.argmin()] = True
    mask = largest(mask)
    soft = size * math.exp(rng.uniform(math.log(0.03), math.log(0.25))) + 1
    step = z[1] - z[0]
    full = smoothstep(0.5 - distance / (2 * soft)).astype(np.float32)
    core, shell = full, full * np.exp(-(((distance + 0.09 * size) / (rng.uniform(0.06, 0.13) * size)) ** 2))
    if size > 40 and rng.random() < 0.45:  # necrosis: a hollow of its own outline
        hollow = distance + rng.uniform(0.12, 0.3) * size + 0.1 * size * waves(rng, grid, 0.3 * size, size, 5)
        core = core * smoothstep(0.5 + hollow / (0.12 * size))
    if size > 50 and rng.random() < 0.35:  # septa: unstained sheets
        sheet = np.abs(waves(rng, grid, 0.6 * size, 1.5 * size, 14))
        core = core * (1 - rng.uniform(0.2, 0.6) * np.exp(-((sheet / 0.15) ** 2)))
    for name, volume in (("full", full), ("core", core), ("rim", shell)):
        canvas = np.zeros((SIZE, SIZE), np.float32)
        canvas[r0:r1, c0:c1] = volume.sum(0) * step
        setattr(tumour, name, canvas)
    if size > 15:  # tumour vessels, unevenly dense
        tumour.core *= np.clip(1 + rng.uniform(0.05, 0.5) * fractal(rng, rng.uniform(1, 2), size), 0.1, 2.5)
    tumour.mask = np.zeros((SIZE, SIZE), bool)
    tumour.mask[r0:r1, c0:c1] = mask


def stains(rng, tumour, bolus, delay, share, tissue):
    """Maps and time courses of a tumour's blush, in units of the parenchyma's highest stain (tissue: the course of the latter)."""
    size = tumour.diameter
    peak = tumour.full.max() + 1e-6
    strength = share * np.exp(rng.normal(0.15, 0.35)) * (size / 64) ** rng.uniform(0.1, 0.4)
    pace = bolus.tempo
    fast = delay + pace * rng.uniform(0, 0.6)
    if tumour.poor:
        strength *= rng.uniform(0, 0.2)
        depth = min(1.0, rng.uniform(0.5, 1.6) * (0.6 + 0.4 * math.sqrt(size / 217)))
        yield -depth * np.minimum(1, tumour.full / peak * 1.15), tissue
        if rng.random() < 0.5:
            yield tumour.rim / peak * rng.uniform(0.1, 0.8), bolus.stain(fast, 1.5 * pace, pace * rng.uniform(3, 9))
        yield tumour.core / peak * strength, bolus.stain(fast + 0.5 * pace, 2 * pace, pace * rng.uniform(4, 10))
        return
    washout = pace * math.exp(rng.uniform(math.log(2), math.log(16)))
    yield -rng.uniform(0.1, 0.5) * tumour.full / peak * min(1, size / 120), tissue
    yield tumour.core / peak * strength, bolus.stain(fast, pace * rng.uniform(0.3, 1.6), washout)
    if rng.random() < 0.4:
        shell = bolus.stain(fast + pace * rng.uniform(0, 1), 1.5 * pace, washout * rng.uniform(1, 3))
        yield tumour.rim / peak * strength * rng.uniform(0.2, 1.2), shell


def lake(rng, tumour):
    """A blurred spot within a tumour where contrast pools."""
    spot = np.zeros((SIZE, SIZE), np.float32)
    column, row = np.round(to_canvas(*(tumour.centre[:2] + rng.normal(0, 0.2 * tumour.diameter, 2)))).astype(int)
    spot[np.clip(row, 0, SIZE - 1), np.clip(column, 0, SIZE - 1)] = 1
    spot = blurred(spot, rng.uniform(0.05, 0.12) * tumour.diameter + 2)
    return spot / (spot.max() + 1e-6)
