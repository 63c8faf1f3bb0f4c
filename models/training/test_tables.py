import json
import subprocess
import sys
from pathlib import Path

from report import report

TABLES = Path(__file__).with_name("tables.py")


def evaluated(out, name, seed, dice):
    at = out / name / f"seed-{seed}"
    at.mkdir(parents=True)
    mean = sum(dice) / len(dice)
    lesions = [{"by": "size", "name": "below 25 px", "lesions": 4, "dice": 0.25, "found": 0.5}]
    summary = {
        "row": name,
        "seed": seed,
        "epoch": 60,
        "weights": 838497,
        "secondsPerEpoch": 21.0,
        "validationPatients": 5,
        "patients": len(dice),
    }
    summary |= {"threshold": 0.4, "dice": mean, "liver": None, "bestThreshold": {"threshold": 0.5, "dice": mean + 0.01}, "lesions": lesions}
    summary |= {key: 0.5 for key in ("recall", "specificity", "ppv", "npv", "greyThresholdInTrueLiver")}
    (at / "evaluation.json").write_text(json.dumps(summary))
    (at / "patients.csv").write_text("patient,dice\n" + "".join(f"{index},{value}\n" for index, value in enumerate(dice)))


def row_starting(text, words):
    return next(line for line in text.splitlines() if line.startswith(words)).split(" | ")


def test_the_tables_say_mean_seeds_interval_and_difference(tmp_path):
    evaluated(tmp_path, "unet", 1, [0.6, 0.7, 0.8])
    evaluated(tmp_path, "unet", 2, [0.5, 0.6, 0.7])
    evaluated(tmp_path, "dsa-ltdnet", 1, [0.7, 0.8, 0.9])
    text = report(tmp_path)
    baseline, ours = row_starting(text, "| U-Net (baseline)"), row_starting(text, "| DSA-LTDNet")
    assert baseline[1:5] == ["70.75", "65.00", "55.0 to 75.0", "70.00, 60.00"]
    assert ours[1:3] == ["73.68", "80.00"]
    assert ours[5:7] == ["+2.93", "+15.00 (15.0 to 15.0)"]
    assert "Missing: attention-unet" in text
    assert "Fewer seeds: dsa-ltdnet (1 of 2 seeds)" in text
    assert "| method | below 25 px (n = 4) |" in text and "| DSA-LTDNet | 25.0 (50) |" in text


def test_every_line_of_a_table_has_as_many_cells_as_its_head(tmp_path):
    evaluated(tmp_path, "unet", 1, [0.6, 0.7, 0.8])
    evaluated(tmp_path, "kf+of", 1, [0.6, 0.7, 0.8])
    lines = [line for line in report(tmp_path).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {16, 3}


def test_nothing_evaluated_is_said(tmp_path):
    assert report(tmp_path).startswith("Nothing evaluated yet")


def test_a_queue_trains_evaluates_and_skips_what_is_finished(prepared, tmp_path):
    command = [
        sys.executable,
        TABLES,
        "train",
        "--rows",
        "unet,ffs+tdl",
        "--seeds",
        "7",
        "--epochs",
        "1",
        "--tdl-epochs",
        "1",
        "--out",
        tmp_path,
    ]
    command += ["--train", prepared, "--validate", prepared, "--test", prepared]
    first = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    assert "Table 2" in report(tmp_path)
    written = (tmp_path / "ffs+tdl" / "seed-7" / "evaluation.json").stat().st_mtime_ns
    again = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "ffs+tdl" / "seed-7" / "evaluation.json").stat().st_mtime_ns == written
    other = subprocess.run(list(map(str, [*command, "--epochs", "2"])), capture_output=True, text=True)
    assert other.returncode == 2 and "begun with epochs 1, not 2" in other.stderr
