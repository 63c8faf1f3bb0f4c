"""The view of the C-arm, and outlines: the patient in cm (x to the picture's right, y down, z to the detector, origin at the coeliac
trunk), the source picture in pixels of 1021 x 788, the grid in pixels of 256 x 256."""

from dataclasses import dataclass

import cv2
import numpy as np

GRID = 256
SOURCE = np.array([1021.0, 788.0])
TO_GRID = GRID / SOURCE
X, Y = np.meshgrid((np.arange(GRID) + 0.5) / TO_GRID[0], (np.arange(GRID) + 0.5) / TO_GRID[1])


@dataclass
class View:
    cm: float  # cm of the patient per source pixel
    roll: float  # turn in the picture plane, radians
    oblique: float  # left or right anterior oblique angle, radians
    offset: np.ndarray  # where the origin lies, source pixels

    def project(self, points):
        """[..., 3] cm -> [..., 2] source pixels."""
        x = points[..., 0] * np.cos(self.oblique) + points[..., 2] * np.sin(self.oblique)
        y = points[..., 1]
        c, s = np.cos(self.roll), np.sin(self.roll)
        return np.stack([c * x - s * y, s * x + c * y], -1) / self.cm + self.offset

    def plane(self, depth=0.0, step=1):
        """The x and y in cm that the grid's pixels (each step-th) show at that depth."""
        u, v = (X[::step, ::step] - self.offset[0]) * self.cm, (Y[::step, ::step] - self.offset[1]) * self.cm
        c, s = np.cos(self.roll), np.sin(self.roll)
        return ((c * u + s * v) - depth * np.sin(self.oblique)) / np.cos(self.oblique), c * v - s * u


def choose_view(rng, outline):
    """A view of the liver's outline (cm): whole in most, partly out of the picture in some."""
    view = View(
        cm=rng.uniform(0.0235, 0.035),
        roll=rng.normal(0, 0.06),
        oblique=rng.normal(0, 0.12) if rng.random() < 0.7 else rng.uniform(-0.6, 0.6),
        offset=np.zeros(2),
    )
    shape = view.project(np.column_stack([outline, np.zeros(len(outline))]))
    low, high = shape.min(0), shape.max(0)
    loose = rng.normal(0, 0.09 if rng.random() < 0.8 else 0.16, 2) * SOURCE
    view.offset = SOURCE * [0.48, 0.5] - (low + high) / 2 + loose
    return view


def star(rng, roughness=0.25, corners=None):
    """The radius by angle of a star-convex shape of mean radius 1: a Fourier border, or a polygon of random corners."""
    angle = np.linspace(0, 2 * np.pi, 181)
    if corners:
        at = np.sort(rng.uniform(0, 2 * np.pi, corners))
        far = np.exp(rng.normal(0, roughness, corners))
        radius = np.interp(angle, at, far, period=2 * np.pi)
    else:
        order = np.arange(2, 10)
        size = rng.normal(0, 1, 8) * roughness / order**1.1
        radius = 1 + (size[:, None] * np.cos(order[:, None] * angle + rng.uniform(0, 2 * np.pi, (8, 1)))).sum(0)
    radius = np.maximum(radius, 0.25)
    return radius / np.sqrt((radius[:-1] ** 2).mean())


def star_level(dx, dy, radius):
    """0 in the centre, 1 on the border of a star (radius by angle) about the origin."""
    angle = np.mod(np.arctan2(dy, dx), 2 * np.pi)
    return np.hypot(dx, dy) / np.interp(angle.ravel(), np.linspace(0, 2 * np.pi, 181), radius).reshape(angle.shape)


def blur(image, pixels):
    """Gaussian blur, sigma in grid pixels; wide ones on a smaller picture."""
    if pixels < 0.2:
        return image
    if pixels < 6:
        return cv2.GaussianBlur(image, (0, 0), pixels)
    small = max(16, int(GRID * 3 / pixels))
    out = cv2.GaussianBlur(cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA), (0, 0), pixels * small / GRID)
    return cv2.resize(out, image.shape[::-1], interpolation=cv2.INTER_CUBIC)


def clouds(rng, pixels, size=GRID):
    """Smooth noise of mean 0 and deviation 1, structures about that many grid pixels wide."""
    small = max(4, int(np.ceil(size / pixels)) + 3)
    noise = cv2.resize(rng.standard_normal((small, small), dtype=np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    return (noise - noise.mean()) / (noise.std() + 1e-6)
