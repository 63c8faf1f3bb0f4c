"""One patient: grows the anatomy and the vessels, injects, and takes the pictures."""

import cv2
import numpy as np

from . import anatomy, flow, picture, stain, tumours
from .fields import SIZE, to_canvas
from .vessels import arteries, catheter_tip, descends, veins


def simulate(seed):
    """See growth.patient."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng([seed, 0x960])
    look = anatomy.view(rng)
    liver = anatomy.liver(rng, look)
    organs = anatomy.organs(rng, look)
    lesions = tumours.place(rng, liver, look)
    for lesion in lesions:
        tumours.build(rng, lesion, liver)
        liver.mask |= lesion.mask
    tree, stops = arteries(rng, look, liver, organs, lesions)

    number, rate = int(rng.integers(20, 31)), rng.choice([2, 3, 4, 6, 7.5], p=[0.3, 0.3, 0.2, 0.1, 0.1])
    times = np.arange(number) / rate
    tempo = rng.uniform(0.7, 1.3) * float(np.clip(times[-1] / 8, 0.3, 1.2))
    bolus = flow.Bolus(rng, times, rng.uniform(2, 5) / rate, tempo)
    kind, tip = catheter_tip(rng, tree, stops, lesions)
    reflux = rng.uniform(0, 0.12) * (rng.random() < 0.5)
    supplied = np.maximum(descends(tree, tip).astype(float), reflux * (tree.group == 0))
    tree.delay = np.maximum(0, tree.delay - tree.delay[tip]) * tempo
    layers, courses = [], []

    def put(layer, course):
        layers.append(np.asarray(layer, np.float32))
        courses.append(course)

    widest = 2 * tree.radius[tree.group == 0].max()
    edges = np.quantile(tree.delay[supplied > 0.01], [0, 0.15, 0.4, 0.65, 0.9, 1]) + 1e-6 * np.arange(6)
    order = rng.uniform(1.5, 5)
    artery = rng.uniform(0.6, 1.0) / widest
    for ink, delay in zip(tree.draw(supplied, edges), edges):
        put(ink * artery, bolus.arterial(delay + 0.1, order))

    peak = np.exp(rng.uniform(np.log(0.1), np.log(0.38)))
    gain, delay = stain.territories(rng, tree, liver, supplied, tempo)
    tissue = peak * gain * stain.texture(rng) * liver.depth / (np.percentile(liver.depth[liver.mask], 80) + 1e-6)
    early, late = np.percentile(delay[liver.mask], [5, 95])
    share = np.clip((delay - early) / (late - early + 1e-3), 0, 1)
    filling, washout = tempo * rng.uniform(1.5, 4), tempo * rng.uniform(4, 14)
    slow = [bolus.stain(when + tempo * 0.5, filling, washout) for when in (early, late)]
    put(tissue * (1 - share), slow[0])
    put(tissue * share, slow[1])

    def local(field, at):
        return float(field[tuple(np.clip(np.round(to_canvas(*at[:2])[::-1]).astype(int), 0, SIZE - 1))])

    blush = max(0.16, peak) * rng.uniform(0.6, 1.6)
    for lesion in lesions:
        here, when = np.clip(local(gain, lesion.centre), 0.2, 1.5), local(delay, lesion.centre)
        base = slow[0] if when < 0.5 * (early + late) else slow[1]
        drop = np.minimum(peak * here, np.maximum(tissue, 0))
        for layer, course in tumours.stains(rng, lesion, bolus, when * 0.6, blush * here / peak, base):
            put(layer * (drop if layer.min() < 0 else peak), course)
        if not lesion.poor and rng.random() < 0.25:
            put(tumours.lake(rng, lesion) * blush * here, bolus.stain(when, 0.6, 9))
    for shape, strength, at in stain.patches(rng, liver, tree, supplied):
        if strength < 0:
            put(0.8 * strength * shape * np.maximum(tissue, 0), 0.5 * (slow[0] + slow[1]))
            continue
        here, when = np.clip(local(gain, at), 0, 1.3), local(delay, at) + tempo * rng.uniform(0, 2.5)
        course = bolus.stain(when, tempo * rng.uniform(0.6, 4), tempo * np.exp(rng.uniform(0.4, 2.6)))
        put(shape * strength * blush * here, course)
    chance = {"coeliac": 0.9, "common": 0.35, "proper": 0.15, "lobe": 0.05, "branch": 0.03}[kind]
    for organ in organs:
        likely = {"spleen": chance if kind == "coeliac" else 0, "kidney": 0.08, "gallbladder": 0.5, "colon": 0.1}.get(organ.kind, chance)
        if rng.random() < likely:
            amount = peak * rng.uniform(0.2, 1.3)
            put(organ.stain * amount, bolus.stain(tempo * rng.uniform(0.3, 1.8), tempo * rng.uniform(0.8, 3), tempo * rng.uniform(3, 12)))
    if rng.random() < 0.4:
        vein = veins(rng, liver, liver.hilum)
        when = tempo * rng.uniform(3, 7)
        put(vein * rng.uniform(0.1, 0.5) * peak / 8 * np.clip(gain, 0, 1.2), bolus.stain(when, tempo * 3, tempo * 8))

    maps, courses = np.stack(layers), np.stack(courses, 1).astype(np.float32)
    still = (courses @ maps.reshape(len(maps), -1)).reshape(number, SIZE, SIZE)
    labels = np.zeros((SIZE, SIZE), np.uint8)
    for m, lesion in enumerate(lesions):
        labels[lesion.mask] = m + 1
    foot = tree.position[0] + (30 * look.scale, 0, 0)
    route = [tip]
    while tree.parent[route[-1]] >= 0:
        route.append(tree.parent[route[-1]])
    aorta = [foot, foot + (20, 60, 0), foot + (rng.uniform(-10, 40), 200, 0), foot + (rng.uniform(-40, 80), 600, 0)]
    route = np.concatenate([tree.position[route], aorta])
    tube = picture.catheter(rng, route[:, :2])
    return exposed(rng, liver, organs, lesions, still, labels, times, tube, look)


def exposed(rng, liver, organs, lesions, still, labels, times, tube, look):
    """Moves contrast and truth with the breath, adds misregistered anatomy, and develops the frames."""
    move, body = picture.breath(rng, times)
    bones, soft = picture.skeleton(rng, look), picture.soft_anatomy(rng, liver, organs)
    cut = picture.CUT
    fade = (1 - rng.uniform(0.1, 0.6) * np.clip(picture.Y[cut, cut] / 788, 0, 1)).astype(np.float32)
    sway, ribs = rng.uniform(-0.25, 0.25), rng.uniform(0.0, 0.2)
    bony, soft = bones * rng.uniform(0.05, 0.3), soft * rng.uniform(0.05, 0.45)
    whip = rng.normal(0, rng.uniform(0, 4), (len(times), 2)) * (still.max((1, 2)) > 0.3)[:, None] + 0.3 * np.outer(move, (0, 1))
    density, lesion_masks, liver_masks = [], [], []
    code = labels + 64 * liver.mask.astype(np.uint8)
    flags = (cv2.INTER_LINEAR, cv2.INTER_NEAREST)
    for n in range(len(times)):
        along = np.float32(move[n]) * fade
        dx, dy = np.float32(sway) * along + np.float32(body[n, 0]), along + np.float32(body[n, 1])
        moved, truth = picture.displaced((still[n] + soft, code), dx, dy, flags)
        moved += picture.shifted(bony, body[n, 0], body[n, 1] + ribs * move[n]) + picture.shifted(tube, *(body[n] + whip[n]))
        density.append(moved - (soft + bony + tube)[cut, cut])
        lesion_masks.append(truth & 63)
        liver_masks.append(truth >> 6)
    attenuation = (soft + bones)[cut, cut]
    return {
        "frames": picture.developed(rng, np.stack(density), attenuation),
        "lesions": np.stack(lesion_masks),
        "liver": np.stack(liver_masks),
        "diameters": np.array([lesion.diameter for lesion in lesions], np.float32),
        "poor": np.array([lesion.poor for lesion in lesions], np.int8),
    }
