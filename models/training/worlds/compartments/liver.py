"""The liver: its outline, thickness, and territories in three scales (segments, wedges, lobules)."""

import cv2
import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from .view import GRID, SOURCE, TO_GRID, blur, clouds

OUTLINE = np.array(
    [[-8, -10.5], [-12.5, -8.6], [-15, -4.5], [-15.5, 0], [-13.5, 5.5], [-10.5, 5.6], [-7, 3.6], [-3, 1.6], [1.5, -0.5], [5, -3.8],
     [5.6, -6.6], [3, -8], [-1.5, -8.4], [-4.5, -9.6]]
)  # cm, seen from the front; drawn by the author
SEEDS = np.array(
    [[-12, -6, -3.5], [-8, -7, 3], [-12.5, 2, -2.5], [-8, 1, 3.5], [-3, -5.5, 3.5], [-3.5, -1, 3.5],
     [2.5, -6, 0], [2, -2.8, 3], [-2, -4, -4]]
)  # segments 7, 8, 6, 5, 4a, 4b, 2, 3, 1
RIGHT, LEFT = (0, 1, 2, 3), (4, 5, 6, 7)
CLASSES = 3  # of wedges: early, ordinary, late
DEPTHS = np.linspace(-6, 6, 6)


def choose_outline(rng):
    """The outline [n, 2] in cm, the segments' seeds [9, 3], and whether the liver is cirrhotic."""
    cirrhotic = rng.random() < 0.6
    warp = np.array([rng.uniform(0.82, 1.12), rng.uniform(0.85, 1.15)]) * (0.94 if cirrhotic else 1)
    left = rng.uniform(0.5, 1.35) + (0.2 if cirrhotic else 0)
    tail = rng.uniform(0, 4) if rng.random() < 0.2 else rng.normal(0, 1)
    def bend(points):
        x, y = points[:, 0] * warp[0], points[:, 1] * warp[1]
        x = np.where(x > -3, -3 + (x + 3) * left, x)
        y = y + tail * np.clip((y - 1) / 5, 0, 1) * np.clip((-6 - x) / 5, 0, 1)
        return np.stack([x, y], 1)
    corners = bend(OUTLINE + rng.normal(0, 0.55, OUTLINE.shape))
    corners = np.vstack([corners, corners[:1]])
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T))]
    at = np.linspace(0, along[-1], 220)
    outline = CubicSpline(along, corners, bc_type="periodic")(at)[:-1]
    bumps = clouds(rng, 5)[0, :219] * (rng.uniform(0.05, 0.22) if cirrhotic else rng.uniform(0, 0.08))
    outline += bumps[:, None] * np.column_stack([np.cos(at[:-1]), np.sin(at[:-1])])
    seeds = SEEDS + rng.normal(0, 0.9, SEEDS.shape)
    seeds[:, :2] = bend(seeds[:, :2])
    return outline, seeds, cirrhotic


def thickness(rng, view, outline):
    """The liver mask and how thick the liver is along the ray, cm."""
    points = view.project(np.column_stack([outline, np.zeros(len(outline))]))
    half = (int(SOURCE[0]) // 2, int(SOURCE[1]) // 2)
    canvas = np.zeros(half[::-1], np.uint8)
    cv2.fillPoly(canvas, [np.round(points * 8).astype(np.int32)], 1, shift=4)
    deep = cv2.resize(cv2.distanceTransform(canvas, cv2.DIST_L2, 5), (GRID, GRID)) * 2 * view.cm
    mask = cv2.resize(canvas, (GRID, GRID), interpolation=cv2.INTER_AREA) > 0
    fall = 1 - np.minimum(deep / rng.uniform(4, 6.5), 1)
    x, _ = view.plane()
    body = rng.uniform(9.5, 14) * np.interp(x, [-7, 3], [1, rng.uniform(0.4, 0.75)])
    return mask, (body * (1 - fall**2) ** rng.uniform(0.5, 0.8) * mask * blur(1 + 0.08 * clouds(rng, 40), 3)).astype(np.float32)


def territories(rng, view, thick, seeds, unevenness):
    """Voronoi cells in space, cut into slices along the ray: float32 maps [segments * CLASSES, 256, 256] of blood-holding thickness in cm,
    and the wedges' seeds [w, 3] with their segments [w].
    """
    small = cv2.resize(thick, (GRID // 2, GRID // 2), interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(small > 0.05)
    bend = [clouds(rng, 22, GRID // 2)[rows, columns] * rng.uniform(0.2, 0.6) for _ in range(3)]
    gap = DEPTHS[1] - DEPTHS[0]
    points, amounts, pixels = [], [], []
    for depth in DEPTHS:
        x, y = view.plane(depth, 2)
        reach = small[rows, columns] / 2
        inside = np.clip(np.minimum(reach, depth + gap / 2) - np.maximum(-reach, depth - gap / 2), 0, gap)
        points.append(np.stack([x[rows, columns] + bend[0], y[rows, columns] + bend[1], depth + bend[2]], 1))
        amounts.append(inside)
        pixels.append(rows * (GRID // 2) + columns)
    points, amounts, pixels = np.concatenate(points), np.concatenate(amounts), np.concatenate(pixels)
    points, amounts, pixels = points[amounts > 0], amounts[amounts > 0], pixels[amounts > 0]
    wedges = points[rng.integers(0, len(points), rng.integers(45, 120))]
    segment_of = cKDTree(seeds).query(wedges)[1]
    near = cKDTree(wedges).query(points)[1]
    kinds = rng.choice(CLASSES, len(wedges), p=(lambda odd: [odd, 1 - 2 * odd, odd])(0.22 * unevenness + 0.02))
    strength = np.exp(rng.normal(0, 0.28 * unevenness, len(wedges)))
    key = segment_of[near] * CLASSES + kinds[near]
    count = len(seeds) * CLASSES
    maps = np.bincount(key * small.size + pixels, amounts * strength[near], count * small.size).reshape(count, *small.shape)
    soft = rng.uniform(0.5, 1.6)
    maps = [cv2.resize(blur(m, soft), (GRID, GRID), interpolation=cv2.INTER_LINEAR) for m in maps.astype(np.float32)]
    return np.stack(maps), wedges, segment_of


def lobules(rng, cirrhotic):
    """The grain of the stain: a factor about 1, of cells some millimetres wide (nodules when cirrhotic), and clouds."""
    size = GRID // 2
    cells = rng.integers(500, 1300) if cirrhotic else rng.integers(1500, 3000)
    seeds = rng.uniform(0, size, (cells, 2))
    rows, columns = np.mgrid[:size, :size]
    near = cKDTree(seeds).query(np.column_stack([rows.ravel(), columns.ravel()]))[1].reshape(size, size)
    grain = np.exp(rng.normal(0, 1, cells)[near] * rng.uniform(0.02, 0.1)).astype(np.float32)
    grain = cv2.resize(blur(grain, 0.7), (GRID, GRID))
    return grain * np.exp(clouds(rng, 30) * rng.uniform(0.02, 0.12) + clouds(rng, 12) * rng.uniform(0.01, 0.07))


def inside_liver(mask, points):
    """Which source pixels [n, 2] lie in the picture and in the mask."""
    column, row = np.floor(points * TO_GRID).astype(int).T
    within = (column >= 0) & (column < GRID) & (row >= 0) & (row < GRID)
    return within & mask[np.clip(row, 0, GRID - 1), np.clip(column, 0, GRID - 1)]
