"""Tiny prepared patients for the tests: noise with a bright liver and a tumour that darkens from frame to frame."""

import numpy as np
import pytest
import torch


def write_patient(path, seed):
    generator = np.random.default_rng(seed)
    row, column = np.mgrid[:256, :256]
    liver = (row - 100) ** 2 + (column - 100) ** 2 < 80**2
    x, y = generator.integers(70, 130, 2)
    tumour = (row - y) ** 2 + (column - x) ** 2 < 20**2
    frames = generator.normal(150, 4, (12, 256, 256)) + 20 * liver
    frames -= np.linspace(0, 60, 12)[:, None, None] * tumour
    np.savez_compressed(
        path,
        frames=frames.clip(0, 255).astype(np.uint8),
        tumour=np.stack([tumour] * 3).astype(np.uint8),
        liver=np.stack([liver] * 3).astype(np.uint8),
        lesions=tumour.astype(np.uint8),
        diameters=np.float32([120]),
        poor=np.int8([seed % 2]),
        key=np.int64(15),
    )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("prepared")
    for seed in range(3):
        write_patient(folder / f"patient-{seed}.npz", seed)
    return folder
