"""A data set (videos with Labelme annotations, see README.md) or rendered patients -> one .npz each for train.py.

    python prepare.py DATASET_OR_RENDERED OUT [--key rule|annotated] [--no-successors] [--invert] [--allow-empty]

Per patient: frames uint8 [12,256,256], the acquisitions k-9..k+2 around the key frame k; tumour and liver uint8
[3,256,256], 0 and 1, of k, k+1 and k+2; lesions uint8 [256,256] of k, 0 outside and n + 1 on the n-th tumour; diameters
float32 [n] in pixels of the video; poor int8 [n], 1 hypovascular, 0 hypervascular, -1 unknown; key, the index of k.
Exits with 2 on bad input, one line per problem on stderr, and with 1 when it fails; then nothing is written.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from tqdm import tqdm

from data.bad_input import BadInput, noted
from data.dataset import read_patients
from data.rendered import read_rendered, rendered_patients
from data.video import NoFfmpeg, find_ffmpeg, read_video

WINDOW = 15
STACK = 10
SUCCESSORS = 2


def key_frame(frames):
    """Of the last 15 acquisitions the one with the least differences to both neighbours, the first on ties (paper,
    section 2.1).

    frames: uint8 [n,256,256], at least 3. Raises ValueError when a picture repeats the one before, since repeats are
    not acquisitions.
    """
    first = max(0, len(frames) - WINDOW)
    differences = np.abs(np.diff(frames[first:].astype(np.int32), axis=0)).sum((1, 2))
    if differences.min() == 0:
        repeat = first + 1 + int(np.argmin(differences))
        raise ValueError(f"expected one frame per acquisition, got the same picture as {repeat - 1} and {repeat}")
    return first + 1 + int(np.argmin(differences[:-1] + differences[1:]))


def assemble(frames, key, masks):
    """Frames, tumour and liver of a patient, from all frames [n,256,256] and the (tumour, liver) masks by
    acquisition.

    The run is padded with copies of its first and last acquisitions. A successor without masks is replaced by the key
    frame, image and masks.
    """
    before = [max(0, n) for n in range(key - STACK + 1, key)]
    after = [min(n, len(frames) - 1) for n in range(key + 1, key + SUCCESSORS + 1)]
    shown = [n if n in masks else key for n in (key, *after)]
    tumour, liver = (np.stack([masks[n][part] for n in shown]) for part in (0, 1))
    return {"frames": frames[before + shown], "tumour": tumour, "liver": liver, "key": key}


def prepare_annotated(patient, given):
    """The arrays of a patient of a data set. Raises BadInput, NoFfmpeg."""
    frames, size = read_video(patient.video, given.invert)
    if len(frames) < STACK:
        raise BadInput(patient.video, f"expected at least {STACK} acquisitions, got {len(frames)}")
    for annotation in patient.annotations.values():
        if annotation.size != size:
            width, height = annotation.size
            raise BadInput(annotation.path, f"the picture is {width} x {height}, the video {size[0]} x {size[1]}")
        if annotation.acquisition >= len(frames):
            raise BadInput(annotation.path, f"annotates acquisition {annotation.acquisition}; the video's last is {len(frames) - 1}")
    key = chosen_key(patient, frames, given.key)
    last = key + SUCCESSORS if given.successors else key
    masks = {n: annotation.masks() for n, annotation in patient.annotations.items() if key <= n <= last}
    shown = patient.annotations[key]
    tumours = {"lesions": shown.lesions(), "diameters": shown.diameters(), "poor": np.array(shown.blood, np.int8)}
    return assemble(frames, key, masks) | tumours


def chosen_key(patient, frames, by):
    """The key frame, which must be annotated. Raises BadInput."""
    annotated = sorted(patient.annotations)
    if by == "annotated" and annotated:
        return annotated[0]
    try:
        key = key_frame(frames)
    except ValueError as problem:
        raise BadInput(patient.video, problem) from None
    if key not in annotated:
        found = f"{', '.join(map(str, annotated))} (--key annotated takes the first)" if annotated else "none"
        raise BadInput(patient.video.parent, f"the key frame is acquisition {key}, annotated: {found}")
    return key


def prepare_rendered(path, given):
    """The arrays of a rendered patient. Raises BadInput."""
    return prepare_run(*read_rendered(path), SUCCESSORS if given.successors else 0)


def prepare_run(frames, lesions, liver, tumours, successors=SUCCESSORS):
    """The arrays of a simulated run, of which every acquisition has its truth; key frame by the paper's rule."""
    key = key_frame(frames)
    masks = {n: ((lesions[n] > 0).astype(np.uint8), liver[n]) for n in range(key, min(key + successors + 1, len(frames)))}
    return assemble(frames, key, masks) | {"lesions": lesions[key]} | tumours


def darkening(patient):
    """How strongly a patient's liver darkens up to the key frame; negative: it brightens. Cubed, so that vessels
    count and noise does not.
    """
    change = patient["frames"][0].astype(int) - patient["frames"][STACK - 1]
    return float((change[patient["liver"][0] > 0] ** 3).sum())


def write_all(jobs, out, problems):
    """Prepares every patient, (name, function) each, and moves them into `out` together. Returns the blood supply of
    all tumours, int8 [n], and the sum of the livers' darkening; or None, and moves nothing, when there were
    problems.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    poor, darker = [], 0.0
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as part:
        for name, prepared in tqdm(jobs, unit="patient", disable=None):
            with noted(problems):
                patient = prepared()
                poor.append(patient["poor"])
                darker += darkening(patient)
                np.savez_compressed(Path(part) / f"{name}.npz", **patient)
        if problems:
            return None
        out.mkdir(exist_ok=True)
        for name, _ in jobs:
            (Path(part) / f"{name}.npz").replace(out / f"{name}.npz")
    return np.concatenate(poor), darker


def arguments():
    parser = argparse.ArgumentParser(description="Labelme annotations and videos, or rendered phantom patients, to one .npz per patient.")
    parser.add_argument("source", metavar="DATASET_OR_RENDERED", type=Path)
    parser.add_argument("out", metavar="OUT", type=Path)
    parser.add_argument(
        "--key", choices=["rule", "annotated"], default="rule", help="the key frame by the paper's rule, or the first annotated"
    )
    parser.add_argument("--no-successors", dest="successors", action="store_false", help="keep the key frame's annotation only")
    parser.add_argument("--invert", action="store_true", help="for videos with bright vessels")
    parser.add_argument("--allow-empty", action="store_true", help="let patients without tumour pass")
    return parser.parse_args()


def run(given, problems):
    source, out = given.source.resolve(), given.out.resolve()
    if not source.is_dir():
        raise BadInput(given.source, "expected a folder with a data set")
    if out.exists() and not out.is_dir():
        raise BadInput(given.out, "expected a folder, got a file")
    if out.is_relative_to(source):
        raise BadInput(given.out, f"expected a folder outside the data set {given.source}")
    rendered = rendered_patients(given.source)
    if rendered:
        jobs = [(path.stem, lambda path=path: prepare_rendered(path, given)) for path in rendered]
    else:
        find_ffmpeg()
        patients = read_patients(given.source, problems, given.allow_empty)
        jobs = [(patient.name, lambda patient=patient: prepare_annotated(patient, given)) for patient in patients]
    # Videos take a while, so annotations are checked first.
    written = None if problems else write_all(jobs, given.out, problems)
    if written is not None:
        poor, darker = written
        beside = "; others were there before" if len(list(given.out.glob("*.npz"))) > len(jobs) else ""
        print(f"{given.out}: {len(jobs)} patients, {len(poor)} tumours, {(poor == 1).sum()} of them poor in blood{beside}")
        if darker < 0:
            print(f"{given.source}: the livers brighten with contrast; are its vessels bright? (--invert)", file=sys.stderr)


def main():
    problems = []
    try:
        with noted(problems):
            run(arguments(), problems)
    except (NoFfmpeg, OSError) as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
