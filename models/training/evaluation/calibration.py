"""How far a lesion's confidence, the mean tumour probability inside it, is the share of it that is tumour."""

import numpy as np
from scipy import ndimage, optimize
from scipy.special import expit, logit, xlogy

from evaluation.measures import EIGHT

SMALLEST = 9  # pixels of 256 x 256; smaller regions are no lesions for the program either (src/mask/components.ts)
BINS = 10
TINY = 1e-6


def found_lesions(probabilities, truths, threshold):
    """Each 8-connected region from the threshold on, in all patients: its logits, and the share of its pixels that are tumour."""
    lesions = []
    for probability, truth in zip(probabilities, truths, strict=True):
        regions, count = ndimage.label(probability >= threshold, EIGHT)
        for number in range(1, count + 1):
            inside = regions == number
            if inside.sum() >= SMALLEST:
                lesions.append((logit(probability[inside].astype(np.float64).clip(TINY, 1 - TINY)), float(truth[inside].mean())))
    return lesions


def confidences(lesions, scale=1.0, offset=0.0):
    return np.array([expit(scale * logits + offset).mean() for logits, _ in lesions])


def shares(lesions):
    return np.array([share for _, share in lesions])


def fitted(lesions):
    """Scale and offset of the logits with which the confidences are most likely, given the shares (Platt's scaling, over lesions)."""
    true = shares(lesions)

    def loss(parameters):
        stated = confidences(lesions, np.exp(parameters[0]), parameters[1]).clip(TINY, 1 - TINY)
        return -float(np.mean(xlogy(true, stated) + xlogy(1 - true, 1 - stated)))

    found = optimize.minimize(loss, [0.0, 0.0], method="Nelder-Mead")
    return float(np.exp(found.x[0])), float(found.x[1])


def reliability(stated, true):
    """Rows of a reliability diagram, a tenth of the confidence each: lesions, mean confidence, mean share of tumour; and the
    expected calibration error, the mean distance of the two over lesions.
    """
    places = np.minimum((stated * BINS).astype(int), BINS - 1)
    chosen = [places == place for place in range(BINS) if (places == place).any()]
    rows = [
        {"lesions": int(each.sum()), "confidence": round(float(stated[each].mean()), 3), "tumour": round(float(true[each].mean()), 3)}
        for each in chosen
    ]
    error = sum(row["lesions"] * abs(stated[each].mean() - true[each].mean()) for row, each in zip(rows, chosen)) / max(1, len(stated))
    return rows, round(float(error), 4)
