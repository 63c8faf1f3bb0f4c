"""The paper's measures, for masks on the key frame at 256 x 256."""

import numpy as np
from scipy import ndimage

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))
JUST_ABOVE_60 = np.nextafter(60, 61)
SIZES = ((0, 25, "below 25 px"), (25, JUST_ABOVE_60, "25 to 60 px"), (JUST_ABOVE_60, np.inf, "above 60 px"))
SUPPLIES = ((0, "rich in blood"), (1, "poor in blood"), (-1, "unknown"))
EIGHT = np.ones((3, 3), int)


def tumour_pixels(probabilities, threshold, lesion=None):
    """Where a patient's probabilities count as tumour: from the threshold on, and in a region (8-connected) whose mean reaches that of a
    lesion, if any; as src/mask/tumour-pixels.ts.
    """
    found = probabilities >= threshold
    if lesion is None:
        return found
    regions, count = ndimage.label(found, EIGHT)
    means = ndimage.mean(probabilities.astype(np.float64), regions, np.arange(1, count + 1))
    return np.isin(regions, 1 + np.flatnonzero(means >= lesion))


def dice(found, truth):
    """1 when both are empty."""
    size = int(found.sum()) + int(truth.sum())
    return 2 * int((found & truth).sum()) / size if size else 1.0


def mask_measures(found, truth):
    """Dice, recall, specificity, PPV, NPV of one patient.

    Where nothing could be counted: recall is 1 without tumour, specificity 1 without background; PPV with nothing found is 1 without
    tumour, else 0; NPV with everything found is 1 without background, else 0.
    """
    tp, fp = int((found & truth).sum()), int((found & ~truth).sum())
    fn, tn = int((~found & truth).sum()), int((~found & ~truth).sum())
    ratio = lambda part, whole, otherwise: part / whole if whole else float(otherwise)
    return {
        "dice": dice(found, truth),
        "recall": ratio(tp, tp + fn, True),
        "specificity": ratio(tn, tn + fp, True),
        "ppv": ratio(tp, tp + fp, tp + fn == 0),
        "npv": ratio(tn, tn + fn, tn + fp == 0),
    }


def lesion_dice(found, lesions, count):
    """For each lesion (n + 1 in the map `lesions`) the Dice of the 8-connected predicted components that share a
    pixel with it, without the pixels of other lesions. A lesion without a pixel counts 0.
    """
    components, _ = ndimage.label(found, EIGHT)
    scores = []
    for number in range(1, count + 1):
        own = lesions == number
        touched = np.unique(components[own & found])
        part = np.isin(components, touched) & found & ((lesions == 0) | own)
        scores.append(dice(part, own) if own.any() else 0.0)
    return scores


def best_threshold(probabilities, truths):
    """The threshold of 0.05, 0.10 .. 0.95 with the best mean Dice, the lowest on ties, and that Dice."""
    means = {threshold: float(np.mean([dice(p >= threshold, q) for p, q in zip(probabilities, truths)])) for threshold in THRESHOLDS}
    best = max(means, key=means.get)
    return best, means[best]


def interval(values, rounds=1000):
    """95 % percentile bootstrap interval of the mean over patients."""
    values = np.asarray(values, float)
    draws = np.random.default_rng(1).integers(0, len(values), (rounds, len(values)))
    return [round(float(bound), 4) for bound in np.percentile(values[draws].mean(1), [2.5, 97.5])]


def best_grey_dice(image, truth, liver):
    """The Dice of the best single grey threshold inside the true liver, chosen per patient, with tumour on either
    side (uint8 image).
    """
    inside = np.bincount(image[liver], minlength=256)
    hit = np.bincount(image[liver & truth], minlength=256)
    scores = []
    for step in (1, -1):
        shared, found = hit[::step].cumsum(), inside[::step].cumsum()
        scores.append((2 * shared / np.maximum(1, found + truth.sum())).max())
    return float(max(scores)) if truth.any() else 1.0


def lesion_tables(rows):
    """rows of {diameter, poor, dice} -> by size and by blood supply: name, lesions, mean Dice, share detected (Dice
    above 0).
    """
    groups = [("size", name, [row for row in rows if low <= row["diameter"] < high]) for low, high, name in SIZES]
    groups += [("supply", name, [row for row in rows if row["poor"] == supply]) for supply, name in SUPPLIES]
    return [
        {
            "by": by,
            "name": name,
            "lesions": len(group),
            "dice": rounded(row["dice"] for row in group),
            "found": rounded(row["dice"] > 0 for row in group),
        }
        for by, name, group in groups
        if group
    ]


def rounded(values):
    return round(float(np.mean(list(values))), 4)
