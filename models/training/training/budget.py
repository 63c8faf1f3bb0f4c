"""The time limit of a training. The duration of an epoch is not known beforehand; it is measured on the way."""

import time

ENDING = 3.0


class Budget:
    """`seconds` of wall-clock time from now; None: no limit. `done`: the share (0..1) that a resumed training had
    already used.
    """

    def __init__(self, seconds=None, done=0.0):
        self.seconds, self.done, self.began, self.paces = seconds, done, time.monotonic(), {}

    @property
    def elapsed(self):
        return time.monotonic() - self.began

    @property
    def progress(self):
        """0..1; always 0 without a limit."""
        if self.seconds is None:
            return 0.0
        return min(1.0, self.done + (1 - self.done) * self.elapsed / max(self.seconds, 1e-3))

    def note(self, what, seconds):
        """Records how long an epoch, a validation or writing a checkpoint took."""
        self.paces.setdefault(what, []).append(seconds)

    @property
    def another_fits(self):
        """Whether one more epoch, its validation and its checkpoint fit, each as slow as the slowest so far. The
        first epoch of a process includes warm-up and is ignored once there are others. A twentieth of the time, at
        most 3 seconds, is reserved for the curves.
        """
        if self.seconds is None:
            return True
        slowest = {what: max(paces[1:] or paces) for what, paces in self.paces.items()}
        slowest.setdefault("validation", slowest.get("epoch", 0.0))
        writing = slowest.get("checkpoint", 0.0)  # again, for the epoch that has just ended
        return self.elapsed + sum(slowest.values()) + writing <= self.seconds - min(ENDING, 0.05 * self.seconds)
