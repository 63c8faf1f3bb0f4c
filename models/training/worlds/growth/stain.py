"""How the healthy liver stains: by the territories of arteries, with mottling, and with patches that are no tumour."""

import math

import cv2
import numpy as np
from scipy import spatial

from .fields import SIZE, X, Y, blurred, fractal, pattern, smoothstep

COARSE = SIZE // 4


def territories(rng, tree, liver, supplied, tempo):
    """Supply (share times gain) and delay of each canvas pixel: those of the leaves nearest to it at five depths.

    A territory is what hangs on one branch; branches differ in how much contrast they get (streaming) and when.
    """
    total = tree.flow[tree.group == 0].max()
    cut = rng.uniform(0.03, 0.3) * total
    heads = (tree.flow < cut) & (tree.flow[np.maximum(tree.parent, 0)] >= cut)
    gain = tree.inherit(np.exp(rng.normal(0, rng.uniform(0.05, 0.4), len(heads))), heads | (tree.parent < 0))
    late = tree.inherit(tempo * rng.uniform(0, rng.uniform(0, 2), len(heads)), heads | (tree.parent < 0))
    leaves = np.flatnonzero(tree.leaf & (tree.group == 0))
    near = spatial.cKDTree(tree.position[leaves])
    x, y, depth = X[2::4, 2::4], Y[2::4, 2::4], liver.depth[2::4, 2::4]
    layers = np.stack([np.stack([x, y, depth * z], -1) for z in (-0.4, -0.2, 0, 0.2, 0.4)])
    index = leaves[near.query(layers.reshape(-1, 3))[1]].reshape(5, COARSE, COARSE)
    blur = float(np.exp(rng.uniform(np.log(1.1), np.log(5))))
    maps = []
    for value in (supplied * gain, tree.delay + late):
        coarse = cv2.GaussianBlur(value[index].mean(0).astype(np.float32), (0, 0), blur)
        maps.append(cv2.resize(coarse, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC))
    return maps


def texture(rng):
    """Mottling about 1: fractal, with the spots of regenerating nodules."""
    field = rng.uniform(0.03, 0.25) * fractal(rng, rng.uniform(0.9, 1.7), rng.uniform(120, 600))
    if rng.random() < 0.6:
        field = field + rng.uniform(0.02, 0.1) * pattern(rng, math.exp(rng.uniform(math.log(30), math.log(90))))
    return np.clip(1 + field, 0.15, 2.2)


def patches(rng, liver, tree, supplied):
    """Uneven stains that are no tumour, soft to bordered: a map 0 to 1, the strength (below 0: stains less), the place."""
    number = rng.choice([0, 1, 2, 3, 5, 8], p=[0.1, 0.2, 0.25, 0.2, 0.15, 0.1])
    leaves = np.flatnonzero(tree.leaf & (tree.group == 0) & (supplied > 0.3))
    if not len(leaves):
        leaves = np.flatnonzero(tree.leaf)
    for _ in range(number):
        kind = rng.choice(["blob", "wedge", "cloud", "branch", "edge"], p=[0.3, 0.2, 0.2, 0.15, 0.15])
        at = tree.position[rng.choice(leaves)]
        size = math.exp(rng.uniform(math.log(14), math.log(130)))
        edge = math.exp(rng.uniform(math.log(0.08), math.log(1.0)))
        dx, dy = X - float(at[0]), Y - float(at[1])
        if kind == "blob":
            angle, flat = rng.uniform(0, np.pi), rng.uniform(0.3, 0.8)
            u, v = dx * math.cos(angle) + dy * math.sin(angle), dy * math.cos(angle) - dx * math.sin(angle)
            shape = smoothstep(0.5 + (1 - np.hypot(u, v / flat) / size - rng.uniform(0.15, 0.5) * fractal(rng, 1.9, 250)) / (0.4 + edge))
        elif kind == "wedge":
            away = math.atan2(at[1] - liver.hilum[1], at[0] - liver.hilum[0])
            along = dx * math.cos(away) + dy * math.sin(away) + 0.8 * size
            across = np.abs(dy * math.cos(away) - dx * math.sin(away)) + 5 * fractal(rng, 2.2, 200)
            wide = rng.uniform(0.25, 0.7) * np.maximum(along, 0)
            shape = smoothstep((wide - across) / (edge * 0.5 * size + rng.uniform(15, 60))) * smoothstep((along + 5) / (0.4 * size))
        elif kind == "cloud":
            field = fractal(rng, rng.uniform(1.7, 2.4), 250 + 4 * size)
            shape = smoothstep((field - rng.uniform(0, 1)) / (1.2 + edge))
        elif kind == "edge":
            inner = cv2.distanceTransform(liver.mask.astype(np.uint8), cv2.DIST_L2, 3) * 3.5
            shape = np.exp(-inner / (0.35 * size)) * smoothstep(0.3 + fractal(rng, 1.8, 400))
        else:
            other = np.flatnonzero(tree.group == 0)
            big = other[(tree.flow[other] > 4) & (tree.flow[other] < 60)]
            head = rng.choice(big) if len(big) else other[-1]
            below = tree.inherit(np.arange(len(tree.flow)) == head, np.arange(len(tree.flow)) == head)
            dots = np.zeros((SIZE, SIZE), np.float32)
            where = tree.position[np.flatnonzero(below & tree.leaf)]
            column, row = (where[:, 0] / 3.99 + 15.5).astype(int), (where[:, 1] / 3.08 + 15.5).astype(int)
            ok = (column >= 0) & (column < SIZE) & (row >= 0) & (row < SIZE)
            np.add.at(dots, (row[ok], column[ok]), 1)
            shape = blurred(dots, 20)
            shape = smoothstep(shape / (shape.max() + 1e-6) / (0.3 + edge))
        if kind == "wedge":
            shape = 0.7 * shape
        sign = -1 if rng.random() < 0.3 else 1
        yield (shape * np.minimum(1, liver.depth / 80) * liver.mask).astype(np.float32), sign * rng.uniform(0.2, 1.0), at
