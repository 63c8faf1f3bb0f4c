"""Dice of a checkpoint over prepared patients, at its best threshold or a given one.

    python evaluate.py --checkpoint FILE --data DIR [--threshold 0.5] [--png FILE]
"""

import argparse
import json

import numpy as np
import torch

from data import Patients
from model import DsaLtdNet

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def dice(found, truth):
    """1 when both are empty."""
    size = found.sum() + truth.sum()
    return float(2 * (found & truth).sum() / size) if size else 1.0


@torch.no_grad()
def predict(model, patients, device="cpu"):
    """Probabilities of tumour and liver on each patient's key frame, [N,256,256] each."""
    model.eval()
    tumours, livers = [], []
    for first in range(0, len(patients), 8):
        chosen = list(range(first, min(first + 8, len(patients))))
        frames, _, _ = patients.batch(chosen, [0] * len(chosen))
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            tumour, liver, _ = model((frames / 255).to(device, memory_format=torch.channels_last))
        tumours.append(tumour.float().sigmoid().cpu())
        livers.append(liver.float().sigmoid().cpu())
    return torch.cat(tumours)[:, 0].numpy(), torch.cat(livers)[:, 0].numpy()


def measure(model, patients, device="cpu", threshold=None):
    tumour, liver = predict(model, patients, device)
    true_tumour, true_liver = patients.tumour[:, 0].numpy() > 0, patients.liver[:, 0].numpy() > 0
    each = {t: [dice(p >= t, q) for p, q in zip(tumour, true_tumour)] for t in ([threshold] if threshold else THRESHOLDS)}
    best = max(each, key=lambda t: np.mean(each[t]))
    livers = [dice(p >= 0.5, q) for p, q in zip(liver, true_liver)]
    return {"dice": round(float(np.mean(each[best])), 4), "median": round(float(np.median(each[best])), 4), "threshold": best, "liver": round(float(np.mean(livers)), 4)}


def load(path, device="cpu"):
    kept = torch.load(path, map_location=device)
    model = DsaLtdNet(kept["width"], kept.get("half", False)).to(device, memory_format=torch.channels_last)
    model.load_state_dict(kept["model"])
    return model.eval()


def confidence_interval(values, rounds=1000):
    """95 % bootstrap interval of the mean."""
    values = np.asarray(values)
    draws = np.random.default_rng(1).integers(0, len(values), (rounds, len(values)))
    return [round(float(bound), 4) for bound in np.percentile(values[draws].mean(1), [2.5, 97.5])]


def report(model, patients, threshold):
    """The paper's measures, averaged over patients."""
    tumour, _ = predict(model, patients)
    rows = []
    for probability, truth in zip(tumour, patients.tumour[:, 0].numpy() > 0):
        found = probability >= threshold
        tp, fp, fn, tn = (found & truth).sum(), (found & ~truth).sum(), (~found & truth).sum(), (~found & ~truth).sum()
        rows.append([dice(found, truth), tp / max(1, tp + fn), tn / max(1, tn + fp), tp / max(1, tp + fp), tn / max(1, tn + fn)])
    rows = np.array(rows, float)
    means = dict(zip(("dice", "recall", "specificity", "ppv", "npv"), (round(float(v), 4) for v in rows.mean(0))))
    return means | {"dice95": confidence_interval(rows[:, 0]), "patients": len(rows)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--threshold", type=float)
    given = parser.parse_args()
    model, patients = load(given.checkpoint), Patients(given.data)
    found = measure(model, patients, threshold=given.threshold)
    print(json.dumps(found | report(model, patients, found["threshold"])))


if __name__ == "__main__":
    main()
