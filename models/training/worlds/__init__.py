"""Simulators of hepatic runs that know nothing of each other."""

from pathlib import Path

WORLDS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))
