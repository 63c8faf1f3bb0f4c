"""Liver and neighbours: superellipses in the picture plane, warped by smooth displacements, with a thickness along the beam."""

import math
from dataclasses import dataclass

import numpy as np

from .fields import X, Y, blurred, enlarge, fractal, smoothstep


@dataclass
class View:
    """Where the C-arm looks: a point of the patient (x, y) lands on centre + scale * (x, y)."""

    scale: float
    shift: np.ndarray

    def at(self, x, y):
        return np.array([510 + self.scale * (x - 510), 394 + self.scale * (y - 394)]) + self.shift


def view(rng):
    partly_out = rng.random() < 0.25
    reach = (170, 120) if partly_out else (60, 40)
    return View(rng.uniform(0.8, 1.2), rng.uniform(-1, 1, 2) * reach)


def radius(centre, axes, angle, power, warp):
    """Superellipse radius on the canvas: below 1 inside. The warp displaces (x, y), source pixels. Computed at half resolution."""
    cos, sin = math.cos(angle), math.sin(angle)
    dx, dy = (full[::2, ::2] + half - float(at) for full, half, at in zip((X, Y), warp, centre))
    u = (cos * dx + sin * dy) / float(axes[0])
    v = (cos * dy - sin * dx) / float(axes[1])
    return enlarge((np.abs(u) ** power + np.abs(v) ** power) ** (1 / power))


def warp(rng, amount):
    """A smooth displacement, x and y, at half resolution; amount in source pixels."""
    return amount * fractal(rng, 2.4, 500, whole=False), amount * fractal(rng, 2.4, 500, whole=False)


def thickness(rho, depth, bluntness):
    """Thickness along the beam of a body with superellipse radius rho."""
    return depth * np.clip(1 - rho, 0, 1) ** bluntness


@dataclass
class Liver:
    mask: np.ndarray  # bool
    depth: np.ndarray  # thickness along the beam, source pixels
    lobes: list  # centres of the right and left lobe, x and y
    hilum: np.ndarray  # where the artery enters, x and y


def liver(rng, look):
    """Right lobe and left lobe, each of its own size: small right lobes and large left ones are common in cirrhosis."""
    s = look.scale
    bend = warp(rng, rng.uniform(8, 26) * s)
    right = look.at(rng.uniform(260, 350), rng.uniform(330, 430))
    left = look.at(rng.uniform(470, 590), rng.uniform(250, 340))
    size = s * rng.uniform(0.85, 1.1)
    rho_right = radius(right, size * rng.uniform([180, 200], [260, 280]), rng.uniform(-0.5, 0.3), rng.uniform(2, 2.9), bend)
    rho_left = radius(left, size * rng.uniform([150, 70], [260, 150]), rng.uniform(-0.35, 0.35), rng.uniform(1.8, 2.6), bend)
    sharp = rng.uniform(5, 10)
    rho = -np.log(np.exp(-sharp * rho_right) + np.exp(-sharp * rho_left)) / sharp
    nodular = rng.uniform(0, 0.02) * fractal(rng, 1.8, 150)
    rho = rho + nodular
    depth = thickness(rho, s * rng.uniform(300, 420), rng.uniform(0.4, 0.6))
    hilum = 0.5 * (right + left) + s * rng.uniform([-20, 25], [50, 110])
    return Liver(rho < 1, depth.astype(np.float32), [right, left], hilum)


@dataclass
class Organ:
    """An organ that may stain: its map (about 1 at most), where it is, and a kind."""

    kind: str
    stain: np.ndarray
    rho: np.ndarray
    centre: np.ndarray


def organs(rng, look):
    s = look.scale
    found = []

    def body(kind, x, y, low, high, angle, power=2.2, bend=14):
        centre = look.at(rng.uniform(*x), rng.uniform(*y))
        rho = radius(centre, s * rng.uniform(low, high), rng.uniform(*angle), power, warp(rng, bend * s))
        found.append(Organ(kind, thickness(rho, 1.0, 0.5), rho, centre))
        return found[-1]

    body("spleen", (870, 1010), (210, 400), (70, 100), (130, 190), (-0.5, 0.5))
    stomach = body("stomach", (640, 860), (230, 420), (120, 80), (210, 150), (-0.8, 0.8))
    course = math.cos(rng.uniform(0.2, 1.2)) * X + 0.5 * Y + 14 * s * fractal(rng, 2.2, 300)
    folds = 0.5 + 0.5 * np.cos(course * 2 * math.pi / (s * rng.uniform(22, 40)))
    uneven = np.clip(0.6 + 0.5 * fractal(rng, 1.6, 250), 0, 2)
    wall = np.exp(-(((stomach.rho - 0.9) / rng.uniform(0.06, 0.2)) ** 2)) * uneven
    inner = smoothstep((1 - stomach.rho) / 0.3)
    stomach.stain = rng.uniform(0.3, 0.8) * wall + inner * (rng.uniform(0, 0.3) * folds + rng.uniform(0.1, 0.5)) * uneven
    bowel = body("duodenum", (480, 640), (520, 680), (50, 90), (120, 150), (-0.5, 1.2), bend=30)
    bowel.stain = blurred(bowel.stain * np.clip(0.7 + 0.6 * fractal(rng, 1.2, 90), 0, 2), 4)
    kidney = body("kidney", (180, 420), (560, 720), (75, 120), (100, 160), (-0.4, 0.2))
    kidney.stain = smoothstep((1.05 - kidney.rho) / 0.2) * (0.5 + 0.5 * smoothstep((kidney.rho - 0.5) / 0.3))
    gall = body("gallbladder", (330, 480), (470, 600), (35, 60), (60, 100), (-0.7, 0.4), bend=6)
    arc = smoothstep(0.5 + 0.7 * fractal(rng, 2.0, 200))
    gall.stain = 0.8 * arc * np.exp(-(((gall.rho - 0.92) / rng.uniform(0.08, 0.22)) ** 2)) - 0.3 * smoothstep((1 - gall.rho) / 0.4)
    colon = body("colon", (560, 900), (560, 760), (120, 40), (260, 80), (-0.4, 0.4), bend=40)
    colon.stain = blurred((np.abs(colon.rho - 0.9) < 0.2) * np.clip(0.5 + 0.5 * fractal(rng, 1.0, 80), 0, 2), 5)
    return found
