"""A contact sheet of prepared patients: each key frame, and beside it the truth: tumours orange (rich in blood) and yellow (poor), liver blue.

    python -m worlds.contact_sheet PREPARED SHEET.png [--patients 24]
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from data.patients import prepared, read
from cli_errors import positive

COLUMNS = 4
ENLARGED = (331, 256)  # the aspect of the source picture
LIVER, RICH, POOR = (255, 140, 0), (0, 140, 255), (0, 230, 255)


def tile(patient):
    image = patient["frames"][9]
    truth = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    outline(truth, patient["liver"][0], LIVER)
    for number, poor in enumerate(patient["poor"], 1):
        outline(truth, (patient["lesions"] == number).astype(np.uint8), POOR if poor == 1 else RICH)
    return np.hstack([cv2.resize(picture, ENLARGED) for picture in (cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), truth)])


def outline(picture, mask, colour):
    borders, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, borders, -1, colour, 1)


def main():
    parser = argparse.ArgumentParser(description="A contact sheet of prepared patients.")
    parser.add_argument("folder", type=Path, metavar="PREPARED")
    parser.add_argument("sheet", type=Path, metavar="SHEET.png")
    parser.add_argument("--patients", type=positive, default=24)
    given = parser.parse_args()
    tiles = [tile(read(path)) for path in prepared(given.folder)[: given.patients]]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    cv2.imwrite(str(given.sheet), np.vstack([np.hstack(tiles[first : first + COLUMNS]) for first in range(0, len(tiles), COLUMNS)]))


if __name__ == "__main__":
    main()
