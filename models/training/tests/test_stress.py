import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest
import torch

from data.patients import Patients
from evaluation.stress import FACTORS, stressed
from export import write_bundle
from networks.ltdnet import DsaLtdNet
from training.experiments import row_of

ABOUT = {"version": "1", "trained_on": "noise", "threshold": 0.5, "liver_threshold": 0.5, "metrics": {}}
SCRIPT = Path(__file__).parent.parent / "evaluate.py"


@pytest.mark.parametrize("factor", FACTORS)
def test_a_factor_changes_pictures_the_same_way_each_time_and_leaves_the_patients_alone(prepared, factor):
    patients = Patients(prepared)
    before = patients.frames.clone()
    changed, again = stressed(patients, factor), stressed(patients, factor)
    assert torch.equal(patients.frames, before)
    assert torch.equal(changed.frames, again.frames)
    assert torch.equal(changed.frames, before) == (factor == "as they are")
    assert torch.equal(changed.frames[:, 10:], before[:, 10:]), "what comes after the key frame is not looked at"
    same_label = torch.equal(changed.tumour, patients.tumour)
    assert same_label or factor == "more tumours"


def test_evaluate_prints_a_row_for_each_factor_by_the_thresholds_of_the_bundle(prepared, tmp_path):
    write_bundle(DsaLtdNet(row_of("bundle", width=2)).eval(), tmp_path, ABOUT | {"lesion_threshold": 0.999}, Patients(prepared))
    (tmp_path / "one").mkdir()
    copy(prepared / "patient-0.npz", tmp_path / "one")
    done = subprocess.run(
        [sys.executable, SCRIPT, "--bundle", tmp_path, "--data", tmp_path / "one", "--stress"], capture_output=True, text=True, check=True
    )
    assert [line[:32].strip() for line in done.stdout.splitlines()] == ["patients changed in", *FACTORS]
    assert {line.split()[-2] for line in done.stdout.splitlines()[1:]} == {"0.000"}, "no lesion is as likely as the bundle wants one to be"
