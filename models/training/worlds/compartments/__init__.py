"""Runs of hepatic angiography, simulated as raw exposures of a body whose territories are compartments of blood."""

import cv2
import numpy as np

from . import arteries, exposure, flow, liver, shadows, tumours, vessels
from .organs import choose_organs
from .view import GRID, blur, choose_view, clouds

cv2.setNumThreads(1)


def patient(seed):
    """One patient's run: frames, lesions, liver uint8 [n, 256, 256], diameters float32 [m], poor int8 [m]."""
    rng = np.random.default_rng(seed)
    outline, seeds, cirrhotic = liver.choose_outline(rng)
    view = choose_view(rng, outline)
    unevenness = rng.uniform(0.3, 1.6)
    mask, thick = liver.thickness(rng, view, outline)
    cells, wedges, segment_of = liver.territories(rng, view, thick, seeds, unevenness)
    injection = flow.inject(rng)
    share, trunks, duodenal = flow.supply(rng, injection.site, len(seeds), liver.RIGHT, liver.LEFT)
    fed = np.tensordot(np.repeat(share, liver.CLASSES).astype(np.float32), cells, 1) / np.maximum(thick, 0.5)
    fed = np.minimum(fed, 1) * mask

    winding = rng.uniform(0.4, 1.6)
    tree, nodes, tip, ways = arteries.grow_arteries(rng, seeds, wedges, segment_of, share, trunks, duodenal, injection.site, winding)
    shapes, poor = tumours.choose_tumours(rng, mask, fed**2)
    labels = tumours.outlines(shapes, mask)

    body = Body(rng, view, injection)
    arrive = arrivals(nodes, wedges, segment_of, len(seeds), injection)
    left = parenchyma(rng, body, cells, share, arrive, mask, thick, shapes, poor, unevenness, cirrhotic, view, fed, nodes, tree)
    for organ in choose_organs(rng, view, trunks, duodenal, fed.max()):
        body.add(*organ)
    maps = [*vessels.draw(view, tree, injection.gap)]
    curves = [*flow.arterial_curves(injection).T]
    tissue, drained = body.fill()
    maps += body.maps
    curves += [*tissue.T]
    late = drained[:, :left].mean(1)
    portal = rng.uniform(0, 7) * (trunks > 0.3) + rng.uniform(0, 2) * (rng.random() < 0.2)  # by the spleen, or by a shunt
    for root, size in (((-4, -9.5, -2), rng.uniform(0, 5)), ((-3, 1.5, 0), portal)):
        if size > 0.8 and late.max() > 0:
            vein = arteries.grow_veins(rng, seeds, root)
            maps.append(vessels.draw(view, vein, 1e9, 1)[0])
            curves.append(late * size)
    catheter_line = shadows.catheter(rng, tip, np.vstack(ways)[::6] if injection.site not in ("coeliac",) else [])
    wire = np.zeros((GRID, GRID), np.float32)
    shadows.stroke(wire, view.project(catheter_line), max(1, 0.14 / view.cm * 0.28), 1.0)
    wire = blur(wire, 0.5)
    maps.append(wire * 0.1)
    curves.append(injection.arteries[np.clip(np.round(injection.times / flow.STEP).astype(int), 0, len(injection.arteries) - 1), 0] * 1.3)
    contrast = 0.007 * np.tensordot(np.stack(curves, 1).astype(np.float32), np.stack(maps).astype(np.float32), 1)  # 7 cm2/g at 60 keV
    frames, lesions, livers = film(rng, view, injection, contrast, labels, mask, wire)
    diameters = np.array([2 * shape.radius for shape in shapes], np.float32)
    return {"frames": frames, "lesions": lesions, "liver": livers, "diameters": diameters, "poor": poor}


class Body:
    """Compartments with their maps."""

    def __init__(self, rng, view, injection):
        self.rng, self.view, self.injection = rng, view, injection
        self.maps, self.rows = [], []

    def add(self, image, rate, transit, layer, delay, leak):
        if np.abs(image).max() > 0 and rate != 0:
            self.maps.append(image)
            self.rows.append((rate, transit, layer, delay, leak))

    def fill(self):
        return flow.fill(self.injection, flow.Tissues(*np.array(self.rows, float).T))


def arrivals(nodes, wedges, segment_of, segments, injection):
    """Per segment: seconds from the tip to its tissue."""
    times = nodes[: len(wedges) * 5, 3].reshape(len(wedges), 5)[:, -1]
    mean = np.bincount(segment_of, times, segments) / np.maximum(np.bincount(segment_of, minlength=segments), 1)
    return np.maximum(mean, 0)


def parenchyma(rng, body, cells, share, arrive, mask, thick, shapes, poor, unevenness, cirrhotic, view, fed, nodes, tree):
    """Healthy liver, its uneven stains, and the tumours in its place. Returns how many compartments are healthy liver."""
    gap = body.injection.gap
    layer = lambda seconds: min(int(seconds / gap), flow.LAYERS - 1)
    bodies = []
    space = np.zeros_like(thick)
    for shape, is_poor in zip(shapes, poor):
        (soft, hollow, patchy, rim), core, border = tumours.tumour_tissue(rng, is_poor)
        inner, edge = tumours.stain(rng, shape, thick, view.cm, soft, hollow, patchy, rim)
        whole, _ = tumours.stain(rng, shape, thick, view.cm, soft, 0, 0)
        whole *= 1.3 if is_poor else 1
        space = np.maximum(space, whole)
        column, row = (shape.centre * [GRID / 1021, GRID / 788]).astype(int)
        local = max(fed[row, column], 0.02)
        bodies.append((inner, edge, core, border, local, shape, is_poor))
    grain = liver.lobules(rng, cirrhotic) * np.clip(1 - space / np.maximum(thick, 0.3), 0.05, 1)
    liver_flow = tumours.HEALTHY * np.exp(rng.normal(0, 0.35))
    transit = rng.uniform(6, 18)
    count = 0
    for segment in range(len(share)):
        rate = liver_flow * share[segment] * np.exp(rng.normal(0, 0.22 * unevenness))
        late = rng.uniform(0.2, 1.2)
        for kind, (more, slower) in enumerate(((rng.uniform(1.2, 2.2), -0.2), (1.0, 0.0), (rng.uniform(0.4, 0.9), rng.uniform(0.3, 1.8)))):
            stay = transit * rng.uniform(0.7, 1.3)
            body.add(cells[segment * liver.CLASSES + kind] * grain, rate * more, stay, layer(arrive[segment]), late + slower, 0)
    count = len(body.rows)
    for image, rate, stay, delay, leak in tumours.lookalikes(rng, mask, fed, thick, view.cm, unevenness):
        body.add(image * fed, rate * liver_flow / tumours.HEALTHY, stay, layer(float(arrive.mean())), delay, leak)
    for inner, edge, core, border, local, shape, is_poor in bodies:
        time = arteries.feed(rng, view, tree, nodes, shape, is_poor) if local > 0.2 else 0.5
        body.add(inner * mask, core[0] * local, core[1], layer(time), rng.uniform(0, 0.6) + 0.8 * is_poor, core[2])
        body.add(edge * mask, border[0] * local, border[1], layer(time), rng.uniform(0, 1.2), border[2])
    return count


def film(rng, view, injection, contrast, labels, mask, wire):
    """The exposures, the mask's among them, and the subtracted pictures with the truth that moves along."""
    masks = int(rng.integers(1, 4))
    step = injection.times[1]
    stained = contrast[len(contrast) // 2 :, mask]
    peak = float(np.percentile(stained[:, ::7], rng.uniform(93, 99))) if stained.size else 0.2
    times = np.r_[np.arange(-masks, 0) * step, injection.times]
    breath, beat, still, bowel = exposure.motion(rng, times - times[0], view.cm, injection.heart)
    bone = shadows.bones(rng, view) * np.float32(rng.uniform(0.5, 1.2)) + np.float32(0.5) * blur(clouds(rng, 90), 8)
    air = shadows.gas(rng, view, rng.uniform(0, 1.6))
    chest = shadows.lung(rng, view, mask)
    soft = chest + rng.uniform(0.02, 0.1) * blur(mask.astype(np.float32), rng.uniform(1, 4))
    soft += np.float32(0.01) * clouds(rng, 8) + shadows.deposits(rng, mask)
    x, y = view.plane()
    yields = np.float32(np.clip(0.75 - 0.03 * y + 0.1 * np.sin(x / 6), 0.2, 1.1))
    near_heart = np.float32(np.exp(-((x - 3.5) ** 2) / 40 - (y + 9.5) ** 2 / 18))
    device, style = exposure.Detector(rng), exposure.window(rng, peak)
    seen, rays = exposure.blades(rng)
    frames, lesions, livers, reference, previous = [], [], [], 0, None
    for i in range(len(times)):
        down = np.float32(breath[i]) * yields + np.float32(beat[i]) * near_heart + np.float32(still[i, 1])
        side = np.float32(beat[i] * 0.6) * near_heart + np.float32(0.15 * breath[i] + still[i, 0])
        moved = soft if i < masks else soft + contrast[i - masks]
        attenuation = exposure.shift(moved + 0.25 * wire, side, down)
        attenuation += exposure.shift(bone, float(still[i, 0]), float(still[i, 1] + 0.04 * breath[i]))
        attenuation += exposure.shift(air, float(bowel[i, 0] + still[i, 0]), float(bowel[i, 1] + 0.6 * breath[i]))
        seen_log = device.expose(rng, attenuation, rays)
        if i < masks:
            reference = reference + seen_log / masks
            continue
        picture, previous = exposure.show(reference - seen_log, previous, style, seen)
        frames.append(picture)
        lesions.append(exposure.shift(labels, side, down, cv2.INTER_NEAREST))
        livers.append(exposure.shift(mask.astype(np.uint8), side, down, cv2.INTER_NEAREST))
    return np.stack(frames), np.stack(lesions), np.stack(livers)
