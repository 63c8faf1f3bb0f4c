"""The 256 x 256 grid of the networks, computed as in src/acquire/pixels/area-average.ts and src/mask/polygon.ts."""

import functools
import math

import numpy as np

SIZE = 256


def to_analysis_image(pixels):
    """The mean grey value of each of 256 x 256 equal cells, rounded half up; the same bytes as the TypeScript side.

    uint8 [height,width] in, uint8 [256,256] out. Plain, anisotropic resize (paper, section 3).
    """
    height, width = pixels.shape
    lines = weighted_sum(pixels, 0, *cells(height))
    # In the order of the TypeScript side, both cut pixels of a row first: the order can change the rounding.
    indices, shares = cells(width)
    sums = weighted_sum(lines, 1, indices[:, [0, -1, *range(1, indices.shape[1] - 1)]], shares[:, [0, -1, *range(1, shares.shape[1] - 1)]])
    averages = (sums / (width * height / SIZE**2)).astype(np.float32)
    return np.floor(averages.astype(np.float64) + 0.5).astype(np.uint8)


@functools.cache
def cells(length):
    """For each of 256 cells the pixels of an axis that it covers and their shares: two arrays [256,n], padded with
    share 0.

    First the pixel cut by the cell's start, then whole pixels, last the pixel cut by its end.
    """
    most = math.ceil(length / SIZE) + 1
    indices, shares = np.zeros((SIZE, most + 1), int), np.zeros((SIZE, most + 1))
    for cell in range(SIZE):
        start, end = cell * length / SIZE, (cell + 1) * length / SIZE
        first, last = math.floor(start), math.floor(end)
        indices[cell, 0], shares[cell, 0] = first, min(end, first + 1) - start
        for n, whole in enumerate(range(first + 1, last), 1):
            indices[cell, n], shares[cell, n] = whole, 1
        if first < last < length:
            indices[cell, -1], shares[cell, -1] = last, end - last
    return indices, shares


def weighted_sum(values, axis, indices, shares):
    total = 0.0
    for index, share in zip(indices.T, shares.T):
        total = total + np.take(values, index, axis) * (share[:, None] if axis == 0 else share)
    return total


def filled(outline, width, height):
    """The cells whose centre lies inside a closed line (even-odd rule): bool [256,256].

    `outline` is [n,2], x and y in pixels of a width x height picture; the first point is not repeated.
    """
    (qx, qy), (px, py) = np.asarray(outline, float).T, np.roll(outline, 1, axis=0).T
    y = ((np.arange(SIZE) + 0.5) * (height / SIZE))[:, None]
    rows, sides = np.nonzero((qy > y) != (py > y))
    crossings = (px - qx)[sides] * (y[rows, 0] - qy[sides]) / (py - qy)[sides] + qx[sides]
    columns = np.clip(np.ceil(crossings / (width / SIZE) - 0.5), 0, SIZE).astype(int)
    passed = np.zeros((SIZE, SIZE + 1), int)
    np.add.at(passed, (rows, columns), 1)
    return np.cumsum(passed, axis=1)[:, :SIZE] % 2 == 1


def enclosed(outline):
    """The area of a closed line that does not cross itself, in square pixels."""
    x, y = np.asarray(outline, float).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
