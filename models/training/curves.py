"""log.jsonl -> curves.png: the parts of the loss and the Dice on validation patients, by epoch."""

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

from checkpoint import read_log  # noqa: E402

PARTS = ("loss", "tumour", "liver", "difference")


def draw_curves(out):
    lines = read_log(out)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for name in PARTS:
        shown = [(line["epoch"], line[name]) for line in lines if name in line]
        if shown:
            left.plot(*zip(*shown), label=name)
    left.set(xlabel="epoch", ylabel="loss on training patients", yscale="log")
    left.legend()
    for name, label in (("dice", "tumour"), ("liver_dice", "liver")):
        shown = [(line["epoch"], line[name]) for line in lines if name in line]
        if shown:
            right.plot(*zip(*shown), marker="o", label=label)
            right.annotate(f"{shown[-1][1]:.3f}", shown[-1], textcoords="offset points", xytext=(-4, -14), ha="right")
    right.set(xlabel="epoch", ylabel="Dice on validation patients", ylim=(0, 1))
    if right.lines:
        right.legend(loc="lower right")
    for axes in (left, right):
        axes.set_xlim(0, max(line["epoch"] for line in lines) * 1.05)
    figure.suptitle(out.name)
    figure.savefig(out / "curves.png", dpi=110)
    pyplot.close(figure)
