"""Organs beside, before and behind the liver that take contrast medium."""

import numpy as np

from .tumours import HEALTHY, Shape, stain
from .view import GRID, star

PLACES = {  # cm: centre, mean radius; share of the blood by (splenic and gastric trunks, gastroduodenal, hepatic)
    "stomach": ((6.5, -3.5), 4.5, (0.7, 0.25, 0.05)),
    "spleen": ((12.5, -6), 4.8, (1.0, 0, 0)),
    "pancreas": ((-1.5, 3.5), 2.6, (0.5, 0.7, 0)),
    "duodenum": ((-4.0, 4.5), 2.0, (0.1, 0.8, 0.05)),
    "gallbladder": ((-7, 3.8), 1.9, (0.2, 0.5, 0.6)),
    "bowel": ((3, 8), 2.5, (0.1, 0.3, 0)),
    "kidney": ((-6.5, 6), 3.8, (0.05, 0, 0)),
}


def choose_organs(rng, view, trunks, duodenal, hepatic):
    """Compartments (map, flow, transit, layer, delay, leak): hollow organs stain at their wall, solid ones throughout."""
    out = []
    for name, (centre, radius, shares) in PLACES.items():
        share = shares[0] * trunks + shares[1] * duodenal + shares[2] * hepatic * (rng.random() < 0.5)
        if share < 0.03 or rng.random() < 0.2:
            continue
        at = view.project(np.array([*(centre + rng.normal(0, 1, 2)), 0.0]))
        rough = 0.12 if name == "spleen" else rng.uniform(0.05, 0.3)
        stars = [(0, 0, 1.0, star(rng, rough)), (*rng.normal(0, 0.4, 2), 0.7, star(rng, rough))]
        shape = Shape(at, radius * rng.uniform(0.8, 1.2) / view.cm, stars)
        hollow = name in ("stomach", "duodenum", "gallbladder", "bowel")
        wall = 0.1 if name == "gallbladder" else rng.uniform(0.1, 0.3)
        body, edge = stain(rng, shape, np.full((GRID, GRID), 6.0), view.cm, rng.uniform(0.06, 0.5), 0, rng.uniform(0.1, 0.3), wall)
        rate = HEALTHY * share * np.exp(rng.normal(0, 0.4)) * {"spleen": 2, "kidney": 3, "pancreas": 2.5}.get(name, 1.6)
        stay, delay = rng.uniform(4, 12), rng.uniform(0.3, 1.5)
        if hollow:
            out.append((edge * 0.6, rate, stay, 6, delay, 0))
            out.append((body * 0.15, rate, stay, 6, delay, 0))
        else:
            out.append((body * 0.7, rate, stay, 6, delay, 0))
    return out
