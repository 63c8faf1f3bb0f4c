import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evaluation.report import report
from tables import Queue, arguments, training_jobs, world_jobs


def evaluated(out, name, seed, dice, left_out=""):
    at = out / name / left_out / f"seed-{seed}"
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
    assert ours[5:7] == ["+2.93", "+15.00 (15.0 to 15.0) |"]
    assert "Missing: attention-unet" in text
    assert "Fewer seeds: dsa-ltdnet (1 of 2 seeds)" in text
    assert "| method | below 25 px (n = 4) |" in text and "| DSA-LTDNet | 25.0 (50) |" in text


def test_every_line_of_a_table_has_as_many_cells_as_its_head(tmp_path):
    evaluated(tmp_path, "unet", 1, [0.6, 0.7, 0.8])
    evaluated(tmp_path, "kf+of", 1, [0.6, 0.7, 0.8])
    lines = [line for line in report(tmp_path).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {8, 10, 3}


def test_the_table_of_worlds_left_out_averages_over_patients_then_over_worlds(tmp_path):
    evaluated(tmp_path, "bundle", 1, [0.2, 0.4], "without-a")
    evaluated(tmp_path, "bundle", 2, [0.4, 0.6], "without-a")
    evaluated(tmp_path, "bundle", 1, [0.5, 0.7, 0.9], "without-b")
    evaluated(tmp_path, "bundle-style", 1, [0.1, 0.3], "without-a")
    text = report(tmp_path)
    assert "| method | a (recall, PPV) | b (recall, PPV) | mean |" in text
    assert row_starting(text, "| the bundle |")[1:] == ["40.00 (30.0 to 50.0; 50.00, 50.00)", "70.00 (50.0 to 90.0; 50.00, 50.00)", "55.00 |"]
    assert row_starting(text, "| the bundle, style")[2:] == ["–", "– |"]
    assert "Table 1" not in text


def test_each_world_is_left_out_of_training_and_of_the_choice_of_the_threshold(prepared, tmp_path):
    for world in "abc":
        for part in ("train", "validate", "test"):
            (tmp_path / "worlds" / world).mkdir(parents=True, exist_ok=True)
            (tmp_path / "worlds" / world / part).symlink_to(prepared)
    where = ["--worlds", tmp_path / "worlds", "--out", tmp_path / "out", "--minutes", "1"]
    given = arguments(list(map(str, ["worlds", "--rows", "bundle-plain", "--epochs", "1", *where])))
    jobs = world_jobs(given)
    assert [Path(job["name"]).parent.name for job in jobs] == ["without-a", "without-b", "without-c"]
    for world, job in zip("abc", jobs):
        training, evaluation = (" ".join(command) for command in job["commands"])
        assert f"/{world}/" not in training.replace(str(tmp_path), "")
        assert evaluation.count(f"worlds/{world}/") == 1 and f"--data {tmp_path}/worlds/{world}/test" in evaluation
    assert Queue(jobs[:1], workers=1).run() == []
    assert "| the bundle, nothing varied |" in report(tmp_path / "out")
    assert [len(job["commands"]) for job in world_jobs(given)] == [0, 2, 2]


def test_one_world_cannot_be_left_out(tmp_path, capsys):
    (tmp_path / "a" / "train").mkdir(parents=True)
    with pytest.raises(SystemExit) as stopped:
        world_jobs(arguments(["worlds", "--worlds", str(tmp_path), "--out", str(tmp_path / "out")]))
    assert stopped.value.code == 2 and "expected the folders of two worlds or more" in capsys.readouterr().err


def test_nothing_evaluated_is_said(tmp_path):
    assert report(tmp_path).startswith("Nothing evaluated yet")


def test_a_queue_trains_and_evaluates_in_order_and_skips_what_is_finished(prepared, tmp_path, capsys):
    where = ["--train", prepared, "--validate", prepared, "--test", prepared, "--out", tmp_path]
    command = ["train", "--rows", "ffs+tdl", "--seeds", "7", "--epochs", "1", "--tdl-epochs", "1", *where]
    given = arguments(list(map(str, command)))
    assert [Path(job["name"]).parent.name for job in training_jobs(given)] == ["tdl", "ffs+tdl"]
    assert Queue(training_jobs(given), workers=2).run() == []
    assert "| FFS + TDL |" in report(tmp_path)
    assert [job["commands"] for job in training_jobs(given)] == [[], []]
    with pytest.raises(SystemExit) as stopped:
        training_jobs(arguments([*map(str, command), "--epochs", "2"]))
    assert stopped.value.code == 2 and "begun with epochs 1, not 2" in capsys.readouterr().err


def test_a_job_that_fails_takes_those_after_it_along(tmp_path):
    fails, begun = ["-c", "raise SystemExit(1)"], tmp_path / "begun"
    jobs = [{"name": "a", "log": tmp_path / "a.txt", "after": None, "commands": [fails]}]
    jobs += [{"name": "b", "log": tmp_path / "b.txt", "after": "a", "commands": [["-c", f"open({str(begun)!r}, 'w')"]]}]
    assert Queue(jobs, workers=2).run() == ["a", "b"]
    assert not begun.exists()


def test_a_signal_ends_the_trainings_too(tmp_path):
    script = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r}); import signal, pathlib; from tables import Queue\n"
    script += f"job = dict(name='a', log=pathlib.Path({str(tmp_path)!r}) / 'a.txt', after=None)\n"
    script += "job['commands'] = [['-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)']]\n"
    script += "queue = Queue([job], 1); signal.signal(signal.SIGTERM, queue.end); queue.run()"
    process = subprocess.Popen([sys.executable, "-c", script])
    log = tmp_path / "a.txt"
    while not (log.exists() and log.read_text().strip()):
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    assert process.wait(timeout=20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.read_text()), 0)
