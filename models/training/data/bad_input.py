"""Input errors are collected, one line each, so that all of them can be fixed at once."""

from contextlib import contextmanager


class BadInput(Exception):
    """One line: the file or folder and what is wrong with it."""

    def __init__(self, path, problem):
        super().__init__(f"{path}: {problem}")


@contextmanager
def noted(problems):
    """Adds the block's BadInput to `problems`, a list of lines, and continues."""
    try:
        yield
    except BadInput as problem:
        problems.append(str(problem))
