"""Rendered phantom patients (dist/phantom/write-stacks.node.js) -> one .npz per patient for train.py.

    python prepare.py RENDERED OUT

Per patient: `frames` [12,256,256] uint8, acquisitions k-9..k+2 round the key frame k (the first acquisition stands in for those before it),
`tumour` and `liver` [3,256,256] for k, k+1 and k+2. The key frame is chosen by the paper's rule over the last 15 acquisitions.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np

WINDOW = 15
STACK = 10


def key_frame(frames):
    """The acquisition whose differences to both neighbours are smallest, among the last 15 (paper, section 2.1)."""
    first = max(0, len(frames) - WINDOW)
    window = frames[first:].astype(np.int32)
    difference = np.abs(np.diff(window, axis=0)).sum((1, 2))
    scores = (difference[:-1] + difference[1:]) / 2
    return first + 1 + int(np.argmin(scores))


def prepare(meta_path, out):
    meta = json.loads(meta_path.read_text())
    shape = (meta["acquisitions"], 256, 256)
    read = lambda kind: np.frombuffer(zlib.decompress(meta_path.with_suffix(f".{kind}.z").read_bytes()), np.uint8).reshape(shape)
    frames, labels = read("frames"), read("labels")
    key = key_frame(frames)
    wanted = np.clip(np.arange(key - STACK + 1, key + 3), 0, len(frames) - 1)
    shown = np.clip(np.arange(key, key + 3), 0, len(frames) - 1)
    np.savez_compressed(out / f"{meta_path.stem}.npz", frames=frames[wanted], tumour=(labels[shown] & 15 > 0).astype(np.uint8), liver=labels[shown] >> 4 & 1, key=key)


def main():
    rendered, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    patients = sorted(rendered.glob("*.json"))
    for number, patient in enumerate(patients, 1):
        prepare(patient, out)
        if number % 20 == 0 or number == len(patients):
            print(f"{number} of {len(patients)} patients", file=sys.stderr)


if __name__ == "__main__":
    main()
