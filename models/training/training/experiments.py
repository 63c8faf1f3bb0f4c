"""The rows of experiments.toml."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cli_errors import stop

FILE = Path(__file__).parents[1] / "experiments.toml"
MONAI_NETWORKS = ("attention-unet", "unet++", "nnunet")
NETWORKS = ("unet", *MONAI_NETWORKS, "public-unet", "tdl")
INPUTS = ("liver", "difference", "frame difference", "optical flow", "background subtraction")
PAPER, WORLDS = {1, 2}, {3}  # `tables` of a row
AUGMENTATIONS = ("none", "varied", "restructured")


@dataclass(frozen=True)
class Row:
    """How one network is built and trained; experiments.toml explains the fields."""

    name: str
    network: str
    inputs: tuple
    supervision: float
    width: int
    half: bool
    epochs: int
    batch: int
    rate: float
    samples: int
    augmentation: str
    ema: float = 0.0
    title: str = ""
    tables: tuple = ()
    paper: float = 0.0

    @property
    def initialised(self):
        """Whether TDL starts from weights trained under FD supervision alone (paper, section 2.2)."""
        return self.supervision > 0 and self.network != "tdl"

    @property
    def settings(self):
        """All that determines the weights, as JSON data: two runs with the same settings and seed are the same run."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if key not in ("title", "tables", "paper")
        }


def rows():
    """All rows by name. Exits with 2 and names the row and the invalid key."""
    return {name: parse(name, given) for name, given in content().items()}


def content():
    """The rows of experiments.toml with defaults filled in."""
    parsed = tomllib.loads(FILE.read_text())
    return {name: parsed["defaults"] | given for name, given in parsed["rows"].items()}


def parse(name, given):
    unknown = set(given) - {field.name for field in fields(Row)}
    if unknown:
        stop(f"experiments.toml: {name}: unknown key {sorted(unknown)[0]}")
    for key, known in (("network", NETWORKS), ("augmentation", AUGMENTATIONS)):
        if given[key] not in known:
            stop(f"experiments.toml: {name}: {key}: expected one of {', '.join(known)}, got {given[key]}")
    strange = [entry for entry in given["inputs"] if entry not in INPUTS]
    if strange:
        stop(f"experiments.toml: {name}: inputs: expected some of {', '.join(INPUTS)}, got {strange[0]}")
    if given["samples"] not in (1, 2, 3):
        stop(f"experiments.toml: {name}: samples: expected 1, 2 or 3, got {given['samples']}")
    if not 0 <= given.get("ema", 0.0) < 1:
        stop(f"experiments.toml: {name}: ema: expected a decay of at least 0 and below 1, got {given['ema']}")
    return Row(**(given | {"name": name, "inputs": tuple(given["inputs"]), "tables": tuple(given.get("tables", ()))}))


def row_of(name, **changed):
    """The row of that name, with the entries of `changed` that are not None replaced."""
    known = content()
    if name not in known:
        stop(f"unknown row {name}; experiments.toml has {', '.join(known)}")
    return parse(name, known[name] | {key: value for key, value in changed.items() if value is not None})


def from_settings(settings):
    """The row that a checkpoint was trained as; without an average if the checkpoint predates averages."""
    return Row(**(settings | {"inputs": tuple(settings["inputs"])}))
