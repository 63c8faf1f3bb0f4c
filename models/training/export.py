"""A checkpoint -> a model bundle: model.onnx, model.json, golden vectors (see ../README.md).

python export.py --checkpoint FILE --golden DIR --out ../dsa-ltdnet --version 0.1.0 --threshold 0.5 --trained-on TEXT [--metrics FILE]
"""

import argparse
import hashlib
import json
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from checkpoint import load
from data import Patients

OPSET = 17
ROLES = ("tumour", "liver", "difference")


class Bundled(nn.Module):
    """What the bundle computes: probabilities instead of logits."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, frames):
        tumour, liver, difference = self.model(frames)
        return tumour.sigmoid(), liver.sigmoid(), difference


def main():
    parser = argparse.ArgumentParser()
    for name in ("checkpoint", "golden", "out", "version", "trained-on"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--liver-threshold", type=float, default=0.5)
    parser.add_argument("--metrics", help="JSON file")
    given = parser.parse_args()
    out = Path(given.out)
    out.mkdir(parents=True, exist_ok=True)
    model = Bundled(load(given.checkpoint)[0]).eval().to(memory_format=torch.contiguous_format)
    graph = out / "model.onnx"
    example = torch.zeros(1, 10, 256, 256)
    torch.onnx.export(model, (example,), str(graph), input_names=["frames"], output_names=list(ROLES), opset_version=OPSET, dynamo=False)
    onnx.checker.check_model(str(graph))

    # The golden input is a real key frame stack, coarse: blocks of 4 x 4.
    stack = np.ascontiguousarray(Patients(given.golden).frames[0, :10, 2::4, 2::4].numpy())
    (out / "golden-input.bin").write_bytes(zlib.compress(stack.tobytes(), 9))
    frames = stack.repeat(4, axis=1).repeat(4, axis=2)[None].astype("float32") / 255
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    computed = dict(zip(ROLES, session.run(list(ROLES), {"frames": frames})))
    with torch.no_grad():
        apart = max(float(np.abs(a.numpy() - computed[role]).max()) for role, a in zip(ROLES, model(torch.from_numpy(frames))))
    for role in ROLES:
        computed[role][0, 0].reshape(32, 8, 32, 8).mean(axis=(1, 3)).astype("<f4").tofile(out / f"golden-{role}.bin")

    card = {
        "format": "angiocast-model/1",
        "name": "dsa-ltdnet",
        "version": given.version,
        "sha256": hashlib.sha256(graph.read_bytes()).hexdigest(),
        "opset": OPSET,
        "inputs": {"frames": {"name": "frames", "shape": [1, 10, 256, 256], "offsets": list(range(-9, 1))}},
        "outputs": {role: {"name": role, "shape": [1, 1, 256, 256]} for role in ROLES},
        "normalisation": {"divideBy": 255, "mean": 0, "std": 1},
        "thresholds": {"tumour": given.threshold, "liver": given.liver_threshold},
        "trainedOn": given.trained_on,
        "golden": {
            "input": {"file": "golden-input.bin", "grid": [64, 64], "deflated": True},
            "outputs": {role: {"file": f"golden-{role}.bin", "grid": [32, 32]} for role in ROLES},
            "tolerance": 0.005,
        },
        "metrics": json.loads(Path(given.metrics).read_text()) if given.metrics else {},
    }
    (out / "model.json").write_text(json.dumps(card, indent=2) + "\n")
    size = graph.stat().st_size / 1e6
    print(f"{graph}: {size:.1f} MB; torch and onnxruntime differ by {apart:.1e}; tumour probability up to {computed['tumour'].max():.2f}")


if __name__ == "__main__":
    main()
