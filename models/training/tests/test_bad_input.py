"""What prepare.py says of bad input: the file and the problem on one line, exit code 2, nothing written."""

import numpy as np
import pytest

from data.video import find_ffmpeg
from tests.fixtures import KEY, LIVER, TUMOUR, annotate, encode, patient, recording, run, run_of  # noqa: F401

FIRST = f"acquisition-{KEY:02}.json"


def shapes(*wrong):
    return lambda folder: annotate(folder, KEY, [LIVER, *wrong])


def tumour(**changes):
    return shapes(TUMOUR | changes)


def replaced_video(pictures):
    def change(folder):
        (folder / "run.mkv").unlink()
        encode(folder / "run.mkv", pictures)

    return change


def written(name, text):
    return lambda folder: (folder / name).write_text(text)


def two_videos(folder):
    (folder / "run.mkv").rename(folder / "b.mkv")
    (folder / "a.MP4").touch()


CASES = [
    (
        "annotation without its picture",
        lambda f: (f / "acquisition-07.png").unlink(),
        FIRST,
        "expected its picture acquisition-07.png, found none",
    ),
    (
        "annotation that names no picture",
        lambda f: annotate(f, KEY, imagePath=""),
        FIRST,
        "expected a picture inside (imageData) or beside it (imagePath), found none",
    ),
    ("unreadable picture", written("acquisition-07.png", "no PNG"), FIRST, "the picture acquisition-07.png cannot be read"),
    ("unreadable picture inside", lambda f: annotate(f, KEY, imageData="bm8gUE5H"), FIRST, "the picture inside (imageData) cannot be read"),
    (
        "picture of another size",
        lambda f: annotate(f, KEY, picture=np.zeros((300, 310), np.uint8)),
        FIRST,
        "the picture is 310 x 300, the video 300 x 280",
    ),
    (
        "polygon outside",
        tumour(points=[[100, 100], [301.2, 100], [100, 150]]),
        FIRST,
        "shape 2 (tumour): reaches (301.2, 100.0), outside the picture of 300 x 280",
    ),
    (
        "polygon above",
        tumour(points=[[100, -1.5], [200, 100], [100, 150]]),
        FIRST,
        "shape 2 (tumour): reaches (100.0, -1.5), outside the picture of 300 x 280",
    ),
    ("two points", tumour(points=[[100, 100], [200, 100]]), FIRST, "shape 2 (tumour): expected a polygon of at least 3 points, got 2"),
    ("circle of three points", tumour(shape_type="circle"), FIRST, "shape 2 (tumour): expected a circle of 2 points, got 4"),
    ("a line", tumour(shape_type="line"), FIRST, "shape 2 (tumour): expected a polygon, rectangle or circle, got line"),
    ("points without numbers", tumour(points=[[1, None], [2, 3], [3, 5]]), FIRST, "shape 2 (tumour): expected points of two numbers each"),
    ("no points", tumour(points=None), FIRST, "shape 2 (tumour): expected points of two numbers each"),
    ("unknown label", tumour(label="lesion"), FIRST, "shape 2 (lesion): expected a label of tumour, tumor, HCC, liver"),
    ("flag without meaning", tumour(flags={"poor": "yes"}), FIRST, "shape 2 (tumour): expected the flag poor to be true or false, got yes"),
    ("tumour without area", tumour(points=[[100, 100], [200, 200], [150, 150]]), FIRST, "shape 2 (tumour): encloses no area"),
    (
        "liver without area",
        lambda f: annotate(f, KEY, [TUMOUR, LIVER | {"points": [[9, 9]] * 3}]),
        FIRST,
        "shape 2 (liver): encloses no area",
    ),
    ("no liver", lambda f: annotate(f, KEY, [TUMOUR]), FIRST, "expected the liver's outline (label liver), found none"),
    ("no tumour", shapes(), FIRST, "expected a tumour, found none (--allow-empty lets patients without tumour pass)"),
    ("too many tumours", shapes(*[TUMOUR] * 256), FIRST, "expected at most 255 tumours, got 256"),
    ("another kind of JSON", written(FIRST, "[]"), FIRST, "expected an annotation by Labelme (an object with shapes)"),
    (
        "name without number",
        lambda f: (f / FIRST).rename(f / "key.json"),
        "key.json",
        "expected the number of the acquisition in the file's name (acquisition-14.json)",
    ),
    (
        "number twice",
        lambda f: (f / "acquisition-7.json").write_bytes((f / FIRST).read_bytes()),
        "acquisition-7.json",
        "annotates acquisition 7, as acquisition-07.json does",
    ),
    ("acquisition beyond the video", lambda f: annotate(f, 14), "acquisition-14.json", "annotates acquisition 14; the video's last is 13"),
    ("short video", replaced_video(run_of(9)), "run.mkv", "expected at least 10 acquisitions, got 9"),
    ("long video", replaced_video(np.zeros((201, 16, 16), np.uint8)), "run.mkv", "expected one frame per acquisition, got more than 200"),
    (
        "repeated acquisition",
        replaced_video(run_of()[[*range(12), 11, 13]]),
        "run.mkv",
        "expected one frame per acquisition, got the same picture as 11 and 12",
    ),
    ("no video", lambda f: (f / "run.mkv").unlink(), "", "expected run.mkv, or one .mkv, .mp4, .avi, .mov; found none"),
    ("two videos", two_videos, "", "expected run.mkv, or one .mkv, .mp4, .avi, .mov; found a.MP4, b.mkv"),
    (
        "no annotations",
        lambda f: [path.unlink() for path in f.glob("*.json")],
        "",
        "the key frame is acquisition 7, annotated: none",
    ),
]


@pytest.mark.parametrize("change, where, problem", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_names_file_and_problem(patient, run, change, where, problem):
    change(patient)
    assert run() == (2, [f"{patient / where}: {problem}"], {})


@pytest.mark.parametrize("name, text, begin", [(FIRST, "{", "expected JSON: "), ("run.mkv", "no video", "cannot be decoded: ")])
def test_names_what_cannot_be_read(patient, run, name, text, begin):
    (patient / name).write_text(text)
    code, (line,), found = run()
    assert (code, found) == (2, {})
    assert line.startswith(f"{patient / name}: {begin}")


def test_lists_all_problems_of_all_patients_and_writes_none(patient, run, recording):
    berta = patient.parent / "berta"
    berta.mkdir()
    annotate(berta, KEY, [TUMOUR | {"label": "a"}, LIVER | {"label": "b"}])
    annotate(patient, KEY, [TUMOUR])
    code, lines, found = run()
    assert (code, found) == (2, {})
    assert [line.split(": ")[0].replace(str(patient.parent), "") for line in lines] == ["/anna/" + FIRST, "/berta"]
    (berta / "run.mkv").write_bytes(recording.read_bytes())
    assert len(run()[1]) == 3


def test_keeps_what_was_there_when_a_later_patient_fails(patient, run, tmp_path):
    assert run()[0] == 0
    before = (tmp_path / "out" / "anna.npz").read_bytes()
    berta = patient.parent / "berta"
    berta.mkdir()
    annotate(berta, KEY)
    (berta / "run.mkv").write_bytes((patient / "run.mkv").read_bytes()[:200_000])
    annotate(patient, KEY, [LIVER, TUMOUR | {"points": [[9, 9], [90, 9], [9, 90]]}])
    code, lines, _ = run()
    assert code == 2 and len(lines) == 1 and lines[0].startswith(f"{berta}/run.mkv: cannot be decoded: ")
    assert (tmp_path / "out" / "anna.npz").read_bytes() == before


def test_refuses_folders_that_are_no_data_set(tmp_path, run):
    assert run() == (2, [f"{tmp_path}/set: expected a folder with a data set"], {})
    (tmp_path / "set").mkdir()
    assert run() == (2, [f"{tmp_path}/set: expected a folder for each patient, found none"], {})


def test_writes_over_no_file(patient, run, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert run(out=taken) == (2, [f"{taken}: expected a folder, got a file"], {})
    assert taken.read_text() == "mine"


def test_writes_nothing_into_the_data_set(patient, run):
    inside = patient.parent / "out"
    assert run(out=inside) == (2, [f"{inside}: expected a folder outside the data set {patient.parent}"], {})


@pytest.mark.parametrize(
    "wanted, line",
    [
        ("/nowhere/ffmpeg", 'FFMPEG_PATH: expected an ffmpeg, got "/nowhere/ffmpeg"'),
        ("", "ffmpeg: found none; install it or set FFMPEG_PATH"),
    ],
)
def test_says_when_ffmpeg_is_missing(patient, run, monkeypatch, wanted, line):
    find_ffmpeg.cache_clear()
    monkeypatch.setenv("FFMPEG_PATH", wanted)
    monkeypatch.setenv("PATH", "/nowhere")
    assert run() == (1, [line], {})
    find_ffmpeg.cache_clear()
