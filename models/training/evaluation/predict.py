"""Tumour and liver probabilities on each patient's key frame, from a checkpoint or a bundle: float32
[patients,256,256].
"""

import json
import os
from pathlib import Path

# Set before ONNX Runtime is loaded, which otherwise reports models and machines to its maker.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime
import torch

from cli_errors import stop


@torch.no_grad()
def model_probabilities(model, patients, device="cpu"):
    """Liver is None for a row without a liver network. On CUDA in bf16, elsewhere in fp32."""
    model.eval()
    tumours, livers = [], []
    for first in range(0, len(patients), 8):
        chosen = range(first, min(first + 8, len(patients)))
        frames, _, _, motion = patients.batch(chosen, [0] * len(chosen))
        frames, motion = (part if part is None else part.to(device, memory_format=torch.channels_last) for part in (frames, motion))
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            answers = model(frames / 255, motion)
        tumours.append(answers.tumour.float().sigmoid().cpu())
        if answers.liver is not None:
            livers.append(answers.liver.float().sigmoid().cpu())
    return torch.cat(tumours)[:, 0].numpy(), torch.cat(livers)[:, 0].numpy() if livers else None


def bundle_probabilities(folder, patients):
    """Also returns the bundle's card. One patient at a time, as in the live pipeline."""
    card = read_card(folder)
    session = open_graph(folder / card.get("file", "model.onnx"))
    feed, scale = card["inputs"]["frames"]["name"], card["normalisation"]
    wanted = [card["outputs"][role]["name"] for role in ("tumour", "liver")]
    answers = []
    for index in range(len(patients)):
        frames = patients.frames[index, :10].numpy()[None].astype(np.float32)
        answers.append(
            session.run(wanted, {feed: (frames / np.float32(scale["divideBy"]) - np.float32(scale["mean"])) / np.float32(scale["std"])})
        )
    tumour, liver = (np.stack([answer[role][0, 0] for answer in answers]) for role in (0, 1))
    return tumour, liver, card


def read_card(folder):
    """model.json of a bundle. Exits with 2 when it is missing or invalid."""
    path = Path(folder) / "model.json"
    try:
        card = json.loads(path.read_text())
        if card["format"] != "angiocast-model/1":
            stop(f"{path}: format: expected angiocast-model/1, got {card['format']}")
    except (OSError, ValueError, KeyError, TypeError):
        stop(f"{path}: not a bundle's card")
    return card


def open_graph(path, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        stop(f"{path}: not an ONNX graph ({str(error).splitlines()[0][:80]})")
