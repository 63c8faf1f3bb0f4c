"""Tumours, and stains of healthy liver that look like them."""

from dataclasses import dataclass

import numpy as np

from .liver import inside_liver
from .view import SOURCE, X, Y, clouds, star, star_level

HEALTHY = 0.006  # arterial blood of healthy liver, ml per ml and second
NONE = 0.1  # share of patients without a tumour
POOR = 0.28  # share of tumours poor in blood


@dataclass
class Shape:
    """A union of star-convex shapes."""
    centre: np.ndarray  # source pixels
    radius: float  # of the circle of the same area, source pixels
    stars: list  # (dx, dy, scale, radius by angle), in radii

    def window(self, reach):
        """The rows and columns of the grid within so many radii."""
        columns = np.nonzero(np.abs(X[0] - self.centre[0]) < self.radius * reach + 6)[0]
        rows = np.nonzero(np.abs(Y[:, 0] - self.centre[1]) < self.radius * reach + 6)[0]
        if not len(columns) or not len(rows):
            return None
        return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)

    def level(self, where):
        """Below 1 inside."""
        x, y = (X[where] - self.centre[0]) / self.radius, (Y[where] - self.centre[1]) / self.radius
        return self.level_at(x, y)

    def level_at(self, x, y):
        return np.minimum.reduce([star_level((x - dx) / size, (y - dy) / size, radius) for dx, dy, size, radius in self.stars])


def choose_shape(rng, centre, radius, roughness=None):
    """Round to lobulated, some polygons, some unions, scaled to the area of a circle of that radius."""
    rough = rng.choice([0.06, 0.14, 0.28]) if roughness is None else roughness
    count = 1 if rng.random() < 0.7 else int(rng.integers(2, 5))
    stars = []
    for i in range(count):
        corners = int(rng.integers(6, 14)) if rng.random() < 0.2 else None
        stars.append((*(rng.normal(0, 0.4, 2) if i else (0, 0)), rng.uniform(0.5, 1) if i else 1, star(rng, rough, corners)))
    stretch = rng.normal(0, 0.1)
    shape = Shape(np.array(centre, float), radius, stars)
    x, y = np.meshgrid(*[np.linspace(-2.5, 2.5, 50)] * 2)
    area = (shape.level_at(x, y) < 1).mean() * 25
    scale = np.sqrt(np.pi / area)
    angle = np.linspace(0, 2 * np.pi, 181)
    oval = 1 + stretch * np.cos(2 * (angle - rng.uniform(0, np.pi)))
    shape.stars = [(dx * scale, dy * scale, size * scale, r * oval) for dx, dy, size, r in stars]
    return shape


def choose_tumours(rng, mask, weight):
    """Shapes, in the liver and where it is fed (weight [256, 256], 0 to 1), and which are poor in blood."""
    empty = rng.random() < NONE
    count = 0 if empty else min(10, 1 + rng.geometric(0.32) - 1 + (rng.integers(0, 6) if rng.random() < 0.2 else 0))
    edge = (X > 25) & (X < SOURCE[0] - 25) & (Y > 25) & (Y < SOURCE[1] - 25)
    rows, columns = np.nonzero(mask & edge)
    shapes, poor = [], []
    chance = weight[rows, columns] + 0.003
    chance = chance / chance.sum()
    mother = None
    mostly_poor = rng.random()
    diameter, tries = 0, 0
    for _ in range(100):
        if len(shapes) >= count or not len(rows):
            break
        if tries % 12 == 0:
            diameter = float(np.clip(np.exp(rng.normal(np.log(60), 0.78)), 6.5, 217))
        tries += 1
        near = mother is not None and rng.random() < 0.35
        if near:  # a daughter, or one of a group
            diameter = max(min(diameter, mother.radius * 1.7), 6.5)
            turn = rng.uniform(0, 2 * np.pi)
            centre = mother.centre + (mother.radius + diameter / 2) * rng.uniform(0.85, 1.9) * np.array([np.cos(turn), np.sin(turn)])
        else:
            pick = rng.choice(len(rows), p=chance)
            centre = np.array([X[0, columns[pick]], Y[rows[pick], 0]]) + rng.uniform(-2, 2, 2)
        ring = centre + diameter / 2 * 0.95 * np.stack([np.cos(np.arange(12) * np.pi / 6), np.sin(np.arange(12) * np.pi / 6)], 1)
        if inside_liver(mask, ring).mean() < 0.95 or not inside_liver(mask, centre[None])[0]:
            continue
        row, column = int(centre[1] * 256 / SOURCE[1]), int(centre[0] * 256 / SOURCE[0])
        if near and weight[row, column] < 0.25 and rng.random() < 0.9:
            continue
        if any(np.hypot(*(s.centre - centre)) < 0.8 * max(s.radius, diameter / 2) + 0.3 * min(s.radius, diameter / 2) for s in shapes):
            continue
        tries = 0
        shapes.append(choose_shape(rng, centre, diameter / 2))
        poor.append(rng.random() < (POOR if mostly_poor < 0.6 else 0.06 if mostly_poor < 0.85 else 0.8))
        mother = shapes[-1] if mother is None or rng.random() < 0.5 else mother
    return shapes, np.array(poor, np.int8)


def outlines(shapes, mask):
    """The map of tumours: m + 1 on the m-th. Small ones are drawn over large ones; each has a pixel at least."""
    out = np.zeros(mask.shape, np.uint8)
    for m in sorted(range(len(shapes)), key=lambda m: -shapes[m].radius):
        where = shapes[m].window(3)
        out[where][(shapes[m].level(where) < 1) & mask[where]] = m + 1
        column, row = int(shapes[m].centre[0] * 256 / SOURCE[0]), int(shapes[m].centre[1] * 256 / SOURCE[1])
        out[row, column] = m + 1
    return out


def stain(rng, shape, thick, cm, soft, hollow=0.0, patchy=0.3, rim=0.0):
    """The thickness in cm through a body whose projection is the shape: (body, rim), float32 [256, 256].

    soft: how wide the border is, in radii; hollow: radius of the dead centre; rim: width of the rim, in radii.
    """
    body, edge = np.zeros(thick.shape, np.float32), np.zeros(thick.shape, np.float32)
    where = shape.window(2.6)
    if where is None:
        return body, edge
    level = shape.level(where)
    ball = lambda r: np.sqrt(np.maximum(1 - (level / r) ** 2, 0))
    flat = rng.uniform(0.3, 1)
    full = ball(1.02) ** flat if soft < 0.12 else 1 / (1 + np.exp((level - 1 + soft / 2) / (soft * 0.35)))
    full = full - 0.97 * hollow * ball(max(hollow, 0.05))
    depth = np.minimum(2 * shape.radius * cm * rng.uniform(0.75, 1.3), thick[where].max() * 0.9)
    texture = np.exp(patchy * clouds(rng, rng.uniform(3, 10))[where] + 0.25 * patchy * clouds(rng, 3)[where])
    body[where] = np.maximum(full, 0) * depth * texture
    if rim:
        edge[where] = np.maximum(ball(1 + rim / 2) - (1 - rim / 2) * ball(1 - rim / 2), 0) * depth * np.exp(0.5 * clouds(rng, 12)[where])
    return body, edge


def tumour_tissue(rng, poor):
    """How a tumour takes its blood: soft, hollow, patchy, rim for `stain`; flow, transit, leak of body and of rim."""
    soft = rng.choice([0.04, 0.15, 0.35, 0.6], p=[0.35, 0.3, 0.25, 0.1])
    if poor:
        rim = rng.uniform(0.12, 0.35) if rng.random() < 0.5 else 0
        body = HEALTHY * rng.uniform(0, 0.35)
        border = HEALTHY * rng.uniform(1.3, 3.5)
        return (soft, 0.0, rng.uniform(0.1, 0.4), rim), (body, rng.uniform(4, 14), 0.0), (border, rng.uniform(3, 12), 0.02)
    hollow = rng.uniform(0.3, 0.75) if rng.random() < 0.25 else 0.0
    rim = rng.uniform(0.12, 0.3) if rng.random() < 0.3 else 0
    flow = HEALTHY * np.exp(rng.normal(np.log(6.8), 0.4))
    washes = rng.random() < 0.45
    transit = rng.uniform(3, 8) if washes else rng.uniform(5, 20)
    leak = 0 if washes else rng.choice([0, 0.03, 0.08])
    return (soft, hollow, rng.uniform(0.05, 0.3), rim), (flow, transit, leak), (flow * rng.uniform(0.8, 1.6), rng.uniform(3, 15), leak)


def lookalikes(rng, mask, weight, thick, cm, unevenness):
    """Stains of healthy liver: (map, flow, transit, delay, leak) each; soft to bordered, round to wedge-like, early or late."""
    out = []
    rows, columns = np.nonzero(mask & (weight > 0.3))
    if not len(rows):
        return out
    for _ in range(rng.poisson(2.6 * unevenness)):
        pick = rng.integers(len(rows))
        centre = (X[0, columns[pick]], Y[rows[pick], 0])
        radius = float(np.exp(rng.normal(np.log(48), 0.65)))
        shape = choose_shape(rng, centre, radius, rng.uniform(0.1, 0.6))
        if rng.random() < 0.4:  # a wedge with its point to the hilum
            turn, narrow = rng.uniform(0, 2 * np.pi), rng.uniform(2, 6)
            angle = np.linspace(0, 2 * np.pi, 181)
            wedge = 0.25 + np.exp(-narrow * (1 - np.cos(angle - turn))) * 1.8
            shape.stars = [(0, 0, 1.0, wedge * shape.stars[0][3])]
        body, _ = stain(rng, shape, thick, cm, rng.choice([0.08, 0.3, 0.6, 0.9]), 0, rng.uniform(0.1, 0.5))
        more = rng.random() < 0.75
        flow = HEALTHY * (min(np.exp(rng.normal(np.log(1.3), 0.55)), 4) if more else -rng.uniform(0.3, 0.9))
        body = np.minimum(body, rng.uniform(2, 5))  # cm
        out.append((body * mask, flow, rng.uniform(2, 16), rng.uniform(0, 2.2), rng.choice([0, 0, 0.04])))
    return out
