"""Prepared patients in memory, and the batches made from them."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from networks.motion import motion
from cli_errors import stop

SIZE = 256
FRAMES = 10
SAMPLES = 3
SHAPES = {"frames": (FRAMES + SAMPLES - 1, SIZE, SIZE), "tumour": (SAMPLES, SIZE, SIZE), "liver": (SAMPLES, SIZE, SIZE)}


class Patients:
    """All patients of a folder, or of several (prepare.py), uint8. With `half`, images and labels are averaged to 128 x 128, and
    labels count quarters, 0..4.

    `inputs` names the classical motion that a network takes (networks/motion.py), computed here once. `lesions` holds,
    for each patient, the map of lesions on the key frame at 256 x 256 (0 none, n + 1 = n-th tumour), their diameters in
    source pixels and their blood supply (1 poor, 0 rich, -1 unknown); None where the file has none.
    """

    def __init__(self, folder, half=False, inputs=()):
        paths = [path for each in ([folder] if isinstance(folder, (str, Path)) else folder) for path in prepared(each)]
        size = SIZE // 2 if half else SIZE
        self.names = [path.stem for path in paths]
        self.frames, self.tumour, self.liver = (
            torch.empty((len(paths), count, size, size), dtype=torch.uint8) for count in (FRAMES + SAMPLES - 1, SAMPLES, SAMPLES)
        )
        self.lesions, moving = [], []
        with ThreadPoolExecutor(torch.get_num_threads()) as readers:
            for index, (patient, seen) in enumerate(readers.map(lambda path: read_with_motion(path, inputs), paths)):
                shrink = halved if half else np.asarray
                self.frames[index] = torch.from_numpy(shrink(patient["frames"]))
                self.tumour[index] = torch.from_numpy(shrink(patient["tumour"] * 4))
                self.liver[index] = torch.from_numpy(shrink(patient["liver"] * 4))
                self.lesions.append((patient["lesions"], patient["diameters"], patient["poor"]) if "lesions" in patient else None)
                if seen[0] is not None:
                    moving.append(np.stack([averaged(image) if half else image for image in seen]))
        self.motion = torch.from_numpy(np.stack(moving)) if moving else None

    def __len__(self):
        return len(self.names)

    def to(self, device):
        """Moves images, labels and motion to a device, where batches are then gathered. Evaluation needs them on the
        CPU.
        """
        self.frames, self.tumour, self.liver = self.frames.to(device), self.tumour.to(device), self.liver.to(device)
        self.motion = None if self.motion is None else self.motion.to(device)
        return self

    def batch(self, patients, later):
        """For each patient the ten frames that end `later` (0..2) acquisitions after the key frame (uint8); labels
        0..1; motion or None.

        `patients` and `later` are sequences, or int64 tensors [N] on the device of the images, which avoids waiting
        for that device.
        """
        device = self.frames.device
        patients, later = (torch.as_tensor(indices, device=device) for indices in (patients, later))
        frames = self.frames[patients[:, None], later[:, None] + torch.arange(FRAMES, device=device)]
        tumour, liver = (labels[patients, later][:, None].float() / 4 for labels in (self.tumour, self.liver))
        return frames, tumour, liver, None if self.motion is None else self.motion[patients, later].float()


def prepared(folder):
    """The patients' files. Exits with 2 when there is none."""
    paths = sorted(Path(folder).glob("*.npz"))
    if not paths:
        stop(f"{folder}: expected prepared patients (*.npz), found none")
    return paths


def read_with_motion(path, inputs):
    """One prepared patient with the motion of each of its samples."""
    patient = read(path)
    return patient, [motion(patient["frames"][later : later + FRAMES], inputs) for later in range(SAMPLES)]


def read(path):
    """The arrays of one prepared patient. Exits with 2 and names the file when it is not one."""
    try:
        with np.load(path) as kept:
            patient = {name: kept[name] for name in kept.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        stop(f"{path}: not a prepared patient")
    for name, shape in SHAPES.items():
        if name not in patient:
            stop(f"{path}: no {name}")
        if patient[name].shape != shape or patient[name].dtype != np.uint8:
            stop(f"{path}: {name}: expected uint8 {list(shape)}, got {patient[name].dtype} {list(patient[name].shape)}")
    return patient


def halved(images):
    """The mean of each 2 x 2 block, rounded."""
    return np.round(averaged(images)).astype(np.uint8)


def averaged(images):
    count, height, width = images.shape
    kind = images.dtype if images.dtype.kind == "f" else np.float32
    return images.reshape(count, height // 2, 2, width // 2, 2).mean(axis=(2, 4), dtype=np.float32).astype(kind)
