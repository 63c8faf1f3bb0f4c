"""The paper's tables in Markdown, from what trainings and evaluations left in a folder (tables.py)."""

import csv
import json

import numpy as np

from measures import SIZES, SUPPLIES, interval
from rows import rows

MEASURES = ("recall", "specificity", "ppv", "npv", "liver")
BASELINE = "unet"
HEAD = ("method", "paper", "ours", "95 %", "each seed", "paper − U-Net", "ours − U-Net", "at the best threshold")
HEAD += ("recall", "specificity", "PPV", "NPV", "liver", "weights", "s/epoch")


def report(out):
    """Both tables, the lesions, what is missing."""
    kept = {row.name: runs(out, row.name) for row in rows().values() if row.tables}
    there = [name for name, found in kept.items() if found]
    if not there:
        return f"Nothing evaluated yet in {out.name}."
    missing = [name for name in kept if name not in there]
    seeds = {name: [run["summary"]["seed"] for run in kept[name]] for name in there}
    most = max(map(len, seeds.values()))
    parts = [table(1, kept), table(2, kept), lesion_table(kept), conditions(kept, there)]
    parts += [f"Missing: {', '.join(missing)}."] if missing else []
    few = [f"{name} ({len(found)} of {most} seeds)" for name, found in seeds.items() if len(found) < most]
    parts += [f"Fewer seeds: {', '.join(few)}."] if few else []
    return "\n\n".join(parts)


def runs(out, name):
    """The evaluated trainings of a row, by seed: summary and Dice per patient."""
    found = []
    for path in sorted((out / name).glob("seed-*/evaluation.json"), key=lambda path: int(path.parent.name.removeprefix("seed-"))):
        with open(path.with_name("patients.csv"), newline="") as patients:
            dice = {line["patient"]: float(line["dice"]) for line in csv.DictReader(patients)}
        found.append({"summary": json.loads(path.read_text()), "dice": dice})
    return found


def table(number, kept):
    wanted = [row for row in rows().values() if number in row.tables or row.name == BASELINE]
    lines = [
        f"**Table {number}.** Dice in per cent on the key frame, the mean over patients and seeds; "
        "the difference to the U-Net has its interval from patients in pairs.",
        "",
        "| " + " | ".join(HEAD) + " |",
        "| --- " * len(HEAD) + "|",
    ]
    paper = rows()[BASELINE].paper
    lines += [line(row, kept[row.name], kept[BASELINE], paper) for row in wanted]
    return "\n".join(lines)


def line(row, found, baseline, paper):
    beside = "" if row.name == BASELINE else f"{row.paper - paper:+.2f}"
    if not found:
        return f"| {row.title} | {row.paper:.2f} | not yet | | | {beside} | | | | | | | | | |"
    summaries = [run["summary"] for run in found]
    dice = over_seeds(found)
    cells = [row.title, f"{row.paper:.2f}", f"{100 * np.mean(list(dice.values())):.2f}", span(interval(list(dice.values())))]
    cells += [
        ", ".join(f"{100 * each['dice']:.2f}" for each in summaries),
        beside,
        "" if row.name == BASELINE else difference(dice, baseline),
    ]
    cells += [f"{100 * np.mean([each['bestThreshold']['dice'] for each in summaries]):.2f}"]
    for name in MEASURES:
        values = [each[name] for each in summaries if each[name] is not None]
        cells.append(f"{100 * np.mean(values):.2f}" if values else "–")
    seconds = [each["secondsPerEpoch"] for each in summaries if each["secondsPerEpoch"] is not None]
    cells += [f"{summaries[0]['weights'] / 1e6:.2f} M", f"{np.median(seconds):.0f}" if seconds else "–"]
    return "| " + " | ".join(cells) + " |"


def over_seeds(found):
    """Each patient's mean Dice over the seeds."""
    return {patient: float(np.mean([run["dice"][patient] for run in found])) for patient in found[0]["dice"]}


def difference(dice, baseline):
    """Mean difference to the baseline, the bootstrap drawing the same patients of both."""
    if not baseline:
        return "not yet"
    beside = over_seeds(baseline)
    if beside.keys() != dice.keys():
        return "other patients"
    apart = [dice[patient] - beside[patient] for patient in dice]
    return f"{100 * np.mean(apart):+.2f} ({span(interval(apart))})"


def span(bounds):
    return f"{100 * bounds[0]:.1f} to {100 * bounds[1]:.1f}"


def lesion_table(kept):
    """Mean Dice of the lesions by size and blood supply, and in brackets the share found at all."""
    names = [name for _, _, name in SIZES] + [name for _, name in SUPPLIES]
    tables = {
        name: [{entry["name"]: entry for entry in run["summary"]["lesions"]} for run in found] for name, found in kept.items() if found
    }
    shown = [name for name in names if any(name in entries for tabled in tables.values() for entries in tabled)]
    if not shown:
        return "No lesion table: the patients name no lesions."
    counts = {name: next(entries[name]["lesions"] for tabled in tables.values() for entries in tabled if name in entries) for name in shown}
    lines = [
        "**Lesions.** Mean Dice in per cent of each lesion, in brackets the share that was found at all; diameters in source pixels.",
        "",
    ]
    lines += ["| method | " + " | ".join(f"{name} (n = {counts[name]})" for name in shown) + " |", "| --- " * (len(shown) + 1) + "|"]
    for name, tabled in tables.items():
        cells = []
        for group in shown:
            entries = [entries[group] for entries in tabled if group in entries]
            mean = {key: 100 * np.mean([entry[key] for entry in entries]) for key in ("dice", "found")} if entries else None
            cells.append(f"{mean['dice']:.1f} ({mean['found']:.0f})" if mean else "–")
        lines.append(f"| {rows()[name].title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def conditions(kept, there):
    summaries = [run["summary"] for name in there for run in kept[name]]
    epochs = sorted({each["epoch"] for each in summaries})
    patients = sorted({each["patients"] for each in summaries})
    chosen = sorted({each["validationPatients"] for each in summaries})
    grey = np.mean([each["greyThresholdInTrueLiver"] for each in summaries])
    listed = lambda numbers: " or ".join(map(str, numbers))
    return (
        f"{listed(patients)} test patients; thresholds chosen on {listed(chosen)} validation patients; {listed(epochs)} epochs. "
        f"The best grey threshold for each patient, inside the true liver, reaches a Dice of {100 * grey:.2f}. "
        "Seconds per epoch are processor seconds on one thread where trained without a GPU."
    )
