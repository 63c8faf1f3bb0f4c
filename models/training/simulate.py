"""Patients of one of the simulators in worlds/ -> prepared patients, as prepare.py writes them.

    python simulate.py WORLD OUT --cases N [--seed 1]

Each patient has the seed after the last one's. Patients that are there already are kept, so that an interrupted run goes on.
"""

import argparse
import importlib
import os
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from data.visibility import visible
from prepare import key_frame, prepare_run
from worlds import WORLDS
from cli_errors import positive, stop


def prepared(run):
    """The arrays of a run as a world gives it (README.md, "Other worlds"), with those of its tumours that can be seen."""
    frames, lesions = run["frames"], run["lesions"]
    seen = visible(frames, lesions, key_frame(frames), len(run["diameters"]))
    renumbered = np.concatenate([[0], np.where(seen, np.cumsum(seen), 0)]).astype(np.uint8)
    return prepare_run(frames, renumbered[lesions], run["liver"], {name: run[name][seen] for name in ("diameters", "poor")})


def main():
    parser = argparse.ArgumentParser(description="Prepared patients of a simulator.")
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("out", metavar="OUT", type=Path)
    parser.add_argument("--cases", type=positive, required=True)
    parser.add_argument("--seed", type=positive, default=1, help="of the first patient")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    if given.out.exists() and not given.out.is_dir():
        stop(f"{given.out}: expected a folder, got a file")
    given.out.mkdir(parents=True, exist_ok=True)
    patient = importlib.import_module(f"worlds.{given.world}").patient
    for seed in tqdm(range(given.seed, given.seed + given.cases), unit="patient", disable=None):
        path = given.out / f"{given.world}-{seed}.npz"
        if not path.exists():
            with open(path.with_suffix(".part"), "wb") as part:
                np.savez_compressed(part, **prepared(patient(seed)))
            os.replace(path.with_suffix(".part"), path)


if __name__ == "__main__":
    main()
