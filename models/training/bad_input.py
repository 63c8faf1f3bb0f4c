"""Bad input is collected, a line each, so that one look mends all of it."""

from contextlib import contextmanager


class BadInput(Exception):
    """One line: the file (or folder) and what is wrong with it."""

    def __init__(self, path, problem):
        super().__init__(f"{path}: {problem}")


@contextmanager
def noted(problems):
    """Adds the BadInput of its block to `problems`, a list of lines, and goes on."""
    try:
        yield
    except BadInput as problem:
        problems.append(str(problem))
