"""Errors as one line on stderr, then exit code 2 (usage, settings, input) or 1 (failed while working)."""

import argparse
import sys


def stop(message, code=2):
    print(message, file=sys.stderr)
    sys.exit(code)


def positive(text):
    """For argparse: an integer of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text}")
    return int(text)


def two_or_more(text):
    """For argparse: an integer of at least 2."""
    if positive(text) < 2:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 2, got {text}")
    return int(text)


def positives(text):
    """For argparse: such numbers, separated by commas."""
    return [positive(part) for part in text.split(",")]


def positive_number(text):
    """For argparse: a number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text}")
    return value


def fraction(text):
    """For argparse: a number between 0 and 1, exclusive."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"expected a number between 0 and 1, got {text}")
    return value
