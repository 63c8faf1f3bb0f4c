"""log.jsonl -> curves.png: the parts of the loss and the Dice on validation patients, by epoch."""

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

from training.checkpoint import read_log  # noqa: E402

LOSSES = {
    "loss": ("sum", "black"),
    "tumour": ("tumour", "tab:red"),
    "liver": ("liver", "tab:blue"),
    "difference": ("difference", "tab:green"),
}
DICE = {"dice": ("tumour, at its best threshold", "tab:red"), "liver_dice": ("liver", "tab:blue")}


def draw_curves(out):
    """One curve for each part in the log; the legend shows its last value."""
    lines = read_log(out)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for axes, curves, marker in ((left, LOSSES, None), (right, DICE, "o")):
        for name, (label, colour) in curves.items():
            shown = [(line["epoch"], line[name]) for line in lines if name in line]
            if shown:
                axes.plot(*zip(*shown, strict=True), marker=marker, color=colour, label=f"{label}: {shown[-1][1]:.3g}")
        axes.set_xlim(0, max(line["epoch"] for line in lines) * 1.05)
        axes.set_xlabel("epoch")
        if axes.lines:
            axes.legend()
    left.set(ylabel="loss on training patients", yscale="log")
    right.set(ylabel="Dice on validation patients", ylim=(0, 1))
    right.grid(alpha=0.3)
    figure.suptitle(f"{out.parent.name}/{out.name}")
    figure.savefig(out / "curves.png", dpi=110)
    pyplot.close(figure)
