"""How well a checkpoint or a bundle finds tumours on the key frames of prepared patients (evaluation/measures.py).

    python evaluate.py --checkpoint FILE --data DIR (--validate DIR | --threshold 0.5) [--out DIR]
    python evaluate.py --bundle DIR --data DIR [--out DIR]
    python evaluate.py --bundle DIR --data DIR --stress
    python evaluate.py --checkpoint FILE --data DIR --threshold 0.3 --fit-confidence

A checkpoint's threshold is the best on the patients of --validate; a bundle brings its own. Prints JSON; with --out, writes it as
evaluation.json, beside patients.csv and lesions.csv. --fit-confidence prints what export.py --confidence is to be given, so that the
confidence of a lesion is the share of it that is tumour; fit it on patients of a world that was not trained on.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch
from scipy.special import expit, logit

from data.patients import Patients
from evaluation.calibration import TINY, confidences, fitted, found_lesions, reliability, shares
from evaluation.measures import best_grey_dice, best_threshold, dice, interval, lesion_dice, lesion_tables, mask_measures, rounded, tumour_pixels
from evaluation.predict import bundle_probabilities, model_probabilities, read_card
from evaluation.stress import FACTORS, stressed
from networks.unet import weights
from training.checkpoint import load, read_log
from cli_errors import fraction, positive, stop

LIVER_THRESHOLD = 0.5
FEWEST_LESIONS = 20
LESION_THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(2, 19))


def truths(patients):
    """Predicted tumour and liver on each key frame, boolean [patients,256,256]."""
    return patients.tumour[:, 0].numpy() > 0, patients.liver[:, 0].numpy() > 0


def liver_dice(probabilities, patients, threshold=LIVER_THRESHOLD):
    """One value per patient; None without a liver network."""
    return None if probabilities is None else [dice(p >= threshold, q) for p, q in zip(probabilities, truths(patients)[1])]


def validate(model, patients, device):
    """The values that train.py logs: Dice at the best threshold, and of the liver."""
    tumour, liver = model_probabilities(model, patients, device)
    threshold, best = best_threshold(tumour, truths(patients)[0])
    livers = liver_dice(liver, patients)
    return {"dice": round(best, 4), "threshold": threshold} | ({"liver_dice": rounded(livers)} if livers else {})


def measure(tumour, liver, patients, threshold, liver_threshold=LIVER_THRESHOLD, lesion_threshold=None):
    """The measures over all patients, and one row per patient and per lesion."""
    truth, true_liver = truths(patients)
    masks = [tumour_pixels(p, threshold, lesion_threshold) for p in tumour]
    each = [{"patient": name} | mask_measures(mask, q) for name, mask, q in zip(patients.names, masks, truth)]
    livers = liver_dice(liver, patients, liver_threshold)
    for index, row in enumerate(each):
        row["liver"] = livers[index] if livers else ""
        row["grey"] = best_grey_dice(patients.frames[index, 9].numpy(), truth[index], true_liver[index])
    lesions = [row for index in range(len(patients)) for row in lesion_rows(masks[index], patients, index)]
    found = found_lesions(tumour, truth, threshold)
    bins, error = reliability(confidences(found), shares(found))
    best, best_dice = best_threshold(tumour, truth)
    scores = [row["dice"] for row in each]
    summary = {
        "patients": len(patients),
        "threshold": threshold,
        **({} if lesion_threshold is None else {"lesionThreshold": lesion_threshold}),
        "dice": rounded(scores),
        "dice95": interval(scores),
        "median": round(float(np.median(scores)), 4),
    }
    summary |= {key: rounded(row[key] for row in each) for key in ("recall", "specificity", "ppv", "npv")}
    summary |= {"liver": rounded(livers) if livers else None, "bestThreshold": {"threshold": best, "dice": round(best_dice, 4)}}
    summary |= {"greyThresholdInTrueLiver": rounded(row["grey"] for row in each), "lesions": lesion_tables(lesions)}
    return summary | {"confidence": {"calibrationError": error, "reliability": bins}}, each, lesions


def lesion_rows(found, patients, index):
    if patients.lesions[index] is None:
        return []
    lesions, diameters, poor = patients.lesions[index]
    scores = lesion_dice(found, lesions, len(diameters))
    return [
        {"patient": patients.names[index], "lesion": number, "diameter": round(float(diameter), 2), "poor": int(supply), "dice": score}
        for number, (diameter, supply, score) in enumerate(zip(diameters, poor, scores))
    ]


def evaluate_checkpoint(path, data, validate_on=None, threshold=None, device="cpu"):
    model, kept = load(path, device)
    inputs = model.row.inputs
    if model.row.network == "tdl":
        stop(f"{path}: finds no tumours: it is TDL's first stage")
    chosen_on = None
    if threshold is None:
        chosen_on = Patients(validate_on, inputs=inputs)
        threshold, _ = best_threshold(model_probabilities(model, chosen_on, device)[0], truths(chosen_on)[0])
    patients = Patients(data, inputs=inputs)
    summary, each, lesions = measure(*model_probabilities(model, patients, device), patients, threshold)
    seconds = [line["seconds" if device == "cuda" else "cpu_seconds"] for line in read_log(Path(path).parent) if "cpu_seconds" in line]
    about = {
        "row": model.row.name,
        "seed": kept["seed"],
        "epoch": kept["epoch"],
        "weights": weights(model),
        "secondsPerEpoch": round(float(np.median(seconds)), 1) if seconds else None,
    }
    return about | {"validationPatients": len(chosen_on) if chosen_on else 0} | summary, each, lesions


def evaluate_bundle(folder, data, threshold=None):
    patients = Patients(data)
    tumour, liver, card = bundle_probabilities(folder, patients)
    thresholds = card["thresholds"]
    summary, each, lesions = measure(tumour, liver, patients, threshold or thresholds["tumour"], thresholds["liver"], thresholds.get("lesion"))
    return {"bundle": f"{card['name']} {card['version']}"} | summary, each, lesions


def judged(given, device):
    """What gives the tumour probabilities of patients, and the thresholds of pixels and of lesions (None: none) to apply to them."""
    if given.bundle:
        thresholds = read_card(given.bundle)["thresholds"]
        probabilities = lambda patients: bundle_probabilities(given.bundle, patients)[0]
        return probabilities, given.threshold or thresholds["tumour"], thresholds.get("lesion")
    model, _ = load(given.checkpoint, device)
    probabilities = lambda patients: model_probabilities(model, patients, device)[0]
    if given.threshold is not None:
        return probabilities, given.threshold, None
    chosen_on = Patients(given.validate)
    return probabilities, best_threshold(probabilities(chosen_on), truths(chosen_on)[0])[0], None


def confidence_fit(given, device):
    """The scale and offset of the logits for export.py --confidence, the calibration error without and with them, and what thresholds of
    the scaled confidence would keep.
    """
    probabilities, threshold, _ = judged(given, device)
    patients = Patients(given.data)
    tumour = probabilities(patients)
    found = found_lesions(tumour, truths(patients)[0], threshold)
    if len(found) < FEWEST_LESIONS:
        stop(f"{given.data}: {len(found)} lesions found, too few to fit the confidence to; expected {FEWEST_LESIONS} or more")
    scale, offset = fitted(found)
    before, after = (reliability(stated, shares(found))[1] for stated in (confidences(found), confidences(found, scale, offset)))
    confidence = expit(scale * logit(tumour.astype(np.float64).clip(TINY, 1 - TINY)) + offset)
    return {
        **{"scale": round(scale, 4), "offset": round(offset, 4), "lesions": len(found)},
        "calibrationError": {"before": before, "after": after},
        "lesionThresholds": lesion_choices(confidence, truths(patients)[0], expit(scale * logit(threshold) + offset)),
    }


def lesion_choices(confidence, truth, threshold):
    """What thresholds of lesions would give: the share of the lesions left of which at least half is tumour, and the mean Dice."""
    stated, true = (values(found_lesions(confidence, truth, threshold)) for values in (confidences, shares))
    return [
        {
            "lesionThreshold": choice,
            "precision": round(float((true[stated >= choice] >= 0.5).mean()), 3) if (stated >= choice).any() else None,
            "dice": rounded(dice(tumour_pixels(p, threshold, choice), q) for p, q in zip(confidence, truth)),
        }
        for choice in LESION_THRESHOLDS
    ]


def stress_table(given, device):
    """Mean measures with the patients changed in one respect at a time (evaluation/stress.py)."""
    patients = Patients(given.data)
    probabilities, threshold, lesion = judged(given, device)
    table = []
    for factor in FACTORS:
        changed = stressed(patients, factor)
        each = [mask_measures(tumour_pixels(p, threshold, lesion), q) for p, q in zip(probabilities(changed), truths(changed)[0])]
        table.append({"factor": factor} | {key: rounded(row[key] for row in each) for key in ("dice", "recall", "ppv")})
    return table


def write(out, summary, each, lesions):
    """Writes evaluation.json last: when it exists, the tables are complete."""
    out.mkdir(parents=True, exist_ok=True)
    write_table(out / "patients.csv", each)
    write_table(out / "lesions.csv", lesions)
    part = out / "evaluation.part"
    part.write_text(json.dumps(summary, indent=2) + "\n")
    part.replace(out / "evaluation.json")


def write_table(path, rows):
    with open(path, "w", newline="") as table:
        if rows:
            writer = csv.DictWriter(table, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows({key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()} for row in rows)


def main():
    parser = argparse.ArgumentParser(description="Dice and the paper's other measures of a checkpoint or a bundle.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--checkpoint", type=Path)
    what.add_argument("--bundle", type=Path, metavar="DIR")
    parser.add_argument("--data", required=True, type=Path, metavar="DIR")
    parser.add_argument("--validate", type=Path, nargs="+", metavar="DIR", help="patients to choose a checkpoint's threshold on")
    parser.add_argument("--threshold", type=fraction)
    parser.add_argument("--out", type=Path, metavar="DIR")
    parser.add_argument("--stress", action="store_true", help="change the patients in one respect at a time, and print a table instead")
    parser.add_argument("--fit-confidence", action="store_true", help="fit the confidence of lesions to these patients, and print that instead")
    parser.add_argument("--threads", type=positive, default=1)
    given = parser.parse_args()
    if given.checkpoint and not given.validate and given.threshold is None:
        stop("a checkpoint needs --validate DIR, to choose the threshold on, or --threshold")
    torch.set_num_threads(given.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if given.stress:
        print(f"{'patients changed in':32}{'Dice':>8}{'recall':>8}{'PPV':>8}")
        for row in stress_table(given, device):
            print(f"{row['factor']:32}{row['dice']:8.3f}{row['recall']:8.3f}{row['ppv']:8.3f}")
        return
    if given.fit_confidence:
        print(json.dumps(confidence_fit(given, device)))
        return
    result = (
        evaluate_bundle(given.bundle, given.data, given.threshold)
        if given.bundle
        else evaluate_checkpoint(given.checkpoint, given.data, given.validate, given.threshold, device)
    )
    if given.out:
        write(given.out, *result)
    print(json.dumps(result[0]))


if __name__ == "__main__":
    main()
