"""The body's own shadows: bones, gas, lung, catheter, what earlier treatments left.

Maps are attenuations (natural logarithms, no unit) on the grid of 256 x 256.
"""

import cv2
import numpy as np
from scipy import ndimage
from scipy.interpolate import CubicSpline

from .view import GRID, TO_GRID, blur, clouds

ROWS = np.mgrid[:GRID, :GRID][0].astype(np.float32)


def stroke(image, points, wide, value):
    cv2.polylines(image, [np.round(points * TO_GRID * 16).astype(np.int32)], False, value, max(1, int(round(wide))), cv2.LINE_8, 4)


def bones(rng, view):
    """Vertebrae with end plates, pedicles and processes; ribs with a dense cortex; spongy texture."""
    x, y = view.plane()
    x = (x - rng.uniform(-0.5, 1.5) - rng.normal(0, 0.5) * np.sin(y / 9 + rng.uniform(0, 6))).astype(np.float32)
    tall = rng.uniform(2.9, 3.6)
    phase = np.mod(y / tall + rng.uniform(0, 1), 1) - 0.5
    wide = rng.uniform(1.9, 2.4) + 0.5 * np.abs(phase) ** 1.5 * 2
    inside = 1 / (1 + np.exp(-(wide - np.abs(x)) * 8))
    disc = 1 / (1 + np.exp(-(0.42 - np.abs(phase)) * 60))
    plate = np.exp(-(((np.abs(phase) - 0.41) / 0.018) ** 2))
    side = np.exp(-(((np.abs(x) - wide + 0.08) / 0.09) ** 2))
    pedicle = np.hypot((np.abs(x) - 1.5) / 0.35, (phase + 0.12) * tall / 0.55)
    spine = inside * (0.5 * disc + 0.25 * plate) + 0.2 * side * disc + 0.3 * np.exp(-((pedicle - 1) ** 2) * 12)
    spine += 0.35 * np.exp(-((x / 0.25) ** 2) - ((phase - 0.2) / 0.2) ** 2)
    spine += 0.22 * (np.abs(phase - 0.05) * tall < 0.5) * (np.abs(x) > wide) * (np.abs(x) < wide + 1.9)
    out = spine.astype(np.float32) * rng.uniform(0.7, 1.3)
    pitch, first, slope = rng.uniform(2.6, 3.6), rng.uniform(-26, -22), rng.uniform(0.25, 0.7)
    strength = rng.uniform(0.06, 0.24)
    for number in range(9):
        for hand in (-1, 1):
            for front in (False, True):
                if front and rng.random() < 0.3:
                    continue
                u = np.linspace(2.2, 17 if not front else 15, 24)
                down = slope * (u - 2) - 0.012 * (u - 2) ** 2 if not front else 9 - 0.5 * u + 0.02 * u**2
                line = np.stack([hand * u, first + number * pitch + down + rng.normal(0, 0.2), np.full(24, 5.0 if front else -8.0)], 1)
                points, layer = view.project(line), np.zeros((GRID, GRID), np.float32)
                width = rng.uniform(0.9, 1.3) / view.cm * TO_GRID[1]
                stroke(layer, points, width, strength if not front else 0.7 * strength)
                stroke(layer, points, width * 0.65, (0.65 if not front else 0.5) * strength)
                out += layer
    out = blur(out, rng.uniform(0.8, 1.5))
    return out * np.exp(0.12 * clouds(rng, 3) + 0.1 * clouds(rng, 6)).astype(np.float32)


def gas(rng, view, spread):
    """Bowel and stomach gas: chains of bubbles, attenuation below 0."""
    out = np.zeros((GRID, GRID), np.float32)
    for _ in range(rng.poisson(2.5 * spread)):
        low, high = ((-13, 2), (12, 11)) if rng.random() < 0.7 else ((4, -8), (9, 0))  # bowel, stomach; cm
        place = rng.uniform(low, high)
        turn, loop = rng.uniform(0, 6.28), np.zeros((GRID, GRID), np.float32)
        size = rng.uniform(0.5, 2.0)
        for _ in range(rng.integers(2, 9)):
            at = view.project(np.array([*place, 3.0])) * TO_GRID
            axes = size * rng.uniform(0.7, 1.3, 2) / view.cm * TO_GRID
            box = (tuple(map(float, at)), tuple(map(float, axes * 2)), float(rng.uniform(0, 180)))
            cv2.ellipse(loop, box, float(-rng.uniform(0.08, 0.4)), -1)
            turn += rng.normal(0, 0.7)
            place = place + size * 1.2 * np.array([np.cos(turn), np.sin(turn)])
        out = np.minimum(out, blur(loop, rng.uniform(1, 4)))
    return out


def lung(rng, view, liver):
    """Air above the diaphragm: falls off from the liver's dome as a chord through a dome does; the heart beside it."""
    x, y = view.plane()
    top = np.where(liver.any(0), liver.argmax(0), GRID).astype(np.float32)
    known = np.nonzero((top < GRID) & (np.arange(GRID) > 3))[0]
    if len(known) < 10:
        return np.zeros((GRID, GRID), np.float32)
    column = np.arange(GRID)
    dome = np.interp(column, known, top[known]) + 2.0 * np.maximum(known[0] - column, 0)  # beside the liver the chest wall
    other = (-8 + 0.035 * (x[GRID // 2] - rng.uniform(7, 10)) ** 2) / view.cm + view.offset[1]  # the left half of the diaphragm
    beside = 1 / (1 + np.exp(-(x[GRID // 2] - rng.uniform(0, 2)) * 2))
    dome = ((1 - beside) * dome + beside * np.minimum(dome, other * TO_GRID[1])).astype(np.float32)
    dome = cv2.GaussianBlur(dome[None], (0, 0), 4)[0] - rng.uniform(0, 3)
    above = np.maximum(dome[None] - ROWS, 0) / TO_GRID[1] * view.cm
    air = -rng.uniform(0.3, 0.9) * np.sqrt(np.minimum(above / 6, 1)) * (1 - np.exp(-above / 0.15))
    heart = 1 / (1 + np.exp(-3 * (1 - np.hypot((x - 3) / rng.uniform(5, 7), (y + 13) / rng.uniform(4, 6))) * 4))
    marks = np.exp(0.03 * clouds(rng, 6) + 0.04 * clouds(rng, 14))
    return (air * (1 - 0.85 * heart) * marks).astype(np.float32)


def catheter(rng, tip, way):
    """The path of the catheter, cm: up the aorta, then along the arteries to its tip."""
    up = np.column_stack([0.9 + rng.normal(0, 0.1, 9).cumsum() * 0.6, np.linspace(18, 1.2, 9), np.full(9, -1.0)])
    bow = np.array([[0.7, -0.4, -0.5], [0.1, -0.7, 0.2]]) + rng.normal(0, 0.15, (2, 3))
    corners = np.vstack([up, bow, way, tip]) if len(way) else np.vstack([up, bow, tip])
    line = CubicSpline(np.arange(len(corners)), corners)(np.linspace(0, len(corners) - 1, 80))
    return ndimage.gaussian_filter1d(line, 2.5, axis=0, mode="nearest")


def deposits(rng, liver):
    """Iodised oil, clips and coils of earlier treatments: dense grains in the liver, there before the contrast medium."""
    out = np.zeros((GRID, GRID), np.float32)
    rows, columns = np.nonzero(liver)
    if rng.random() < 0.75 or not len(rows):
        return out
    for _ in range(rng.integers(1, 4)):
        pick, spread = rng.integers(len(rows)), rng.uniform(1, 7)
        for at in np.array([columns[pick], rows[pick]]) + rng.normal(0, spread, (rng.integers(2, 30), 2)):
            centre, radius = (int(at[0] * 16), int(at[1] * 16)), int(rng.uniform(0.3, 1.3) * 16)
            cv2.circle(out, centre, radius, float(rng.uniform(0.05, 0.4)), -1, cv2.LINE_8, 4)
    return blur(out, 0.7)
