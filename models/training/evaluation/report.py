"""The paper's tables and that of the worlds left out in Markdown, from the trainings and evaluations in a folder (tables.py)."""

import csv
import json

import numpy as np

from evaluation.measures import SIZES, SUPPLIES, interval
from training.experiments import PAPER, rows

MEASURES = ("recall", "specificity", "ppv", "npv", "liver")
BASELINE = "unet"
HEAD = ("method", "paper", "ours", "95 %", "each seed", "paper, against the U-Net", "ours, against the U-Net (95 %, in pairs)")
MORE = ("method", "recall", "specificity", "PPV", "NPV", "liver Dice", "Dice at the best threshold", "weights", "s/epoch")


def report(out):
    """What is there of the paper's tables and of the worlds left out."""
    parts = [part for part in (paper_tables(out), worlds_table(out)) if part]
    return "\n\n".join(parts) if parts else f"Nothing evaluated yet in {out.name}."


def paper_tables(out):
    """Both tables, the lesions, and what is missing; None where nothing was evaluated."""
    kept = {row.name: runs(out / row.name) for row in rows().values() if PAPER & set(row.tables)}
    there = [name for name, found in kept.items() if found]
    if not there:
        return None
    missing = [name for name in kept if name not in there]
    seeds = {name: [run["summary"]["seed"] for run in kept[name]] for name in there}
    most = max(map(len, seeds.values()))
    parts = [table(1, kept), table(2, kept), more_table(kept), lesion_table(kept), conditions(kept, there)]
    parts += [f"Missing: {', '.join(missing)}."] if missing else []
    few = [f"{name} ({len(found)} of {most} seeds)" for name, found in seeds.items() if len(found) < most]
    parts += [f"Fewer seeds: {', '.join(few)}."] if few else []
    return "\n\n".join(parts)


def worlds_table(out):
    """Each row on each world that it was not trained on, and the mean over these worlds; None where nothing was evaluated."""
    left_out = sorted({path.name for path in out.glob("*/without-*")})
    lines = []
    for row in rows().values():
        found = {world: runs(out / row.name / world) for world in left_out}
        means = [np.mean(list(over_seeds(each).values())) for each in found.values() if each]
        if means:
            whole = percent(np.mean(means)) if len(means) == len(left_out) else "–"
            lines.append([row.title, *(world_cell(each) for each in found.values()), whole])
    if not lines:
        return None
    head = ["method", *(f"{world.removeprefix('without-')} (recall, PPV)" for world in left_out), "mean"]
    title = "**Worlds left out.** Dice in per cent (95 %) on the test patients of a world, trained on all others; mean over patients and seeds."
    return markdown(title, head, lines)


def world_cell(found):
    if not found:
        return "–"
    dice = list(over_seeds(found).values())
    recall, ppv = (percent(mean_of([run["summary"] for run in found], name)) for name in ("recall", "ppv"))
    return f"{percent(np.mean(dice))} ({span(interval(dice))}; {recall}, {ppv})"


def runs(folder):
    """The evaluated trainings of a row, by seed: summary and Dice per patient."""
    found = []
    for path in sorted(folder.glob("seed-*/evaluation.json"), key=lambda path: int(path.parent.name.removeprefix("seed-"))):
        with open(path.with_name("patients.csv"), newline="") as patients:
            dice = {line["patient"]: float(line["dice"]) for line in csv.DictReader(patients)}
        found.append({"summary": json.loads(path.read_text()), "dice": dice})
    return found


def table(number, kept):
    """The paper's table of that number beside ours."""
    wanted = [row for row in rows().values() if number in row.tables or row.name == BASELINE]
    title = f"**Table {number}.** Dice in per cent on the key frame, the mean over patients and seeds."
    return markdown(title, HEAD, [line(row, kept[row.name], kept[BASELINE]) for row in wanted])


def line(row, found, baseline):
    paper = "" if row.name == BASELINE else signed(row.paper - rows()[BASELINE].paper)
    if not found:
        return [row.title, f"{row.paper:.2f}", "not yet", "", "", paper, ""]
    dice = over_seeds(found)
    values = list(dice.values())
    seeds = ", ".join(f"{100 * run['summary']['dice']:.2f}" for run in found)
    ours = "" if row.name == BASELINE else difference(dice, baseline)
    return [row.title, f"{row.paper:.2f}", f"{100 * np.mean(values):.2f}", span(interval(values)), seeds, paper, ours]


def more_table(kept):
    """The other measures of every evaluated row, averaged over its seeds."""
    lines = []
    for name, found in kept.items():
        summaries = [run["summary"] for run in found]
        if summaries:
            seconds = mean_of(summaries, "secondsPerEpoch")
            best = np.mean([each["bestThreshold"]["dice"] for each in summaries])
            shares = [percent(mean_of(summaries, measure)) for measure in MEASURES]
            weights = f"{summaries[0]['weights'] / 1e6:.2f} M"
            lines.append([rows()[name].title, *shares, percent(best), weights, "–" if seconds is None else f"{seconds:.0f}"])
    return markdown("**More of each row**, in per cent.", MORE, lines)


def mean_of(summaries, name):
    values = [each[name] for each in summaries if each[name] is not None]
    return float(np.mean(values)) if values else None


def percent(value):
    return "–" if value is None else f"{100 * value:.2f}"


def signed(value):
    return f"{value:+.2f}".replace("-", "−")


def markdown(title, head, lines):
    return "\n".join([title, "", *("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *lines))])


def over_seeds(found):
    """Each patient's mean Dice over the seeds."""
    return {patient: float(np.mean([run["dice"][patient] for run in found])) for patient in found[0]["dice"]}


def difference(dice, baseline):
    """Mean difference to the baseline, with a paired bootstrap over patients."""
    if not baseline:
        return "not yet"
    beside = over_seeds(baseline)
    if beside.keys() != dice.keys():
        return "other patients"
    apart = [dice[patient] - beside[patient] for patient in dice]
    return f"{signed(100 * np.mean(apart))} ({span(interval(apart))})"


def span(bounds):
    return f"{100 * bounds[0]:.1f} to {100 * bounds[1]:.1f}".replace("-", "−")


def lesion_table(kept):
    """Mean Dice of the lesions by size and blood supply, with the detected share in brackets."""
    names = [name for _, _, name in SIZES] + [name for _, name in SUPPLIES]
    tables = {
        name: [{entry["name"]: entry for entry in run["summary"]["lesions"]} for run in found] for name, found in kept.items() if found
    }
    shown = [name for name in names if any(name in entries for tabled in tables.values() for entries in tabled)]
    if not shown:
        return "No lesion table: the patients name no lesions."
    counts = {name: next(entries[name]["lesions"] for tabled in tables.values() for entries in tabled if name in entries) for name in shown}
    head = ["method", *(f"{name} (n = {counts[name]})" for name in shown)]
    lines = [[rows()[name].title, *(lesion_cell(tabled, group) for group in shown)] for name, tabled in tables.items()]
    return markdown(
        "**Lesions.** Mean Dice in per cent, in brackets the share that was found at all; diameters in source pixels.", head, lines
    )


def lesion_cell(tabled, group):
    entries = [entries[group] for entries in tabled if group in entries]
    return f"{100 * mean_of(entries, 'dice'):.1f} ({100 * mean_of(entries, 'found'):.0f})" if entries else "–"


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
