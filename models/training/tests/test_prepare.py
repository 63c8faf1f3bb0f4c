"""What prepare.py makes of a data set."""

import base64
import io
import json
import zlib

import numpy as np
import pytest
from PIL import Image

import prepare
from data.analysis_grid import filled, to_analysis_image
from prepare import key_frame
from tests.fixtures import HEIGHT, KEY, LENGTH, LIVER, TUMOUR, WIDTH, annotate, encode, patient, recording, run, run_of  # noqa: F401


def test_keeps_nine_acquisitions_before_the_key_frame_and_two_after(patient, run):
    code, _, written = run()
    assert code == 0
    images = np.stack([to_analysis_image(picture) for picture in run_of()])
    kept = written["anna"]
    assert kept["key"] == KEY
    assert (kept["frames"] == images[[0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]).all()
    assert kept["tumour"].shape == kept["liver"].shape == (3, 256, 256)
    # 100 x 50 of 300 x 280 pixels are so much of 256 x 256, up to a row and a column.
    assert abs(int(kept["tumour"][0].sum()) - 100 * 50 * 256**2 / (300 * 280)) < 130
    assert (kept["lesions"] == kept["tumour"][0]).all()
    assert kept["poor"].tolist() == [1]
    assert kept["diameters"] == pytest.approx([np.sqrt(4 * 5000 / np.pi)])


def test_numbers_tumours_and_tells_their_blood_supply(patient, run):
    circle = {"label": "HCC", "shape_type": "circle", "points": [[60, 200], [60, 230]], "flags": {"poor": False}}
    rectangle = {"label": "tumor", "shape_type": "rectangle", "points": [[250, 250], [230, 220]]}
    annotate(patient, KEY, [TUMOUR, LIVER, circle, rectangle])
    _, _, written = run()
    kept = written["anna"]
    assert kept["poor"].tolist() == [1, 0, -1]
    assert kept["diameters"] == pytest.approx([79.788, 60, 27.64], abs=0.01)
    assert sorted(np.unique(kept["lesions"])) == [0, 1, 2, 3]
    assert kept["lesions"][int(200 * 256 / 280), int(60 * 256 / 300)] == 2


def test_shows_the_key_frame_again_where_a_successor_is_not_annotated(patient, run):
    (patient / "acquisition-08.json").unlink()
    annotate(patient, KEY + 2, [LIVER, TUMOUR | {"points": [[50, 50], [90, 50], [90, 90]]}])
    _, _, written = run()
    frames, tumour = written["anna"]["frames"], written["anna"]["tumour"]
    assert (frames[10] == frames[9]).all() and (tumour[1] == tumour[0]).all()
    assert (frames[11] != frames[9]).any() and (tumour[2] != tumour[0]).any()


def test_leaves_the_successors_out_when_told(patient, run):
    _, _, written = run("--no-successors")
    assert all((written["anna"]["frames"][n] == written["anna"]["frames"][9]).all() for n in (10, 11))


def test_takes_the_first_annotated_acquisition_when_told(patient, run):
    for n in (KEY, KEY + 1):
        (patient / f"acquisition-{n:02}.json").unlink()
    code, lines, written = run()
    assert (code, written) == (2, {})
    assert lines == [f"{patient}: the key frame is acquisition 7, annotated: 9 (--key annotated takes the first)"]
    assert run("--key", "annotated")[2]["anna"]["key"] == 9


def test_takes_the_negative_when_told(patient, run):
    plain = run()[2]["anna"]["frames"].astype(int)
    assert abs(255 - plain - run("--invert")[2]["anna"]["frames"]).max() <= 1


def test_asks_whether_vessels_are_bright(patient, run):
    pictures = run_of()
    pictures[3:, 100:150, 100:200] //= 2
    (patient / "run.mkv").unlink()
    encode(patient / "run.mkv", pictures)
    assert run()[:2] == (0, [])
    wondering = f"{patient.parent}: the livers brighten with contrast; are its vessels bright? (--invert)"
    assert run("--invert")[:2] == (0, [wondering])


def test_counts_what_it_wrote_and_what_was_there(patient, tmp_path, monkeypatch, capsys):
    for name, words in (("anna", ""), ("berta", "; others were there before")):
        patient = patient.rename(patient.parent / name)
        monkeypatch.setattr("sys.argv", ["prepare.py", str(patient.parent), str(tmp_path / "out")])
        prepare.main()
        assert capsys.readouterr().out == f"{tmp_path}/out: 1 patients, 1 tumours, 1 of them poor in blood{words}\n"


def test_takes_run_mkv_where_there_are_other_videos(patient, run):
    (patient / "again.mp4").touch()
    assert run()[0] == 0


def test_lets_a_patient_without_tumour_pass_when_told(patient, run):
    for n in (KEY, KEY + 1, KEY + 2):
        annotate(patient, n, [LIVER])
    assert run("--allow-empty")[2]["anna"]["diameters"].shape == (0,)


def test_reads_a_picture_inside_the_annotation_and_moves_a_slip_of_the_hand_back(patient, run):
    inside = io.BytesIO()
    Image.fromarray(np.zeros((HEIGHT, WIDTH), np.uint8)).save(inside, "PNG")
    slip = LIVER | {"points": [[-0.9, -0.4], [300.8, 0], [300.8, 280.9], [0, 280]]}
    annotate(patient, KEY, [slip, TUMOUR], imagePath="gone.png", imageData=base64.b64encode(inside.getvalue()).decode())
    assert run()[2]["anna"]["liver"][0].all()


def test_reads_rendered_patients(tmp_path, run):
    source = tmp_path / "set"
    source.mkdir()
    frames = np.stack([to_analysis_image(picture) for picture in run_of()])
    labels = np.zeros_like(frames)
    labels[:, 50:200, 50:200] = 16
    labels[:, 100:110, 100:110] = 16 | 2
    labels[:, 100:110, 40:60] |= 1
    tumours = [{"centre": [0, 0], "diameter": 30.5, "poor": True}, {"centre": [0, 0], "diameter": 12, "poor": False}]
    (source / "7.json").write_text(json.dumps({"seed": 7, "acquisitions": LENGTH, "tumours": tumours}))
    for kind, bytes_ in (("frames", frames), ("labels", labels)):
        (source / f"7.{kind}.z").write_bytes(zlib.compress(bytes_.tobytes()))
    code, _, written = run()
    kept = written["7"]
    assert (code, int(kept["key"])) == (0, KEY)
    assert (kept["frames"][9:] == frames[KEY : KEY + 3]).all()
    assert np.unique(kept["lesions"], return_counts=True)[1].tolist() == [65536 - 300, 200, 100]
    assert kept["tumour"].sum((1, 2)).tolist() == [300] * 3 and kept["liver"].sum((1, 2)).tolist() == [22500] * 3
    assert kept["diameters"].tolist() == [30.5, 12] and kept["poor"].tolist() == [1, 0]
    (source / "7.labels.z").write_bytes(zlib.compress((labels & 3).tobytes()))
    assert run()[:2] == (2, [f"{source}/7.json: shows no liver; render it again with this version's write-stacks.node.js"])


def test_averages_equal_cells_of_the_picture():
    random = np.random.default_rng(1)
    for height, width in ((256, 256), (512, 768), (260, 1021), (100, 300)):
        picture = random.integers(0, 256, (height, width)).astype(np.uint8)
        exact = picture.repeat(256, 0).reshape(256, height, width).mean(1).repeat(256, 1).reshape(256, 256, width).mean(2)
        assert abs(to_analysis_image(picture) - exact).max() <= 0.5 + 1e-3


def test_fills_the_cells_whose_centre_lies_inside():
    expected = np.zeros((256, 256), bool)
    expected[64:192, 128:] = True
    assert (filled([[512, 128], [2000, 128], [2000, 384], [512, 384]], 1024, 512) == expected).all()


def test_takes_the_first_of_equally_still_acquisitions_among_the_last_15():
    frames = np.zeros((20, 256, 256), np.uint8)
    frames[::2] = 40
    assert key_frame(frames) == 6
    frames[12] = 20
    assert key_frame(frames) == 12
