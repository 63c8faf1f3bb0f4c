"""The arteries of the liver with their variants, its neighbours' and the tumours', and its veins."""

import numpy as np

from .vessels import Tree, fork, one, walk


def grow_arteries(rng, seeds, wedges, segment_of, share, trunks, duodenal, tip, winding):
    """The arterial tree. tip: the site of the catheter's tip. Returns tree, the nodes that feeders may leave from [n, 5] (x, y, z,
    time, share), and the catheter's end [3].
    """
    tree, base = Tree(), rng.normal(0, 0.25, 3)
    hilum = np.array([-3.5, -0.8, 1.5]) + rng.normal(0, 0.7, 3)
    stem = np.array([-2, 0.4, 1.0]) + rng.normal(0, 0.5, 3)
    size = rng.uniform(0.75, 1.3)
    full = lambda *sites: 1.0 if tip in sites else 0.0
    trunk = walk(rng, one(base), one([-0.7, -0.3, 0.5]), one(stem), 14, 0.12 * winding, 0.12 * winding)
    proper = walk(rng, one(stem), one([-0.7, -0.6, 0]), one(hilum), 12, 0.12 * winding, 0.1 * winding)
    speed = one(rng.uniform(14, 30))
    r, t = tree.add(trunk, one(0.3 * size), one(0.24 * size), one(0.0), one(full("coeliac", "common")), speed)
    late = t[0, -1] if tip in ("coeliac", "common") else 0.0
    r, t = tree.add(proper, one(0.23 * size), one(0.19 * size), one(late), one(full("coeliac", "common", "proper")), speed)
    late = t[0, -1] if tip in ("coeliac", "common", "proper") else 0.0
    side = lambda x, y, z: hilum + np.array([x, y, z]) + rng.normal(0, 0.5, 3)
    forks = {True: side(-2.8, -1.2, 0), False: side(2.2, -2, 0.5)}
    segments = len(seeds)
    is_right = np.isin(np.arange(segments), (0, 1, 2, 3))
    aside = np.array([[-1, -0.4, 0], [0.7, -0.4, 0]])
    mains = walk(rng, np.stack([hilum] * 2), aside, np.stack([forks[True], forks[False]]), 10, 0.3 * winding, 0.15 * winding * np.ones(2))
    strong = np.array([share[:4].max(), share[4:8].max()])
    if tip == "segment":
        strong *= 0.3
    mr, mt = tree.add(mains, np.full(2, 0.17 * size), np.full(2, 0.13 * size), np.full(2, late), strong, np.full(2, 16.0))
    which = np.where(is_right, 0, 1)
    at = rng.integers(6, 10, segments)
    begin, when = mains[which, at], mt[which, at] * (tip != "segment")
    head = (seeds - begin) / np.linalg.norm(seeds - begin, axis=1, keepdims=True)
    main = walk(rng, begin, head + rng.normal(0, 0.5, head.shape), seeds, 14, 0.3 * winding, 0.18 * winding * rng.uniform(0, 1.5, segments))
    wide = 0.115 * size * rng.uniform(0.7, 1.2, segments)
    sr, st = tree.add(main, wide, np.full(segments, 0.06 * size), when, share, np.full(segments, 10.0))
    # one branch per wedge, then twigs
    place = rng.integers(5, 14, len(wedges))
    begin = main[segment_of, place]
    head = main[segment_of, place] - main[segment_of, place - 1]
    head /= np.linalg.norm(head, axis=1, keepdims=True) + 1e-6
    curl = 0.1 * winding * rng.uniform(0, 1.5, len(wedges))
    branch = walk(rng, begin, head, wedges + rng.normal(0, 0.5, wedges.shape), 12, 0.35 * winding, curl)
    r0 = sr[segment_of, place] * rng.uniform(0.5, 0.8, len(wedges))
    br, bt = tree.add(branch, r0, np.full(len(wedges), 0.03), st[segment_of, place], share[segment_of], rng.uniform(4, 8, len(wedges)))
    parent, begin, head, r1, t1 = fork(rng, branch, br, bt, int(rng.integers(2, 6)))
    aim = begin + head * rng.uniform(0.5, 2.0, (len(begin), 1)) + rng.normal(0, 0.8, begin.shape)
    twig = walk(rng, begin, head, aim, 7, 0.4 * winding, 0.04 * winding)
    n = len(begin)
    tree.add(twig, r1 * 0.6, np.full(n, 0.013), t1, share[segment_of][parent] * rng.uniform(0.3, 1, n), rng.uniform(2.5, 5, n))
    others(rng, tree, base, stem, hilum, trunks, duodenal, size, winding)
    nodes = np.concatenate([
        np.c_[branch[:, 4:9].reshape(-1, 3), bt[:, 4:9].ravel(), np.repeat(share[segment_of], 5)],
        np.c_[main[:, 6:].reshape(-1, 3), st[:, 6:].ravel(), np.repeat(share, main.shape[1] - 6)],
    ])
    ends = {"coeliac": base, "common": trunk[0, 7], "proper": proper[0, 4], "right": mains[0, 3], "left": mains[1, 3]}
    return tree, nodes, ends.get(tip, main[int(np.argmax(share)), 1]), [trunk[0], proper[0]]


def others(rng, tree, base, stem, hilum, trunks, duodenal, size, winding):
    """Gastroduodenal, splenic, left gastric, phrenic, cystic and right gastric arteries with their twigs."""
    plan = [
        (stem, [-0.2, 1, 0], [-2.5, rng.uniform(4, 7.5), 2], 0.14, duodenal, 0.15),
        (base, [0.8, -0.3, -0.5], [rng.uniform(9, 12), rng.uniform(-6, -2), -3], 0.22, trunks, rng.uniform(0.3, 0.9)),
        (base, [0.3, -1, 0], [rng.uniform(2, 5), rng.uniform(-6, -4), 2], 0.1, trunks, 0.2),
        (base, [-0.5, -1, -0.5], [rng.uniform(-9, -5), rng.uniform(-10, -8), -1], 0.07, trunks * (rng.random() < 0.4), 0.2),
        (hilum, [0.4, 0.6, 0], [rng.uniform(2, 5), rng.uniform(0, 3), 2], 0.05, max(duodenal, trunks) * (rng.random() < 0.5), 0.15),
    ]
    for start, heading, end, radius, share, curl in plan:
        if share < 0.02:
            continue
        path = walk(rng, one(start), one(heading), one(end), 22, 0.3 * winding, one(curl))
        r, t = tree.add(path, one(radius * size), one(radius * 0.5), one(0.05), one(share), one(16.0))
        parent, begin, head, r1, t1 = fork(rng, path, r, t, int(rng.integers(6, 16)), 0.3)
        aim = begin + rng.normal(0, 1.6, begin.shape) + head
        twig = walk(rng, begin, head, aim, 9, 0.4 * winding, 0.06)
        tree.add(twig, r1 * 0.5, np.full(len(begin), 0.012), t1, np.full(len(begin), share), np.full(len(begin), 6.0))


def grow_veins(rng, seeds, root):
    """A venous tree that gathers from the segments at `root` (cm)."""
    tree, n = Tree(), len(seeds)
    heading = rng.normal(0, 0.4, (n, 3)) + [-0.3, 0, 0]
    main = walk(rng, np.repeat(one(root), n, 0), heading, seeds + rng.normal(0, 1, seeds.shape), 14, 0.25, 0.05)
    r, t = tree.add(main, rng.uniform(0.22, 0.4, n), np.full(n, 0.12), np.zeros(n), np.ones(n), np.full(n, 1e6))
    _, begin, head, r1, t1 = fork(rng, main, r, t, 5)
    twig = walk(rng, begin, head, begin + head * 2 + rng.normal(0, 1.4, begin.shape), 9, 0.3, 0.03)
    tree.add(twig, r1 * 0.6, np.full(len(begin), 0.05), t1, np.full(len(begin), 0.8), np.full(len(begin), 1e6))
    return tree


def feed(rng, view, tree, nodes, shape, poor):
    """Arteries that run to a tumour and vessels in it. Returns when blood gets there, seconds."""
    spot = nodes[:, :3]
    places = view.project(spot)
    radius = shape.radius
    far = np.hypot(*(places - shape.centre).T) + 400 * (nodes[:, 4] < 0.3)
    order = np.argsort(far + 3 * radius * rng.random(len(far)))
    count = int(rng.integers(1, 3 + int(radius > 40))) if not poor else int(rng.random() < 0.4)
    centre = spot[order[0]].copy()
    centre[:2] += (shape.centre - places[order[0]]) * view.cm
    time = float(nodes[order[0], 3])
    if not count:
        return time
    start = order[:count]
    size = radius * view.cm
    aim = centre + rng.normal(0, 0.35, (count, 3)) * size
    wide = np.clip(0.02 + 0.035 * size * rng.uniform(0.4, 1.6, count), 0.015, 0.16) * (0.6 if poor else 1)
    share = nodes[start, 4]
    path = walk(rng, spot[start], rng.normal(0, 0.5, (count, 3)), aim, 14, 0.4, rng.uniform(0.02, 0.25, count) * np.minimum(1, 0.4 + size))
    r, t = tree.add(path, wide, wide * 0.6, nodes[start, 3], share, np.full(count, 9.0))
    if not poor and size > 0.25:
        parent, begin, head, r1, t1 = fork(rng, path, r, t, int(rng.integers(2, 4 + 8 * min(size, 2.0))), 0.65)
        target = centre + rng.normal(0, 0.5, (len(parent), 3)) * size
        twig = walk(rng, begin, head, target, 8, 0.7, 0.08 * size)
        n = len(parent)
        tree.add(twig, r1 * rng.uniform(0.25, 0.6), np.full(n, 0.012), t1, share[parent] * rng.uniform(0.2, 0.9, n), np.full(n, 4.0))
    return float(t[:, -1].mean())
