"""A data set: a folder per patient, with one video of the run and Labelme annotations (see ../README.md)."""

from dataclasses import dataclass
from pathlib import Path

from data.annotation import read_annotation
from data.bad_input import BadInput, noted

VIDEOS = (".mkv", ".mp4", ".avi", ".mov")
# Ground truth that `angiocast phantom` writes; not an annotation.
TRUTH = "truth.json"


@dataclass
class Patient:
    """`annotations` by acquisition; the key frame is not known yet."""

    name: str
    video: Path
    annotations: dict


def read_patients(folder, problems, allow_empty=False):
    """The patients of a data set, without decoding their videos. Problems are added to `problems`, one line each."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not folders:
        raise BadInput(folder, "expected a folder for each patient, found none")
    patients = []
    for path in folders:
        with noted(problems):
            patients.append(Patient(path.name, the_video(path), read_annotations(path, problems, allow_empty)))
    return patients


def the_video(folder):
    """run.mkv, or else the only video."""
    videos = sorted(path for path in folder.iterdir() if path.suffix.lower() in VIDEOS and not path.name.startswith("."))
    videos = [video for video in videos if video.name == "run.mkv"] or videos
    if len(videos) != 1:
        found = ", ".join(video.name for video in videos) or "none"
        raise BadInput(folder, f"expected run.mkv, or one {', '.join(VIDEOS)}; found {found}")
    return videos[0]


def read_annotations(folder, problems, allow_empty):
    annotations = {}
    for path in sorted(folder.glob("[!.]*.json")):
        if path.name == TRUTH:
            continue
        annotation = read_annotation(path, problems, allow_empty)
        if annotation is None:
            continue
        other = annotations.setdefault(annotation.acquisition, annotation)
        if other is not annotation:
            problems.append(f"{path}: annotates acquisition {annotation.acquisition}, as {other.path.name} does")
    return annotations
