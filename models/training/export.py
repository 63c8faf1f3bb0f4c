"""Weights -> a model bundle: model.onnx, model.json, golden vectors (see ../README.md).

    python export.py --checkpoint FILE --golden DIR --out DIR --version 0.1.0 --trained-on TEXT [--threshold 0.5] [--metrics FILE]
    python export.py --public-code FILE... --golden DIR --out DIR --version 0.1.0 --trained-on TEXT

--public-code takes weights trained with the paper's public code. --precision fp16 halves the file, int8 also computes with less.
--confidence SCALE OFFSET (of evaluate.py --fit-confidence) scales the tumour logits, and the threshold with them: masks stay as they are.
--report DIR says how large, how fast and how good the bundle is.
"""

import argparse
import hashlib
import json
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import torch
from scipy.special import expit, logit

from data.patients import Patients
from evaluate import evaluate_bundle
from evaluation.predict import open_graph
from networks.graph import OPSET, ROLES, Bundled, quantise, store_half, write_graph
from networks.public_code import THRESHOLD, load_public
from training.checkpoint import load
from cli_errors import fraction, positive, stop

CALIBRATION = 64
TRIED = 8


def write_bundle(model, out, about, golden, precision="fp32", calibrate=None, threads=1):
    """Writes to a temporary folder first, so that a bundle is never half new. Returns the largest difference between
    graph and torch on the golden input.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as fresh:
        fresh = Path(fresh)
        graph = fresh / "model.onnx"
        write_graph(model, graph)
        if precision == "fp16":
            store_half(graph)
        if precision == "int8":
            quantise(graph, calibrate.frames[:CALIBRATION, :10].numpy().astype(np.float32) / 255)
        stack, computed = golden_vectors(open_graph(graph, threads), golden)
        (fresh / "golden-input.bin").write_bytes(zlib.compress(stack.tobytes(), 9))
        for role in ROLES:
            computed[role][0, 0].reshape(32, 8, 32, 8).mean(axis=(1, 3)).astype("<f4").tofile(fresh / f"golden-{role}.bin")
        (fresh / "model.json").write_text(json.dumps(card(graph, about), indent=2) + "\n")
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == "model.json"):
            path.replace(out / path.name)
    with torch.no_grad():
        answers = Bundled(model)(torch.from_numpy(enlarged(stack)))
    return max(float(np.abs(answer.numpy() - computed[role]).max()) for role, answer in zip(ROLES, answers, strict=True))


def scaled(model, threshold, scale, offset):
    """The model with its tumour logits scaled and shifted, and the threshold that gives the masks of before."""
    head = getattr(model.ffs, "head", None)
    if head is None:
        stop(f"--confidence: the network of {model.row.name} has no last layer to scale")
    with torch.no_grad():
        head.weight.mul_(scale)
        head.bias.mul_(scale).add_(offset)
    return model, round(float(expit(scale * logit(threshold) + offset)), 4)


def golden_vectors(session, patients):
    """A coarse stack (blocks of 4 x 4) of the patient in whom the graph finds most tumour, so that every output
    varies, and the graph's outputs.
    """
    best = None
    for index in range(min(TRIED, len(patients))):
        stack = np.ascontiguousarray(patients.frames[index, :10, 2::4, 2::4].numpy())
        computed = dict(zip(ROLES, session.run(list(ROLES), {"frames": enlarged(stack)}), strict=True))
        if best is None or computed["tumour"].sum() > best[1]["tumour"].sum():
            best = stack, computed
    return best


def enlarged(stack):
    return stack.repeat(4, axis=1).repeat(4, axis=2)[None].astype(np.float32) / 255


def card(graph, about):
    return {
        "format": "angiocast-model/1",
        "name": "dsa-ltdnet",
        "version": about["version"],
        "sha256": hashlib.sha256(graph.read_bytes()).hexdigest(),
        "opset": OPSET,
        "inputs": {"frames": {"name": "frames", "shape": [1, 10, 256, 256], "offsets": list(range(-9, 1))}},
        "outputs": {role: {"name": role, "shape": [1, 1, 256, 256]} for role in ROLES},
        "normalisation": {"divideBy": 255, "mean": 0, "std": 1},
        "thresholds": {"tumour": about["threshold"], "liver": about["liver_threshold"]} | lesion_threshold(about),
        "trainedOn": about["trained_on"],
        "golden": {
            "input": {"file": "golden-input.bin", "grid": [64, 64], "deflated": True},
            "outputs": {role: {"file": f"golden-{role}.bin", "grid": [32, 32]} for role in ROLES},
            "tolerance": 0.005,
        },
        "metrics": about["metrics"],
    }


def lesion_threshold(about):
    return {"lesion": about["lesion_threshold"]} if about.get("lesion_threshold") else {}


def latency(graph, threads=1, rounds=20, seconds=10):
    """Median processor time of one inference on one thread, in milliseconds; fewer rounds for large networks, to stay
    near `seconds`.
    """
    session, frames, taken = open_graph(graph, threads), np.zeros((1, 10, 256, 256), np.float32), []
    begun = time.monotonic()
    for _ in range(rounds + 3):
        if taken and time.monotonic() - begun > seconds:
            break
        started = time.process_time()
        session.run(list(ROLES), {"frames": frames})
        taken.append(1000 * (time.process_time() - started))
    return round(float(np.median(taken[3:] or taken)), 1)


def arguments():
    parser = argparse.ArgumentParser(description="Makes a model bundle of trained weights.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--checkpoint", type=Path, metavar="FILE", help="of train.py")
    what.add_argument(
        "--public-code", nargs="+", metavar="FILE", help="weights of the paper's public code: one file, three, or their folder"
    )
    for name in ("golden", "out"):
        parser.add_argument(f"--{name}", required=True, type=Path, metavar="DIR")
    for name in ("version", "trained-on"):
        parser.add_argument(f"--{name}", required=True, metavar="TEXT")
    parser.add_argument("--threshold", type=fraction, help=f"default 0.5, with --public-code {THRESHOLD}")
    parser.add_argument("--confidence", type=float, nargs=2, metavar=("SCALE", "OFFSET"), help="of the tumour logits")
    parser.add_argument("--liver-threshold", type=fraction, default=0.5)
    parser.add_argument("--lesion-threshold", type=fraction, help="mean probability from which a region counts, after --confidence")
    parser.add_argument("--metrics", type=Path, metavar="FILE", help="JSON for the card")
    parser.add_argument("--precision", choices=("fp32", "fp16", "int8"), default="fp32")
    parser.add_argument("--calibrate", type=Path, metavar="DIR", help="training patients that int8 takes its ranges from")
    parser.add_argument("--threads", type=positive, default=1, help="to compute the golden vectors with")
    parser.add_argument("--report", type=Path, metavar="DIR", help="prepared patients to say the Dice of the bundle on")
    return parser.parse_args()


def main():
    given = arguments()
    torch.set_num_threads(given.threads)
    if given.precision == "int8" and not given.calibrate:
        stop("int8 needs --calibrate DIR, prepared training patients")
    model = load_public(given.public_code) if given.public_code else load(given.checkpoint)[0]
    lacking = [name for name, network in (("liver", model.lrs), ("difference", model.tdl), ("tumour", model.ffs)) if network is None]
    if lacking:
        stop(
            f"{given.checkpoint}: {model.row.name} gives no {' and no '.join(lacking)}; a bundle answers with tumour, liver and difference"
        )
    about = {
        "version": given.version,
        "trained_on": given.trained_on,
        "liver_threshold": given.liver_threshold,
        "lesion_threshold": given.lesion_threshold,
        "metrics": metrics(given.metrics),
    }
    about["threshold"] = given.threshold or (THRESHOLD if given.public_code else 0.5)
    if given.confidence:
        model, about["threshold"] = scaled(model, about["threshold"], *given.confidence)
    calibrate = Patients(given.calibrate) if given.calibrate else None
    apart = write_bundle(model, given.out, about, Patients(given.golden), given.precision, calibrate, given.threads)
    graph = given.out / "model.onnx"
    summary = {
        "graph": str(graph),
        "megabytes": round(graph.stat().st_size / 1e6, 2),
        "differsFromTorchBy": float(f"{apart:.1e}"),
        "milliseconds": latency(graph),
    }
    if given.report:
        summary |= {
            key: value
            for key, value in evaluate_bundle(given.out, given.report)[0].items()
            if key in ("dice", "dice95", "liver", "threshold")
        }
    print(json.dumps(summary))


def metrics(path):
    try:
        return json.loads(path.read_text()) if path else {}
    except (OSError, ValueError):
        stop(f"{path}: not JSON")


if __name__ == "__main__":
    main()
