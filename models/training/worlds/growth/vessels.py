"""Which vessels grow: the coeliac artery with its branches, portal or hepatic veins, and where the catheter lies."""

import numpy as np

from .fields import MARGIN, SIZE, STEP_X, STEP_Y
from .tree import TRUNK, Tree

GROUPS = {"spleen": 1, "stomach": 2, "duodenum": 3}
TIPS = ("coeliac", "common", "proper", "lobe", "branch")


def scattered(rng, weight, number, depth):
    """Random points [number, 3] in a body, by its thickness on the canvas."""
    total = weight.sum()
    if total <= 0:
        return np.zeros((0, 3))
    spots = rng.choice(weight.size, number, p=(weight / total).ravel())
    x = (spots % SIZE - MARGIN + rng.random(number)) * STEP_X
    y = (spots // SIZE - MARGIN + rng.random(number)) * STEP_Y
    return np.stack([x, y, rng.uniform(-0.5, 0.5, number) * depth.ravel()[spots]], 1)


def arteries(rng, look, liver, organs, lesions):
    """The coeliac tree; returns it with the nodes where a catheter may lie."""
    s = look.scale
    step = 13.0
    tree = Tree()
    origin = np.append(look.at(rng.uniform(560, 620), rng.uniform(430, 520)), 0)
    hilum = np.append(liver.hilum, 0)

    def wiggle(reach):
        return rng.normal(0, reach * s, 3) * (1, 1, 0.3)

    coeliac = tree.path(-1, np.array([origin + (0, 40 * s, 0), origin]), TRUNK, step)
    between = 0.5 * origin + 0.5 * hilum + (0, rng.uniform(-20, 60) * s, 0)
    common = tree.path(coeliac, np.array([between + wiggle(18)]), TRUNK, step)
    start_proper = tree.path(common, np.array([0.6 * hilum + 0.4 * between + wiggle(15)]), TRUNK, step)
    proper = tree.path(start_proper, np.array([hilum]), TRUNK, step)
    lobes = []
    for centre in liver.lobes:
        way = np.append(centre, 0) - hilum
        inside = hilum + rng.uniform(0.3, 0.6) * way + wiggle(20) + (0, 20 * s, 0)
        first = len(tree.parent)
        tree.path(proper, np.array([hilum + 0.4 * (inside - hilum) + wiggle(14), inside]), 0, step)
        lobes.append(first)
    points, groups = [scattered(rng, liver.depth * liver.mask, int(rng.integers(350, 750)), liver.depth)], []
    for lesion in lesions:
        gap = np.linalg.norm(points[0] - lesion.centre, axis=1)
        if lesion.poor:
            points[0] = points[0][gap > 0.5 * lesion.diameter]
        else:
            extra = int(np.clip(lesion.diameter * rng.uniform(0.1, 0.7), 1, 70))
            shell = rng.normal(0, 1, (extra, 3))
            shell *= 0.5 * lesion.diameter * rng.random((extra, 1)) ** 0.5 / np.linalg.norm(shell, axis=1, keepdims=True)
            points.append(shell + lesion.centre)
    groups.append(np.zeros(sum(map(len, points)), int))
    by_kind = {organ.kind: organ for organ in organs}
    bodies = {"spleen": (90, 25), "stomach": (70, 25), "duodenum": (60, 30)}
    for kind, (number, sway) in bodies.items():
        target = np.append(by_kind[kind].centre, 0)
        if kind == "duodenum":
            base, via = common, [tree.position[common] + (rng.uniform(-30, 10) * s, 70 * s, 0)]
        else:
            base = coeliac
            via = [0.65 * origin + 0.35 * target + wiggle(sway), 0.35 * origin + 0.65 * target + wiggle(sway)]
            if kind == "stomach":
                via = via[:1] + [0.6 * target + 0.4 * origin + (0, -60 * s, 0)]
        tree.path(base, np.array(via), GROUPS[kind], step)
        weight = (by_kind[kind].rho < 1).astype(np.float32)
        points.append(scattered(rng, weight, number, weight * 60))
        groups.append(np.full(len(points[-1]), GROUPS[kind]))
    tree.grow(rng, np.concatenate(points), np.concatenate(groups), step, rng.uniform(90, 200) * s)

    enlarged = [(lesion.centre, lesion.diameter, rng.uniform(1, 4)) for lesion in lesions if not lesion.poor]

    def weight(position):
        out = np.full(len(position), 1.0)
        for centre, size, more in enlarged:
            out += more * (np.linalg.norm(position - centre, axis=1) < 0.6 * size)
        return out

    tree.finish(rng, s * rng.uniform(0.75, 1.15), rng.uniform(2.5, 3.1), rng.uniform(0.2, 1.6), rng.uniform(0.35, 1.1), weight)
    return tree, {"coeliac": 0, "common": coeliac + 1, "proper": start_proper, "lobes": lobes}


def catheter_tip(rng, tree, stops, lesions):
    """Where the contrast enters: the kind and the node. Selective catheters go where the tumours are."""
    kind = rng.choice(TIPS, p=[0.2, 0.3, 0.25, 0.15, 0.1])
    if kind in ("coeliac", "common", "proper"):
        return kind, int(stops[kind])

    def near(node):
        below = np.flatnonzero(descends(tree, node) & tree.leaf)
        return sum(np.linalg.norm(tree.position[below] - t.centre, axis=1).min() < 0.5 * t.diameter + 20 for t in lesions if len(below))

    choices = list(stops["lobes"])
    if kind == "branch":
        total = tree.flow[tree.group == 0].max()
        big = np.flatnonzero((tree.group == 0) & (tree.flow > 0.15 * total) & (tree.flow < 0.5 * total))
        choices = list(rng.choice(big, min(8, len(big)), replace=False)) or choices
    scores = [near(node) + rng.uniform(0, 0.9) for node in choices]
    return kind, int(choices[int(np.argmax(scores))])


def descends(tree, node):
    mark = np.arange(len(tree.flow)) == node
    return tree.inherit(mark, mark)


def veins(rng, liver, hilum):
    """Portal or hepatic veins: a coarser tree with a wide trunk."""
    tree = Tree()
    portal = rng.random() < 0.7
    root = np.append(hilum, 0) + ((70, 90, 0) if portal else (40, -260, 0))
    fork = np.append(hilum, 0) - (0, 0 if portal else 120, 0)
    tree.path(-1, np.array([root, 0.5 * (root + fork), fork]), 0, 18.0)
    tree.grow(rng, scattered(rng, liver.depth * liver.mask, 90, liver.depth), np.zeros(90, int), 18.0, 170.0, 60)
    tree.finish(rng, rng.uniform(1.8, 2.8), 3.0, 0.4, 1.0)
    return tree.draw(np.ones(len(tree.flow)), np.array([0.0, 99.0])).sum(0)
